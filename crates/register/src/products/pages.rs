//! HTML pages of families and products.

use std::collections::HashMap;

use axum::response::{IntoResponse, Response};
use http::StatusCode;
use kernel::{Error, Permission, Result, Scope};
use maud::{Markup, html};
use platform::Ctx;
use web::{CsvFile, Fields, Flashed, Operation, PageError, Path, Query, desk_page, paragraphs, redirect_with, ui};

use super::model::{Family, FamilyDraft, FamilyId, Product, ProductDraft, ProductId, ProductState, Release, Support};
use super::{actions, import, rules, store};

const ACTIVE: &str = "products";

pub(super) fn product_state(state: ProductState) -> Markup {
    match state {
        ProductState::Development => ui::state(ui::Tone::Info, state.label()),
        ProductState::Active => ui::state(ui::Tone::Good, state.label()),
        ProductState::EndOfLife => ui::state(ui::Tone::Warn, state.label()),
        ProductState::Archived => ui::state(ui::Tone::Neutral, state.label()),
    }
}

pub(super) fn support_words(release: &Release, ctx: &Ctx) -> Markup {
    match rules::support_at(release, ctx.now.date()) {
        Support::NotYet => html! { span class="muted" { "not out yet" } },
        Support::Supported { until: None } => ui::state(ui::Tone::Good, "Supported"),
        Support::Supported { until: Some(day) } => html! { (ui::state(ui::Tone::Good, "Supported")) " until " (day) },
        Support::Ended { on: Some(day) } => html! { (ui::state(ui::Tone::Neutral, "Ended")) " on " (day) },
        Support::Ended { on: None } => ui::state(ui::Tone::Neutral, "Withdrawn"),
    }
}

/// `GET /desk/products`
pub(super) async fn list(Operation(ctx): Operation, query: Query, flashed: Flashed) -> Result<Markup, PageError> {
    let mut tx = ctx.read().await?;
    let families = store::list_families(&mut tx).await?;
    let products = store::list_products(&mut tx).await?;
    let releases = store::list_releases_of(&mut tx, None).await?;
    let mut newest: HashMap<ProductId, (&Release, usize)> = HashMap::new();
    for release in &releases {
        newest.entry(release.product).or_insert((release, 0)).1 += 1;
    }
    let shown: Vec<&Product> = products.iter().filter(|product| fits(product, &query)).collect();
    let rows = shown.iter().map(|product| {
        let (release, count) = newest.get(&product.id).map_or((None, 0), |(release, count)| (Some(*release), *count));
        ui::Row::new(vec![
            html! { (product.name) },
            html! { (product.family_name) },
            product_state(product.state),
            release.map_or_else(|| html! { span class="muted" { "none" } }, |release| html! { (release.version) }),
            release.map_or_else(|| html! {}, |release| support_words(release, &ctx)),
            html! { (count) },
        ])
        .link(format!("/desk/products/{}", product.id))
    });
    let family_ids: Vec<String> = families.iter().map(|family| family.id.to_string()).collect();
    let family_choices = std::iter::once(("", "All"))
        .chain(family_ids.iter().map(String::as_str).zip(families.iter().map(|family| family.name.as_str())));
    let states =
        std::iter::once(("", "All")).chain(ProductState::ALL.iter().map(|state| (state.as_str(), state.label())));
    let filter = ui::FilterBar::new("/desk/products")
        .search("q", query.get("q"), "Product")
        .select("family", "Family", &ui::Choice::list(family_choices, query.get("family")))
        .select("state", "State", &ui::Choice::list(states, query.get("state")))
        .export("/desk/products.csv");
    let none = ui::empty_state_with(
        "No products yet",
        "Add a family first, then its products; or import all of them from a CSV file.",
        html! {
            (ui::button_link(ui::Weight::Primary, "Add a family", "/desk/families/new"))
            (ui::button_link(ui::Weight::Secondary, "Import", "/desk/products/import"))
        },
    );
    let empty = web::empty(&query, &[], "product", none);
    let table = ui::Table::new("Products")
        .column(ui::Column::new("Product"))
        .column(ui::Column::new("Family"))
        .column(ui::Column::new("State"))
        .column(ui::Column::new("Newest release"))
        .column(ui::Column::new("Support"))
        .column(ui::Column::number("Releases"))
        .rows(rows)
        .empty(empty);
    let may_edit = ctx.actor.may_somewhere(Permission::EditProducts);
    let mut shell = ui::Shell::new("Products").subtitle(format!(
        "{} families, {} products, {} releases",
        families.len(),
        products.len(),
        releases.len()
    ));
    if may_edit {
        shell = shell.actions(html! {
            (ui::button_link(ui::Weight::Primary, "Add a product", "/desk/products/new"))
            (ui::button_link(ui::Weight::Secondary, "Add a family", "/desk/families/new"))
            (ui::button_link(ui::Weight::Secondary, "Import", "/desk/products/import"))
        });
    }
    let family_list = html! {
        @if !families.is_empty() {
            (ui::panel("Families", html! {
                ul class="plain-list" {
                    @for family in &families {
                        li {
                            a href=(query.with("family", &family.id.to_string())) { (family.name) }
                            @if family.archived { " " (ui::state(ui::Tone::Neutral, "Archived")) }
                            @if may_edit { " " a class="small" href={"/desk/families/" (family.id) "/edit"} { "Edit" } }
                        }
                    }
                }
            }))
        }
    };
    Ok(desk_page(&ctx, ACTIVE, flashed, shell, html! { (filter) (table) (family_list) }))
}

