//! Language tags (RFC 5646): form, and whether their subtags are registered (tests 6.1.12, 6.2.14).
//!
//! The subtags are those of the IANA language subtag registry of 2025-08-25, in `data/language_subtags.txt`.

use memchr::memmem;

static SUBTAGS: &str = include_str!("../data/language_subtags.txt");

/// A language tag taken apart; private-use-only and irregular tags have no language.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tag<'a> {
    language: &'a str,
    extended: Vec<&'a str>,
    script: &'a str,
    region: &'a str,
    variants: Vec<&'a str>,
    private: bool,
    irregular: bool,
}

impl<'a> Tag<'a> {
    /// Takes a tag apart; `None` when it has not the form of one.
    pub(crate) fn parse(text: &'a str) -> Option<Self> {
        if text.eq_ignore_ascii_case("i-default") || text.eq_ignore_ascii_case("i-mingo") {
            return Some(Self { irregular: true, ..Self::default() });
        }
        let parts: Vec<&str> = text.split('-').collect();
        let fits = |part: &&str| (1..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric());
        if !parts.iter().all(fits) {
            return None;
        }
        let mut parts = parts.into_iter().peekable();
        let mut tag = Self::default();
        if !parts.peek()?.eq_ignore_ascii_case("x") {
            tag.language = parts.next_if(|part| part.len() >= 2 && alphabetic(part))?;
            tag.take_main(&mut parts);
            while let Some(part) = parts.next_if(|part| part.len() == 1 && !part.eq_ignore_ascii_case("x")) {
                debug_assert_eq!(part.len(), 1);
                parts.next_if(|part| part.len() >= 2)?;
                while parts.next_if(|part| part.len() >= 2).is_some() {}
            }
        }
        if parts.next_if(|part| part.eq_ignore_ascii_case("x")).is_some() {
            tag.private = true;
            parts.next()?;
            while parts.next().is_some() {}
        }
        parts.next().is_none().then_some(tag)
    }

    fn take_main(&mut self, parts: &mut std::iter::Peekable<std::vec::IntoIter<&'a str>>) {
        if self.language.len() <= 3 {
            while self.extended.len() < 3
                && let Some(part) = parts.next_if(|part| part.len() == 3 && alphabetic(part))
            {
                self.extended.push(part);
            }
        }
        if let Some(part) = parts.next_if(|part| part.len() == 4 && alphabetic(part)) {
            self.script = part;
        }
        let region = |part: &&str| (part.len() == 2 && alphabetic(part)) || (part.len() == 3 && numeric(part));
        if let Some(part) = parts.next_if(region) {
            self.region = part;
        }
        let variant = |part: &&str| {
            part.len() >= 5 || (part.len() == 4 && part.starts_with(|letter: char| letter.is_ascii_digit()))
        };
        while let Some(part) = parts.next_if(variant) {
            self.variants.push(part);
        }
    }

    /// The first subtag that is not registered.
    pub(crate) fn unknown_subtag(&self) -> Option<&'a str> {
        if self.irregular || self.language.is_empty() {
            return None;
        }
        let language = self.language.to_ascii_lowercase();
        if !registered("language", &language) && !private_language(&language) {
            return Some(self.language);
        }
        for part in &self.extended {
            let entry = format!("{}/{language}", part.to_ascii_lowercase());
            if !registered("extlang", &entry) && !self.is_grandfathered(&language) {
                return Some(part);
            }
        }
        let script = self.script.to_ascii_lowercase();
        if !script.is_empty() && !registered("script", &script) && !private_script(&script) {
            return Some(self.script);
        }
        let region = self.region.to_ascii_lowercase();
        if !region.is_empty() && !registered("region", &region) && !private_region(&region) {
            return Some(self.region);
        }
        self.variants.iter().copied().find(|part| !registered("variant", &part.to_ascii_lowercase()))
    }

    fn is_grandfathered(&self, language: &str) -> bool {
        let whole = std::iter::once(language)
            .chain(self.extended.iter().copied())
            .collect::<Vec<_>>()
            .join("-")
            .to_ascii_lowercase();
        registered("grandfathered", &whole)
    }

    /// The part that is reserved for private use.
    pub(crate) fn private_part(&self) -> Option<&'a str> {
        if private_language(&self.language.to_ascii_lowercase()) {
            return Some(self.language);
        }
        if private_script(&self.script.to_ascii_lowercase()) {
            return Some(self.script);
        }
        if private_region(&self.region.to_ascii_lowercase()) {
            return Some(self.region);
        }
        self.private.then_some("x")
    }

    /// The primary language in lower case; empty for private and irregular tags.
    pub(crate) fn primary(&self) -> String {
        self.language.to_ascii_lowercase()
    }
}

fn alphabetic(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_alphabetic())
}

fn numeric(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Searches the line of a kind; a scan of 40 kB costs less than building a table that most documents use once.
fn registered(kind: &str, subtag: &str) -> bool {
    if kind == "language" && matches!(subtag, "en" | "de" | "fr" | "ja") {
        return true;
    }
    let Some(line) = SUBTAGS.lines().find(|line| line.split(' ').next() == Some(kind)) else { return false };
    let bytes = line.as_bytes();
    let mut search = memmem::find_iter(bytes, subtag.as_bytes());
    search.any(|at| {
        at.checked_sub(1).and_then(|before| bytes.get(before)) == Some(&b' ')
            && matches!(bytes.get(at.saturating_add(subtag.len())), None | Some(b' '))
    })
}

fn private_language(language: &str) -> bool {
    language.len() == 3 && ("qaa"..="qtz").contains(&language)
}

fn private_script(script: &str) -> bool {
    script.len() == 4 && ("qaaa"..="qabx").contains(&script)
}

fn private_region(region: &str) -> bool {
    region.len() == 2
        && (matches!(region, "aa" | "zz") || ("qm"..="qz").contains(&region) || ("xa"..="xz").contains(&region))
}

#[cfg(test)]
mod tests {
    use super::Tag;

    #[test]
    fn forms_and_subtags() {
        for text in [
            "en",
            "en-US",
            "zh-Hant-TW",
            "sl-rozaj-biske",
            "de-CH-1901",
            "zh-cmn",
            "zh-min-nan",
            "i-default",
            "x-a",
            "es-419",
            "en-u-ca-gregory",
            "qtx",
            "en-Qaaa-QM-x-own",
        ] {
            let tag = Tag::parse(text).unwrap_or_else(|| panic!("{text}"));
            assert_eq!(tag.unknown_subtag(), None, "{text}");
        }
        for text in ["", "e", "en-", "en_US", "en-x", "i-klingon", "en-u", "abcdefghi", "en-US-US"] {
            assert_eq!(Tag::parse(text), None, "{text}");
        }
        for (text, part) in
            [("EZ", "EZ"), ("en-QQQQ", "QQQQ"), ("en-abc", "abc"), ("en-UU", "UU"), ("en-fooba", "fooba")]
        {
            assert_eq!(Tag::parse(text).unwrap().unknown_subtag(), Some(part), "{text}");
        }
    }

    #[test]
    fn private_parts() {
        for (text, part) in [
            ("qtx", Some("qtx")),
            ("en-QM", Some("QM")),
            ("en-Qabx", Some("Qabx")),
            ("en-x-a", Some("x")),
            ("en-US", None),
        ] {
            let tag = Tag::parse(text).unwrap();
            assert_eq!(tag.private_part(), part, "{text}");
        }
    }
}
