//! XML for readers: named elements come one at a time as small trees, everything around them streams by.
//!
//! Entities declared in the document are never expanded and nothing outside is fetched; nesting and the size of one
//! element are bounded.

use std::io::BufRead;

use limits::{Exceeded, Limits, What};
use quick_xml::Reader;
use quick_xml::events::{BytesRef, BytesStart, Event};

use crate::Error;

/// A pull reader over one document.
pub(crate) struct Xml<'a> {
    reader: Reader<Box<dyn BufRead + 'a>>,
    buffer: Vec<u8>,
    open: Vec<Node>,
    limits: Limits,
    started: bool,
}

/// An element with what is in it; names come without their prefix.
#[derive(Clone, Debug, Default)]
pub(crate) struct Node {
    pub(crate) name: String,
    pub(crate) attributes: Vec<(String, String)>,
    pub(crate) children: Vec<Node>,
    /// Its own text, without that of its children.
    pub(crate) text: String,
}

impl<'a> Xml<'a> {
    pub(crate) fn new(source: Box<dyn BufRead + 'a>, limits: Limits) -> Self {
        let mut reader = Reader::from_reader(source);
        let config = reader.config_mut();
        config.expand_empty_elements = true;
        config.allow_dangling_amp = true;
        Self { reader, buffer: Vec::new(), open: Vec::new(), limits, started: false }
    }

    /// The next element with one of these names, whole; `None` at the end of the document.
    ///
    /// Elements inside a returned one are not returned again. [`Xml::within`] tells what is around it.
    ///
    /// # Errors
    /// [`Error::Malformed`] with the place where the XML breaks; [`Error::Limit`] for nesting or one huge element.
    pub(crate) fn next(&mut self, names: &[&str]) -> Result<Option<Node>, Error> {
        self.next_without(names, "", &mut |_| {})
    }

    /// As [`Xml::next`], but elements of the name `inner` inside are handed to `take` in place of being held: for
    /// those that come by the hundred thousand.
    ///
    /// # Errors
    /// As [`Xml::next`].
    pub(crate) fn next_without(
        &mut self,
        names: &[&str],
        inner: &str,
        take: &mut dyn FnMut(Node),
    ) -> Result<Option<Node>, Error> {
        let mut tree: Vec<Node> = Vec::new();
        let mut size = 0_usize;
        loop {
            self.buffer.clear();
            let position = self.reader.buffer_position();
            let event = self.reader.read_event_into(&mut self.buffer).map_err(|error| broken(&error, position))?;
            match event {
                Event::Start(start) | Event::Empty(start) => {
                    self.started = true;
                    let node = begin(&start);
                    self.limits.check_depth(depth(self.open.len(), tree.len()))?;
                    if !tree.is_empty() || names.contains(&node.name.as_str()) {
                        size = size.saturating_add(node.size());
                        tree.push(node);
                    } else {
                        self.open.push(node);
                    }
                }
                Event::End(_) => match tree.pop() {
                    Some(node) if node.name == inner && !tree.is_empty() => {
                        size = size.saturating_sub(node.whole_size());
                        take(node);
                    }
                    Some(node) => match tree.last_mut() {
                        Some(parent) => parent.children.push(node),
                        None => return Ok(Some(node)),
                    },
                    None => {
                        self.open.pop();
                    }
                },
                Event::Text(text) => add(&mut tree, &text.into_inner(), &self.limits, &mut size),
                Event::CData(text) => add(&mut tree, &text.into_inner(), &self.limits, &mut size),
                Event::GeneralRef(name) => add(&mut tree, &entity(&name), &self.limits, &mut size),
                Event::Eof => return self.end(&tree),
                Event::Comment(_) | Event::Decl(_) | Event::PI(_) | Event::DocType(_) => {}
            }
            if size > self.limits.part {
                return Err(Exceeded { what: What::Part, limit: self.limits.part as u64 }.into());
            }
        }
    }

