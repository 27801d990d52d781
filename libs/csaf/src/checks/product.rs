//! Products and branches: 6.1.13, 6.1.25, 6.1.31, 6.2.8, 6.2.9, 6.2.16, 6.2.18, 6.3.5 and 6.3.9 to 6.3.11.

use std::collections::HashSet;

use crate::Version;
use crate::ctx::{Ctx, Place};
use crate::finding::{Sink, shorten};
use crate::json::Value;

const HELPER: &str = "product_identification_helper";

/// Calls `see` with every identification helper and its pointer.
pub(super) fn each_helper<'a>(ctx: &Ctx<'a>, see: &mut dyn FnMut(&'a Value<'a>, &dyn Fn() -> String)) {
    for product in &ctx.products {
        if let Some(helper) = product.value.get(HELPER) {
            see(helper, &|| format!("{}/{HELPER}", ctx.product_path(product.place)));
        }
    }
}

/// Calls `see` with every package URL and its pointer.
pub(super) fn each_purl<'a>(ctx: &Ctx<'a>, see: &mut dyn FnMut(&'a str, &dyn Fn() -> String)) {
    each_helper(ctx, &mut |helper, path| {
        if let Some(purl) = helper.text("purl").filter(|_| ctx.is(Version::V2_0)) {
            see(purl, &|| format!("{}/purl", path()));
        }
        for (index, purl) in helper.list("purls").iter().enumerate() {
            if let Some(purl) = purl.as_str() {
                see(purl, &|| format!("{}/purls/{index}", path()));
            }
        }
    });
}

/// 6.1.13: package URLs are valid.
pub(super) fn package_urls(ctx: &Ctx<'_>, out: &mut Sink) {
    each_purl(ctx, &mut |purl, path| {
        if let Err(reason) = crate::purl::parse(purl) {
            out.add("6.1.13", path(), format!("\"{}\" is no valid package URL: {reason}; correct it.", shorten(purl)));
        }
    });
}

/// 6.1.25: one hash of an algorithm for a file.
pub(super) fn hashes(ctx: &Ctx<'_>, out: &mut Sink) {
    each_helper(ctx, &mut |helper, path| {
        for (index, file) in helper.list("hashes").iter().enumerate() {
            let mut seen = HashSet::new();
            for (position, hash) in file.list("file_hashes").iter().enumerate() {
                let Some(algorithm) = hash.text("algorithm") else { continue };
                if !seen.insert(algorithm.to_ascii_lowercase()) {
                    out.add(
                        "6.1.25",
                        format!("{}/hashes/{index}/file_hashes/{position}", path()),
                        format!("There is a {} hash of this file already; keep the right one.", shorten(algorithm)),
                    );
                }
            }
        }
    });
}

/// Words that make a range of a version, as 6.1.31 lists them.
const RANGE_WORDS: [&str; 7] = ["after", "all", "before", "earlier", "later", "prior", "versions"];

/// 6.1.31: a product version is one version.
///
/// The words count between white space only, as the later standard spells out: `vers:all/*` and names of packages
/// such as `jboss-marshalling` are no ranges.
pub(super) fn branches(ctx: &Ctx<'_>, out: &mut Sink) {
    for (number, branch) in ctx.branches.iter().enumerate() {
        if branch.category != "product_version" {
            continue;
        }
        let name = branch.name.to_lowercase();
        let word = if name.contains(['<', '>']) {
            name.split(|letter: char| !matches!(letter, '<' | '>' | '=')).find(|part| !part.is_empty())
        } else {
            name.split_whitespace().find(|word| RANGE_WORDS.contains(word))
        };
        if let Some(word) = word {
            out.add(
                "6.1.31",
                format!("{}/name", ctx.branch_path(number)),
                format!(
                    "\"{}\" contains `{word}` and seems to be a range of versions; use the category product_version_range, or list each version.",
                    shorten(branch.name)
                ),
            );
        }
    }
}

