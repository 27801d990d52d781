//! The panels of the dashboard: a chart, the numbers beside it, and a link from each number to its rows.

use maud::{Markup, html};
use web::ui::{self, Paint, Series, Severity, Tone};

use super::super::improvement::{practice_title, rules as improvement};
use super::super::lens;
use super::data::Data;
use super::figures::{self, Measure};
use super::model::{FindingCount, Line, ScoreRow};
use super::rules;

/// Where the rows behind numbers are.
const ROWS: &str = "/desk/programme/rows";
/// How many quarters are looked back.
const QUARTERS: u8 = 8;
/// Severities, the worst first, with the rank that findings are stored with.
const SEVERITIES: [(&str, i64); 5] = [("critical", 4), ("high", 3), ("medium", 2), ("low", 1), ("info", 0)];

fn number(count: usize) -> f64 {
    f64::from(u32::try_from(count).unwrap_or(u32::MAX))
}

fn rows_at(data: &Data, measure: &str, key: &str) -> String {
    data.lens.address(ROWS, &[("measure", measure), ("key", key)])
}

/// The list of the findings that are counted, as the lens sees them.
fn findings_at(data: &Data, filter: &[(&str, &str)]) -> String {
    data.lens.address("/desk/findings", filter)
}

/// What is to be known about a past day.
fn past(data: &Data, measure: Option<&Measure>) -> Markup {
    let words = measure.map_or("", |measure| measure.past);
    html! { @if data.lens.past.is_some() && !words.is_empty() { p class="muted small" { (words) } } }
}

fn lines(data: &Data, name: &str) -> (Option<&'static Measure>, Vec<Line>) {
    let measure = figures::measure(name);
    (measure, measure.map(|measure| (measure.lines)(data)).unwrap_or_default())
}

/// A measure with fixed groups as bars, each number a link.
fn groups(data: &Data, name: &str, paints: &[Paint]) -> Markup {
    let (measure, lines) = lines(data, name);
    let Some(known) = measure else { return html! {} };
    let counts = figures::count(&lines);
    let of = |key: &str| counts.get(key).copied().unwrap_or(0);
    let bars: Vec<_> = known
        .keys
        .iter()
        .zip(paints.iter().chain(std::iter::repeat(&Paint::Quiet)))
        .map(|((key, words), paint)| ((*words).to_owned(), number(of(key)), *paint))
        .collect();
    html! {
        (ui::bar_chart(known.title, &bars))
        p class="small" {
            @for (place, (key, words)) in known.keys.iter().enumerate() {
                @if place > 0 { " · " }
                a href=(rows_at(data, name, key)) { (words) ": " (of(key)) }
            }
        }
        (past(data, measure))
    }
}

/// The figures that are asked for first.
pub(super) fn head(data: &Data, may_open: bool) -> Markup {
    let share = |name: &str, good: &str| {
        let lines = lines(data, name).1;
        (lines.iter().filter(|line| line.key == good).count(), lines.len())
    };
    let tone = |good: bool| if good { Tone::Good } else { Tone::Warn };
    let tile = |label: &str, name: &str, good: &str| {
        let (have, of) = share(name, good);
        ui::Tile::new(label, format!("{have} of {of}")).tone(tone(have == of)).link(rows_at(data, name, good))
    };
    let overdue: i64 = data.tasks.iter().map(|(_, _, counts)| counts.overdue).sum();
    let open: i64 = data.findings.iter().map(|row| row.count).sum();
    let quarter = lens::quarter(data.lens.day());
    let field: i64 = data
        .field
        .iter()
        .filter(|row| lens::quarter(row.confirmed_at.date()) == quarter)
        .map(|row| row.vulnerabilities)
        .sum();
    let missed = data.targets.iter().filter(|row| rules::target_key(row, data.lens.at) == "overdue").count();
    let mut tiles = vec![
        tile("Products with a current profile", "profiles", "current"),
        tile("Products with a champion", "champions", "named"),
    ];
    if data.lens.whole {
        tiles.push(tile("People with a part", "people", "part"));
    }
    tiles.extend([
        ui::Tile::new("Overdue tasks", overdue).tone(tone(overdue == 0)).link(rows_at(data, "overdue", "")),
        if may_open {
            ui::Tile::new("Open findings", open).link(findings_at(data, &[]))
        } else {
            ui::Tile::new("Open findings", open)
        },
        ui::Tile::new("Targets missed now", missed).tone(tone(missed == 0)).link(rows_at(data, "targets", "..overdue")),
        ui::Tile::new(format!("Found in the field in {quarter}"), field).link(rows_at(data, "field", &quarter)),
        ui::Tile::new("Escapes with a root cause", data.escapes.len())
            .link(data.lens.address("/desk/programme/improvement/escapes", &[])),
        ui::Tile::new("Improvements under way", data.actions.iter().filter(|action| action.state.is_owed()).count())
            .link(data.lens.address("/desk/programme/improvement/actions", &[("state", "owed")])),
    ]);
    ui::tiles(&tiles)
}