fn fits(product: &Product, query: &Query) -> bool {
    let text = query.get("q").to_lowercase();
    (query.get("state") == product.state.as_str()
        || (query.get("state").is_empty() && product.state != ProductState::Archived))
        && (query.get("family").is_empty() || query.get("family") == product.family.to_string())
        && (product.name.to_lowercase().contains(&text) || product.family_name.to_lowercase().contains(&text))
}

/// `GET /desk/products.csv`: every release of every product, in the columns that the import reads.
pub(super) async fn csv(Operation(ctx): Operation) -> Result<Response, PageError> {
    let mut tx = ctx.read().await?;
    let products = store::list_products(&mut tx).await?;
    let releases = store::list_releases_of(&mut tx, None).await?;
    let mut file =
        CsvFile::new("products.csv", ["family", "product", "version", "released_on", "support_ends_on", "state"]);
    let date = |day: Option<kernel::Date>| day.map(|day| day.to_string()).unwrap_or_default();
    for product in &products {
        let mut none = true;
        for release in releases.iter().filter(|release| release.product == product.id).rev() {
            none = false;
            file.row(vec![
                product.family_name.clone(),
                product.name.clone(),
                release.version.clone(),
                date(release.released_on),
                date(release.support_ends_on),
                release.state.as_str().to_owned(),
            ]);
        }
        if none {
            file.row(vec![product.family_name.clone(), product.name.clone()]);
        }
    }
    Ok(file.into_response())
}

/// `GET /desk/products/{id}`
pub(super) async fn show(
    Operation(ctx): Operation,
    Path(id): Path<ProductId>,
    flashed: Flashed,
) -> Result<Markup, PageError> {
    page(&ctx, id, flashed, &Fields::default()).await
}

