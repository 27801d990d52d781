//! Evidence and live facts.

use std::collections::BTreeMap;

use kernel::{Id, Timestamp, kinds};
use pack::{EvidenceKind, Fact};
use register::products::ReleaseId;

use crate::plan::TaskId;

/// A piece of evidence.
pub type EvidenceId = Id<kinds::Evidence>;

/// How evidence came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// Uploaded by a person.
    File,
    /// A link that a person gave.
    Link,
    /// Posted by a pipeline.
    Post,
    /// Recorded by another practice of this program.
    Record,
}

impl Source {
    /// The stored text.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::File => "file",
            Self::Link => "link",
            Self::Post => "post",
            Self::Record => "record",
        }
    }

    /// Reads the stored text.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        [Self::File, Self::Link, Self::Post, Self::Record].into_iter().find(|source| source.as_str() == text)
    }

    /// Whether somebody other than its author has to look at it before it counts.
    #[must_use]
    pub const fn needs_review(self) -> bool {
        match self {
            Self::File | Self::Link => true,
            Self::Post | Self::Record => false,
        }
    }
}

/// A look at evidence by somebody other than its author.
#[derive(Clone, Debug)]
pub struct Review {
    /// Whether it proves what it should.
    pub accepted: bool,
    /// What the reviewer says.
    pub note: String,
    /// Who.
    pub reviewer: String,
    /// When.
    pub made_at: Timestamp,
}

/// What proves a task.
#[derive(Clone, Debug)]
pub struct Evidence {
    /// Which.
    pub id: EvidenceId,
    /// For which release.
    pub release: ReleaseId,
    /// For which task; none: for all tasks of the release that ask for this kind.
    pub task: Option<TaskId>,
    /// The activity, when it is one that is done once for the vendor.
    pub shared_activity: Option<String>,
    /// What kind it is.
    pub kind: EvidenceKind,
    /// The how-manieth of this kind that the activity asks for, from nought.
    pub ordinal: i64,
    /// The kind of post or scan.
    pub post: Option<String>,
    /// How it came.
    pub source: Source,
    /// What it is, in words.
    pub title: String,
    /// Where it is, for links and posts.
    pub url: String,
    /// The file.
    pub file: Option<Id<kinds::File>>,
    /// SHA-256 of the file or of what was posted.
    pub sha256: String,
    /// What it counted.
    pub measures: BTreeMap<String, u32>,
    /// The share in percent.
    pub percent: Option<u32>,
    /// What made it: a person, a tool, a pipeline run.
    pub producer: String,
    /// Who brought it, as the audit log names them.
    pub author_id: String,
    /// Their name.
    pub author_name: String,
    /// When it was made.
    pub produced_at: Timestamp,
    /// An end that its author set.
    pub valid_until: Option<Timestamp>,
    /// When it came.
    pub made_at: Timestamp,
    /// When it was taken away.
    pub ended_at: Option<Timestamp>,
    /// Why.
    pub ended_reason: String,
    /// The looks at it, oldest first.
    pub reviews: Vec<Review>,
}

impl Evidence {
    /// Whether it was there at a moment.
    #[must_use]
    pub fn is_at(&self, at: Timestamp) -> bool {
        self.made_at <= at && self.ended_at.is_none_or(|ended| ended > at)
    }

    /// The last look at it until a moment.
    #[must_use]
    pub fn review_at(&self, at: Timestamp) -> Option<&Review> {
        self.reviews.iter().rev().find(|review| review.made_at <= at)
    }
}

/// Something the program itself observes about a release.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LiveFact {
    /// What.
    pub fact: Fact,
    /// Whether it is so.
    pub holds: bool,
    /// Since when.
    pub at: Timestamp,
    /// Until when what was observed speaks; none: until it changes.
    pub until: Option<Timestamp>,
    /// What is lacking, when it is not so.
    pub words: String,
}