/// Products and people (M1).
pub(super) fn coverage(data: &Data) -> Markup {
    ui::panel(
        "Coverage of products and people",
        html! {
            (groups(data, "profiles", &[Paint::One, Paint::Two, Paint::Three, Paint::Quiet]))
            (groups(data, "champions", &[Paint::One, Paint::Quiet]))
            @if data.lens.whole { (groups(data, "people", &[Paint::One, Paint::Quiet])) }
        },
    )
}

/// Releases at their gates (M3).
pub(super) fn gates(data: &Data) -> Markup {
    let paints = [Paint::One, Paint::Two, Paint::Severity(Severity::High), Paint::Quiet];
    ui::panel("Releases at the gate", groups(data, "gates", &paints))
}

/// Exceptions and when they end (M3).
pub(super) fn waivers(data: &Data) -> Markup {
    let paints = [Paint::Severity(Severity::High), Paint::Severity(Severity::Medium), Paint::Two, Paint::Quiet];
    ui::panel("Exceptions by their end", groups(data, "waivers", &paints))
}

/// Findings that are open, by severity, state and age.
pub(super) fn findings(data: &Data, may_open: bool) -> Markup {
    let sum = |list: &[FindingCount], fits: &dyn Fn(&FindingCount) -> bool| -> i64 {
        list.iter().filter(|row| fits(row)).map(|row| row.count).sum()
    };
    let cell = |count: i64, filter: &[(&str, &str)]| {
        html! { @if may_open { a href=(findings_at(data, filter)) { (count) } } @else { (count) } }
    };
    let bars: Vec<_> = SEVERITIES
        .iter()
        .map(|(name, rank)| {
            let count = sum(&data.findings, &|row| row.severity == *rank);
            let paint = if *name == "info" { Paint::Quiet } else { Paint::Severity(Severity::of_name(name)) };
            (words(name), count_f64(count), paint)
        })
        .collect();
    let rows = SEVERITIES.iter().map(|(name, rank)| {
        let of =
            |state: &str| sum(&data.findings, &|row| row.severity == *rank && (state.is_empty() || row.state == state));
        let age = |age: &str| sum(&data.findings, &|row| row.severity == *rank && row.age == age);
        let mut cells = vec![html! { (words(name)) }, cell(of(""), &[("severity", name)])];
        if data.lens.past.is_none() {
            cells.push(cell(of("open"), &[("severity", name), ("state", "open")]));
            cells.push(cell(of("confirmed"), &[("severity", name), ("state", "confirmed")]));
        }
        for (key, newer, older) in
            [("week", "7", ""), ("month", "30", "7"), ("quarter", "90", "30"), ("older", "", "90")]
        {
            cells.push(cell(age(key), &[("severity", name), ("newer", newer), ("older", older)]));
        }
        ui::Row::new(cells)
    });
    let mut table = ui::Table::new("Open findings by severity, state and age")
        .columns(["Severity"])
        .column(ui::Column::number("Open"));
    if data.lens.past.is_none() {
        table = table.column(ui::Column::number("Not judged")).column(ui::Column::number("Confirmed"));
    }
    let table = table
        .column(ui::Column::number("Up to 7 days"))
        .column(ui::Column::number("to 30"))
        .column(ui::Column::number("to 90"))
        .column(ui::Column::number("Older"))
        .rows(rows);
    ui::panel(
        "Findings",
        html! {
            (ui::split(html! { (table) }, ui::bar_chart("Open findings by severity", &bars)))
            @if let Some(at) = data.counted_at { p class="muted small" { "This day is not kept. So many findings are counted every few minutes; this was " (web::moment(at)) "." } }
            @if data.lens.past.is_some() { p class="muted small" { "Severities are those of that day where it was kept, in the list those of today; states on that day are not kept." } }
        },
    )
}

