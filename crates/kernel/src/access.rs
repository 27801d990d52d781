//! Who acts, and what they may do: roles are sets of permissions, granted for everything, one family or one product.

use crate::kinds::{Family, Person, Product, Report, Token};
use crate::{Id, words};

words! {
    /// The roles of PRODUCT's people who sign in.
    pub enum Role {
        /// Runs the installation: people, settings, keys. Sees no case.
        Administrator => "administrator", "Administrator";
        /// Takes service requests of partners and escalates.
        SupportAgent => "support-agent", "Support agent";
        /// Triage, scoring, coordination, advisories.
        Analyst => "analyst", "PSIRT analyst";
        /// The same, and exceptions, approval, publishing, all cases in scope.
        Lead => "lead", "PSIRT lead";
        /// Owns what a release owes.
        ProductManager => "product-manager", "Product manager";
        /// Owns the design.
        Architect => "architect", "Architect";
        /// Does and proves.
        Developer => "developer", "Developer";
        /// Tests and proves.
        Tester => "tester", "Tester";
        /// Takes a release through its gate.
        ReleaseManager => "release-manager", "Release manager";
        /// Runs the programme.
        SecurityLead => "security-lead", "Product security lead";
        /// Carries the programme into a team.
        Champion => "champion", "Security champion";
        /// Reads dashboards.
        Executive => "executive", "Executive";
        /// Reads evidence and the audit log.
        Auditor => "auditor", "Auditor";
    }
}

words! {
    /// What a route or an action asks for.
    pub enum Permission {
        /// Make people, grant roles, end sessions.
        ManagePeople => "manage-people", "Manage people";
        /// Vendor profile, policies, keys, circulation of settings.
        ManageSettings => "manage-settings", "Manage settings";
        /// Read the audit log and check that it is unbroken.
        ReadAudit => "read-audit", "Read the audit log";
        /// See and retry jobs and outgoing mail.
        ManageJobs => "manage-jobs", "Manage jobs";
        /// See families, products and releases.
        ReadProducts => "read-products", "Read products";
        /// Change families, products and releases.
        EditProducts => "edit-products", "Edit products";
        /// See what was reported and is not yet a case.
        ReadReports => "read-reports", "Read reports";
        /// Answer, classify, link and import reports.
        HandleReports => "handle-reports", "Handle reports";
        /// See the cases one is a member of.
        ReadCases => "read-cases", "Read own cases";
        /// Work on cases: triage, score, exposure, conversation.
        WorkCases => "work-cases", "Work on cases";
        /// Exceptions, all cases in scope, membership, merge.
        LeadCases => "lead-cases", "Lead cases";
        /// Write advisories.
        WriteAdvisories => "write-advisories", "Write advisories";
        /// Approve and publish advisories written by somebody else.
        PublishAdvisories => "publish-advisories", "Approve and publish advisories";
        /// See and remove subscribers.
        ManageSubscribers => "manage-subscribers", "Manage subscribers";
        /// Dashboards and metrics.
        ReadProgramme => "read-programme", "Read programme dashboards";
        /// Packs, assessments, targets, component rules.
        RunProgramme => "run-programme", "Run the programme";
        /// Start, answer, validate and finish maturity assessments.
        Assess => "assess", "Work on assessments";
        /// See release plans, tasks, evidence, findings.
        ReadPlans => "read-plans", "Read release plans";
        /// Do tasks, add evidence, triage findings.
        WorkPlans => "work-plans", "Work on release plans";
        /// Review evidence, approve not applicable and waivers, take the gate decision.
        ApprovePlans => "approve-plans", "Approve evidence and waivers";
        /// Make and end access tokens of pipelines.
        ManageTokens => "manage-tokens", "Manage pipeline tokens";
    }
}

impl Role {
    /// What the role may do, where it is granted.
    #[must_use]
    pub const fn permissions(self) -> &'static [Permission] {
        use Permission as P;
        match self {
            Self::Administrator => &[
                P::ManagePeople,
                P::ManageSettings,
                P::ReadAudit,
                P::ManageJobs,
                P::ReadProducts,
                P::EditProducts,
                P::ManageTokens,
            ],
            Self::SupportAgent => &[P::ReadProducts, P::ReadReports],
            Self::Analyst => &[
                P::ReadProducts,
                P::ReadReports,
                P::HandleReports,
                P::ReadCases,
                P::WorkCases,
                P::WriteAdvisories,
                P::ReadProgramme,
            ],
            Self::Lead => &[
                P::ReadProducts,
                P::EditProducts,
                P::ReadReports,
                P::HandleReports,
                P::ReadCases,
                P::WorkCases,
                P::LeadCases,
                P::WriteAdvisories,
                P::PublishAdvisories,
                P::ManageSubscribers,
                P::ReadProgramme,
                P::ManageJobs,
            ],
            Self::ProductManager => &[
                P::ReadProducts,
                P::EditProducts,
                P::ReadCases,
                P::ReadPlans,
                P::WorkPlans,
                P::ReadProgramme,
                P::Assess,
            ],
            Self::Architect => {
                &[P::ReadProducts, P::ReadCases, P::ReadPlans, P::WorkPlans, P::ReadProgramme, P::Assess]
            }
            Self::Developer | Self::Tester => {
                &[P::ReadProducts, P::ReadCases, P::ReadPlans, P::WorkPlans, P::ReadProgramme]
            }
            Self::ReleaseManager => &[
                P::ReadProducts,
                P::EditProducts,
                P::ReadCases,
                P::ReadPlans,
                P::WorkPlans,
                P::ApprovePlans,
                P::ReadProgramme,
                P::ManageTokens,
            ],
            Self::SecurityLead => &[
                P::ReadProducts,
                P::EditProducts,
                P::ReadCases,
                P::ReadPlans,
                P::WorkPlans,
                P::ApprovePlans,
                P::ReadProgramme,
                P::RunProgramme,
                P::Assess,
                P::ManageTokens,
            ],
            Self::Champion => &[
                P::ReadProducts,
                P::ReadCases,
                P::ReadPlans,
                P::WorkPlans,
                P::ApprovePlans,
                P::ReadProgramme,
                P::Assess,
            ],
            Self::Executive => &[P::ReadProducts, P::ReadPlans, P::ReadProgramme],
            Self::Auditor => &[P::ReadProducts, P::ReadPlans, P::ReadProgramme, P::ReadAudit],
        }
    }
}

