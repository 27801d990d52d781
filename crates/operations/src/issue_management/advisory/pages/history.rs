//! The texts of an advisory that authors saved: who wrote what when, what changed between two, and bringing one back.

use axum::response::Response;
use kernel::Permission;
use maud::{Markup, html};
use web::ui::{self, ButtonForm, Choice, Crumb, FilterBar, Shell, Tone};
use web::{Fields, Flashed, Operation, PageError, Path, Query, desk_page, moment, redirect_with};

use super::super::actions::{self, Loaded};
use super::super::compare;
use super::super::model::{AdvisoryId, Origin, SavedDraft};
use super::super::rules;
use super::super::store;

/// At most so many texts are shown, the newest.
const MOST: u64 = 200;

fn what(saved: &SavedDraft, before: Option<&SavedDraft>) -> String {
    let changed = before.map(|before| before.draft.changes(&saved.draft).join(", ")).unwrap_or_default();
    match (saved.origin, saved.restored_from) {
        (Origin::Begun, _) => "Begun from the case".to_owned(),
        (Origin::Revised, _) => format!("Version {} begun", saved.for_version),
        (Origin::Restored, Some(from)) => format!("Text {from} brought back"),
        (Origin::Saved | Origin::Restored, _) if changed.is_empty() => "Saved".to_owned(),
        (Origin::Saved | Origin::Restored, _) => format!("Changed: {changed}"),
    }
}

fn row(loaded: &Loaded, saved: &SavedDraft, before: Option<&SavedDraft>, may_write: bool) -> ui::Row {
    let advisory = &loaded.advisory;
    let here = format!("/desk/advisories/{}/history", advisory.id);
    let is_now = saved.draft == advisory.draft;
    let public = if saved.for_version <= advisory.version { "published" } else { "not public yet" };
    ui::Row::new(vec![
        html! { "Text " (saved.position) @if is_now { " " (ui::badge(Tone::Info, "As it stands")) } },
        html! { (saved.for_version) " " span class="muted small" { "(" (public) ")" } },
        html! { (what(saved, before)) },
        html! { (saved.saved_by) },
        moment(saved.saved_at),
        html! {
            @if let Some(before) = before {
                a href={(here) "?from=" (before.position) "&to=" (saved.position)} { "What changed" }
            }
        },
        html! {
            @if may_write && !is_now {
                (ButtonForm::new("Bring back", format!("{here}/{}", saved.position)).with("revision", advisory.revision)
                    .confirm(format!("Text {} becomes the newest text; those after it stay in this list. An approval is taken back.", saved.position)))
            }
        },
    ])
}

/// The two texts that the address asks for, else the newest and the one before.
fn chosen<'a>(query: &Query, list: &'a [SavedDraft]) -> Option<(&'a SavedDraft, &'a SavedDraft)> {
    let named = |name: &str| {
        let position: i64 = query.get(name).parse().ok()?;
        list.iter().find(|saved| saved.position == position)
    };
    let new = named("to").or_else(|| list.first())?;
    let old = named("from").or_else(|| list.iter().find(|saved| saved.position < new.position))?;
    Some((old, new))
}

fn comparison(list: &[SavedDraft], old: &SavedDraft, new: &SavedDraft, here: &str) -> Markup {
    let choices = |at: &SavedDraft| {
        list.iter()
            .map(|saved| {
                let label = format!("Text {}, {}", saved.position, saved.saved_by);
                Choice::new(saved.position.to_string(), label).chosen(saved.position == at.position)
            })
            .collect::<Vec<_>>()
    };
    let bar = FilterBar::new(here).select("from", "From", &choices(old)).select("to", "To", &choices(new));
    let title = format!("Text {} against text {}", new.position, old.position);
    let lines = ui::diff_texts(&compare::draft_lines(&old.draft), &compare::draft_lines(&new.draft));
    html! {
        (bar)
        @if old.draft == new.draft {
            (ui::alert(Tone::Info, "The same words", html! { p { "Text " (old.position) " and text " (new.position) " do not differ." } }))
        } @else { (ui::diff(&title, &lines)) }
    }
}

/// `GET /desk/advisories/{id}/history?from=1&to=2`.
pub(in super::super) async fn history(
    Operation(ctx): Operation,
    Path(id): Path<AdvisoryId>,
    query: Query,
    flashed: Flashed,
) -> Result<Markup, PageError> {
    let mut tx = ctx.read().await?;
    let loaded = actions::load(&mut tx, &ctx, id).await?;
    let list = store::list_drafts(&mut tx, id, MOST).await?;
    drop(tx);
    let advisory = &loaded.advisory;
    let may_write = ctx.actor.may(Permission::WriteAdvisories, loaded.facts.place) && rules::may_edit(advisory).is_ok();
    let rows = list.iter().enumerate().map(|(place, saved)| row(&loaded, saved, list.get(place + 1), may_write));
    let table = ui::Table::new("Saved texts")
        .columns(["Text", "For version", "What", "By", "Saved", "", ""])
        .rows(rows)
        .empty(ui::empty_state("Nothing was saved yet", "Each time somebody saves, the text is kept here."));
    let here = format!("/desk/advisories/{id}/history");
    let body = html! {
        (table)
        @if let Some((old, new)) = chosen(&query, &list) { (comparison(&list, old, new, &here)) }
    };
    let shell = Shell::new("Saved texts")
        .subtitle(format!(
            "Everything that was ever saved for {}. What the case contributes is not in here; published versions are compared on the advisory's page.",
            advisory.number
        ))
        .crumbs(vec![
            Crumb::link("Advisories", "/desk/advisories"),
            Crumb::link(&advisory.number, format!("/desk/advisories/{id}")),
            Crumb::here("Saved texts"),
        ]);
    Ok(desk_page(&ctx, "advisories", flashed, shell, body))
}

/// `POST /desk/advisories/{id}/history/{text}`: brings that text back.
pub(in super::super) async fn restore(
    Operation(ctx): Operation,
    Path((id, text)): Path<(AdvisoryId, i64)>,
    fields: Fields,
) -> Result<Response, PageError> {
    actions::restore(&ctx, id, text, fields.revision()?).await?;
    Ok(redirect_with(
        &format!("/desk/advisories/{id}/history"),
        &format!("Text {text} is brought back. It needs a review before it goes out."),
    ))
}