fn words(severity: &str) -> String {
    if severity == "info" { "Info".to_owned() } else { Severity::of_name(severity).label().to_owned() }
}

fn count_f64(count: i64) -> f64 {
    f64::from(i32::try_from(count).unwrap_or(i32::MAX))
}

/// Tasks done with evidence, by practice.
pub(super) fn tasks(data: &Data) -> Markup {
    if data.tasks.is_empty() {
        return ui::panel(
            "Tasks by practice",
            ui::empty_state(
                "No plan yet",
                "Tasks are counted once a release has its plan. Make one on the release's page.",
            ),
        );
    }
    let practices: Vec<&str> = data.pack.practices.iter().map(|practice| practice.id.as_str()).collect();
    let sums: Vec<process::plan::Counts> = practices
        .iter()
        .map(|id| {
            let mut sum = process::plan::Counts::default();
            data.tasks.iter().filter(|(_, practice, _)| practice == id).for_each(|(_, _, counts)| sum.join(counts));
            sum
        })
        .collect();
    let bars: Vec<_> = practices
        .iter()
        .zip(&sums)
        .map(|(id, counts)| {
            let share = count_f64(counts.done) * 100.0 / count_f64(counts.total().max(1));
            (practice_title(&data.pack, id), share, Paint::One)
        })
        .collect();
    let rows = practices.iter().zip(&sums).map(|(id, counts)| {
        let cell = |count: i64, measure: &str| html! { a href=(rows_at(data, measure, id)) { (count) } };
        let total = counts.total().max(1);
        ui::Row::new(vec![
            html! { (practice_title(&data.pack, id)) },
            cell(counts.done, "done"),
            html! { (counts.done * 100 / total) " %" },
            cell(counts.waived + counts.not_applicable, "excepted"),
            cell(counts.lacking(), "lacking"),
            cell(counts.lapsed, "lapsed"),
            cell(counts.overdue, "overdue"),
        ])
    });
    let table = ui::Table::new("Tasks by practice")
        .columns(["Practice"])
        .column(ui::Column::number("Done with evidence"))
        .column(ui::Column::number("Share"))
        .column(ui::Column::number("Waived or not applicable"))
        .column(ui::Column::number("Lacking"))
        .column(ui::Column::number("Lapsed"))
        .column(ui::Column::number("Overdue"))
        .rows(rows);
    ui::panel(
        "Tasks by practice",
        html! { (ui::bar_chart("Percent of tasks done with evidence, by practice", &bars)) (table) (past(data, figures::measure("tasks"))) },
    )
}

