//! The bytes of a report as text: byte-order marks, UTF-16 and Latin-1 are turned into UTF-8, lengths are bounded.

use std::borrow::Cow;
use std::io::{BufRead, BufReader, Read, Seek, SeekFrom};

use limits::Limits;
use serde_json::Value;

use crate::Error;
use crate::skim::Skim;
use crate::table::Table;
use crate::xml::Xml;

/// A stream that can be read from its start again.
pub trait ReadSeek: Read + Seek {}

impl<T: Read + Seek> ReadSeek for T {}

/// The content of one report.
pub struct Input<'a> {
    content: Content<'a>,
    limits: Limits,
}

enum Content<'a> {
    Zip(Cow<'a, [u8]>),
    Text(Cow<'a, str>),
    Stream(Decoder<'a>),
}

/// How much of a stream is looked at to recognise the tool.
const HEAD: usize = 256 << 10;

impl<'a> Input<'a> {
    /// A report in memory.
    ///
    /// # Errors
    /// [`Error::Limit`] when it is longer than the limit, [`Error::Malformed`] when it is empty.
    pub fn memory(bytes: &'a [u8], limits: &Limits) -> Result<Self, Error> {
        limits.check_bytes(bytes.len() as u64)?;
        if bytes.is_empty() {
            return Err(Error::malformed("the file is empty"));
        }
        let content = if is_zip(bytes) { Content::Zip(Cow::Borrowed(bytes)) } else { Content::Text(decode(bytes)) };
        Ok(Self { content, limits: *limits })
    }

    /// A report in a stream, from the stream's start.
    ///
    /// # Errors
    /// [`Error::Io`] when the stream fails; [`Error::Malformed`] when it is empty; [`Error::Limit`] for an archive
    /// longer than the limit.
    pub fn stream(mut stream: Box<dyn ReadSeek + 'a>, limits: &Limits) -> Result<Self, Error> {
        stream.rewind()?;
        let mut head = Vec::new();
        stream.by_ref().take(1_024).read_to_end(&mut head)?;
        if head.is_empty() {
            return Err(Error::malformed("the file is empty"));
        }
        stream.rewind()?;
        if is_zip(&head) {
            let mut bytes = Vec::new();
            stream.take(limits.bytes.saturating_add(1)).read_to_end(&mut bytes)?;
            limits.check_bytes(bytes.len() as u64)?;
            return Ok(Self { content: Content::Zip(Cow::Owned(bytes)), limits: *limits });
        }
        let (encoding, mark) = Encoding::of(&head);
        let inner = BufReader::with_capacity(256 << 10, stream);
        let decoder = Decoder { inner, encoding, mark, limits: *limits, taken: 0, ready: Vec::new(), at: 0 };
        Ok(Self { content: Content::Stream(decoder), limits: *limits })
    }

    /// A report unpacked from an archive.
    pub(crate) fn owned(bytes: Vec<u8>, limits: &Limits) -> Self {
        let text = match decode(&bytes) {
            Cow::Borrowed(text) => text.to_owned(),
            Cow::Owned(text) => text,
        };
        Self { content: Content::Text(Cow::Owned(text)), limits: *limits }
    }

    pub(crate) fn limits(&self) -> &Limits {
        &self.limits
    }

    pub(crate) fn is_zip(&self) -> bool {
        matches!(self.content, Content::Zip(_))
    }

    pub(crate) fn zip_bytes(&self) -> &[u8] {
        match &self.content {
            Content::Zip(bytes) => bytes,
            Content::Text(_) | Content::Stream(_) => &[],
        }
    }

    /// The first part of the text, for recognition.
    pub(crate) fn head(&mut self) -> Result<String, Error> {
        match &mut self.content {
            Content::Zip(_) => Ok(String::new()),
            Content::Text(text) => Ok(crate::text::clip(text, HEAD.saturating_mul(4)).to_owned()),
            Content::Stream(decoder) => {
                decoder.restart()?;
                let mut head = Vec::new();
                decoder.take(HEAD as u64).read_to_end(&mut head)?;
                Ok(String::from_utf8_lossy(&head).into_owned())
            }
        }
    }

    /// The whole text; a stream is read to its end first.
    pub(crate) fn whole(&mut self) -> Result<&str, Error> {
        if let Content::Stream(decoder) = &mut self.content {
            decoder.restart()?;
            let mut bytes = Vec::new();
            decoder.read_to_end(&mut bytes)?;
            let text =
                String::from_utf8(bytes).unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned());
            self.content = Content::Text(Cow::Owned(text));
        }
        match &self.content {
            Content::Text(text) => Ok(text.strip_prefix('\u{feff}').unwrap_or(text)),
            Content::Zip(_) | Content::Stream(_) => Err(Error::malformed("the file is an archive, not a report")),
        }
    }

    /// A reader over the text from its start.
    pub(crate) fn reader(&mut self) -> Result<Box<dyn BufRead + '_>, Error> {
        match &mut self.content {
            Content::Zip(_) => Err(Error::malformed("the file is an archive, not a report")),
            Content::Text(text) => Ok(Box::new(text.as_bytes())),
            Content::Stream(decoder) => {
                decoder.restart()?;
                Ok(Box::new(decoder))
            }
        }
    }

    /// The whole report as one JSON value: JSON lines become an array. Integers too long for a number, such as RSA
    /// moduli, become 0.
    pub(crate) fn json(&mut self) -> Result<Value, Error> {
        let text = self.whole()?;
        match serde_json::from_str(text) {
            Err(error) if error.to_string().starts_with("number out of range") => {
                Ok(serde_json::from_str(&crate::text::without_huge_numbers(text))?)
            }
            Err(error) if error.to_string().starts_with("trailing characters") => {
                let values = serde_json::Deserializer::from_str(text).into_iter::<Value>();
                Ok(Value::Array(values.collect::<Result<_, _>>()?))
            }
            read => Ok(read?),
        }
    }

    /// JSON values one after the other: JSON lines, concatenated documents, or the items of one top-level array.
    /// A line that is no JSON ends the reading with an error after the values before it have been handed over.
    pub(crate) fn each_json(&mut self, mut take: impl FnMut(&Value) -> Result<(), Error>) -> Result<(), Error> {
        for value in serde_json::Deserializer::from_str(self.whole()?).into_iter::<Value>() {
            match value? {
                Value::Array(items) => items.iter().try_for_each(&mut take)?,
                value @ (Value::Object(_) | Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_)) => {
                    take(&value)?;
                }
            }
        }
        Ok(())
    }

    /// The report as JSON that is walked piece by piece.
    pub(crate) fn skim(&mut self) -> Result<Skim<'_>, Error> {
        let limits = self.limits;
        Ok(Skim::new(self.reader()?, limits))
    }

    /// The report as XML, read in a stream.
    pub(crate) fn xml(&mut self) -> Result<Xml<'_>, Error> {
        let limits = self.limits;
        Ok(Xml::new(self.reader()?, limits))
    }

    /// The report as a table with a header line; the delimiter is found out.
    pub(crate) fn table(&mut self) -> Result<Table<'_>, Error> {
        Table::new(self.reader()?)
    }
}

