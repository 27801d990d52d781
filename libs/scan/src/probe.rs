//! What a report looks like, cheaply: the paths of its JSON, the root of its XML, the header of its table.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use quick_xml::Reader;
use quick_xml::events::Event;

use crate::table;
use crate::xml::{self, Node};

/// The family of formats a report belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shape {
    /// One JSON document.
    Json,
    /// Several JSON documents, one after the other.
    JsonLines,
    /// XML (or HTML).
    Xml,
    /// A table with a header line.
    Table,
    /// Anything else.
    Text,
}

/// What a reader looks at to tell whether a report is its own.
pub(crate) struct Probe {
    /// The family.
    pub(crate) shape: Shape,
    /// The first part of the text.
    pub(crate) head: String,
    /// XML: the root element with its attributes.
    pub(crate) root: Node,
    /// XML: names of the first elements.
    elements: Vec<String>,
    /// Table: column names, lower case.
    header: Vec<String>,
    /// JSON: paths met, with the first short text or number there.
    paths: HashMap<String, String>,
    /// JSON: keys of the top level in order.
    pub(crate) keys: Vec<String>,
}

/// Paths kept; deeper than [`DEEP`] none are.
const PATHS: usize = 4_000;
const DEEP: usize = 7;

impl Probe {
    pub(crate) fn new(head: String) -> Self {
        let mut probe = Self {
            shape: Shape::Text,
            head: String::new(),
            root: Node::default(),
            elements: Vec::new(),
            header: Vec::new(),
            paths: HashMap::new(),
            keys: Vec::new(),
        };
        let text = head.trim_start_matches(|symbol: char| symbol == '\u{feff}' || symbol.is_whitespace());
        match text.as_bytes().first() {
            Some(b'{' | b'[') => {
                let documents = Scan::run(text, &mut probe);
                probe.shape = if documents > 1 { Shape::JsonLines } else { Shape::Json };
            }
            Some(b'<') => {
                probe.shape = Shape::Xml;
                probe.scan_xml(text);
            }
            Some(_) | None => {
                let line = text.lines().next().unwrap_or_default();
                let delimiter = char::from(table::delimiter(line.as_bytes()));
                if line.contains(delimiter) {
                    probe.shape = Shape::Table;
                    probe.header =
                        line.split(delimiter).map(|name| table::column(name.trim().trim_matches('"'))).collect();
                }
            }
        }
        probe.head = head;
        probe
    }

    fn scan_xml(&mut self, text: &str) {
        let mut reader = Reader::from_reader(text.as_bytes());
        reader.config_mut().check_end_names = false;
        let mut buffer = Vec::new();
        while let Ok(event) = reader.read_event_into(&mut buffer) {
            match event {
                Event::Start(start) | Event::Empty(start) => {
                    let node = xml::begin(&start);
                    self.elements.push(node.name.clone());
                    if self.elements.len() == 1 {
                        self.root = node;
                    }
                    if self.elements.len() >= 300 {
                        return;
                    }
                }
                Event::Eof => return,
                Event::End(_)
                | Event::Text(_)
                | Event::CData(_)
                | Event::Comment(_)
                | Event::Decl(_)
                | Event::PI(_)
                | Event::DocType(_)
                | Event::GeneralRef(_) => {}
            }
            buffer.clear();
        }
    }

    /// JSON: whether this path is there. Segments are parted by `.`, `[]` stands for the items of an array
    /// (`runs[].tool.driver`, `[].check_id`), `*` for any one key. JSON lines are looked at with and without `[]` in front.
    pub(crate) fn has(&self, path: &str) -> bool {
        // A list is the same whether its entries stand in one array or each in its own line.
        let line = path.strip_prefix("[].").filter(|_| self.shape == Shape::JsonLines);
        [Some(path), line].into_iter().flatten().any(|path| match path.contains('*') {
            true => self.paths.keys().any(|known| matches(known, path)),
            false => self.paths.contains_key(path),
        })
    }

