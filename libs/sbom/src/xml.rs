//! Pull reading of XML into small trees, with lines and namespaces; entities are never expanded.

use std::io::{BufRead, Read};

use limits::{Exceeded, Limits};
use quick_xml::XmlVersion;
use quick_xml::events::{BytesStart, Event};
use quick_xml::name::{Namespace, ResolveResult};
use quick_xml::reader::NsReader;

/// One element with what is in it.
#[derive(Debug, Default)]
pub(crate) struct Node {
    pub(crate) name: Box<str>,
    /// Whether it is of the namespace of the document element.
    pub(crate) ours: bool,
    pub(crate) attributes: Vec<Attribute>,
    pub(crate) children: Vec<Node>,
    pub(crate) text: String,
    pub(crate) line: u64,
    /// Whether its content was taken in elsewhere, so that only its name and place count here.
    pub(crate) elsewhere: bool,
}

#[derive(Debug)]
pub(crate) struct Attribute {
    pub(crate) name: Box<str>,
    /// Whether it has no prefix.
    pub(crate) ours: bool,
    pub(crate) value: Box<str>,
}

impl Node {
    /// The first child of our namespace with this name.
    pub(crate) fn child(&self, name: &str) -> Option<&Self> {
        self.children.iter().find(|child| child.ours && &*child.name == name)
    }

    /// All children of our namespace with this name.
    pub(crate) fn all(&self, name: &str) -> impl Iterator<Item = &Self> {
        self.children.iter().filter(move |child| child.ours && &*child.name == name)
    }

    pub(crate) fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|attribute| attribute.ours && &*attribute.name == name).map(|found| &*found.value)
    }

    /// A stand-in for a child that was taken in elsewhere.
    pub(crate) fn stand_in(&self) -> Self {
        Self { name: self.name.clone(), ours: self.ours, line: self.line, elsewhere: true, ..Self::default() }
    }
}

/// Why reading stopped.
#[derive(Debug)]
pub(crate) enum Stop {
    Io(std::io::Error),
    Syntax(String),
    Limit(Exceeded),
}

impl From<Exceeded> for Stop {
    fn from(exceeded: Exceeded) -> Self {
        Self::Limit(exceeded)
    }
}

/// What comes next.
pub(crate) enum Token {
    Start(Node),
    End,
    Text(String),
    Eof,
}

pub(crate) struct Xml<'a, R> {
    reader: NsReader<Lines<R>>,
    buffer: Vec<u8>,
    namespace: Option<String>,
    depth: u32,
    limits: &'a Limits,
}

impl<'a, R: BufRead> Xml<'a, R> {
    pub(crate) fn new(input: R, limits: &'a Limits) -> Self {
        let mut reader = NsReader::from_reader(Lines { inner: input, line: 1 });
        reader.config_mut().expand_empty_elements = true;
        Self { reader, buffer: Vec::new(), namespace: None, depth: 0, limits }
    }

    pub(crate) fn line(&self) -> u64 {
        self.reader.get_ref().line
    }

    /// The namespace of the document element.
    pub(crate) fn namespace(&self) -> Option<&str> {
        self.namespace.as_deref()
    }

