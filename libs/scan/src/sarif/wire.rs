//! SARIF 2.1.0 as it is written (clause 3): only what a finding needs, borrowed from the text, forgiving in types.

use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

/// A text; numbers and booleans count as text, anything else as empty.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Str<'a>(pub(super) Cow<'a, str>);

impl Str<'_> {
    pub(super) fn get(&self) -> &str {
        &self.0
    }

    pub(super) fn some(&self) -> Option<String> {
        crate::text::some(&self.0)
    }
}

struct StrVisitor;

impl<'de> Visitor<'de> for StrVisitor {
    type Value = Str<'de>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a text")
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Str<'de>, E> {
        Ok(Str(Cow::Borrowed(text)))
    }

    fn visit_str<E>(self, text: &str) -> Result<Str<'de>, E> {
        Ok(Str(Cow::Owned(text.to_owned())))
    }

    fn visit_string<E>(self, text: String) -> Result<Str<'de>, E> {
        Ok(Str(Cow::Owned(text)))
    }

    fn visit_bool<E>(self, flag: bool) -> Result<Str<'de>, E> {
        Ok(Str(Cow::Owned(flag.to_string())))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Str<'de>, E> {
        Ok(Str(Cow::Owned(number.to_string())))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Str<'de>, E> {
        Ok(Str(Cow::Owned(number.to_string())))
    }

    fn visit_f64<E>(self, number: f64) -> Result<Str<'de>, E> {
        Ok(Str(Cow::Owned(number.to_string())))
    }

    fn visit_unit<E>(self) -> Result<Str<'de>, E> {
        Ok(Str::default())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Str<'de>, A::Error> {
        let mut first = Str::default();
        while let Some(item) = items.next_element::<Str<'de>>()? {
            if first.0.is_empty() {
                first = item;
            }
        }
        Ok(first)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Str<'de>, A::Error> {
        let mut text = Str::default();
        while let Some(key) = members.next_key::<Str<'de>>()? {
            if key.get() == "text" {
                text = members.next_value()?;
            } else {
                members.next_value::<IgnoredAny>()?;
            }
        }
        Ok(text)
    }
}

impl<'de> Deserialize<'de> for Str<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(StrVisitor)
    }
}

/// Texts; a single text counts as one, anything but a list as none.
#[derive(Clone, Debug, Default)]
pub(super) struct Texts<'a>(pub(super) Vec<Str<'a>>);

struct TextsVisitor;

impl<'de> Visitor<'de> for TextsVisitor {
    type Value = Texts<'de>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a list of texts")
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Texts<'de>, E> {
        Ok(Texts(vec![Str(Cow::Borrowed(text))]))
    }

    fn visit_str<E>(self, text: &str) -> Result<Texts<'de>, E> {
        Ok(Texts(vec![Str(Cow::Owned(text.to_owned()))]))
    }

    fn visit_bool<E>(self, _: bool) -> Result<Texts<'de>, E> {
        Ok(Texts::default())
    }

    fn visit_i64<E>(self, number: i64) -> Result<Texts<'de>, E> {
        Ok(Texts(vec![Str(Cow::Owned(number.to_string()))]))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Texts<'de>, E> {
        Ok(Texts(vec![Str(Cow::Owned(number.to_string()))]))
    }

    fn visit_f64<E>(self, _: f64) -> Result<Texts<'de>, E> {
        Ok(Texts::default())
    }

    fn visit_unit<E>(self) -> Result<Texts<'de>, E> {
        Ok(Texts::default())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Texts<'de>, A::Error> {
        let mut texts = Vec::new();
        while let Some(item) = items.next_element()? {
            texts.push(item);
        }
        Ok(Texts(texts))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Texts<'de>, A::Error> {
        while members.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Texts::default())
    }
}

impl<'de> Deserialize<'de> for Texts<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(TextsVisitor)
    }
}

/// A whole number; written as text it counts too, anything else is none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Whole(pub(super) Option<i64>);

impl<'de> Deserialize<'de> for Whole {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(WholeVisitor)
    }
}

struct WholeVisitor;

