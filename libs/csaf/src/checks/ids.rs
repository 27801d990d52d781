//! Identifiers of products and groups: 6.1.1 to 6.1.5 and 6.2.1.

use std::collections::HashMap;

use crate::Version;
use crate::ctx::{Ctx, Marks, Place, STATUS};
use crate::finding::{Sink, shorten};
use crate::json::Value;

/// Lists of entries below a vulnerability that name products and groups, in both versions.
const ENTRIES: [&str; 7] =
    ["first_known_exploitation_dates", "flags", "ids", "involvements", "notes", "remediations", "threats"];
/// Those of 2.0, where the other lists have no such keys.
const ENTRIES_20: [&str; 3] = ["flags", "remediations", "threats"];

const fn entries(version: Version) -> &'static [&'static str] {
    match version {
        Version::V2_0 => &ENTRIES_20,
        Version::V2_1 => &ENTRIES,
    }
}

/// Calls `see` with every reference to a product and its pointer.
fn product_references<'a>(ctx: &Ctx<'a>, see: &mut dyn FnMut(&'a Value<'a>, &dyn Fn() -> String)) {
    let mut list = |items: &'a [Value<'a>], prefix: &dyn Fn() -> String| {
        for (index, item) in items.iter().enumerate() {
            see(item, &|| format!("{}/{index}", prefix()));
        }
    };
    for (index, group) in ctx.tree.list("product_groups").iter().enumerate() {
        list(group.list("product_ids"), &|| format!("/product_tree/product_groups/{index}/product_ids"));
    }
    for (index, note) in document_notes(ctx).iter().enumerate() {
        list(note.list("product_ids"), &|| format!("/document/notes/{index}/product_ids"));
    }
    for (number, vulnerability) in ctx.root.list("vulnerabilities").iter().enumerate() {
        if let Some(status) = vulnerability.get("product_status") {
            for key in STATUS {
                list(status.list(key), &|| format!("/vulnerabilities/{number}/product_status/{key}"));
            }
        }
        for key in entries(ctx.version) {
            for (index, entry) in vulnerability.list(key).iter().enumerate() {
                list(entry.list("product_ids"), &|| format!("/vulnerabilities/{number}/{key}/{index}/product_ids"));
            }
        }
        let key = ctx.metrics_key();
        for (index, metric) in vulnerability.list(key).iter().enumerate() {
            list(metric.list("products"), &|| format!("/vulnerabilities/{number}/{key}/{index}/products"));
        }
    }
    path_references(ctx, see);
}

fn path_references<'a>(ctx: &Ctx<'a>, see: &mut dyn FnMut(&'a Value<'a>, &dyn Fn() -> String)) {
    let key = ctx.paths_key();
    for (index, path) in ctx.tree.list(key).iter().enumerate() {
        for name in ["product_reference", "relates_to_product_reference", "beginning_product_reference"] {
            if let Some(reference) = path.get(name) {
                see(reference, &|| format!("/product_tree/{key}/{index}/{name}"));
            }
        }
        for (step, subpath) in path.list("subpaths").iter().enumerate() {
            if let Some(reference) = subpath.get("next_product_reference") {
                see(reference, &|| format!("/product_tree/{key}/{index}/subpaths/{step}/next_product_reference"));
            }
        }
    }
}

/// The notes of the document, which name products in 2.1 only.
fn document_notes<'a>(ctx: &Ctx<'a>) -> &'a [Value<'a>] {
    match ctx.version {
        Version::V2_0 => &[],
        Version::V2_1 => ctx.document.list("notes"),
    }
}

/// 6.1.1: every product that is referred to is defined.
pub(super) fn missing_products(ctx: &Ctx<'_>, out: &mut Sink) {
    product_references(ctx, &mut |item, path| {
        let Some(id) = item.as_str() else { return };
        if !ctx.pid_of(id).is_some_and(|pid| ctx.is_defined(pid)) {
            let id = shorten(id);
            out.add(
                "6.1.1",
                path(),
                format!(
                    "The product `{id}` is not defined in the product tree; define it there or correct the reference."
                ),
            );
        }
    });
}

/// 6.1.2: no product identifier is defined twice.
pub(super) fn repeated_products(ctx: &Ctx<'_>, out: &mut Sink) {
    let mut seen = Marks::new(ctx.ids.len());
    for product in &ctx.products {
        if let Some(pid) = product.pid
            && !seen.set(pid)
        {
            out.add(
                "6.1.2",
                format!("{}/product_id", ctx.product_path(product.place)),
                format!(
                    "The product identifier `{}` is already defined; give this product another one.",
                    shorten(ctx.id(pid))
                ),
            );
        }
    }
}

