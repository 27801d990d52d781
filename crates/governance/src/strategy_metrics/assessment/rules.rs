//! Decisions about answers and assessments. Pure.

use std::collections::BTreeMap;

use kernel::{Actor, Refusal};
use maturity::{AnswerSet, Given, Model};

use super::model::{Answer, Content, Progress, State};

/// Why something is not done.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum Refused {
    #[error("This assessment is finished, so nothing in it changes any more. Start the next one from it.")]
    Finished,
    #[error("This assessment was given up. Start a new one.")]
    Dropped,
    #[error("You gave this answer yourself: “{question}”. Somebody else has to validate it.")]
    OwnAnswer { question: String },
    #[error("There is no answer yet to “{question}”, so there is nothing to validate.")]
    NotAnswered { question: String },
    #[error(
        "The answer to “{question}” was changed since you opened the page. Look at what it says now, then validate it."
    )]
    ChangedSince { question: String },
    #[error("Answers are validated by a person. Sign in to the desk.")]
    NoPerson,
    #[error(
        "{count} questions have no answer yet. Answer them, or tick that they count as nothing when you finish the assessment."
    )]
    Unanswered { count: u64 },
    #[error("{count} answers are not validated yet. Somebody other than who gave them has to do that first.")]
    Unvalidated { count: u64 },
}

impl Refusal for Refused {
    fn code(&self) -> &'static str {
        match self {
            Self::Finished => "assessment-finished",
            Self::Dropped => "assessment-dropped",
            Self::OwnAnswer { .. } => "own-answer",
            Self::NotAnswered { .. } => "not-answered",
            Self::ChangedSince { .. } => "answer-changed",
            Self::NoPerson => "no-person",
            Self::Unanswered { .. } => "unanswered",
            Self::Unvalidated { .. } => "unvalidated",
        }
    }
}

/// Whether anything of an assessment may change.
pub(super) const fn may_change(state: State) -> Result<(), Refused> {
    match state {
        State::Open => Ok(()),
        State::Finished => Err(Refused::Finished),
        State::Dropped => Err(Refused::Dropped),
    }
}

/// Whether `actor` may validate an answer as they saw it: never their own.
pub(super) fn may_validate(answer: Option<&Answer>, seen: i64, text: &str, actor: &Actor) -> Result<(), Refused> {
    let question = text.to_owned();
    let Some(person) = actor.person() else { return Err(Refused::NoPerson) };
    let Some(answer) = answer.filter(|answer| answer.content.given.is_some()) else {
        return Err(Refused::NotAnswered { question });
    };
    if answer.number != seen {
        return Err(Refused::ChangedSince { question });
    }
    if answer.answered_by == person.to_string() {
        return Err(Refused::OwnAnswer { question });
    }
    Ok(())
}

/// Whether an assessment can be finished.
pub(super) const fn may_finish(progress: Progress, unanswered_count_as_nothing: bool) -> Result<(), Refused> {
    let unanswered = progress.questions.saturating_sub(progress.answered);
    if unanswered > 0 && !unanswered_count_as_nothing {
        return Err(Refused::Unanswered { count: unanswered });
    }
    let unvalidated = progress.answered.saturating_sub(progress.validated);
    if unvalidated > 0 {
        return Err(Refused::Unvalidated { count: unvalidated });
    }
    Ok(())
}

/// What becomes of one question of a form that was sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Change {
    /// What was sent is what stood there when the form was made, or what stands there now.
    Nothing,
    /// It is written.
    Write,
    /// Somebody else changed the answer since the form was made.
    Conflict,
}

/// Compares what was sent with what the form was made from and with what holds now.
pub(super) fn change(typed: &Content, new_file: bool, seen: Option<&Answer>, now: Option<&Answer>) -> Change {
    let empty = Content::default();
    let content = |answer: Option<&Answer>| answer.map_or_else(|| empty.clone(), |answer| answer.content.clone());
    let number = |answer: Option<&Answer>| answer.map_or(0, |answer| answer.number);
    if !new_file && (*typed == content(seen) || *typed == content(now)) {
        return Change::Nothing;
    }
    if number(seen) == number(now) { Change::Write } else { Change::Conflict }
}