/// Time to fix against the target, by severity.
pub(super) fn targets(data: &Data) -> Markup {
    let of = |severity: &str, key: &str| {
        data.targets
            .iter()
            .filter(|row| row.step == "fix" && row.severity == severity && rules::target_key(row, data.lens.at) == key)
            .count()
    };
    let keys = [
        ("met", "In time", Paint::One),
        ("late", "Late", Paint::Severity(Severity::Medium)),
        ("overdue", "Overdue", Paint::Severity(Severity::High)),
        ("running", "Running", Paint::Quiet),
    ];
    let severities = ["critical", "high", "medium", "low"];
    let labels: Vec<String> = severities.iter().map(|severity| words(severity)).collect();
    let series: Vec<Series> = keys
        .iter()
        .map(|(key, name, paint)| {
            Series::new(*name, *paint, severities.iter().map(|severity| number(of(severity, key))).collect())
        })
        .collect();
    let figure = |days: Option<f64>| days.map_or_else(|| "–".to_owned(), |days| format!("{days:.1}"));
    let rows = severities.iter().map(|severity| {
        let own: Vec<_> = data.targets.iter().filter(|row| row.step == "fix" && row.severity == *severity).collect();
        let taken = own.iter().filter_map(|row| {
            row.met_at.filter(|met| *met <= data.lens.at).map(|met| rules::days(row.started_at, met))
        });
        let given = own.iter().map(|row| rules::days(row.started_at, row.due_at));
        let mut cells = vec![html! { (words(severity)) }];
        cells.extend(keys.iter().map(|(key, _, _)| {
            html! { a href=(rows_at(data, "targets", &format!("fix.{severity}.{key}"))) { (of(severity, key)) } }
        }));
        cells.push(html! { (figure(rules::median(taken.collect()))) });
        cells.push(html! { (figure(rules::median(given.collect()))) });
        ui::Row::new(cells)
    });
    let mut table = ui::Table::new("Time to fix against the target").columns(["Severity"]);
    for (_, name, _) in &keys {
        table = table.column(ui::Column::number(*name));
    }
    let table = table
        .column(ui::Column::number("Median days taken"))
        .column(ui::Column::number("Median days given"))
        .rows(rows);
    let others = ["mitigate", "disclose"].map(|step| {
        let missed = data
            .targets
            .iter()
            .filter(|row| row.step == step && matches!(rules::target_key(row, data.lens.at), "late" | "overdue"))
            .count();
        (step, missed)
    });
    ui::panel(
        "Time to fix against the target",
        html! {
            @if data.targets.is_empty() { p class="muted" { "No confirmed case had a target yet." } }
            @else {
                (ui::column_chart("Fix targets by severity", &labels, &series))
                (table)
                p class="small" {
                    "Late or overdue in other steps: "
                    @for (place, (step, missed)) in others.into_iter().enumerate() {
                        @if place > 0 { " · " }
                        a href=(rows_at(data, "targets", &format!("{step}..late|overdue"))) { (figures::target_word(step).to_lowercase()) ": " (missed) }
                    }
                }
            }
            (past(data, figures::measure("targets")))
        },
    )
}