async fn page(ctx: &Ctx, id: ProductId, flashed: Flashed, contact: &Fields) -> Result<Markup, PageError> {
    let mut tx = ctx.read().await?;
    let product = store::load_product(&mut tx, id).await?;
    let releases = store::list_releases(&mut tx, id).await?;
    let contacts = store::list_contacts(&mut tx, id).await?;
    let may_edit = ctx.actor.may(Permission::EditProducts, product.scope());
    let may_plan = ctx.actor.may(Permission::ReadPlans, product.scope());
    let at = format!("/desk/products/{id}");
    let rows = releases.iter().map(|release| {
        let mut cells = vec![
            html! { @if may_plan { a href={"/desk/releases/" (release.id)} { strong { (release.version) } } } @else { strong { (release.version) } } },
            html! { (release.state.label()) },
            html! { @if let Some(day) = release.released_on { (day) } },
            support_words(release, ctx),
            html! { (release.support_note) },
        ];
        if may_edit {
            cells.push(html! { a href={(at) "/releases/" (release.id) "/edit"} { "Edit" } });
        }
        ui::Row::new(cells)
    });
    let mut table = ui::Table::new("Releases").columns(["Version", "State", "Released", "Support", "Note"]);
    if may_edit {
        table = table.column(ui::Column::narrow("Edit"));
    }
    let table = table
        .rows(rows)
        .empty(ui::empty_state("No release yet", "Add the first one; exposure and support are told by release."));
    let add = html! { @if may_edit { (ui::button_link(ui::Weight::Secondary, "Add a release", &format!("{at}/releases/new"))) } };
    let facts = ui::facts(&[
        ui::Fact::text("Family", &product.family_name),
        ui::Fact::new("State", product_state(product.state)),
        ui::Fact::text("CPE", product.cpe.as_deref().unwrap_or("none")),
        ui::Fact::text("Package URL", product.purl.as_deref().unwrap_or("none")),
    ]);
    let people = html! {
        ul class="plain-list" {
            @for person in &contacts {
                li {
                    strong { (person.name) } " " span class="muted" { (person.duty) } br;
                    a href={"mailto:" (person.email)} { (person.email) }
                    @if may_edit { (ui::ButtonForm::new("Remove", format!("{at}/contacts/remove")).with("contact", &person.id).confirm(format!("{} is no longer asked about this product.", person.name))) }
                }
            }
        }
        @if contacts.is_empty() { p class="muted" { "Nobody is named yet. Cases ask these people." } }
        @if may_edit {
            (ui::Form::new(format!("{at}/contacts"), "Add a contact")
                .errors(&contact.errors())
                .field(ui::Field::text("name", "Name").value(contact.get("name")).error(contact.error("name")))
                .field(ui::Field::email("email", "Mail address").value(contact.get("email")).error(contact.error("email")))
                .field(ui::Field::text("duty", "Asked about").placeholder("Engineering").value(contact.get("duty")).error(contact.error("duty"))))
        }
    };
    let about = html! { @if product.description.is_empty() { p class="muted" { "No description." } } @else { (paragraphs(&product.description)) } (facts) };
    let body = ui::split(
        html! { (ui::panel_with("Releases", add, html! { (table) })) },
        html! { (ui::panel("About", about)) (ui::panel("Contacts", people)) },
    );
    let mut shell = ui::Shell::new(product.name.as_str())
        .badges(product_state(product.state))
        .crumbs(vec![ui::Crumb::link("Products", "/desk/products"), ui::Crumb::here(product.name.as_str())]);
    let may_read = ctx.actor.may(Permission::ReadProgramme, product.scope());
    if may_edit || may_read {
        shell = shell.actions(html! {
            @if may_read { (ui::button_link(ui::Weight::Plain, "Figures", &format!("/desk/programme?product={id}"))) }
            @if may_edit { (ui::button_link(ui::Weight::Secondary, "Edit", &format!("{at}/edit"))) }
        });
    }
    if may_plan {
        shell = shell.tabs(tabs(ctx, &product, "Product"));
    }
    Ok(desk_page(ctx, ACTIVE, flashed, shell, body))
}

/// The pages about a product, for the tabs on each of them; those the actor may not see are left out.
#[must_use]
pub fn tabs(ctx: &Ctx, product: &Product, here: &str) -> Vec<ui::Tab> {
    let at = format!("/desk/products/{}", product.id);
    [
        ("Product", "", Permission::ReadProducts),
        ("Profile", "/profile", Permission::ReadPlans),
        ("Team", "/team", Permission::ReadPlans),
        ("Tokens", "/tokens", Permission::ManageTokens),
    ]
    .iter()
    .filter(|(_, _, permission)| ctx.actor.may(*permission, product.scope()))
    .map(|(label, path, _)| ui::Tab::new(*label, format!("{at}{path}")).here(*label == here))
    .collect()
}

