//! Reading a filled SAMM toolbox workbook (.xlsx): own computation, set against the scores that its cells show.

use std::collections::BTreeMap;

use limits::Limits;

use crate::error::{Error, Finding, Severity};
use crate::grid::{Book, Sheet};
use crate::layout::{Toolbox, is_first_generation, is_second_generation, read_first, read_second};
use crate::model::{Given, Model};
use crate::ratio::Ratio;
use crate::score::{Scores, score};

/// Scores differ when they are further apart than this; cells hold floating point.
const TOLERANCE: f64 = 1e-6;
/// Fewest questions that make a filled interview: one for each level of a practice.
const QUESTIONS: usize = 3;

/// A filled toolbox workbook.
#[derive(Clone, Debug)]
pub struct Workbook {
    /// The model as the workbook has it: its practices, questions and answer sets.
    pub model: Model,
    /// What was answered, by question id.
    pub answers: BTreeMap<String, Given>,
    /// The scores, computed here from the answers.
    pub scores: Scores,
    /// Who was assessed, as the sheet says: organisation, project, date and so on, label and text.
    pub about: Vec<(String, String)>,
    /// What differs from the workbook's own cells, and what could not be understood.
    pub findings: Vec<Finding>,
}

/// Reads a filled SAMM 1.5 or SAMM 2.x toolbox workbook.
///
/// Only what people typed (answers), the lookup tables and the formulas' structure are trusted; scores are computed here
/// and then compared with those that the workbook shows.
///
/// # Errors
/// An [`Error`] in words: no workbook, larger than `limits`, or a workbook of another kind.
pub fn read_workbook(bytes: &[u8], limits: &Limits) -> Result<Workbook, Error> {
    let mut book = Book::open(bytes, limits)?;
    let Some(interview) = book.sheet("Interview")? else {
        return Err(Error::new("this workbook is no SAMM toolbox: it has no sheet “Interview”"));
    };
    let mut findings = Vec::new();
    let toolbox = if is_second_generation(&interview) {
        read_second(&mut book, &interview, &mut findings)?
    } else if is_first_generation(&interview) {
        read_first(&mut book, &interview, &mut findings)?
    } else {
        let words = "the sheet “Interview” is not that of a SAMM 1.5 or 2.x toolbox: neither levels such as SM1 in column B \
                     nor questions such as G-SM-A-1-1 in column A are there";
        return Err(Error::new(words));
    };
    if toolbox.model.questions().count() < QUESTIONS {
        return Err(Error::new("the sheet “Interview” has no questions"));
    }
    let scores = score(&toolbox.model, &toolbox.answers);
    let scorecard = book.sheet("Scorecard")?;
    compare(&interview, scorecard.as_ref(), &toolbox, &scores, &mut findings);
    if scores.unanswered > 0 {
        let message = format!("{} questions have no answer that counts; each counts as nothing", scores.unanswered);
        let place = interview.name.clone();
        findings.push(Finding { severity: Severity::Warning, rule: "unanswered", place, message });
    }
    let about = about(&interview);
    Ok(Workbook { model: toolbox.model, answers: toolbox.answers, scores, about, findings })
}

/// The lines between the instructions and the first question: label in B, text in D.
fn about(interview: &Sheet) -> Vec<(String, String)> {
    (1..=20)
        .filter_map(|row| {
            let label = interview.text('B', row)?.strip_suffix(':')?;
            Some((label.trim().to_owned(), interview.text('D', row)?.to_owned()))
        })
        .collect()
}

/// Compares own scores with those shown on the interview sheet and on the scorecard.
fn compare(interview: &Sheet, card: Option<&Sheet>, toolbox: &Toolbox, scores: &Scores, findings: &mut Vec<Finding>) {
    let mut seen = Seen { findings, cells: 0 };
    let practices: Vec<_> = scores.functions.iter().flat_map(|function| &function.practices).collect();
    for (practice, shown) in practices.iter().zip(&toolbox.shown) {
        for (level, row) in practice.levels.iter().zip(&shown.levels) {
            let what = format!("{} level {}", practice.title, level.number);
            seen.check(interview, 'H', *row, &what, level.score);
        }
        if let Some(row) = shown.levels.first() {
            seen.check(interview, 'J', *row, &practice.title, practice.score);
        }
    }
    if let Some(card) = card
        && let Some(top) = (1..=card.last_row()).find(|row| card.text('B', *row) == Some("Security Practices"))
    {
        for (practice, row) in practices.iter().zip(top.saturating_add(1)..) {
            seen.check(card, 'C', row, &practice.title, practice.score);
            for (level, column) in practice.levels.iter().zip(['D', 'E', 'F']) {
                let what = format!("{} level {}", practice.title, level.number);
                seen.check(card, column, row, &what, level.score);
            }
        }
        for (function, row) in scores.functions.iter().zip(top.saturating_add(1)..) {
            seen.check(card, 'J', row, &function.title, function.score);
        }
    }
    if seen.cells == 0 {
        let message = "the workbook shows no computed scores, so there is nothing to compare with".to_owned();
        let place = interview.name.clone();
        findings.push(Finding { severity: Severity::Note, rule: "no-scores-shown", place, message });
    }
}

struct Seen<'a> {
    findings: &'a mut Vec<Finding>,
    cells: usize,
}

impl Seen<'_> {
    fn check(&mut self, sheet: &Sheet, column: char, row: u32, what: &str, own: Option<Ratio>) {
        let (Some(shown), Some(own)) = (sheet.number(column, row), own) else { return };
        self.cells = self.cells.saturating_add(1);
        if (shown - own.value()).abs() > TOLERANCE {
            let message = format!("{what}: the sheet shows {shown}, and its answers make {}", own.rounded(4));
            let place = sheet.place(column, row);
            self.findings.push(Finding { severity: Severity::Error, rule: "score-differs", place, message });
        }
    }
}