fn is_zip(bytes: &[u8]) -> bool {
    bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"PK\x05\x06")
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Encoding {
    Utf8,
    Latin1,
    Utf16Le,
    Utf16Be,
}

impl Encoding {
    /// The encoding and the length of its mark, from the first bytes.
    fn of(head: &[u8]) -> (Self, usize) {
        match head {
            [0xEF, 0xBB, 0xBF, ..] => (Self::Utf8, 3),
            [0xFF, 0xFE, ..] => (Self::Utf16Le, 2),
            [0xFE, 0xFF, ..] => (Self::Utf16Be, 2),
            [first, 0, _, 0, ..] if *first != 0 => (Self::Utf16Le, 0),
            [0, second, 0, _, ..] if *second != 0 => (Self::Utf16Be, 0),
            _ => {
                let start = head.get(..head.len().min(200)).unwrap_or_default().to_ascii_lowercase();
                let has = |name: &[u8]| memchr::memmem::find(&start, name).is_some();
                let declared =
                    start.starts_with(b"<?xml") && (has(b"iso-8859-1") || has(b"windows-1252") || has(b"latin1"));
                (if declared { Self::Latin1 } else { Self::Utf8 }, 0)
            }
        }
    }
}

/// Text of a whole report; bytes that are no UTF-8 although nothing says otherwise are read as Latin-1.
pub(crate) fn decode(bytes: &[u8]) -> Cow<'_, str> {
    let (encoding, mark) = Encoding::of(bytes);
    let body = bytes.get(mark..).unwrap_or_default();
    match encoding {
        Encoding::Utf8 | Encoding::Latin1 => match std::str::from_utf8(body) {
            Ok(text) => Cow::Borrowed(text),
            Err(_) => Cow::Owned(body.iter().map(|byte| latin1(*byte)).collect()),
        },
        Encoding::Utf16Le | Encoding::Utf16Be => {
            let units = body.chunks_exact(2).map(|pair| unit(pair, encoding));
            Cow::Owned(char::decode_utf16(units).map(|symbol| symbol.unwrap_or(char::REPLACEMENT_CHARACTER)).collect())
        }
    }
}

