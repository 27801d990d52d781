//! Question models as they are kept.

use std::sync::Arc;

use kernel::{Id, Timestamp};
use maturity::Model;

/// Question models as kept.
pub enum ModelKind {}
/// A question model.
pub type ModelId = Id<ModelKind>;

/// Where a model came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// Comes with the program.
    BuiltIn,
    /// A catalogue in our format.
    Catalogue,
    /// The official model files.
    ModelFiles,
    /// A toolbox workbook.
    Workbook,
}

impl Source {
    const ALL: [Self; 4] = [Self::BuiltIn, Self::Catalogue, Self::ModelFiles, Self::Workbook];

    /// The stored text.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::BuiltIn => "built_in",
            Self::Catalogue => "catalogue",
            Self::ModelFiles => "model_files",
            Self::Workbook => "workbook",
        }
    }

    /// What people read.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::BuiltIn => "comes with the program",
            Self::Catalogue => "own catalogue",
            Self::ModelFiles => "official model files",
            Self::Workbook => "toolbox workbook",
        }
    }

    /// Reads the stored text.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|source| source.as_str() == text)
    }
}

/// A question model, without its content.
#[derive(Clone, Debug)]
pub struct ModelRow {
    /// Which.
    pub id: ModelId,
    /// Models of one series can be compared: `house-1/1.5`, `samm-2`.
    pub series: String,
    /// Its title.
    pub title: String,
    /// Where it came from.
    pub source: Source,
    /// How many questions it asks.
    pub questions: i64,
    /// When it came.
    pub added_at: Timestamp,
    /// Who brought it.
    pub added_by: String,
}

/// A question model with its content.
#[derive(Clone, Debug)]
pub struct Document {
    /// About it.
    pub row: ModelRow,
    /// The content.
    pub model: Arc<Model>,
}

/// A series with its newest title.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Series {
    /// Its key.
    pub key: String,
    /// The title of its newest model.
    pub title: String,
}
