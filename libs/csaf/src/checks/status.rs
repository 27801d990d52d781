//! Product status and what has to go with it: 6.1.6, 6.1.29, 6.1.32, 6.1.33, 6.2.2 and 6.2.3.

use crate::Version;
use crate::ctx::{AFFECTED, Ctx, FIXED, Marks, NOT_AFFECTED, STATUS, UNDER_INVESTIGATION, UNKNOWN, Vulnerability};
use crate::finding::{Sink, shorten};

const NOBODY: u32 = u32::MAX;

/// 6.1.6: no product is in two groups that contradict each other.
pub(super) fn contradicting_status(ctx: &Ctx<'_>, out: &mut Sink) {
    let groups: &[(&str, &[usize])] = &[
        ("affected", &AFFECTED),
        ("not affected", &[NOT_AFFECTED]),
        ("fixed", &FIXED),
        ("under investigation", &[UNDER_INVESTIGATION]),
        ("unknown", &[UNKNOWN]),
    ];
    let groups = match ctx.version {
        Version::V2_0 => groups.get(..4).unwrap_or(groups),
        Version::V2_1 => groups,
    };
    let mut first: Vec<(usize, usize)> = vec![(usize::MAX, 0); ctx.ids.len()];
    for (number, vulnerability) in ctx.vulnerabilities.iter().enumerate() {
        for (group, (name, lists)) in groups.iter().enumerate() {
            for list in *lists {
                for (index, pid) in vulnerability.status.get(*list).into_iter().flatten().enumerate() {
                    let Some(slot) = first.get_mut(*pid) else { continue };
                    if slot.0 != number {
                        *slot = (number, group);
                    } else if slot.1 != group {
                        let other = groups.get(slot.1).map_or("", |(name, _)| name);
                        let key = STATUS.get(*list).copied().unwrap_or_default();
                        out.add(
                            "6.1.6",
                            format!("/vulnerabilities/{number}/product_status/{key}/{index}"),
                            format!(
                                "The product `{}` is both {other} and {name}; decide for one and remove it from the other list.",
                                shorten(ctx.id(*pid))
                            ),
                        );
                    }
                }
            }
        }
    }
}

/// 6.1.29 and 6.1.32: remediations and flags say which products they are for.
pub(super) fn without_product(ctx: &Ctx<'_>, out: &mut Sink) {
    for (number, vulnerability) in ctx.vulnerabilities.iter().enumerate() {
        let lists = [
            ("6.1.29", "remediations", "remediation", &vulnerability.remediations),
            ("6.1.32", "flags", "flag", &vulnerability.flags),
        ];
        for (test, key, name, list) in lists {
            for (index, _) in list.iter().enumerate().filter(|(_, refs)| !refs.given) {
                out.add(
                    test,
                    format!("/vulnerabilities/{number}/{key}/{index}"),
                    format!("This {name} does not say which products it is for; add `product_ids` or `group_ids`."),
                );
            }
        }
    }
}

const JUSTIFICATIONS: [&str; 5] = [
    "component_not_present",
    "inline_mitigations_already_exist",
    "vulnerable_code_cannot_be_controlled_by_adversary",
    "vulnerable_code_not_in_execute_path",
    "vulnerable_code_not_present",
];