    /// JSON: whether all these paths are there.
    pub(crate) fn has_all(&self, paths: &[&str]) -> bool {
        paths.iter().all(|path| self.has(path))
    }

    /// JSON: whether all these paths are there in the document, in the items of its array, or in its lines.
    pub(crate) fn item(&self, paths: &[&str]) -> bool {
        self.has_all(paths) || paths.iter().all(|path| self.has(&format!("[].{path}")))
    }

    /// JSON: the first text or number at this path; empty when there is none.
    pub(crate) fn value(&self, path: &str) -> &str {
        self.paths.get(path).map_or("", String::as_str)
    }

    /// XML: whether the root element has this name.
    pub(crate) fn root_is(&self, name: &str) -> bool {
        self.shape == Shape::Xml && self.root.name == name
    }

    /// XML: whether an element of this name is near the start.
    pub(crate) fn element(&self, name: &str) -> bool {
        self.elements.iter().any(|element| element == name)
    }

    /// Table: whether all these columns are there, in any order and case.
    pub(crate) fn columns(&self, names: &[&str]) -> bool {
        self.shape == Shape::Table
            && names.iter().all(|name| {
                let name = table::column(name);
                self.header.contains(&name)
            })
    }

    /// Whether the first part of the text contains this.
    pub(crate) fn contains(&self, text: &str) -> bool {
        self.head.contains(text)
    }

    /// What it looks like, for the message about an unknown format.
    pub(crate) fn describe(&self) -> String {
        let list = |names: &[String]| {
            let shown: Vec<&str> = names.iter().take(8).map(String::as_str).collect();
            shown.join(", ")
        };
        let odd =
            |symbol: char| symbol == char::REPLACEMENT_CHARACTER || (symbol.is_control() && !symbol.is_whitespace());
        if self.head.chars().take(1_000).any(odd) {
            return "a binary file".to_owned();
        }
        match self.shape {
            Shape::Json if self.keys.is_empty() => {
                let mut items: Vec<String> = self
                    .paths
                    .keys()
                    .filter_map(|path| path.strip_prefix("[]."))
                    .filter(|path| !path.contains(['.', '[']))
                    .map(str::to_owned)
                    .collect();
                items.sort();
                if items.is_empty() {
                    return "JSON without any named member".to_owned();
                }
                format!("a JSON array whose items have the keys {}", list(&items))
            }
            Shape::Json => format!("a JSON object with the keys {}", list(&self.keys)),
            Shape::JsonLines => format!("JSON documents in lines with the keys {}", list(&self.keys)),
            Shape::Xml => format!("XML with the root element {}", self.root.name),
            Shape::Table => format!("a table with the columns {}", list(&self.header)),
            Shape::Text => {
                let line = self.head.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
                format!("text that begins \"{}\"", crate::text::shorten(line, 60))
            }
        }
    }
}

fn matches(known: &str, pattern: &str) -> bool {
    let (mut known, mut pattern) = (known.split('.'), pattern.split('.'));
    loop {
        match (known.next(), pattern.next()) {
            (None, None) => return true,
            (Some(_), Some("*")) => {}
            (Some(left), Some(right)) if left == right => {}
            (Some(_) | None, Some(_) | None) => return false,
        }
    }
}

/// A scanner over the start of a JSON text that forgives everything, for it may be cut anywhere.
struct Scan<'p> {
    probe: &'p mut Probe,
    open: Vec<Frame>,
    documents: usize,
}

struct Frame {
    object: bool,
    wants_key: bool,
    path: String,
    prefix: String,
}

