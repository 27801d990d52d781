//! What 2.1 says of the product tree: depth, stacking, ranges, identification.
//! 6.1.34, 6.1.42 to 6.1.44, 6.1.50, 6.1.57 to 6.1.59, 6.1.61, 6.2.31, 6.2.32, 6.2.42, 6.2.48 to 6.2.52, 6.3.19, 6.3.22.

use std::collections::{HashMap, HashSet};

use versions::purl::Purl;

use super::product::each_helper;
use crate::ctx::{AFFECTED, Ctx, FIXED, Marks, NOT_AFFECTED, Pid, Place, UNDER_INVESTIGATION, UNKNOWN};
use crate::finding::{Sink, shorten};
use crate::json::Value;
use crate::range::{Range, known_scheme};

/// Deepest nesting of branches (6.1.34).
const DEEPEST: usize = 30;

/// 6.1.34, 6.1.57 and 6.1.58: the shape of the branches.
pub(super) fn shape(ctx: &Ctx<'_>, out: &mut Sink) {
    for (number, branch) in ctx.branches.iter().enumerate() {
        if branch.depth == DEEPEST.saturating_add(1) {
            out.add(
                "6.1.34",
                ctx.branch_path(number),
                format!("The branches are more than {DEEPEST} levels deep; collapse some of them."),
            );
        }
    }
    for product in &ctx.products {
        let Place::Branch(number) = product.place else { continue };
        let mut seen = HashSet::new();
        let (mut version, mut range) = (None, None);
        for (at, branch) in ctx.ancestors(number) {
            if branch.category != "product_family" && !branch.category.is_empty() && !seen.insert(branch.category) {
                out.add(
                    "6.1.57",
                    format!("{}/category", ctx.branch_path(at)),
                    format!(
                        "The category {} stands twice on the way to the product `{}`; merge the branches.",
                        branch.category,
                        shorten(product.value.text("product_id").unwrap_or_default())
                    ),
                );
            }
            match branch.category {
                "product_version" => version = Some(at),
                "product_version_range" => range = Some(at),
                _ => {}
            }
        }
        if let (Some(version), Some(range)) = (version, range) {
            out.add(
                "6.1.58",
                format!("{}/category", ctx.branch_path(version.max(range))),
                format!(
                    "The product `{}` has both a version and a range of versions above it; keep one.",
                    shorten(product.value.text("product_id").unwrap_or_default())
                ),
            );
        }
    }
}

/// 6.1.50 and 6.1.59: ranges of versions have their form, and are ranges.
pub(super) fn ranges(ctx: &Ctx<'_>, out: &mut Sink) {
    for (number, branch) in
        ctx.branches.iter().enumerate().filter(|(_, branch)| branch.category == "product_version_range")
    {
        let path = || format!("{}/name", ctx.branch_path(number));
        let parsed = Range::parse(branch.name);
        let fault = match &parsed {
            Ok(range) => range.fault(),
            Err(reason) => Some(reason.clone()),
        };
        if let Some(reason) = fault {
            out.add(
                "6.1.50",
                path(),
                format!(
                    "\"{}\" is no canonical version range: {reason}. Write one such as vers:intdot/>=1.0.0|<2.0.0.",
                    shorten(branch.name)
                ),
            );
        }
        if parsed.is_ok_and(|range| range.is_single()) {
            out.add(
                "6.1.59",
                path(),
                format!("\"{}\" is a single version; use the category product_version.", shorten(branch.name)),
            );
        }
    }
}

/// 6.1.42: package URLs of one product differ in qualifiers only.
pub(super) fn purl_qualifiers(ctx: &Ctx<'_>, out: &mut Sink) {
    each_helper(ctx, &mut |helper, path| {
        let mut first: Option<Purl> = None;
        for (index, text) in helper.list("purls").iter().enumerate() {
            let Some(Ok(purl)) = text.as_str().map(Purl::parse) else { continue };
            let Some(first) = &first else {
                first = Some(purl);
                continue;
            };
            let parts = |purl: &Purl| {
                let own = |part: Option<&str>| part.map(str::to_owned);
                (
                    purl.kind().to_owned(),
                    own(purl.namespace()),
                    purl.name().to_owned(),
                    own(purl.version()),
                    own(purl.subpath()),
                )
            };
            if parts(first) != parts(&purl) {
                out.add("6.1.42", format!("{}/purls/{index}", path()), "The package URLs of a product may differ in qualifiers only; list the other package as a product of its own.");
            }
        }
    });
}

