//! What the sheets of the two toolboxes mean: from cells to a model with answers.

use std::collections::BTreeMap;

use crate::error::{Finding, Severity};
use crate::grid::{Book, Sheet};
use crate::model::{AnswerSet, Function, Given, Level, Model, NotApplicable, Practice, Question};
use crate::sets::{imported_sets, letter_of, lookup_sets, whole};

/// Where scores of a practice are shown on the interview sheet, for comparison.
#[derive(Clone, Debug, Default)]
pub(crate) struct Shown {
    /// Row of the first question of each level, in order.
    pub(crate) levels: Vec<u32>,
}

/// A toolbox as it was read.
pub(crate) struct Toolbox {
    pub(crate) model: Model,
    pub(crate) answers: BTreeMap<String, Given>,
    /// For each practice, in the order of the model.
    pub(crate) shown: Vec<Shown>,
}

/// The answer column and answer text of a question row.
struct Asked<'a> {
    id: String,
    stream: Option<String>,
    row: u32,
    column: char,
    text: &'a str,
    sets: &'a [AnswerSet],
}

/// Whether an interview sheet is of the 2.x kind: its first column names questions as `G-SM-A-1-1`.
pub(crate) fn is_second_generation(interview: &Sheet) -> bool {
    (1..=interview.last_row()).any(|row| interview.text('A', row).and_then(parse_id).is_some())
}

/// Whether an interview sheet is of the 1.5 kind: its second column names levels as `SM1`.
pub(crate) fn is_first_generation(interview: &Sheet) -> bool {
    (1..=interview.last_row()).any(|row| interview.text('B', row).and_then(parse_level).is_some())
}

/// `SM1` as practice code and level.
fn parse_level(text: &str) -> Option<(&str, u32)> {
    let (code, digit) = text.split_at_checked(2)?;
    let level = digit.parse().ok().filter(|level| (1..=3).contains(level))?;
    let upper = code.bytes().all(|byte| byte.is_ascii_uppercase());
    if upper && digit.len() == 1 { Some((code, level)) } else { None }
}

/// `G-SM-A-1-1` as function, practice, stream and level.
fn parse_id(text: &str) -> Option<(&str, &str, &str, u32)> {
    let parts: Vec<&str> = text.split('-').collect();
    let [function, practice, stream, level, order] = parts.as_slice() else { return None };
    let letters = |part: &str, count: usize| part.len() == count && part.bytes().all(|b| b.is_ascii_uppercase());
    let good = letters(function, 1) && letters(practice, 2) && letters(stream, 1) && order.parse::<u32>().is_ok();
    let level: u32 = level.parse().ok().filter(|level| (1..=3).contains(level))?;
    if good { Some((function, practice, stream, level)) } else { None }
}

/// The answer table that the sheet itself looks an answer up in: the `C` of `VLOOKUP(E23,AnswerCTBL,2,FALSE)`.
fn table_letter<'a>(formula: &'a str, prefix: &str) -> Option<&'a str> {
    let at = formula.find(prefix)?;
    let rest = formula.get(at.checked_add(prefix.len())?..)?;
    let letter = rest.strip_suffix("TBL").or_else(|| rest.split_once("TBL").map(|(letter, _)| letter))?;
    if !letter.is_empty() && letter.bytes().all(|byte| byte.is_ascii_uppercase()) { Some(letter) } else { None }
}

/// Finds the answer in its set as the sheet's own lookup does: the whole text, upper and lower case the same.
fn given(sheet: &Sheet, asked: &Asked<'_>, set: Option<&AnswerSet>, findings: &mut Vec<Finding>) -> Option<Given> {
    let mut say = |severity, rule, message: String| {
        findings.push(Finding { severity, rule, place: sheet.place(asked.column, asked.row), message });
    };
    let Some(text) = sheet.raw(asked.column, asked.row).filter(|text| !text.trim().is_empty()) else {
        if let Some(number) = sheet.number(asked.column, asked.row) {
            say(
                Severity::Error,
                "unknown-answer",
                format!("“{number}” is a number and no answer; it counts as nothing"),
            );
        }
        return None;
    };
    let Some(set) = set else {
        say(
            Severity::Error,
            "unknown-answer-set",
            "no answer set belongs to this question; it counts as nothing".into(),
        );
        return None;
    };
    let at = set.choices.iter().position(|choice| choice.text.to_lowercase() == text.to_lowercase());
    match at.and_then(|at| set.choices.get(at).map(|choice| (at, choice))) {
        Some((_, choice)) if choice.not_applicable => {
            let worth = choice.value.rounded(2);
            say(Severity::Note, "not-applicable", format!("answered “{text}”; the toolbox counts that as {worth}"));
            Some(Given::NotApplicable)
        }
        Some((at, _)) => Some(Given::Choice(at)),
        None => {
            let near = asked.sets.iter().flat_map(|set| &set.choices).any(|choice| choice.text.trim() == text.trim());
            let hint = if near { ", though other questions have it" } else { "" };
            let choices: Vec<&str> = set.choices.iter().map(|choice| choice.text.as_str()).collect();
            let choices = choices.join("”, “");
            say(
                Severity::Error,
                "unknown-answer",
                format!(
                    "“{text}” is not an answer to this question{hint}; it counts as nothing. Answers are “{choices}”"
                ),
            );
            None
        }
    }
}