impl<'de> Visitor<'de> for WholeVisitor {
    type Value = Whole;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a whole number")
    }

    fn visit_i64<E>(self, number: i64) -> Result<Whole, E> {
        Ok(Whole(Some(number)))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Whole, E> {
        Ok(Whole(i64::try_from(number).ok()))
    }

    fn visit_f64<E>(self, number: f64) -> Result<Whole, E> {
        Ok(Whole(number.to_string().parse().ok()))
    }

    fn visit_str<E>(self, text: &str) -> Result<Whole, E> {
        Ok(Whole(text.trim().parse().ok()))
    }

    fn visit_bool<E>(self, _: bool) -> Result<Whole, E> {
        Ok(Whole(None))
    }

    fn visit_unit<E>(self) -> Result<Whole, E> {
        Ok(Whole(None))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Whole, A::Error> {
        while items.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Whole(None))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Whole, A::Error> {
        while members.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Whole(None))
    }
}

/// Members of an object in their order; anything but an object has none.
#[derive(Clone, Debug, Default)]
pub(super) struct Pairs<'a>(pub(super) Vec<(Str<'a>, Str<'a>)>);

struct PairsVisitor;

impl<'de> Visitor<'de> for PairsVisitor {
    type Value = Pairs<'de>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Pairs<'de>, A::Error> {
        let mut pairs = Vec::new();
        while let Some(pair) = members.next_entry()? {
            pairs.push(pair);
        }
        Ok(Pairs(pairs))
    }
}

impl<'de> Deserialize<'de> for Pairs<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(PairsVisitor)
    }
}

/// A list; the map that older versions have in its place is passed over.
pub(super) struct OrMap<T>(pub(super) Vec<T>);

impl<T> Default for OrMap<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for OrMap<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Any<T>(std::marker::PhantomData<T>);
        impl<'de, T: Deserialize<'de>> Visitor<'de> for Any<T> {
            type Value = OrMap<T>;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("a list")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<OrMap<T>, A::Error> {
                while members.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
                Ok(OrMap(Vec::new()))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<OrMap<T>, A::Error> {
                let mut list = Vec::new();
                while let Some(item) = items.next_element()? {
                    list.push(item);
                }
                Ok(OrMap(list))
            }
        }
        deserializer.deserialize_any(Any(std::marker::PhantomData))
    }
}

/// Reads `null` as the default, which tools write for what they do not have.
fn nullable<'de, D: Deserializer<'de>, T: Deserialize<'de> + Default>(deserializer: D) -> Result<T, D::Error> {
    Ok(Option::<T>::deserialize(deserializer)?.unwrap_or_default())
}

/// Message (3.11) and multiformat message string (3.12); older versions have a text here.
#[derive(Clone, Debug, Default)]
pub(super) struct Message<'a> {
    pub(super) text: Str<'a>,
    pub(super) markdown: Str<'a>,
    pub(super) id: Str<'a>,
    pub(super) arguments: Vec<Str<'a>>,
}

struct MessageVisitor;

impl<'de> Visitor<'de> for MessageVisitor {
    type Value = Message<'de>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a message")
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Message<'de>, E> {
        Ok(Message { text: Str(Cow::Borrowed(text)), ..Message::default() })
    }

    fn visit_str<E>(self, text: &str) -> Result<Message<'de>, E> {
        Ok(Message { text: Str(Cow::Owned(text.to_owned())), ..Message::default() })
    }

    fn visit_unit<E>(self) -> Result<Message<'de>, E> {
        Ok(Message::default())
    }

    fn visit_map<A: MapAccess<'de>>(self, members: A) -> Result<Message<'de>, A::Error> {
        let object = MessageObject::deserialize(serde::de::value::MapAccessDeserializer::new(members))?;
        Ok(Message { text: object.text, markdown: object.markdown, id: object.id, arguments: object.arguments.0 })
    }
}

impl<'de> Deserialize<'de> for Message<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(MessageVisitor)
    }
}

