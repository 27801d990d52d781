//! What the record format demands beyond types and names (CVE_Record_Format 5.2.0).

use lenient::{Context, Json, Map, Value, is_date_time};

use crate::is_id;
use crate::model::{Affected, Container, Metric, Record, Reference, State, Version, is_english};

pub(crate) fn record(record: &Record, context: &mut Context) {
    known(&record.other, context);
    if !record.data_type.is_empty() && record.data_type != "CVE_RECORD" {
        context.at("dataType", |context| context.error("value", "the type of a CVE record is CVE_RECORD"));
    }
    if !record.data_version.is_empty() && !is_version(&record.data_version) {
        context.at("dataVersion", |context| {
            context.error("value", format!("“{}” is not a version 5.x of the record format", record.data_version));
        });
    }
    context.at("cveMetadata", |context| metadata(record, context));
    context.at("containers", |context| {
        known(&record.containers.other, context);
        context.at("cna", |context| {
            if record.is_rejected() {
                rejected(&record.containers.cna, context)
            } else {
                cna(&record.containers.cna, context)
            }
        });
        each("adp", &record.containers.adp, context, |container, context| {
            common(container, context);
            if !container.rejected_reasons.is_empty() || !container.replaced_by.is_empty() {
                context.error("unknown-property", "only a CNA gives reasons for a rejection");
            }
        });
    });
}

/// `5.0`, `5.1.1`, `5.2.0` and what may follow.
fn is_version(text: &str) -> bool {
    text.strip_prefix("5.").is_some_and(|rest| {
        let parts: Vec<&str> = rest.split('.').collect();
        parts.len() <= 2
            && parts.iter().all(|part| {
                !part.is_empty()
                    && part.bytes().all(|byte| byte.is_ascii_digit())
                    && (*part == "0" || !part.starts_with('0'))
            })
    })
}

fn metadata(record: &Record, context: &mut Context) {
    let metadata = &record.metadata;
    known(&metadata.other, context);
    if !metadata.id.is_empty() && !is_id(&metadata.id) {
        context.at("cveId", |context| {
            context.error("form", format!("“{}” is not a CVE identifier like CVE-2024-12345", short(&metadata.id)));
        });
    }
    for (name, id) in
        [("assignerOrgId", Some(&metadata.assigner_org_id)), ("requesterUserId", metadata.requester_user_id.as_ref())]
    {
        uuid(name, id, context);
    }
    if metadata.state == Some(State::Reserved) {
        context.at("state", |context| context.error("value", "a record is PUBLISHED or REJECTED"));
    }
    for (name, date) in [
        ("dateReserved", &metadata.date_reserved),
        ("datePublished", &metadata.date_published),
        ("dateUpdated", &metadata.date_updated),
        ("dateRejected", &metadata.date_rejected),
    ] {
        time(name, date.as_ref(), context);
    }
    if metadata.date_rejected.is_some() && metadata.state == Some(State::Published) {
        context.error("unknown-property", "“dateRejected” belongs to a rejected record");
    }
}

fn cna(container: &Container, context: &mut Context) {
    common(container, context);
    for (name, missing) in [
        ("descriptions", container.descriptions.is_empty()),
        ("affected", container.affected.is_empty()),
        ("references", container.references.is_empty()),
    ] {
        if missing {
            context.error("missing-property", format!("a published record needs “{name}” with at least one item"));
        }
    }
    if !container.descriptions.is_empty() && container.english().is_none() {
        context.at("descriptions", |context| context.error("language", "one description has to be in English"));
    }
    if !container.rejected_reasons.is_empty() || !container.replaced_by.is_empty() {
        context.error("unknown-property", "reasons for a rejection belong to a rejected record");
    }
}

fn rejected(container: &Container, context: &mut Context) {
    known(&container.other, context);
    provider(container, context);
    if container.rejected_reasons.is_empty() {
        context.error("missing-property", "a rejected record needs “rejectedReasons” with at least one item");
    } else if !container.rejected_reasons.iter().any(|text| is_english(&text.lang)) {
        context.at("rejectedReasons", |context| context.error("language", "one reason has to be in English"));
    }
    each("replacedBy", &container.replaced_by, context, |id, context| {
        if !is_id(id) {
            context.error("form", format!("“{}” is not a CVE identifier", short(id)));
        }
    });
    let bare = Container {
        provider: container.provider.clone(),
        rejected_reasons: container.rejected_reasons.clone(),
        replaced_by: container.replaced_by.clone(),
        other: container.other.clone(),
        ..Container::default()
    };
    if bare != *container {
        context.error("unknown-property", "a rejected record says why it is rejected, and nothing else");
    }
}

