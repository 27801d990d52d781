//! Extensions of 2.1: 6.1.60, 6.2.54 and 6.3.21. The content schema (6.1.60.1) is part of the schema's tables.

use crate::ctx::{Ctx, Place};
use crate::finding::{Sink, shorten};
use crate::json::Value;

use super::sharing::label;

/// Extensions whose schema this program knows: those with which OASIS shows how extensions work. The end of the schema's
/// URL, keys that the content needs, keys that it may have, most items in one place, and an extension that excludes it.
struct Known {
    schema: &'static str,
    required: &'static [&'static str],
    allowed: &'static [&'static str],
    most: usize,
    excludes: &'static str,
}

static KNOWN: [Known; 3] = [
    Known {
        schema: "/documentation-11-content_1.0.0.json",
        required: &["documentation"],
        allowed: &["documentation"],
        most: 1,
        excludes: "/documentation-12-content_1.0.0.json",
    },
    Known {
        schema: "/documentation-12-content_1.0.0.json",
        required: &["documentation"],
        allowed: &["documentation", "notes"],
        most: 1,
        excludes: "/documentation-11-content_1.0.0.json",
    },
    Known {
        schema: "/documentation-13-content_1.0.0.json",
        required: &["configuration_tree"],
        allowed: &["configuration_tree"],
        most: 1,
        excludes: "",
    },
];

/// Official extensions live below this address.
const OFFICIAL: &str = "https://docs.oasis-open.org/csaf/";

/// Where extensions may stand, with the test that tells of their use there.
struct Site<'a> {
    list: &'a [Value<'a>],
    path: String,
    test: &'static str,
}

fn sites<'a>(ctx: &Ctx<'a>) -> Vec<Site<'a>> {
    let mut sites = Vec::new();
    let mut put = |holder: &'a Value<'a>, path: String, test: &'static str| {
        if let Some(list) = holder.get("x_extensions") {
            sites.push(Site { list: list.elements(), path: format!("{path}/x_extensions"), test });
        }
    };
    put(ctx.document, "/document".to_owned(), "6.3.21.3");
    for product in &ctx.products {
        let test = match product.place {
            Place::Branch(_) => "6.3.21.4",
            Place::Plain(_) => "6.3.21.5",
            Place::Path(_) => "6.3.21.6",
        };
        if product.value.get("x_extensions").is_some() {
            put(product.value, ctx.product_path(product.place), test);
        }
    }
    for (number, vulnerability) in ctx.root.list("vulnerabilities").iter().enumerate() {
        for (index, metric) in vulnerability.list("metrics").iter().enumerate() {
            if let Some(content) = metric.get("content") {
                put(content, format!("/vulnerabilities/{number}/metrics/{index}/content"), "6.3.21.7");
            }
        }
        put(vulnerability, format!("/vulnerabilities/{number}"), "6.3.21.8");
    }
    put(ctx.root, String::new(), "6.3.21.9");
    sites
}

/// 6.1.60.2 and 6.1.60.3: extensions that we know have the content that they should, where and as often as they may.
pub(super) fn mandatory(ctx: &Ctx<'_>, out: &mut Sink) {
    let sites = sites(ctx);
    let used = || sites.iter().flat_map(|site| site.list).filter_map(|item| item.text("$schema"));
    for site in &sites {
        let mut counts = [0_usize; KNOWN.len()];
        for (index, item) in site.list.iter().enumerate() {
            let Some(at) =
                item.text("$schema").and_then(|schema| KNOWN.iter().position(|known| schema.ends_with(known.schema)))
            else {
                continue;
            };
            let Some(known) = KNOWN.get(at) else { continue };
            let content = item.get("content").map_or(&[][..], Value::fields);
            let missing = known.required.iter().find(|key| !content.iter().any(|(name, _)| name == *key));
            let extra = content.iter().find(|(name, _)| !known.allowed.contains(&name.as_ref()));
            if let Some(key) = missing {
                out.add(
                    "6.1.60.2",
                    format!("{}/{index}/content", site.path),
                    format!("The extension's schema asks for the key `{key}`; add it."),
                );
            }
            if let Some((key, _)) = extra {
                out.add(
                    "6.1.60.2",
                    format!("{}/{index}/content", site.path),
                    format!("The extension's schema has no key `{}`; remove it.", shorten(key)),
                );
            }
            if let Some(count) = counts.get_mut(at) {
                *count = count.saturating_add(1);
                if *count > known.most {
                    out.add(
                        "6.1.60.3",
                        site.path.clone(),
                        "The extension stands here more often than it may; keep one.",
                    );
                }
            }
            if !known.excludes.is_empty() && used().any(|schema| schema.ends_with(known.excludes)) {
                out.add(
                    "6.1.60.3",
                    site.path.clone(),
                    "Two extensions of this document exclude each other; remove one.",
                );
            }
        }
    }
}

fn is_official(schema: &str) -> bool {
    schema.starts_with(OFFICIAL)
}

/// 6.2.54.1 to 6.2.54.4.
pub(super) fn recommended(ctx: &Ctx<'_>, out: &mut Sink) {
    let public = label(ctx) == "CLEAR";
    for site in sites(ctx) {
        for (index, item) in site.list.iter().enumerate() {
            let path = format!("{}/{index}", site.path);
            let schema = item.text("$schema").unwrap_or_default();
            if !is_official(schema) {
                let name = shorten(schema);
                out.add(
                    "6.2.54.1",
                    path.clone(),
                    format!("The extension {name} is not known to be registered; readers may not understand it."),
                );
                out.add(
                    "6.2.54.2",
                    path.clone(),
                    format!("The extension {name} is not official; readers may not understand it."),
                );
                if public {
                    out.add(
                        "6.2.54.4",
                        path.clone(),
                        "A document for everybody should have no experimental extension; remove it or register it.",
                    );
                }
            }
            if item.get("critical").and_then(Value::as_bool) == Some(true) {
                out.add("6.2.54.3", format!("{path}/critical"), "Readers who do not understand this extension cannot judge the document; avoid critical extensions.");
            }
        }
    }
}

/// 6.3.21.1 to 6.3.21.9.
pub(super) fn informative(ctx: &Ctx<'_>, out: &mut Sink) {
    let public = label(ctx) == "CLEAR";
    for site in sites(ctx) {
        out.add(site.test, site.path.clone(), "Extensions are used here; readers may not understand them.");
        for (index, item) in site.list.iter().enumerate() {
            if item.text("category") == Some("essential") {
                out.add(
                    "6.3.21.1",
                    format!("{}/{index}/category", site.path),
                    "The extension is essential: readers who do not understand it miss something.",
                );
            }
            if !public && !is_official(item.text("$schema").unwrap_or_default()) {
                out.add(
                    "6.3.21.2",
                    format!("{}/{index}", site.path),
                    "The extension is experimental; make sure that your recipients know it.",
                );
            }
        }
    }
}
