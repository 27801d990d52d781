//! The stable identity of a finding: the same in the next report, whatever moved around it.

use std::collections::HashMap;

use sha2::{Digest, Sha256};

use crate::Finding;
use crate::text;

/// Gives fingerprints, and tells equal findings of one report apart by their ordinal.
#[derive(Default)]
pub(crate) struct Fingerprints {
    seen: HashMap<[u8; 16], u32>,
    /// The title of one finding, and what is hashed of it; kept, so that they grow once.
    title: Vec<u8>,
    parts: Vec<u8>,
}

impl Fingerprints {
    /// SHA-256, in hexadecimal, over rule, title without numbers, file without line, anchor, component without version,
    /// host, port, path of the address, image without tag, resource and vulnerability identifiers.
    pub(crate) fn of(&mut self, finding: &Finding) -> String {
        self.title.clear();
        text::write_without_numbers(&finding.title, &mut self.title);
        self.parts.clear();
        write(finding, &self.title, &mut self.parts);
        let base: [u8; 32] = Sha256::digest(&self.parts).into();
        let mut key = [0_u8; 16];
        for (to, from) in key.iter_mut().zip(base.iter()) {
            *to = *from;
        }
        let count = self.seen.entry(key).or_insert(0);
        let ordinal = *count;
        *count = count.saturating_add(1);
        if ordinal == 0 {
            return hexadecimal(&base);
        }
        let mut hash = Sha256::new();
        hash.update(base);
        hash.update(ordinal.to_be_bytes());
        hexadecimal(&hash.finalize().into())
    }
}

fn hexadecimal(hash: &[u8; 32]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let digit = |half: u8| DIGITS.get(usize::from(half & 15)).copied().unwrap_or_default();
    let digits: Vec<u8> = hash.iter().flat_map(|byte| [digit(byte >> 4), digit(*byte)]).collect();
    String::from_utf8(digits).unwrap_or_default()
}

/// Writes what makes a finding itself: the name, length and text of each part that it has.
fn write(finding: &Finding, title: &[u8], parts: &mut Vec<u8>) {
    let mut bytes = |name: u8, value: &[u8]| {
        if !value.is_empty() {
            parts.push(name);
            parts.extend_from_slice(&(value.len() as u64).to_be_bytes());
            parts.extend_from_slice(value);
        }
    };
    bytes(b'r', text::small(finding.rule.as_deref().unwrap_or_default()).as_bytes());
    bytes(b't', title);
    let mut part = |name: u8, value: &str| bytes(name, value.as_bytes());
    part(b'a', finding.anchor.as_deref().unwrap_or_default());
    if let Some(place) = &finding.location {
        part(b'f', &text::plain_path(place.file.as_deref().unwrap_or_default()));
        part(b'l', place.logical.as_deref().unwrap_or_default());
        part(b'h', &text::small(place.host.as_deref().unwrap_or_default()));
        if let Some(port) = place.port {
            part(b'p', &port.to_string());
        }
        part(b'u', place.url.as_deref().map(text::url_path).unwrap_or_default());
        part(b'm', place.parameter.as_deref().unwrap_or_default());
        part(b'i', place.image.as_deref().map(text::image_name).unwrap_or_default());
        part(b's', place.resource.as_deref().unwrap_or_default());
    }
    part(b'c', finding.component.as_ref().map(|component| component.name.as_str()).unwrap_or_default());
    if !finding.cve.is_empty() || !finding.ids.is_empty() {
        let mut ids: Vec<&str> = finding.cve.iter().chain(&finding.ids).map(String::as_str).collect();
        ids.sort_unstable();
        for id in ids {
            part(b'v', id);
        }
    }
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
