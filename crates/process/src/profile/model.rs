//! Profiles and teams.

use std::collections::BTreeMap;

use kernel::{Date, Id, Timestamp, kinds};
use pack::{Model, RiskClass};
use register::products::ProductId;

use crate::pack::PackRowId;

/// The role identifier of the security champion, whatever the pack's own roles are.
pub const CHAMPION: &str = "security_champion";

/// Profiles as kept.
pub enum ProfileKind {}
/// One answering of the questions.
pub type ProfileId = Id<ProfileKind>;

/// The answers about a product at one time, with the class they led to.
#[derive(Clone, Debug)]
pub struct Profile {
    /// Which.
    pub id: ProfileId,
    /// Of which product.
    pub product: ProductId,
    /// The pack whose questions were answered.
    pub pack_row: PackRowId,
    /// Question to the answers given.
    pub answers: BTreeMap<String, Vec<String>>,
    /// Question to the reason that was typed.
    pub reasons: BTreeMap<String, String>,
    /// How the team delivers; one or several.
    pub models: Vec<Model>,
    /// The class.
    pub class: RiskClass,
    /// The sum of weights.
    pub sum: i64,
    /// Questions without an answer; the class is provisional while there are any.
    pub open_questions: i64,
    /// Why the class came out, one reason a line.
    pub why: String,
    /// When it is to be looked at again.
    pub review_on: Date,
    /// When it was answered.
    pub made_at: Timestamp,
    /// By whom.
    pub made_by: String,
    /// When the next one took its place.
    pub ended_at: Option<Timestamp>,
}

/// Somebody who plays a part.
#[derive(Clone, Debug)]
pub struct Member {
    /// Which membership.
    pub id: String,
    /// For which product; none: for all.
    pub product: Option<ProductId>,
    /// Who.
    pub person: Id<kinds::Person>,
    /// Their name.
    pub name: String,
    /// The part, as the pack names it.
    pub role: String,
    /// Since when.
    pub made_at: Timestamp,
    /// Until when.
    pub ended_at: Option<Timestamp>,
}

impl Member {
    /// Whether the part was played at a moment.
    #[must_use]
    pub fn is_at(&self, at: Timestamp) -> bool {
        self.made_at <= at && self.ended_at.is_none_or(|ended| ended > at)
    }
}