fn unit(pair: &[u8], encoding: Encoding) -> u16 {
    match (pair, encoding) {
        ([high, low], Encoding::Utf16Be) => u16::from_be_bytes([*high, *low]),
        ([low, high], Encoding::Utf16Le | Encoding::Utf8 | Encoding::Latin1) => u16::from_le_bytes([*low, *high]),
        _ => 0xFFFD,
    }
}

/// Windows-1252 where it differs from ISO-8859-1, as browsers read Latin-1.
fn latin1(byte: u8) -> char {
    const HIGH: [char; 32] = [
        '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž', '\u{8f}', '\u{90}', '‘',
        '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}', 'ž', 'Ÿ',
    ];
    match byte {
        0x80..=0x9F => HIGH.get(usize::from(byte.wrapping_sub(0x80))).copied().unwrap_or(char::REPLACEMENT_CHARACTER),
        0x00..=0x7F | 0xA0..=0xFF => char::from(byte),
    }
}

/// Turns a stream into UTF-8 as it is read, and stops at the limit.
struct Decoder<'a> {
    inner: BufReader<Box<dyn ReadSeek + 'a>>,
    encoding: Encoding,
    mark: usize,
    limits: Limits,
    taken: u64,
    ready: Vec<u8>,
    at: usize,
}

impl Decoder<'_> {
    fn restart(&mut self) -> Result<(), Error> {
        self.inner.seek(SeekFrom::Start(self.mark as u64))?;
        self.taken = 0;
        self.at = 0;
        self.ready.clear();
        Ok(())
    }

    fn note(&mut self, count: usize) -> std::io::Result<()> {
        self.taken = self.taken.saturating_add(count as u64);
        self.limits.check_bytes(self.taken).map_err(std::io::Error::other)
    }

    fn refill(&mut self) -> std::io::Result<()> {
        self.at = 0;
        self.ready.clear();
        let mut raw = Vec::with_capacity(8 << 10);
        self.inner.by_ref().take(8 << 10).read_to_end(&mut raw)?;
        self.note(raw.len())?;
        if self.encoding == Encoding::Latin1 {
            let text: String = raw.iter().map(|byte| latin1(*byte)).collect();
            self.ready = text.into_bytes();
            return Ok(());
        }
        let mut units: Vec<u16> = raw.chunks_exact(2).map(|pair| unit(pair, self.encoding)).collect();
        if units.last().is_some_and(|unit| (0xD800..0xDC00).contains(unit)) {
            let mut pair = [0_u8; 2];
            if self.inner.read_exact(&mut pair).is_ok() {
                self.note(2)?;
                units.push(unit(&pair, self.encoding));
            }
        }
        let text: String =
            char::decode_utf16(units).map(|symbol| symbol.unwrap_or(char::REPLACEMENT_CHARACTER)).collect();
        self.ready = text.into_bytes();
        Ok(())
    }
}

impl Read for Decoder<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let available = self.fill_buf()?;
        let count = available.len().min(buffer.len());
        if let (Some(to), Some(from)) = (buffer.get_mut(..count), available.get(..count)) {
            to.copy_from_slice(from);
        }
        self.consume(count);
        Ok(count)
    }
}

impl BufRead for Decoder<'_> {
    fn fill_buf(&mut self) -> std::io::Result<&[u8]> {
        if self.encoding == Encoding::Utf8 {
            self.limits.check_bytes(self.taken).map_err(std::io::Error::other)?;
            return self.inner.fill_buf();
        }
        if self.at >= self.ready.len() {
            self.refill()?;
        }
        Ok(self.ready.get(self.at..).unwrap_or_default())
    }

    fn consume(&mut self, count: usize) {
        if self.encoding == Encoding::Utf8 {
            self.taken = self.taken.saturating_add(count as u64);
            self.inner.consume(count);
        } else {
            self.at = self.at.saturating_add(count);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::*;

    fn utf16(text: &str) -> Vec<u8> {
        [0xFF, 0xFE].into_iter().chain(text.encode_utf16().flat_map(u16::to_le_bytes)).collect()
    }

    #[test]
    fn marks_and_encodings_are_read() {
        assert_eq!(decode(b"\xEF\xBB\xBF{}"), "{}");
        assert_eq!(decode(&utf16("é😀")), "é😀");
        assert_eq!(decode(b"caf\xE9 \x80"), "café €");
    }

    #[test]
    fn streams_are_decoded_like_memory() {
        for bytes in [utf16(&"é😀x".repeat(9_000)), b"<?xml version='1.0' encoding='ISO-8859-1'?><a>\xE9</a>".to_vec()]
        {
            let expected = decode(&bytes).into_owned();
            let mut input = Input::stream(Box::new(Cursor::new(bytes)), &Limits::FILE).unwrap();
            assert_eq!(input.whole().unwrap(), expected);
        }
    }
}
