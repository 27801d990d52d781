//! Checks an XML element against the rule table: attributes, text, and the order and number of children.

use crate::check_json::{Checker, short, unlisted};
use crate::expression::{Element, Expression, Others, Particle, Type, What};
use crate::findings::Findings;
use crate::licences;
use crate::refs::Refs;
use crate::rules::Rules;
use crate::xml::Node;

pub(crate) struct XmlChecker<'a> {
    pub(crate) rules: &'a Rules,
}

impl XmlChecker<'_> {
    /// Checks `node` and everything in it.
    pub(crate) fn check(
        &self,
        kind: &Expression,
        node: &Node,
        path: &mut String,
        refs: &mut Refs,
        findings: &mut Findings,
    ) {
        if node.elsewhere {
            return;
        }
        findings.line = Some(node.line);
        if let Some(element) = self.element(kind) {
            self.check_element(element, node, path, refs, findings);
        } else if matches!(kind, Expression::Any) {
            // Free content is not looked into.
        } else {
            for attribute in node.attributes.iter().filter(|attribute| attribute.ours) {
                findings.error("unknown-attribute", path, || {
                    format!("the attribute “{}” does not exist here", short(&attribute.name))
                });
            }
            if let Some(child) = node.children.first() {
                findings.error("content", path, || {
                    format!("only text is allowed here, not the element <{}>", short(&child.name))
                });
            }
            self.text(kind, &node.text, path, findings);
        }
        findings.line = None;
    }

    /// The element type behind names and aliases.
    pub(crate) fn element(&self, kind: &Expression) -> Option<&Element> {
        let Expression::Named(index) = kind else { return None };
        match self.rules.named(*index)? {
            Type::Element(element) => Some(element),
            Type::Alias(expression) => self.element(expression),
            Type::Object(_) | Type::Enumeration(_) => None,
        }
    }

    fn check_element(
        &self,
        element: &Element,
        node: &Node,
        path: &mut String,
        refs: &mut Refs,
        findings: &mut Findings,
    ) {
        self.attributes(element, node, path, refs, findings);
        if let Some(kind) = &element.text {
            if let Some(child) = node.children.first() {
                findings.error("content", path, || {
                    format!("only text is allowed here, not the element <{}>", short(&child.name))
                });
            }
            self.text(kind, &node.text, path, findings);
            return;
        }
        if !element.mixed && !node.text.trim().is_empty() {
            findings.error("content", path, || format!("text is not allowed here: “{}”", short(node.text.trim())));
        }
        self.order(element, node, path, findings);
        let mut positions: Vec<(&str, usize)> = Vec::new();
        for child in node.children.iter().filter(|child| child.ours) {
            let position = match positions.iter_mut().find(|(name, _)| *name == &*child.name) {
                Some((_, count)) => {
                    *count += 1;
                    *count
                }
                None => {
                    positions.push((&child.name, 1));
                    1
                }
            };
            if let Some(kind) = find(&element.content, &child.name) {
                let length = push(path, &child.name, position);
                self.check(kind, child, path, refs, findings);
                path.truncate(length);
            }
        }
        findings.line = Some(node.line);
    }

    pub(crate) fn attributes(
        &self,
        element: &Element,
        node: &Node,
        path: &str,
        refs: &mut Refs,
        findings: &mut Findings,
    ) {
        for attribute in &node.attributes {
            if !attribute.ours {
                continue;
            }
            if &*attribute.name == "bom-ref" {
                refs.declare(&attribute.value, path, findings);
            }
            match element.attributes.iter().find(|known| known.name == &*attribute.name) {
                Some(known) => self.text(&known.kind, &attribute.value, &format!("{path}/@{}", known.name), findings),
                None if element.other_attributes == Others::Any => {}
                None => findings.error("unknown-attribute", path, || {
                    format!(
                        "the attribute “{}” does not exist here in this version of the specification",
                        short(&attribute.name)
                    )
                }),
            }
        }
        for known in element.attributes.iter().filter(|known| known.required) {
            if node.attribute(known.name).is_none() {
                findings.error("missing-attribute", path, || format!("the attribute “{}” is missing", known.name));
            }
        }
    }

    /// Checks the order and number of children.
    pub(crate) fn order(&self, element: &Element, node: &Node, path: &str, findings: &mut Findings) {
        let children = &node.children;
        let mut at = 0;
        for particle in &element.content {
            if let Some(next) = take(particle, children, at) {
                at = next;
            } else {
                findings.error("missing-element", path, || {
                    let found = children
                        .get(at)
                        .map_or_else(|| "the end".to_owned(), |child| format!("<{}>", short(&child.name)));
                    format!("{} is needed here, not {found}", words(particle))
                });
                return;
            }
        }
        if let Some(child) = children.get(at) {
            findings.line = Some(child.line);
            findings.error("unknown-element", path, || {
                format!(
                    "the element <{}> does not exist here, is repeated or stands in the wrong order",
                    short(&child.name)
                )
            });
            findings.line = Some(node.line);
        }
    }

    /// Checks the text of an element or attribute.
    fn text(&self, kind: &Expression, text: &str, path: &str, findings: &mut Findings) {
        match kind {
            Expression::Any | Expression::AnyObject | Expression::Array { .. } => {}
            Expression::Text { least, most, pattern, form } => {
                // Texts with a form are tokens, whose outer blanks do not count (XML Schema 1.0, whiteSpace).
                let text = if form.is_some() || pattern.is_some() { text.trim() } else { text };
                let checker = Checker { rules: self.rules, identifier: "bom-ref" };
                checker.text(text, (*least, *most), *pattern, *form, false, path, findings);
            }
            Expression::Licence => {
                if !licences::is_known(text) {
                    findings.error("unknown-licence", path, || {
                        format!(
                            "“{}” is not an identifier of the SPDX licence list; give it as a name or an expression",
                            short(text)
                        )
                    });
                }
            }
            Expression::Boolean => {
                if !matches!(text.trim(), "true" | "false" | "1" | "0") {
                    findings.error("type", path, || format!("true or false is needed here, not “{}”", short(text)));
                }
            }
            Expression::Integer { least, most } => match text.trim().parse::<i64>() {
                Ok(value) if least.is_none_or(|least| value >= least) && most.is_none_or(|most| value <= most) => {}
                Ok(value) => findings.error("range", path, || format!("{value} is out of range")),
                Err(_) => {
                    findings.error("type", path, || format!("a whole number is needed here, not “{}”", short(text)))
                }
            },
            Expression::Number { least, most } => match text.trim().parse::<f64>() {
                Ok(value) if least.is_none_or(|least| value >= least) && most.is_none_or(|most| value <= most) => {}
                Ok(value) => findings.error("range", path, || format!("{value} is out of range")),
                Err(_) => findings.error("type", path, || format!("a number is needed here, not “{}”", short(text))),
            },
            Expression::AnyOf(options) | Expression::OneOf(options) => self.any_text(options, text, path, findings),
            Expression::Named(index) => match self.rules.named(*index) {
                Some(Type::Enumeration(values)) => {
                    if values.binary_search(&text).is_err() {
                        findings.error("value", path, || unlisted(text, values));
                    }
                }
                Some(Type::Alias(expression)) => self.text(expression, text, path, findings),
                Some(Type::Object(_) | Type::Element(_)) | None => {}
            },
        }
    }

    fn any_text(&self, options: &[Expression], text: &str, path: &str, findings: &mut Findings) {
        let mut last = None;
        for option in options {
            let mut tried = findings.aside();
            self.text(option, text, path, &mut tried);
            if !tried.has_error() {
                return;
            }
            last = Some(tried);
        }
        if let Some(last) = last {
            findings.append(last);
        }
    }
}

