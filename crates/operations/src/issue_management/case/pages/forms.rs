//! Forms about whole cases: opening, editing, splitting.

use axum::extract::Path;
use axum::response::Response;
use kernel::{Date, Error, Id, Result, Timestamp};
use maud::{Markup, html};
use platform::Ctx;
use web::{Fields, Flashed, Operation, PageError, desk_page, redirect_with, ui};

use super::super::actions::{self, Edit};
use super::super::model::{Case, CaseId, Tlp};
use super::super::store::{self, ReleaseRow};
use super::{address, conflict, form_page, read_id, unfinished};

fn product_choices(products: &[(String, String, String, String)], chosen: &str, first: &str) -> Vec<ui::Choice> {
    let mut choices = vec![ui::Choice::new("", first).chosen(chosen.is_empty())];
    choices.extend(
        products
            .iter()
            .map(|(_, family, id, name)| ui::Choice::new(id, format!("{family}: {name}")).chosen(id == chosen)),
    );
    choices
}

/// `GET /desk/cases/new`.
pub(in super::super) async fn new_form(Operation(ctx): Operation) -> Result<Markup, PageError> {
    Ok(new_page(&ctx, &Fields::of([("received", ctx.now.local("UTC"))])).await?)
}

async fn new_page(ctx: &Ctx, fields: &Fields) -> Result<Markup> {
    let mut tx = ctx.read().await?;
    let products = store::list_products(&mut tx).await?;
    drop(tx);
    let form = ui::Form::new("/desk/cases/new", "Open the case")
        .errors(&fields.errors())
        .field(
            ui::Field::text("title", "Title")
                .required()
                .longest(200)
                .value(fields.get("title"))
                .error(fields.error("title"))
                .hint("What, where, in one line. Only members of the case see it."),
        )
        .field(
            ui::Field::select("product", "Product", product_choices(&products, fields.get("product"), "Not known yet"))
                .error(fields.error("product")),
        )
        .field(
            ui::Field::datetime("received", "Found on (UTC)")
                .required()
                .value(fields.get("received"))
                .error(fields.error("received"))
                .hint("Targets count from here."),
        )
        .field(
            ui::Field::checkbox("encrypted_only", "Encrypted only", fields.ticked("encrypted_only"))
                .hint("Nothing about this case may leave in clear."),
        )
        .beside(ui::button_link(ui::Weight::Plain, "Cancel", "/desk/cases"));
    let shell = ui::Shell::new("New case")
        .subtitle("For findings from inside; reports from outside become cases from their own page")
        .crumbs(vec![ui::Crumb::link("Cases", "/desk/cases"), ui::Crumb::here("New case")]);
    Ok(desk_page(ctx, "cases", Flashed::default(), shell, ui::panel("", form.markup())))
}

/// `POST /desk/cases/new`.
pub(in super::super) async fn new_save(Operation(ctx): Operation, fields: Fields) -> Result<Response, PageError> {
    let product = fields.get("product").parse().ok();
    let opened = match Timestamp::from_local(fields.get("received"), "UTC") {
        Some(at) => {
            actions::open_from_desk(&ctx, fields.get("title"), product, at, fields.ticked("encrypted_only")).await
        }
        None => Err(Error::invalid("received", "Write date and time, such as 2026-11-22T14:05.")),
    };
    match opened {
        Ok(id) => Ok(redirect_with(&address(id, ""), "The case is open. You are its first member.")),
        Err(error) => {
            let fields = fields.with_errors(error)?;
            Ok(unfinished(new_page(&ctx, &fields).await?))
        }
    }
}

fn filled(case: &Case) -> Fields {
    Fields::of([
        ("title", case.title.clone()),
        ("product", case.product.map_or_else(String::new, |product| product.to_string())),
        ("tlp", case.tlp.as_str().to_owned()),
        ("agreed_disclosure", case.agreed_disclosure.map_or_else(String::new, |date| date.to_string())),
        ("target_release", case.target_release.map_or_else(String::new, |release| release.to_string())),
        ("support_override", case.support_override.clone()),
        ("encrypted_only", if case.encrypted_only { "on".to_owned() } else { String::new() }),
    ])
}

const LABELS: [(&str, &str); 5] = [
    ("title", "Title"),
    ("tlp", "TLP label"),
    ("agreed_disclosure", "Agreed disclosure"),
    ("support_override", "Why it is handled without support"),
    ("encrypted_only", "Encrypted only"),
];

