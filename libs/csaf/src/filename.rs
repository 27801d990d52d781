//! Where a document is stored: its file name and year folder (5.1 of CSAF 2.0, requirement 11 of 7.1).

use crate::time::Stamp;

/// The file name of a document: the tracking identifier in lower case, every run of characters other than
/// `+`, `-`, letters and digits of ASCII replaced by one underscore, and `.json` (5.1).
#[must_use]
pub fn file_name(tracking_id: &str) -> String {
    let mut name = String::with_capacity(tracking_id.len().saturating_add(5));
    let mut replaced = false;
    for letter in tracking_id.chars().flat_map(char::to_lowercase) {
        if letter.is_ascii_lowercase() || letter.is_ascii_digit() || matches!(letter, '+' | '-') {
            name.push(letter);
            replaced = false;
        } else if !replaced {
            name.push('_');
            replaced = true;
        }
    }
    name.push_str(".json");
    name
}

/// The folder of a document: the year of its initial release as written (7.1.11).
#[must_use]
pub fn year_folder(initial_release_date: &str) -> Option<String> {
    Stamp::parse(initial_release_date).map(|stamp| format!("{:04}", stamp.year))
}

#[cfg(test)]
mod tests {
    use super::{file_name, year_folder};

    #[test]
    fn names() {
        for (id, name) in [
            ("HAL-SA-2026:001", "hal-sa-2026_001.json"),
            ("cisco-sa-20190513-secureboot", "cisco-sa-20190513-secureboot.json"),
            ("A  B/ü C", "a_b_c.json"),
            ("Bavarian Öl", "bavarian_l.json"),
            ("a+b", "a+b.json"),
        ] {
            assert_eq!(file_name(id), name, "{id}");
        }
        assert_eq!(year_folder("2025-12-31T23:30:00-05:00").as_deref(), Some("2025"));
        assert_eq!(year_folder("soon"), None);
    }
}