fn product_form(action: &str, families: &[Family], fields: &Fields) -> ui::Form {
    let ids: Vec<String> = families.iter().map(|family| family.id.to_string()).collect();
    let choices = ui::Choice::list(
        ids.iter().map(String::as_str).zip(families.iter().map(|family| family.name.as_str())),
        fields.get("family"),
    );
    let states =
        ui::Choice::list(ProductState::ALL.iter().map(|state| (state.as_str(), state.label())), fields.get("state"));
    ui::Form::new(action, "Save")
        .errors(&fields.errors())
        .hidden("revision", fields.get("revision"))
        .field(ui::Field::select("family", "Family", choices).error(fields.error("family")))
        .field(ui::Field::text("name", "Name").value(fields.get("name")).error(fields.error("name")).required())
        .field(
            ui::Field::textarea("description", "Description")
                .value(fields.get("description"))
                .error(fields.error("description")),
        )
        .field(ui::Field::select("state", "State", states))
        .field(
            ui::Field::text("cpe", "CPE name")
                .hint("Such as cpe:2.3:a:vendor:product:*:*:*:*:*:*:*:*; goes into advisories.")
                .value(fields.get("cpe"))
                .error(fields.error("cpe")),
        )
        .field(
            ui::Field::text("purl", "Package URL")
                .hint("Such as pkg:generic/product; goes into advisories.")
                .value(fields.get("purl"))
                .error(fields.error("purl")),
        )
}

fn product_draft(fields: &Fields) -> Result<ProductDraft> {
    Ok(ProductDraft {
        family: fields.parse("family", "Choose the family. Add it first when it is not in the list.")?,
        name: fields.get("name").to_owned(),
        description: fields.get("description").to_owned(),
        state: ProductState::parse(fields.get("state")).unwrap_or(ProductState::Active),
        cpe: fields.get("cpe").to_owned(),
        purl: fields.get("purl").to_owned(),
    })
}

async fn product_form_page(ctx: &Ctx, action: &str, title: &str, fields: &Fields) -> Result<Markup, PageError> {
    let mut tx = ctx.read().await?;
    let families = store::list_families(&mut tx).await?;
    let shell =
        ui::Shell::new(title).crumbs(vec![ui::Crumb::link("Products", "/desk/products"), ui::Crumb::here(title)]);
    let body = if families.is_empty() {
        ui::empty_state_with(
            "No family yet",
            "A product belongs to a family, which has the policy and the people.",
            ui::button_link(ui::Weight::Primary, "Add a family", "/desk/families/new"),
        )
    } else {
        ui::panel("", html! { (product_form(action, &families, fields)) })
    };
    Ok(desk_page(ctx, ACTIVE, Flashed::default(), shell, body))
}

/// `GET /desk/products/new`
pub(super) async fn new_form(Operation(ctx): Operation, query: Query) -> Result<Markup, PageError> {
    let fields = Fields::of([("state", "active".to_owned()), ("family", query.get("family").to_owned())]);
    product_form_page(&ctx, "/desk/products/new", "Add a product", &fields).await
}

/// `POST /desk/products/new`
pub(super) async fn new(Operation(ctx): Operation, fields: Fields) -> Result<Response, PageError> {
    let added = match product_draft(&fields) {
        Ok(draft) => actions::add_product(&ctx, &draft).await,
        Err(error) => Err(error),
    };
    match added {
        Ok(id) => Ok(redirect_with(&format!("/desk/products/{id}"), "The product is added. Add its releases next.")),
        Err(error) => {
            let fields = fields.with_errors(error)?;
            let markup = product_form_page(&ctx, "/desk/products/new", "Add a product", &fields).await?;
            Ok((fields.status(), markup).into_response())
        }
    }
}

