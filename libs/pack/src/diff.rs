//! What changed between two versions of a pack, for the person who has to decide whether to move a release.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::model::{Activity, Evidence, Pack, Validity};

/// One difference.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Change {
    /// What kind of thing: `activity`, `practice`, `role`, `phase`, `gate`, `profile question`, …
    pub what: &'static str,
    /// Its identifier.
    pub id: String,
    /// Its title, of the newer version where it has one.
    pub title: String,
    /// What happened to it.
    pub kind: ChangeKind,
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ChangeKind {
    /// It is new.
    Added,
    /// It is gone.
    Removed,
    /// Some of its fields differ.
    Changed(Vec<FieldChange>),
}

/// One field that differs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FieldChange {
    /// The field, as in the pack file.
    pub field: &'static str,
    /// Before.
    pub old: String,
    /// After.
    pub new: String,
}

/// A thing as title and fields in words.
type Flat = (String, Vec<(&'static str, String)>);

/// Compares two packs: what is added, removed and changed, in the order of kind and identifier.
#[must_use]
pub fn diff(old: &Pack, new: &Pack) -> Vec<Change> {
    let mut changes = Vec::new();
    let (mut before, mut after) = (flat(old), flat(new));
    let mut keys: Vec<(&'static str, String)> = before.keys().chain(after.keys()).cloned().collect();
    keys.sort_by(|a, b| (rank(a.0), &a.1).cmp(&(rank(b.0), &b.1)));
    keys.dedup();
    for key in keys {
        let (title, kind) = match (before.remove(&key), after.remove(&key)) {
            (None, None) => continue,
            (None, Some((title, _))) => (title, ChangeKind::Added),
            (Some((title, _)), None) => (title, ChangeKind::Removed),
            (Some((_, old)), Some((title, new))) => {
                let fields: Vec<FieldChange> = old
                    .into_iter()
                    .zip(new)
                    .filter(|((_, old), (_, new))| old != new)
                    .map(|((field, old), (_, new))| FieldChange { field, old, new })
                    .collect();
                if fields.is_empty() {
                    continue;
                }
                (title, ChangeKind::Changed(fields))
            }
        };
        changes.push(Change { what: key.0, id: key.1, title, kind });
    }
    changes
}

const KINDS: [&str; 9] =
    ["activity", "practice", "function", "role", "phase", "gate", "trigger", "post", "profile question"];

fn rank(what: &str) -> usize {
    KINDS.iter().position(|kind| *kind == what).unwrap_or(KINDS.len())
}

fn flat(pack: &Pack) -> BTreeMap<(&'static str, String), Flat> {
    let mut all: BTreeMap<(&'static str, String), Flat> = BTreeMap::new();
    for a in &pack.activities {
        all.insert(("activity", a.id.clone()), (a.title.clone(), activity_fields(a)));
    }
    for p in &pack.practices {
        let fields = vec![("title", p.title.clone()), ("purpose", p.purpose.clone()), ("function", p.function.clone())];
        all.insert(("practice", p.id.clone()), (p.title.clone(), fields));
    }
    for f in &pack.functions {
        let fields = vec![("title", f.title.clone()), ("about", f.about.clone())];
        all.insert(("function", f.id.clone()), (f.title.clone(), fields));
    }
    for r in &pack.roles {
        let fields = vec![("title", r.title.clone()), ("about", r.about.clone())];
        all.insert(("role", r.id.clone()), (r.title.clone(), fields));
    }
    for (at, p) in pack.phases.iter().enumerate() {
        let fields = vec![("title", p.title.clone()), ("about", p.about.clone()), ("order", at.to_string())];
        all.insert(("phase", p.id.clone()), (p.title.clone(), fields));
    }
    for g in &pack.gates {
        let fields = vec![
            ("title", g.title.clone()),
            ("models", crate::header::ids(&g.models)),
            ("phase", g.phase.clone().unwrap_or_default()),
            ("approver", g.approver.clone()),
            ("about", g.about.clone()),
        ];
        all.insert(("gate", g.id.clone()), (g.title.clone(), fields));
    }
    for t in &pack.triggers {
        all.insert(("trigger", t.id.clone()), (t.title.clone(), vec![("title", t.title.clone())]));
    }
    for p in &pack.posts {
        let fields = vec![("title", p.title.clone()), ("measures", p.measures.join(", "))];
        all.insert(("post", p.id.clone()), (p.title.clone(), fields));
    }
    risk_fields(pack, &mut all);
    all
}

fn risk_fields(pack: &Pack, all: &mut BTreeMap<(&'static str, String), Flat>) {
    for q in &pack.risk.questions {
        let answer = |a: &crate::model::Answer| {
            let least = a.at_least.map_or_else(String::new, |class| format!(", at least {class}"));
            format!("{} ({}{least})", a.title, a.weight)
        };
        let answers = q.answers.iter().map(answer).collect::<Vec<_>>().join("; ");
        let fields = vec![("title", q.title.clone()), ("several", q.several.to_string()), ("answers", answers)];
        all.insert(("profile question", q.id.clone()), (q.title.clone(), fields));
    }
    let sums = pack.risk.from.iter().map(|(class, sum)| format!("{class} from {sum}")).collect::<Vec<_>>().join(", ");
    let fields = vec![("from", sums), ("review_days", pack.risk.review_days.to_string())];
    all.insert(("profile", "risk".to_owned()), ("Risk classes".to_owned(), fields));
}

fn activity_fields(a: &Activity) -> Vec<(&'static str, String)> {
    let answers = a.answers.iter().map(|(name, ids)| format!("{name}: {}", ids.join(", ")));
    let evidence = a.evidence.iter().map(evidence_words).collect::<Vec<_>>().join("; ");
    let carry = match (a.carry.is_possible(), a.carry.days) {
        (false, _) => "never".to_owned(),
        (true, days) => {
            let until = crate::header::ids(&a.carry.until);
            let days = days.map_or_else(String::new, |days| format!("{days} days"));
            [until, days].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", ")
        }
    };
    vec![
        ("level", a.level.to_string()),
        ("scope", a.scope.to_string()),
        ("title", a.title.clone()),
        ("purpose", a.purpose.clone()),
        ("steps", a.steps.join("\n")),
        ("does", a.does.join(", ")),
        ("decides", a.decides.clone()),
        ("classes", crate::header::ids(&a.classes)),
        ("evidence", format!("{} {evidence}", a.evidence_rule.title())),
        ("due.waterfall", a.due.waterfall.as_ref().map_or_else(String::new, waterfall_words)),
        ("due.agile", a.due.agile.as_ref().map_or_else(String::new, agile_words)),
        ("due.devops", a.due.devops.as_ref().map_or_else(String::new, devops_words)),
        ("carry", carry),
        ("answers", answers.collect::<Vec<_>>().join("; ")),
    ]
}

fn waterfall_words(due: &crate::model::WaterfallDue) -> String {
    format!("{} {}, approved by {}", due.criterion.title(), due.phase, due.approver)
}

fn agile_words(due: &crate::model::AgileDue) -> String {
    use crate::model::AgileDue;
    match due {
        AgileDue::Done { words } => format!("definition of done: {words}"),
        AgileDue::Trigger { on } => format!("trigger: {}", on.join(", ")),
        AgileDue::Bucket { sprints } => format!("once in {sprints} sprints"),
        AgileDue::Setup => "set-up".to_owned(),
    }
}

fn devops_words(due: &crate::model::DevopsDue) -> String {
    let post = due.post.as_deref().unwrap_or("evidence on file");
    format!("{post}, at most {} days old{}", due.fresh_days, max_words(&due.max))
}

fn max_words(max: &crate::model::Thresholds) -> String {
    max.iter().map(|(measure, most)| format!(", at most {most} {measure}")).collect()
}

fn evidence_words(evidence: &Evidence) -> String {
    let valid = match evidence.validity {
        Validity::Days(days) => format!("{days} days"),
        Validity::Release => "the release".to_owned(),
    };
    let post = evidence.post.as_ref().map_or_else(String::new, |post| format!(" {post}"));
    let percent = evidence.min_percent.map_or_else(String::new, |percent| format!(", at least {percent} %"));
    let fact = evidence.fact.map_or_else(String::new, |fact| format!(" {fact}"));
    format!("{}{post}{fact} for {valid}{percent}{}: {}", evidence.kind.title(), max_words(&evidence.max), evidence.what)
}
