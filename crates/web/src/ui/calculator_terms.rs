//! The metrics of CVSS v3.1 and v4.0 with their values, in our own words, for the calculator form.

use super::calculator::{Metric, MetricGroup, MetricValue};

type Value = (&'static str, &'static str, &'static str);
type Row = (&'static str, &'static str, &'static [Value]);

const X: Value = ("X", "Not defined", "No statement; the rules of the standard fill it in.");

const AV: &[Value] = &[
    ("N", "Network", "Can be attacked from any network, the internet included."),
    ("A", "Adjacent", "The attacker must share a network with the system."),
    ("L", "Local", "The attacker needs access to the system, or a person who opens something on it."),
    ("P", "Physical", "The attacker must touch the device."),
];
const AC: &[Value] = &[
    ("L", "Low", "Works every time, without preparation."),
    ("H", "High", "Depends on conditions, or on getting round a protection first."),
];
const PR: &[Value] = &[
    ("N", "None", "No account is needed."),
    ("L", "Low", "An ordinary account is needed."),
    ("H", "High", "An administrator's account is needed."),
];
const HLN: &[Value] = &[
    ("H", "High", "Total loss, or loss of what matters most."),
    ("L", "Low", "Some loss, limited in what or how much."),
    ("N", "None", "No loss."),
];
const NEED: &[Value] = &[
    X,
    ("H", "High", "Loss would be grave here."),
    ("M", "Medium", "Loss would be serious here."),
    ("L", "Low", "Loss would matter little here."),
];

const BASE31: &[Row] = &[
    ("AV", "Attack vector", AV),
    ("AC", "Attack complexity", AC),
    ("PR", "Privileges required", PR),
    (
        "UI",
        "User interaction",
        &[("N", "None", "Nobody else has to do anything."), ("R", "Required", "A person has to do something first.")],
    ),
    (
        "S",
        "Scope",
        &[
            ("U", "Unchanged", "Harm stays with the component."),
            ("C", "Changed", "Harm reaches beyond what the component is in charge of."),
        ],
    ),
    ("C", "Confidentiality", HLN),
    ("I", "Integrity", HLN),
    ("A", "Availability", HLN),
];
const TEMPORAL31: &[Row] = &[
    (
        "E",
        "Exploit code maturity",
        &[
            X,
            ("H", "High", "Works reliably, or is spread automatically."),
            ("F", "Functional", "Working code is about."),
            ("P", "Proof of concept", "Code shows the flaw but needs skill to use."),
            ("U", "Unproven", "No code is known."),
        ],
    ),
    (
        "RL",
        "Remediation level",
        &[
            X,
            ("U", "Unavailable", "There is no remedy."),
            ("W", "Workaround", "A remedy exists, but not from the vendor."),
            ("T", "Temporary fix", "The vendor offers a stopgap."),
            ("O", "Official fix", "The vendor offers a complete fix."),
        ],
    ),
    (
        "RC",
        "Report confidence",
        &[
            X,
            ("C", "Confirmed", "Reproduced, or confirmed by the vendor."),
            ("R", "Reasonable", "Much is known, but not everything."),
            ("U", "Unknown", "Reports differ, or causes are unknown."),
        ],
    ),
];
const NEEDS: &[Row] = &[
    ("CR", "Confidentiality requirement", NEED),
    ("IR", "Integrity requirement", NEED),
    ("AR", "Availability requirement", NEED),
];

const BASE40: &[Row] = &[
    ("AV", "Attack vector", AV),
    ("AC", "Attack complexity", AC),
    (
        "AT",
        "Attack requirements",
        &[
            ("N", "None", "Works on any deployment."),
            ("P", "Present", "Works only under conditions of the deployment."),
        ],
    ),
    ("PR", "Privileges required", PR),
    (
        "UI",
        "User interaction",
        &[
            ("N", "None", "Nobody else has to do anything."),
            ("P", "Passive", "A person does what they do anyway."),
            ("A", "Active", "A person has to do something unusual."),
        ],
    ),
];
const HARM40: &[Row] = &[
    ("VC", "Confidentiality, vulnerable system", HLN),
    ("VI", "Integrity, vulnerable system", HLN),
    ("VA", "Availability, vulnerable system", HLN),
    ("SC", "Confidentiality, other systems", HLN),
    ("SI", "Integrity, other systems", HLN),
    ("SA", "Availability, other systems", HLN),
];
const THREAT40: &[Row] = &[(
    "E",
    "Exploit maturity",
    &[
        X,
        ("A", "Attacked", "Attacks are known, or simple tools are about."),
        ("P", "Proof of concept", "Code is public; attacks are not known."),
        ("U", "Unreported", "Neither code nor attacks are known."),
    ],
)];
const SUPPLEMENTAL40: &[Row] = &[
    ("S", "Safety", &[X, ("N", "Negligible", "Injury is unlikely."), ("P", "Present", "People could be hurt.")]),
    (
        "AU",
        "Automatable",
        &[X, ("N", "No", "Each target needs an attacker's hand."), ("Y", "Yes", "Attacks can run by themselves.")],
    ),
    (
        "R",
        "Recovery",
        &[
            X,
            ("A", "Automatic", "The system recovers by itself."),
            ("U", "User", "Somebody has to bring it back."),
            ("I", "Irrecoverable", "It cannot be brought back."),
        ],
    ),
    (
        "V",
        "Value density",
        &[X, ("D", "Diffuse", "One attack gains little."), ("C", "Concentrated", "One attack gains much.")],
    ),
    (
        "RE",
        "Response effort",
        &[
            X,
            ("L", "Low", "Little to do."),
            ("M", "Moderate", "Some work for those affected."),
            ("H", "High", "Hard, slow or costly to remedy."),
        ],
    ),
    (
        "U",
        "Provider urgency",
        &[
            X,
            ("Red", "Red", "Act at once."),
            ("Amber", "Amber", "Act soon."),
            ("Green", "Green", "Act in the usual course."),
            ("Clear", "Clear", "For information."),
        ],
    ),
];

/// The value of a metric in a vector, or nothing.
fn chosen<'a>(vector: &'a str, code: &str) -> &'a str {
    vector
        .split('/')
        .filter_map(|part| part.split_once(':'))
        .find(|(name, _)| *name == code)
        .map_or("", |(_, value)| value)
}

