//! Findings as bytes, a fifth of their size in memory: only what is there is written.

use crate::{Baseline, Component, Cvss, Finding, Location, Severity, Status, Step};

/// Appends a finding.
pub(crate) fn pack(finding: &Finding, out: &mut Vec<u8>) {
    let Finding {
        title,
        severity,
        rule,
        cwe,
        cve,
        ids,
        cvss,
        location,
        component,
        description,
        evidence,
        remediation,
        references,
        fingerprint,
        anchor,
        status,
        baseline,
        rank,
        steps,
        others,
        occurrences,
    } = finding;
    let mut write = Writer { out };
    let (status_code, reason) = match status {
        Status::Open => (0, None),
        Status::Suppressed(reason) => (1, reason.as_deref()),
        Status::FalsePositive => (2, None),
        Status::Fixed => (3, None),
    };
    let baseline = match baseline {
        None => 0,
        Some(Baseline::New) => 1,
        Some(Baseline::Unchanged) => 2,
        Some(Baseline::Updated) => 3,
        Some(Baseline::Absent) => 4,
    };
    write.number(*severity as u64 | status_code << 3 | baseline << 5);
    write.number(u64::from(*occurrences));
    let texts = [rule, description, evidence, remediation, anchor].map(Option::as_deref);
    write.options(&[Some(title.as_str()), Some(fingerprint), reason]);
    write.options(&texts);
    for list in [cve, ids, references] {
        write.number(list.len() as u64);
        list.iter().for_each(|text| write.text(text));
    }
    write.number(cwe.len() as u64);
    cwe.iter().for_each(|number| write.number(u64::from(*number)));
    let extras = u64::from(cvss.is_some())
        | u64::from(location.is_some()) << 1
        | u64::from(component.is_some()) << 2
        | u64::from(rank.is_some()) << 3;
    write.number(extras);
    if let Some(cvss) = cvss {
        write.options(&[cvss.vector.as_deref()]);
        write.float(cvss.score);
    }
    if let Some(location) = location {
        write.location(location);
    }
    if let Some(Component { name, version, purl, fixed_in }) = component {
        write.options(&[Some(name.as_str()), version.as_deref(), purl.as_deref(), fixed_in.as_deref()]);
    }
    if rank.is_some() {
        write.float(*rank);
    }
    write.number(others.len() as u64);
    others.iter().for_each(|location| write.location(location));
    write.number(steps.len() as u64);
    for Step { flow, location, message } in steps {
        write.number(u64::from(*flow));
        write.location(location);
        write.options(&[message.as_deref()]);
    }
}

/// Takes the next finding off packed ones.
pub(crate) fn unpack(bytes: &mut &[u8]) -> Finding {
    let mut read = Reader { bytes };
    let codes = read.number();
    let occurrences = read.small();
    let [title, fingerprint, reason] = read.options();
    let [rule, description, evidence, remediation, anchor] = read.options();
    let [cve, ids, references] = [(); 3].map(|()| read.list(Reader::text));
    let cwe = read.list(Reader::small);
    let extras = read.number();
    let cvss = (extras & 1 != 0).then(|| {
        let [vector] = read.options();
        Cvss { vector, score: read.float() }
    });
    let location = (extras & 2 != 0).then(|| read.location());
    let component = (extras & 4 != 0).then(|| {
        let [name, version, purl, fixed_in] = read.options();
        Component { name: name.unwrap_or_default(), version, purl, fixed_in }
    });
    let rank = if extras & 8 != 0 { read.float() } else { None };
    let others = read.list(Reader::location);
    let steps = read.list(|read| {
        let (flow, location, [message]) = (read.small(), read.location(), read.options());
        Step { flow, location, message }
    });
    Finding {
        title: title.unwrap_or_default(),
        severity: Severity::from_level(i64::try_from(codes & 7).unwrap_or(0)),
        status: match codes >> 3 & 3 {
            0 => Status::Open,
            1 => Status::Suppressed(reason),
            2 => Status::FalsePositive,
            _ => Status::Fixed,
        },
        baseline: match codes >> 5 {
            1 => Some(Baseline::New),
            2 => Some(Baseline::Unchanged),
            3 => Some(Baseline::Updated),
            4 => Some(Baseline::Absent),
            _ => None,
        },
        fingerprint: fingerprint.unwrap_or_default(),
        rule,
        cwe,
        cve,
        ids,
        cvss,
        location,
        component,
        description,
        evidence,
        remediation,
        references,
        anchor,
        rank,
        steps,
        others,
        occurrences,
    }
}

struct Writer<'o> {
    out: &'o mut Vec<u8>,
}

