//! One run of a SARIF log: what its results refer to.

use std::borrow::Cow;
use std::collections::HashMap;

use super::survey::Elsewhere;
use super::wire::{
    Artifact, ArtifactLocation, Configuration, External, Invocation, Logical, Message, Outcome, Reference, Rule, Str,
    ThreadFlowLocation, Tool, ToolComponent, WebRequest, WebResponse, Whole,
};

/// Everything of a run (3.14) but its results.
#[derive(Default)]
pub(super) struct Run<'a> {
    pub(super) tool: Tool<'a>,
    pub(super) artifacts: Vec<Artifact<'a>>,
    pub(super) bases: HashMap<Str<'a>, ArtifactLocation<'a>>,
    pub(super) taxonomies: Vec<ToolComponent<'a>>,
    pub(super) logical: Vec<Logical<'a>>,
    pub(super) invocations: Vec<Invocation<'a>>,
    pub(super) steps: Vec<ThreadFlowLocation<'a>>,
    pub(super) requests: Vec<WebRequest<'a>>,
    pub(super) responses: Vec<WebResponse<'a>>,
    pub(super) translations: Vec<ToolComponent<'a>>,
    /// Results of external properties that stand in the log itself.
    pub(super) external: Vec<Outcome<'a>>,
    /// Where further properties are.
    pub(super) references: Vec<Elsewhere>,
    /// What could not be read.
    pub(super) notes: Vec<String>,
    /// How long the text of each result is, as far as results may be counted; zero where it is over the limits.
    pub(super) lengths: Vec<u32>,
    rules: HashMap<String, (usize, usize)>,
}

/// The number of the rule of this identifier, or of the one above it in the hierarchy of 3.52.4, in one component.
fn in_component(component: &ToolComponent<'_>, id: &str) -> Option<usize> {
    let mut id = Some(id).filter(|id| !id.is_empty())?;
    loop {
        let found = component.rules.iter().position(|rule| rule.id.get() == id || rule.guid.get() == id);
        if found.is_some() {
            return found;
        }
        id = id.rsplit_once('/')?.0;
    }
}

pub(super) fn at<T>(list: &[T], index: Whole) -> Option<&T> {
    list.get(usize::try_from(index.0?).ok()?)
}

impl<'a> Run<'a> {
    /// Takes in external properties (3.15.3): lists grow, a driver takes the place of the run's own.
    pub(super) fn absorb(&mut self, external: External<'a>) {
        if let Some(driver) = external.driver {
            self.tool.driver = driver;
        }
        self.tool.extensions.extend(external.extensions);
        self.artifacts.extend(external.artifacts);
        self.invocations.extend(external.invocations);
        self.logical.extend(external.logical_locations);
        self.steps.extend(external.thread_flow_locations);
        self.taxonomies.extend(external.taxonomies);
        self.translations.extend(external.translations);
        self.requests.extend(external.web_requests);
        self.responses.extend(external.web_responses);
        self.external.extend(external.results);
    }

    /// Prepares looking up of rules; call it once the run is whole.
    pub(super) fn index(&mut self) {
        let mut rules = HashMap::new();
        for (component, part) in self.components().enumerate() {
            for (index, rule) in part.rules.iter().enumerate() {
                for name in [rule.id.get(), rule.guid.get()] {
                    if !name.is_empty() {
                        rules.entry(name.to_owned()).or_insert((component, index));
                    }
                }
            }
        }
        self.rules = rules;
    }

