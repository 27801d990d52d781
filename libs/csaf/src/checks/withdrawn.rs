//! The profiles that 2.1 adds to: 6.1.27.12 to 6.1.27.19 and 6.2.39.

use std::collections::{HashMap, HashSet};

use super::profile::Profile;
use super::sharing::{Tongue, one_note, tongue};
use crate::ctx::{AFFECTED, Ctx, FIXED, KNOWN_AFFECTED, Pid, Place, STATUS, Vulnerability};
use crate::finding::{Sink, shorten};

/// 6.1.27.12 to 6.1.27.19.
pub(super) fn mandatory(ctx: &Ctx<'_>, out: &mut Sink) {
    match Profile::of(ctx) {
        Some(Profile::Advisory) => advisory(ctx, out),
        Some(Profile::Withdrawn) => {
            replaced(ctx, out);
            if tongue(ctx) == Tongue::English {
                one_note(ctx, "6.1.27.17", "Reasoning for Withdrawal", "description", out);
            }
        }
        Some(Profile::Superseded) => {
            replaced(ctx, out);
            if tongue(ctx) == Tongue::English {
                one_note(ctx, "6.1.27.18", "Reasoning for Supersession", "description", out);
                successor(ctx, "6.1.27.19", "Superseding Document", out);
            }
        }
        Some(Profile::Incident | Profile::Informational | Profile::Vex | Profile::Deprecated) | None => {}
    }
}

/// 6.2.39.1 to 6.2.39.5.
pub(super) fn recommended(ctx: &Ctx<'_>, out: &mut Sink) {
    let profile = Profile::of(ctx);
    if profile == Some(Profile::Advisory) {
        missing_fixed(ctx, out);
    }
    if !matches!(profile, Some(Profile::Withdrawn | Profile::Superseded)) {
        return;
    }
    if tongue(ctx) == Tongue::German {
        if profile == Some(Profile::Withdrawn) {
            one_note(ctx, "6.2.39.2", "Begründung für die Zurückziehung", "description", out);
        } else {
            one_note(ctx, "6.2.39.3", "Begründung für die Ersetzung", "description", out);
            successor(ctx, "6.2.39.4", "Ersetzendes Dokument", out);
        }
    }
    for (value, path) in [(ctx.document, "/document/x_extensions"), (ctx.root, "/x_extensions")] {
        if value.get("x_extensions").is_some() {
            out.add("6.2.39.5", path, "A withdrawn or superseded document needs no extension; remove it.");
        }
    }
}

/// 6.1.27.14 to 6.1.27.16: a document that is replaced says why, and nothing else.
fn replaced(ctx: &Ctx<'_>, out: &mut Sink) {
    if ctx.root.get("product_tree").is_some() {
        out.add(
            "6.1.27.15",
            "/product_tree",
            "A withdrawn or superseded document lists no products; remove the product tree.",
        );
    }
    if ctx.root.get("vulnerabilities").is_some() {
        out.add(
            "6.1.27.3",
            "/vulnerabilities",
            "A withdrawn or superseded document has no vulnerabilities; remove them.",
        );
    }
    if ctx.tracking.list("revision_history").len() < 2 {
        out.add(
            "6.1.27.16",
            "/document/tracking/revision_history",
            "The history has one entry, but something has to have been published before; keep the earlier entries.",
        );
    }
    let reasoned = ctx.document.list("notes").iter().any(|note| matches!(note.text("category"), Some("description")));
    if !reasoned {
        out.add(
            "6.1.27.14",
            "/document/notes",
            "Nothing says why the document was withdrawn or superseded; add a note of category description.",
        );
    }
}

/// A reference to the document that replaces this one.
fn successor(ctx: &Ctx<'_>, test: &'static str, summary: &str, out: &mut Sink) {
    let there = ctx.document.list("references").iter().any(|reference| {
        reference.text("category") == Some("external")
            && reference.text("summary").is_some_and(|found| found.starts_with(summary))
    });
    if !there {
        out.add(test, "/document/references", format!("Add a reference of category external to the new document, with a summary that starts with \"{summary}\"."));
    }
}

/// 6.1.27.12 and 6.1.27.13: affected products are named, also for each fixed one.
fn advisory(ctx: &Ctx<'_>, out: &mut Sink) {
    let kin = Kin::new(ctx);
    for (number, vulnerability) in ctx.vulnerabilities.iter().enumerate() {
        let status = vulnerability.value.get("product_status");
        if status.and_then(|status| status.get("known_affected")).is_none() {
            out.add(
                "6.1.27.12",
                format!("/vulnerabilities/{number}/product_status/known_affected"),
                "A security advisory names the affected products; add `known_affected`.",
            );
        }
        let affected: HashSet<usize> = products(vulnerability, &AFFECTED).flat_map(|(.., pid)| kin.of(pid)).collect();
        for (key, index, pid) in products(vulnerability, &FIXED) {
            let mut own = kin.of(pid).into_iter().chain(kin.hosts(pid)).peekable();
            if own.peek().is_some() && !own.any(|kind| affected.contains(&kind)) {
                out.add(
                    "6.1.27.13",
                    format!("/vulnerabilities/{number}/product_status/{key}/{index}"),
                    format!("The product `{}` is fixed, but no version of it is listed as affected; add the affected versions.", shorten(ctx.id(pid))),
                );
            }
        }
    }
}

