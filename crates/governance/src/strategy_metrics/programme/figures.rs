//! The measures: which rows each counts, and in which groups.

use std::collections::{HashMap, HashSet};

use process::profile::CHAMPION;
use register::products::{ReleaseId, ReleaseState};

use super::super::improvement::practice_title;
use super::super::lens;
use super::data::Data;
use super::model::{Line, Link};
use super::rules;

/// A measure: what it counts, under which headings, and its groups in words.
pub(super) struct Measure {
    /// Its name in addresses.
    pub(super) name: &'static str,
    /// What it counts.
    pub(super) title: &'static str,
    /// The columns of its rows.
    pub(super) columns: &'static [&'static str],
    /// Its groups; empty where they follow from the data.
    pub(super) keys: &'static [(&'static str, &'static str)],
    /// What its number counts, where a row is not one: tasks, vulnerabilities.
    pub(super) unit: &'static str,
    /// What is to be known about a past day; empty where history is kept.
    pub(super) past: &'static str,
    /// Its rows.
    pub(super) lines: fn(&Data) -> Vec<Line>,
}

/// What rows about tasks show.
const TASK_COLUMNS: &[&str] =
    &["Release", "Practice", "Done", "Not applicable", "Waived", "Lacking", "Lapsed", "Overdue"];
const TASKS_PAST: &str = "Kept when the day was over; a day that was not kept is computed anew from evidence, reviews and \
                          exceptions of that day, with profiles and teams as they are now.";

/// All measures that have rows here.
pub(super) const MEASURES: &[Measure] = &[
    Measure {
        name: "profiles",
        title: "Products by profile",
        columns: &["Product", "Family", "Profile", "Review by"],
        keys: &[
            ("current", "Current"),
            ("overdue", "Review overdue"),
            ("unfinished", "Questions open"),
            ("none", "None"),
        ],
        unit: "",
        past: "Products are those known today: when one was archived is not kept.",
        lines: profiles,
    },
    Measure {
        name: "champions",
        title: "Products by security champion",
        columns: &["Product", "Family", "Champion"],
        keys: &[("named", "Named"), ("none", "None")],
        unit: "",
        past: "Products are those known today: when one was archived is not kept.",
        lines: champions,
    },
    Measure {
        name: "people",
        title: "People by their part in the process",
        columns: &["Person", "Parts"],
        keys: &[("part", "With a part"), ("none", "Without a part")],
        unit: "",
        past: "People are those who are active today and were known then: when somebody left is not kept.",
        lines: people,
    },
    Measure {
        name: "gates",
        title: "Releases by the decision at their release gate",
        columns: &["Release", "Product", "Decision", "On"],
        keys: &[
            ("passed", "Passed"),
            ("passed_with_exceptions", "Passed with exceptions"),
            ("stopped", "Stopped"),
            ("undecided", "Out without a decision"),
        ],
        unit: "",
        past: "",
        lines: gates,
    },
    Measure {
        name: "tasks",
        title: "Tasks by practice and release",
        columns: TASK_COLUMNS,
        keys: &[],
        unit: "tasks",
        past: TASKS_PAST,
        lines: tasks,
    },
    Measure {
        name: "done",
        title: "Tasks done, by practice and release",
        columns: TASK_COLUMNS,
        keys: &[],
        unit: "tasks",
        past: TASKS_PAST,
        lines: done,
    },
    Measure {
        name: "excepted",
        title: "Tasks waived or not applicable, by practice and release",
        columns: TASK_COLUMNS,
        keys: &[],
        unit: "tasks",
        past: TASKS_PAST,
        lines: excepted,
    },
    Measure {
        name: "lacking",
        title: "Tasks that lack something, by practice and release",
        columns: TASK_COLUMNS,
        keys: &[],
        unit: "tasks",
        past: TASKS_PAST,
        lines: lacking,
    },
    Measure {
        name: "lapsed",
        title: "Tasks that lapsed, by practice and release",
        columns: TASK_COLUMNS,
        keys: &[],
        unit: "tasks",
        past: TASKS_PAST,
        lines: lapsed,
    },
    Measure {
        name: "overdue",
        title: "Overdue tasks by practice and release",
        columns: TASK_COLUMNS,
        keys: &[],
        unit: "tasks",
        past: TASKS_PAST,
        lines: overdue,
    },
    Measure {
        name: "waivers",
        title: "Approved exceptions by their end",
        columns: &["Release", "Kind", "Practice", "Activity", "Until"],
        keys: &[("lapsed", "Lapsed"), ("days30", "In 30 days"), ("days90", "In 31 to 90 days"), ("later", "Later")],
        unit: "",
        past: "",
        lines: waivers,
    },
    Measure {
        name: "targets",
        title: "Response targets from the confirmed score on",
        columns: &["Case", "Product", "Severity", "Step", "Begun", "Due", "Met", "Stands"],
        keys: &[],
        unit: "",
        past: "Severity and due day are as they stand now: what a target was before a score changed is not kept.",
        lines: targets,
    },
    Measure {
        name: "field",
        title: "Vulnerabilities found in the field",
        columns: &["Case", "Product", "Severity", "Confirmed", "Vulnerabilities"],
        keys: &[],
        unit: "vulnerabilities",
        past: "Severity is as it stands now; a case that was dismissed later counts no more.",
        lines: field,
    },
    Measure {
        name: "affected",
        title: "Releases by the vulnerabilities that affect them",
        columns: &["Release", "Product", "Support until", "Affected by", "Fixes"],
        keys: &[("supported", "In support"), ("ended", "Support ended")],
        unit: "",
        past: "Only what was last assessed until that day is counted: earlier states of an exposure are not kept.",
        lines: affected,
    },
    Measure {
        name: "out",
        title: "Releases that are out",
        columns: &["Release", "Product", "Out since"],
        keys: &[],
        unit: "",
        past: "",
        lines: out,
    },
    Measure {
        name: "unasked",
        title: "Cases closed without a root cause",
        columns: &["Case", "Product", "Closed"],
        keys: &[],
        unit: "",
        past: "",
        lines: unasked,
    },
];

