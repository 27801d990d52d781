//! Taking values out of JSON, with findings where they are of a wrong type.

use lenient::{Context, Map, Value, is_date_time, mismatch};

/// The text of a property.
pub(crate) fn text(value: &Value, name: &str, context: &mut Context) -> Option<String> {
    match value.get(name)? {
        Value::String(text) if text.is_empty() => None,
        Value::String(text) => Some(text.clone()),
        other @ (Value::Null | Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_)) => {
            context.at(name, |context| mismatch("a text", other, context));
            None
        }
    }
}

/// The text of a property that is a date and time.
pub(crate) fn time(value: &Value, name: &str, context: &mut Context) -> Option<String> {
    let text = text(value, name, context)?;
    if !is_date_time(&text, true) {
        context.at(name, |context| {
            let short: String = text.chars().take(60).collect();
            context.error("form", format!("“{short}” is not a date and time like 2024-05-31T12:00:00Z"));
        });
    }
    Some(text)
}

/// The items of a property that is a list.
pub(crate) fn list<'a>(value: &'a Value, name: &str, context: &mut Context) -> &'a [Value] {
    match value.get(name) {
        Some(Value::Array(list)) => list,
        None | Some(Value::Null) => &[],
        Some(other) => {
            context.at(name, |context| mismatch("a list", other, context));
            &[]
        }
    }
}

/// The texts of a property that is a list of texts.
pub(crate) fn texts(value: &Value, name: &str, context: &mut Context) -> Vec<String> {
    list(value, name, context).iter().filter_map(Value::as_str).map(str::to_owned).collect()
}

/// Puts a text into an object when there is one.
pub(crate) fn put(map: &mut Map<String, Value>, name: &str, text: Option<&String>) {
    if let Some(text) = text {
        map.insert(name.to_owned(), text.clone().into());
    }
}