impl Writer<'_> {
    /// Seven bits a byte, the lowest first.
    fn number(&mut self, mut number: u64) {
        while let Ok(low @ 0x80..) = u8::try_from(number & 0x7F | u64::from(number > 0x7F) << 7) {
            self.out.push(low);
            number >>= 7;
        }
        self.out.push(u8::try_from(number).unwrap_or_default());
    }

    fn text(&mut self, text: &str) {
        self.number(text.len() as u64);
        self.out.extend_from_slice(text.as_bytes());
    }

    /// Which are there, then those.
    fn options(&mut self, texts: &[Option<&str>]) {
        let there = texts.iter().rev().fold(0, |mask, text| mask << 1 | u64::from(text.is_some()));
        self.number(there);
        texts.iter().flatten().for_each(|text| self.text(text));
    }

    fn float(&mut self, number: Option<f64>) {
        self.out.push(u8::from(number.is_some()));
        if let Some(number) = number {
            self.out.extend_from_slice(&number.to_le_bytes());
        }
    }

    fn location(&mut self, location: &Location) {
        let Location {
            display,
            file,
            line,
            column,
            end_line,
            end_column,
            logical,
            url,
            method,
            parameter,
            host,
            port,
            protocol,
            image,
            resource,
        } = location;
        let texts = [file, logical, url, method, parameter, host, protocol, image, resource].map(Option::as_deref);
        self.options(&texts);
        let numbers = [*line, *column, *end_line, *end_column, port.map(u32::from)];
        let there = numbers.iter().rev().fold(0, |mask, number| mask << 1 | u64::from(number.is_some()));
        self.number(there << 1 | u64::from(!display.is_empty()));
        numbers.iter().flatten().for_each(|number| self.number(u64::from(*number)));
        if !display.is_empty() {
            self.text(display);
        }
    }
}

struct Reader<'r, 'b> {
    bytes: &'r mut &'b [u8],
}

impl Reader<'_, '_> {
    fn byte(&mut self) -> u8 {
        let Some((first, rest)) = self.bytes.split_first() else { return 0 };
        *self.bytes = rest;
        *first
    }

    fn number(&mut self) -> u64 {
        let mut number = 0;
        for shift in (0..64).step_by(7) {
            let byte = self.byte();
            number |= u64::from(byte & 0x7F) << shift;
            if byte < 0x80 {
                break;
            }
        }
        number
    }

    fn small(&mut self) -> u32 {
        u32::try_from(self.number()).unwrap_or(u32::MAX)
    }

    fn text(&mut self) -> String {
        let length = usize::try_from(self.number()).unwrap_or(0).min(self.bytes.len());
        let (text, rest) = self.bytes.split_at_checked(length).unwrap_or_default();
        *self.bytes = rest;
        String::from_utf8_lossy(text).into_owned()
    }

    fn options<const N: usize>(&mut self) -> [Option<String>; N] {
        let there = self.number();
        std::array::from_fn(|index| (there >> index & 1 != 0).then(|| self.text()))
    }

    fn list<T>(&mut self, mut one: impl FnMut(&mut Self) -> T) -> Vec<T> {
        let count = usize::try_from(self.number()).unwrap_or(0).min(self.bytes.len());
        (0..count).map(|_| one(self)).collect()
    }

    fn float(&mut self) -> Option<f64> {
        (self.byte() != 0).then(|| f64::from_le_bytes(std::array::from_fn(|_| self.byte())))
    }

    fn location(&mut self) -> Location {
        let [file, logical, url, method, parameter, host, protocol, image, resource] = self.options();
        let there = self.number();
        let [line, column, end_line, end_column, port] =
            std::array::from_fn(|index| (there >> index >> 1 & 1 != 0).then(|| self.small()));
        let display = if there & 1 != 0 { self.text() } else { String::new() };
        let port = port.and_then(|port| u16::try_from(port).ok());
        Location {
            display,
            file,
            line,
            column,
            end_line,
            end_column,
            logical,
            url,
            method,
            parameter,
            host,
            port,
            protocol,
            image,
            resource,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_part_comes_back() {
        let place = Location { end_line: Some(300), method: Some(String::new()), ..Location::file("a.c", Some(7)) };
        let full = Finding {
            title: "é".repeat(200),
            severity: Severity::Critical,
            rule: Some("r".to_owned()),
            cwe: vec![79, 1_000_000],
            cve: vec!["CVE-2020-0001".to_owned(), String::new()],
            ids: vec!["x".to_owned()],
            cvss: Some(Cvss { vector: Some("v".to_owned()), score: Some(9.8) }),
            location: Some(place.clone()),
            component: Some(Component { fixed_in: Some("2".to_owned()), ..Component::new("c", Some("1".to_owned())) }),
            description: Some("d".to_owned()),
            evidence: Some("e".to_owned()),
            remediation: Some("m".to_owned()),
            references: vec!["https://halden.example".to_owned()],
            fingerprint: "f".to_owned(),
            anchor: Some("a".to_owned()),
            status: Status::Suppressed(Some("why".to_owned())),
            baseline: Some(Baseline::Absent),
            rank: Some(1.5),
            steps: vec![Step { flow: 3, location: place.clone(), message: Some("s".to_owned()) }],
            others: vec![Location { display: "h:1".to_owned(), ..Location::host("h", Some(65_535), None) }, place],
            occurrences: u32::MAX,
        };
        let others = [
            Finding::default(),
            Finding { status: Status::Fixed, baseline: Some(Baseline::New), ..Finding::new("t", Severity::Low) },
            Finding { status: Status::Suppressed(None), cvss: Some(Cvss::default()), ..full.clone() },
            Finding { status: Status::FalsePositive, severity: Severity::Medium, ..full.clone() },
        ];
        let mut bytes = Vec::new();
        let all: Vec<Finding> = std::iter::once(full).chain(others).collect();
        all.iter().for_each(|finding| pack(finding, &mut bytes));
        let mut rest = bytes.as_slice();
        let back: Vec<Finding> = all.iter().map(|_| unpack(&mut rest)).collect();
        assert_eq!((back, rest.len()), (all, 0));
    }
}