/// Answers of an earlier assessment as the next one, perhaps of a newer model, begins with them: those whose question is
/// still asked and whose answer can still be given in the same words.
pub(super) fn carry(old: &Model, new: &Model, answers: &BTreeMap<String, Answer>) -> Vec<Answer> {
    let mut carried = Vec::new();
    let old_sets: BTreeMap<&str, &str> =
        old.questions().map(|(_, _, _, question)| (question.id.as_str(), question.answers.as_str())).collect();
    for (_, _, _, question) in new.questions() {
        let Some(answer) = answers.get(&question.id).filter(|answer| answer.content.given.is_some()) else { continue };
        let old_set = old_sets.get(question.id.as_str()).and_then(|id| old.answer_set(id));
        let given = match answer.content.given {
            Some(Given::Choice(at)) => same_words(old_set, new.answer_set(&question.answers), at).map(Given::Choice),
            other @ (Some(Given::NotApplicable) | None) => other,
        };
        if given.is_none() {
            continue;
        }
        let mut next = answer.clone();
        next.content.given = given;
        next.number = 1;
        next.carried = true;
        next.validated_at = None;
        next.validated_name = String::new();
        carried.push(next);
    }
    carried
}

fn same_words(old: Option<&AnswerSet>, new: Option<&AnswerSet>, at: usize) -> Option<usize> {
    let words = &old?.choices.get(at)?.text;
    new?.choices.iter().position(|choice| choice.text == *words)
}

#[cfg(test)]
mod tests {
    use kernel::{Id, Timestamp};

    use super::*;

    fn answer(number: i64, choice: usize, by: &str) -> Answer {
        Answer {
            question: "q".to_owned(),
            number,
            content: Content { given: Some(Given::Choice(choice)), ..Content::default() },
            file: None,
            file_name: String::new(),
            carried: false,
            answered_by: by.to_owned(),
            answered_name: by.to_owned(),
            answered_at: Timestamp::from_micros(1),
            validated_name: String::new(),
            validated_at: None,
            made_at: Timestamp::from_micros(1),
            ended_at: None,
        }
    }

    #[test]
    fn what_nobody_touched_is_no_conflict_and_what_both_touched_is() {
        let (first, second) = (answer(1, 1, "a"), answer(2, 2, "b"));
        let check = |typed: &Answer, seen, now, expected| {
            assert_eq!(change(&typed.content, false, seen, now), expected);
        };
        check(&answer(0, 3, ""), None, None, Change::Write);
        check(&first, Some(&first), Some(&second), Change::Nothing);
        check(&second, Some(&first), Some(&second), Change::Nothing);
        check(&answer(0, 3, ""), Some(&first), Some(&second), Change::Conflict);
        check(&answer(0, 3, ""), None, Some(&first), Change::Conflict);
        check(&answer(0, 3, ""), Some(&second), Some(&second), Change::Write);
        assert_eq!(change(&first.content, true, Some(&first), Some(&first)), Change::Write);
    }

    #[test]
    fn a_second_person_validates_what_they_saw() {
        let (one, other) = (id(1), id(2));
        let person = |id| Actor::Person { id, name: String::new(), grants: Vec::new() };
        let given = answer(3, 1, &one.to_string());
        let check = |answer: Option<&Answer>, seen, actor: &Actor| {
            may_validate(answer, seen, "Q?", actor).map_err(|refused| refused.code())
        };
        assert_eq!(check(Some(&given), 3, &person(one)), Err("own-answer"));
        assert_eq!(check(Some(&given), 3, &person(other)), Ok(()));
        assert_eq!(check(Some(&given), 2, &person(other)), Err("answer-changed"));
        assert_eq!(check(None, 0, &person(other)), Err("not-answered"));
        assert_eq!(check(Some(&given), 3, &Actor::Nobody), Err("no-person"));
    }

    fn id(last: u8) -> Id<kernel::kinds::Person> {
        format!("01910000-0000-7000-8000-00000000000{last}").parse().unwrap()
    }

    #[test]
    fn finishing_needs_answers_and_second_looks() {
        let progress = |answered, validated| Progress { questions: 10, answered, validated, ..Progress::default() };
        assert!(may_finish(progress(10, 10), false).is_ok());
        assert_eq!(may_finish(progress(9, 9), false), Err(Refused::Unanswered { count: 1 }));
        assert!(may_finish(progress(9, 9), true).is_ok());
        assert_eq!(may_finish(progress(10, 7), true), Err(Refused::Unvalidated { count: 3 }));
    }
}
