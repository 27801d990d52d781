//! The answer tables of the two toolboxes: which answers there are, and what they are worth.

use crate::grid::Sheet;
use crate::model::{AnswerSet, Choice};
use crate::ratio::Ratio;

/// Answer sets that the seven lookup tables of the 1.5 toolbox hold, for workbooks whose lookup sheet is gone.
const SETS_15: [(&str, [(&str, i64); 4]); 7] = [
    (
        "A",
        [
            ("No", 0),
            ("Yes, it's less than a year old", 20),
            ("Yes, it's a number of years old", 50),
            ("Yes, it's a pretty mature program", 100),
        ],
    ),
    (
        "B",
        [
            ("No", 0),
            ("Yes, some of them are aware", 20),
            ("Yes, approx. half of them are aware", 50),
            ("Yes, most of them are aware", 100),
        ],
    ),
    (
        "C",
        [
            ("No", 0),
            ("Yes, a small percentage are/do", 20),
            ("Yes, at least half of them are/do", 50),
            ("Yes, the majority of them are/do", 100),
        ],
    ),
    (
        "D",
        [
            ("No", 0),
            ("Yes, we did it once", 20),
            ("Yes, we do it every few years", 50),
            ("Yes, we do it at least annually", 100),
        ],
    ),
    ("E", [("No", 0), ("No, it is not applicable", 100), ("Yes, but on an adhoc basis", 50), ("Yes", 100)]),
    (
        "F",
        [
            ("No", 0),
            ("Yes, teams write/run their own", 20),
            ("Yes, there is a standard set", 50),
            ("Yes, the standard set is integrated", 100),
        ],
    ),
    (
        "G",
        [
            ("No", 0),
            ("Yes, localized to business areas", 20),
            ("Yes, across the organization", 50),
            ("Yes, across the organization and required", 100),
        ],
    ),
];

fn choice(text: &str, value: Ratio) -> Choice {
    Choice { text: text.to_owned(), value, not_applicable: text.to_ascii_lowercase().contains("not applicable") }
}

/// The 1.5 answer tables: letters in column H, texts in J, values in K of the lookup sheet.
pub(crate) fn lookup_sets(lookups: Option<&Sheet>) -> Vec<AnswerSet> {
    let mut sets: Vec<AnswerSet> = Vec::new();
    if let Some(sheet) = lookups {
        for row in 1..=sheet.last_row() {
            if let Some(letter) = sheet.text('H', row).filter(|text| text.len() == 1) {
                sets.push(AnswerSet { id: letter.to_owned(), choices: Vec::new() });
            }
            let value = sheet.number('K', row).and_then(Ratio::from_decimal);
            if let (Some(set), Some(text), Some(value)) = (sets.last_mut(), sheet.raw('J', row), value) {
                set.choices.push(choice(text, value));
            }
        }
        sets.retain(|set| !set.choices.is_empty());
    }
    if sets.is_empty() {
        let known = |(id, choices): &(&str, [(&str, i64); 4])| AnswerSet {
            id: (*id).to_owned(),
            choices: choices
                .iter()
                .map(|(text, hundredths)| choice(text, Ratio::new(*hundredths, 100).unwrap_or(Ratio::ZERO)))
                .collect(),
        };
        sets = SETS_15.iter().map(known).collect();
    }
    sets
}

/// The letter of a 2.x answer table by its number: 0 is `A`.
pub(crate) fn letter_of(index: u32) -> Option<String> {
    char::from_u32(u32::from('A').checked_add(index)?).filter(char::is_ascii_uppercase).map(String::from)
}

/// The 2.x answer tables: number in A, texts in B to E, values in F to I of the import sheet.
pub(crate) fn imported_sets(answers: Option<&Sheet>, lookups: Option<&Sheet>) -> Vec<AnswerSet> {
    let mut sets = Vec::new();
    if let Some(sheet) = answers {
        for row in 1..=sheet.last_row() {
            let Some(letter) = whole(sheet.number('A', row)).and_then(letter_of) else { continue };
            let columns = ['B', 'C', 'D', 'E'].into_iter().zip(['F', 'G', 'H', 'I']);
            let choices = columns.filter_map(|(text, value)| {
                Some(choice(sheet.raw(text, row)?, Ratio::from_decimal(sheet.number(value, row)?)?))
            });
            let choices: Vec<Choice> = choices.collect();
            if !choices.is_empty() {
                sets.push(AnswerSet { id: letter, choices });
            }
        }
    }
    if sets.is_empty()
        && let Some(sheet) = lookups
    {
        for row in 1..=sheet.last_row() {
            if let Some(letter) = sheet.text('M', row).filter(|text| text.len() == 1) {
                sets.push(AnswerSet { id: letter.to_owned(), choices: Vec::new() });
            }
            let value = sheet.number('Q', row).and_then(Ratio::from_decimal);
            if let (Some(set), Some(text), Some(value)) = (sets.last_mut(), sheet.raw('P', row), value) {
                set.choices.push(choice(text, value));
            }
        }
    }
    sets
}

pub(crate) fn whole(number: Option<f64>) -> Option<u32> {
    let number = number.filter(|number| (0.0..1000.0).contains(number) && number.fract() == 0.0)?;
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a whole number from 0 to 999")]
    let whole = number as u32;
    Some(whole)
}
