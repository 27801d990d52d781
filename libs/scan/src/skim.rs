//! JSON of any length, walked member by member and item by item: one value's text is held at a time.

use std::io::BufRead;

use limits::{Exceeded, Limits, What};

use crate::Error;

/// A walk over one JSON document. It follows brackets and strings only; whoever takes a value's text parses it.
pub(crate) struct Skim<'a> {
    source: Box<dyn BufRead + 'a>,
    limits: Limits,
    at: u64,
}

impl<'a> Skim<'a> {
    pub(crate) fn new(source: Box<dyn BufRead + 'a>, limits: Limits) -> Self {
        Self { source, limits, at: 0 }
    }

    /// How many bytes are behind.
    pub(crate) const fn at(&self) -> u64 {
        self.at
    }

    pub(crate) const fn limits(&self) -> &Limits {
        &self.limits
    }

    /// The next byte that is no white space, not yet taken; `None` at the end of the text.
    ///
    /// # Errors
    /// [`Error::Io`] when the stream fails, [`Error::Limit`] when it is too long.
    pub(crate) fn peek(&mut self) -> Result<Option<u8>, Error> {
        loop {
            let chunk = self.source.fill_buf()?;
            if chunk.is_empty() {
                return Ok(None);
            }
            let blank = chunk.iter().take_while(|byte| byte.is_ascii_whitespace()).count();
            let found = chunk.get(blank).copied();
            self.take(blank);
            if found.is_some() {
                return Ok(found);
            }
        }
    }

    /// Steps into the object (`{`) or list (`[`) that begins here; passes over any other value and answers `false`.
    ///
    /// # Errors
    /// As [`Skim::value`].
    pub(crate) fn enter(&mut self, open: u8) -> Result<bool, Error> {
        if self.peek()? == Some(open) {
            self.take(1);
            return Ok(true);
        }
        self.skip()?;
        Ok(false)
    }

    /// The name of the next member of the object stepped into; `None` behind its end.
    ///
    /// # Errors
    /// [`Error::Malformed`] with the place where the text breaks.
    pub(crate) fn member(&mut self) -> Result<Option<String>, Error> {
        if self.peek()? == Some(b',') {
            self.take(1);
        }
        match self.peek()? {
            Some(b'}') => {
                self.take(1);
                return Ok(None);
            }
            Some(b'"') => {}
            Some(_) => return Err(self.broken("a member's name is expected")),
            None => return Err(self.ended()),
        }
        let mut name = Vec::new();
        self.value(&mut name)?;
        if self.peek()? != Some(b':') {
            return Err(self.broken("a colon is expected"));
        }
        self.take(1);
        Ok(Some(serde_json::from_slice(&name).unwrap_or_default()))
    }

    /// Whether another item follows in the list stepped into; at its end that is taken.
    ///
    /// # Errors
    /// As [`Skim::member`].
    pub(crate) fn item(&mut self) -> Result<bool, Error> {
        if self.peek()? == Some(b',') {
            self.take(1);
        }
        match self.peek()? {
            Some(b']') => {
                self.take(1);
                Ok(false)
            }
            Some(_) => Ok(true),
            None => Err(self.ended()),
        }
    }

    /// Takes the next value and puts its text into `kept`. A value over the limits is passed over, `kept` is left
    /// empty, and the answer says which limit it meets.
    ///
    /// # Errors
    /// [`Error::Malformed`] with the place where the text breaks or ends; [`Error::Io`]; [`Error::Limit`] when the
    /// whole text is too long.
    pub(crate) fn value(&mut self, kept: &mut Vec<u8>) -> Result<Option<Exceeded>, Error> {
        kept.clear();
        self.pass(Some(kept))
    }

    /// Takes the next value, which an earlier walk over the same text found to be so long, without looking at it.
    ///
    /// # Errors
    /// As [`Skim::value`].
    pub(crate) fn measured(&mut self, length: usize, kept: &mut Vec<u8>) -> Result<(), Error> {
        kept.clear();
        self.peek()?;
        while let Some(missing) = length.checked_sub(kept.len()).filter(|missing| *missing > 0) {
            let chunk = self.source.fill_buf()?;
            let part = chunk.get(..missing).unwrap_or(chunk);
            kept.extend_from_slice(part);
            let count = part.len();
            if count == 0 {
                return Err(self.ended());
            }
            self.take(count);
        }
        Ok(())
    }