/// Vulnerabilities found in the field, by product and quarter (M17).
pub(super) fn field(data: &Data) -> Markup {
    let names = lens::quarters(data.lens.day(), QUARTERS);
    let in_quarter = |name: &str, product: Option<&str>| -> i64 {
        data.field
            .iter()
            .filter(|row| lens::quarter(row.confirmed_at.date()) == name)
            .filter(|row| {
                product.is_none_or(|product| row.product.map_or_else(String::new, |id| id.to_string()) == product)
            })
            .map(|row| row.vulnerabilities)
            .sum()
    };
    let mut products: Vec<(String, i64)> = Vec::new();
    for row in &data.field {
        let id = row.product.map_or_else(String::new, |id| id.to_string());
        match products.iter_mut().find(|(known, _)| *known == id) {
            Some((_, sum)) => *sum += row.vulnerabilities,
            None => products.push((id, row.vulnerabilities)),
        }
    }
    products.sort_by_key(|(_, sum)| std::cmp::Reverse(*sum));
    let paints = [Paint::One, Paint::Two, Paint::Three, Paint::Four, Paint::Five];
    let mut series: Vec<Series> = products
        .iter()
        .zip(paints)
        .map(|((id, _), paint)| {
            let values = names.iter().map(|name| count_f64(in_quarter(name, Some(id)))).collect();
            Series::new(data.lens.product_name(id.parse().ok()), paint, values)
        })
        .collect();
    if products.len() > paints.len() {
        let rest: Vec<f64> = names
            .iter()
            .enumerate()
            .map(|(place, name)| {
                let shown: f64 = series.iter().filter_map(|one| one.values.get(place)).sum();
                count_f64(in_quarter(name, None)) - shown
            })
            .collect();
        series.push(Series::new("Other products", Paint::Quiet, rest));
    }
    let rows = products.iter().map(|(id, sum)| {
        let mut cells = vec![html! { (data.lens.product_name(id.parse().ok())) }];
        let link = |key: &str, count: i64| {
            if id.is_empty() {
                return html! { a href=(rows_at(data, "field", &format!("{key}.none"))) { (count) } };
            }
            html! { a href=(data.lens.address(ROWS, &[("measure", "field"), ("key", key), ("product", id)])) { (count) } }
        };
        cells.extend(names.iter().map(|name| link(name, in_quarter(name, Some(id)))));
        cells.push(link("", *sum));
        let out = data
            .lens
            .releases
            .iter()
            .filter(|release| release.product.to_string() == *id)
            .filter(|release| release.released_on.is_some_and(|on| on <= data.lens.day()))
            .count();
        cells.push(html! {
            @if id.is_empty() { (out) }
            @else { a href=(data.lens.address(ROWS, &[("measure", "out"), ("product", id)])) { (out) } }
        });
        cells.push(html! { @if out == 0 { "–" } @else { (format!("{:.2}", count_f64(*sum) / number(out))) } });
        ui::Row::new(cells)
    });
    let mut table =
        ui::Table::new("Vulnerabilities found in the field, by product and quarter").wide().columns(["Product"]);
    for name in &names {
        table = table.column(ui::Column::number(name));
    }
    let table = table
        .column(ui::Column::number("In all"))
        .column(ui::Column::number("Releases out"))
        .column(ui::Column::number("For each release"))
        .rows(rows);
    ui::panel(
        "Vulnerabilities found in the field",
        html! {
            @if data.field.is_empty() { p class="muted" { "No case was confirmed yet." } }
            @else {
                (ui::column_chart("Confirmed vulnerabilities by quarter and product", &names, &series))
                (table)
            }
            (past(data, figures::measure("field")))
        },
    )
}

/// Escapes by the practice that should have caught them (M16).
pub(super) fn escapes(data: &Data) -> Markup {
    let counts = improvement::count_by(&data.escapes, |escape| escape.practice_key().to_owned());
    let bars: Vec<_> =
        counts.iter().map(|(key, count)| (practice_title(&data.pack, key), number(*count), Paint::One)).collect();
    ui::panel_with(
        "Escapes by practice",
        html! { a href=(data.lens.address("/desk/programme/improvement", &[])) { "Improvement board" } },
        html! {
            @if counts.is_empty() { p class="muted" { "No root cause was recorded yet. Closing a case asks for it." } }
            @else {
                (ui::bar_chart("Escapes by the practice that should have caught them", &bars))
                ul class="small" {
                    @for (key, count) in &counts {
                        li { a href=(data.lens.address("/desk/programme/improvement/escapes", &[("practice", key)])) { (practice_title(&data.pack, key)) ": " (count) } }
                    }
                }
            }
        },
    )
}

