//! The tests of the profiles: 6.1.27.1 to 6.1.27.11.

use crate::Version;
use crate::ctx::{Ctx, KNOWN_AFFECTED, NOT_AFFECTED, Refs, STATUS, Vulnerability};
use crate::finding::{Sink, shorten};
use crate::json::Value;

/// The profile of a document.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Profile {
    Incident,
    Informational,
    Advisory,
    Vex,
    Deprecated,
    Withdrawn,
    Superseded,
}

impl Profile {
    pub(super) fn of(ctx: &Ctx<'_>) -> Option<Self> {
        let profile = match ctx.category {
            "csaf_security_incident_response" => Self::Incident,
            "csaf_informational_advisory" => Self::Informational,
            "csaf_security_advisory" => Self::Advisory,
            "csaf_vex" => Self::Vex,
            "csaf_deprecated_security_advisory" => Self::Deprecated,
            "csaf_withdrawn" => Self::Withdrawn,
            "csaf_superseded" => Self::Superseded,
            _ => return None,
        };
        let known = super::document::profiles(ctx.version).contains(&ctx.category);
        known.then_some(profile)
    }
}

/// Runs the tests of the profile that the category names.
pub(super) fn run(ctx: &Ctx<'_>, out: &mut Sink) {
    let Some(profile) = Profile::of(ctx) else { return };
    match profile {
        Profile::Incident => notes_and_references(ctx, out),
        Profile::Informational => {
            notes_and_references(ctx, out);
            if ctx.root.get("vulnerabilities").is_some() {
                out.add(
                    "6.1.27.3",
                    "/vulnerabilities",
                    "An informational advisory has no vulnerabilities; remove them or set the category to csaf_security_advisory.",
                );
            }
        }
        Profile::Advisory | Profile::Deprecated => {
            product_tree_and_vulnerabilities(ctx, out);
            for (number, vulnerability) in ctx.vulnerabilities.iter().enumerate() {
                if vulnerability.value.get("product_status").is_none() {
                    out.add(
                        "6.1.27.6",
                        format!("/vulnerabilities/{number}/product_status"),
                        "The vulnerability does not say which products are affected; add `product_status`.",
                    );
                }
            }
        }
        Profile::Vex => {
            product_tree_and_vulnerabilities(ctx, out);
            vex(ctx, out);
        }
        Profile::Withdrawn | Profile::Superseded => {}
    }
}

/// 6.1.27.1 and 6.1.27.2.
fn notes_and_references(ctx: &Ctx<'_>, out: &mut Sink) {
    let notes = ctx.document.list("notes");
    let told = notes
        .iter()
        .any(|note| matches!(note.text("category"), Some("description" | "details" | "general" | "summary")));
    if !told {
        out.add(
            "6.1.27.1",
            "/document/notes",
            "No note tells what this is about; add one of category summary, description, details or general.",
        );
    }
    let external = ctx
        .document
        .list("references")
        .iter()
        .any(|reference| reference.get("category").is_none_or(|category| category.as_str() == Some("external")));
    if !external {
        out.add("6.1.27.2", "/document/references", "There is no external reference; add one of category external.");
    }
}

/// 6.1.27.4, 6.1.27.5 and 6.1.27.11.
fn product_tree_and_vulnerabilities(ctx: &Ctx<'_>, out: &mut Sink) {
    if ctx.root.get("product_tree").is_none() {
        out.add("6.1.27.4", "/product_tree", "There is no product tree; list the products that this is about.");
    }
    if ctx.root.get("vulnerabilities").is_none() {
        out.add("6.1.27.11", "/vulnerabilities", "There are no vulnerabilities; add them or set another category.");
    }
    for (number, vulnerability) in ctx.vulnerabilities.iter().enumerate() {
        if vulnerability.value.get("notes").is_none() {
            out.add(
                "6.1.27.5",
                format!("/vulnerabilities/{number}/notes"),
                "Nothing tells about this vulnerability; add a note, for example of category description.",
            );
        }
    }
}

/// 6.1.27.7 to 6.1.27.10.
fn vex(ctx: &Ctx<'_>, out: &mut Sink) {
    let mut cover = ctx.new_cover();
    for (number, vulnerability) in ctx.vulnerabilities.iter().enumerate() {
        let status = vulnerability.value.get("product_status");
        let told = ["fixed", "known_affected", "known_not_affected", "under_investigation"]
            .iter()
            .any(|key| status.and_then(|status| status.get(key)).is_some());
        if !told {
            out.add(
                "6.1.27.7",
                format!("/vulnerabilities/{number}/product_status"),
                "A VEX states at least one of fixed, known_affected, known_not_affected and under_investigation; add it.",
            );
        }
        vulnerability_id(ctx, number, vulnerability, out);
        let impacts = vulnerability.threats.iter().enumerate().filter(|(index, _)| is_impact(vulnerability, *index));
        ctx.cover(&mut cover, vulnerability.flags.iter().chain(impacts.map(|(_, refs)| refs)));
        for (index, pid) in vulnerability.status.get(NOT_AFFECTED).into_iter().flatten().enumerate() {
            if !cover.products.has(*pid) {
                out.add(
                    "6.1.27.9",
                    format!("/vulnerabilities/{number}/product_status/known_not_affected/{index}"),
                    format!("Nothing says why the product `{}` is not affected; add a flag, or a threat of category impact.", shorten(ctx.id(*pid))),
                );
            }
        }
        ctx.cover(&mut cover, vulnerability.remediations.iter());
        for (index, pid) in vulnerability.status.get(KNOWN_AFFECTED).into_iter().flatten().enumerate() {
            if !cover.products.has(*pid) {
                out.add(
                    "6.1.27.10",
                    format!("/vulnerabilities/{number}/product_status/known_affected/{index}"),
                    format!(
                        "Nothing says what to do about the affected product `{}`; add a remediation.",
                        shorten(ctx.id(*pid))
                    ),
                );
            }
        }
    }
}

fn is_impact(vulnerability: &Vulnerability<'_>, index: usize) -> bool {
    vulnerability.value.list("threats").get(index).and_then(|threat| threat.text("category")) == Some("impact")
}

/// 6.1.27.8. In 2.1 an identifier may be for some products only; then every product needs one.
fn vulnerability_id(ctx: &Ctx<'_>, number: usize, vulnerability: &Vulnerability<'_>, out: &mut Sink) {
    if vulnerability.value.get("cve").is_some() {
        return;
    }
    let ids = vulnerability.value.list("ids");
    let general = |id: &Value<'_>| id.get("product_ids").is_none() && id.get("group_ids").is_none();
    if ids.is_empty() || ctx.is(Version::V2_0) || ids.iter().any(general) {
        if vulnerability.value.get("ids").is_none() {
            out.add(
                "6.1.27.8",
                format!("/vulnerabilities/{number}"),
                "The vulnerability has no name; add `cve`, or an identifier of your own in `ids`.",
            );
        }
        return;
    }
    let refs: Vec<Refs> = ids.iter().map(|id| ctx.resolve(id)).collect();
    let mut cover = ctx.new_cover();
    ctx.cover(&mut cover, refs.iter());
    for (key, list) in STATUS.iter().zip(&vulnerability.status) {
        for (index, pid) in list.iter().enumerate() {
            if !cover.products.has(*pid) {
                out.add(
                    "6.1.27.8",
                    format!("/vulnerabilities/{number}/product_status/{key}/{index}"),
                    format!("No identifier of the vulnerability is for the product `{}`; add `cve`, or an item of `ids` for all products.", shorten(ctx.id(*pid))),
                );
            }
        }
    }
}
