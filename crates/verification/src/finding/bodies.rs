//! What is stored of the findings of a report besides what they are compared by, packed: a report may have a hundred
//! thousand of them, and they wait in memory until it is compared. Pure.

use std::io::{Read, Write};

use flate2::Compression;
use flate2::read::DeflateDecoder;
use flate2::write::DeflateEncoder;

/// Bodies of one block, which is packed and unpacked as a whole.
const BLOCK: usize = 256;
/// Up to so many bytes nothing is packed: most reports are small, and packing takes time.
const SMALL: usize = 24 << 20;

/// The texts of one finding.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Body {
    /// The finding as the tool gave it, in JSON.
    pub document: String,
    /// One line.
    pub title: String,
    /// The tool's rule.
    pub rule: String,
    /// `CWE-79 CWE-20`.
    pub cwe: String,
    /// CVE identifiers, parted by blanks.
    pub cve: String,
    /// Name of the component.
    pub component: String,
    /// Its version.
    pub component_version: String,
    /// The first version without the problem.
    pub fixed_in: String,
    /// Where, in one line.
    pub place: String,
}

impl Body {
    const fn texts(&self) -> [&String; 9] {
        [
            &self.document,
            &self.title,
            &self.rule,
            &self.cwe,
            &self.cve,
            &self.component,
            &self.component_version,
            &self.fixed_in,
            &self.place,
        ]
    }
}

/// The bodies of a report, in its order.
#[derive(Clone, Debug, Default)]
pub struct Bodies {
    full: Vec<Block>,
    /// The last block, which is not full yet.
    last: Vec<u8>,
    count: usize,
    bytes: usize,
}

#[derive(Clone, Debug)]
enum Block {
    Plain(Vec<u8>),
    Packed(Vec<u8>),
}

impl Bodies {
    /// Adds the next one; its number.
    pub fn add(&mut self, body: &Body) -> usize {
        for text in body.texts() {
            self.last.extend_from_slice(&u32::try_from(text.len()).unwrap_or(u32::MAX).to_le_bytes());
            self.last.extend_from_slice(text.as_bytes());
        }
        let number = self.count;
        self.count += 1;
        if self.count.is_multiple_of(BLOCK) {
            let block = std::mem::take(&mut self.last);
            self.bytes += block.len();
            self.full.push(if self.bytes > SMALL { pack(block) } else { Block::Plain(block) });
        }
        number
    }

    /// A reader; it is quick when it is asked in the order of the report.
    #[must_use]
    pub const fn reader(&self) -> Reader<'_> {
        Reader { bodies: self, block: usize::MAX, unpacked: Vec::new() }
    }
}

/// The block packed; as it is should that fail, which it cannot in memory.
fn pack(block: Vec<u8>) -> Block {
    let mut encoder = DeflateEncoder::new(Vec::with_capacity(block.len() / 6), Compression::fast());
    match encoder.write_all(&block).and_then(|()| encoder.finish()) {
        Ok(mut packed) => {
            packed.shrink_to_fit();
            Block::Packed(packed)
        }
        Err(_) => Block::Plain(block),
    }
}

/// Reads bodies, one block at a time.
pub struct Reader<'a> {
    bodies: &'a Bodies,
    block: usize,
    unpacked: Vec<Body>,
}

impl Reader<'_> {
    /// The body of this number; `None` when there is none.
    pub fn get(&mut self, number: usize) -> Option<&Body> {
        let block = number / BLOCK;
        if block != self.block {
            self.unpacked = match self.bodies.full.get(block) {
                Some(Block::Plain(bytes)) => unpack(bytes),
                Some(Block::Packed(packed)) => {
                    let mut bytes = Vec::new();
                    match DeflateDecoder::new(packed.as_slice()).read_to_end(&mut bytes) {
                        Ok(_) => unpack(&bytes),
                        Err(_) => Vec::new(),
                    }
                }
                None => unpack(&self.bodies.last),
            };
            self.block = block;
        }
        self.unpacked.get(number % BLOCK)
    }
}

fn unpack(mut bytes: &[u8]) -> Vec<Body> {
    let mut bodies = Vec::with_capacity(BLOCK);
    while let Some(body) = next_body(&mut bytes) {
        bodies.push(body);
    }
    bodies
}

fn next_body(bytes: &mut &[u8]) -> Option<Body> {
    Some(Body {
        document: next_text(bytes)?,
        title: next_text(bytes)?,
        rule: next_text(bytes)?,
        cwe: next_text(bytes)?,
        cve: next_text(bytes)?,
        component: next_text(bytes)?,
        component_version: next_text(bytes)?,
        fixed_in: next_text(bytes)?,
        place: next_text(bytes)?,
    })
}

fn next_text(bytes: &mut &[u8]) -> Option<String> {
    let (length, rest) = bytes.split_first_chunk::<4>()?;
    let length = usize::try_from(u32::from_le_bytes(*length)).ok()?;
    let (text, rest) = rest.split_at_checked(length)?;
    *bytes = rest;
    Some(String::from_utf8_lossy(text).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn body(number: usize, size: usize) -> Body {
        Body {
            document: format!("{{\"number\": {number}, \"text\": \"{}\"}}", "ä".repeat(size)),
            title: format!("Title {number}"),
            place: format!("src/{number}.rs"),
            ..Body::default()
        }
    }

    #[track_caller]
    fn check(count: usize, size: usize, packed: bool) {
        let mut bodies = Bodies::default();
        for number in 0..count {
            assert_eq!(bodies.add(&body(number, size)), number);
        }
        assert_eq!(bodies.full.iter().any(|block| matches!(block, Block::Packed(_))), packed);
        let mut reader = bodies.reader();
        for number in (0..count).chain([0, count / 2]) {
            assert_eq!(reader.get(number), (number < count).then(|| body(number, size)).as_ref());
        }
        assert_eq!(reader.get(count + BLOCK), None);
    }

    #[test]
    fn bodies_come_back_as_they_were_put_in() {
        check(0, 1, false);
        check(BLOCK, 1, false);
        check(3 * BLOCK + 7, 1, false);
        check(8 * BLOCK + 7, 10_000, true);
    }
}