impl<'p> Scan<'p> {
    fn run(text: &str, probe: &'p mut Probe) -> usize {
        let mut scan = Self { probe, open: Vec::new(), documents: 0 };
        let bytes = text.as_bytes();
        let mut at = 0;
        while let Some(byte) = bytes.get(at) {
            let start = at;
            at = at.saturating_add(1);
            match byte {
                b'{' | b'[' => scan.enter(*byte == b'{'),
                b'}' | b']' => {
                    scan.open.pop();
                }
                b',' => {
                    if let Some(frame) = scan.open.last_mut() {
                        frame.wants_key = frame.object;
                    }
                }
                b'"' => {
                    at = end_of_string(bytes, at);
                    scan.string(text.get(start.saturating_add(1)..at.saturating_sub(1)).unwrap_or_default());
                }
                b'0'..=b'9' | b'-' | b't' | b'f' => {
                    let length = bytes
                        .get(start..)
                        .unwrap_or_default()
                        .iter()
                        .take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'+'))
                        .count();
                    at = start.saturating_add(length.max(1));
                    scan.keep(text.get(start..at).unwrap_or_default());
                }
                _ => {}
            }
        }
        scan.documents
    }

    fn enter(&mut self, object: bool) {
        if self.open.is_empty() {
            self.documents = self.documents.saturating_add(1);
        }
        let path = match self.open.last() {
            None => String::new(),
            Some(frame) if frame.object => frame.path.clone(),
            Some(frame) => frame.prefix.clone(),
        };
        let prefix = if object { path.clone() } else { format!("{path}[]") };
        if !object {
            self.note(&prefix.clone());
        }
        self.open.push(Frame { object, wants_key: object, path, prefix });
    }

    fn string(&mut self, text: &str) {
        let depth = self.open.len();
        let is_key = self.open.last().is_some_and(|frame| frame.wants_key);
        if !is_key {
            self.keep(text);
            return;
        }
        let Some(frame) = self.open.last_mut() else { return };
        frame.wants_key = false;
        let dot = if frame.prefix.is_empty() { "" } else { "." };
        frame.path = if depth > DEEP { String::new() } else { format!("{}{dot}{text}", frame.prefix) };
        let path = frame.path.clone();
        if depth == 1 && self.probe.keys.len() < 100 && !self.probe.keys.iter().any(|key| key == text) {
            self.probe.keys.push(text.to_owned());
        }
        self.note(&path);
    }

    fn note(&mut self, path: &str) {
        if !path.is_empty() && self.probe.paths.len() < PATHS && !self.probe.paths.contains_key(path) {
            self.probe.paths.insert(path.to_owned(), String::new());
        }
    }

    fn keep(&mut self, value: &str) {
        let Some(frame) = self.open.last() else { return };
        let path = if frame.object { &frame.path } else { &frame.prefix };
        if let Entry::Occupied(mut entry) = self.probe.paths.entry(path.clone())
            && entry.get().is_empty()
            && value.len() <= 300
        {
            entry.insert(value.to_owned());
        }
    }
}

fn end_of_string(bytes: &[u8], from: usize) -> usize {
    let mut at = from;
    while let Some(tail) = bytes.get(at..) {
        match memchr::memchr2(b'"', b'\\', tail) {
            None => break,
            Some(offset) => {
                at = at.saturating_add(offset).saturating_add(1);
                match tail.get(offset) {
                    Some(b'\\') => at = at.saturating_add(1),
                    Some(_) | None => return at,
                }
            }
        }
    }
    bytes.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_paths_are_seen_in_cut_text() {
        let probe =
            Probe::new(r#"{"runs": [{"tool": {"driver": {"name": "T"}}, "results": [{"message": {"te"#.to_owned());
        assert!(probe.has_all(&["runs[].tool.driver.name", "runs[].results[].message", "*"]));
        assert_eq!((probe.value("runs[].tool.driver.name"), probe.shape), ("T", Shape::Json));
    }

    #[test]
    fn lines_arrays_xml_and_tables_are_told_apart() {
        let lines = Probe::new("{\"a\": 1}\n{\"b\": 2}\n".to_owned());
        assert_eq!((lines.shape, lines.item(&["b"])), (Shape::JsonLines, true));
        assert!(Probe::new("[{\"a\": {\"x\": 1}}]".to_owned()).item(&["a.*"]));
        assert!(Probe::new("<?xml version='1.0'?><!-- c --><n:r xmlns:n='u' v='1'><k/>".to_owned()).root_is("r"));
        assert!(Probe::new("\"A b\";C\n1;2".to_owned()).columns(&["a B", "c"]));
    }
}