/// The measure of this name.
pub(super) fn measure(name: &str) -> Option<&'static Measure> {
    MEASURES.iter().find(|measure| measure.name == name)
}

impl Measure {
    /// A group in words.
    pub(super) fn words(&self, data: &Data, key: &str) -> String {
        if let Some((_, words)) = self.keys.iter().find(|(known, _)| *known == key) {
            return (*words).to_owned();
        }
        match self.name {
            "field" => key.strip_suffix(".none").map_or_else(
                || key.to_owned(),
                |quarter| format!("{quarter}{}no product yet", if quarter.is_empty() { "" } else { ", " }),
            ),
            _ if self.unit == "tasks" => practice_title(&data.pack, key),
            "targets" => key
                .split('.')
                .filter(|part| !part.is_empty())
                .map(|part| part.split('|').map(target_word).collect::<Vec<_>>().join(" or "))
                .collect::<Vec<_>>()
                .join(", "),
            _ => key.to_owned(),
        }
    }
}

/// The parts of a group of targets in words.
pub(super) fn target_word(word: &str) -> &str {
    match word {
        "acknowledge" => "Acknowledge",
        "triage" => "Triage",
        "mitigate" => "Mitigate",
        "fix" => "Fix",
        "disclose" => "Disclose",
        "met" => "in time",
        "late" => "late",
        "overdue" => "overdue",
        "running" => "running",
        other => other,
    }
}

/// How much each group counts.
pub(super) fn count(lines: &[Line]) -> HashMap<&str, usize> {
    let mut counts = HashMap::new();
    for line in lines {
        *counts.entry(line.key.as_str()).or_insert(0) += 1;
    }
    counts
}

fn profiles(data: &Data) -> Vec<Line> {
    let by: HashMap<_, _> = data.profiles.iter().map(|profile| (profile.product, profile)).collect();
    data.lens
        .shown()
        .map(|product| {
            let profile = by.get(&product.id).copied();
            let key = rules::profile_key(profile, data.lens.day());
            let words = measure("profiles").and_then(|measure| measure.keys.iter().find(|(known, _)| *known == key));
            Line {
                key: key.to_owned(),
                cells: vec![
                    product.name.clone(),
                    product.family_name.clone(),
                    words.map_or_else(String::new, |(_, words)| (*words).to_owned()),
                    profile.map(|profile| profile.review_on.to_string()).unwrap_or_default(),
                ],
                link: Some(Link::Plans(format!("/desk/products/{}/profile", product.id))),
                weight: None,
            }
        })
        .collect()
}