/// 6.1.43, 6.1.44 and 6.1.61: at most one star in a pattern.
pub(super) fn stars(ctx: &Ctx<'_>, out: &mut Sink) {
    each_helper(ctx, &mut |helper, path| {
        for (test, key) in [("6.1.43", "model_numbers"), ("6.1.44", "serial_numbers"), ("6.1.61", "skus")] {
            for (index, text) in helper.list(key).iter().enumerate() {
                if text.as_str().is_some_and(|text| unescaped_stars(text) > 1) {
                    out.add(
                        test,
                        format!("{}/{key}/{index}", path()),
                        "There are several stars; one star stands for any characters, write \\* for a star itself.",
                    );
                }
            }
        }
    });
}

fn unescaped_stars(text: &str) -> usize {
    let mut escaped = false;
    text.chars()
        .filter(|letter| {
            let counts = *letter == '*' && !escaped;
            escaped = *letter == '\\' && !escaped;
            counts
        })
        .count()
}

/// 6.2.31 and 6.2.32: hardware mixed with software, and one identity for several products.
pub(super) fn identities(ctx: &Ctx<'_>, out: &mut Sink) {
    let referred: HashSet<&str> = ctx
        .tree
        .list("product_paths")
        .iter()
        .flat_map(|path| {
            path.text("beginning_product_reference")
                .into_iter()
                .chain(path.list("subpaths").iter().filter_map(|step| step.text("next_product_reference")))
        })
        .collect();
    let mut owners: HashMap<(&str, Vec<u8>), Option<Pid>> = HashMap::new();
    for product in &ctx.products {
        let Some(helper) = product.value.get("product_identification_helper") else { continue };
        let path = || format!("{}/product_identification_helper", ctx.product_path(product.place));
        let id = product.value.text("product_id").unwrap_or_default();
        for key in ["serial_numbers", "model_numbers"] {
            if helper.get(key).is_some() && !referred.contains(id) {
                out.add(
                    "6.2.31",
                    format!("{}/{key}", path()),
                    format!(
                        "The product `{}` seems to be hardware, but no product path says what runs on it; add one.",
                        shorten(id)
                    ),
                );
                break;
            }
        }
        let mut claim = |key: &'static str, value: &Value<'_>, place: String| {
            let owner = owners.entry((key, value.canonical())).or_insert(product.pid);
            if *owner != product.pid {
                let other = owner.map_or("", |pid| ctx.id(pid));
                out.add(
                    "6.2.32",
                    place,
                    format!("The product `{}` has the same identity; give each product its own.", shorten(other)),
                );
            }
        };
        if let Some(cpe) = helper.get("cpe") {
            claim("cpe", cpe, format!("{}/cpe", path()));
        }
        for key in ["hashes", "model_numbers", "purls", "sbom_urls", "serial_numbers", "skus", "x_generic_uris"] {
            for (index, item) in helper.list(key).iter().enumerate() {
                claim(key, item, format!("{}/{key}/{index}", path()));
            }
        }
    }
}

