//! The names of the Common Weakness Enumeration through its versions (tests 6.1.11 and 6.2.23 to 6.2.26).
//!
//! `data/cwe.tsv` lists the facts of CWE 4.19.1 (2026-01-21): number, kind with mapping usage and status, the version
//! that added the entry, its name, and each earlier name with the version that replaced it.

use std::sync::OnceLock;

static TABLE: &str = include_str!("../data/cwe.tsv");

/// The releases of CWE with their dates, oldest first.
const RELEASES: [(&str, &str); 57] = [
    ("1.0", "2008-09-09"),
    ("1.0.1", "2008-10-14"),
    ("1.1", "2008-11-24"),
    ("1.2", "2009-01-12"),
    ("1.3", "2009-03-10"),
    ("1.4", "2009-05-27"),
    ("1.5", "2009-07-27"),
    ("1.6", "2009-10-29"),
    ("1.7", "2009-12-28"),
    ("1.8", "2010-02-16"),
    ("1.8.1", "2010-04-05"),
    ("1.9", "2010-06-21"),
    ("1.10", "2010-09-27"),
    ("1.11", "2010-12-13"),
    ("1.12", "2011-03-30"),
    ("1.13", "2011-06-01"),
    ("2.0", "2011-06-27"),
    ("2.1", "2011-09-13"),
    ("2.2", "2012-05-14"),
    ("2.3", "2012-10-30"),
    ("2.4", "2013-02-21"),
    ("2.5", "2013-07-17"),
    ("2.6", "2014-02-19"),
    ("2.7", "2014-06-23"),
    ("2.8", "2014-07-31"),
    ("2.9", "2015-12-08"),
    ("2.10", "2017-01-19"),
    ("2.11", "2017-05-05"),
    ("2.12", "2017-11-08"),
    ("3.0", "2017-11-14"),
    ("3.1", "2018-03-29"),
    ("3.2", "2019-01-03"),
    ("3.3", "2019-06-20"),
    ("3.4", "2019-09-19"),
    ("3.4.1", "2019-09-23"),
    ("4.0", "2020-02-24"),
    ("4.1", "2020-06-25"),
    ("4.2", "2020-08-20"),
    ("4.3", "2020-12-10"),
    ("4.4", "2021-03-15"),
    ("4.5", "2021-07-20"),
    ("4.6", "2021-10-28"),
    ("4.7", "2022-04-28"),
    ("4.8", "2022-06-28"),
    ("4.9", "2022-10-13"),
    ("4.10", "2023-01-31"),
    ("4.11", "2023-04-27"),
    ("4.12", "2023-06-29"),
    ("4.13", "2023-10-26"),
    ("4.14", "2024-02-29"),
    ("4.15", "2024-07-16"),
    ("4.16", "2024-11-19"),
    ("4.17", "2025-04-03"),
    ("4.18", "2025-09-09"),
    ("4.19", "2025-12-11"),
    ("4.19.1", "2026-01-21"),
    // A version after every known one, so that the end of the table is a place as well.
    ("9999.0", "9999-12-31"),
];

/// What an entry is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A weakness, to which vulnerabilities are mapped.
    Weakness,
    /// A category, which groups weaknesses.
    Category,
    /// A view, which lists categories.
    View,
}

/// What MITRE says about mapping vulnerabilities to an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Usage {
    /// Fit for mapping.
    Allowed,
    /// Fit where nothing better is.
    AllowedWithReview,
    /// Better entries exist.
    Discouraged,
    /// Not to be used.
    Prohibited,
    /// Nothing is said.
    Unknown,
}

/// One entry of CWE.
#[derive(Clone, Debug)]
pub struct Entry {
    /// The number.
    pub number: u32,
    /// What the entry is.
    pub kind: Kind,
    /// Whether to map vulnerabilities to it.
    pub usage: Usage,
    /// Whether it is deprecated in the newest version.
    pub deprecated: bool,
    /// The version that added it.
    pub since: &'static str,
    /// Its name in the newest version.
    pub name: &'static str,
    /// Earlier names with the version that replaced each, oldest first.
    earlier: Vec<(&'static str, &'static str)>,
}

