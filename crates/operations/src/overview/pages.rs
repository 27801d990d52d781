//! The overview and the search page.

use kernel::Permission;
use maud::{Markup, html};
use platform::Ctx;
use platform::finders::Found;
use web::ui::{self, Row, Severity, Shell, Table, Tile, Tone, Weight};
use web::{Flashed, Operation, PageError, Query, ago, desk_page, for_people, moment};

use super::store::{self, Counts, MyCase, NewReport};
use crate::issue_management::advisory::{self, Filter, Listed};

fn words(word: &str) -> String {
    let spaced = word.replace('_', " ");
    let mut letters = spaced.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

fn cases(list: &[MyCase], ctx: &Ctx) -> Markup {
    let rows = list.iter().map(|one| {
        let overdue = one.due_at.is_some_and(|due| due < ctx.now);
        let due = html! {
            @if let Some(due) = one.due_at {
                (ui::badge(if overdue { Tone::Bad } else { Tone::Neutral }, &words(&one.step))) " "
                (ui::time_ago(&due.rfc3339(), &for_people(due, ctx.now)))
            } @else { span class="muted" { "nothing due" } }
        };
        let row = Row::new(vec![
            html! { (one.number) },
            html! { (one.title) },
            html! { (words(&one.state)) },
            html! { @if !one.severity.is_empty() { (ui::severity(Severity::of_name(&one.severity))) } },
            due,
        ])
        .link(format!("/desk/cases/{}", one.id));
        if overdue { row.loud() } else { row }
    });
    let empty = ui::empty_state(
        "No case is yours",
        "Cases that you lead or were added to stand here, what is due first at the top.",
    );
    let table =
        Table::new("My cases").columns(["Number", "Title", "State", "Severity", "Next"]).rows(rows).empty(empty);
    ui::panel_with("My cases", ui::more("All cases", "/desk/cases"), table.markup())
}

fn reports(list: &[NewReport], ctx: &Ctx) -> Markup {
    let rows = list.iter().map(|one| {
        Row::new(vec![html! { (one.number) }, html! { (one.subject) }, ago(one.received_at, ctx.now)])
            .link(format!("/desk/reports/{}", one.id))
    });
    let empty = ui::empty_state("No new reports", "Reports that nobody took up yet stand here, the oldest first.");
    let table = Table::new("New reports").columns(["Number", "Subject", "Received"]).rows(rows).empty(empty);
    ui::panel_with("New reports", ui::more("All reports", "/desk/reports"), table.markup())
}

fn advisories(title: &str, list: &[Listed], empty: Markup, scheduled: bool) -> Markup {
    let rows = list.iter().map(|one| {
        let last = match one.publish_at.filter(|_| scheduled) {
            Some(at) => moment(at),
            None => html! { (one.author) },
        };
        Row::new(vec![html! { (one.number) }, html! { (one.title) }, last]).link(format!("/desk/advisories/{}", one.id))
    });
    let column = if scheduled { "Goes out" } else { "Author" };
    ui::panel(title, Table::new(title).columns(["Number", "Title", column]).rows(rows).empty(empty).markup())
}

/// What a new installation still needs; nothing once reports can come in and advisories go out.
fn first_steps(ctx: &Ctx, counts: &Counts) -> Markup {
    let may = |permission| ctx.actor.may_somewhere(permission);
    let steps = [
        (may(Permission::ManageSettings), false, "Name your company and write the policy", "/desk/settings"),
        (
            may(Permission::ManagePeople),
            counts.people > 1,
            "Invite the response team: at least one lead and one analyst",
            "/desk/people",
        ),
        (
            may(Permission::EditProducts),
            counts.products > 0,
            "Add your products and releases, or import them from CSV",
            "/desk/products",
        ),
    ];
    let open = steps.iter().any(|(may, done, _, _)| *may && !done);
    html! {
        @if open && (counts.products == 0 || counts.people <= 1) {
            (ui::panel("First steps", html! {
                ul { @for (may, done, label, href) in steps { @if may {
                    li { @if done { (ui::state(Tone::Good, "Done")) " " } a href=(href) { (label) } }
                } } }
                p { (ui::button_link(Weight::Plain, "See the portal as visitors do", "/")) }
            }))
        }
    }
}

/// `GET /desk`.
pub(super) async fn overview(Operation(ctx): Operation, flashed: Flashed) -> Result<Markup, PageError> {
    let may = |permission| ctx.actor.may_somewhere(permission);
    let (sees_cases, sees_reports) = (may(Permission::ReadCases), may(Permission::ReadReports));
    let sees_advisories = may(Permission::WriteAdvisories);
    let mut tx = ctx.read().await?;
    let counts = store::load_counts(&mut tx, &ctx.actor, ctx.now).await?;
    let releases = if may(Permission::ReadPlans) { Some(process::plan::overview(&ctx, &mut tx).await?) } else { None };
    let my_cases = if sees_cases { store::list_my_cases(&mut tx, &ctx.actor, 12).await? } else { Vec::new() };
    let new_reports = if sees_reports { store::list_new_reports(&mut tx, &ctx.actor, 8).await? } else { Vec::new() };
    let in_state = |state: &str| Filter { state: state.to_owned(), ..Filter::default() };
    let (mut review, mut scheduled) = (Vec::new(), Vec::new());
    if sees_advisories {
        review = advisory::list(&mut tx, &ctx.actor, &in_state("in_review"), 0, 8).await?;
        scheduled = advisory::list(&mut tx, &ctx.actor, &in_state("scheduled"), 0, 8).await?;
    }
    drop(tx);
    let mut tiles = Vec::new();
    let loud = |count: i64, tone| if count > 0 { tone } else { Tone::Neutral };
    if sees_reports {
        tiles.push(
            Tile::new("New reports", counts.new_reports)
                .link("/desk/reports?state=new")
                .tone(loud(counts.new_reports, Tone::Warn)),
        );
    }
    if sees_cases {
        tiles.push(Tile::new("Open cases", counts.open_cases).link("/desk/cases"));
        tiles.push(
            Tile::new("Cases past a target", counts.overdue)
                .link("/desk/cases?overdue=1")
                .tone(loud(counts.overdue, Tone::Bad)),
        );
    }
    if sees_advisories {
        tiles.push(
            Tile::new("Advisories in review", counts.in_review)
                .link("/desk/advisories?state=in_review")
                .tone(loud(counts.in_review, Tone::Warn)),
        );
        tiles.push(Tile::new("Scheduled", counts.scheduled).link("/desk/advisories?state=scheduled"));
    }
    tiles.push(Tile::new("Public advisories", counts.published).link("/advisories"));
    let body = html! {
        (ui::tiles(&tiles))
        (first_steps(&ctx, &counts))
        @if let Some(releases) = &releases && !sees_reports { (releases) }
        @if sees_cases { (cases(&my_cases, &ctx)) }
        @if sees_reports { (reports(&new_reports, &ctx)) }
        @if let Some(releases) = &releases && sees_reports { (releases) }
        @if sees_advisories {
            (ui::columns(
                advisories("Waiting for review", &review, ui::empty_state("Nothing waits", "Advisories that somebody submitted stand here until a second person approves them."), false),
                advisories("Scheduled publications", &scheduled, ui::empty_state("Nothing is scheduled", "Approved advisories with a time stand here."), true),
            ))
        }
    };
    let name = ctx.actor.name().to_owned();
    let shell = Shell::new("Overview").subtitle(format!("What waits for you, {name}"));
    Ok(desk_page(&ctx, "overview", flashed, shell, body))
}

fn results(title: &str, list: &[Found]) -> Markup {
    let rows = list.iter().map(|one| Row::new(vec![html! { (one.number) }, html! { (one.title) }]).link(&one.link));
    ui::panel(title, Table::new(title).columns(["Where", "Title"]).rows(rows).markup())
}

/// `GET /desk/search?q=…`.
pub(super) async fn search(Operation(ctx): Operation, query: Query, flashed: Flashed) -> Result<Markup, PageError> {
    let asked = query.get("q").trim();
    let long_enough = asked.chars().count() >= 2;
    let mut found = Vec::new();
    if long_enough {
        let mut tx = ctx.read().await?;
        found = ctx.platform.cards.find(&mut tx, &ctx.actor, asked).await?;
    }
    let body = html! {
        @if !long_enough { (ui::empty_state("What are you looking for?", "Type at least two letters of a number, a title, a CVE, a product with its version, a task or a component.")) }
        @else if found.is_empty() { (ui::empty_state("Nothing found", "Search for fewer letters. What you may not see is not found either.")) }
        @for (heading, list) in &found { (results(heading, list)) }
    };
    let shell = Shell::new("Search").query(asked);
    Ok(desk_page(&ctx, "", flashed, shell, body))
}
