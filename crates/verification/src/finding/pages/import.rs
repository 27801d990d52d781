//! Importing reports: the form, the history, one import with its progress.

use axum::response::{IntoResponse, Response};
use kernel::{Error, Permission, Result};
use maud::{Markup, html};
use platform::Ctx;
use register::products::{Product, Release};
use web::{CsvFile, Fields, Flashed, Operation, PageError, Path, Query, ago, desk_page, moment, redirect_with, ui};

use super::super::import::{self, Sent, Taken};
use super::super::model::{Import, ImportId, Practice, Progress};
use super::super::store::{self, ImportFilter};
use super::{ACTIVE, size_words, visible, workable};

const ROWS: u32 = 50;

/// What a form calls a release or branch: `release ID`, or `branch PRODUCT`.
pub(super) struct Choices {
    products: Vec<Product>,
    releases: Vec<Release>,
}

impl Choices {
    /// The products that the actor may work on, with their releases.
    pub(super) async fn load(ctx: &Ctx) -> Result<Self> {
        let mut tx = ctx.read().await?;
        let products = register::products::list_products(&mut tx).await?;
        let releases = register::products::list_releases_of(&mut tx, None).await?;
        let products = workable(ctx, &products).into_iter().cloned().collect();
        Ok(Self { products, releases })
    }

    pub(super) fn is_empty(&self) -> bool {
        self.products.is_empty()
    }

    /// The choices of a select.
    pub(super) fn choices(&self, chosen: &str) -> Vec<ui::Choice> {
        let mut choices = vec![ui::Choice::new("", "Choose")];
        let mut add = |value: String, label: String| {
            let is_chosen = value == chosen;
            choices.push(ui::Choice::new(value, label).chosen(is_chosen));
        };
        for product in &self.products {
            for release in self.releases.iter().filter(|release| release.product == product.id) {
                add(format!("release {}", release.id), format!("{} {}", product.name, release.version));
            }
            add(format!("branch {}", product.id), format!("{}, the branch named below", product.name));
        }
        choices
    }

    /// Reads what a select sent back.
    pub(super) fn parse(&self, text: &str) -> Result<(Product, Option<Release>)> {
        let missing = || Error::invalid("target", "Choose the release, or the product whose branch it is.");
        let (kind, id) = text.split_once(' ').ok_or_else(missing)?;
        let product =
            |id: register::products::ProductId| self.products.iter().find(|product| product.id == id).cloned();
        if kind == "branch" {
            let id = id.parse().map_err(|_| missing())?;
            return Ok((product(id).ok_or_else(missing)?, None));
        }
        let release = self.releases.iter().find(|release| release.id.to_string() == id).ok_or_else(missing)?;
        Ok((product(release.product).ok_or_else(missing)?, Some(release.clone())))
    }
}

/// `GET /desk/findings/import`
pub(in super::super) async fn form(
    Operation(ctx): Operation,
    query: Query,
    flashed: Flashed,
) -> Result<Markup, PageError> {
    let release = query.get("release");
    let target = if release.is_empty() { String::new() } else { format!("release {release}") };
    show_form(&ctx, flashed, &Fields::of([("target", target)])).await
}

async fn show_form(ctx: &Ctx, flashed: Flashed, fields: &Fields) -> Result<Markup, PageError> {
    let choices = Choices::load(ctx).await?;
    let shell = ui::Shell::new("Import a report")
        .subtitle("The report of a scanner for a release or branch. The tool is recognised from its content.")
        .crumbs(vec![ui::Crumb::link("Findings", "/desk/findings"), ui::Crumb::here("Import a report")]);
    if choices.is_empty() {
        let empty = ui::empty_state(
            "No product yet",
            "Add the product and its release first; a report belongs to one of them.",
        );
        return Ok(desk_page(ctx, ACTIVE, flashed, shell, empty));
    }
    let tools: Vec<_> = scan::tools().iter().map(|tool| (tool.name, tool.title)).collect();
    let practices: Vec<_> = Practice::ALL.iter().map(|one| (one.as_str(), one.label())).collect();
    let auto = |label: &'static str, all: &[(&'static str, &'static str)], chosen: &str| {
        ui::Choice::list(std::iter::once(("", label)).chain(all.iter().copied()), chosen)
    };
    let form = ui::Form::new("/desk/findings/import", "Import")
        .multipart()
        .errors(&fields.errors())
        .field(
            ui::Field::select("target", "Release or branch", choices.choices(fields.get("target")))
                .error(fields.error("target"))
                .required(),
        )
        .field(
            ui::Field::text("branch", "Branch")
                .hint("Only when the report is of a branch, such as main.")
                .value(fields.get("branch"))
                .error(fields.error("branch")),
        )
        .field(ui::Field::file("file", "Report").error(fields.error("file")).required())
        .field(
            ui::Field::select("tool", "Tool", auto("Recognise it", &tools, fields.get("tool"))).error(fields.error("tool")),
        )
        .field(ui::Field::select("practice", "Practice", auto("By the kind of tool", &practices, fields.get("practice"))))
        .field(
            ui::Field::text("scope", "Part that was scanned")
                .hint("When one tool sends several reports for a release, such as backend and frontend. A report closes only what its own part had before.")
                .value(fields.get("scope"))
                .error(fields.error("scope")),
        )
        .field(ui::Field::checkbox("confirm", "It is this product's, even when the report names another project", fields.ticked("confirm")))
        .beside(ui::button_link(ui::Weight::Plain, "Earlier imports", "/desk/findings/imports"));
    Ok(desk_page(ctx, ACTIVE, flashed, shell, form.markup()))
}