    /// Driver first, then extensions.
    pub(super) fn components(&self) -> impl Iterator<Item = &ToolComponent<'a>> {
        std::iter::once(&self.tool.driver).chain(&self.tool.extensions)
    }

    /// The number of the component that a reference means, in the order of [`Run::components`].
    fn component_number(&self, reference: Option<&Reference<'a>>) -> Option<usize> {
        let Some(reference) = reference else { return Some(0) };
        if let Some(index) = reference.index.0.and_then(|index| usize::try_from(index).ok()) {
            return Some(index.saturating_add(1)).filter(|_| index < self.tool.extensions.len());
        }
        if reference.guid.get().is_empty() && reference.name.get().is_empty() {
            return Some(0);
        }
        self.components().position(|component| {
            (!reference.guid.get().is_empty() && component.guid == reference.guid)
                || (!reference.name.get().is_empty() && component.name == reference.name)
        })
    }

    fn component(&self, number: usize) -> Option<&ToolComponent<'a>> {
        match number.checked_sub(1) {
            None => Some(&self.tool.driver),
            Some(extension) => self.tool.extensions.get(extension),
        }
    }

    /// Component and number of the rule of a result: by reference (3.27.7), by index (3.27.6), by identifier (3.27.5)
    /// with the hierarchy of 3.52.4 (`CA1000/1` is a kind of `CA1000`).
    pub(super) fn rule(&self, result: &Outcome<'a>) -> Option<(usize, usize)> {
        let number = self.component_number(result.rule.tool_component.as_deref());
        let index = if result.rule.index.0.is_some() { result.rule.index } else { result.rule_index };
        if let (Some(number), Some(index)) = (number, index.0.and_then(|index| usize::try_from(index).ok()))
            && self.component(number).is_some_and(|component| index < component.rules.len())
        {
            return Some((number, index));
        }
        let ids = [result.rule.guid.get(), result.rule.id.get(), result.rule_id.get()];
        let named = number.filter(|_| result.rule.tool_component.is_some());
        let within = |id: &&str| named.and_then(|number| Some((number, in_component(self.component(number)?, id)?)));
        ids.iter().find_map(within).or_else(|| ids.iter().find_map(|id| self.by_id(id)))
    }

    fn by_id(&self, id: &str) -> Option<(usize, usize)> {
        let mut id = id;
        loop {
            if let Some(place) = self.rules.get(id) {
                return Some(*place);
            }
            id = id.rsplit_once('/')?.0;
        }
    }

    /// How the invocation configured a rule (3.20.5).
    pub(super) fn overridden(&self, rule: &Rule<'a>, invocation: Whole) -> Option<&Configuration<'a>> {
        let invocation = match invocation.0 {
            Some(index) if index >= 0 => at(&self.invocations, invocation),
            Some(_) | None if self.invocations.len() == 1 => self.invocations.first(),
            Some(_) | None => None,
        }?;
        let found = invocation.rule_configuration_overrides.iter().find(|one| {
            let number = self.component_number(one.descriptor.tool_component.as_deref());
            let component = number.and_then(|number| self.component(number));
            let known = component.and_then(|component| at(&component.rules, one.descriptor.index));
            known.map_or_else(
                || {
                    (!rule.id.get().is_empty() && one.descriptor.id == rule.id)
                        || (!rule.guid.get().is_empty() && one.descriptor.guid == rule.guid)
                },
                |known| std::ptr::eq(known, rule),
            )
        })?;
        Some(&found.configuration)
    }

    /// A text of a rule: its own, or that of a translation (3.14.9) where the run's language has none.
    pub(super) fn rule_text<'r>(
        &'r self,
        rule: &'r Rule<'a>,
        of: for<'m> fn(&'m Rule<'a>) -> &'m Message<'a>,
    ) -> Cow<'r, str> {
        let own = self.message(of(rule), None);
        if !own.trim().is_empty() {
            return own;
        }
        self.translated(rule).map(|rule| self.message(of(rule), None)).find(|text| !text.is_empty()).unwrap_or_default()
    }

    /// The same rule in the run's translations.
    fn translated<'r>(&'r self, rule: &'r Rule<'a>) -> impl Iterator<Item = &'r Rule<'a>> {
        self.translations.iter().filter_map(|component| component.rules.get(in_component(component, rule.id.get())?))
    }

    /// The taxon that a reference means, by index or identifier, with the name of its taxonomy.
    pub(super) fn taxon<'r>(&'r self, reference: &'r Reference<'a>) -> (&'r str, &'r str) {
        let component = reference.tool_component.as_deref();
        let taxonomy = component.and_then(|component| {
            at(&self.taxonomies, component.index).or_else(|| {
                self.taxonomies.iter().find(|taxonomy| {
                    (!component.guid.get().is_empty() && taxonomy.guid == component.guid)
                        || (!component.name.get().is_empty() && taxonomy.name == component.name)
                })
            })
        });
        let name = component.map(|component| component.name.get()).filter(|name| !name.is_empty());
        let name = name.or_else(|| taxonomy.map(|taxonomy| taxonomy.name.get())).unwrap_or_default();
        let id = match reference.id.get() {
            "" => taxonomy.and_then(|taxonomy| at(&taxonomy.taxa, reference.index)).map_or("", |taxon| taxon.id.get()),
            id => id,
        };
        (name, id)
    }

    /// The text of a message (3.11): its own, or the string of the rule or the component that it names, with its
    /// placeholders filled and its links reduced to their words.
    pub(super) fn message<'r>(&'r self, message: &'r Message<'a>, rule: Option<&'r Rule<'a>>) -> Cow<'r, str> {
        let named = || {
            let translated = || rule.into_iter().flat_map(|rule| self.translated(rule));
            let components = self.components().chain(&self.translations);
            rule.and_then(|rule| rule.message_strings.get(&message.id))
                .or_else(|| translated().find_map(|rule| rule.message_strings.get(&message.id)))
                .or_else(|| components.into_iter().find_map(|one| one.global_message_strings.get(&message.id)))
        };
        let text = match (message.text.get(), message.id.get()) {
            ("", "") => message.markdown.get(),
            ("", _) => named().map_or(message.markdown.get(), |string| match string.text.get() {
                "" => string.markdown.get(),
                text => text,
            }),
            (text, _) => text,
        };
        match fill(text, &message.arguments) {
            Cow::Borrowed(text) => without_links(text),
            Cow::Owned(text) => Cow::Owned(without_links(&text).into_owned()),
        }
    }

    /// The path or address of an artifact: from the index where it has no own, under its base (3.14.14).
    pub(super) fn uri(&self, location: &ArtifactLocation<'a>) -> String {
        let known = at(&self.artifacts, location.index).map(|artifact| &artifact.location);
        let location = match (location.uri.get(), known) {
            ("", Some(known)) => known,
            (_, Some(_) | None) => location,
        };
        let uri = decode(location.uri.get());
        if uri.starts_with('/') || (uri.contains(':') && uri.contains("://")) || location.uri_base_id.get().is_empty() {
            return uri;
        }
        let mut whole = uri;
        let mut base = &location.uri_base_id;
        for _ in 0..10 {
            let Some(found) = self.bases.get(base) else { break };
            let head = found.uri.get();
            // A base that is an absolute place of the build machine says nothing elsewhere: paths stay relative to it.
            if head.is_empty() || head.contains("://") || head.starts_with("file:") || head.starts_with('/') {
                break;
            }
            whole = format!("{}/{whole}", decode(head).trim_end_matches('/'));
            base = &found.uri_base_id;
        }
        whole
    }
}

