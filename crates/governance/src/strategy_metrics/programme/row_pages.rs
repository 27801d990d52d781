//! The rows behind a number.

use std::collections::HashMap;

use axum::response::{IntoResponse, Response};
use kernel::{Error, Permission, RecordRef, Result};
use maud::{Markup, html};
use platform::Ctx;
use platform::cards::Card;
use web::{CsvFile, Flashed, Operation, Page, PageError, Query, desk_page, ui};

use super::super::improvement::heading;
use super::data::Data;
use super::figures::{self, Measure};
use super::model::{Line, Link};

/// Rows on a page.
const ROWS: u64 = 50;

/// What stands where the case may not be shown.
const HIDDEN: &str = "A case that you cannot see";

async fn cards(tx: &mut db::Tx, ctx: &Ctx, lines: &[&Line]) -> Result<HashMap<RecordRef, Card>> {
    let references: Vec<RecordRef> = lines
        .iter()
        .filter_map(|line| match line.link {
            Some(Link::Case(case)) => Some(RecordRef::new("case", case)),
            Some(Link::Plans(_) | Link::Products(_)) | None => None,
        })
        .collect();
    ctx.platform.cards.load(tx, &ctx.actor, &references).await
}

/// The cells of a row as the actor may see them, and where it leads.
fn shown(ctx: &Ctx, line: &Line, cards: &HashMap<RecordRef, Card>) -> (Vec<String>, Option<String>) {
    let mut cells = line.cells.clone();
    let link = match &line.link {
        Some(Link::Plans(at)) => ctx.actor.may_somewhere(Permission::ReadPlans).then(|| at.clone()),
        Some(Link::Products(at)) => ctx.actor.may_somewhere(Permission::ReadProducts).then(|| at.clone()),
        Some(Link::Case(case)) => {
            let card = cards.get(&RecordRef::new("case", *case));
            if let Some(first) = cells.first_mut() {
                *first = card.map_or_else(|| HIDDEN.to_owned(), |card| card.title.clone());
            }
            card.map(|card| card.link.clone())
        }
        None => None,
    };
    (cells, link)
}

fn row(ctx: &Ctx, line: &Line, cards: &HashMap<RecordRef, Card>) -> ui::Row {
    let (cells, link) = shown(ctx, line, cards);
    let row = ui::Row::new(cells.into_iter().map(|cell| html! { (cell) }).collect());
    match link {
        Some(at) => row.link(at),
        None => row,
    }
}

/// Whether a row is in the group asked for: all of it, or its first parts (`fix` finds `fix.high.late`); a part may name
/// several words (`fix..late|overdue`).
fn fits(line: &Line, wanted: &str) -> bool {
    if wanted.is_empty() || line.key == wanted {
        return true;
    }
    let parts: Vec<&str> = line.key.split('.').collect();
    parts.len() > 1
        && wanted
            .split('.')
            .zip(&parts)
            .all(|(wanted, part)| wanted.is_empty() || wanted.split('|').any(|one| one == *part))
}

/// Sorts rows by the column that `sort` numbers, with `-` before it downwards; figures as figures.
fn sort(lines: &mut [&Line], sort: &str) {
    let (down, column) = sort.strip_prefix('-').map_or((false, sort), |column| (true, column));
    let Ok(column) = column.parse::<usize>() else { return };
    let cell = |line: &Line| line.cells.get(column).map_or_else(String::new, |cell| cell.to_lowercase());
    lines.sort_by(|one, other| {
        let (one, other) = (cell(one), cell(other));
        let order = match (one.parse::<f64>(), other.parse::<f64>()) {
            (Ok(one), Ok(other)) => one.total_cmp(&other),
            _ => one.cmp(&other),
        };
        if down { order.reverse() } else { order }
    });
}