/// `GET /desk/products/{id}/edit`
pub(super) async fn edit_form(Operation(ctx): Operation, Path(id): Path<ProductId>) -> Result<Markup, PageError> {
    let mut tx = ctx.read().await?;
    let product = store::load_product(&mut tx, id).await?;
    drop(tx);
    ctx.require(Permission::EditProducts, product.scope(), "page")?;
    let fields = Fields::of([
        ("family", product.family.to_string()),
        ("name", product.name),
        ("description", product.description),
        ("state", product.state.as_str().to_owned()),
        ("cpe", product.cpe.unwrap_or_default()),
        ("purl", product.purl.unwrap_or_default()),
        ("revision", product.revision.to_string()),
    ]);
    product_form_page(&ctx, &format!("/desk/products/{id}/edit"), "Edit product", &fields).await
}

/// `POST /desk/products/{id}/edit`
pub(super) async fn edit(
    Operation(ctx): Operation,
    Path(id): Path<ProductId>,
    fields: Fields,
) -> Result<Response, PageError> {
    let changed = match product_draft(&fields) {
        Ok(draft) => actions::change_product(&ctx, id, fields.revision()?, &draft).await,
        Err(error) => Err(error),
    };
    match changed {
        Ok(()) => Ok(redirect_with(&format!("/desk/products/{id}"), "Saved.")),
        Err(error) => {
            let fields = fields.with_errors(error)?;
            let markup = product_form_page(&ctx, &format!("/desk/products/{id}/edit"), "Edit product", &fields).await?;
            Ok((fields.status(), markup).into_response())
        }
    }
}

/// `POST /desk/products/{id}/contacts`
pub(super) async fn add_contact(
    Operation(ctx): Operation,
    Path(id): Path<ProductId>,
    fields: Fields,
) -> Result<Response, PageError> {
    match actions::add_contact(&ctx, id, fields.get("name"), fields.get("email"), fields.get("duty")).await {
        Ok(()) => Ok(redirect_with(&format!("/desk/products/{id}"), "The contact is added.")),
        Err(error) => {
            let fields = fields.with_errors(error)?;
            Ok((fields.status(), page(&ctx, id, Flashed::default(), &fields).await?).into_response())
        }
    }
}

/// `POST /desk/products/{id}/contacts/remove`
pub(super) async fn remove_contact(
    Operation(ctx): Operation,
    Path(id): Path<ProductId>,
    fields: Fields,
) -> Result<Response, PageError> {
    actions::remove_contact(&ctx, id, fields.get("contact")).await?;
    Ok(redirect_with(&format!("/desk/products/{id}"), "The contact is removed."))
}

fn family_form_page(ctx: &Ctx, action: &str, title: &str, fields: &Fields) -> Markup {
    let form = ui::Form::new(action, "Save")
        .errors(&fields.errors())
        .hidden("revision", fields.get("revision"))
        .field(ui::Field::text("name", "Name").value(fields.get("name")).error(fields.error("name")).required())
        .field(
            ui::Field::textarea("description", "Description")
                .value(fields.get("description"))
                .error(fields.error("description")),
        )
        .field(ui::Field::checkbox("archived", "Archived: out of the lists", fields.ticked("archived")));
    let shell =
        ui::Shell::new(title).crumbs(vec![ui::Crumb::link("Products", "/desk/products"), ui::Crumb::here(title)]);
    desk_page(ctx, ACTIVE, Flashed::default(), shell, ui::panel("", html! { (form) }))
}

fn family_draft(fields: &Fields) -> FamilyDraft {
    FamilyDraft {
        name: fields.get("name").to_owned(),
        description: fields.get("description").to_owned(),
        archived: fields.ticked("archived"),
    }
}

/// `GET /desk/families/new`
pub(super) async fn family_form(Operation(ctx): Operation) -> Result<Markup, PageError> {
    ctx.require(Permission::EditProducts, Scope::All, "page")?;
    Ok(family_form_page(&ctx, "/desk/families/new", "Add a family", &Fields::default()))
}