/// Percent-encoded bytes as characters; what is not valid stays.
fn decode(uri: &str) -> String {
    if !uri.contains('%') {
        return uri.to_owned();
    }
    let mut bytes = Vec::with_capacity(uri.len());
    let mut rest = uri.as_bytes();
    while let Some((first, tail)) = rest.split_first() {
        let pair = (*first == b'%').then(|| tail.get(..2)).flatten();
        let code =
            pair.and_then(|pair| std::str::from_utf8(pair).ok()).and_then(|pair| u8::from_str_radix(pair, 16).ok());
        match code {
            Some(code) => {
                bytes.push(code);
                rest = tail.get(2..).unwrap_or_default();
            }
            None => {
                bytes.push(*first);
                rest = tail;
            }
        }
    }
    String::from_utf8(bytes).unwrap_or_else(|_| uri.to_owned())
}

/// Fills `{0}` with arguments and turns `{{` and `}}` into braces (3.11.5).
fn fill<'t>(text: &'t str, arguments: &[Str<'_>]) -> Cow<'t, str> {
    if arguments.is_empty() || memchr::memchr2(b'{', b'}', text.as_bytes()).is_none() {
        return Cow::Borrowed(text);
    }
    let mut filled = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(['{', '}']) {
        filled.push_str(rest.get(..at).unwrap_or_default());
        let tail = rest.get(at..).unwrap_or_default();
        if tail.starts_with("{{") || tail.starts_with("}}") {
            filled.push_str(tail.get(..1).unwrap_or_default());
            rest = tail.get(2..).unwrap_or_default();
            continue;
        }
        let inner = tail.strip_prefix('{').and_then(|inner| inner.split_once('}'));
        match inner.and_then(|(number, after)| Some((arguments.get(number.parse::<usize>().ok()?)?, after))) {
            Some((argument, after)) => {
                filled.push_str(argument.get());
                rest = after;
            }
            None => {
                filled.push_str(tail.get(..1).unwrap_or_default());
                rest = tail.get(1..).unwrap_or_default();
            }
        }
    }
    filled.push_str(rest);
    Cow::Owned(filled)
}

/// `[words](1)` as `words` (3.11.6); links to addresses stay.
fn without_links(text: &str) -> Cow<'_, str> {
    if memchr::memchr(b']', text.as_bytes()).is_none() || !text.contains("](") {
        return Cow::Borrowed(text);
    }
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(open) = rest.find('[') {
        plain.push_str(rest.get(..open).unwrap_or_default());
        let tail = rest.get(open.saturating_add(1)..).unwrap_or_default();
        let link = tail.split_once("](").and_then(|(words, after)| Some((words, after.split_once(')')?)));
        match link {
            Some((words, (target, after)))
                if !words.contains(['[', ']'])
                    && (target.bytes().all(|byte| byte.is_ascii_digit()) || target.starts_with("sarif:")) =>
            {
                plain.push_str(words);
                rest = after;
            }
            Some(_) | None => {
                plain.push('[');
                rest = tail;
            }
        }
    }
    plain.push_str(rest);
    Cow::Owned(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_links_and_bases() {
        let arguments = [Str(Cow::Borrowed("x")), Str(Cow::Borrowed("y"))];
        assert_eq!(fill("{1} of {{0}} {0} {7}", &arguments), "y of {0} x {7}");
        assert_eq!(
            without_links("from [here](1) to [a](https://b.example) [x"),
            "from here to [a](https://b.example) [x"
        );
        assert_eq!(decode("a%20b%zz"), "a b%zz");
    }
}