    /// Passes over the next value and says how long it is; `None` when it is over the limits.
    ///
    /// # Errors
    /// As [`Skim::value`].
    pub(crate) fn measure(&mut self) -> Result<Option<usize>, Error> {
        self.peek()?;
        let start = self.at;
        let exceeded = self.pass(None)?;
        let length = usize::try_from(self.at.saturating_sub(start)).unwrap_or(usize::MAX);
        Ok(Some(length).filter(|length| exceeded.is_none() && *length <= self.limits.part))
    }

    /// Passes over the next value.
    ///
    /// # Errors
    /// As [`Skim::value`].
    pub(crate) fn skip(&mut self) -> Result<(), Error> {
        self.pass(None).map(|_| ())
    }

    fn pass(&mut self, mut kept: Option<&mut Vec<u8>>) -> Result<Option<Exceeded>, Error> {
        let mut scan = match self.peek()? {
            Some(b'{' | b'[' | b'"') => Scan::default(),
            Some(b'}' | b']' | b',' | b':') => return Err(self.broken("a value is expected")),
            Some(_) => Scan { scalar: true, ..Scan::default() },
            None => return Err(self.ended()),
        };
        let mut exceeded = None;
        loop {
            let chunk = self.source.fill_buf()?;
            if chunk.is_empty() {
                return if scan.scalar { Ok(exceeded) } else { Err(self.ended()) };
            }
            let (used, done) = scan.run(chunk);
            if let Some(kept) = &mut kept
                && exceeded.is_none()
            {
                if kept.len().saturating_add(used) > self.limits.part {
                    exceeded = Some(Exceeded { what: What::Part, limit: self.limits.part as u64 });
                } else {
                    kept.extend_from_slice(chunk.get(..used).unwrap_or_default());
                }
            }
            self.take(used);
            if let Err(deep) = self.limits.check_depth(scan.deepest) {
                exceeded = Some(deep);
            }
            if done {
                break;
            }
        }
        if let Some(kept) = kept.filter(|_| exceeded.is_some()) {
            kept.clear();
        }
        Ok(exceeded)
    }

    fn take(&mut self, count: usize) {
        self.source.consume(count);
        self.at = self.at.saturating_add(count as u64);
    }

    fn broken(&self, why: &str) -> Error {
        Error::malformed(format!("the JSON is broken at byte {}: {why}", self.at))
    }

    fn ended(&self) -> Error {
        Error::malformed(format!("the JSON is broken: it ends at byte {}, in the middle", self.at))
    }
}

/// Where in a value the walk is; it may stop at any byte and go on in the next chunk.
#[derive(Default)]
struct Scan {
    scalar: bool,
    string: bool,
    escaped: bool,
    depth: u32,
    deepest: u32,
}

impl Scan {
    /// How many bytes of the chunk belong to the value, and whether it ends there.
    fn run(&mut self, chunk: &[u8]) -> (usize, bool) {
        if self.scalar {
            let ends = |byte: &u8| matches!(byte, b',' | b']' | b'}' | b':' | b'"') || byte.is_ascii_whitespace();
            return chunk.iter().position(ends).map_or((chunk.len(), false), |length| (length, true));
        }
        let mut at: usize = 0;
        while let Some(rest) = chunk.get(at..).filter(|rest| !rest.is_empty()) {
            if self.escaped {
                self.escaped = false;
                at = at.saturating_add(1);
            } else if self.string {
                let Some(offset) = memchr::memchr2(b'"', b'\\', rest) else { break };
                at = at.saturating_add(offset).saturating_add(1);
                self.escaped = rest.get(offset) == Some(&b'\\');
                self.string = self.escaped;
                if !self.string && self.depth == 0 {
                    return (at, true);
                }
            } else {
                let mark = |byte: &u8| matches!(byte, b'"' | b'{' | b'}' | b'[' | b']');
                let Some(offset) = rest.iter().position(mark) else { break };
                at = at.saturating_add(offset).saturating_add(1);
                match rest.get(offset) {
                    Some(b'"') => self.string = true,
                    Some(b'{' | b'[') => {
                        self.depth = self.depth.saturating_add(1);
                        self.deepest = self.deepest.max(self.depth);
                    }
                    Some(_) | None => {
                        self.depth = self.depth.saturating_sub(1);
                        if self.depth == 0 {
                            return (at, true);
                        }
                    }
                }
            }
        }
        (chunk.len(), false)
    }
}