/// 6.2.8, 6.2.9, 6.2.16, 6.2.18: weak hashes, products without identification, ranges that no program understands.
pub(super) fn helpers(ctx: &Ctx<'_>, out: &mut Sink) {
    each_helper(ctx, &mut |helper, path| {
        for (index, file) in helper.list("hashes").iter().enumerate() {
            let list = file.list("file_hashes");
            for (test, weak) in [("6.2.8", "md5"), ("6.2.9", "sha1")] {
                let only = !list.is_empty()
                    && list
                        .iter()
                        .all(|hash| hash.text("algorithm").is_some_and(|name| name.eq_ignore_ascii_case(weak)));
                if only {
                    out.add(
                        test,
                        format!("{}/hashes/{index}/file_hashes", path()),
                        format!(
                            "{weak} is the only hash of this file and no longer safe; add a sha256 or sha512 hash."
                        ),
                    );
                }
            }
        }
    });
    for product in &ctx.products {
        if product.value.get(HELPER).is_none() {
            out.add(
                "6.2.16",
                ctx.product_path(product.place),
                format!(
                    "The product `{}` has nothing that programs recognise it by; add `{HELPER}` with a CPE, package URL, serial or model number.",
                    shorten(product.value.text("product_id").unwrap_or_default())
                ),
            );
        }
    }
    for (number, branch) in ctx.branches.iter().enumerate() {
        if branch.category == "product_version_range" && !looks_like_vers(branch.name) {
            out.add(
                "6.2.18",
                format!("{}/name", ctx.branch_path(number)),
                format!(
                    "\"{}\" is no version range that programs read; write it as vers, such as vers:generic/<4.2.",
                    shorten(branch.name)
                ),
            );
        }
    }
}

/// The form of a vers, as 6.2.18 deems sufficient.
pub(super) fn looks_like_vers(name: &str) -> bool {
    let Some((kind, rest)) = name.strip_prefix("vers:").and_then(|rest| rest.split_once('/')) else { return false };
    let letter = |byte: u8| byte.is_ascii_lowercase() || matches!(byte, b'.' | b'-' | b'+');
    !rest.is_empty()
        && kind.bytes().next().is_some_and(letter)
        && kind.bytes().all(|byte| letter(byte) || byte.is_ascii_digit())
}

/// 6.3.5, 6.3.9, 6.3.10, 6.3.11: short hashes, and branches that programs find hard to read.
pub(super) fn categories(ctx: &Ctx<'_>, out: &mut Sink) {
    each_helper(ctx, &mut |helper, path| {
        for (index, file) in helper.list("hashes").iter().enumerate() {
            for (position, hash) in file.list("file_hashes").iter().enumerate() {
                let length = hash.text("value").map_or(64, |value| value.chars().count());
                if length < 64 {
                    out.add(
                        "6.3.5",
                        format!("{}/hashes/{index}/file_hashes/{position}/value", path()),
                        format!("The hash has {length} digits only; use one of at least 64, such as sha256."),
                    );
                }
            }
        }
    });
    for product in &ctx.products {
        if let Place::Branch(number) = product.place
            && let Some(missing) = missing_category(ctx, number)
        {
            out.add(
                "6.3.9",
                ctx.product_path(product.place),
                format!(
                    "The branches above the product `{}` lack the category {missing} in the order vendor, product_name, product_version.",
                    shorten(product.value.text("product_id").unwrap_or_default())
                ),
            );
        }
    }
    for (number, branch) in ctx.branches.iter().enumerate() {
        match branch.category {
            "product_version_range" => out.add(
                "6.3.10",
                format!("{}/category", ctx.branch_path(number)),
                "Programs can hardly match a version against a range; list the versions where you can.",
            ),
            "product_version" if starts_with_v(branch.name) => out.add(
                "6.3.11",
                format!("{}/name", ctx.branch_path(number)),
                format!("\"{}\" starts with a v; write the version alone.", shorten(branch.name)),
            ),
            _ => {}
        }
    }
}

/// The category that is missing on the way down to a branch: vendor, product_name, product_version in this order.
/// Others may stand between them; one of the three after a later one breaks the order.
fn missing_category(ctx: &Ctx<'_>, number: usize) -> Option<&'static str> {
    const ORDER: [&str; 3] = ["product_version", "product_name", "vendor"];
    let mut reached = None;
    let mut seen = [false; 3];
    for (_, branch) in ctx.ancestors(number) {
        let Some(at) = ORDER.iter().position(|category| fits(ctx.version, category, branch.category)) else { continue };
        if reached.is_some_and(|reached| at < reached) {
            return ORDER.get(at).copied();
        }
        reached = Some(at);
        if let Some(slot) = seen.get_mut(at) {
            *slot = true;
        }
    }
    ORDER.iter().zip(seen).find(|(_, seen)| !seen).map(|(category, _)| *category)
}

/// 2.1 accepts a range of versions in place of a version.
fn fits(version: Version, wanted: &str, category: &str) -> bool {
    wanted == category
        || (version == Version::V2_1 && wanted == "product_version" && category == "product_version_range")
}

fn starts_with_v(name: &str) -> bool {
    matches!(name.as_bytes(), [b'v' | b'V', digit, ..] if digit.is_ascii_digit())
}
