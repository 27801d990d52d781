//! What the teams say of their products, how they work, and which components the vendor allows.

use kernel::Role;

/// Each product with its ways of working: the gates by phases, the phones in sprints, the meeting service by pipelines.
pub(super) const WORK: &[(&str, &[&str])] = &[
    ("Gate 100", &["waterfall"]),
    ("Gate 300", &["waterfall"]),
    ("Gate 500", &["waterfall"]),
    ("Gate Console", &["waterfall", "devops"]),
    ("Desk Phone 20", &["agile"]),
    ("Desk Phone 40", &["agile"]),
    ("Conference Unit", &["agile"]),
    ("Voice Manager", &["agile"]),
    ("Meet Server", &["devops"]),
    ("Meet Client", &["agile", "devops"]),
    ("Meet Recorder", &["devops"]),
    ("Contact Desk", &["devops"]),
];

/// Who takes the tasks of which practices; the rest is nobody's yet.
pub(super) const OWNERS: &[(Role, &[&str])] = &[
    (Role::Developer, &["secure_architecture", "implementation_review", "threat_assessment", "operations_enablement"]),
    (Role::Tester, &["security_testing", "security_requirements", "environment_hardening"]),
    (Role::Champion, &["design_review", "policy_compliance", "education_guidance"]),
];

/// The answers about a product.
pub(super) struct Answers {
    product: &'static str,
    exposure: &'static str,
    data: &'static [&'static str],
    personal: &'static str,
    customers: &'static [&'static str],
    markets: &'static [&'static str],
    criticality: &'static str,
    spread: &'static str,
    privilege: &'static str,
    change: &'static str,
    pub(super) models: &'static [&'static str],
    pub(super) reason: &'static str,
}

impl Answers {
    /// The answers as the form sends them.
    pub(super) fn questions(&self) -> Vec<(&'static str, &'static str)> {
        let mut fields = vec![
            ("q-exposure", self.exposure),
            ("q-personal_data", self.personal),
            ("q-criticality", self.criticality),
            ("q-spread", self.spread),
            ("q-privilege", self.privilege),
            ("q-change", self.change),
        ];
        fields.extend(self.data.iter().map(|answer| ("q-data", *answer)));
        fields.extend(self.customers.iter().map(|answer| ("q-customers", *answer)));
        fields.extend(self.markets.iter().map(|answer| ("q-markets", *answer)));
        fields
    }
}

macro_rules! answers {
    ($($product:literal, $exposure:literal, [$($data:literal),*], $personal:literal, [$($customer:literal),*],
       [$($market:literal),*], $criticality:literal, $spread:literal, $privilege:literal, $change:literal,
       [$($model:literal),*], $reason:literal;)*) => {
        &[$(Answers {
            product: $product, exposure: $exposure, data: &[$($data),*], personal: $personal,
            customers: &[$($customer),*], markets: &[$($market),*], criticality: $criticality, spread: $spread,
            privilege: $privilege, change: $change, models: &[$($model),*], reason: $reason,
        }),*]
    };
}

/// In the order in which they were given; a product that is here twice was looked at again.
const ANSWERS: &[Answers] = answers![
    "Gate 300", "shared", ["business", "secrets"], "accounts", ["businesses"], ["cra_default"], "loss", "hundreds", "service", "customers", ["waterfall"],
    "Stands between the network of a company and its telephone line.";
    "Desk Phone 40", "closed", ["business"], "accounts", ["businesses"], ["cra_default"], "interruption", "hundreds", "user", "customers", ["agile"],
    "Used inside the voice network of a company.";
    "Gate 100", "closed", ["business"], "none", ["businesses"], ["cra_default"], "interruption", "hundreds", "service", "customers", ["waterfall"],
    "Sold to small offices; its maintenance port is on the inside.";
    "Gate 300", "internet", ["business", "secrets"], "accounts", ["businesses", "essential"], ["cra_important"], "loss", "thousands", "administrator", "windows", ["waterfall"],
    "Since release 7 hospitals and control rooms run it at the edge of the internet.";
    "Gate 500", "internet", ["business", "secrets"], "accounts", ["businesses", "public_sector"], ["cra_important"], "loss", "hundreds", "administrator", "windows", ["waterfall"],
    "The gate of carriers; it is reached from everywhere.";
    "Gate Console", "shared", ["secrets"], "accounts", ["businesses"], ["cra_default"], "loss", "hundreds", "administrator", "customers", ["waterfall", "devops"],
    "Manages the gates of all sites of a customer.";
    "Voice Manager", "shared", ["business", "secrets"], "accounts", ["businesses"], ["cra_default"], "loss", "hundreds", "administrator", "customers", ["agile"],
    "Knows who calls whom in a whole company.";
    "Meet Server", "internet", ["business"], "special", ["businesses"], ["cra_default"], "loss", "hundreds", "service", "ours", ["devops"],
    "We run it ourselves for all customers.";
    "Meet Client", "internet", ["business"], "special", ["businesses", "consumers"], ["cra_default"], "interruption", "thousands", "user", "ours", ["agile", "devops"],
    "Anybody with an invitation installs it.";
    "Desk Phone 20", "closed", ["public"], "none", ["internal"], ["none"], "nuisance", "hundreds", "user", "ours", ["agile"],
    "Handed out on our own premises only.";
    "Conference Unit", "closed", ["business"], "accounts", ["businesses"], ["cra_default"], "interruption", "hundreds", "user", "customers", ["agile"],
    "Stands in meeting rooms.";
    "Meet Recorder", "shared", ["business"], "special", ["businesses"], ["cra_default"], "loss", "few", "service", "customers", ["devops"],
    "Keeps what was said in meetings.";
    "Contact Desk", "internet", ["business"], "many", ["businesses", "consumers"], ["cra_default"], "interruption", "hundreds", "service", "ours", ["devops"],
    "Visitors of our customers' pages write to it.";
];

/// The answers about a product that were given for the so-manieth time.
pub(super) fn answers(product: &str, number: usize) -> Option<&'static Answers> {
    ANSWERS.iter().filter(|answers| answers.product == product).nth(number)
}

/// Which components may be used. All invented.
pub(super) struct ComponentRule {
    pub(super) verdict: &'static str,
    pub(super) package: &'static str,
    pub(super) versions: &'static str,
    pub(super) licence: &'static str,
    pub(super) reason: &'static str,
}

pub(super) const RULES: &[ComponentRule] = &[
    ComponentRule {
        verdict: "banned",
        package: "pkg:npm/ribbonlog",
        versions: "<3.2.0",
        licence: "",
        reason: "Writes request headers, cookies included, into its debug file.",
    },
    ComponentRule {
        verdict: "banned",
        package: "",
        versions: "",
        licence: "AGPL-3.0-only",
        reason: "Its terms do not fit a product that is delivered in devices.",
    },
    ComponentRule {
        verdict: "limited",
        package: "pkg:cargo/quillcodec",
        versions: "",
        licence: "",
        reason: "For recordings of our own only; its reader of foreign files was never fuzzed.",
    },
    ComponentRule {
        verdict: "approved",
        package: "pkg:cargo/harbour-tls",
        versions: ">=2.4.0",
        licence: "",
        reason: "Our choice for TLS since the review of last winter.",
    },
];
