//! Checks from the CNA Operational Rules 4.2.0: what a record should say beyond its format.

use lenient::{Context, Finding};

use crate::model::{Container, Record, Status, is_english};

/// What is known about the disclosure, for rules that compare times. All times are seconds since 1970.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Occasion {
    /// When the CNA itself disclosed the identifier.
    pub disclosed: Option<i64>,
    /// When somebody else disclosed it, and the CNA learnt of it.
    pub disclosed_by_others: Option<i64>,
    /// The moment of checking.
    pub now: i64,
}

const HOUR: i64 = 3_600;

/// Checks a record against the CNA rules; `rule` of a finding is the number of the rule.
///
/// `published` says whether the record is out already: the time limits run until then.
#[must_use]
pub fn rules(record: &Record, occasion: Option<Occasion>, published: bool) -> Vec<Finding> {
    let mut context = Context::default();
    if let Some(occasion) = occasion.filter(|_| !published) {
        times(occasion, &mut context);
    }
    if !record.is_rejected() {
        context.at("containers", |context| {
            context.at("cna", |context| content(&record.containers.cna, &record.metadata.id, context))
        });
    }
    context.into_findings()
}

fn times(occasion: Occasion, context: &mut Context) {
    if let Some(disclosed) = occasion.disclosed {
        let passed = occasion.now.saturating_sub(disclosed);
        if passed > 72 * HOUR {
            context.error(
                "4.5.1.4",
                "the identifier was disclosed more than 72 hours ago; the record must be published now",
            );
        } else if passed > 24 * HOUR {
            context.warning("4.5.1.3", "the identifier was disclosed more than 24 hours ago; the record should be out");
        }
    }
    if occasion.disclosed_by_others.is_some_and(|disclosed| occasion.now.saturating_sub(disclosed) > 72 * HOUR) {
        context.warning("4.5.1.6", "others disclosed the identifier more than 72 hours ago; the record should be out");
    }
}

fn content(container: &Container, id: &str, context: &mut Context) {
    let statuses = |wanted: &Status| {
        container.affected.iter().any(|product| {
            product.default_status.as_ref() == Some(wanted)
                || product.versions.iter().any(|version| {
                    version.status.as_ref() == Some(wanted)
                        || version.changes.iter().any(|change| change.status.as_ref() == Some(wanted))
                })
        })
    };
    if !statuses(&Status::Affected) && !statuses(&Status::Unknown) {
        let rule = if statuses(&Status::Unaffected) { "5.1.8" } else { "5.1.3" };
        context.at("affected", |context| {
            context.error(
                rule,
                "at least one product must be affected, or its status unknown; a list of unaffected ones is not enough",
            );
        });
    }
    if container.problem_types.iter().all(|kind| kind.descriptions.is_empty()) {
        context.error("5.1.7", "name the type or the cause of the vulnerability, best as CWE");
    } else if container.cwes().next().is_none() {
        context.at("problemTypes", |context| {
            context.warning("5.1.7", "the type is given in words; a CWE identifier is preferred")
        });
    }
    descriptions(container, context);
    references(container, id, context);
}

fn descriptions(container: &Container, context: &mut Context) {
    context.at("descriptions", |context| {
        let english: Vec<_> =
            container.descriptions.iter().enumerate().filter(|(_, text)| is_english(&text.lang)).collect();
        if !english.iter().any(|(_, text)| text.value.split_whitespace().count() >= 3) {
            context.error("5.1.9", "a description in English prose is needed");
        }
        for (index, text) in english {
            let lower = text.value.to_lowercase();
            let thanks = ["discovered by ", "reported by ", "credit to ", "credits to ", "thanks to "];
            if thanks.iter().any(|words| lower.contains(words)) {
                context.at(index, |context| {
                    context
                        .warning("5.2.4", "the description seems to thank somebody; credits have a place of their own");
                });
            }
        }
    });
}

fn references(container: &Container, id: &str, context: &mut Context) {
    context.at("references", |context| {
        let own = |url: &str| {
            let lower = url.to_ascii_lowercase();
            let host = lower.split_once("://").map_or(lower.as_str(), |(_, rest)| rest);
            let host = host.split('/').next().unwrap_or(host);
            let lists = ["cve.org", "www.cve.org", "cve.mitre.org", "nvd.nist.gov", "cveawg.mitre.org"];
            lists.contains(&host) && lower.contains(&id.to_ascii_lowercase())
        };
        if container.references.iter().all(|reference| own(&reference.url)) {
            context.error("5.1.10", "a public reference is needed that is not this record itself");
        }
        for (index, reference) in container.references.iter().enumerate() {
            if reference.tags.iter().any(|tag| matches!(tag.as_str(), "permissions-required" | "customer-entitlement"))
            {
                context.at(index, |context| {
                    context.warning(
                        "4.5.2.3",
                        "this reference needs a login; one that everybody can read should be there too",
                    );
                });
            }
        }
    });
}
