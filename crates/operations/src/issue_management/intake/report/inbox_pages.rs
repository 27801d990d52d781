//! The inbox: every report that one may see, filtered, sorted, paged, exported.

use axum::response::{IntoResponse, Response};
use maud::{Markup, html};
use platform::Ctx;
use web::ui::{self, Choice, Column, FilterBar, Row, Shell, Sorted, Table, Tone};
use web::{CsvFile, Flashed, Operation, Page, PageError, Query, desk_page};

use super::model::{Channel, Class, ReportRow, ReportState, SignatureMark};
use super::store::{self, Filter};

const PATH: &str = "/desk/reports";

/// The list.
pub(super) async fn list(Operation(ctx): Operation, query: Query, flashed: Flashed) -> Result<Response, PageError> {
    let filter = Filter {
        words: query.get("q").to_owned(),
        state: ReportState::parse(query.get("state")).map_or("", ReportState::as_str).to_owned(),
        class: Class::parse(query.get("classification")).map_or("", Class::as_str).to_owned(),
        channel: Channel::parse(query.get("channel")).map_or("", Channel::as_str).to_owned(),
        problem: query.get("problem") == "yes",
        sort: query.get("sort").to_owned(),
    };
    let mut tx = ctx.read().await?;
    if query.get("format") == "csv" {
        let (rows, _) = store::list(&mut tx, &ctx.actor, &filter, Page::all(100_000)).await?;
        return Ok(csv(&rows).into_response());
    }
    let page = Page::of(&query, 50);
    let (rows, total) = store::list(&mut tx, &ctx.actor, &filter, page).await?;
    drop(tx);
    let table = columns(&query)
        .rows(rows.iter().map(|report| row(report, &ctx)))
        .empty(empty(&query))
        .foot(page.links(&query, total));
    let actions = html! {
        (ui::button_link(ui::Weight::Plain, "Keys of people", "/desk/contact-keys"))
        (ui::button_link(ui::Weight::Secondary, "Import mail", "/desk/reports/import"))
        (ui::button_link(ui::Weight::Primary, "Enter a report", "/desk/reports/new"))
    };
    let shell = Shell::new("Reports")
        .subtitle("What finders, partners and customers sent: classify it, open a case, or say where to go.")
        .actions(actions);
    let body = html! { (filters(&query)) (table) };
    Ok(desk_page(&ctx, "reports", flashed, shell, body).into_response())
}

fn filters(query: &Query) -> FilterBar {
    let choices = |any: &str, pairs: Vec<(&str, &str)>, chosen: &str| {
        let mut all = vec![("", any)];
        all.extend(pairs);
        Choice::list(all, chosen)
    };
    let states = ReportState::ALL.iter().map(|state| (state.as_str(), state.label())).collect();
    let classes = Class::ALL.iter().map(|class| (class.as_str(), class.label())).collect();
    let channels = Channel::ALL.iter().map(|channel| (channel.as_str(), channel.label())).collect();
    let mut bar = FilterBar::new(PATH)
        .search("q", query.get("q"), "Number, subject, sender, text")
        .select("state", "State", &choices("Any state", states, query.get("state")))
        .select("classification", "What", &choices("Anything", classes, query.get("classification")))
        .select("channel", "Came by", &choices("Any way", channels, query.get("channel")))
        .select(
            "problem",
            "Problem",
            &choices("With and without", vec![("yes", "With a problem")], query.get("problem")),
        )
        .keep("sort", query.get("sort"))
        .export(query.with("format", "csv"));
    let mut filtered = false;
    for name in ["q", "state", "classification", "channel", "problem"] {
        let value = query.get(name);
        if !value.is_empty() {
            filtered = true;
            bar = bar.chip(format!("{}: {}", name.replace('q', "text"), value.replace('_', " ")), query.with(name, ""));
        }
    }
    if filtered { bar.clear(PATH) } else { bar }
}

