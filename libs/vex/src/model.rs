//! The statements that all formats make, in the words of the VEX minimum requirements.

use lenient::Context;
use serde::Serialize;

/// A format of VEX documents.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Format {
    /// OpenVEX 0.2.0.
    OpenVex,
    /// CSAF 2.0 and 2.1, profile VEX.
    Csaf,
    /// CycloneDX 1.4 and later.
    CycloneDx,
}

/// A VEX document.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Document {
    /// Where it was read from; absent for a new one.
    pub format: Option<Format>,
    /// Identifier.
    pub id: Option<String>,
    /// Title (CSAF).
    pub title: Option<String>,
    /// Who makes the statements.
    pub author: Option<String>,
    /// Address of the author (CSAF).
    pub author_namespace: Option<String>,
    /// Role of the author.
    pub author_role: Option<String>,
    /// What made the document.
    pub tooling: Option<String>,
    /// When it was first made.
    pub timestamp: Option<String>,
    /// When it was last changed.
    pub last_updated: Option<String>,
    /// Counts changes; zero when unknown.
    pub version: u64,
    /// Traffic Light Protocol label (CSAF).
    pub tlp: Option<String>,
    /// The statements.
    pub statements: Vec<Statement>,
}

/// One statement: these products have this status in respect of this vulnerability.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Statement {
    /// Identifier of the statement.
    pub id: Option<String>,
    /// The vulnerability.
    pub vulnerability: Vulnerability,
    /// The products.
    pub products: Vec<Product>,
    /// The status; absent only when a document gives none that is known.
    pub status: Option<Status>,
    /// The status in the words of its format, where they say more: `false_positive`, `first_fixed`.
    pub nuance: Option<String>,
    /// Remarks on how the status was found.
    pub status_notes: Option<String>,
    /// Why a product is not affected.
    pub justification: Option<Justification>,
    /// Why a product is not affected, in words.
    pub impact_statement: Option<String>,
    /// What users of an affected product can do.
    pub action_statement: Option<String>,
    /// When that was said.
    pub action_timestamp: Option<String>,
    /// What the supplier does about it.
    pub responses: Vec<Response>,
    /// Who supplies the products.
    pub supplier: Option<String>,
    /// When the statement was first made.
    pub timestamp: Option<String>,
    /// When it was last changed.
    pub last_updated: Option<String>,
}

/// A vulnerability.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Vulnerability {
    /// Its main identifier.
    pub name: String,
    /// Address of the identifier.
    pub id: Option<String>,
    /// Other identifiers.
    pub aliases: Vec<String>,
    /// What it is.
    pub description: Option<String>,
}

/// A product, or a part of one.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Product {
    /// How the document refers to it.
    pub id: String,
    /// Its name.
    pub name: Option<String>,
    /// Its version.
    pub version: Option<String>,
    /// Package URL.
    pub purl: Option<String>,
    /// CPE.
    pub cpe: Option<String>,
    /// Digests: algorithm and value.
    pub hashes: Vec<(String, String)>,
    /// Versions with a status each (CycloneDX).
    pub versions: Vec<VersionStatus>,
    /// The parts that are meant; empty means the product as such.
    pub subcomponents: Vec<Product>,
}

/// A version or range with its status (CycloneDX).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct VersionStatus {
    /// A version.
    pub version: Option<String>,
    /// A range in `vers` notation.
    pub range: Option<String>,
    /// `affected`, `unaffected` or `unknown`.
    pub status: Option<String>,
}