impl LiveFact {
    /// Takes in what else is observed of the same fact at `now`: it holds when all that speaks now says so, and as long as
    /// the last of it does. What has ended says only that it was once so.
    pub(crate) fn join(&mut self, other: Self, now: Timestamp) {
        let is_over = |fact: &Self| fact.until.is_some_and(|until| until <= now);
        if is_over(&other) && (!other.holds || !is_over(self)) {
            return;
        }
        if is_over(self) && !is_over(&other) {
            *self = other;
            return;
        }
        self.at = self.at.max(other.at);
        if self.holds && other.holds {
            self.until = self.until.zip(other.until).map(|(one, two)| one.max(two));
        } else if self.holds {
            self.holds = false;
            self.until = other.until;
            self.words = other.words;
        }
    }

    pub(crate) fn holding(fact: Fact, at: Timestamp) -> Self {
        Self { fact, holds: true, at, until: None, words: String::new() }
    }

    pub(crate) fn lacking(fact: Fact, words: String) -> Self {
        Self { fact, holds: false, at: Timestamp::from_micros(0), until: None, words }
    }
}

/// What a person says of evidence for one task.
#[derive(Clone, Debug, Default)]
pub struct Draft {
    /// Position of the kind among those that the activity asks for.
    pub slot: usize,
    /// What it is.
    pub title: String,
    /// Where it is, unless it is a file.
    pub url: String,
    /// When it was made; empty: now.
    pub produced_on: String,
    /// The last day on which it proves something; may be empty.
    pub valid_until: String,
    /// What it counted.
    pub measures: BTreeMap<String, String>,
    /// The share in percent; may be empty.
    pub percent: String,
}

/// What a pipeline posts.
#[derive(Clone, Debug, Default)]
pub struct PostDraft {
    /// The kind, as the pack names it.
    pub kind: String,
    /// What it is; may be empty.
    pub title: String,
    /// Tool, run or job that made it.
    pub producer: String,
    /// Where it is.
    pub url: String,
    /// When it was made.
    pub produced_at: Option<Timestamp>,
    /// The sender's clock when it was sent.
    pub sent_at: Option<Timestamp>,
    /// SHA-256 of the artefact it is about; may be empty.
    pub sha256: String,
    /// What it counted.
    pub measures: BTreeMap<String, u32>,
    /// A file: its name and content.
    pub file: Option<(String, Vec<u8>)>,
    /// SHA-256 of the whole post.
    pub digest: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A fact by its day of begin, its day of end, and whether it holds.
    fn fact(holds: bool, from: i64, until: Option<i64>) -> LiveFact {
        let at = |day: i64| Timestamp::from_micros(day * 86_400_000_000);
        LiveFact { fact: Fact::IntakeOpen, holds, at: at(from), until: until.map(at), words: format!("from {from}") }
    }

    #[track_caller]
    fn check(one: LiveFact, other: LiveFact, holds: bool, until: Option<i64>) {
        let now = Timestamp::from_micros(100 * 86_400_000_000);
        for (first, second) in [(one.clone(), other.clone()), (other, one)] {
            let mut joined = first;
            joined.join(second, now);
            assert_eq!((joined.holds, joined.until), (holds, fact(true, 0, until).until));
        }
    }

    #[test]
    fn all_that_speaks_now_must_say_so() {
        check(fact(true, 1, None), fact(true, 2, None), true, None);
        check(fact(true, 1, None), fact(false, 2, None), false, None);
        check(fact(true, 1, Some(120)), fact(true, 2, None), true, None);
        check(fact(true, 1, Some(120)), fact(true, 2, Some(110)), true, Some(120));
        check(fact(true, 1, Some(50)), fact(true, 2, Some(110)), true, Some(110));
        check(fact(true, 1, Some(50)), fact(true, 2, Some(40)), true, Some(50));
        check(fact(true, 1, Some(50)), fact(false, 2, None), false, None);
        check(fact(true, 1, None), fact(false, 2, Some(50)), true, None);
    }
}