    /// The whole document as a tree; for short formats whose parts refer to each other.
    pub(crate) fn tree(&mut self) -> Result<Node, Error> {
        let mut tree: Vec<Node> = Vec::new();
        let mut size = 0_usize;
        loop {
            self.buffer.clear();
            let position = self.reader.buffer_position();
            let event = self.reader.read_event_into(&mut self.buffer).map_err(|error| broken(&error, position))?;
            match event {
                Event::Start(start) | Event::Empty(start) => {
                    let node = begin(&start);
                    size = size.saturating_add(node.size());
                    self.limits.check_depth(depth(0, tree.len()))?;
                    tree.push(node);
                }
                Event::End(_) => {
                    if let Some(node) = tree.pop() {
                        match tree.last_mut() {
                            Some(parent) => parent.children.push(node),
                            None => return Ok(node),
                        }
                    }
                }
                Event::Text(text) => add(&mut tree, &text.into_inner(), &self.limits, &mut size),
                Event::CData(text) => add(&mut tree, &text.into_inner(), &self.limits, &mut size),
                Event::GeneralRef(name) => add(&mut tree, &entity(&name), &self.limits, &mut size),
                Event::Eof => return Err(Error::malformed("the XML ends before its root element does")),
                Event::Comment(_) | Event::Decl(_) | Event::PI(_) | Event::DocType(_) => {}
            }
            if size > self.limits.part.saturating_mul(2) {
                return Err(Exceeded { what: What::Part, limit: (self.limits.part as u64).saturating_mul(2) }.into());
            }
        }
    }

    /// The nearest enclosing element of this name: name and attributes only.
    pub(crate) fn within(&self, name: &str) -> Option<&Node> {
        self.open.iter().rev().find(|node| node.name == name)
    }

    /// An attribute of the nearest enclosing element of this name; empty when missing.
    pub(crate) fn around(&self, name: &str, attribute: &str) -> &str {
        self.within(name).map_or("", |node| node.attr(attribute))
    }

    fn end(&self, tree: &[Node]) -> Result<Option<Node>, Error> {
        match tree.last().or_else(|| self.open.last()) {
            Some(node) => Err(Error::malformed(format!("the XML ends inside the element {}", node.name))),
            None if !self.started => Err(Error::malformed("the XML has no element")),
            None => Ok(None),
        }
    }
}

fn depth(open: usize, tree: usize) -> u32 {
    u32::try_from(open.saturating_add(tree).saturating_add(1)).unwrap_or(u32::MAX)
}

fn broken(error: &quick_xml::Error, position: u64) -> Error {
    Error::malformed(format!("the XML is broken near byte {position}: {error}"))
}

/// An element without its content. Attributes that break the rules are left out.
pub(crate) fn begin(start: &BytesStart<'_>) -> Node {
    let attributes = start
        .attributes()
        .with_checks(false)
        .flatten()
        .map(|attribute| {
            let value = quick_xml::escape::unescape(&attribute.value)
                .map_or_else(|_| attribute.value.to_string(), std::borrow::Cow::into_owned);
            (attribute.key.0.to_owned(), value)
        })
        .collect();
    Node { name: local(start.name().0).to_owned(), attributes, ..Node::default() }
}

pub(crate) fn local(name: &str) -> &str {
    name.rsplit_once(':').map_or(name, |(_, local)| local)
}

fn entity(name: &BytesRef<'_>) -> String {
    if let Ok(Some(symbol)) = name.resolve_char_ref() {
        return symbol.to_string();
    }
    let name: &str = name;
    match name {
        "lt" => "<".to_owned(),
        "gt" => ">".to_owned(),
        "amp" => "&".to_owned(),
        "quot" => "\"".to_owned(),
        "apos" => "'".to_owned(),
        "nbsp" => " ".to_owned(),
        _ => format!("&{name};"),
    }
}

fn add(tree: &mut [Node], text: &str, limits: &Limits, size: &mut usize) {
    if let Some(node) = tree.last_mut() {
        let room = limits.text.saturating_sub(node.text.len());
        let kept = crate::text::clip(text, room);
        node.text.push_str(kept);
        *size = size.saturating_add(kept.len());
    }
}

impl Node {
    fn size(&self) -> usize {
        let attributes: usize = self.attributes.iter().map(|(key, value)| key.len().saturating_add(value.len())).sum();
        attributes.saturating_add(self.name.len()).saturating_add(std::mem::size_of::<Self>())
    }

    /// What the element and all in it counted for.
    fn whole_size(&self) -> usize {
        let inner: usize = self.children.iter().map(Self::whole_size).sum();
        self.size().saturating_add(self.text.len()).saturating_add(inner)
    }