macro_rules! texts {
    ($(#[$outer:meta])* $name:ident { $($(#[$inner:meta])* $variant:ident = $text:literal,)* }) => {
        $(#[$outer])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
        #[serde(rename_all = "snake_case")]
        pub enum $name { $($(#[$inner])* $variant,)* }

        impl $name {
            /// The text in documents.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text,)* }
            }

            /// The value with this text.
            #[must_use]
            pub fn from_text(text: &str) -> Option<Self> {
                match text { $($text => Some(Self::$variant),)* _ => None }
            }
        }
    };
}

texts! {
    /// Status of a product.
    Status {
        /// Not affected.
        NotAffected = "not_affected",
        /// Affected.
        Affected = "affected",
        /// Fixed.
        Fixed = "fixed",
        /// Not known yet.
        UnderInvestigation = "under_investigation",
    }
}

texts! {
    /// Why a product is not affected. The first five are those of OpenVEX and CSAF, the others of CycloneDX alone.
    Justification {
        /// The part is not in the product.
        ComponentNotPresent = "component_not_present",
        /// The part is there, the vulnerable code is not.
        VulnerableCodeNotPresent = "vulnerable_code_not_present",
        /// The code is there and never runs.
        VulnerableCodeNotInExecutePath = "vulnerable_code_not_in_execute_path",
        /// The code runs, out of reach of an attacker.
        VulnerableCodeCannotBeControlledByAdversary = "vulnerable_code_cannot_be_controlled_by_adversary",
        /// Something in the product stops the attack.
        InlineMitigationsAlreadyExist = "inline_mitigations_already_exist",
        /// Only with a configuration that is not set.
        RequiresConfiguration = "requires_configuration",
        /// Only with another part, which is not there.
        RequiresDependency = "requires_dependency",
        /// Only in an environment that is not given.
        RequiresEnvironment = "requires_environment",
        /// A compiler option stops the attack.
        ProtectedByCompiler = "protected_by_compiler",
        /// A check at run time stops the attack.
        ProtectedAtRuntime = "protected_at_runtime",
        /// Something around the product stops the attack.
        ProtectedAtPerimeter = "protected_at_perimeter",
    }
}

texts! {
    /// What the supplier does about it.
    Response {
        /// Cannot fix it.
        CanNotFix = "can_not_fix",
        /// Will not fix it.
        WillNotFix = "will_not_fix",
        /// Offers an update.
        Update = "update",
        /// Recommends an earlier version.
        Rollback = "rollback",
        /// Names a way around.
        WorkaroundAvailable = "workaround_available",
        /// Names a way to lessen the effect (CSAF).
        Mitigation = "mitigation",
        /// Plans a fix (CSAF 2.1).
        FixPlanned = "fix_planned",
        /// Offers a patch that not everybody needs (CSAF 2.1).
        OptionalPatch = "optional_patch",
    }
}

impl Product {
    /// The best name for people.
    #[must_use]
    pub fn display(&self) -> String {
        let name = self.name.as_deref().or(self.purl.as_deref()).unwrap_or(&self.id);
        match &self.version {
            Some(version) if self.name.is_some() && !name.ends_with(version.as_str()) => format!("{name} {version}"),
            _ => name.to_owned(),
        }
    }
}

/// Checks what every VEX statement has to say, whatever its format.
pub(crate) fn check(document: &Document, context: &mut Context) {
    for (index, statement) in document.statements.iter().enumerate() {
        context.at("statements", |context| {
            context.at(index, |context| check_statement(statement, context));
        });
    }
}

fn check_statement(statement: &Statement, context: &mut Context) {
    if statement.vulnerability.name.is_empty() {
        context.error("vulnerability", "the statement names no vulnerability");
    }
    let Some(status) = statement.status else {
        context.error("status", "the statement has no status that is known");
        return;
    };
    if statement.products.is_empty() {
        context
            .warning("products", "the statement names no product, so that only its surroundings say what it is about");
    }
    match status {
        Status::NotAffected if statement.justification.is_none() && statement.impact_statement.is_none() => {
            context.error("justification", "“not affected” needs a justification or an impact statement");
        }
        Status::Affected if statement.action_statement.is_none() && statement.responses.is_empty() => {
            context.error("action", "“affected” needs an action statement: what users can do");
        }
        Status::NotAffected | Status::Affected | Status::Fixed | Status::UnderInvestigation => {}
    }
    if status != Status::NotAffected && statement.justification.is_some() {
        context.warning("justification", "a justification belongs to “not affected” only");
    }
}