macro_rules! wire {
    ($($(#[$attribute:meta])* struct $name:ident { $($(#[$field_attribute:meta])* $field:ident: $type:ty,)* })*) => {
        $(
            $(#[$attribute])*
            #[derive(Clone, Debug, Default, Deserialize)]
            #[serde(default, rename_all = "camelCase", bound(deserialize = "'de: 'a"))]
            pub(super) struct $name<'a> {
                $($(#[$field_attribute])* #[serde(deserialize_with = "nullable")] pub(super) $field: $type,)*
                #[serde(skip)]
                pub(super) borrowed: std::marker::PhantomData<&'a ()>,
            }
        )*
    };
}

wire! {
    /// A message as an object.
    struct MessageObject {
        text: Str<'a>,
        markdown: Str<'a>,
        id: Str<'a>,
        arguments: Texts<'a>,
    }
    /// Tool (3.18).
    struct Tool {
        driver: ToolComponent<'a>,
        extensions: Vec<ToolComponent<'a>>,
        name: Str<'a>,
        version: Str<'a>,
    }
    /// Tool component (3.19).
    struct ToolComponent {
        name: Str<'a>,
        version: Str<'a>,
        semantic_version: Str<'a>,
        guid: Str<'a>,
        rules: Vec<Rule<'a>>,
        taxa: Vec<Rule<'a>>,
        global_message_strings: HashMap<Str<'a>, Message<'a>>,
    }
    /// External properties (3.15.3), in the log itself or in a file of their own.
    struct External {
        guid: Str<'a>,
        driver: Option<ToolComponent<'a>>,
        extensions: Vec<ToolComponent<'a>>,
        artifacts: Vec<Artifact<'a>>,
        invocations: Vec<Invocation<'a>>,
        logical_locations: Vec<Logical<'a>>,
        thread_flow_locations: Vec<ThreadFlowLocation<'a>>,
        taxonomies: Vec<ToolComponent<'a>>,
        translations: Vec<ToolComponent<'a>>,
        web_requests: Vec<WebRequest<'a>>,
        web_responses: Vec<WebResponse<'a>>,
        results: Vec<Outcome<'a>>,
    }
    /// Reporting descriptor (3.49).
    struct Rule {
        id: Str<'a>,
        guid: Str<'a>,
        name: Str<'a>,
        short_description: Message<'a>,
        full_description: Message<'a>,
        help: Message<'a>,
        help_uri: Str<'a>,
        message_strings: HashMap<Str<'a>, Message<'a>>,
        default_configuration: Configuration<'a>,
        relationships: Vec<Relationship<'a>>,
        properties: Properties<'a>,
    }
    /// Reporting configuration (3.50).
    struct Configuration {
        level: Str<'a>,
        rank: Option<f64>,
    }
    /// Configuration override (3.51).
    struct Override {
        descriptor: Reference<'a>,
        configuration: Configuration<'a>,
    }
    /// Reporting descriptor relationship (3.53).
    struct Relationship {
        target: Reference<'a>,
    }
    /// Reporting descriptor reference (3.52) and tool component reference (3.54).
    struct Reference {
        id: Str<'a>,
        guid: Str<'a>,
        name: Str<'a>,
        index: Whole,
        tool_component: Option<Box<Reference<'a>>>,
    }
    /// The property bags of rules and results, as far as tools agree on names.
    struct Properties {
        #[serde(rename = "security-severity")]
        security_severity: Str<'a>,
        tags: Texts<'a>,
        cwe: Texts<'a>,
        cve: Texts<'a>,
        purls: Texts<'a>,
    }
    /// Artifact (3.24).
    struct Artifact {
        location: ArtifactLocation<'a>,
        parent_index: Whole,
    }
    /// Artifact location (3.4).
    struct ArtifactLocation {
        uri: Str<'a>,
        uri_base_id: Str<'a>,
        index: Whole,
    }
    /// Physical location (3.29); older versions call the artifact a file.
    struct Physical {
        #[serde(alias = "fileLocation")]
        artifact_location: ArtifactLocation<'a>,
        uri: Str<'a>,
        region: Region<'a>,
        context_region: Region<'a>,
    }
    /// Region (3.30).
    struct Region {
        start_line: Whole,
        start_column: Whole,
        end_line: Whole,
        end_column: Whole,
        snippet: Message<'a>,
    }
    /// Logical location (3.33).
    struct Logical {
        name: Str<'a>,
        fully_qualified_name: Str<'a>,
        index: Whole,
    }
    /// Location (3.28).
    struct Location {
        #[serde(alias = "resultFile")]
        physical_location: Physical<'a>,
        logical_locations: Vec<Logical<'a>>,
        fully_qualified_logical_name: Str<'a>,
        message: Message<'a>,
    }
    /// Code flow (3.36).
    struct CodeFlow {
        thread_flows: Vec<ThreadFlow<'a>>,
    }
    /// Thread flow (3.37).
    struct ThreadFlow {
        locations: Vec<ThreadFlowLocation<'a>>,
    }
    /// Thread flow location (3.38).
    struct ThreadFlowLocation {
        index: Whole,
        location: Location<'a>,
    }
    /// Suppression (3.35).
    struct Suppression {
        kind: Str<'a>,
        status: Str<'a>,
        state: Str<'a>,
        justification: Str<'a>,
    }
    /// Fix (3.55).
    struct Fix {
        description: Message<'a>,
    }
    /// Result provenance (3.48).
    struct Provenance {
        invocation_index: Whole,
    }
    /// Web request (3.46).
    struct WebRequest {
        index: Whole,
        target: Str<'a>,
        method: Str<'a>,
    }
    /// Web response (3.47).
    struct WebResponse {
        index: Whole,
        status_code: Whole,
        reason_phrase: Str<'a>,
    }
    /// Invocation (3.20).
    struct Invocation {
        execution_successful: Option<bool>,
        rule_configuration_overrides: Vec<Override<'a>>,
        tool_execution_notifications: Vec<Notification<'a>>,
        tool_configuration_notifications: Vec<Notification<'a>>,
    }
    /// Notification (3.58).
    struct Notification {
        level: Str<'a>,
        message: Message<'a>,
        exception: Exception<'a>,
    }
    /// Exception (3.59).
    struct Exception {
        kind: Str<'a>,
        message: Message<'a>,
    }
    /// Result (3.27).
    struct Outcome {
        rule_id: Str<'a>,
        rule_index: Whole,
        rule: Reference<'a>,
        kind: Str<'a>,
        level: Str<'a>,
        message: Message<'a>,
        analysis_target: ArtifactLocation<'a>,
        locations: Vec<Location<'a>>,
        guid: Str<'a>,
        correlation_guid: Str<'a>,
        occurrence_count: Whole,
        partial_fingerprints: Pairs<'a>,
        fingerprints: Pairs<'a>,
        code_flows: Vec<CodeFlow<'a>>,
        suppressions: Vec<Suppression<'a>>,
        baseline_state: Str<'a>,
        rank: Option<f64>,
        fixes: Vec<Fix<'a>>,
        taxa: Vec<Reference<'a>>,
        hosted_viewer_uri: Str<'a>,
        web_request: WebRequest<'a>,
        web_response: WebResponse<'a>,
        provenance: Provenance<'a>,
        properties: Properties<'a>,
    }
}

/// A base of addresses (3.14.14): an artifact location; older versions have a text here.
#[derive(Deserialize)]
#[serde(untagged)]
pub(super) enum Base<'a> {
    Location(#[serde(borrow)] ArtifactLocation<'a>),
    Text(#[serde(borrow)] Str<'a>),
}

impl<'a> From<Base<'a>> for ArtifactLocation<'a> {
    fn from(base: Base<'a>) -> Self {
        match base {
            Base::Location(location) => location,
            Base::Text(uri) => ArtifactLocation { uri, ..ArtifactLocation::default() },
        }
    }
}

/// An entry of `results`; what is no object there counts as a result that says nothing but its text.
pub(super) struct Entry<'a>(pub(super) Outcome<'a>);

struct EntryVisitor;

impl<'de> Visitor<'de> for EntryVisitor {
    type Value = Entry<'de>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a result")
    }

    fn visit_str<E>(self, text: &str) -> Result<Entry<'de>, E> {
        let message = Message { text: Str(Cow::Owned(text.to_owned())), ..Message::default() };
        Ok(Entry(Outcome { message, ..Outcome::default() }))
    }

    fn visit_unit<E>(self) -> Result<Entry<'de>, E> {
        Ok(Entry(Outcome::default()))
    }

    fn visit_map<A: MapAccess<'de>>(self, members: A) -> Result<Entry<'de>, A::Error> {
        Outcome::deserialize(serde::de::value::MapAccessDeserializer::new(members)).map(Entry)
    }
}

impl<'de> Deserialize<'de> for Entry<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(EntryVisitor)
    }
}