/// 6.1.3: no product is made of itself.
pub(super) fn circular_products(ctx: &Ctx<'_>, out: &mut Sink) {
    let key = ctx.paths_key();
    let paths = ctx.tree.list(key);
    let mut by_id: HashMap<&str, Vec<usize>> = HashMap::new();
    for product in &ctx.products {
        if let (Place::Path(index), Some(pid)) = (product.place, product.pid) {
            by_id.entry(ctx.id(pid)).or_default().push(index);
        }
    }
    let targets: Vec<Vec<usize>> =
        paths.iter().map(|path| parts_of(path).filter_map(|id| by_id.get(id)).flatten().copied().collect()).collect();
    for index in on_a_circle(&targets) {
        let id =
            paths.get(index).and_then(|path| path.at(&["full_product_name", "product_id"])).and_then(Value::as_str);
        out.add(
            "6.1.3",
            format!("/product_tree/{key}/{index}/full_product_name/product_id"),
            format!(
                "The product `{}` is defined through itself; break the circle of references.",
                shorten(id.unwrap_or_default())
            ),
        );
    }
}

/// The products that a relationship or product path is made of.
fn parts_of<'a>(path: &'a Value<'a>) -> impl Iterator<Item = &'a str> {
    ["product_reference", "relates_to_product_reference", "beginning_product_reference"]
        .into_iter()
        .filter_map(|key| path.text(key))
        .chain(path.list("subpaths").iter().filter_map(|subpath| subpath.text("next_product_reference")))
}

/// The nodes where a walk meets a node that it is still inside of: at least one on every circle.
fn on_a_circle(targets: &[Vec<usize>]) -> Vec<usize> {
    let mut inside = vec![false; targets.len()];
    let mut done = vec![false; targets.len()];
    let mut found = Vec::new();
    let set = |list: &mut Vec<bool>, at: usize, value: bool| {
        if let Some(slot) = list.get_mut(at) {
            *slot = value;
        }
    };
    for start in 0..targets.len() {
        let mut stack = vec![(start, 0_usize)];
        if done.get(start) == Some(&true) {
            continue;
        }
        set(&mut inside, start, true);
        while let Some((node, next)) = stack.pop() {
            let Some(target) = targets.get(node).and_then(|list| list.get(next)) else {
                set(&mut inside, node, false);
                set(&mut done, node, true);
                continue;
            };
            stack.push((node, next.saturating_add(1)));
            if inside.get(*target) == Some(&true) {
                found.push(*target);
            } else if done.get(*target) == Some(&false) {
                set(&mut inside, *target, true);
                stack.push((*target, 0));
            }
        }
    }
    found.sort_unstable();
    found.dedup();
    found
}

/// 6.1.4: every group that is referred to is defined.
pub(super) fn missing_groups(ctx: &Ctx<'_>, out: &mut Sink) {
    let mut list = |entry: &Value<'_>, prefix: &dyn Fn() -> String| {
        for (index, item) in entry.list("group_ids").iter().enumerate() {
            let Some(id) = item.as_str() else { continue };
            if !ctx.group_numbers.contains_key(id) {
                let id = shorten(id);
                out.add(
                    "6.1.4",
                    format!("{}/group_ids/{index}", prefix()),
                    format!("The product group `{id}` is not defined in the product tree; define it there or correct the reference."),
                );
            }
        }
    };
    for (index, note) in document_notes(ctx).iter().enumerate() {
        list(note, &|| format!("/document/notes/{index}"));
    }
    for (number, vulnerability) in ctx.root.list("vulnerabilities").iter().enumerate() {
        for key in entries(ctx.version) {
            for (index, entry) in vulnerability.list(key).iter().enumerate() {
                list(entry, &|| format!("/vulnerabilities/{number}/{key}/{index}"));
            }
        }
    }
}

/// 6.1.5: no group identifier is defined twice.
pub(super) fn repeated_groups(ctx: &Ctx<'_>, out: &mut Sink) {
    for (index, group) in ctx.groups.iter().enumerate() {
        if ctx.group_numbers.get(group.id).is_some_and(|first| *first != index) {
            out.add(
                "6.1.5",
                format!("/product_tree/product_groups/{index}/group_id"),
                format!(
                    "The group identifier `{}` is already defined; give this group another one.",
                    shorten(group.id)
                ),
            );
        }
    }
}

/// 6.2.1: every product that is defined is used.
pub(super) fn unused_products(ctx: &Ctx<'_>, out: &mut Sink) {
    if ctx.category == "csaf_informational_advisory" {
        return;
    }
    let mut used = Marks::new(ctx.ids.len());
    product_references(ctx, &mut |item, _| {
        if let Some(pid) = item.as_str().and_then(|id| ctx.pid_of(id)) {
            used.set(pid);
        }
    });
    for product in &ctx.products {
        if let Some(pid) = product.pid
            && !used.has(pid)
        {
            out.add(
                "6.2.1",
                format!("{}/product_id", ctx.product_path(product.place)),
                format!(
                    "The product `{}` is defined but nothing refers to it; say what its status is or remove it.",
                    shorten(ctx.id(pid))
                ),
            );
        }
    }
}
