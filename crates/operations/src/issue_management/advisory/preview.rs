//! Previews of what would be published (page, mail, CSAF) and comparisons of versions.

use kernel::Error;
use maud::Markup;
use web::ui::{self, Crumb, Shell, Tab};
use web::{Flashed, Operation, PageError, Path, Query, desk_page};

use super::actions;
use super::compare;
use super::csaf_document;
use super::model::AdvisoryId;
use super::rules;
use super::store;
use crate::issue_management::notice;
use crate::portal::advisory_body;

/// The form in which something is previewed.
const FORMS: [(&str, &str); 4] =
    [("page", "Page"), ("text", "Mail as text"), ("html", "Mail as HTML"), ("csaf", "CSAF")];

/// `GET /desk/advisories/{id}/preview`.
pub(super) async fn show(
    Operation(ctx): Operation,
    Path(id): Path<AdvisoryId>,
    query: Query,
    flashed: Flashed,
) -> Result<Markup, PageError> {
    let mut tx = ctx.read().await?;
    let loaded = actions::load(&mut tx, &ctx, id).await?;
    drop(tx);
    let snapshot = &loaded.snapshot;
    let form = FORMS.iter().map(|(key, _)| *key).find(|key| *key == query.get("as")).unwrap_or("page");
    let page = ctx.url(&format!("/advisories/{}", snapshot.number));
    let manage = ctx.url("/subscribe/…");
    let letter = notice::notice_letter(snapshot, &page, &manage);
    let body = match form {
        "text" => ui::code_block(&letter.subject, &letter.text),
        "html" => ui::panel(&letter.subject, ui::prose(notice::notice_body(snapshot, &page, &manage))),
        "csaf" => {
            let written = csaf_document::document(snapshot, &loaded.addresses).to_bytes(csaf::Version::V2_0);
            let text = String::from_utf8_lossy(&written.bytes).into_owned();
            ui::code_block(&csaf_document::file_name(snapshot), &text)
        }
        _ => advisory_body(snapshot, false),
    };
    let tabs = FORMS
        .iter()
        .map(|(key, label)| Tab::new(*label, format!("/desk/advisories/{id}/preview?as={key}")).here(*key == form))
        .collect();
    let shell = Shell::new(&snapshot.title)
        .subtitle(if rules::may_edit(&loaded.advisory).is_ok() {
            format!("Preview of {}, version {}: nobody outside sees this yet", snapshot.number, snapshot.version)
        } else {
            format!(
                "{} as a next version would look today; version {} is public",
                snapshot.number, loaded.advisory.version
            )
        })
        .crumbs(crumbs(id, &snapshot.number, "Preview"))
        .tabs(tabs);
    Ok(desk_page(&ctx, "advisories", flashed, shell, body))
}

fn crumbs(id: AdvisoryId, number: &str, here: &str) -> Vec<Crumb> {
    vec![
        Crumb::link("Advisories", "/desk/advisories"),
        Crumb::link(number, format!("/desk/advisories/{id}")),
        Crumb::here(here),
    ]
}

/// `GET /desk/advisories/{id}/compare?from=1&to=2`; without `to`, against what would be published now.
pub(super) async fn compare(
    Operation(ctx): Operation,
    Path(id): Path<AdvisoryId>,
    query: Query,
    flashed: Flashed,
) -> Result<Markup, PageError> {
    let mut tx = ctx.read().await?;
    let loaded = actions::load(&mut tx, &ctx, id).await?;
    let missing = || Error::NotFound { what: "version" };
    let from: i64 = query.get("from").parse().unwrap_or(loaded.advisory.version);
    let old = store::load_snapshot(&mut tx, id, from).await?.ok_or_else(missing)?;
    let (new, name) = match query.get("to").parse::<i64>() {
        Ok(version) => {
            (store::load_snapshot(&mut tx, id, version).await?.ok_or_else(missing)?, format!("version {version}"))
        }
        Err(_) => (loaded.snapshot, "the draft".to_owned()),
    };
    drop(tx);
    let title = format!("Version {from} against {name}");
    let body = ui::diff(&title, &ui::diff_texts(&compare::lines(&old), &compare::lines(&new)));
    let shell = Shell::new("Compare versions").crumbs(crumbs(id, &old.number, "Compare"));
    Ok(desk_page(&ctx, "advisories", flashed, shell, body))
}