/// `POST /desk/findings/import`
pub(in super::super) async fn take(Operation(ctx): Operation, mut fields: Fields) -> Result<Response, PageError> {
    match take_file(&ctx, &mut fields).await {
        Ok(taken) => {
            let import = taken.import();
            let words = match &taken {
                Taken::Same(_) => "The same report was imported before, so nothing changed.".to_owned(),
                Taken::Queued(_) => "The report is stored and is being read.".to_owned(),
                Taken::Done(_) => format!(
                    "{} findings: {} new, {} closed, {} reopened.",
                    import.counts.total, import.counts.added, import.counts.closed, import.counts.reopened
                ),
            };
            Ok(redirect_with(&format!("/desk/findings/imports/{}", import.id), &words))
        }
        Err(error) => {
            let fields = fields.with_errors(error)?;
            let page = show_form(&ctx, Flashed::default(), &fields).await?;
            Ok((fields.status(), page).into_response())
        }
    }
}

async fn take_file(ctx: &Ctx, fields: &mut Fields) -> Result<Taken> {
    let choices = Choices::load(ctx).await?;
    let (product, release) = choices.parse(fields.get("target"))?;
    let upload = fields.take_uploads().into_iter().next();
    let upload = upload.ok_or_else(|| Error::invalid("file", "Choose the report to import; an empty file is none."))?;
    let sent = Sent {
        product,
        release,
        branch: fields.get("branch").to_owned(),
        name: upload.name,
        content: upload.content,
        tool: fields.get("tool").to_owned(),
        practice: Practice::parse(fields.get("practice")),
        scope: fields.get("scope").to_owned(),
        confirmed: fields.ticked("confirm"),
    };
    import::take(ctx, sent).await
}

async fn load(ctx: &Ctx, query: &Query, most: u32) -> Result<Vec<Import>> {
    let mut tx = ctx.read().await?;
    let products = register::products::list_products(&mut tx).await?;
    let filter = ImportFilter {
        products: visible(ctx, &products),
        target: query.get("target").parse().ok(),
        before: query.get("after").parse().ok(),
    };
    store::list_imports(&mut tx, &filter, most).await
}

/// `GET /desk/findings/imports`
pub(in super::super) async fn list(
    Operation(ctx): Operation,
    query: Query,
    flashed: Flashed,
) -> Result<Markup, PageError> {
    let mut imports = load(&ctx, &query, ROWS + 1).await?;
    let more = imports.len() > ROWS as usize;
    imports.truncate(ROWS as usize);
    let older = imports.last().filter(|_| more).map(|last| query.with("after", &last.id.to_string()));
    let newer = (!query.get("after").is_empty()).then(|| query.with("after", ""));
    let pager = ui::Pager::new(format!("{} imports", imports.len())).newer(newer).older(older);
    let mut shell = ui::Shell::new("Imports")
        .subtitle("Every report that came, and what it did.")
        .crumbs(vec![ui::Crumb::link("Findings", "/desk/findings"), ui::Crumb::here("Imports")]);
    if ctx.actor.may_somewhere(Permission::WorkPlans) {
        shell = shell.actions(html! {
            (ui::button_link(ui::Weight::Primary, "Import a report", "/desk/findings/import"))
            (ui::button_link(ui::Weight::Plain, "CSV", "/desk/findings/imports.csv"))
        });
    }
    Ok(desk_page(&ctx, ACTIVE, flashed, shell, html! { (table(&ctx, &imports)) (pager) }))
}

/// `GET /desk/findings/imports.csv`
pub(in super::super) async fn csv(Operation(ctx): Operation, query: Query) -> Result<Response, PageError> {
    let imports = load(&ctx, &query, 100_000).await?;
    let mut file = CsvFile::new(
        "imports.csv",
        [
            "id",
            "product",
            "release_or_branch",
            "state",
            "practice",
            "tool",
            "scope",
            "file",
            "sha256",
            "findings",
            "new",
            "kept",
            "changed",
            "closed",
            "reopened",
            "carried_over",
            "by",
            "at",
            "problem",
        ],
    );
    for import in imports {
        let counts = import.counts;
        let mut cells = vec![
            import.id.to_string(),
            import.product_name,
            import.target_name,
            import.state.as_str().to_owned(),
            import.practice.map_or("", Practice::as_str).to_owned(),
            import.tool,
            import.scope,
            import.file_name,
            import.sha256,
        ];
        let figures =
            [counts.total, counts.added, counts.kept, counts.changed, counts.closed, counts.reopened, counts.carried];
        cells.extend(figures.iter().map(ToString::to_string));
        cells.extend([import.by_name, import.created_at.rfc3339(), import.problem]);
        file.row(cells);
    }
    Ok(file.into_response())
}