/// `GET /desk/programme/rows`
pub(super) async fn show(Operation(ctx): Operation, query: Query, flashed: Flashed) -> Result<Response, PageError> {
    let name = if query.get("measure").is_empty() { "profiles" } else { query.get("measure") };
    let measure = figures::measure(name).ok_or(Error::NotFound { what: "measure" })?;
    let mut tx = ctx.read().await?;
    let data = Data::load(&mut tx, &ctx, &query).await?;
    let all = (measure.lines)(&data);
    let text = query.get("q").to_lowercase();
    let wanted = query.get("key");
    let mut lines: Vec<&Line> = all
        .iter()
        .filter(|line| fits(line, wanted))
        .filter(|line| text.is_empty() || line.cells.iter().any(|cell| cell.to_lowercase().contains(&text)))
        .collect();
    sort(&mut lines, query.get("sort"));
    let csv = query.get("format") == "csv";
    let page = if csv { Page::all(100_000) } else { Page::of(&query, ROWS) };
    let skip = usize::try_from(page.offset()).unwrap_or(usize::MAX);
    let size = usize::try_from(page.size).unwrap_or(usize::MAX);
    let seen: Vec<&Line> = lines.iter().skip(skip).take(size).copied().collect();
    let cards = cards(&mut tx, &ctx, &seen).await?;
    drop(tx);
    if csv {
        return Ok(export(&ctx, measure, &seen, &cards).into_response());
    }
    let mut table = ui::Table::new(measure.title);
    for (place, column) in measure.columns.iter().enumerate() {
        let column = ui::Column::new(*column);
        // The name of a case depends on who looks, so cases are sorted by everything but that.
        let named = place > 0 || !matches!(measure.columns.first(), Some(&"Case"));
        table = table.column(if named { heading(&query, column, &place.to_string(), "") } else { column });
    }
    let table = table.rows(seen.iter().map(|line| row(&ctx, line, &cards))).empty(web::empty(
        &query,
        &["measure"],
        "row",
        ui::empty_state("Nothing to count", "Nothing of this kind is recorded yet."),
    ));
    let total = u64::try_from(lines.len()).unwrap_or(0);
    let table = if total > page.size { table.foot(page.links(&query, total)) } else { table };
    let body = html! {
        (bar(&data, measure, &all, &query))
        (data.lens.notice())
        @if data.lens.past.is_some() && !measure.past.is_empty() { p class="muted small" { (measure.past) } }
        p class="muted small" { (sum_words(measure, &lines)) }
        (table)
    };
    let shell = ui::Shell::new(measure.title).crumbs(vec![
        ui::Crumb::link("Programme", data.lens.address("/desk/programme", &[])),
        ui::Crumb::here(measure.title),
    ]);
    Ok(desk_page(&ctx, "programme", flashed, shell, ui::stack(body)).into_response())
}

/// How much the rows count in all: as many as there are, or what they add up to.
fn sum_words(measure: &Measure, lines: &[&Line]) -> String {
    let plural = |count: usize| format!("{count} row{}", if count == 1 { "" } else { "s" });
    if measure.unit.is_empty() {
        return plural(lines.len());
    }
    let sum: i64 = lines.iter().map(|line| line.weight.unwrap_or(1)).sum();
    format!("{sum} {} in {}", measure.unit, plural(lines.len()))
}

fn bar(data: &Data, measure: &Measure, all: &[Line], query: &Query) -> Markup {
    let mut keys: Vec<String> = Vec::new();
    for (key, _) in measure.keys {
        keys.push((*key).to_owned());
    }
    for line in all {
        if !line.key.is_empty() && !keys.contains(&line.key) {
            keys.push(line.key.clone());
        }
    }
    let wanted = query.get("key");
    if !wanted.is_empty() && !keys.iter().any(|key| key == wanted) {
        keys.push(wanted.to_owned());
    }
    let words: Vec<(String, String)> = keys.into_iter().map(|key| (key.clone(), measure.words(data, &key))).collect();
    let choices = std::iter::once(("", "All")).chain(words.iter().map(|(key, words)| (key.as_str(), words.as_str())));
    let mut bar = data
        .lens
        .bar(ui::FilterBar::new("/desk/programme/rows").search("q", query.get("q"), "Text in a row"))
        .keep("measure", measure.name)
        .keep("sort", query.get("sort"))
        .export(query.with("format", "csv"));
    if words.len() > 1 {
        bar = bar.select("key", "Group", &ui::Choice::list(choices, wanted));
    }
    bar.markup()
}

fn export(ctx: &Ctx, measure: &Measure, lines: &[&Line], cards: &HashMap<RecordRef, Card>) -> CsvFile {
    let titles = measure.columns.iter().map(|title| title.to_lowercase().replace(' ', "_")).collect();
    let mut file = CsvFile::with_titles(&format!("{}.csv", measure.name), titles);
    for line in lines {
        file.row(shown(ctx, line, cards).0);
    }
    file
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_sorted_as_figures() {
        let line = |cell: &str| Line { cells: vec![cell.to_owned()], ..Line::default() };
        let (nine, ten) = (line("9"), line("10"));
        let mut lines = vec![&ten, &nine];
        sort(&mut lines, "0");
        assert_eq!(lines.first().unwrap().cells, ["9"]);
        sort(&mut lines, "-0");
        assert_eq!(lines.first().unwrap().cells, ["10"]);
    }

    #[test]
    fn a_group_is_found_by_its_first_parts() {
        let line = Line { key: "fix.high.late".to_owned(), ..Line::default() };
        for wanted in ["", "fix", "fix.high", "fix..late", "fix.high.late", "fix..met|late", ".high"] {
            assert!(fits(&line, wanted), "{wanted}");
        }
        for wanted in ["triage", "fix.low", "fix..met", "fix..met|overdue"] {
            assert!(!fits(&line, wanted), "{wanted}");
        }
    }
}