async fn load_for_edit(
    ctx: &Ctx,
    id: CaseId,
) -> Result<(Case, Vec<ReleaseRow>, Vec<(String, String, String, String)>)> {
    let mut tx = ctx.read().await?;
    let case = actions::load_to_work(&mut tx, ctx, id).await?;
    let releases = store::list_releases(&mut tx, &case).await?;
    let products = store::list_products(&mut tx).await?;
    Ok((case, releases, products))
}

/// `GET /desk/cases/{id}/edit`.
pub(in super::super) async fn edit_form(
    Operation(ctx): Operation,
    Path(id): Path<String>,
) -> Result<Markup, PageError> {
    let (case, releases, products) = load_for_edit(&ctx, read_id(&id, "case")?).await?;
    actions::note_read(&ctx, &case).await?;
    Ok(edit_page(&ctx, &case, &releases, &products, &filled(&case), html! {}))
}

fn edit_page(
    ctx: &Ctx,
    case: &Case,
    releases: &[ReleaseRow],
    products: &[(String, String, String, String)],
    fields: &Fields,
    difference: Markup,
) -> Markup {
    let labels = Tlp::ALL.iter().map(|label| (label.as_str(), label.label()));
    let today = ctx.now.date();
    let mut targets = vec![ui::Choice::new("", "None yet")];
    targets.extend(releases.iter().map(|release| {
        let support = if release.is_supported(today) { "" } else { ", out of support" };
        let label =
            format!("{} {} ({}{support})", release.product_name, release.version, release.state.replace('_', " "));
        let id = release.id.to_string();
        let chosen = id == fields.get("target_release");
        ui::Choice::new(id, label).chosen(chosen)
    }));
    let form = ui::Form::new(address(case.id, "/edit"), "Save")
        .errors(&fields.errors())
        .part(difference)
        .hidden("revision", case.revision)
        .field(
            ui::Field::text("title", "Title")
                .required()
                .longest(200)
                .value(fields.get("title"))
                .error(fields.error("title")),
        )
        .field(
            ui::Field::select("product", "Product", product_choices(products, fields.get("product"), "Not known yet"))
                .hint("A new product brings its own policy and targets; the target release is chosen anew.")
                .error(fields.error("product")),
        )
        .field(
            ui::Field::select("target_release", "Target release", targets)
                .hint("The release that corrects it; a low risk needs one (P1).")
                .error(fields.error("target_release")),
        )
        .field(
            ui::Field::date("agreed_disclosure", "Agreed disclosure")
                .value(fields.get("agreed_disclosure"))
                .hint("The date settled with the reporter; empty while there is none.")
                .error(fields.error("agreed_disclosure")),
        )
        .field(
            ui::Field::select("tlp", "TLP label", ui::Choice::list(labels, fields.get("tlp")))
                .error(fields.error("tlp")),
        )
        .field(
            ui::Field::checkbox("encrypted_only", "Encrypted only", fields.ticked("encrypted_only"))
                .hint("Nothing about this case may leave in clear. Only a lead can take this back.")
                .error(fields.error("encrypted_only")),
        )
        .field(
            ui::Field::textarea("support_override", "Why it is handled although no affected release is supported")
                .lines(3)
                .value(fields.get("support_override"))
                .error(fields.error("support_override"))
                .hint("Only needed when every affected release is out of support (P4)."),
        )
        .beside(ui::button_link(ui::Weight::Plain, "Cancel", &address(case.id, "")));
    form_page(ctx, case, "Edit the case", ui::panel("", form.markup()))
}

fn read_edit(fields: &Fields) -> Result<Edit> {
    let agreed = fields.get("agreed_disclosure").trim();
    let agreed_disclosure = if agreed.is_empty() {
        None
    } else {
        let words = "This is not a date. Write one such as 2026-12-01.";
        Some(fields.parse::<Date>("agreed_disclosure", words)?)
    };
    let optional = |name: &str| fields.get(name).parse().ok();
    Ok(Edit {
        title: fields.get("title").to_owned(),
        product: optional("product"),
        tlp: Tlp::parse(fields.get("tlp")),
        agreed_disclosure,
        target_release: fields.get("target_release").parse().ok(),
        support_override: fields.get("support_override").to_owned(),
        encrypted_only: fields.ticked("encrypted_only"),
    })
}