fn champions(data: &Data) -> Vec<Line> {
    let names: HashMap<&str, &str> =
        data.people.iter().map(|person| (person.id.as_str(), person.name.as_str())).collect();
    data.lens
        .shown()
        .map(|product| {
            let champion =
                data.teams.iter().find(|row| row.role == CHAMPION && row.product.is_none_or(|of| of == product.id));
            let name = champion.map(|row| names.get(row.person.as_str()).copied().unwrap_or("Somebody who left"));
            Line {
                key: if champion.is_some() { "named" } else { "none" }.to_owned(),
                cells: vec![product.name.clone(), product.family_name.clone(), name.unwrap_or_default().to_owned()],
                link: Some(Link::Plans(format!("/desk/products/{}/team", product.id))),
                weight: None,
            }
        })
        .collect()
}

fn people(data: &Data) -> Vec<Line> {
    if !data.lens.whole {
        return Vec::new();
    }
    let mut parts: HashMap<&str, usize> = HashMap::new();
    for row in &data.teams {
        *parts.entry(row.person.as_str()).or_default() += 1;
    }
    data.people
        .iter()
        .map(|person| {
            let parts = parts.get(person.id.as_str()).copied().unwrap_or(0);
            Line {
                key: if parts > 0 { "part" } else { "none" }.to_owned(),
                cells: vec![person.name.clone(), parts.to_string()],
                link: None,
                weight: None,
            }
        })
        .collect()
}

fn gates(data: &Data) -> Vec<Line> {
    let phases: HashSet<&str> =
        data.pack.gates.iter().filter(|gate| gate.phase.is_some()).map(|gate| gate.id.as_str()).collect();
    let mut newest: HashMap<ReleaseId, &super::model::DecisionRow> = HashMap::new();
    for decision in data.decisions.iter().filter(|decision| !phases.contains(decision.gate.as_str())) {
        newest.entry(decision.release).or_insert(decision);
    }
    let day = data.lens.day();
    data.lens
        .releases
        .iter()
        .filter_map(|release| {
            let decision = newest.get(&release.id);
            let out = release.state == ReleaseState::Released && release.released_on.is_none_or(|on| on <= day);
            if decision.is_none() && !out {
                return None;
            }
            let key = decision.map_or("undecided", |decision| decision.outcome.as_str());
            let words = measure("gates").and_then(|measure| measure.keys.iter().find(|(known, _)| *known == key));
            Some(Line {
                key: key.to_owned(),
                cells: vec![
                    release.version.clone(),
                    data.lens.product_name(Some(release.product)).to_owned(),
                    words.map_or(key, |(_, words)| words).to_owned(),
                    decision.map(|decision| decision.made_at.date().to_string()).unwrap_or_default(),
                ],
                link: Some(Link::Plans(format!("/desk/releases/{}/gate", release.id))),
                weight: None,
            })
        })
        .collect()
}

/// How the tasks of each release and practice stand, for those rows that count something.
fn task_lines(data: &Data, count: fn(&process::plan::Counts) -> i64, filter: &str) -> Vec<Line> {
    let past = data.lens.past.map_or_else(String::new, |day| format!("&asof={day}"));
    let order: HashMap<&str, usize> =
        data.pack.practices.iter().enumerate().map(|(place, practice)| (practice.id.as_str(), place)).collect();
    let mut rows: Vec<_> = data.tasks.iter().filter(|(_, _, counts)| count(counts) > 0).collect();
    rows.sort_by_cached_key(|(release, practice, _)| {
        (order.get(practice.as_str()).copied(), data.lens.release_name(*release).to_lowercase())
    });
    rows.into_iter()
        .map(|(release, practice, counts)| Line {
            key: practice.clone(),
            cells: vec![
                data.lens.release_name(*release),
                practice_title(&data.pack, practice),
                counts.done.to_string(),
                counts.not_applicable.to_string(),
                counts.waived.to_string(),
                counts.lacking().to_string(),
                counts.lapsed.to_string(),
                counts.overdue.to_string(),
            ],
            link: Some(Link::Plans(format!("/desk/releases/{release}?practice={practice}{filter}{past}"))),
            weight: Some(count(counts)),
        })
        .collect()
}

fn tasks(data: &Data) -> Vec<Line> {
    task_lines(data, |counts| counts.total(), "")
}

fn done(data: &Data) -> Vec<Line> {
    task_lines(data, |counts| counts.done, "&state=done")
}

fn excepted(data: &Data) -> Vec<Line> {
    task_lines(data, |counts| counts.waived + counts.not_applicable, "&state=excepted")
}

fn lacking(data: &Data) -> Vec<Line> {
    task_lines(data, |counts| counts.lacking(), "&state=lacking")
}