/// 6.2.42: CPE and package URL say what the branches say.
pub(super) fn consistency(ctx: &Ctx<'_>, out: &mut Sink) {
    for product in &ctx.products {
        let Place::Branch(number) = product.place else { continue };
        let of = |category: &str| {
            ctx.ancestors(number).find(|(_, branch)| branch.category == category).map(|(_, branch)| branch.name)
        };
        let helper = product.value.get("product_identification_helper");
        let path = format!("{}/product_identification_helper", ctx.product_path(product.place));
        if let Some(cpe) = helper.and_then(|helper| helper.text("cpe"))
            && let Some(fault) = cpe_fault(cpe, &of)
        {
            out.add("6.2.42", format!("{path}/cpe"), fault);
        }
        let Some(version) = of("product_version") else { continue };
        for (index, purl) in helper.map_or(&[][..], |helper| helper.list("purls")).iter().enumerate() {
            let given = purl
                .as_str()
                .and_then(|text| Purl::parse(text).ok())
                .and_then(|purl| purl.version().map(str::to_owned));
            if let Some(given) = given
                && given != version
            {
                out.add(
                    "6.2.42",
                    format!("{path}/purls/{index}"),
                    format!(
                        "The package URL names version {}, the branch {}; make them the same.",
                        shorten(&given),
                        shorten(version)
                    ),
                );
            }
        }
    }
}

/// The parts of a CPE 2.3 name that the branches contradict or do not mention.
fn cpe_fault<'a>(cpe: &str, of: &dyn Fn(&str) -> Option<&'a str>) -> Option<String> {
    let rest = cpe.strip_prefix("cpe:2.3:")?;
    let mut parts: Vec<String> = vec![String::new()];
    let mut escaped = false;
    for letter in rest.chars() {
        if letter == ':' && !escaped {
            parts.push(String::new());
        } else if let Some(part) = parts.last_mut() {
            part.push(letter);
        }
        escaped = letter == '\\' && !escaped;
    }
    let part = |at: usize| parts.get(at).map(String::as_str).filter(|part| !matches!(*part, "*" | "-"));
    let plain = |text: &str| text.replace('\\', "").to_lowercase().replace(' ', "_");
    match (part(3), of("product_version")) {
        (Some(given), Some(version)) if plain(given) != plain(version) => {
            return Some(format!(
                "The CPE names version {given}, the branch {}; make them the same.",
                shorten(version)
            ));
        }
        (None, Some(_)) if parts.get(3).is_some_and(|part| part == "*") => {
            return Some("The CPE stands for any version, but the branch names one; write it in the CPE.".to_owned());
        }
        _ => {}
    }
    let extra = [
        (4, "update", &["service_pack", "patch_level"][..]),
        (5, "edition", &["specification"]),
        (6, "language", &["language"]),
        (9, "hardware", &["architecture", "platform"]),
    ];
    extra
        .iter()
        .find(|(at, _, categories)| part(*at).is_some() && categories.iter().all(|category| of(category).is_none()))
        .map(|(_, name, categories)| {
            format!(
                "The CPE names an {name} that no branch does; add a branch of category {}, or remove it from the CPE.",
                categories.join(" or ")
            )
        })
}

/// Hash algorithms that the standard names.
const ALGORITHMS: [&str; 20] = [
    "blake2b512",
    "blake2s256",
    "md4",
    "md5",
    "md5-sha1",
    "ripemd160",
    "rmd160",
    "sha1",
    "sha224",
    "sha256",
    "sha384",
    "sha512",
    "sha512-224",
    "sha512-256",
    "sha3-224",
    "sha3-256",
    "sha3-384",
    "sha3-512",
    "shake128",
    "shake256",
];

/// 6.2.48, 6.2.49, 6.2.51 and 6.2.52: names and ranges that are hard to match.
pub(super) fn matching(ctx: &Ctx<'_>, out: &mut Sink) {
    for (number, branch) in ctx.branches.iter().enumerate() {
        let path = || format!("{}/name", ctx.branch_path(number));
        match branch.category {
            "vendor" if super::document::plain_name(branch.name) == "opensource" => {
                out.add(
                    "6.2.48",
                    path(),
                    "Open source is no vendor; name the project or the people who make the product.",
                );
            }
            "product_version_range" => {
                if Range::parse(branch.name).is_ok_and(|range| range.is_open_upward()) {
                    out.add(
                        "6.2.49",
                        path(),
                        format!(
                            "\"{}\" covers every future version; end the range at the newest version that you know.",
                            shorten(branch.name)
                        ),
                    );
                }
                let scheme = branch.name.strip_prefix("vers:").and_then(|rest| rest.split('/').next());
                if let Some(scheme) = scheme.filter(|scheme| *scheme != "all" && known_scheme(scheme).is_none()) {
                    out.add("6.2.51", path(), format!("The versioning scheme {} is not known, so that programs cannot order the versions; use a known one such as semver or intdot.", shorten(scheme)));
                }
            }
            _ => {}
        }
    }
    each_helper(ctx, &mut |helper, path| {
        for (index, file) in helper.list("hashes").iter().enumerate() {
            for (position, hash) in file.list("file_hashes").iter().enumerate() {
                if let Some(name) = hash.text("algorithm").filter(|name| !ALGORITHMS.contains(name)) {
                    out.add(
                        "6.2.52",
                        format!("{}/hashes/{index}/file_hashes/{position}/algorithm", path()),
                        format!(
                            "The standard does not name the hash algorithm {}; use one that it names, such as sha256.",
                            shorten(name)
                        ),
                    );
                }
            }
        }
    });
}

