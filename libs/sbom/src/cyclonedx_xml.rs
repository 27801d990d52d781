//! CycloneDX in XML, pulled: one component, dependency or vulnerability is in memory at a time.

use std::sync::Arc;

use limits::Limits;

use crate::check_json::short;
use crate::check_xml::{XmlChecker, push};
use crate::error::Error;
use crate::expression::Expression;
use crate::extract;
use crate::findings::Findings;
use crate::model::{Component, Dependency, Document, Format};
use crate::pool::Pool;
use crate::refs::Refs;
use crate::rules::Rules;
use crate::source::Reader;
use crate::xml::{Node, Stop, Token, Xml};

static TABLE: &str = include_str!("tables/cyclonedx-xml.rules");
const VERSIONS: [&str; 8] = ["1.0", "1.1", "1.2", "1.3", "1.4", "1.5", "1.6", "1.7"];
/// What every namespace of CycloneDX starts with; the version follows.
const NAMESPACE: &str = "http://cyclonedx.org/schema/bom/";

pub(crate) fn read(reader: Reader<'_>, limits: &Limits, findings: &mut Findings) -> Result<Document, Error> {
    let mut xml = Xml::new(reader, limits);
    let root = loop {
        match xml.next() {
            Ok(Token::Start(node)) => break node,
            Ok(Token::Eof) => return Err(Error::unknown("it has no XML element")),
            Ok(Token::End | Token::Text(_)) => {}
            Err(Stop::Syntax(words)) => return Err(Error::unknown(format!("its XML cannot be read: {words}"))),
            Err(Stop::Io(error)) => return Err(error.into()),
            Err(Stop::Limit(exceeded)) => return Err(exceeded.into()),
        }
    };
    let namespace = xml.namespace().unwrap_or_default().to_owned();
    let version = namespace.strip_prefix(NAMESPACE);
    if &*root.name != "bom"
        || (version.is_none() && !namespace.to_ascii_lowercase().contains("cyclonedx") && !namespace.is_empty())
    {
        return Err(Error::unknown(format!(
            "its outermost XML element is <{}>, not <bom> of CycloneDX",
            short(&root.name)
        )));
    }
    let known = version.filter(|version| VERSIONS.contains(version));
    if known.is_none() {
        findings.line = Some(root.line);
        findings.error("version", "/bom", || {
            format!(
                "the namespace “{}” is not one of CycloneDX 1.0 to 1.7 (http://cyclonedx.org/schema/bom/1.6)",
                short(&namespace)
            )
        });
        findings.line = None;
    }
    let rules = Rules::new(TABLE, known.unwrap_or("1.7"));
    let mut bom = Bom {
        xml,
        checker: XmlChecker { rules: &rules },
        component: rules.expression_for("component"),
        document: Document::new(Format::CycloneDxXml),
        refs: Refs::strict(),
        pool: Pool::default(),
        findings,
        limits,
    };
    bom.document.spec_version = version.map(Into::into);
    bom.document.serial = root.attribute("serialNumber").map(Into::into);
    match bom.root(root) {
        Ok(()) => {}
        Err(Stop::Syntax(words)) => {
            bom.findings.line = Some(bom.xml.line());
            bom.findings.error("syntax", "/bom", || format!("the XML cannot be read further: {words}"));
            bom.findings.line = None;
        }
        Err(Stop::Io(error)) => return Err(error.into()),
        Err(Stop::Limit(exceeded)) => return Err(exceeded.into()),
    }
    bom.dangling();
    Ok(bom.document)
}

struct Bom<'a, R> {
    xml: Xml<'a, R>,
    checker: XmlChecker<'a>,
    component: Expression,
    document: Document,
    refs: Refs,
    pool: Pool,
    findings: &'a mut Findings,
    limits: &'a Limits,
}

