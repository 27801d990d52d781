//! Bounds on untrusted input, in one place: every reader takes its limits from here.
#![warn(missing_docs, clippy::indexing_slicing, clippy::string_slice)]

/// What a reader may take in before it stops with [`Exceeded`].
///
/// Sizes are bytes. The defaults suit a server that reads files of strangers; the command line raises
/// `bytes` for files that the user names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Longest input.
    pub bytes: u64,
    /// Deepest nesting of objects, elements or parts.
    pub depth: u32,
    /// Most records of one kind: findings, components, products, parts.
    pub count: usize,
    /// Longest single text that is kept.
    pub text: usize,
    /// Most bytes that compressed input may expand to.
    pub expanded: u64,
    /// Most bytes of one record, such as a finding or a host, of input that is read record by record.
    pub part: usize,
}

impl Limits {
    /// Limits for files that a user names on the command line or uploads on purpose.
    pub const FILE: Self =
        Self { bytes: 1 << 30, depth: 100, count: 5_000_000, text: 1 << 20, expanded: 2 << 30, part: 64 << 20 };
    /// Limits for one document of a stranger, such as an advisory or a record.
    pub const DOCUMENT: Self =
        Self { bytes: 64 << 20, depth: 100, count: 1_000_000, text: 1 << 20, expanded: 256 << 20, part: 16 << 20 };
    /// Limits for one mail of a stranger.
    pub const MAIL: Self =
        Self { bytes: 64 << 20, depth: 30, count: 1_000, text: 4 << 20, expanded: 128 << 20, part: 64 << 20 };

    /// Checks a length in bytes.
    ///
    /// # Errors
    /// [`Exceeded`] when `length` is over `bytes`.
    pub const fn check_bytes(&self, length: u64) -> Result<(), Exceeded> {
        if length > self.bytes { Err(Exceeded { what: What::Bytes, limit: self.bytes }) } else { Ok(()) }
    }

    /// Checks a nesting depth.
    ///
    /// # Errors
    /// [`Exceeded`] when `depth` is over the limit.
    pub const fn check_depth(&self, depth: u32) -> Result<(), Exceeded> {
        if depth > self.depth { Err(Exceeded { what: What::Depth, limit: self.depth as u64 }) } else { Ok(()) }
    }

    /// Checks a number of records.
    ///
    /// # Errors
    /// [`Exceeded`] when `count` is over the limit.
    pub const fn check_count(&self, count: usize) -> Result<(), Exceeded> {
        if count > self.count { Err(Exceeded { what: What::Count, limit: self.count as u64 }) } else { Ok(()) }
    }

    /// Checks how far compressed input has expanded.
    ///
    /// # Errors
    /// [`Exceeded`] when `length` is over the limit.
    pub const fn check_expanded(&self, length: u64) -> Result<(), Exceeded> {
        if length > self.expanded { Err(Exceeded { what: What::Expanded, limit: self.expanded }) } else { Ok(()) }
    }

    /// How far compressed input of this length may expand: [`Limits::expanded`], or less where that would be the
    /// doing of a bomb.
    #[must_use]
    pub const fn room(&self, packed: u64) -> u64 {
        let likely = packed.saturating_mul(RATIO);
        let likely = if likely < HARMLESS { HARMLESS } else { likely };
        if likely < self.expanded { likely } else { self.expanded }
    }
}

/// Compressed input that stays below this may expand as far as it likes.
const HARMLESS: u64 = 64 << 20;
/// How many times its length compressed input may expand to beyond that; reports reach about 50.
const RATIO: u64 = 200;

/// Which bound was met.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    /// Length of the input.
    Bytes,
    /// Nesting.
    Depth,
    /// Number of records.
    Count,
    /// Length after decompression.
    Expanded,
    /// Length of one record.
    Part,
}

/// An input was refused because it meets a bound.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.words())]
pub struct Exceeded {
    /// The bound that was met.
    pub what: What,
    /// Its value.
    pub limit: u64,
}

impl Exceeded {
    fn words(&self) -> String {
        match self.what {
            What::Bytes => format!("the input is longer than {} bytes", self.limit),
            What::Depth => format!("the input is nested more than {} levels deep", self.limit),
            What::Count => format!("the input has more than {} records", self.limit),
            What::Expanded => format!("the compressed input expands to more than {} bytes", self.limit),
            What::Part => format!("one record of the input is longer than {} bytes", self.limit),
        }
    }
}
