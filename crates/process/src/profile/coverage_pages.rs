//! The coverage page: which products have a current profile, a champion and a team, and which people a part (M1).

use std::collections::{HashMap, HashSet};

use axum::response::{IntoResponse, Response};
use kernel::{Permission, Result, Timestamp};
use maud::html;
use pack::RiskClass;
use platform::access::{self, PersonState};
use register::products::{Product, ProductState, list_products};
use web::{CsvFile, Flashed, Operation, PageError, Query, desk_page, ui};

use super::model::{CHAMPION, Member, Profile};
use super::pages::class_badge;
use super::{rules, store};
use crate::pack as packs;

struct Line<'a> {
    product: &'a Product,
    profile: Option<&'a Profile>,
    lacking: Option<String>,
    champion: Option<&'a str>,
    missing: usize,
}

/// `GET /desk/practices/coverage`
pub(super) async fn show(Operation(ctx): Operation, query: Query, flashed: Flashed) -> Result<Response, PageError> {
    let mut tx = ctx.read().await?;
    let products = list_products(&mut tx).await?;
    let profiles = store::list_current_profiles(&mut tx).await?;
    let team = store::list_teams(&mut tx).await?;
    let active = packs::load_active(&mut tx).await?;
    let people = access::list_people(&mut tx, "").await?;
    drop(tx);
    let profiles: HashMap<_, _> = profiles.iter().map(|profile| (profile.product, profile)).collect();
    let lines: Vec<Line<'_>> = products
        .iter()
        .filter(|product| {
            product.state != ProductState::Archived && ctx.actor.may(Permission::ReadPlans, product.scope())
        })
        .map(|product| line(product, &profiles, &team, &active.pack, ctx.now))
        .collect();
    let current = lines.iter().filter(|line| line.lacking.is_none()).count();
    let championed = lines.iter().filter(|line| line.champion.is_some()).count();
    let named: HashSet<_> = team.iter().map(|member| member.person).collect();
    let working: Vec<_> = people.iter().filter(|person| person.state == PersonState::Active).collect();
    let with_part = working.iter().filter(|person| named.contains(&person.id)).count();
    if query.get("format") == "csv" {
        return Ok(csv(&lines).into_response());
    }
    let wanted = query.get("lack");
    let shown = lines.iter().filter(|line| match wanted {
        "profile" => line.lacking.is_some(),
        "champion" => line.champion.is_none(),
        "team" => line.missing > 0,
        _ => true,
    });
    let table = ui::Table::new("Products").columns(["Product", "Class", "Profile", "Champion"]).column(ui::Column::number("Parts free")).rows(
        shown.map(|line| {
            let at = format!("/desk/products/{}", line.product.id);
            ui::Row::new(vec![
                html! { (line.product.name) },
                html! { @if let Some(profile) = line.profile { (class_badge(profile.class)) } },
                html! { @match &line.lacking { None => (ui::state(ui::Tone::Good, "current")), Some(words) => { (ui::state(ui::Tone::Bad, if line.profile.is_some() { "overdue" } else { "missing" })) br; span class="small" { (words) } } } },
                html! { @match line.champion { Some(name) => (name), None => { a href={(at) "/team"} { "none yet" } } } },
                html! { a href={(at) "/team"} { (line.missing) } },
            ])
            .link(format!("{at}/profile"))
        }),
    );
    let tile = |label: &str, have: usize, of: usize, lack: &str| {
        let tone = if have == of { ui::Tone::Good } else { ui::Tone::Warn };
        ui::Tile::new(label, format!("{have} of {of}")).tone(tone).link(query.with("lack", lack))
    };
    let tiles = ui::tiles(&[
        tile("Products with a current profile", current, lines.len(), "profile"),
        tile("Products with a champion", championed, lines.len(), "champion"),
        tile("People with a part", with_part, working.len(), "people"),
    ]);
    let without = working.iter().filter(|person| !named.contains(&person.id));
    let body = html! {
        (tiles)
        @if wanted == "people" {
            (ui::Table::new("People without a part").show_caption().columns(["Name", "Address"])
                .rows(without.map(|person| ui::Row::new(vec![html! { (person.name) }, html! { (person.email) }])))
                .empty(ui::empty_state("Everybody has a part", "Nobody is left out.")))
        }
        (ui::FilterBar::new("/desk/practices/coverage")
            .select("lack", "Show", &ui::Choice::list([("", "All products"), ("profile", "Without a current profile"), ("champion", "Without a champion"), ("team", "With free parts"), ("people", "People without a part")], wanted))
            .export(query.with("format", "csv")))
        (table.empty(web::empty(&query, &[], "product", ui::empty_state("No product yet", "Products are added under Products; the process reaches them by their profile and team."))))
    };
    let shell = ui::Shell::new("Coverage")
        .subtitle("Whether the process reaches every product and everybody who works on it")
        .tabs(crate::plan::coverage_tabs());
    Ok(desk_page(&ctx, "practices", flashed, shell, body).into_response())
}

fn line<'a>(
    product: &'a Product,
    profiles: &HashMap<register::products::ProductId, &'a Profile>,
    team: &'a [Member],
    pack: &pack::Pack,
    now: Timestamp,
) -> Line<'a> {
    let profile = profiles.get(&product.id).copied();
    let fact = rules::profile_fact(profile, profile.map_or(RiskClass::Critical, |profile| profile.class), now);
    let own: Vec<&Member> = team.iter().filter(|member| member.product.is_none_or(|of| of == product.id)).collect();
    Line {
        product,
        profile,
        lacking: (!fact.holds).then_some(fact.words),
        champion: own.iter().find(|member| member.role == CHAMPION).map(|member| member.name.as_str()),
        missing: rules::unfilled(pack, &own).len(),
    }
}

fn csv(lines: &[Line<'_>]) -> CsvFile {
    let mut file = CsvFile::new("coverage.csv", ["product", "class", "review_on", "lacking", "champion", "parts_free"]);
    for line in lines {
        file.row(vec![
            line.product.name.clone(),
            line.profile.map(|profile| profile.class.id().to_owned()).unwrap_or_default(),
            line.profile.map(|profile| profile.review_on.to_string()).unwrap_or_default(),
            line.lacking.clone().unwrap_or_default(),
            line.champion.unwrap_or_default().to_owned(),
            line.missing.to_string(),
        ]);
    }
    file
}