fn metric(vector: &str, row: &Row) -> Metric {
    let (code, label, values) = row;
    let optional = values.first().is_some_and(|value| value.0 == "X");
    let set = chosen(vector, code);
    Metric {
        code: (*code).to_owned(),
        label: (*label).to_owned(),
        values: values.iter().map(value).collect(),
        chosen: if set.is_empty() && optional { "X".to_owned() } else { set.to_owned() },
    }
}

fn value(value: &Value) -> MetricValue {
    MetricValue { code: value.0.to_owned(), label: value.1.to_owned(), hint: value.2.to_owned() }
}

/// The same metric as the customer's environment changes it; v4.0 knows a safety impact on other systems.
fn modified(vector: &str, row: &Row) -> Metric {
    let (code, label, values) = row;
    let code = format!("M{code}");
    let set = chosen(vector, &code);
    let mut all = vec![value(&X)];
    if code == "MSI" || code == "MSA" {
        all.push(value(&("S", "Safety", "People could be hurt.")));
    }
    all.extend(values.iter().map(value));
    Metric {
        label: format!("Modified {}", lower_first(label)),
        values: all,
        chosen: if set.is_empty() { "X".to_owned() } else { set.to_owned() },
        code,
    }
}

fn lower_first(label: &str) -> String {
    let mut letters = label.chars();
    letters.next().map(|first| first.to_lowercase().chain(letters).collect()).unwrap_or_default()
}

fn group(title: &str, intro: &str, open: bool, metrics: Vec<Metric>) -> MetricGroup {
    MetricGroup { title: title.to_owned(), intro: intro.to_owned(), open, metrics }
}

fn plain(vector: &str, rows: &[Row]) -> Vec<Metric> {
    rows.iter().map(|row| metric(vector, row)).collect()
}

fn changed(vector: &str, rows: &[Row]) -> Vec<Metric> {
    rows.iter().map(|row| modified(vector, row)).collect()
}

/// The metrics of CVSS v3.1 for the calculator, set as in `vector`, which may be empty.
pub fn cvss31_groups(vector: &str) -> Vec<MetricGroup> {
    let set = |rows: &[Metric]| rows.iter().any(|metric| metric.chosen != "X");
    let temporal = plain(vector, TEMPORAL31);
    let mut environment = plain(vector, NEEDS);
    environment.extend(changed(vector, BASE31));
    vec![
        group("Base", "What the flaw is, everywhere and always", true, plain(vector, BASE31)),
        group("Temporal", "What is known today about exploits and remedies", set(&temporal), temporal),
        group("Environmental", "What it means in your own environment", set(&environment), environment),
    ]
}

/// The metrics of CVSS v4.0 for the calculator, set as in `vector`, which may be empty.
pub fn cvss40_groups(vector: &str) -> Vec<MetricGroup> {
    let set = |rows: &[Metric]| rows.iter().any(|metric| metric.chosen != "X");
    let threat = plain(vector, THREAT40);
    let mut environment = plain(vector, NEEDS);
    environment.extend(changed(vector, BASE40));
    environment.extend(changed(vector, HARM40));
    let supplemental = plain(vector, SUPPLEMENTAL40);
    vec![
        group("Base: exploitability", "How it can be attacked", true, plain(vector, BASE40)),
        group("Base: harm", "What an attack does to this system and to others", true, plain(vector, HARM40)),
        group("Threat", "What is known today about exploits", set(&threat), threat),
        group("Environmental", "What it means in your own environment", set(&environment), environment),
        group("Supplemental", "More to know; does not change the score", set(&supplemental), supplemental),
    ]
}

#[cfg(test)]
mod tests {
    use super::{cvss31_groups, cvss40_groups};

    #[test]
    fn every_metric_of_the_standards_is_there_once() {
        let count = |groups: Vec<super::MetricGroup>| -> usize { groups.iter().map(|group| group.metrics.len()).sum() };
        assert_eq!(count(cvss31_groups("")), 8 + 3 + 11);
        assert_eq!(count(cvss40_groups("")), 11 + 1 + 3 + 11 + 6);
    }

    #[test]
    fn the_vector_sets_the_values_and_opens_their_group() {
        let groups = cvss40_groups("CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N/MSI:S");
        let environment = groups.iter().find(|group| group.title == "Environmental").expect("there");
        assert!(environment.open);
        let safety = environment.metrics.iter().find(|metric| metric.code == "MSI").expect("there");
        assert_eq!(safety.chosen, "S");
        assert!(!groups.iter().find(|group| group.title == "Threat").expect("there").open);
    }
}