/// Adds a step to the path of an element; returns the length to go back to.
pub(crate) fn push(path: &mut String, name: &str, position: usize) -> usize {
    use std::fmt::Write;
    let length = path.len();
    let _infallible = write!(path, "/{name}[{position}]");
    length
}

/// The type of the child `name` anywhere in the content.
pub(crate) fn find<'a>(content: &'a [Particle], name: &str) -> Option<&'a Expression> {
    content.iter().find_map(|particle| match &particle.what {
        What::Element(known, kind) if *known == name => Some(kind),
        What::Element(..) | What::Foreign => None,
        What::Sequence(parts) | What::Choice(parts) => find(parts, name),
    })
}

/// Matches a particle as often as it can from `at`; schemas are deterministic, so that greed is right.
fn take(particle: &Particle, children: &[Node], mut at: usize) -> Option<usize> {
    let mut count = 0;
    while count < particle.most {
        match once(&particle.what, children, at) {
            Some(next) if next > at => {
                at = next;
                count += 1;
            }
            Some(_) => return Some(at),
            None => break,
        }
    }
    (count >= particle.least).then_some(at)
}

fn once(what: &What, children: &[Node], at: usize) -> Option<usize> {
    match what {
        What::Element(name, _) => children.get(at).filter(|child| child.ours && &*child.name == *name).map(|_| at + 1),
        What::Foreign => children.get(at).filter(|child| !child.ours).map(|_| at + 1),
        What::Sequence(parts) => parts.iter().try_fold(at, |at, part| take(part, children, at)),
        What::Choice(parts) => {
            let tried = || parts.iter().filter_map(|part| take(part, children, at));
            tried().find(|next| *next > at).or_else(|| tried().next())
        }
    }
}

fn words(particle: &Particle) -> String {
    match &particle.what {
        What::Element(name, _) => format!("the element <{name}>"),
        What::Foreign => "an element of another namespace".to_owned(),
        What::Sequence(parts) => parts.first().map_or_else(String::new, words),
        What::Choice(parts) => parts.iter().map(words).collect::<Vec<_>>().join(" or "),
    }
}