#[cfg(test)]
mod tests {
    use std::io::BufReader;

    use super::*;

    const TEXT: &str = r#" {"a": [1, "x]\"\\", {"b": null}], "c\n": true, "d": {}} "#;

    fn walk(skim: &mut Skim<'_>) -> Result<Vec<String>, Error> {
        let (mut found, mut text) = (Vec::new(), Vec::new());
        assert!(skim.enter(b'{')?);
        while let Some(name) = skim.member()? {
            if name == "a" && skim.enter(b'[')? {
                while skim.item()? {
                    assert!(skim.value(&mut text)?.is_none());
                    found.push(String::from_utf8(text.clone()).unwrap());
                }
            } else {
                skim.skip()?;
                found.push(name);
            }
        }
        assert_eq!(skim.peek()?, None);
        Ok(found)
    }

    #[test]
    fn values_are_taken_whole_however_the_stream_is_cut() {
        for size in [1, 2, 3, 7, 1_000] {
            let source = BufReader::with_capacity(size, TEXT.as_bytes());
            let found = walk(&mut Skim::new(Box::new(source), Limits::FILE)).unwrap();
            assert_eq!(found, ["1", r#""x]\"\\""#, r#"{"b": null}"#, "c\n", "d"], "chunks of {size}");
        }
    }

    #[test]
    fn a_measured_value_is_taken_as_it_is() {
        let text = br#"[ {"a": "]"} ,17, [[[[]]]], "long text" ]"#;
        let limits = Limits { part: 10, depth: 3, ..Limits::FILE };
        for size in [1, 2, 5, 1_000] {
            let walk = || Skim::new(Box::new(BufReader::with_capacity(size, &text[..])), limits);
            let (mut first, mut lengths) = (walk(), Vec::new());
            assert!(first.enter(b'[').unwrap());
            while first.item().unwrap() {
                lengths.push(first.measure().unwrap());
            }
            assert_eq!(lengths, [Some(10), Some(2), None, None]);
            let (mut second, mut kept) = (walk(), Vec::new());
            assert!(second.enter(b'[').unwrap() && second.item().unwrap());
            second.measured(10, &mut kept).unwrap();
            assert_eq!(kept, br#"{"a": "]"}"#);
            assert!(second.item().unwrap());
            second.measured(2, &mut kept).unwrap();
            assert_eq!(kept, b"17");
            assert!(second.measured(1_000, &mut kept).is_err());
        }
    }

    #[test]
    fn every_cut_is_an_error_with_its_place() {
        for length in 1..TEXT.trim_end().len() {
            let cut = TEXT.get(..length).unwrap();
            if cut.trim().is_empty() {
                continue;
            }
            let error = walk(&mut Skim::new(Box::new(cut.as_bytes()), Limits::FILE)).unwrap_err().to_string();
            assert!(error.contains("ends at byte") || error.contains("is broken at byte"), "{length}: {error}");
        }
    }

    #[test]
    fn long_and_deep_values_are_passed_over() {
        let mut text = Vec::new();
        let limits = Limits { part: 4, depth: 3, ..Limits::FILE };
        let mut skim = Skim::new(Box::new(&b"[\"12345\", [[[[]]]], 7]"[..]), limits);
        assert!(skim.enter(b'[').unwrap());
        let mut met = Vec::new();
        while skim.item().unwrap() {
            met.push(skim.value(&mut text).unwrap().map(|exceeded| exceeded.what));
        }
        assert_eq!((met, text), (vec![Some(What::Part), Some(What::Depth), None], b"7".to_vec()));
    }
}