impl Entry {
    /// Whether the name is or was the official one in any version.
    #[must_use]
    pub fn ever_named(&self, name: &str) -> bool {
        self.name == name || self.earlier.iter().any(|(_, earlier)| *earlier == name)
    }

    /// The name in a version of CWE.
    #[must_use]
    pub fn name_in(&self, version: &str) -> &'static str {
        let wanted = version_key(version);
        self.earlier.iter().find(|(until, _)| wanted < version_key(until)).map_or(self.name, |(_, earlier)| earlier)
    }

    /// Whether the entry was there in a version of CWE.
    #[must_use]
    pub fn exists_in(&self, version: &str) -> bool {
        // The oldest entries name drafts before 1.0 as their first version.
        !self.since.starts_with(|letter: char| letter.is_ascii_digit())
            || version_key(self.since) <= version_key(version)
    }

    /// Whether the entry was deprecated in a version of CWE.
    #[must_use]
    pub fn deprecated_in(&self, version: &str) -> bool {
        self.deprecated && (self.name_in(version).starts_with("DEPRECATED") || self.earlier.is_empty())
    }
}

fn version_key(version: &str) -> Vec<u32> {
    let mut key: Vec<u32> = version.split('.').map(|part| part.parse().unwrap_or(0)).collect();
    key.resize(3, 0);
    key
}

/// Whether a version of CWE is known to have been released; versions newer than the table count as released.
#[must_use]
pub fn is_release(version: &str) -> bool {
    RELEASES.iter().any(|(release, _)| *release == version) || version_key(version) > vec![4, 19, 1]
}

/// The newest version of CWE on a day (`YYYY-MM-DD`).
#[must_use]
pub fn newest_on(day: &str) -> &'static str {
    RELEASES.iter().rev().find(|(_, date)| *date <= day).map_or("1.0", |(version, _)| version)
}

/// Orders two versions of CWE.
#[must_use]
pub fn compare_versions(left: &str, right: &str) -> std::cmp::Ordering {
    version_key(left).cmp(&version_key(right))
}

/// Finds an entry by its identifier, such as `CWE-79`.
#[must_use]
pub fn find(id: &str) -> Option<&'static Entry> {
    static ENTRIES: OnceLock<Vec<Entry>> = OnceLock::new();
    let number: u32 = id.strip_prefix("CWE-")?.parse().ok()?;
    let entries = ENTRIES.get_or_init(|| TABLE.lines().filter_map(entry).collect());
    entries.binary_search_by_key(&number, |entry| entry.number).ok().and_then(|at| entries.get(at))
}

fn entry(line: &'static str) -> Option<Entry> {
    let mut columns = line.split('\t');
    let number = columns.next()?.parse().ok()?;
    let [kind, usage, status] = *columns.next()?.as_bytes() else { return None };
    let since = columns.next()?;
    let name = columns.next()?;
    Some(Entry {
        number,
        kind: match kind {
            b'w' => Kind::Weakness,
            b'c' => Kind::Category,
            _ => Kind::View,
        },
        usage: match usage {
            b'A' => Usage::Allowed,
            b'R' => Usage::AllowedWithReview,
            b'D' => Usage::Discouraged,
            b'P' => Usage::Prohibited,
            _ => Usage::Unknown,
        },
        deprecated: status == b'X',
        since,
        name,
        earlier: columns.filter_map(|column| column.split_once('=')).collect(),
    })
}

#[cfg(test)]
mod tests {
    use super::{Kind, find, newest_on};

    #[test]
    fn names_through_time() {
        let entry = find("CWE-1192").unwrap();
        assert_eq!(entry.name_in("4.14"), "Improper Identifier for IP Block used in System-On-Chip (SOC)");
        assert!(entry.name_in("4.13").starts_with("System-on-Chip (SoC) Using"));
        assert!(!entry.exists_in("3.4"));
        let jtag = find("CWE-1324").unwrap();
        assert!(jtag.deprecated_in("4.10") && !jtag.deprecated_in("4.9"));
        assert_eq!(find("CWE-19").unwrap().kind, Kind::Category);
        assert!(find("CWE-79").unwrap().exists_in("1.0"));
        assert!(find("CWE-7").is_some() && find("CWE-999999").is_none() && find("79").is_none());
        assert_eq!(newest_on("2024-03-01"), "4.14");
    }
}
