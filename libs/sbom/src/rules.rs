//! Reads the rule tables: small text files that say, by version, what an object or element may hold.
//!
//! `object NAME VERSIONS` and `element NAME VERSIONS` are followed by indented lines, each with `#VERSIONS` when it
//! does not hold for all. `VERSIONS` is `1.4`, `1.2-1.4` or `1.5-`, joined by commas. `name!` is required.

use std::collections::HashMap;

use regex::Regex;

use crate::expression::{Attribute, Element, Expression, Form, Object, Others, Particle, Type, Unknown, What};

/// The rules of one format in one version.
#[derive(Debug, Default)]
pub(crate) struct Rules {
    types: Vec<Type>,
    names: HashMap<&'static str, usize>,
    patterns: Vec<Regex>,
    pattern_names: HashMap<&'static str, usize>,
    /// Lines of the table that could not be understood; a test keeps this empty.
    pub(crate) problems: Vec<&'static str>,
}

impl Rules {
    /// Reads the lines of `table` that hold for `version`, such as `1.4`.
    pub(crate) fn new(table: &'static str, version: &str) -> Self {
        let version = number(version);
        let mut rules = Self::default();
        for line in table.lines() {
            if let Some((name, pattern)) = line.strip_prefix("pattern ").and_then(|rest| rest.split_once(' ')) {
                match Regex::new(pattern) {
                    Ok(regex) => {
                        rules.pattern_names.insert(name, rules.patterns.len());
                        rules.patterns.push(regex);
                    }
                    Err(_) => rules.problems.push(line),
                }
            }
        }
        let blocks = blocks(table, version);
        for (index, block) in blocks.iter().enumerate() {
            rules.names.insert(block.name, index);
        }
        for block in &blocks {
            let kind = match block.head {
                "object" => Type::Object(rules.object(&block.lines)),
                "element" => Type::Element(rules.element(&block.lines)),
                "enum" => Type::Enumeration(enumeration(&block.lines, version)),
                _ => Type::Alias(block.lines.first().map_or(Expression::Any, |line| rules.expression(line))),
            };
            rules.types.push(kind);
        }
        rules
    }

    pub(crate) fn named(&self, index: usize) -> Option<&Type> {
        self.types.get(index)
    }

    /// The type with this name, behind any alias.
    pub(crate) fn by_name(&self, name: &str) -> Option<&Type> {
        self.names.get(name).and_then(|index| self.named(*index))
    }

    pub(crate) fn expression_for(&self, name: &str) -> Expression {
        self.names.get(name).map_or(Expression::Any, |index| Expression::Named(*index))
    }

    pub(crate) fn matches(&self, pattern: usize, text: &str) -> bool {
        self.patterns.get(pattern).is_none_or(|regex| regex.is_match(text))
    }