fn progress(import: &Import) -> Markup {
    match import.state {
        Progress::Waiting => ui::state(ui::Tone::Info, import.state.label()),
        Progress::Done => ui::state(ui::Tone::Good, import.state.label()),
        Progress::Failed => ui::state(ui::Tone::Bad, import.state.label()),
    }
}

/// Imports as a table.
pub(super) fn table(ctx: &Ctx, imports: &[Import]) -> Markup {
    let rows = imports.iter().map(|import| {
        let counts = import.counts;
        ui::Row::new(vec![
            html! { (import.file_name) },
            html! { (import.product_name) " " (import.target_name) },
            html! { (import.tool) @if !import.scope.is_empty() { " " span class="muted" { (import.scope) } } },
            progress(import),
            html! { (counts.total) },
            html! { (counts.added) },
            html! { (counts.kept) },
            html! { (counts.closed) },
            html! { (counts.reopened) },
            html! { (ago(import.created_at, ctx.now)) " " span class="muted" { (import.by_name) } },
        ])
        .link(format!("/desk/findings/imports/{}", import.id))
    });
    ui::Table::new("Imports")
        .columns(["File", "Release or branch", "Tool", "State"])
        .column(ui::Column::number("Findings"))
        .column(ui::Column::number("New"))
        .column(ui::Column::number("Kept"))
        .column(ui::Column::number("Closed"))
        .column(ui::Column::number("Reopened"))
        .column(ui::Column::new("When"))
        .rows(rows)
        .empty(ui::empty_state(
            "No report yet",
            "Import one by hand, or post it from a pipeline with a token of the product.",
        ))
        .markup()
}

/// `GET /desk/findings/imports/{id}`
pub(in super::super) async fn show(
    Operation(ctx): Operation,
    Path(id): Path<ImportId>,
    flashed: Flashed,
) -> Result<Markup, PageError> {
    let mut tx = ctx.read().await?;
    let import = store::load_import(&mut tx, id).await?;
    let product = register::products::load_product(&mut tx, import.product).await?;
    ctx.require(Permission::ReadPlans, product.scope(), "import")?;
    drop(tx);
    let counts = import.counts;
    let tile = |label: &str, count: i64| ui::Tile::new(label, count);
    let tiles = [
        tile("Findings", counts.total),
        tile("New", counts.added),
        tile("Kept", counts.kept),
        tile("Changed", counts.changed),
        tile("Closed", counts.closed),
        tile("Reopened", counts.reopened),
        tile("Judged by an earlier decision", counts.carried),
    ];
    let warnings: Vec<&str> = import.warnings.lines().collect();
    let body = html! {
        @match import.state {
            Progress::Waiting => {
                (ui::alert(ui::Tone::Info, "Being read", html! {
                    p { "The report is stored and waits for its turn, or is being read right now. Its findings appear all together, or not at all." }
                    (ui::button_link(ui::Weight::Secondary, "Look again", &format!("/desk/findings/imports/{id}")))
                }))
            }
            Progress::Failed => { (ui::alert(ui::Tone::Bad, "Refused", html! { (import.problem) })) }
            Progress::Done => {
                (ui::tiles(&tiles))
                p { (ui::more("The findings of this release or branch", &format!("/desk/findings?target={}", import.target))) }
            }
        }
        @if !warnings.is_empty() {
            (ui::alert(ui::Tone::Warn, "To know about this report", html! { ul { @for words in &warnings { li { (words) } } } }))
        }
        (ui::panel("About", about(&import)))
    };
    let shell = ui::Shell::new(import.file_name.as_str()).badges(progress(&import)).crumbs(vec![
        ui::Crumb::link("Findings", "/desk/findings"),
        ui::Crumb::link("Imports", "/desk/findings/imports"),
        ui::Crumb::here(import.file_name.as_str()),
    ]);
    Ok(desk_page(&ctx, ACTIVE, flashed, shell, body))
}

fn about(import: &Import) -> Markup {
    let mut list = vec![
        ui::Fact::text("Release or branch", &format!("{} {}", import.product_name, import.target_name)),
        ui::Fact::text("Tool", &import.tool),
        ui::Fact::text("Scanner by its own account", &import.scanners),
        ui::Fact::text("Practice", import.practice.map_or("", Practice::label)),
        ui::Fact::text("Kind", import.kind.map_or("", super::super::model::Kind::label)),
        ui::Fact::text("Part that was scanned", if import.scope.is_empty() { "everything" } else { &import.scope }),
        ui::Fact::text("Size", &size_words(import.size)),
        ui::Fact::new("SHA-256", html! { code { (import.sha256) } }),
        ui::Fact::text("Sent by", &import.by_name),
        ui::Fact::new("Came", moment(import.created_at)),
    ];
    if let Some(at) = import.finished_at {
        list.push(ui::Fact::new("Read", moment(at)));
    }
    ui::facts(&list)
}