/// Where a role is granted, or where an action happens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Scope {
    /// Everything.
    All,
    /// One product family and its products.
    Family(Id<Family>),
    /// One product of a family.
    Product {
        /// The product.
        product: Id<Product>,
        /// Its family, so that a grant for the family counts.
        family: Id<Family>,
    },
}

/// A role in a scope.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Grant {
    /// The role.
    pub role: Role,
    /// Where it counts. A product grant names the product's family too.
    pub scope: Scope,
}

impl Grant {
    /// Whether the grant counts for something that happens in `place`.
    #[must_use]
    pub fn covers(&self, place: Scope) -> bool {
        match (self.scope, place) {
            (Scope::All, _) => true,
            (Scope::Family(granted), Scope::Family(family) | Scope::Product { family, .. }) => granted == family,
            (Scope::Product { product: granted, .. }, Scope::Product { product, .. }) => granted == product,
            (Scope::Family(_) | Scope::Product { .. }, _) => false,
        }
    }
}

/// Who acts.
#[derive(Clone, Debug, PartialEq)]
pub enum Actor {
    /// Nobody who is known: a visitor of the portal.
    Nobody,
    /// A signed-in person.
    Person {
        /// Who.
        id: Id<Person>,
        /// The name that the audit log and timelines show.
        name: String,
        /// Their roles.
        grants: Vec<Grant>,
    },
    /// The sender of a report, by the report's secret link.
    Reporter {
        /// The report.
        report: Id<Report>,
    },
    /// A machine with an access token bound to one product.
    Machine {
        /// The token.
        token: Id<Token>,
        /// Its label.
        name: String,
        /// What it is bound to.
        scope: Scope,
        /// What it may do there.
        permissions: Vec<Permission>,
    },
    /// The program itself: jobs, migrations, first start, the administrator's command line.
    Program {
        /// Which part, such as `jobs`.
        part: &'static str,
    },
}

impl Actor {
    /// Whether the actor may do this somewhere at all; decides about menus and routes.
    #[must_use]
    pub fn may_somewhere(&self, permission: Permission) -> bool {
        match self {
            Self::Nobody | Self::Reporter { .. } => false,
            Self::Person { grants, .. } => grants.iter().any(|grant| grant.role.permissions().contains(&permission)),
            Self::Machine { permissions, .. } => permissions.contains(&permission),
            Self::Program { .. } => true,
        }
    }

    /// Whether the actor may do this in `place`.
    #[must_use]
    pub fn may(&self, permission: Permission, place: Scope) -> bool {
        match self {
            Self::Nobody | Self::Reporter { .. } => false,
            Self::Person { grants, .. } => {
                grants.iter().any(|grant| grant.covers(place) && grant.role.permissions().contains(&permission))
            }
            Self::Machine { permissions, scope, .. } => {
                permissions.contains(&permission) && Grant { role: Role::Developer, scope: *scope }.covers(place)
            }
            Self::Program { .. } => true,
        }
    }

    /// The places where the actor has this permission; what a list is filtered by.
    #[must_use]
    pub fn places(&self, permission: Permission) -> Vec<Scope> {
        match self {
            Self::Nobody | Self::Reporter { .. } => Vec::new(),
            Self::Person { grants, .. } => grants
                .iter()
                .filter(|grant| grant.role.permissions().contains(&permission))
                .map(|grant| grant.scope)
                .collect(),
            Self::Machine { permissions, scope, .. } => {
                if permissions.contains(&permission) {
                    vec![*scope]
                } else {
                    Vec::new()
                }
            }
            Self::Program { .. } => vec![Scope::All],
        }
    }

    /// The person, when it is one.
    #[must_use]
    pub const fn person(&self) -> Option<Id<Person>> {
        match self {
            Self::Person { id, .. } => Some(*id),
            Self::Nobody | Self::Reporter { .. } | Self::Machine { .. } | Self::Program { .. } => None,
        }
    }

    /// The name that the audit log and timelines show.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::Nobody => "a visitor",
            Self::Person { name, .. } | Self::Machine { name, .. } => name,
            Self::Reporter { .. } => "the reporter",
            Self::Program { part } => part,
        }
    }

    /// The kind, as the audit log stores it.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Nobody => "nobody",
            Self::Person { .. } => "person",
            Self::Reporter { .. } => "reporter",
            Self::Machine { .. } => "machine",
            Self::Program { .. } => "program",
        }
    }

    /// The identifier, as the audit log stores it; empty where there is none.
    #[must_use]
    pub fn id_text(&self) -> String {
        match self {
            Self::Nobody | Self::Program { .. } => String::new(),
            Self::Person { id, .. } => id.to_string(),
            Self::Reporter { report } => report.to_string(),
            Self::Machine { token, .. } => token.to_string(),
        }
    }
}