    pub(crate) fn next(&mut self) -> Result<Token, Stop> {
        loop {
            self.buffer.clear();
            let event = self.reader.read_event_into(&mut self.buffer).map_err(stop)?;
            return Ok(match event {
                Event::Start(start) | Event::Empty(start) => {
                    self.depth = self.depth.saturating_add(1);
                    self.limits.check_depth(self.depth)?;
                    let line = self.reader.get_ref().line;
                    Token::Start(node(&self.reader, &start, &mut self.namespace, line)?)
                }
                Event::End(_) => {
                    self.depth = self.depth.saturating_sub(1);
                    Token::End
                }
                Event::Text(text) => Token::Text(text.xml10_content().into_owned()),
                Event::CData(text) => Token::Text(text.xml10_content().into_owned()),
                Event::GeneralRef(reference) => {
                    let character = reference.resolve_char_ref().map_err(stop)?;
                    let name = reference.into_inner();
                    Token::Text(match (character, name.as_ref()) {
                        (Some(character), _) => character.to_string(),
                        (None, "lt") => "<".to_owned(),
                        (None, "gt") => ">".to_owned(),
                        (None, "amp") => "&".to_owned(),
                        (None, "quot") => "\"".to_owned(),
                        (None, "apos") => "'".to_owned(),
                        (None, other) => {
                            let name: String = other.chars().take(40).collect();
                            return Err(Stop::Syntax(format!(
                                "the entity “{name}” is not expanded; write the text itself"
                            )));
                        }
                    })
                }
                Event::DocType(text) if text.contains("<!ENTITY") => {
                    return Err(Stop::Syntax("the document type declares entities, which are not read".to_owned()));
                }
                Event::Eof if self.depth > 0 => {
                    return Err(Stop::Syntax("the document ends inside an element".to_owned()));
                }
                Event::Eof => Token::Eof,
                Event::Comment(_) | Event::Decl(_) | Event::PI(_) | Event::DocType(_) => continue,
            });
        }
    }

    /// Reads the rest of an element whose start was just read.
    pub(crate) fn tree(&mut self, start: Node) -> Result<Node, Stop> {
        let mut open = vec![start];
        loop {
            match self.next()? {
                Token::Start(node) => open.push(node),
                Token::Text(text) => {
                    if let Some(node) = open.last_mut() {
                        node.text.push_str(&text);
                    }
                }
                Token::End | Token::Eof => {
                    let Some(node) = open.pop() else { return Ok(Node::default()) };
                    match open.last_mut() {
                        Some(parent) => parent.children.push(node),
                        None => return Ok(node),
                    }
                }
            }
        }
    }
}

fn node<R>(
    reader: &NsReader<R>,
    start: &BytesStart<'_>,
    namespace: &mut Option<String>,
    line: u64,
) -> Result<Node, Stop> {
    let (found, name) = reader.resolver().resolve_element(start.name());
    let bound = match &found {
        ResolveResult::Bound(Namespace(bound)) => *bound,
        ResolveResult::Unbound => "",
        ResolveResult::Unknown(prefix) => {
            return Err(Stop::Syntax(format!("the namespace prefix “{prefix}” is not declared")));
        }
    };
    let namespace = namespace.get_or_insert_with(|| bound.to_owned());
    let mut node = Node { name: name.into_inner().into(), ours: bound == namespace, line, ..Node::default() };
    for attribute in start.attributes() {
        let attribute = attribute.map_err(|error| Stop::Syntax(error.to_string()))?;
        if attribute.key.as_namespace_binding().is_some() {
            continue;
        }
        let value = attribute.normalized_value(XmlVersion::Implicit1_0).map_err(stop)?;
        let ours = attribute.key.prefix().is_none();
        node.attributes.push(Attribute {
            name: attribute.key.local_name().into_inner().into(),
            ours,
            value: value.into(),
        });
    }
    Ok(node)
}

fn stop(error: quick_xml::Error) -> Stop {
    if let quick_xml::Error::Io(error) = error {
        Stop::Io(std::io::Error::new(error.kind(), error.to_string()))
    } else {
        Stop::Syntax(error.to_string())
    }
}

/// Counts lines as they are consumed.
struct Lines<R> {
    inner: R,
    line: u64,
}

impl<R: Read> Read for Lines<R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        self.inner.read(buffer)
    }
}

impl<R: BufRead> BufRead for Lines<R> {
    fn fill_buf(&mut self) -> std::io::Result<&[u8]> {
        self.inner.fill_buf()
    }

    fn consume(&mut self, count: usize) {
        if let Ok(buffer) = self.inner.fill_buf() {
            let taken = buffer.get(..count).unwrap_or(buffer);
            self.line = self.line.saturating_add(memchr::memchr_iter(b'\n', taken).count().try_into().unwrap_or(0));
        }
        self.inner.consume(count);
    }
}
