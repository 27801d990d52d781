//! Decisions about evidence. Pure.

use std::time::Duration;

use kernel::{Actor, Refusal, Timestamp};
use pack::{EvidenceKind, Pack, Post};

use super::model::{Evidence, PostDraft};
use crate::plan;

/// How far a pipeline's clock may be off.
pub(super) const CLOCK_MINUTES: u64 = 10;

/// Whether people bring evidence of this: of everything but what the program observes itself.
pub(super) fn takes_paper(wanted: &pack::Evidence) -> bool {
    wanted.kind != EvidenceKind::Fact || plan::is_shown_by_document(wanted.fact)
}

/// Why evidence cannot be reviewed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum ReviewRefused {
    #[error("You added this evidence, so somebody else has to review it. Ask a colleague who may approve.")]
    OwnEvidence,
    #[error("This evidence was taken away, so there is nothing to review.")]
    Ended,
    #[error("What a pipeline or another part of the program recorded is judged by its figures and needs no review.")]
    NotNeeded,
    #[error("Evidence is reviewed by a person. Sign in to the desk.")]
    NoPerson,
}

impl Refusal for ReviewRefused {
    fn code(&self) -> &'static str {
        match self {
            Self::OwnEvidence => "own-evidence",
            Self::Ended => "evidence-ended",
            Self::NotNeeded => "no-review-needed",
            Self::NoPerson => "no-person",
        }
    }
}

/// Whether `reviewer` may review `evidence`: never its author.
pub(super) fn may_review(evidence: &Evidence, reviewer: &Actor) -> Result<(), ReviewRefused> {
    let Some(person) = reviewer.person() else { return Err(ReviewRefused::NoPerson) };
    if evidence.ended_at.is_some() {
        return Err(ReviewRefused::Ended);
    }
    if !evidence.source.needs_review() {
        return Err(ReviewRefused::NotNeeded);
    }
    if evidence.author_id == person.to_string() {
        return Err(ReviewRefused::OwnEvidence);
    }
    Ok(())
}

/// Why a pipeline's post is not taken.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum PostRefused {
    #[error("{kind} is no kind of post in the pack of this release. It knows: {known}.")]
    UnknownKind { kind: String, known: String },
    #[error("{post} counts {known}; {measure} is none of them.")]
    UnknownMeasure { post: String, measure: String, known: String },
    #[error(
        "The clock that sent this is {minutes} minutes off ours ({now}); at most {CLOCK_MINUTES} are allowed. Set the clock of the build machine and post again."
    )]
    ClockOff { minutes: u64, now: String },
    #[error(
        "produced_at lies {minutes} minutes ahead of our clock ({now}); at most {CLOCK_MINUTES} are allowed. Set the clock of the build machine and post again."
    )]
    FromTheFuture { minutes: u64, now: String },
}

impl Refusal for PostRefused {
    fn code(&self) -> &'static str {
        match self {
            Self::UnknownKind { .. } => "unknown-kind",
            Self::UnknownMeasure { .. } => "unknown-measure",
            Self::ClockOff { .. } | Self::FromTheFuture { .. } => "clock-off",
        }
    }
}

fn apart(one: Timestamp, other: Timestamp) -> Duration {
    one.since(other).max(other.since(one))
}

/// Whether a post is taken: known kind, known measures, a clock that can be believed.
pub(super) fn may_post<'a>(pack: &'a Pack, draft: &PostDraft, now: Timestamp) -> Result<&'a Post, PostRefused> {
    let Some(post) = pack.posts.iter().find(|post| post.id == draft.kind) else {
        let known = pack.posts.iter().map(|post| post.id.as_str()).collect::<Vec<_>>().join(", ");
        return Err(PostRefused::UnknownKind { kind: draft.kind.clone(), known });
    };
    if let Some(measure) = draft.measures.keys().find(|measure| !post.measures.contains(measure)) {
        let known = if post.measures.is_empty() { "nothing".to_owned() } else { post.measures.join(", ") };
        return Err(PostRefused::UnknownMeasure { post: post.id.clone(), measure: measure.clone(), known });
    }
    let most = Duration::from_secs(CLOCK_MINUTES * 60);
    if let Some(sent) = draft.sent_at {
        let off = apart(sent, now);
        if off > most {
            return Err(PostRefused::ClockOff { minutes: off.as_secs() / 60, now: now.rfc3339() });
        }
    }
    if let Some(produced) = draft.produced_at {
        let ahead = produced.since(now);
        if ahead > most {
            return Err(PostRefused::FromTheFuture { minutes: ahead.as_secs() / 60, now: now.rfc3339() });
        }
    }
    Ok(post)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pack() -> Pack {
        let post = |id: &str, measure: &str| Post {
            id: id.to_owned(),
            title: String::new(),
            measures: vec![measure.to_owned()],
        };
        Pack { posts: vec![post("sast", "high"), post("secrets", "found")], ..Pack::default() }
    }

    #[track_caller]
    fn check(change: impl FnOnce(&mut PostDraft), expected: Result<(), &str>) {
        let now: Timestamp = "2026-03-02T09:00:00Z".parse().unwrap();
        let mut draft = PostDraft { kind: "sast".to_owned(), ..PostDraft::default() };
        change(&mut draft);
        assert_eq!(may_post(&pack(), &draft, now).map(|_| ()).map_err(|refused| refused.code()), expected);
    }

    #[test]
    fn posts_have_known_kinds_measures_and_clocks() {
        check(|_| {}, Ok(()));
        check(|draft| draft.kind = "magic".to_owned(), Err("unknown-kind"));
        check(
            |draft| {
                draft.measures.insert("found".to_owned(), 0);
            },
            Err("unknown-measure"),
        );
        check(|draft| draft.sent_at = "2026-03-02T09:10:00Z".parse().ok(), Ok(()));
        check(|draft| draft.sent_at = "2026-03-02T09:11:00Z".parse().ok(), Err("clock-off"));
        check(|draft| draft.sent_at = "2026-03-02T08:49:00Z".parse().ok(), Err("clock-off"));
        check(|draft| draft.produced_at = "2026-03-02T08:00:00Z".parse().ok(), Ok(()));
        check(|draft| draft.produced_at = "2026-03-02T09:20:00Z".parse().ok(), Err("clock-off"));
    }
}