    /// The value of an attribute, trimmed, with or without prefix; empty when missing.
    pub(crate) fn attr(&self, name: &str) -> &str {
        let exact = self.attributes.iter().find(|(key, _)| key == name);
        let found = exact.or_else(|| self.attributes.iter().find(|(key, _)| local(key) == name));
        found.map_or("", |(_, value)| value.trim())
    }

    /// The value of an attribute as a number.
    pub(crate) fn attr_int(&self, name: &str) -> Option<i64> {
        self.attr(name).parse().ok()
    }

    /// The first element at this path of names.
    pub(crate) fn child(&self, path: &str) -> Option<&Self> {
        let mut node = self;
        for name in path.split('/').filter(|name| !name.is_empty()) {
            node = node.children.iter().find(|child| child.name == name)?;
        }
        Some(node)
    }

    /// The elements at this path: all whose last name matches, in the first of each name before.
    pub(crate) fn list<'n>(&'n self, path: &'n str) -> impl Iterator<Item = &'n Self> + 'n {
        let (parent, name) = path.rsplit_once('/').unwrap_or(("", path));
        let parent = self.child(parent);
        parent.into_iter().flat_map(|node| &node.children).filter(move |child| child.name == name)
    }

    /// All elements of this name at any depth.
    pub(crate) fn all<'n>(&'n self, name: &str) -> Vec<&'n Self> {
        let mut found = Vec::new();
        let mut waiting: Vec<&Self> = self.children.iter().rev().collect();
        while let Some(node) = waiting.pop() {
            if node.name == name {
                found.push(node);
            }
            waiting.extend(node.children.iter().rev());
        }
        found
    }

    /// The text of the element at this path, trimmed; empty when missing.
    pub(crate) fn text(&self, path: &str) -> &str {
        self.child(path).map_or("", |node| node.text.trim())
    }

    /// The text of the element at this path, or nothing where it is empty.
    pub(crate) fn opt(&self, path: &str) -> Option<String> {
        crate::text::some(self.text(path))
    }

    /// The first text that is there.
    pub(crate) fn first(&self, paths: &[&str]) -> Option<String> {
        paths.iter().find_map(|path| self.opt(path))
    }

    /// The number in the element at this path.
    pub(crate) fn num(&self, path: &str) -> Option<f64> {
        crate::text::number(self.text(path))
    }

    /// The whole number in the element at this path.
    pub(crate) fn int(&self, path: &str) -> Option<i64> {
        self.text(path).parse().ok()
    }

    /// All text in it, its children's included.
    pub(crate) fn deep_text(&self) -> String {
        let mut parts = vec![self.text.trim().to_owned()];
        parts.extend(self.children.iter().map(Self::deep_text));
        parts.retain(|part| !part.is_empty());
        parts.join(" ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn xml(text: &str) -> Xml<'_> {
        Xml::new(Box::new(text.as_bytes()), Limits::DOCUMENT)
    }

    #[test]
    fn elements_come_one_at_a_time() {
        let mut xml = xml("<r v='1'><h n='a'><i x='&lt;'>one &amp; <b>two</b></i></h><h n='b'><i/></h></r>");
        let first = xml.next(&["i"]).unwrap().unwrap();
        assert_eq!((first.attr("x"), first.text.as_str(), first.text("b")), ("<", "one & ", "two"));
        assert_eq!((xml.around("h", "n"), xml.around("r", "v")), ("a", "1"));
        assert!(xml.next(&["i"]).unwrap().is_some());
        assert_eq!(xml.around("h", "n"), "b");
        assert!(xml.next(&["i"]).unwrap().is_none());
    }

    #[test]
    fn declared_entities_stay_as_they_are() {
        let text = "<!DOCTYPE r [<!ENTITY a 'aaaa'><!ENTITY b '&a;&a;'>]><r><i>&b;</i></r>";
        assert_eq!(xml(text).next(&["i"]).unwrap().unwrap().text, "&b;");
    }

    #[test]
    fn cut_and_deep_documents_are_refused() {
        assert!(matches!(xml("<r><i>").next(&["i"]), Err(Error::Malformed(_))));
        assert!(matches!(xml(&"<a>".repeat(200)).next(&["i"]), Err(Error::Limit(_))));
    }
}
