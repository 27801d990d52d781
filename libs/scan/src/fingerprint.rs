//! The stable identity of a finding: the same in the next report, whatever moved around it.

use std::collections::HashMap;

use sha2::{Digest, Sha256};

use crate::Finding;
use crate::text;

/// Gives fingerprints, and tells equal findings of one report apart by their ordinal.
#[derive(Default)]
pub(crate) struct Fingerprints {
    seen: HashMap<[u8; 16], u32>,
}

impl Fingerprints {
    /// SHA-256, in hexadecimal, over rule, title without numbers, file without line, anchor, component without version,
    /// host, port, path of the address, image without tag, resource and vulnerability identifiers.
    pub(crate) fn of(&mut self, finding: &Finding) -> String {
        let base = base(finding);
        let mut key = [0_u8; 16];
        for (to, from) in key.iter_mut().zip(base.iter()) {
            *to = *from;
        }
        let count = self.seen.entry(key).or_insert(0);
        let ordinal = *count;
        *count = count.saturating_add(1);
        if ordinal == 0 {
            return hex::encode(base);
        }
        let mut hash = Sha256::new();
        hash.update(base);
        hash.update(ordinal.to_be_bytes());
        hex::encode(hash.finalize())
    }
}

fn base(finding: &Finding) -> [u8; 32] {
    let mut hash = Sha256::new();
    let mut part = |name: u8, value: &str| {
        if !value.is_empty() {
            hash.update([name]);
            hash.update((value.len() as u64).to_be_bytes());
            hash.update(value.as_bytes());
        }
    };
    part(b'r', &finding.rule.as_deref().unwrap_or_default().to_ascii_lowercase());
    part(b't', &text::without_numbers(&finding.title));
    part(b'a', finding.anchor.as_deref().unwrap_or_default());
    if let Some(place) = &finding.location {
        part(b'f', &text::path(place.file.as_deref().unwrap_or_default()));
        part(b'l', place.logical.as_deref().unwrap_or_default());
        part(b'h', &place.host.as_deref().unwrap_or_default().to_ascii_lowercase());
        part(b'p', &place.port.map(|port| port.to_string()).unwrap_or_default());
        part(b'u', text::url_path(place.url.as_deref().unwrap_or_default()));
        part(b'm', place.parameter.as_deref().unwrap_or_default());
        part(b'i', text::image_name(place.image.as_deref().unwrap_or_default()));
        part(b's', place.resource.as_deref().unwrap_or_default());
    }
    part(b'c', finding.component.as_ref().map(|component| component.name.as_str()).unwrap_or_default());
    let mut ids: Vec<&str> = finding.cve.iter().chain(&finding.ids).map(String::as_str).collect();
    ids.sort_unstable();
    for id in ids {
        part(b'v', id);
    }
    hash.finalize().into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Location, Severity};

    fn at(line: u32) -> Finding {
        Finding {
            rule: Some("B101".to_owned()),
            location: Some(Location::file("./src/a.py", Some(line))),
            ..Finding::new(format!("assert on line {line}"), Severity::Low)
        }
    }

    #[test]
    fn a_moved_line_keeps_the_fingerprint() {
        assert_eq!(Fingerprints::default().of(&at(3)), Fingerprints::default().of(&at(300)));
    }

    #[test]
    fn equal_findings_of_one_report_differ_and_repeat_in_the_next() {
        let two = || {
            let mut fingerprints = Fingerprints::default();
            [fingerprints.of(&at(3)), fingerprints.of(&at(9))]
        };
        let [first, second] = two();
        assert_ne!(first, second);
        assert_eq!([first, second], two());
    }
}
