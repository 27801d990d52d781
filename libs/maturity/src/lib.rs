//! Maturity: models of questions, answers and their scores; filled toolbox workbooks and official model files read.
//!
//! Scores are exact fractions until they are shown. "Not applicable" and "not answered" are states of their own.
#![warn(missing_docs, clippy::indexing_slicing, clippy::string_slice)]

mod catalogue;
mod core_model;
mod error;
mod grid;
mod layout;
mod model;
mod ratio;
mod score;
mod sets;
mod workbook;

pub use catalogue::{Scale, read_catalogue};
pub use core_model::read_core_model;
pub use error::{Error, Finding, Severity};
pub use model::{AnswerSet, Choice, Function, Given, Level, Model, NotApplicable, Practice, Question};
pub use ratio::Ratio;
pub use score::{FunctionScore, LevelScore, PracticeScore, Scores, score};
pub use workbook::{Workbook, read_workbook};
