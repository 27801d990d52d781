//! Short access to JSON values by path, for readers of small reports: `value.text("vulnerability/id")`.

use serde_json::Value;

/// Reading by path; segments are parted by `/`, numbers index arrays, the empty path is the value itself.
pub(crate) trait Look {
    /// The value there, `None` for missing and null.
    fn at(&self, path: &str) -> Option<&Value>;
    /// The text there, trimmed; empty when it is missing or no text.
    fn text(&self, path: &str) -> &str;
    /// Text, number or boolean there as text; `None` when missing or empty.
    fn opt(&self, path: &str) -> Option<String>;
    /// The array there; empty when missing.
    fn list(&self, path: &str) -> &[Value];
    /// The members of the object there; none when missing.
    fn entries(&self, path: &str) -> Box<dyn Iterator<Item = (&String, &Value)> + '_>;
    /// The number there, also when written as text.
    fn num(&self, path: &str) -> Option<f64>;
    /// The whole number there, also when written as text.
    fn int(&self, path: &str) -> Option<i64>;
    /// Whether true stands there, also as text.
    fn flag(&self, path: &str) -> bool;
    /// The first text that is there.
    fn first(&self, paths: &[&str]) -> Option<String>;
    /// The texts of the array there; a single text counts as one.
    fn texts(&self, path: &str) -> Vec<&str>;
    /// A line number there: from 1.
    fn line(&self, path: &str) -> Option<u32>;
}

impl Look for Value {
    fn at(&self, path: &str) -> Option<&Value> {
        let mut value = self;
        for segment in path.split('/').filter(|segment| !segment.is_empty()) {
            value = match value {
                Self::Object(members) => members.get(segment)?,
                Self::Array(items) => items.get(segment.parse::<usize>().ok()?)?,
                Self::Null | Self::Bool(_) | Self::Number(_) | Self::String(_) => return None,
            };
        }
        (!value.is_null()).then_some(value)
    }

    fn text(&self, path: &str) -> &str {
        self.at(path).and_then(Self::as_str).unwrap_or_default().trim()
    }

    fn opt(&self, path: &str) -> Option<String> {
        let text = match self.at(path)? {
            Self::String(text) => text.trim().to_owned(),
            Self::Number(number) => number.to_string(),
            Self::Bool(flag) => flag.to_string(),
            Self::Null | Self::Array(_) | Self::Object(_) => return None,
        };
        (!text.is_empty()).then_some(text)
    }

    fn list(&self, path: &str) -> &[Value] {
        self.at(path).and_then(Self::as_array).map_or(&[], Vec::as_slice)
    }

    fn entries(&self, path: &str) -> Box<dyn Iterator<Item = (&String, &Value)> + '_> {
        match self.at(path).and_then(Self::as_object) {
            Some(members) => Box::new(members.iter()),
            None => Box::new(std::iter::empty()),
        }
    }

    fn num(&self, path: &str) -> Option<f64> {
        match self.at(path)? {
            Self::Number(number) => number.as_f64(),
            Self::String(text) => text.trim().parse().ok(),
            Self::Null | Self::Bool(_) | Self::Array(_) | Self::Object(_) => None,
        }
    }

    fn int(&self, path: &str) -> Option<i64> {
        match self.at(path)? {
            Self::Number(number) => number.as_i64(),
            Self::String(text) => text.trim().parse().ok(),
            Self::Null | Self::Bool(_) | Self::Array(_) | Self::Object(_) => None,
        }
    }

    fn flag(&self, path: &str) -> bool {
        match self.at(path) {
            Some(Self::Bool(flag)) => *flag,
            Some(Self::String(text)) => text.trim().eq_ignore_ascii_case("true"),
            Some(Self::Null | Self::Number(_) | Self::Array(_) | Self::Object(_)) | None => false,
        }
    }

    fn first(&self, paths: &[&str]) -> Option<String> {
        paths.iter().find_map(|path| self.opt(path))
    }

    fn texts(&self, path: &str) -> Vec<&str> {
        match self.at(path) {
            Some(Self::Array(items)) => {
                items.iter().filter_map(Self::as_str).map(str::trim).filter(|text| !text.is_empty()).collect()
            }
            Some(Self::String(text)) if !text.trim().is_empty() => vec![text.trim()],
            Some(_) | None => Vec::new(),
        }
    }

    fn line(&self, path: &str) -> Option<u32> {
        self.int(path).and_then(|line| u32::try_from(line).ok()).filter(|line| *line > 0)
    }
}
