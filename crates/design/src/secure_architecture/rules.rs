//! Decisions about components. Pure.

use std::collections::BTreeMap;

use kernel::{Date, FieldError, Id, kinds};
use versions::purl::Purl;
use versions::{Ecosystem, Range, Vers};

use super::model::{Change, Component, Count, Rule, Verdict};

/// The rule that decides about a component: the gravest of those that hold on `day` for products of `family`.
pub(super) fn judge<'a>(
    component: &Component,
    rules: &'a [Rule],
    family: Id<kinds::Family>,
    day: Date,
) -> Option<&'a Rule> {
    rules
        .iter()
        .filter(|rule| rule.family.is_none_or(|only| only == family))
        .filter(|rule| rule.expires_on.is_none_or(|last| day <= last))
        .filter(|rule| applies(rule, component))
        .max_by_key(|rule| rule.verdict)
}

fn applies(rule: &Rule, component: &Component) -> bool {
    if !rule.licence.is_empty() {
        // An expression such as "MIT OR GPL-2.0-only" names licences between words and brackets.
        return component
            .licences
            .split(|c: char| c.is_whitespace() || c == '(' || c == ')')
            .any(|licence| licence.eq_ignore_ascii_case(&rule.licence));
    }
    rule.package == component.package && !component.package.is_empty() && in_range(rule, &component.version)
}

fn in_range(rule: &Rule, version: &str) -> bool {
    if rule.versions.is_empty() {
        return true;
    }
    // A component without a version may be in any range: a ban must not be escaped by leaving the version out.
    if version.is_empty() {
        return rule.verdict == Verdict::Banned;
    }
    match range(&rule.package, &rule.versions) {
        Ok(Ranges::Vers(vers)) => vers.contains(version).unwrap_or(false),
        Ok(Ranges::Native(range)) => range.contains(version).unwrap_or(false),
        Err(_) => false,
    }
}

enum Ranges {
    Vers(Vers),
    Native(Range),
}

fn range(package: &str, text: &str) -> Result<Ranges, String> {
    if text.starts_with("vers:") {
        return Vers::parse(text).map(Ranges::Vers).map_err(|error| error.to_string());
    }
    let ecosystem = Purl::parse(package).ok().and_then(|purl| purl.ecosystem());
    let ecosystem: Ecosystem =
        ecosystem.ok_or("ranges of this kind of package are written as vers:, such as vers:generic/<2.0")?;
    Range::parse(ecosystem, text).map(Ranges::Native).map_err(|error| error.to_string())
}

/// How the components are judged, in numbers.
pub(super) fn count(components: &[Component], rules: &[Rule], family: Id<kinds::Family>, day: Date) -> Count {
    let mut count = Count::default();
    for component in components {
        match judge(component, rules, family, day).map(|rule| rule.verdict) {
            Some(Verdict::Approved) => count.approved += 1,
            Some(Verdict::Limited) => count.limited += 1,
            Some(Verdict::Banned) => count.banned += 1,
            None => count.unjudged += 1,
        }
    }
    count
}

/// What is new, gone or of another version, by package URL or else by name.
pub(super) fn difference(before: &[Component], after: &[Component]) -> Vec<Change> {
    let key = |component: &Component| {
        if component.package.is_empty() { component.name.to_lowercase() } else { component.package.clone() }
    };
    let group = |list: &[Component]| {
        let mut groups: BTreeMap<String, BTreeMap<String, Component>> = BTreeMap::new();
        for component in list {
            groups.entry(key(component)).or_default().insert(component.version.clone(), component.clone());
        }
        groups
    };
    let (mut old, new) = (group(before), group(after));
    let mut changes = Vec::new();
    for (name, versions) in new {
        let mut gone = old.remove(&name).unwrap_or_default();
        let mut fresh: Vec<Component> = Vec::new();
        for (version, component) in versions {
            if gone.remove(&version).is_none() {
                fresh.push(component);
            }
        }
        let mut gone = gone.into_values();
        for component in fresh {
            changes.push(match gone.next() {
                Some(earlier) => Change::Moved(earlier, component),
                None => Change::Added(component),
            });
        }
        changes.extend(gone.map(Change::Removed));
    }
    changes.extend(old.into_values().flat_map(BTreeMap::into_values).map(Change::Removed));
    changes
}