    fn object(&mut self, lines: &[&'static str]) -> Object {
        let mut object = Object::default();
        for line in lines {
            if *line == "closed" {
                object.unknown = Unknown::Refused;
            } else if *line == "strict" {
                object.unknown = Unknown::Doubtful;
            } else if let Some(rest) = line.strip_prefix("* ") {
                object.unknown = Unknown::Typed(self.expression(rest));
            } else if let Some(rest) = line.strip_prefix("%one ") {
                object.exactly_one.push(groups(rest));
            } else if let Some(rest) = line.strip_prefix("%any ") {
                object.at_least_one.push(groups(rest));
            } else if let Some((name, rest)) = line.split_once(' ') {
                let plain = name.strip_suffix('!').unwrap_or(name);
                if plain.len() != name.len() {
                    object.required.push(plain);
                }
                let expression = self.expression(rest);
                object.properties.push((plain, expression));
            } else {
                self.problems.push(line);
            }
        }
        object.properties.sort_by_key(|(name, _)| *name);
        object
    }

    fn element(&mut self, lines: &[&'static str]) -> Element {
        let mut element = Element::default();
        for line in lines {
            if *line == "mixed" {
                element.mixed = true;
            } else if *line == "@*" {
                element.other_attributes = Others::Foreign;
            } else if *line == "@*any" {
                element.other_attributes = Others::Any;
            } else if let Some(rest) = line.strip_prefix("= ") {
                element.text = Some(self.expression(rest));
            } else if let Some((name, rest)) = line.strip_prefix('@').and_then(|rest| rest.split_once(' ')) {
                let plain = name.strip_suffix('!').unwrap_or(name);
                let kind = self.expression(rest);
                element.attributes.push(Attribute { name: plain, required: plain.len() != name.len(), kind });
            } else {
                let mut words = line.split(' ');
                match self.particle(&mut words) {
                    Some(particle) if words.next().is_none() => element.content.push(particle),
                    _ => self.problems.push(line),
                }
            }
        }
        element
    }

    /// Reads one particle: `name?=type`, `ANY*`, or a group between round brackets with spaces around each word.
    fn particle(&mut self, words: &mut std::str::Split<'static, char>) -> Option<Particle> {
        let word = words.next()?;
        if word != "(" {
            if let Some(rest) = word.strip_prefix("ANY") {
                let (least, most) = occurrence(rest)?;
                return Some(Particle { least, most, what: What::Foreign });
            }
            let (name, kind) = word.split_once('=')?;
            let end = name.find(['?', '*', '+', '{']).unwrap_or(name.len());
            let (name, count) = name.split_at_checked(end)?;
            let (least, most) = occurrence(count)?;
            let kind = self.expression(kind);
            return Some(Particle { least, most, what: What::Element(name, kind) });
        }
        let mut parts = Vec::new();
        let mut choice = false;
        loop {
            let next = words.clone().next()?;
            if let Some(count) = next.strip_prefix(')') {
                words.next();
                let (least, most) = occurrence(count)?;
                let what = if choice { What::Choice(parts) } else { What::Sequence(parts) };
                return Some(Particle { least, most, what });
            }
            if next == "|" {
                words.next();
                choice = true;
            } else {
                parts.push(self.particle(words)?);
            }
        }
    }

    fn expression(&mut self, text: &'static str) -> Expression {
        let text = text.trim();
        if let Some(parts) = split(text, '^') {
            return Expression::OneOf(parts.into_iter().map(|part| self.expression(part)).collect());
        }
        if let Some(parts) = split(text, '|') {
            return Expression::AnyOf(parts.into_iter().map(|part| self.expression(part)).collect());
        }
        if let Some((inside, after)) = text.strip_prefix('[').and_then(|rest| rest.rsplit_once(']')) {
            let item = Box::new(self.expression(inside));
            let (least, most) = range(after);
            let size =
                |bound: Option<f64>, default: usize| bound.map_or(default, |bound| whole(bound).unwrap_or(default));
            return Expression::Array {
                item,
                unique: after.starts_with('!'),
                least: size(least, 0),
                most: size(most, usize::MAX),
            };
        }
        self.simple(text)
    }

    fn simple(&mut self, text: &'static str) -> Expression {
        let end = text.find(['(', '~', ':']).unwrap_or(text.len());
        let (name, rest) = text.split_at_checked(end).unwrap_or((text, ""));
        let (least, most) = range(rest);
        match name {
            "any" => Expression::Any,
            "obj" => Expression::AnyObject,
            "bool" => Expression::Boolean,
            "spdx-id" => Expression::Licence,
            "int" => Expression::Integer { least: least.and_then(whole_signed), most: most.and_then(whole_signed) },
            "num" => Expression::Number { least, most },
            "str" => {
                let pattern = rest.split_once('~').map(|(_, after)| after.split(':').next().unwrap_or(after));
                let known = pattern.and_then(|pattern| self.pattern_names.get(pattern).copied());
                if pattern.is_some() && known.is_none() {
                    self.problems.push(text);
                }
                let form = rest.rsplit_once(':').and_then(|(_, form)| match form {
                    "date-time" => Some(Form::DateTime),
                    "date" => Some(Form::Date),
                    "email" | "idn-email" => Some(Form::Email),
                    "iri" | "iri-reference" | "uri" => Some(Form::Iri),
                    _ => None,
                });
                Expression::Text {
                    least: least.and_then(whole).unwrap_or(0),
                    most: most.and_then(whole).unwrap_or(usize::MAX),
                    pattern: known,
                    form,
                }
            }
            _ => self.names.get(text).map_or_else(
                || {
                    self.problems.push(text);
                    Expression::Any
                },
                |index| Expression::Named(*index),
            ),
        }
    }
}

struct Block {
    head: &'static str,
    name: &'static str,
    lines: Vec<&'static str>,
}

/// The blocks that hold for `version`, each with its lines that do.
fn blocks(table: &'static str, version: u32) -> Vec<Block> {
    let mut blocks: Vec<Block> = Vec::new();
    let mut holds = false;
    for line in table.lines() {
        if let Some(body) = line.strip_prefix(' ') {
            let (body, versions) = body.split_once("  #").unwrap_or((body, ""));
            if holds
                && covers(versions, version)
                && let Some(block) = blocks.last_mut()
            {
                block.lines.push(body);
            }
            continue;
        }
        let mut words = line.split(' ');
        let (head, name, versions) = (words.next(), words.next(), words.next());
        holds = false;
        if let (Some(head @ ("object" | "element" | "enum" | "alias")), Some(name), Some(versions)) =
            (head, name, versions)
        {
            holds = covers(versions, version);
            if holds {
                blocks.push(Block { head, name, lines: Vec::new() });
            }
        }
    }
    blocks
}

fn enumeration(lines: &[&'static str], version: u32) -> Vec<&'static str> {
    let mut values: Vec<&'static str> = lines
        .iter()
        .filter_map(|line| line.split_once('>'))
        .filter(|(versions, _)| covers(versions, version))
        .flat_map(|(_, values)| values.split('\t').filter(|value| !value.is_empty()))
        .collect();
    values.sort_unstable();
    values
}

fn covers(versions: &str, version: u32) -> bool {
    versions.is_empty()
        || versions.split(',').any(|range| match range.split_once('-') {
            None => number(range) == version,
            Some((from, "")) => number(from) <= version,
            Some((from, to)) => (number(from)..=number(to)).contains(&version),
        })
}

/// `1.4` as a number that sorts.
fn number(version: &str) -> u32 {
    let (major, minor) = version.split_once('.').unwrap_or((version, "0"));
    major.parse::<u32>().unwrap_or(0).saturating_mul(1_000).saturating_add(minor.parse::<u32>().unwrap_or(0))
}

fn groups(text: &'static str) -> Vec<Vec<&'static str>> {
    text.split(' ').map(|group| group.split('+').collect()).collect()
}

/// Splits at `separator` outside brackets; `None` when there is none.
fn split(text: &'static str, separator: char) -> Option<Vec<&'static str>> {
    let mut depth = 0_i32;
    let mut parts = Vec::new();
    let mut start = 0;
    for (at, c) in text.char_indices() {
        match c {
            '[' => depth += 1,
            ']' => depth -= 1,
            c if c == separator && depth == 0 => {
                parts.push(text.get(start..at)?);
                start = at + 1;
            }
            _ => {}
        }
    }
    if parts.is_empty() {
        return None;
    }
    parts.push(text.get(start..)?);
    Some(parts)
}

/// Reads `(least..most)` wherever it stands in `text`.
fn range(text: &str) -> (Option<f64>, Option<f64>) {
    let inside = text.split_once('(').and_then(|(_, rest)| rest.split_once(')')).map_or("", |(inside, _)| inside);
    let (least, most) = inside.split_once("..").unwrap_or(("", ""));
    (least.parse().ok(), most.parse().ok())
}

fn occurrence(text: &str) -> Option<(usize, usize)> {
    match text {
        "" => Some((1, 1)),
        "?" => Some((0, 1)),
        "*" => Some((0, usize::MAX)),
        "+" => Some((1, usize::MAX)),
        _ => {
            let (least, most) = text.strip_prefix('{')?.strip_suffix('}')?.split_once(',')?;
            Some((least.parse().ok()?, if most == "unbounded" { usize::MAX } else { most.parse().ok()? }))
        }
    }
}

fn whole(value: f64) -> Option<usize> {
    format!("{value:.0}").parse().ok()
}

fn whole_signed(value: f64) -> Option<i64> {
    format!("{value:.0}").parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_of_every_table_is_understood() {
        for (table, versions) in [
            (include_str!("tables/cyclonedx-json.rules"), &["1.2", "1.3", "1.4", "1.5", "1.6", "1.7"][..]),
            (include_str!("tables/cyclonedx-xml.rules"), &["1.0", "1.1", "1.2", "1.3", "1.4", "1.5", "1.6", "1.7"]),
            (include_str!("tables/spdx-json.rules"), &["2.2", "2.3"]),
        ] {
            for version in versions {
                let rules = Rules::new(table, version);
                assert_eq!(rules.problems, Vec::<&str>::new(), "version {version}");
                assert!(rules.types.len() > 10);
            }
        }
    }

    #[test]
    fn versions_select_lines() {
        assert!(covers("1.4-", 1_007) && covers("1.2-1.4", 1_004) && covers("1.2,1.5-", 1_006));
        assert!(!covers("1.4-", 1_003) && !covers("1.2", 1_003) && covers("", 1_000));
    }
}