/// Two siblings of which one overlaps the other.
struct Overlap {
    range: usize,
    sibling: usize,
    /// 1 for vers, 2 for vls, 3 for a single version.
    kind: usize,
}

/// Most pairs of siblings that are compared.
const MOST_PAIRS: usize = 20_000;

/// Pairs of siblings that overlap.
fn overlaps(ctx: &Ctx<'_>) -> Vec<Overlap> {
    let mut families: HashMap<Option<usize>, Vec<(usize, Range<'_>, bool)>> = HashMap::new();
    for (number, branch) in ctx.branches.iter().enumerate() {
        let range = match branch.category {
            "product_version_range" => Range::parse(branch.name).ok().map(|range| (range, true)),
            "product_version" => {
                Some((Range { scheme: None, constraints: vec![(versions::Comparator::Equal, branch.name)] }, false))
            }
            _ => None,
        };
        if let Some((range, is_range)) = range {
            families.entry(branch.parent).or_default().push((number, range, is_range));
        }
    }
    let mut families: Vec<_> = families.into_values().collect();
    families.sort_by_key(|family| family.first().map(|(number, ..)| *number));
    let mut found = Vec::new();
    let mut pairs = 0_usize;
    for family in &families {
        for (at, (number, range, _)) in family.iter().enumerate().filter(|(_, (_, _, is_range))| *is_range) {
            for (other_at, (sibling, other, other_is_range)) in family.iter().enumerate() {
                // Of two ranges each pair is looked at once.
                if other_at == at || (*other_is_range && other_at < at) {
                    continue;
                }
                pairs = pairs.saturating_add(1);
                if pairs > MOST_PAIRS {
                    return found;
                }
                if range.overlaps(other) == Some(true) {
                    let kind = match (other_is_range, other.scheme) {
                        (false, _) => 3,
                        (true, None) => 2,
                        (true, Some(_)) => 1,
                    };
                    found.push(Overlap { range: *number, sibling: *sibling, kind });
                }
            }
        }
    }
    found
}

/// Products below a branch, by branch.
fn products_below(ctx: &Ctx<'_>) -> HashMap<usize, Vec<Pid>> {
    let mut below: HashMap<usize, Vec<Pid>> = HashMap::new();
    for product in &ctx.products {
        if let (Place::Branch(number), Some(pid)) = (product.place, product.pid) {
            for (at, _) in ctx.ancestors(number) {
                below.entry(at).or_default().push(pid);
            }
        }
    }
    below
}

fn status_groups(ctx: &Ctx<'_>, number: usize, marks: &mut Marks, groups: &mut [u8]) {
    const GROUPS: [&[usize]; 5] = [&AFFECTED, &[NOT_AFFECTED], &FIXED, &[UNDER_INVESTIGATION], &[UNKNOWN]];
    marks.clear();
    let Some(vulnerability) = ctx.vulnerabilities.get(number) else { return };
    for (group, lists) in GROUPS.iter().enumerate() {
        for pid in lists.iter().filter_map(|list| vulnerability.status.get(*list)).flatten() {
            if let Some(slot) = groups.get_mut(*pid) {
                if marks.set(*pid) {
                    *slot = 0;
                }
                *slot |= 1 << group;
            }
        }
    }
}

/// 6.2.50: overlapping ranges whose products have contradicting status.
pub(super) fn contradicting_overlaps(ctx: &Ctx<'_>, out: &mut Sink) {
    by_status(ctx, false, out);
}

/// 6.3.19: overlapping ranges whose products have the same status, or that have branches below.
pub(super) fn weak_overlaps(ctx: &Ctx<'_>, out: &mut Sink) {
    by_status(ctx, true, out);
    for overlap in overlaps(ctx) {
        let branches = ctx.branches.get(overlap.sibling).is_some_and(|branch| branch.value.get("branches").is_some());
        if branches {
            let test = if overlap.kind == 3 { "6.3.19.5" } else { "6.3.19.4" };
            out.add(
                test,
                format!("{}/name", ctx.branch_path(overlap.sibling)),
                "The versions overlap those of a branch beside it; split the ranges.",
            );
        }
    }
}

fn by_status(ctx: &Ctx<'_>, same: bool, out: &mut Sink) {
    let overlaps = overlaps(ctx);
    if overlaps.is_empty() {
        return;
    }
    let below = products_below(ctx);
    let mut marks = Marks::new(ctx.ids.len());
    let mut groups = vec![0_u8; ctx.ids.len()];
    let none = Vec::new();
    for number in 0..ctx.vulnerabilities.len() {
        status_groups(ctx, number, &mut marks, &mut groups);
        let state = |pid: &Pid| if marks.has(*pid) { groups.get(*pid).copied().unwrap_or(0) } else { 0 };
        for overlap in &overlaps {
            let leaf = ctx.branches.get(overlap.sibling).is_some_and(|branch| branch.value.get("product").is_some());
            if !leaf {
                continue;
            }
            let left = below.get(&overlap.range).unwrap_or(&none).iter().map(state).fold(0, |all, one| all | one);
            let right = below.get(&overlap.sibling).unwrap_or(&none).iter().map(state).fold(0, |all, one| all | one);
            let hit = if same { left & right != 0 } else { left != 0 && right != 0 && left & right == 0 };
            if !hit {
                continue;
            }
            let test = match (same, overlap.kind) {
                (false, 1) => "6.2.50.1",
                (false, 2) => "6.2.50.2",
                (false, _) => "6.2.50.3",
                (true, 1) => "6.3.19.1",
                (true, 2) => "6.3.19.2",
                (true, _) => "6.3.19.3",
            };
            let name = |at: usize| ctx.branches.get(at).map_or("", |branch| branch.name);
            let verb = if same { "are listed twice" } else { "have two different states" };
            out.add(
                test,
                format!("/vulnerabilities/{number}/product_status"),
                format!(
                    "\"{}\" and \"{}\" overlap, so that some versions {verb}; split the ranges.",
                    shorten(name(overlap.range)),
                    shorten(name(overlap.sibling))
                ),
            );
        }
    }
}

/// 6.3.22: product paths made of product paths.
pub(super) fn nested_paths(ctx: &Ctx<'_>, out: &mut Sink) {
    let made: HashSet<&str> = ctx
        .products
        .iter()
        .filter(|product| matches!(product.place, Place::Path(_)))
        .filter_map(|product| product.value.text("product_id"))
        .collect();
    for (index, path) in ctx.tree.list("product_paths").iter().enumerate() {
        let base = format!("/product_tree/product_paths/{index}");
        let mut see = |id: Option<&str>, place: String| {
            if let Some(id) = id.filter(|id| made.contains(id)) {
                out.add("6.3.22", place, format!("The product `{}` is a product path itself, which is harder to match; refer to single products.", shorten(id)));
            }
        };
        see(path.text("beginning_product_reference"), format!("{base}/beginning_product_reference"));
        for (step, subpath) in path.list("subpaths").iter().enumerate() {
            see(subpath.text("next_product_reference"), format!("{base}/subpaths/{step}/next_product_reference"));
        }
    }
}