fn lapsed(data: &Data) -> Vec<Line> {
    task_lines(data, |counts| counts.lapsed, "&state=lapsed")
}

fn overdue(data: &Data) -> Vec<Line> {
    task_lines(data, |counts| counts.overdue, "&due=overdue")
}

fn out(data: &Data) -> Vec<Line> {
    let day = data.lens.day();
    let is_out = |on: &kernel::Date| *on <= day;
    data.lens
        .releases
        .iter()
        .filter_map(|release| release.released_on.filter(is_out).map(|on| (release, on)))
        .map(|(release, on)| Line {
            cells: vec![
                release.version.clone(),
                data.lens.product_name(Some(release.product)).to_owned(),
                on.to_string(),
            ],
            link: Some(Link::Products(format!("/desk/products/{}", release.product))),
            ..Line::default()
        })
        .collect()
}

fn waivers(data: &Data) -> Vec<Line> {
    data.waivers
        .iter()
        .map(|waiver| {
            let activity = data.pack.activity(&waiver.activity);
            Line {
                key: rules::expiry_key(waiver.expires_on, data.lens.day()).to_owned(),
                cells: vec![
                    data.lens.release_name(waiver.release),
                    if waiver.kind == "waiver" { "Waiver" } else { "Not applicable" }.to_owned(),
                    practice_title(&data.pack, &waiver.practice),
                    activity.map_or_else(|| waiver.activity.clone(), |activity| activity.title.clone()),
                    waiver.expires_on.to_string(),
                ],
                link: Some(Link::Plans(format!("/desk/releases/{}?state=waived", waiver.release))),
                weight: None,
            }
        })
        .collect()
}

fn targets(data: &Data) -> Vec<Line> {
    let at = data.lens.at;
    data.targets
        .iter()
        .map(|target| {
            let key = rules::target_key(target, at);
            let met = target.met_at.filter(|met| *met <= at);
            Line {
                key: format!("{}.{}.{key}", target.step, target.severity),
                cells: vec![
                    String::new(),
                    data.lens.product_name(target.product).to_owned(),
                    target.severity.clone(),
                    target_word(&target.step).to_owned(),
                    target.started_at.date().to_string(),
                    target.due_at.date().to_string(),
                    met.map(|met| met.date().to_string()).unwrap_or_default(),
                    target_word(key).to_owned(),
                ],
                link: Some(Link::Case(target.case)),
                weight: None,
            }
        })
        .collect()
}

fn field(data: &Data) -> Vec<Line> {
    data.field
        .iter()
        .map(|row| Line {
            // What has no product yet is a group of its own in each quarter.
            key: format!(
                "{}{}",
                lens::quarter(row.confirmed_at.date()),
                if row.product.is_none() { ".none" } else { "" }
            ),
            weight: Some(row.vulnerabilities),
            cells: vec![
                String::new(),
                data.lens.product_name(row.product).to_owned(),
                row.severity.clone(),
                row.confirmed_at.date().to_string(),
                row.vulnerabilities.to_string(),
            ],
            link: Some(Link::Case(row.case)),
        })
        .collect()
}

fn affected(data: &Data) -> Vec<Line> {
    let day = data.lens.day();
    let mut rows: Vec<_> =
        data.affected.iter().filter_map(|row| data.lens.release(row.release).map(|release| (row, release))).collect();
    rows.sort_by_key(|(row, _)| std::cmp::Reverse((row.affected, row.fixed)));
    rows.into_iter()
        .map(|(row, release)| {
            let supported = release.support_ends_on.is_none_or(|end| end >= day);
            Line {
                key: if supported { "supported" } else { "ended" }.to_owned(),
                cells: vec![
                    release.version.clone(),
                    data.lens.product_name(Some(release.product)).to_owned(),
                    release.support_ends_on.map(|end| end.to_string()).unwrap_or_default(),
                    row.affected.to_string(),
                    row.fixed.to_string(),
                ],
                link: Some(Link::Products(format!("/desk/products/{}", release.product))),
                weight: None,
            }
        })
        .collect()
}

fn unasked(data: &Data) -> Vec<Line> {
    data.unasked
        .iter()
        .map(|(case, product, closed)| Line {
            key: String::new(),
            cells: vec![String::new(), data.lens.product_name(*product).to_owned(), closed.date().to_string()],
            link: Some(Link::Case(*case)),
            weight: None,
        })
        .collect()
}