fn products<'v>(
    vulnerability: &'v Vulnerability<'_>,
    lists: &'v [usize],
) -> impl Iterator<Item = (&'static str, usize, Pid)> + 'v {
    lists.iter().flat_map(|list| {
        let key = STATUS.get(*list).copied().unwrap_or_default();
        vulnerability.status.get(*list).into_iter().flatten().enumerate().map(move |(index, pid)| (key, index, *pid))
    })
}

/// Which products are versions of the same thing: those whose branches differ in version parts only. A product path is
/// of the kind of what it starts with, combined with what it leads to.
struct Kin {
    kinds: Vec<Vec<usize>>,
    hosts: Vec<Vec<usize>>,
}

impl Kin {
    fn new(ctx: &Ctx<'_>) -> Self {
        let mut kin = Self { kinds: vec![Vec::new(); ctx.ids.len()], hosts: vec![Vec::new(); ctx.ids.len()] };
        let mut names: HashMap<Vec<(bool, usize)>, usize> = HashMap::new();
        for product in &ctx.products {
            let (Place::Branch(number), Some(pid)) = (product.place, product.pid) else { continue };
            if let Some(slot) = kin.kinds.get_mut(pid) {
                slot.push(unversioned(ctx, number));
            }
        }
        let first_name = ctx.branches.len();
        for product in &ctx.products {
            let (Place::Path(index), Some(pid)) = (product.place, product.pid) else { continue };
            let Some(path) = ctx.tree.list("product_paths").get(index) else { continue };
            let begin = path.text("beginning_product_reference").and_then(|id| ctx.pid_of(id));
            let mut parts: Vec<Pid> = begin.into_iter().collect();
            let mut with = Vec::new();
            for step in path.list("subpaths") {
                let next = step.text("next_product_reference").and_then(|id| ctx.pid_of(id));
                if step.text("category") == Some("installed_with") {
                    with.extend(next);
                }
                parts.extend(next);
            }
            let begin = begin.and_then(|pid| kin.kinds.get(pid)?.first().copied());
            // Two paths are of one kind when they differ in the version of one part only.
            for at in 0..parts.len() {
                let name = parts.iter().enumerate().map(|(place, part)| {
                    let kind = kin.kinds.get(*part).and_then(|kinds| kinds.first().copied()).filter(|_| place == at);
                    kind.map_or((false, *part), |kind| (true, kind))
                });
                let fresh = first_name.saturating_add(names.len());
                let kind = *names.entry(name.collect()).or_insert(fresh);
                if let Some(slot) = kin.kinds.get_mut(pid) {
                    slot.push(kind);
                }
            }
            // What is installed with something else fixes what it is installed with: the path before that step counts.
            if let (Some(begin), false) = (begin, with.is_empty()) {
                for other in std::iter::once(pid).chain(with) {
                    if let Some(slot) = kin.hosts.get_mut(other) {
                        slot.push(begin);
                    }
                }
            }
        }
        kin
    }

    fn of(&self, pid: Pid) -> Vec<usize> {
        self.kinds.get(pid).cloned().unwrap_or_default()
    }

    fn hosts(&self, pid: Pid) -> Vec<usize> {
        self.hosts.get(pid).cloned().unwrap_or_default()
    }
}

/// The nearest branch that stands for no version.
fn unversioned(ctx: &Ctx<'_>, number: usize) -> usize {
    const VERSIONS: [&str; 4] = ["product_version", "product_version_range", "service_pack", "patch_level"];
    ctx.ancestors(number).find(|(_, branch)| !VERSIONS.contains(&branch.category)).map_or(number, |(at, _)| at)
}

/// 6.2.39.1: affected products have a fixed version, unless a remediation says that there is none.
fn missing_fixed(ctx: &Ctx<'_>, out: &mut Sink) {
    let kin = Kin::new(ctx);
    let mut unfixed = ctx.new_cover();
    for (number, vulnerability) in ctx.vulnerabilities.iter().enumerate() {
        let without = vulnerability.remediations.iter().enumerate().filter(|(index, _)| {
            let category =
                vulnerability.value.list("remediations").get(*index).and_then(|entry| entry.text("category"));
            matches!(category, Some("fix_planned" | "no_fix_planned" | "none_available"))
        });
        ctx.cover(&mut unfixed, without.map(|(_, refs)| refs));
        let fixed: HashSet<usize> = products(vulnerability, &FIXED)
            .flat_map(|(.., pid)| kin.of(pid).into_iter().chain(kin.hosts(pid)))
            .collect();
        for (key, index, pid) in products(vulnerability, &[KNOWN_AFFECTED]) {
            let own = kin.of(pid);
            let has_fix = own.iter().any(|kind| fixed.contains(kind))
                || (own.is_empty() && products(vulnerability, &FIXED).next().is_some());
            if !has_fix && !unfixed.products.has(pid) {
                out.add(
                    "6.2.39.1",
                    format!("/vulnerabilities/{number}/product_status/{key}/{index}"),
                    format!("The product `{}` is affected, but no fixed version is listed; add it, or a remediation that says there is none.", shorten(ctx.id(pid))),
                );
            }
        }
    }
}
