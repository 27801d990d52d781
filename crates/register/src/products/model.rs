//! Families, products, releases.

use kernel::{Date, Id, Scope, kinds};

/// A product family.
pub type FamilyId = Id<kinds::Family>;
/// A product.
pub type ProductId = Id<kinds::Product>;
/// A release of a product.
pub type ReleaseId = Id<kinds::Release>;

/// A product family: products that share a policy and a support organisation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Family {
    /// Which.
    pub id: FamilyId,
    /// Its name.
    pub name: String,
    /// Its name in addresses.
    pub slug: String,
    /// What it is.
    pub description: String,
    /// Whether it is still listed.
    pub archived: bool,
    /// Counts writes.
    pub revision: i64,
}

/// Where a product stands in its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProductState {
    /// Not released yet.
    Development,
    /// Sold and supported.
    Active,
    /// Not supported any more.
    EndOfLife,
    /// Out of the lists; its cases and advisories stay.
    Archived,
}

impl ProductState {
    /// All of them, in order of life.
    pub const ALL: [Self; 4] = [Self::Development, Self::Active, Self::EndOfLife, Self::Archived];

    /// The stored text.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Development => "development",
            Self::Active => "active",
            Self::EndOfLife => "end_of_life",
            Self::Archived => "archived",
        }
    }

    /// What people read.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Development => "In development",
            Self::Active => "Active",
            Self::EndOfLife => "End of life",
            Self::Archived => "Archived",
        }
    }

    /// Reads the stored text.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == text)
    }
}

/// A product, with the name of its family.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Product {
    /// Which.
    pub id: ProductId,
    /// Its family.
    pub family: FamilyId,
    /// The family's name.
    pub family_name: String,
    /// Its name.
    pub name: String,
    /// Its name in addresses.
    pub slug: String,
    /// What it is.
    pub description: String,
    /// Where it stands in its life.
    pub state: ProductState,
    /// Its CPE name, when it has one.
    pub cpe: Option<String>,
    /// Its package URL, when it has one.
    pub purl: Option<String>,
    /// Counts writes.
    pub revision: i64,
}

impl Product {
    /// The place that permissions are asked for.
    #[must_use]
    pub const fn scope(&self) -> Scope {
        Scope::Product { product: self.id, family: self.family }
    }
}

/// Where a release stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReleaseState {
    /// Only planned.
    Planned,
    /// Being built.
    InDevelopment,
    /// Out.
    Released,
    /// Taken back.
    Withdrawn,
}

impl ReleaseState {
    /// All of them, in order of life.
    pub const ALL: [Self; 4] = [Self::Planned, Self::InDevelopment, Self::Released, Self::Withdrawn];

    /// The stored text.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Planned => "planned",
            Self::InDevelopment => "in_development",
            Self::Released => "released",
            Self::Withdrawn => "withdrawn",
        }
    }

    /// What people read.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Planned => "Planned",
            Self::InDevelopment => "In development",
            Self::Released => "Released",
            Self::Withdrawn => "Withdrawn",
        }
    }

    /// Reads the stored text.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == text)
    }
}

/// A release: a version with a support period.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Release {
    /// Which.
    pub id: ReleaseId,
    /// Of which product.
    pub product: ProductId,
    /// Its version, as the vendor writes it.
    pub version: String,
    /// Orders the releases of a product, oldest first.
    pub position: i64,
    /// Where it stands.
    pub state: ReleaseState,
    /// When it came out.
    pub released_on: Option<Date>,
    /// The last day of support; `None` while there is none set.
    pub support_ends_on: Option<Date>,
    /// What customers are told about support.
    pub support_note: String,
    /// Counts writes.
    pub revision: i64,
}

/// Whether a release is actively supported on a day (P4).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Support {
    /// Not out yet.
    NotYet,
    /// Supported; until when, if an end is set.
    Supported {
        /// The last day.
        until: Option<Date>,
    },
    /// Support has ended.
    Ended {
        /// The last day, when support ended by date; `None` for a withdrawn release.
        on: Option<Date>,
    },
}

/// What a form or import says of a family.
#[derive(Clone, Debug, Default)]
pub struct FamilyDraft {
    /// Its name.
    pub name: String,
    /// What it is.
    pub description: String,
    /// Whether it is still listed.
    pub archived: bool,
}

/// What a form or import says of a product.
#[derive(Clone, Debug)]
pub struct ProductDraft {
    /// Its family.
    pub family: FamilyId,
    /// Its name.
    pub name: String,
    /// What it is.
    pub description: String,
    /// Where it stands.
    pub state: ProductState,
    /// Its CPE name; may be empty.
    pub cpe: String,
    /// Its package URL; may be empty.
    pub purl: String,
}

/// What a form or import says of a release.
#[derive(Clone, Debug)]
pub struct ReleaseDraft {
    /// Its version.
    pub version: String,
    /// Where it stands.
    pub state: ReleaseState,
    /// When it came out.
    pub released_on: Option<Date>,
    /// The last day of support.
    pub support_ends_on: Option<Date>,
    /// What customers are told about support.
    pub support_note: String,
}

/// Somebody to ask about a family or product.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contact {
    /// Which.
    pub id: String,
    /// Their name.
    pub name: String,
    /// Their address.
    pub email: String,
    /// What they are asked about.
    pub duty: String,
}