/// `POST /desk/families/new`
pub(super) async fn new_family(Operation(ctx): Operation, fields: Fields) -> Result<Response, PageError> {
    match actions::add_family(&ctx, &family_draft(&fields)).await {
        Ok(id) => {
            Ok(redirect_with(&format!("/desk/products/new?family={id}"), "The family is added. Add its products next."))
        }
        Err(error) => {
            let fields = fields.with_errors(error)?;
            Ok((
                StatusCode::UNPROCESSABLE_ENTITY,
                family_form_page(&ctx, "/desk/families/new", "Add a family", &fields),
            )
                .into_response())
        }
    }
}

/// `GET /desk/families/{id}/edit`
pub(super) async fn family_edit_form(Operation(ctx): Operation, Path(id): Path<FamilyId>) -> Result<Markup, PageError> {
    ctx.require(Permission::EditProducts, Scope::Family(id), "page")?;
    let mut tx = ctx.read().await?;
    let family = store::load_family(&mut tx, id).await?;
    let fields = Fields::of([
        ("name", family.name),
        ("description", family.description),
        ("archived", family.archived.to_string()),
        ("revision", family.revision.to_string()),
    ]);
    Ok(family_form_page(&ctx, &format!("/desk/families/{id}/edit"), "Edit family", &fields))
}

/// `POST /desk/families/{id}/edit`
pub(super) async fn family_edit(
    Operation(ctx): Operation,
    Path(id): Path<FamilyId>,
    fields: Fields,
) -> Result<Response, PageError> {
    match actions::change_family(&ctx, id, fields.revision()?, &family_draft(&fields)).await {
        Ok(()) => Ok(redirect_with("/desk/products", "Saved.")),
        Err(error) => {
            let fields = fields.with_errors(error)?;
            Ok((fields.status(), family_form_page(&ctx, &format!("/desk/families/{id}/edit"), "Edit family", &fields))
                .into_response())
        }
    }
}

const IMPORT_EXAMPLE: &str =
    "family,product,version,released_on,support_ends_on\nGateways,Gate 300,4.2,2026-03-01,2029-03-01";

fn import_page(ctx: &Ctx, fields: &Fields) -> Markup {
    let form = ui::Form::new("/desk/products/import", "Import")
        .multipart()
        .errors(&fields.errors())
        .field(ui::Field::file("file", "CSV file").accept(".csv,text/csv").required());
    let body = html! {
        (ui::panel("", html! {
            p { "Families, products and releases that are there already are found by name and version; dates are brought up to date. One wrong line, and nothing is imported." }
            (ui::code_block("Columns", IMPORT_EXAMPLE))
            (form)
        }))
    };
    let shell = ui::Shell::new("Import products")
        .crumbs(vec![ui::Crumb::link("Products", "/desk/products"), ui::Crumb::here("Import")]);
    desk_page(ctx, ACTIVE, Flashed::default(), shell, body)
}

/// `GET /desk/products/import`
pub(super) async fn import_form(Operation(ctx): Operation) -> Result<Markup, PageError> {
    ctx.require(Permission::EditProducts, Scope::All, "page")?;
    Ok(import_page(&ctx, &Fields::default()))
}

/// `POST /desk/products/import`
pub(super) async fn import_csv(Operation(ctx): Operation, fields: Fields) -> Result<Response, PageError> {
    let imported = match fields.uploads().first() {
        Some(upload) => import::import(&ctx, &upload.content).await,
        None => Err(Error::invalid("file", "Choose a CSV file.")),
    };
    match imported {
        Ok(report) => Ok(redirect_with(
            "/desk/products",
            &format!(
                "Imported: {} families, {} products and {} releases are new; {} releases changed, {} were known.",
                report.families, report.products, report.releases, report.changed, report.unchanged
            ),
        )),
        Err(error) => {
            let fields = fields.with_errors(error)?;
            Ok((fields.status(), import_page(&ctx, &fields)).into_response())
        }
    }
}
