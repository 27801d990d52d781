//! Turns one CycloneDX component into the common form.

use std::sync::Arc;

use serde_json::{Map, Value};

use crate::model::{Component, Hash};
use crate::pool::Pool;
use crate::xml::Node;

/// Takes what is kept from the properties of a component; anything of an unexpected type is left out.
pub(crate) fn from_json(map: &Map<String, Value>, pool: &mut Pool) -> Component {
    let text = |name: &str| map.get(name).and_then(Value::as_str).filter(|text| !text.is_empty());
    let mut component = Component {
        name: text("name").unwrap_or_default().into(),
        version: scalar(map.get("version")).map(|text| pool.share(&text)),
        purl: text("purl").map(Into::into),
        cpe: text("cpe").map(Into::into),
        kind: text("type").map(|text| pool.share(text)),
        group: text("group").map(|text| pool.share(text)),
        bom_ref: text("bom-ref").map(|text| pool.share(text)),
        scope: text("scope").map(|text| pool.share(text)),
        ..Component::default()
    };
    component.supplier = supplier(map).map(|text| pool.share(text));
    let list = |name: &str| map.get(name).and_then(Value::as_array).into_iter().flatten();
    component.hashes = list("hashes").filter_map(|hash| hash_from_json(hash, pool)).collect();
    match map.get("licenses") {
        Some(Value::Array(list)) => list.iter().for_each(|choice| licence_from_json(choice, &mut component, pool)),
        Some(choice @ Value::Object(_)) => licence_from_json(choice, &mut component, pool),
        _ => {}
    }
    identities(map, &mut component);
    component.trim();
    component
}

/// A text, or a number where the author forgot the quotation marks.
fn scalar(value: Option<&Value>) -> Option<std::borrow::Cow<'_, str>> {
    match value? {
        Value::String(text) if !text.is_empty() => Some(text.as_str().into()),
        Value::Number(number) => Some(number.to_string().into()),
        Value::Null | Value::Bool(_) | Value::String(_) | Value::Array(_) | Value::Object(_) => None,
    }
}

fn supplier(map: &Map<String, Value>) -> Option<&str> {
    let named = |property: &str| map.get(property)?.get("name")?.as_str().filter(|name| !name.is_empty());
    named("supplier")
        .or_else(|| named("manufacturer"))
        .or_else(|| map.get("publisher")?.as_str().filter(|name| !name.is_empty()))
}

fn hash_from_json(hash: &Value, pool: &mut Pool) -> Option<Hash> {
    let algorithm = pool.share(hash.get("alg")?.as_str()?);
    Some(Hash { algorithm, value: hash.get("content")?.as_str()?.into() })
}

fn licence_from_json(choice: &Value, component: &mut Component, pool: &mut Pool) {
    let licence = choice.get("license");
    let text = choice
        .get("expression")
        .or_else(|| licence?.get("id"))
        .or_else(|| licence?.get("name"))
        .or_else(|| licence?.get("expression"))
        .and_then(Value::as_str);
    if let Some(text) = text {
        component.add_licence(pool.share(text));
    }
}

/// Evidence of identity (1.5) names package URLs and CPEs that the component itself may lack.
fn identities(map: &Map<String, Value>, component: &mut Component) {
    let Some(identity) = map.get("evidence").and_then(|evidence| evidence.get("identity")) else { return };
    let list: &[Value] = identity.as_array().map_or(std::slice::from_ref(identity), Vec::as_slice);
    for identity in list {
        let value = identity.get("concludedValue").and_then(Value::as_str);
        match (identity.get("field").and_then(Value::as_str), value) {
            (Some("purl"), Some(value)) if component.purl.is_none() => component.add_purl(value),
            (Some("cpe"), Some(value)) if component.cpe.is_none() => component.add_cpe(value),
            _ => {}
        }
    }
}

/// Takes what is kept from a `component` element.
pub(crate) fn from_xml(node: &Node, pool: &mut Pool) -> Component {
    let text = |name: &str| node.child(name).map(|child| child.text.trim()).filter(|text| !text.is_empty());
    let mut component = Component {
        name: text("name").unwrap_or_default().into(),
        version: text("version").map(|text| pool.share(text)),
        purl: text("purl").map(Into::into),
        cpe: text("cpe").map(Into::into),
        kind: node.attribute("type").map(|text| pool.share(text)),
        group: text("group").map(|text| pool.share(text)),
        bom_ref: node.attribute("bom-ref").map(|text| pool.share(text)),
        scope: text("scope").map(|text| pool.share(text)),
        ..Component::default()
    };
    let named =
        |name: &str| node.child(name)?.child("name").map(|name| name.text.trim()).filter(|name| !name.is_empty());
    let supplier = named("supplier").or_else(|| named("manufacturer")).or_else(|| text("publisher"));
    component.supplier = supplier.map(|text| pool.share(text));
    for hash in node.child("hashes").into_iter().flat_map(|hashes| hashes.all("hash")) {
        if let Some(algorithm) = hash.attribute("alg") {
            component.hashes.push(Hash { algorithm: pool.share(algorithm), value: hash.text.trim().into() });
        }
    }
    for licence in node.child("licenses").into_iter().flat_map(|licences| &licences.children) {
        if let Some(text) = licence_from_xml(licence, pool) {
            component.add_licence(text);
        }
    }
    component.trim();
    component
}

fn licence_from_xml(licence: &Node, pool: &mut Pool) -> Option<Arc<str>> {
    let text = match &*licence.name {
        "expression" => licence.text.trim(),
        "expression-detailed" => licence.attribute("expression")?,
        _ => licence.child("id").or_else(|| licence.child("name"))?.text.trim(),
    };
    Some(pool.share(text))
}
