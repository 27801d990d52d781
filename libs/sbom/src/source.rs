//! The input behind the format: compression, byte-order marks, UTF-16, and the question what it is.

use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom};

use flate2::read::MultiGzDecoder;
use limits::Limits;

use crate::error::Error;
use crate::json;

/// What an input turned out to be, with the version when the first look shows it.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    CycloneDxJson(Option<String>),
    CycloneDxXml,
    SpdxJson(Option<String>),
    SpdxGraph,
    SpdxTagValue,
}

/// An input that can be read from its start more than once.
pub(crate) struct Source<R> {
    input: R,
    limits: Limits,
}

/// The decoded bytes of an input.
pub(crate) type Reader<'a> = BufReader<Box<dyn Read + 'a>>;

impl<R: Read + Seek> Source<R> {
    pub(crate) const fn new(input: R, limits: Limits) -> Self {
        Self { input, limits }
    }

    /// The text from its start: unpacked, in UTF-8, without byte-order mark.
    pub(crate) fn reader(&mut self) -> Result<Reader<'_>, Error> {
        let length = self.input.seek(SeekFrom::End(0))?;
        self.limits.check_bytes(length)?;
        self.input.seek(SeekFrom::Start(0))?;
        let mut start = [0_u8; 6];
        let count = fill(&mut self.input, &mut start)?;
        self.input.seek(SeekFrom::Start(0))?;
        let packed = start.get(..count).unwrap_or_default();
        if packed.starts_with(&[0xfd, b'7', b'z', b'X', b'Z']) || packed.starts_with(b"BZh") {
            return Err(Error::unsupported(
                "is packed with xz or bzip2, which are not read; unpack it first (gzip is read as it is)",
            ));
        }
        if packed.starts_with(&[0x28, 0xb5, 0x2f, 0xfd]) {
            return Err(Error::unsupported(
                "is packed with Zstandard, which is not read; unpack it first (gzip is read as it is)",
            ));
        }
        if packed.starts_with(b"PK\x03\x04") {
            return Err(Error::unsupported("is a ZIP archive; unpack it first (gzip is read as it is)"));
        }
        let bytes: Box<dyn Read + '_> = if packed.starts_with(&[0x1f, 0x8b]) {
            let decoder = MultiGzDecoder::new(BufReader::new(&mut self.input));
            Box::new(Bounded { inner: decoder, left: self.limits.expanded, limit: self.limits.expanded })
        } else {
            Box::new(&mut self.input)
        };
        decode(bytes)
    }

    pub(crate) fn kind(&mut self) -> Result<Kind, Error> {
        let mut reader = self.reader()?;
        let first = loop {
            let buffer = reader.fill_buf()?;
            if buffer.is_empty() {
                return Err(Error::unknown("it is empty"));
            }
            let blank = buffer.iter().take_while(|byte| byte.is_ascii_whitespace()).count();
            let found = buffer.get(blank).copied();
            reader.consume(blank);
            if let Some(byte) = found {
                break byte;
            }
        };
        match first {
            b'{' => json::look(reader),
            b'<' => Self::xml_kind(reader),
            b'[' => Err(Error::unknown("it is a JSON list, not an object")),
            _ => Self::text_kind(reader),
        }
    }

    fn xml_kind(mut reader: Reader<'_>) -> Result<Kind, Error> {
        let start = head(&mut reader)?;
        if start.contains("http://www.w3.org/1999/02/22-rdf-syntax-ns#") || start.contains("rdf:RDF") {
            return Err(Error::unsupported("is SPDX in RDF/XML, which is not read; convert it to JSON or tag-value"));
        }
        if start.contains("<spdxVersion>") || start.contains("<SPDXID>") {
            return Err(Error::unsupported("is SPDX in XML, which is not read; convert it to JSON or tag-value"));
        }
        Ok(Kind::CycloneDxXml)
    }

    fn text_kind(mut reader: Reader<'_>) -> Result<Kind, Error> {
        let start = head(&mut reader)?;
        for line in start.lines() {
            let line = line.trim_start();
            if line.starts_with("SPDXVersion:") || line.starts_with("DataLicense:") || line.starts_with("DocumentName:")
            {
                return Ok(Kind::SpdxTagValue);
            }
            let yaml = line.trim_start_matches(['"', '\'']);
            if yaml.starts_with("spdxVersion")
                || yaml.starts_with("SPDXID\"")
                || yaml.starts_with("bomFormat")
                || line == "---"
            {
                return Err(Error::unsupported("is YAML, which is not read; convert it to JSON"));
            }
        }
        if start.contains("spec_version:") {
            return Err(Error::unsupported(
                "is CycloneDX as Protocol Buffers text, which is not read; convert it to JSON or XML",
            ));
        }
        Err(Error::unknown("it is neither JSON nor XML, and no line starts with “SPDXVersion:”"))
    }
}

