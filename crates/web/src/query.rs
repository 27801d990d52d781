//! The query of an address: filters, sorting and paging live there, so that a list can be bookmarked.

use axum::extract::FromRequestParts;
use http::StatusCode;
use http::request::Parts;

/// Names and values of the query, and the path they belong to.
#[derive(Clone, Debug, Default)]
pub struct Query {
    path: String,
    pairs: Vec<(String, String)>,
}

/// What an address says besides filters.
const UNFILTERED: &[&str] = &["page", "before", "after", "sort", "order", "format"];

impl<S: Sync> FromRequestParts<S> for Query {
    type Rejection = StatusCode;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        Ok(Self::of(parts.uri.path(), parts.uri.query().unwrap_or_default()))
    }
}

impl Query {
    /// Reads the query of an address.
    #[must_use]
    pub fn of(path: &str, query: &str) -> Self {
        let decode =
            |text: &str| percent_encoding::percent_decode_str(&text.replace('+', " ")).decode_utf8_lossy().into_owned();
        let pairs = query
            .split('&')
            .take(200)
            .filter_map(|pair| {
                let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
                let value: String = decode(value).chars().take(500).collect();
                (!name.is_empty() && !value.is_empty()).then(|| (decode(name), value))
            })
            .collect();
        Self { path: path.to_owned(), pairs }
    }

    /// The value of a name; empty when it is not there.
    #[must_use]
    pub fn get(&self, name: &str) -> &str {
        self.pairs.iter().find(|(found, _)| found == name).map_or("", |(_, value)| value)
    }

    /// All values of a name.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.pairs.iter().filter(move |(found, _)| found == name).map(|(_, value)| value.as_str())
    }

    /// The address with one value set (or taken away when empty), back on the first page.
    #[must_use]
    pub fn with(&self, name: &str, value: &str) -> String {
        self.with_all(&[(name, value)])
    }

    /// The address with several values set or taken away, back on the first page unless `before` or `after` is set.
    #[must_use]
    pub fn with_all(&self, changes: &[(&str, &str)]) -> String {
        let encode =
            |text: &str| percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC).to_string();
        let kept = self.pairs.iter().filter(|(name, _)| {
            name != "before" && name != "after" && name != "page" && !changes.iter().any(|(changed, _)| changed == name)
        });
        let query: Vec<String> = kept
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .chain(changes.iter().copied())
            .filter(|(_, value)| !value.is_empty())
            .map(|(name, value)| format!("{}={}", encode(name), encode(value)))
            .collect();
        if query.is_empty() { self.path.clone() } else { format!("{}?{}", self.path, query.join("&")) }
    }

    /// Whether the address asks for a part of the list: by anything but order, page and what `keep` names.
    #[must_use]
    pub fn is_filtered(&self, keep: &[&str]) -> bool {
        self.pairs.iter().any(|(name, _)| !UNFILTERED.contains(&name.as_str()) && !keep.contains(&name.as_str()))
    }

    /// The address of the whole list: without filters and on the first page; what `keep` names stays.
    #[must_use]
    pub fn unfiltered(&self, keep: &[&str]) -> String {
        let kept = |name: &str| keep.contains(&name) || matches!(name, "sort" | "order");
        let pairs = self.pairs.iter().filter(|(name, _)| kept(name)).cloned().collect();
        Self { path: self.path.clone(), pairs }.with_all(&[])
    }

    /// The path without the query.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }
}

#[cfg(test)]
mod tests {
    use super::Query;

    #[test]
    fn a_changed_filter_goes_back_to_the_first_page() {
        let query = Query::of("/desk/cases", "state=triage&page=3&q=a+b%26c");
        assert_eq!(query.get("q"), "a b&c");
        assert_eq!(query.with("state", "fixing"), "/desk/cases?q=a%20b%26c&state=fixing");
        assert_eq!(query.with_all(&[("state", ""), ("q", "")]), "/desk/cases");
    }

    #[test]
    fn filters_are_cleared_and_the_order_stays() {
        let query = Query::of("/desk/rows", "measure=tasks&q=x&sort=due&page=2");
        assert!(query.is_filtered(&["measure"]));
        assert_eq!(query.unfiltered(&["measure"]), "/desk/rows?measure=tasks&sort=due");
        assert!(!Query::of("/desk/rows", "measure=tasks&sort=due&page=2").is_filtered(&["measure"]));
    }
}
