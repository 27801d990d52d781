//! What the rules of a run say, made ready once for all results.

use std::borrow::Cow;

use super::run::Run;
use super::wire::{Outcome, Properties, Reference, Rule};
use crate::text;

/// One rule, with what each of its results takes from it.
pub(super) struct Told<'r> {
    pub(super) rule: &'r Rule<'static>,
    /// Short and full description, where there are any.
    pub(super) texts: Vec<Cow<'r, str>>,
    /// Its `security-severity`.
    pub(super) score: Option<f64>,
    /// Weaknesses it is related to.
    related: Vec<u32>,
    /// Weaknesses that its properties name.
    tagged: Vec<u32>,
}

/// The rules of each component, in the order of [`Run::components`].
pub(super) struct Rules<'r>(Vec<Vec<Told<'r>>>);

impl<'r> Rules<'r> {
    pub(super) fn of(run: &'r Run<'static>) -> Self {
        Self(run.components().map(|component| component.rules.iter().map(|rule| told(run, rule)).collect()).collect())
    }

    /// The rule of a result.
    pub(super) fn rule(&self, run: &Run<'_>, result: &Outcome<'_>) -> Option<&Told<'r>> {
        let (component, rule) = run.rule(result)?;
        self.0.get(component)?.get(rule)
    }
}

fn told<'r>(run: &'r Run<'static>, rule: &'r Rule<'static>) -> Told<'r> {
    let texts =
        [run.rule_text(rule, |rule| &rule.short_description), run.rule_text(rule, |rule| &rule.full_description)];
    let (mut related, mut tagged) = (Vec::new(), Vec::new());
    referred(run, rule.relationships.iter().map(|relation| &relation.target), &mut related);
    named(&rule.properties, &mut tagged);
    Told {
        rule,
        texts: texts.into_iter().filter(|text| !text.trim().is_empty()).collect(),
        score: text::number(rule.properties.security_severity.get()),
        related,
        tagged,
    }
}

/// Weaknesses: the result's taxa, the rule's relationships, the result's properties, the rule's.
pub(super) fn weaknesses(run: &Run<'_>, result: &Outcome<'_>, told: Option<&Told<'_>>) -> Vec<u32> {
    let mut found = Vec::new();
    referred(run, result.taxa.iter(), &mut found);
    add(&mut found, told.map_or(&[], |told| &told.related));
    named(&result.properties, &mut found);
    add(&mut found, told.map_or(&[], |told| &told.tagged));
    found
}

fn add(found: &mut Vec<u32>, numbers: &[u32]) {
    for number in numbers {
        if !found.contains(number) {
            found.push(*number);
        }
    }
}

fn referred<'t, 'a: 't>(run: &Run<'_>, references: impl Iterator<Item = &'t Reference<'a>>, found: &mut Vec<u32>) {
    for reference in references {
        let (taxonomy, id) = run.taxon(reference);
        let numbers =
            if taxonomy.to_ascii_uppercase().starts_with("CWE") { text::cwe_field(id) } else { text::cwes(id) };
        add(found, &numbers);
    }
}

fn named(properties: &Properties<'_>, found: &mut Vec<u32>) {
    properties.cwe.0.iter().for_each(|cwe| add(found, &text::cwe_field(cwe.get())));
    properties.tags.0.iter().for_each(|tag| add(found, &text::cwes(tag.get())));
}