fn provider(container: &Container, context: &mut Context) {
    context.at("providerMetadata", |context| {
        known(&container.provider.other, context);
        uuid("orgId", Some(&container.provider.org_id), context);
        time("dateUpdated", container.provider.date_updated.as_ref(), context);
    });
}

/// What holds for the containers of a CNA and of others.
fn common(container: &Container, context: &mut Context) {
    known(&container.other, context);
    provider(container, context);
    time("dateAssigned", container.date_assigned.as_ref(), context);
    time("datePublic", container.date_public.as_ref(), context);
    if let Some(title) = &container.title {
        length("title", title, 256, context);
    }
    each("affected", &container.affected, context, affected);
    each("references", &container.references, context, reference);
    for (index, problem) in container.problem_types.iter().enumerate() {
        for text in problem.descriptions.iter().filter_map(|text| text.cwe_id.as_deref()) {
            let number = text.strip_prefix("CWE-").filter(|number| number.len() <= 5);
            if !number.is_some_and(|number| !number.starts_with('0') && is_digits(number)) {
                context.at("problemTypes", |context| {
                    context.at(index, |context| {
                        context.error("form", format!("“{}” is not a CWE identifier", short(text)))
                    });
                });
            }
        }
    }
    each("metrics", &container.metrics, context, metric);
    each("impacts", &container.impacts, context, |impact, context| {
        if let Some(id) = &impact.capec_id {
            let number = id.strip_prefix("CAPEC-").filter(|number| number.len() <= 5);
            if !number.is_some_and(|number| !number.starts_with('0') && is_digits(number)) {
                context.error("form", format!("“{}” is not a CAPEC identifier", short(id)));
            }
        }
    });
    each("timeline", &container.timeline, context, |entry, context| time("time", Some(&entry.time), context));
    for (name, texts) in [
        ("descriptions", &container.descriptions),
        ("workarounds", &container.workarounds),
        ("solutions", &container.solutions),
        ("exploits", &container.exploits),
        ("configurations", &container.configurations),
    ] {
        each(name, texts, context, |text, context| {
            known(&text.other, context);
            language(&text.lang, context);
            length("value", &text.value, 4_096, context);
        });
    }
    each("credits", &container.credits, context, |credit, context| {
        known(&credit.other, context);
        language(&credit.lang, context);
    });
    each("tags", &container.tags, context, |tag, context| {
        if !matches!(tag.as_str(), "disputed" | "exclusively-hosted-service" | "unsupported-when-assigned")
            && !tag.starts_with("x_")
        {
            context.error("value", format!("the tag “{}” is not defined; own tags start with x_", short(tag)));
        }
    });
}

fn affected(affected: &Affected, context: &mut Context) {
    known(&affected.other, context);
    let named = affected.vendor.is_some() && affected.product.is_some();
    let packaged = affected.collection_url.is_some() && affected.package_name.is_some();
    if !named && !packaged && affected.package_url.is_none() {
        context.error(
            "choice",
            "a product needs “vendor” and “product”, or “collectionURL” and “packageName”, or “packageURL”",
        );
    }
    if affected.versions.is_empty() && affected.default_status.is_none() {
        context.error("choice", "a product needs “versions” or “defaultStatus”");
    }
    if let Some(purl) = &affected.package_url
        && (!purl.starts_with("pkg:")
            || purl.contains('@') && purl.rsplit_once('@').is_some_and(|(_, rest)| !rest.contains('/')))
    {
        context.at("packageURL", |context| {
            context.error("form", "a package URL without version is needed, such as pkg:npm/name")
        });
    }
    each("versions", &affected.versions, context, version);
    each("cpes", &affected.cpes, context, |cpe, context| {
        if !cpe.to_ascii_lowercase().starts_with("cpe:") {
            context.error("form", format!("“{}” is not a CPE name", short(cpe)));
        }
    });
}

fn version(version: &Version, context: &mut Context) {
    known(&version.other, context);
    if version.less_than.is_some() && version.less_than_or_equal.is_some() {
        context.error("choice", "“lessThan” and “lessThanOrEqual” exclude each other");
    }
    let range = version.less_than.is_some() || version.less_than_or_equal.is_some();
    if range && version.version_type.is_none() {
        context.error("missing-property", "a range needs “versionType”");
    }
    if !version.changes.is_empty() && !range {
        context.error("choice", "“changes” need a range");
    }
    length("version", &version.version, 1_024, context);
}