/// 6.1.33: no product has two VEX justifications.
pub(super) fn repeated_flags(ctx: &Ctx<'_>, out: &mut Sink) {
    let mut by_product = Owners::new(ctx.ids.len());
    let mut by_group = Owners::new(ctx.groups.len());
    for (number, vulnerability) in ctx.vulnerabilities.iter().enumerate() {
        by_product.clear();
        by_group.clear();
        for (index, refs) in vulnerability.flags.iter().enumerate() {
            let label = vulnerability.value.list("flags").get(index).and_then(|flag| flag.text("label"));
            if !label.is_some_and(|label| JUSTIFICATIONS.contains(&label)) {
                continue;
            }
            let mut clash = None;
            for pid in &refs.products {
                clash = clash.or(by_product.take(*pid, index).map(|other| (*pid, other)));
            }
            for group in &refs.groups {
                // A group that another flag names already needs no second look at each of its products.
                if let Some(other) = by_group.take(*group, index) {
                    let first = ctx.members(*group).first();
                    clash = clash.or(first.map(|pid| (*pid, other)));
                    continue;
                }
                for pid in ctx.members(*group) {
                    clash = clash.or(by_product.take(*pid, index).map(|other| (*pid, other)));
                }
            }
            if let Some((pid, other)) = clash {
                out.add(
                    "6.1.33",
                    format!("/vulnerabilities/{number}/flags/{index}"),
                    format!(
                        "The product `{}` has a justification in flag {other} already; keep the one that fits best.",
                        shorten(ctx.id(pid))
                    ),
                );
            }
        }
    }
}

/// Who has a product or group, forgotten in no time.
struct Owners {
    seen: Marks,
    owner: Vec<u32>,
}

impl Owners {
    fn new(count: usize) -> Self {
        Self { seen: Marks::new(count), owner: vec![NOBODY; count] }
    }

    fn clear(&mut self) {
        self.seen.clear();
    }

    /// Takes a number for an owner; another owner that had it before.
    fn take(&mut self, number: usize, owner: usize) -> Option<usize> {
        let owner = u32::try_from(owner).unwrap_or(NOBODY);
        let fresh = self.seen.set(number);
        let slot = self.owner.get_mut(number)?;
        if fresh {
            *slot = owner;
            return None;
        }
        (*slot != owner).then_some(*slot as usize)
    }
}

/// The products of status lists with the pointer of their first entry.
fn each<'v>(
    vulnerability: &'v Vulnerability<'_>,
    lists: &'v [usize],
) -> impl Iterator<Item = (&'static str, usize, usize)> + 'v {
    lists.iter().flat_map(|list| {
        let key = STATUS.get(*list).copied().unwrap_or_default();
        vulnerability.status.get(*list).into_iter().flatten().enumerate().map(move |(index, pid)| (key, index, *pid))
    })
}

/// 6.2.2: affected products and those under investigation have a remediation.
pub(super) fn missing_remediation(ctx: &Ctx<'_>, out: &mut Sink) {
    let mut cover = ctx.new_cover();
    for (number, vulnerability) in ctx.vulnerabilities.iter().enumerate() {
        ctx.cover(&mut cover, vulnerability.remediations.iter());
        for (key, index, pid) in each(vulnerability, &[0, 1, 2, UNDER_INVESTIGATION]) {
            if !cover.products.has(pid) {
                out.add(
                    "6.2.2",
                    format!("/vulnerabilities/{number}/product_status/{key}/{index}"),
                    format!(
                        "Nothing says what to do about the product `{}`; add a remediation, `none_available` or `no_fix_planned` if there is none.",
                        shorten(ctx.id(pid))
                    ),
                );
            }
        }
    }
}

/// 6.2.3: affected products have a score.
pub(super) fn missing_score(ctx: &Ctx<'_>, out: &mut Sink) {
    let mut scored = Marks::new(ctx.ids.len());
    for (number, vulnerability) in ctx.vulnerabilities.iter().enumerate() {
        scored.clear();
        for pid in vulnerability.metrics.iter().flatten() {
            scored.set(*pid);
        }
        for (key, index, pid) in each(vulnerability, &AFFECTED) {
            if !scored.has(pid) {
                out.add(
                    "6.2.3",
                    format!("/vulnerabilities/{number}/product_status/{key}/{index}"),
                    format!(
                        "The product `{}` is affected but has no score; add it to an item of `{}`.",
                        shorten(ctx.id(pid)),
                        ctx.metrics_key()
                    ),
                );
            }
        }
    }
}
