//! The desk's page about subscribers.

use axum::response::Response;
use kernel::Error;
use maud::{Markup, html};
use web::ui::{self, ButtonForm, Choice, Column, FilterBar, Row, Shell, Sorted, Table, Tile, Tone, Weight};
use web::{CsvFile, Fields, Flashed, Operation, Page, PageError, Query, desk_page, moment, redirect_with};

use super::actions;
use super::model::State;
use super::store::{self, Filter};

const ROWS: u64 = 50;

fn filter_of(query: &Query) -> Filter {
    Filter {
        words: query.get("q").to_owned(),
        state: query.get("state").to_owned(),
        sort: query.get("sort").to_owned(),
        descending: query.get("order") != "up",
    }
}

pub(super) fn tone(state: State) -> Tone {
    match state {
        State::Pending => Tone::Warn,
        State::Confirmed => Tone::Good,
        State::Ended => Tone::Neutral,
    }
}

/// `GET /desk/notices`.
pub(super) async fn list(Operation(ctx): Operation, query: Query, flashed: Flashed) -> Result<Markup, PageError> {
    let filter = filter_of(&query);
    let page = Page::of(&query, ROWS);
    let mut tx = ctx.read().await?;
    let list = store::list(&mut tx, &filter, page.offset(), page.size).await?;
    let total = store::count(&mut tx, &filter).await?;
    let states = store::count_states(&mut tx).await?;
    drop(tx);
    let tiles: Vec<Tile> = State::ALL
        .into_iter()
        .map(|state| {
            let count = states.iter().find(|(known, _)| *known == state).map_or(0, |(_, count)| *count);
            Tile::new(state.label(), count).tone(tone(state)).link(query.with("state", state.as_str()))
        })
        .collect();
    let choices = std::iter::once(("", "Any")).chain(State::ALL.map(|state| (state.as_str(), state.label())));
    let bar = FilterBar::new("/desk/notices")
        .search("q", &filter.words, "Search by address")
        .select("state", "State", &Choice::list(choices, &filter.state))
        .keep("sort", &filter.sort)
        .clear("/desk/notices")
        .export(query.with("", "").replacen("/desk/notices", "/desk/notices.csv", 1));
    let sortable = |label: &str, key: &str| {
        let here = filter.sort == key || (filter.sort.is_empty() && key == "created");
        let sorted = match (here, filter.descending) {
            (false, _) => Sorted::No,
            (true, true) => Sorted::Descending,
            (true, false) => Sorted::Ascending,
        };
        let order = if sorted == Sorted::Descending { "up" } else { "" };
        Column::new(label).sortable(query.with_all(&[("sort", key), ("order", order)]), sorted)
    };
    let rows = list.iter().map(|one| {
        Row::new(vec![
            html! { (one.address) },
            ui::state(tone(one.state), one.state.label()),
            html! { (one.least.as_str()) },
            html! { (one.products) },
            html! { (one.notices) },
            moment(one.created_at),
            html! { (ButtonForm::new("Remove", "/desk/notices/remove").with("id", one.id).weight(Weight::Danger)
            .confirm(format!("Remove {} from the list? The address is forgotten.", one.address))) },
        ])
    });
    let table = Table::new("Subscribers")
        .column(sortable("Address", "address"))
        .column(Column::narrow("State"))
        .column(sortable("From severity", "severity"))
        .column(Column::new("Products"))
        .column(Column::number("Notices"))
        .column(sortable("Signed up", "created"))
        .column(Column::narrow("Actions"))
        .rows(rows)
        .empty(web::empty(
            &query,
            &[],
            "subscriber",
            ui::empty_state("Nobody here", "People sign up on the portal under Subscribe. Those who did stand here."),
        ))
        .foot(html! { span class="muted small" { (total) " subscribers" } (page.links(&query, total)) });
    let shell =
        Shell::new("Notices").subtitle("Who is told by mail when an advisory is published, revised or withdrawn");
    Ok(desk_page(&ctx, "notices", flashed, shell, html! { (ui::tiles(&tiles)) (bar) (table) }))
}

/// `GET /desk/notices.csv`.
pub(super) async fn csv(Operation(ctx): Operation, query: Query) -> Result<CsvFile, PageError> {
    let mut tx = ctx.read().await?;
    let list = store::list(&mut tx, &filter_of(&query), 0, 1_000_000).await?;
    let mut file =
        CsvFile::new("subscribers.csv", ["address", "state", "from_severity", "products", "notices", "signed_up"]);
    for one in list {
        file.row(vec![
            one.address,
            one.state.as_str().to_owned(),
            one.least.as_str().to_lowercase(),
            one.products,
            one.notices.to_string(),
            one.created_at.rfc3339(),
        ]);
    }
    Ok(file)
}

/// `POST /desk/notices/remove`.
pub(super) async fn remove(Operation(ctx): Operation, fields: Fields) -> Result<Response, PageError> {
    let id = fields.get("id").parse().map_err(|_| Error::NotFound { what: "subscriber" })?;
    actions::remove(&ctx, id).await?;
    Ok(redirect_with("/desk/notices", "Removed. The address is forgotten."))
}