impl<R: std::io::BufRead> Bom<'_, R> {
    /// Reads the children of the document element; those that can be many are taken in one by one.
    fn root(&mut self, mut root: Node) -> Result<(), Stop> {
        let mut path = "/bom".to_owned();
        loop {
            match self.xml.next()? {
                Token::Start(child) if child.ours => {
                    let stand_in = child.stand_in();
                    let length = push(&mut path, &child.name, 1 + root.all(&child.name).count());
                    match &*child.name {
                        "components" => self.components(child, None, &mut path)?,
                        "metadata" => self.metadata(child, &mut path)?,
                        "dependencies" | "vulnerabilities" | "services" | "annotations" | "compositions" => {
                            self.list(child, &mut path)?;
                        }
                        _ => {
                            let node = self.xml.tree(child)?;
                            let kind = self.kind_in("bom", &node.name);
                            self.checker.check(&kind, &node, &mut path, &mut self.refs, self.findings);
                        }
                    }
                    path.truncate(length);
                    root.children.push(stand_in);
                }
                Token::Start(child) => {
                    let node = self.xml.tree(child)?;
                    root.children.push(node.stand_in());
                }
                Token::Text(text) => {
                    if root.text.len() < 1_000 {
                        root.text.push_str(text.trim());
                    }
                }
                Token::End | Token::Eof => break,
            }
        }
        let kind = self.checker.rules.expression_for("bom");
        self.checker.check(&kind, &root, &mut path, &mut self.refs, self.findings);
        match self.xml.next()? {
            Token::Start(node) => {
                Err(Stop::Syntax(format!("a second outermost element <{}> follows", short(&node.name))))
            }
            Token::Text(text) if !text.trim().is_empty() => {
                Err(Stop::Syntax("text follows the outermost element".to_owned()))
            }
            Token::Text(_) | Token::End | Token::Eof => Ok(()),
        }
    }

    /// The type of the child `name` of the element type `parent`.
    fn kind_in(&self, parent: &str, name: &str) -> Expression {
        let kind = self.checker.rules.expression_for(parent);
        self.child_kind(&kind, name)
    }

    fn child_kind(&self, parent: &Expression, name: &str) -> Expression {
        let element = self.checker.element(parent);
        element.and_then(|element| crate::check_xml::find(&element.content, name)).cloned().unwrap_or(Expression::Any)
    }

    fn metadata(&mut self, start: Node, path: &mut String) -> Result<(), Stop> {
        let mut node = start;
        loop {
            match self.xml.next()? {
                Token::Start(child) if child.ours && &*child.name == "component" => {
                    node.children.push(child.stand_in());
                    let length = push(path, "component", 1);
                    let subject = self.component(child, None, None, path)?;
                    path.truncate(length);
                    self.document.subject = Some(subject);
                }
                Token::Start(child) => {
                    let child = self.xml.tree(child)?;
                    node.children.push(child);
                }
                Token::Text(text) => node.text.push_str(&text),
                Token::End | Token::Eof => break,
            }
        }
        self.document.created = node.child("timestamp").map(|time| time.text.trim().into());
        let kind = self.kind_in("bom", "metadata");
        self.checker.check(&kind, &node, path, &mut self.refs, self.findings);
        Ok(())
    }

    /// Reads `components`, at the top or within a component.
    fn components(&mut self, start: Node, parent: Option<usize>, path: &mut String) -> Result<(), Stop> {
        let kind = if path.matches('/').count() == 2 {
            self.kind_in("bom", "components")
        } else {
            self.child_kind(&self.component, "components")
        };
        if let Some(element) = self.checker.element(&kind) {
            self.checker.attributes(element, &start, path, &mut self.refs, self.findings);
        }
        let mut index = 0;
        loop {
            match self.xml.next()? {
                Token::Start(child) if child.ours && &*child.name == "component" => {
                    index += 1;
                    let length = push(path, "component", index);
                    self.limits.check_count(self.document.components.len().saturating_add(1))?;
                    let slot = self.document.components.len();
                    self.document.components.push(Component::default());
                    let component = self.component(child, Some(slot), parent, path)?;
                    if let Some(place) = self.document.components.get_mut(slot) {
                        *place = component;
                    }
                    path.truncate(length);
                }
                Token::Start(child) => {
                    let child = self.xml.tree(child)?;
                    if child.ours {
                        self.not_here(&child, path);
                    }
                }
                Token::Text(text) => self.no_text(&text, path),
                Token::End | Token::Eof => return Ok(()),
            }
        }
    }

    fn not_here(&mut self, child: &Node, path: &str) {
        self.findings.line = Some(child.line);
        self.findings
            .error("unknown-element", path, || format!("the element <{}> does not exist here", short(&child.name)));
        self.findings.line = None;
    }

    fn no_text(&mut self, text: &str, path: &str) {
        if !text.trim().is_empty() {
            self.findings.line = Some(self.xml.line());
            self.findings.error("content", path, || format!("text is not allowed here: “{}”", short(text.trim())));
            self.findings.line = None;
        }
    }

    /// Reads one component; the ones nested in it are taken in while it is being read.
    fn component(
        &mut self,
        start: Node,
        slot: Option<usize>,
        parent: Option<usize>,
        path: &mut String,
    ) -> Result<Component, Stop> {
        let mut node = start;
        loop {
            match self.xml.next()? {
                Token::Start(child) if child.ours && &*child.name == "components" => {
                    node.children.push(child.stand_in());
                    let length = push(path, "components", 1);
                    self.components(child, slot, path)?;
                    path.truncate(length);
                }
                Token::Start(child) => {
                    let child = self.xml.tree(child)?;
                    node.children.push(child);
                }
                Token::Text(text) => node.text.push_str(&text),
                Token::End | Token::Eof => break,
            }
        }
        self.checker.check(&self.component, &node, path, &mut self.refs, self.findings);
        version_range(&node, path, self.findings);
        let mut component = extract::from_xml(&node, &mut self.pool);
        component.parent = parent;
        Ok(component)
    }

    /// Reads a list whose items are checked and dropped one by one.
    fn list(&mut self, start: Node, path: &mut String) -> Result<(), Stop> {
        let parent = self.kind_in("bom", &start.name);
        if let Some(element) = self.checker.element(&parent) {
            self.checker.attributes(element, &start, path, &mut self.refs, self.findings);
        }
        let mut index = 0;
        loop {
            match self.xml.next()? {
                Token::Start(child) => {
                    let child = self.xml.tree(child)?;
                    if !child.ours {
                        continue;
                    }
                    let kind = self.child_kind(&parent, &child.name);
                    if kind == Expression::Any {
                        self.not_here(&child, path);
                        continue;
                    }
                    index += 1;
                    let length = push(path, &child.name, index);
                    self.checker.check(&kind, &child, path, &mut self.refs, self.findings);
                    path.truncate(length);
                    self.keep(&child)?;
                }
                Token::Text(text) => self.no_text(&text, path),
                Token::End | Token::Eof => return Ok(()),
            }
        }
    }

    fn keep(&mut self, child: &Node) -> Result<(), Stop> {
        match &*child.name {
            "dependency" => {
                self.limits.check_count(self.document.dependencies.len().saturating_add(1))?;
                let Some(reference) = child.attribute("ref") else { return Ok(()) };
                let list = |name: &str, pool: &mut Pool| -> Vec<Arc<str>> {
                    child.all(name).filter_map(|item| item.attribute("ref")).map(|text| pool.share(text)).collect()
                };
                let depends_on = list("dependency", &mut self.pool);
                let provides = list("provides", &mut self.pool);
                let reference = self.pool.share(reference);
                self.document.dependencies.push(Dependency { reference, depends_on, provides });
            }
            "vulnerability" => self.document.vulnerabilities = self.document.vulnerabilities.saturating_add(1),
            "service" => self.document.services = self.document.services.saturating_add(1),
            _ => {}
        }
        Ok(())
    }

    fn dangling(&mut self) {
        for (index, dependency) in self.document.dependencies.iter().enumerate() {
            for reference in
                std::iter::once(&dependency.reference).chain(&dependency.depends_on).chain(&dependency.provides)
            {
                if !self.refs.knows(reference) && !reference.starts_with("urn:cdx:") {
                    let path = format!("/bom/dependencies[1]/dependency[{}]", index + 1);
                    self.findings.warning("dangling-reference", &path, || {
                        format!("nothing in the document has the reference “{}”", short(reference))
                    });
                }
            }
        }
    }
}

/// CycloneDX 1.7: a range instead of a version, and only for components that are external.
fn version_range(node: &Node, path: &str, findings: &mut Findings) {
    let Some(range) = node.child("versionRange") else { return };
    if !matches!(node.attribute("isExternal").map(str::trim), Some("true" | "1")) {
        findings.line = Some(range.line);
        findings
            .error("choice", path, || format!("“versionRange” ({}) needs “isExternal” to be true", short(&range.text)));
        findings.line = None;
    }
}