fn columns(query: &Query) -> Table {
    let sort = query.get("sort");
    let sortable = |column: Column, name: &str| {
        let down = format!("-{name}");
        if sort == name {
            column.sortable(query.with("sort", &down), Sorted::Ascending)
        } else if sort == down || (sort.is_empty() && name == "received") {
            column.sortable(query.with("sort", name), Sorted::Descending)
        } else {
            column.sortable(query.with("sort", name), Sorted::No)
        }
    };
    Table::new("Reports")
        .column(sortable(Column::narrow("Number"), "number"))
        .column(sortable(Column::new("Subject"), "subject"))
        .column(sortable(Column::new("From"), "sender"))
        .column(Column::new("Product"))
        .column(sortable(Column::narrow("State"), "state"))
        .column(Column::narrow("Marks"))
        .column(sortable(Column::narrow("Received"), "received"))
}

fn empty(query: &Query) -> Markup {
    let none = ui::empty_state_with(
        "No report yet",
        "Reports come by the public form, by mail (portcullis report import FILE…) or are entered by hand.",
        ui::button_link(ui::Weight::Secondary, "See the public form", "/report"),
    );
    web::empty(query, &[], "report", none)
}

/// The state of a report as a sign.
pub(super) fn state(report: ReportState) -> Markup {
    let tone = match report {
        ReportState::New => Tone::Info,
        ReportState::InCase => Tone::Brand,
        ReportState::Answered => Tone::Good,
        ReportState::Closed => Tone::Neutral,
    };
    ui::state(tone, report.label())
}

/// Signs for what is special about a report.
fn marks(report: &ReportRow) -> Markup {
    html! {
        @if !report.problem.is_empty() { (ui::badge(Tone::Bad, "Problem")) }
        @if report.class != Class::Unclassified && report.class != Class::Vulnerability {
            (ui::badge(Tone::Neutral, report.class.label()))
        }
        @if report.encrypted { (ui::badge(Tone::Good, "Encrypted")) }
        @match report.signature {
            SignatureMark::None => {},
            SignatureMark::Valid => (ui::badge(Tone::Good, "Signed")),
            SignatureMark::Invalid => (ui::badge(Tone::Bad, "Bad signature")),
            SignatureMark::UnknownKey => (ui::badge(Tone::Warn, "Unknown key")),
        }
        @if let Some(number) = &report.case_number { (ui::badge(Tone::Brand, number)) }
    }
}

fn row(report: &ReportRow, ctx: &Ctx) -> Row {
    let row = Row::new(vec![
        html! { (report.number) },
        html! { (report.subject) },
        html! { (report.sender()) },
        html! { (report.product) },
        state(report.state),
        marks(report),
        web::ago(report.received_at, ctx.now),
    ])
    .link(format!("{PATH}/{}", report.id));
    match report.state {
        ReportState::New => row.loud(),
        ReportState::Closed => row.quiet(),
        ReportState::InCase | ReportState::Answered => row,
    }
}

fn csv(rows: &[ReportRow]) -> CsvFile {
    let titles = [
        "Number",
        "Received",
        "Subject",
        "From",
        "Address",
        "Product",
        "Channel",
        "State",
        "Classification",
        "Case",
        "Encrypted",
        "Signature",
        "Problem",
        "Acknowledged",
        "Anonymous",
        "Credit",
        "Credited as",
    ];
    let mut file = CsvFile::new("reports.csv", titles);
    for report in rows {
        file.row(vec![
            report.number.clone(),
            report.received_at.rfc3339(),
            report.subject.clone(),
            report.sender(),
            report.sender_address.clone(),
            report.product.clone(),
            report.channel.as_str().to_owned(),
            report.state.as_str().to_owned(),
            report.class.as_str().to_owned(),
            report.case_number.clone().unwrap_or_default(),
            yes_no(report.encrypted),
            report.signature.as_str().to_owned(),
            report.problem.clone(),
            report.acknowledged_at.map_or_else(String::new, kernel::Timestamp::rfc3339),
            yes_no(report.anonymous),
            report.credit.as_str().to_owned(),
            report.credit_name.clone(),
        ]);
    }
    file
}

fn yes_no(truth: bool) -> String {
    if truth { "yes".to_owned() } else { "no".to_owned() }
}