/// Builds a model row by row.
struct Builder<'a> {
    sheet: &'a Sheet,
    sets: &'a [AnswerSet],
    functions: Vec<Function>,
    shown: Vec<Shown>,
    answers: BTreeMap<String, Given>,
}

impl<'a> Builder<'a> {
    fn new(sheet: &'a Sheet, sets: &'a [AnswerSet]) -> Self {
        Self { sheet, sets, functions: Vec::new(), shown: Vec::new(), answers: BTreeMap::new() }
    }

    fn start_function(&mut self, title: &str) {
        self.functions.push(Function { id: title.to_owned(), title: title.to_owned(), practices: Vec::new() });
    }

    fn start_practice(&mut self, title: &str) {
        if self.functions.is_empty() {
            self.start_function("");
        }
        if let Some(function) = self.functions.last_mut() {
            function.practices.push(Practice { id: String::new(), title: title.to_owned(), levels: Vec::new() });
            self.shown.push(Shown::default());
        }
    }

    /// The practice under way, with the row list of its levels.
    fn practice(&mut self) -> Option<(&mut Practice, &mut Shown)> {
        let practice = self.functions.last_mut()?.practices.last_mut()?;
        Some((practice, self.shown.last_mut()?))
    }

    fn level(&mut self, code: &str, number: u32, row: u32) {
        if let Some((practice, shown)) = self.practice() {
            if practice.id.is_empty() {
                practice.id = code.to_owned();
            }
            if !practice.levels.iter().any(|level| level.number == number) {
                practice.levels.push(Level { number, objective: String::new(), questions: Vec::new() });
                shown.levels.push(row);
            }
        }
    }

    fn question(&mut self, number: u32, asked: &Asked<'_>, set: Option<&AnswerSet>, findings: &mut Vec<Finding>) {
        let answer = given(self.sheet, asked, set, findings);
        let answers = set.map_or_else(String::new, |set| set.id.clone());
        let question = Question {
            id: asked.id.clone(),
            stream: asked.stream.clone(),
            text: asked.text.to_owned(),
            guidance: Vec::new(),
            answers,
            activities: Vec::new(),
            observed: None,
        };
        let Some((practice, _)) = self.practice() else { return };
        if let Some(level) = practice.levels.iter_mut().find(|level| level.number == number) {
            level.questions.push(question);
            if let Some(answer) = answer {
                self.answers.insert(asked.id.clone(), answer);
            }
        }
    }

    fn finish(mut self, id: &str, title: String) -> Toolbox {
        for function in &mut self.functions {
            function.practices.retain(|practice| !practice.levels.is_empty());
        }
        self.functions.retain(|function| !function.practices.is_empty());
        self.shown.retain(|shown| !shown.levels.is_empty());
        let model = Model {
            id: id.to_owned(),
            title,
            not_applicable: NotApplicable::AsValued,
            functions: self.functions,
            answer_sets: self.sets.to_vec(),
        };
        Toolbox { model, answers: self.answers, shown: self.shown }
    }
}

/// Reads the interview of the 1.5 toolbox: levels in B, questions in C, answers in E, lookups in G.
pub(crate) fn read_first(
    book: &mut Book<'_>,
    sheet: &Sheet,
    findings: &mut Vec<Finding>,
) -> Result<Toolbox, crate::Error> {
    let lookups = book.sheet("Lookups")?;
    let sets = lookup_sets(lookups.as_ref());
    let mut builder = Builder::new(sheet, &sets);
    let mut level = None;
    let mut count: u32 = 0;
    for row in 1..=sheet.last_row() {
        let header = sheet.text('E', row) == Some("Answer");
        if header {
            builder.start_practice(sheet.text('B', row).unwrap_or_default());
            level = None;
            continue;
        }
        if let Some((code, number)) = sheet.text('B', row).and_then(parse_level) {
            builder.level(code, number, row);
            level = Some((code.to_owned(), number));
        } else if let Some(title) = sheet.text('B', row).filter(|_| is_function_row(sheet, 'E', row)) {
            builder.start_function(title);
            level = None;
        }
        let text = sheet.text('C', row).filter(|text| !text.starts_with("Guidance"));
        let (Some((code, number)), Some(text)) = (&level, text) else { continue };
        count = count.saturating_add(1);
        let set = first_set(sheet, row, &sets);
        let id = format!("{code}{number}-{count}");
        let asked = Asked { id, stream: None, row, column: 'E', text, sets: &sets };
        builder.question(*number, &asked, set, findings);
    }
    Ok(builder.finish("samm-1.5", "SAMM 1.5".to_owned()))
}