/// Releases by what affects them (M17).
pub(super) fn affected(data: &Data) -> Markup {
    let lines = lines(data, "affected").1;
    let bars: Vec<_> = data
        .affected
        .iter()
        .filter(|row| row.affected > 0)
        .map(|row| (data.lens.release_name(row.release), count_f64(row.affected), Paint::Three))
        .collect();
    let mut bars = bars;
    bars.sort_by(|one, other| other.1.total_cmp(&one.1));
    bars.truncate(10);
    ui::panel(
        "Releases by the vulnerabilities that affect them",
        html! {
            @if bars.is_empty() { p class="muted" { "No release is affected by a confirmed vulnerability." } }
            @else { (ui::bar_chart("The ten most affected releases", &bars)) }
            p class="small" { a href=(rows_at(data, "affected", "")) { "All " (lines.len()) " releases" } }
            (past(data, figures::measure("affected")))
        },
    )
}

/// Maturity scores and their trend (M4).
pub(super) fn maturity(data: &Data) -> Markup {
    // The widest place that is shown speaks first: the organisation, then families, then products.
    let rank = |place: &str| ["organisation", "family", "product"].iter().position(|known| *known == place);
    let mut newest: Vec<&ScoreRow> = Vec::new();
    for row in data.scores.iter().rev() {
        let known = |other: &&ScoreRow| same_place(other, row) && other.model == row.model;
        if !newest.iter().any(known) {
            newest.push(row);
        }
    }
    newest.sort_by_key(|row| rank(&row.place));
    let Some(first) = newest.first() else {
        return ui::panel(
            "Maturity",
            ui::empty_state("No assessment yet", "Scores and their trend show once an assessment is finished."),
        );
    };
    let of = |assessment: &str| data.scores.iter().filter(|row| row.assessment == assessment).collect::<Vec<_>>();
    let bars: Vec<_> = of(&first.assessment)
        .into_iter()
        .filter_map(|row| row.score.map(|score| (row.practice.clone(), score, Paint::One)))
        .collect();
    let rows = newest.iter().map(|row| {
        let place = match (row.place.as_str(), row.product) {
            ("organisation", _) => "The organisation".to_owned(),
            ("product", product) => data.lens.product_name(product).to_owned(),
            _ => row.family.map_or_else(String::new, |family| data.lens.family_name(family).to_owned()),
        };
        ui::Row::new(vec![
            html! { (row.name) },
            html! { (place) },
            html! { (row.model) },
            html! { (row.assessed_on) },
            html! { @match mean(&of(&row.assessment)) { Some(mean) => (format!("{mean:.2}")), None => "–" } },
        ])
        .link(format!("/desk/assessments/{}", row.assessment))
    });
    let table = ui::Table::new("Newest assessments")
        .columns(["Assessment", "Of", "Questions", "Assessed on"])
        .column(ui::Column::number("Mean score"))
        .rows(rows);
    let mut trend: Vec<(&str, String, f64)> = Vec::new();
    for row in data.scores.iter().filter(|row| same_place(row, first) && row.model == first.model) {
        if !trend.iter().any(|(known, _, _)| *known == row.assessment)
            && let Some(mean) = mean(&of(&row.assessment))
        {
            trend.push((&row.assessment, row.assessed_on.to_string(), mean));
        }
    }
    let labels: Vec<String> = trend.iter().map(|(_, day, _)| day.clone()).collect();
    let series = [Series::new("Mean score", Paint::One, trend.iter().map(|(_, _, mean)| *mean).collect())];
    ui::panel_with(
        "Maturity",
        html! { a href="/desk/assessments" { "Assessments" } },
        html! {
            (ui::columns(
                ui::bar_chart(&format!("{}: score by practice", first.name), &bars),
                ui::line_chart("Mean score of finished assessments", &labels, &series),
            ))
            (table)
        },
    )
}

fn same_place(one: &ScoreRow, other: &ScoreRow) -> bool {
    one.place == other.place && one.product == other.product && (one.place != "family" || one.family == other.family)
}

/// The mean of the practices that apply.
fn mean(rows: &[&ScoreRow]) -> Option<f64> {
    let scores: Vec<f64> = rows.iter().filter_map(|row| row.score).collect();
    (!scores.is_empty()).then(|| scores.iter().sum::<f64>() / number(scores.len()))
}