/// `POST /desk/cases/{id}/edit`.
pub(in super::super) async fn edit_save(
    Operation(ctx): Operation,
    Path(id): Path<String>,
    fields: Fields,
) -> Result<Response, PageError> {
    let case: CaseId = read_id(&id, "case")?;
    let saved = match (fields.revision(), read_edit(&fields)) {
        (Ok(revision), Ok(edit)) => actions::edit(&ctx, case, revision, &edit).await,
        (Err(error), _) | (_, Err(error)) => Err(error),
    };
    let error = match saved {
        Ok(()) => return Ok(redirect_with(&address(case, ""), "Saved.")),
        Err(error) => error,
    };
    let (stored, releases, products) = load_for_edit(&ctx, case).await?;
    let difference = if matches!(error, Error::Stale { .. }) {
        conflict(&fields, &filled(&stored), &LABELS)
    } else {
        html! {}
    };
    let fields = fields.with_errors(error)?;
    Ok(unfinished(edit_page(&ctx, &stored, &releases, &products, &fields, difference)))
}

/// `GET /desk/cases/{id}/split`.
pub(in super::super) async fn split_form(
    Operation(ctx): Operation,
    Path(id): Path<String>,
) -> Result<Markup, PageError> {
    Ok(split_page(&ctx, read_id(&id, "case")?, &Fields::default()).await?)
}

async fn split_page(ctx: &Ctx, id: CaseId, fields: &Fields) -> Result<Markup> {
    let mut tx = ctx.read().await?;
    let case = actions::load_to_work(&mut tx, ctx, id).await?;
    let flaws = store::list_vulnerabilities(&mut tx, id).await?;
    let reports = store::list_reports(&mut tx, id).await?;
    drop(tx);
    actions::note_read(ctx, &case).await?;
    let chosen = |name: &'static str, id: &str| fields.all(name).any(|value| value == id);
    let flaws: Vec<ui::Choice> = flaws
        .iter()
        .map(|flaw| {
            let id = flaw.id.to_string();
            let ticked = chosen("vulnerability", &id);
            ui::Choice::new(id, &flaw.title).chosen(ticked)
        })
        .collect();
    let reports: Vec<ui::Choice> = reports
        .iter()
        .map(|(id, number, subject)| ui::Choice::new(id, format!("{number} {subject}")).chosen(chosen("report", id)))
        .collect();
    let empty = flaws.is_empty() && reports.is_empty();
    let mut form = ui::Form::new(address(id, "/split"), "Split off")
        .errors(&fields.errors())
        .hidden("revision", case.revision)
        .field(
            ui::Field::text("title", "Title of the new case")
                .required()
                .longest(200)
                .value(fields.get("title"))
                .error(fields.error("title")),
        );
    if !flaws.is_empty() {
        let boxes = ui::Field::boxes("vulnerability", "Vulnerabilities that go with it", flaws);
        form = form.field(boxes.error(fields.error("vulnerability")));
    }
    if !reports.is_empty() {
        form = form.field(ui::Field::boxes("report", "Reports that go with it", reports));
    }
    let body = if empty {
        ui::empty_state(
            "Nothing to split off",
            "This case has neither vulnerabilities nor reports yet. Open a new case instead.",
        )
    } else {
        let words = html! { p { "The new case has the same members, product and arrival; its targets are its own." } };
        ui::panel("", html! { (words) (form.beside(ui::button_link(ui::Weight::Plain, "Cancel", &address(id, "")))) })
    };
    Ok(form_page(ctx, &case, "Split the case", body))
}

/// `POST /desk/cases/{id}/split`.
pub(in super::super) async fn split_save(
    Operation(ctx): Operation,
    Path(id): Path<String>,
    fields: Fields,
) -> Result<Response, PageError> {
    let case: CaseId = read_id(&id, "case")?;
    let all = |name: &'static str| -> Vec<String> {
        // Identifiers in their one spelling, each once.
        let mut ids: Vec<String> =
            fields.all(name).filter_map(|id| id.parse::<Id<Case>>().ok()).map(|id| id.to_string()).collect();
        ids.sort();
        ids.dedup();
        ids
    };
    let (flaws, reports) = (all("vulnerability"), all("report"));
    match actions::split(&ctx, case, fields.revision()?, fields.get("title"), &flaws, &reports).await {
        Ok(made) => Ok(redirect_with(&address(made, ""), "Split off. This is the new case.")),
        Err(error) => {
            let fields = fields.with_errors(error)?;
            Ok(unfinished(split_page(&ctx, case, &fields).await?))
        }
    }
}