/// The first 64 KiB as text.
fn head(reader: &mut Reader<'_>) -> Result<String, Error> {
    let mut bytes = Vec::new();
    reader.take(64 << 10).read_to_end(&mut bytes)?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// Strips a byte-order mark and turns UTF-16 into UTF-8.
fn decode<'a>(mut bytes: Box<dyn Read + 'a>) -> Result<Reader<'a>, Error> {
    let mut start = [0_u8; 4];
    let count = fill(&mut bytes, &mut start)?;
    let start = start.get(..count).unwrap_or_default();
    let again = |skip: usize| io::Cursor::new(start.get(skip..).unwrap_or_default().to_vec());
    let big = match start {
        [0xef, 0xbb, 0xbf, ..] => return Ok(BufReader::with_capacity(64 << 10, Box::new(again(3).chain(bytes)))),
        [0xfe, 0xff, ..] => Some((true, 2)),
        [0xff, 0xfe, ..] => Some((false, 2)),
        [0, b'{' | b'<', ..] => Some((true, 0)),
        [b'{' | b'<', 0, ..] => Some((false, 0)),
        _ => None,
    };
    let rest: Box<dyn Read + 'a> = Box::new(again(big.map_or(0, |(_, skip)| skip)).chain(bytes));
    Ok(match big {
        None => BufReader::with_capacity(64 << 10, rest),
        Some((big, _)) => {
            let decoder =
                Utf16 { inner: BufReader::with_capacity(64 << 10, rest), big, high: None, out: Vec::new(), at: 0 };
            BufReader::with_capacity(64 << 10, Box::new(decoder))
        }
    })
}

fn fill(reader: &mut impl Read, buffer: &mut [u8]) -> io::Result<usize> {
    let mut filled = 0;
    while let Some(rest) = buffer.get_mut(filled..).filter(|rest| !rest.is_empty()) {
        match reader.read(rest) {
            Ok(0) => break,
            Ok(count) => filled += count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(filled)
}

/// Stops unpacking at a limit.
struct Bounded<R> {
    inner: R,
    left: u64,
    limit: u64,
}

impl<R: Read> Read for Bounded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer)?;
        self.left = self
            .left
            .checked_sub(u64::try_from(count).unwrap_or(u64::MAX))
            .ok_or_else(|| io::Error::other(limits::Exceeded { what: limits::What::Expanded, limit: self.limit }))?;
        Ok(count)
    }
}

/// Turns UTF-16 into UTF-8; lone surrogates become the replacement character.
struct Utf16<R> {
    inner: R,
    big: bool,
    high: Option<u16>,
    out: Vec<u8>,
    at: usize,
}

impl<R: Read> Utf16<R> {
    fn refill(&mut self) -> io::Result<()> {
        self.out.clear();
        self.at = 0;
        let mut bytes = [0_u8; 8 << 10];
        let count = fill(&mut self.inner, &mut bytes)?;
        let mut text = String::new();
        let units = bytes.get(..count).unwrap_or_default().chunks_exact(2).filter_map(|pair| {
            let pair: [u8; 2] = pair.try_into().ok()?;
            Some(if self.big { u16::from_be_bytes(pair) } else { u16::from_le_bytes(pair) })
        });
        let mut units: Vec<u16> = self.high.take().into_iter().chain(units).collect();
        if count == bytes.len() && units.last().is_some_and(|unit| (0xd800..0xdc00).contains(unit)) {
            self.high = units.pop();
        }
        text.extend(char::decode_utf16(units).map(|unit| unit.unwrap_or(char::REPLACEMENT_CHARACTER)));
        self.out = text.into_bytes();
        Ok(())
    }
}

impl<R: Read> Read for Utf16<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.at >= self.out.len() {
            self.refill()?;
        }
        let ready = self.out.get(self.at..).unwrap_or_default();
        let count = ready.len().min(buffer.len());
        if let (Some(target), Some(from)) = (buffer.get_mut(..count), ready.get(..count)) {
            target.copy_from_slice(from);
        }
        self.at += count;
        Ok(count)
    }
}