fn reference(reference: &Reference, context: &mut Context) {
    known(&reference.other, context);
    let scheme = reference.url.split_once(':').map(|(scheme, _)| scheme.to_ascii_lowercase());
    if !reference.url.is_empty() && !matches!(scheme.as_deref(), Some("http" | "https" | "ftp" | "ftps")) {
        context.at("url", |context| {
            context.error("form", format!("“{}” is not an address of the web", short(&reference.url)))
        });
    }
    if reference.url.chars().any(char::is_whitespace) {
        context.at("url", |context| context.error("form", "an address has no blanks"));
    }
    length("url", &reference.url, 2_048, context);
}

fn metric(metric: &Metric, context: &mut Context) {
    known(&metric.other, context);
    if metric.vectors().next().is_none()
        && metric.another.is_none()
        && [&metric.cvss_v4_0, &metric.cvss_v3_1, &metric.cvss_v3_0, &metric.cvss_v2_0]
            .iter()
            .all(|cvss| cvss.is_none())
    {
        context.error("choice", "a metric needs a CVSS score or “other”");
    }
    for (name, version, cvss) in [
        ("cvssV4_0", "4.0", &metric.cvss_v4_0),
        ("cvssV3_1", "3.1", &metric.cvss_v3_1),
        ("cvssV3_0", "3.0", &metric.cvss_v3_0),
        ("cvssV2_0", "2.0", &metric.cvss_v2_0),
    ] {
        let Some(cvss) = cvss else { continue };
        context.at(name, |context| {
            for property in ["version", "vectorString", "baseScore"] {
                if !cvss.contains_key(property) {
                    context.error("missing-property", format!("the property “{property}” is missing"));
                }
            }
            if cvss.get("version").and_then(Value::as_str).is_some_and(|stated| stated != version) {
                context.error("value", format!("the version has to be {version}"));
            }
        });
    }
}

fn each<T: Json>(name: &str, items: &[T], context: &mut Context, mut check: impl FnMut(&T, &mut Context)) {
    context.at(name, |context| {
        for (index, item) in items.iter().enumerate() {
            context.at(index, |context| check(item, context));
        }
    });
}

/// The format is closed: beside what it defines, only names that start with `x_` are allowed.
fn known(other: &Map<String, Value>, context: &mut Context) {
    for name in other.keys().filter(|name| !name.starts_with("x_")) {
        let words = format!("the property “{}” is not defined, or not of the type that it should be", short(name));
        context.at(name, |context| context.warning("unknown-property", words));
    }
}

fn uuid(name: &str, id: Option<&String>, context: &mut Context) {
    let Some(id) = id.filter(|id| !id.is_empty()) else { return };
    let groups: Vec<&str> = id.split('-').collect();
    let good = groups.iter().map(|group| group.len()).eq([8, 4, 4, 4, 12])
        && groups.iter().all(|group| group.bytes().all(|byte| byte.is_ascii_hexdigit()))
        && groups.get(2).is_some_and(|group| group.starts_with('4'));
    if !good {
        context.at(name, |context| context.error("form", format!("“{}” is not a random UUID", short(id))));
    }
}

fn time(name: &str, text: Option<&String>, context: &mut Context) {
    let Some(text) = text.filter(|text| !text.is_empty()) else { return };
    if !is_date_time(text, false) {
        context.at(name, |context| {
            context.error("form", format!("“{}” is not a date and time like 2024-05-31T12:00:00Z", short(text)));
        });
    }
}

fn language(lang: &str, context: &mut Context) {
    let mut parts = lang.split(['-', '_']);
    let good = parts
        .next()
        .is_some_and(|part| (2..=4).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphabetic()))
        && parts.all(|part| (2..=4).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric()));
    if !lang.is_empty() && !good {
        context.at("lang", |context| context.error("form", format!("“{}” is not a language tag", short(lang))));
    }
}

fn length(name: &str, text: &str, most: usize, context: &mut Context) {
    if text.chars().count() > most {
        context.at(name, |context| context.error("length", format!("the text is longer than {most} characters")));
    }
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn short(text: &str) -> String {
    let mut short: String = text.chars().take(60).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    short
}