/// What a form says of a rule, checked: canonical package and a range that can be read.
pub(super) fn checked(
    package: &str,
    versions: &str,
    licence: &str,
    reason: &str,
) -> Result<(String, String, String, String), Vec<FieldError>> {
    let mut problems = Vec::new();
    let mut say = |field: &str, words: String| problems.push(FieldError { field: field.to_owned(), words });
    let (versions, licence, reason) = (versions.trim(), licence.trim(), reason.trim());
    let package = match package.trim() {
        "" => String::new(),
        text => match Purl::parse(text) {
            Ok(purl) if purl.version().is_some() => {
                say("package", "Leave the version out here; write it into the range, such as =1.2.3.".to_owned());
                String::new()
            }
            Ok(purl) => purl.package().canonical(),
            Err(error) => {
                say("package", format!("This is not a package URL ({error}). It looks like pkg:npm/name."));
                String::new()
            }
        },
    };
    if package.is_empty() && licence.is_empty() && problems_empty(&problems) {
        problems.push(FieldError { field: "package".to_owned(), words: "Name a package URL or a licence.".to_owned() });
    } else if !package.is_empty() && !licence.is_empty() {
        problems.push(FieldError {
            field: "licence".to_owned(),
            words: "A rule is about a package or about a licence, not both.".to_owned(),
        });
    }
    if !versions.is_empty()
        && !package.is_empty()
        && let Err(words) = range(&package, versions)
    {
        problems
            .push(FieldError { field: "versions".to_owned(), words: format!("This range cannot be read: {words}.") });
    }
    if reason.is_empty() {
        problems.push(FieldError {
            field: "reason".to_owned(),
            words: "Say why; whoever meets the rule reads it.".to_owned(),
        });
    }
    if problems.is_empty() {
        Ok((package, versions.to_owned(), licence.to_owned(), reason.to_owned()))
    } else {
        Err(problems)
    }
}

const fn problems_empty(problems: &[FieldError]) -> bool {
    problems.is_empty()
}

#[cfg(test)]
mod tests {
    use kernel::{IdSource, Timestamp};

    use super::*;

    fn component(package: &str, version: &str, licences: &str) -> Component {
        Component {
            name: package.to_owned(),
            version: version.to_owned(),
            purl: String::new(),
            package: package.to_owned(),
            cpe: String::new(),
            licences: licences.to_owned(),
            supplier: String::new(),
            kind: String::new(),
        }
    }

    fn rule(verdict: Verdict, package: &str, versions: &str, licence: &str, expires: Option<&str>) -> Rule {
        let now = Timestamp::from_micros(0);
        Rule {
            id: IdSource::counted().next(now),
            verdict,
            package: package.to_owned(),
            versions: versions.to_owned(),
            licence: licence.to_owned(),
            reason: "because".to_owned(),
            family: None,
            expires_on: expires.map(|day| day.parse().unwrap()),
            added_at: now,
            added_by: String::new(),
        }
    }

    #[track_caller]
    fn check(rules: &[Rule], component: &Component, expected: Option<Verdict>) {
        let family = IdSource::counted().next(Timestamp::from_micros(0));
        let judged = judge(component, rules, family, "2026-03-02".parse().unwrap());
        assert_eq!(judged.map(|rule| rule.verdict), expected);
    }

    #[test]
    fn the_gravest_rule_that_holds_decides() {
        let rules = [
            rule(Verdict::Approved, "pkg:npm/left", "", "", None),
            rule(Verdict::Banned, "pkg:npm/left", "<2.0.0", "", None),
            rule(Verdict::Limited, "pkg:npm/old", "", "", Some("2026-03-01")),
        ];
        check(&rules, &component("pkg:npm/left", "1.9.0", ""), Some(Verdict::Banned));
        check(&rules, &component("pkg:npm/left", "2.0.0", ""), Some(Verdict::Approved));
        check(&rules, &component("pkg:npm/left", "", ""), Some(Verdict::Banned));
        check(&rules, &component("pkg:npm/old", "1.0.0", ""), None);
        check(&rules, &component("", "1.0.0", ""), None);
    }

    #[test]
    fn a_licence_is_found_inside_an_expression() {
        let rules = [rule(Verdict::Banned, "", "", "AGPL-3.0-only", None)];
        check(&rules, &component("pkg:npm/a", "1", "(MIT OR AGPL-3.0-only)"), Some(Verdict::Banned));
        check(&rules, &component("pkg:npm/a", "1", "AGPL-3.0-or-later"), None);
    }

    #[test]
    fn versions_that_moved_are_told_from_what_is_new() {
        let before =
            [component("a", "1", ""), component("b", "1", ""), component("d", "1", ""), component("d", "2", "")];
        let after = [component("a", "2", ""), component("c", "1", ""), component("d", "2", "")];
        let changes = difference(&before, &after);
        let moved = Change::Moved(before[0].clone(), after[0].clone());
        assert_eq!(
            changes,
            [
                moved,
                Change::Added(after[1].clone()),
                Change::Removed(before[2].clone()),
                Change::Removed(before[1].clone())
            ]
        );
    }

    #[test]
    fn a_rule_names_one_thing_and_a_readable_range() {
        assert!(checked("pkg:npm/left", "<2.0.0", "", "why").is_ok());
        assert!(checked("", "", "GPL-3.0-only", "why").is_ok());
        for (package, versions, licence, reason) in [
            ("", "", "", "why"),
            ("pkg:npm/a@1.0.0", "", "", "why"),
            ("left-pad", "", "", "why"),
            ("pkg:npm/a", ">>>", "", "why"),
            ("pkg:npm/a", "", "MIT", "why"),
            ("pkg:npm/a", "", "", ""),
        ] {
            assert!(checked(package, versions, licence, reason).is_err(), "{package} {versions} {licence} {reason}");
        }
    }
}