/// A function's row stands directly above the header of its first practice.
fn is_function_row(sheet: &Sheet, answer: char, row: u32) -> bool {
    sheet.text('C', row).is_none() && sheet.text(answer, row.saturating_add(1)) == Some("Answer")
}

/// The set of a 1.5 question: the one its own formula uses; without formulas, any that has the answer.
fn first_set<'a>(sheet: &Sheet, row: u32, sets: &'a [AnswerSet]) -> Option<&'a AnswerSet> {
    let letter = sheet.formula('G', row).and_then(|formula| table_letter(formula, "Answer"));
    if let Some(letter) = letter {
        return sets.iter().find(|set| set.id == letter);
    }
    let text = sheet.raw('E', row)?.to_lowercase();
    sets.iter().find(|set| set.choices.iter().any(|choice| choice.text.to_lowercase() == text)).or_else(|| sets.first())
}

/// Reads the interview of the 2.x toolbox: ids in A, questions in D, answers in F, lookups in G.
pub(crate) fn read_second(
    book: &mut Book<'_>,
    sheet: &Sheet,
    findings: &mut Vec<Finding>,
) -> Result<Toolbox, crate::Error> {
    let imported = book.sheet("imp-answers")?;
    let lookups = book.sheet("Lookups")?;
    let catalogue = book.sheet("imp-questions")?;
    let sets = imported_sets(imported.as_ref(), lookups.as_ref());
    let rows = catalogue.as_ref().map(question_rows).unwrap_or_default();
    let mut builder = Builder::new(sheet, &sets);
    for row in 1..=sheet.last_row() {
        if sheet.text('F', row) == Some("Answer") {
            // The first header has the titles of its columns in B and C, and the practice in D.
            let title = sheet.text('D', row).or_else(|| sheet.text('B', row)).unwrap_or_default();
            builder.start_practice(title);
            continue;
        }
        if let Some(title) = sheet.text('B', row).filter(|_| is_function_row(sheet, 'F', row)) {
            builder.start_function(title);
            continue;
        }
        let Some(id) = sheet.text('A', row) else { continue };
        let Some((_, code, stream, number)) = parse_id(id) else { continue };
        let source = catalogue.as_ref().zip(rows.get(id));
        let text = sheet.text('D', row).or_else(|| source.and_then(|(sheet, row)| sheet.text('F', *row)));
        let letter = sheet.formula('G', row).and_then(|formula| table_letter(formula, "Ans").map(str::to_owned));
        let letter = letter.or_else(|| source.and_then(|(sheet, row)| letter_of(whole(sheet.number('H', *row))?)));
        let set = letter.and_then(|letter| sets.iter().find(|set| set.id == letter));
        builder.level(code, number, row);
        let text = text.unwrap_or(id);
        let asked = Asked { id: id.to_owned(), stream: Some(stream.to_owned()), row, column: 'F', text, sets: &sets };
        builder.question(number, &asked, set, findings);
    }
    let version = book.sheet("Attribution and License")?.and_then(|sheet| version_of(&sheet));
    let title = format!("SAMM {}", version.unwrap_or_else(|| "2".to_owned()));
    Ok(builder.finish("samm-2", title))
}

/// The rows of the question catalogue by question id.
fn question_rows(catalogue: &Sheet) -> BTreeMap<String, u32> {
    let row = |row| catalogue.text('A', row).map(|id| (id.to_owned(), row));
    (1..=catalogue.last_row()).filter_map(row).collect()
}

/// The version that the title sheet names.
fn version_of(sheet: &Sheet) -> Option<String> {
    let row = (1..=10).find(|row| sheet.text('A', *row).is_some_and(|text| text.starts_with("Version")))?;
    sheet.text('B', row).map(str::to_owned).or_else(|| sheet.number('B', row).map(|number| format!("{number:.1}")))
}
