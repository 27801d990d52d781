//! Reading a practice file: the practice and its activities, with every reference checked where it stands.

use std::collections::BTreeMap;

use crate::frameworks::{Existence, lookup};
use crate::header::{check_id, check_phase, check_role, ids};
use crate::merge::{Build, Place};
use crate::model::{
    Activity, AgileDue, Carry, Delivery, DevopsDue, Evidence, Pack, Practice, Thresholds, Validity, WaterfallDue,
};
use crate::table::{Table, Text};
use crate::words::{Change, Criterion, EvidenceKind, EvidenceRule, Fact, Model, RiskClass, Scope};

/// Most days for any validity: twenty years.
const DAYS: u32 = 7_300;
/// Measures of scan reports, whatever the pack declares for its posts.
const SEVERITIES: [&str; 5] = ["critical", "high", "medium", "low", "info"];

pub(crate) fn read_practice(table: &Table<'_, '_>, build: &mut Build) {
    let practice = table.required("practice");
    check_id(table, &practice);
    let inherited = build.inherited_practices.iter().any(|other| other.id == practice.words);
    let place = Place { file: table.file().to_owned(), line: practice.line };
    // A file that only adds to a practice of the pack below leaves its title alone.
    if !inherited || table.has("title") {
        let function = table.required("function");
        if !function.words.is_empty() && !build.pack.functions.iter().any(|other| other.id == function.words) {
            let known: Vec<&str> = build.pack.functions.iter().map(|function| function.id.as_str()).collect();
            let reason = format!("there is no function `{}`; pack.toml names {}", function.words, known.join(", "));
            table.error(function.line, "unknown-function", reason);
        }
        let title = table.required("title").words;
        let purpose = table.required("purpose").words;
        let practice = Practice { id: practice.words.clone(), function: function.words, title, purpose };
        build.add_practice(practice, place, table.sink());
    }
    for entry in table.tables("activities", "an activity") {
        let id = entry.required("id");
        let replaces = entry.flag("replace");
        let activity = read_activity(&entry, &id, &practice.words, &build.pack);
        let place = Place { file: table.file().to_owned(), line: id.line };
        if !activity.id.is_empty() {
            build.add(activity, place, replaces, table.sink());
        }
        entry.done();
    }
}

fn read_activity(entry: &Table<'_, '_>, id: &Text, practice: &str, pack: &Pack) -> Activity {
    check_activity_id(entry, id, practice);
    if !entry.has("level") {
        entry.error(entry.line, "missing-level", format!("`{}` has no `level`: say 1 to {}", id.words, pack.levels));
    }
    let level = entry.number("level", 1..=pack.levels).unwrap_or(1);
    let does = entry.some_texts("does");
    let decides = entry.required("decides");
    for role in does.iter().chain(std::iter::once(&decides)) {
        check_role(entry, pack, role);
    }
    let title = entry.required("title").words;
    let purpose = entry.required("purpose").words;
    let steps = words(entry.some_texts("steps"));
    let classes = words_of(entry, entry.some_texts("classes"), RiskClass::parse, RiskClass::ALL, "unknown-class");
    let (evidence_rule, evidence) = read_evidence_list(entry, pack);
    Activity {
        id: id.words.clone(),
        practice: practice.to_owned(),
        level,
        scope: one_word(entry, "scope", Scope::parse, Scope::ALL).unwrap_or(Scope::Release),
        title,
        purpose,
        steps,
        does: words(does),
        decides: decides.words,
        classes,
        evidence_rule,
        evidence,
        due: read_due(entry, pack),
        carry: read_carry(entry),
        answers: read_answers(entry, pack),
    }
}

fn check_activity_id(entry: &Table<'_, '_>, id: &Text, practice: &str) {
    if id.words.is_empty() {
        return;
    }
    match id.words.split_once('.') {
        Some((before, name)) if before == practice => {
            check_id(entry, &Text { words: name.to_owned(), line: id.line });
            if name.is_empty() {
                entry.error(id.line, "bad-id", format!("`{}` has no name after the dot", id.words));
            }
        }
        Some(_) | None => {
            let reason = format!("the id `{}` must begin with its practice: `{practice}.…`", id.words);
            entry.error(id.line, "bad-id", reason);
        }
    }
}

fn words(texts: Vec<Text>) -> Vec<String> {
    texts.into_iter().map(|text| text.words).collect()
}

/// Texts as words of a vocabulary; each unknown one is a finding on its line.
fn words_of<T: Copy + PartialEq + std::fmt::Display>(
    entry: &Table<'_, '_>,
    texts: Vec<Text>,
    parse: fn(&str) -> Option<T>,
    all: &[T],
    rule: &'static str,
) -> Vec<T> {
    let mut values = Vec::new();
    for text in texts {
        match parse(&text.words) {
            Some(value) if !values.contains(&value) => values.push(value),
            Some(_) => entry.warn(text.line, "duplicate-id", format!("`{}` is listed twice", text.words)),
            None => entry.error(text.line, rule, format!("there is no `{}`; known are {}", text.words, ids(all))),
        }
    }
    values
}

/// One word of a vocabulary, or nothing when the key is missing or wrong.
fn one_word<T: Copy + PartialEq + std::fmt::Display>(
    entry: &Table<'_, '_>,
    key: &str,
    parse: fn(&str) -> Option<T>,
    all: &[T],
) -> Option<T> {
    let text = entry.text(key)?;
    words_of(entry, vec![text], parse, all, "unknown-word").first().copied()
}

fn read_evidence_list(entry: &Table<'_, '_>, pack: &Pack) -> (EvidenceRule, Vec<Evidence>) {
    let rule = one_word(entry, "evidence_rule", EvidenceRule::parse, EvidenceRule::ALL).unwrap_or(EvidenceRule::All);
    let list: Vec<Evidence> =
        entry.tables("evidence", "evidence").into_iter().filter_map(|item| read_evidence(item, pack)).collect();
    if !entry.has("evidence") {
        entry.error(entry.line, "missing", "an activity has no `evidence`: nothing could ever settle it".to_owned());
    }
    (rule, list)
}

fn read_evidence(item: Table<'_, '_>, pack: &Pack) -> Option<Evidence> {
    let kind = item.required("kind");
    let what = item.required("what").words;
    let days = item.number("valid_days", 1..=DAYS);
    let per = item.text("valid");
    let validity = match (days, &per, item.has("valid_days")) {
        (Some(days), None, _) => Validity::Days(days),
        (None, Some(text), false) if text.words == "release" => Validity::Release,
        (None, None, true) => Validity::Release,
        (Some(_) | None, _, _) => {
            let reason = "say how long it holds: either `valid_days = …` or `valid = \"release\"`".to_owned();
            item.error(per.map_or(item.line, |text| text.line), "validity", reason);
            Validity::Release
        }
    };
    let parsed = EvidenceKind::parse(&kind.words);
    if parsed.is_none() && !kind.words.is_empty() {
        let reason = format!("there is no kind of evidence `{}`; known are {}", kind.words, ids(EvidenceKind::ALL));
        item.error(kind.line, "unknown-evidence-kind", reason);
    }
    let mut evidence =
        Evidence { kind: parsed?, what, validity, post: None, max: Thresholds::new(), min_percent: None, fact: None };
    match evidence.kind {
        EvidenceKind::PipelinePost | EvidenceKind::ScanReport => {
            let post = item.required("post");
            check_post(&item, pack, &post);
            evidence.max = read_max(&item, pack, Some(&post.words));
            evidence.post = Some(post.words);
        }
        EvidenceKind::TestReport => evidence.max = read_max(&item, pack, None),
        EvidenceKind::TrainingCoverage => {
            if !item.has("min_percent") {
                item.error(item.line, "missing", "training coverage needs `min_percent`".to_owned());
            }
            evidence.min_percent = item.number("min_percent", 1..=100);
        }
        EvidenceKind::Fact => {
            item.required("fact");
            evidence.fact = one_word(&item, "fact", Fact::parse, Fact::ALL);
        }
        EvidenceKind::Document
        | EvidenceKind::Link
        | EvidenceKind::File
        | EvidenceKind::Sbom
        | EvidenceKind::ThreatModel
        | EvidenceKind::Review => {}
    }
    item.done();
    Some(evidence)
}

fn check_post(table: &Table<'_, '_>, pack: &Pack, post: &Text) {
    if !post.words.is_empty() && !pack.posts.iter().any(|known| known.id == post.words) {
        let known: Vec<&str> = pack.posts.iter().map(|post| post.id.as_str()).collect();
        let reason = format!("there is no kind of post `{}`; pack.toml names {}", post.words, known.join(", "));
        table.error(post.line, "unknown-post", reason);
    }
}

/// Thresholds: keys are the measures of the post, or severities and `failed` where no post is named.
fn read_max(table: &Table<'_, '_>, pack: &Pack, post: Option<&str>) -> Thresholds {
    let mut max = Thresholds::new();
    let Some(bounds) = table.table("max", "the thresholds") else { return max };
    let declared = post.and_then(|post| pack.posts.iter().find(|known| known.id == post));
    for key in bounds.keys() {
        let known = match declared {
            Some(post) => post.measures.contains(&key.words),
            None => SEVERITIES.contains(&key.words.as_str()) || key.words == "failed",
        };
        if !known {
            let reason = format!("`{}` cannot have a threshold here: it is not among what is counted", key.words);
            bounds.error(key.line, "unknown-measure", reason);
        }
        if let Some(number) = bounds.number(&key.words, 0..=1_000_000) {
            max.insert(key.words, number);
        }
    }
    max
}

fn read_due(entry: &Table<'_, '_>, pack: &Pack) -> Delivery {
    let mut due = Delivery::default();
    let Some(table) = entry.table("due", "the due table") else {
        entry.error(entry.line, "missing", "an activity has no `due`: say when, for each delivery model".to_owned());
        return due;
    };
    due.waterfall = table.table("waterfall", "due in waterfall").map(|way| read_waterfall(way, pack));
    due.agile = table.table("agile", "due in agile").and_then(|way| read_agile(way, pack));
    due.devops = table.table("devops", "due in DevOps").map(|way| read_devops(way, pack));
    for model in &pack.models {
        if !table.has(model.id()) {
            let reason = format!("nothing says when this is due in the model `{model}`");
            table.warn(table.line, "missing-delivery-model", reason);
        }
    }
    for model in Model::ALL {
        if table.has(model.id()) && !pack.models.contains(model) {
            table.warn(table.line, "unknown-delivery-model", format!("this pack does not use the model `{model}`"));
        }
    }
    table.done_as("unknown-delivery-model");
    due
}

fn read_waterfall(way: Table<'_, '_>, pack: &Pack) -> WaterfallDue {
    let phase = way.required("phase");
    check_phase(&way, pack, &phase);
    let approver = way.required("approver");
    check_role(&way, pack, &approver);
    let criterion = one_word(&way, "criterion", Criterion::parse, Criterion::ALL).unwrap_or(Criterion::Exit);
    way.done_as("unknown-delivery-key");
    WaterfallDue { phase: phase.words, criterion, approver: approver.words }
}

fn read_agile(way: Table<'_, '_>, pack: &Pack) -> Option<AgileDue> {
    let rule = way.required("rule");
    let due = match rule.words.as_str() {
        "done" => Some(AgileDue::Done { words: way.required("words").words }),
        "trigger" => {
            let on = way.some_texts("on");
            for trigger in &on {
                if !pack.triggers.iter().any(|known| known.id == trigger.words) {
                    let known: Vec<&str> = pack.triggers.iter().map(|trigger| trigger.id.as_str()).collect();
                    let reason =
                        format!("there is no trigger `{}`; pack.toml names {}", trigger.words, known.join(", "));
                    way.error(trigger.line, "unknown-trigger", reason);
                }
            }
            Some(AgileDue::Trigger { on: words(on) })
        }
        "bucket" => {
            if !way.has("sprints") {
                way.error(way.line, "missing", "a bucket needs `sprints`: within how many it comes round".to_owned());
            }
            Some(AgileDue::Bucket { sprints: way.number("sprints", 1..=100).unwrap_or(1) })
        }
        "setup" => Some(AgileDue::Setup),
        "" => None,
        other => {
            let reason = format!("there is no agile rule `{other}`; known are done, trigger, bucket, setup");
            way.error(rule.line, "unknown-delivery-key", reason);
            return None;
        }
    };
    way.done_as("unknown-delivery-key");
    due
}

fn read_devops(way: Table<'_, '_>, pack: &Pack) -> DevopsDue {
    let post = way.text("post");
    if let Some(post) = &post {
        check_post(&way, pack, post);
    }
    if !way.has("fresh_days") {
        way.error(way.line, "missing", "an evidence contract needs `fresh_days`: how old it may be".to_owned());
    }
    let fresh_days = way.number("fresh_days", 1..=DAYS).unwrap_or(1);
    let max = read_max(&way, pack, post.as_ref().map(|post| post.words.as_str()));
    way.done_as("unknown-delivery-key");
    DevopsDue { post: post.map(|post| post.words), fresh_days, max }
}

fn read_carry(entry: &Table<'_, '_>) -> Carry {
    let Some(table) = entry.table("carry", "the carry-over rule") else {
        let reason = "an activity has no `carry`: say until what it holds, or `carry = { never = true }`".to_owned();
        entry.error(entry.line, "missing", reason);
        return Carry::default();
    };
    let never = table.flag("never");
    let until = words_of(&table, table.texts("until"), Change::parse, Change::ALL, "unknown-change");
    let carry = Carry { until, days: table.number("days", 1..=DAYS) };
    if never == (table.has("until") || table.has("days")) {
        let reason = "say either `never = true`, or `until` and `days`".to_owned();
        table.error(table.line, "carry", reason);
    }
    table.done();
    carry
}

fn read_answers(entry: &Table<'_, '_>, pack: &Pack) -> BTreeMap<String, Vec<String>> {
    let mut answers = BTreeMap::new();
    let Some(table) = entry.table("answers", "the list of identifiers") else { return answers };
    for framework in table.keys() {
        if !pack.frameworks.iter().any(|known| known.id == framework.words) {
            let reason = format!("pack.toml does not name a framework `{}`", framework.words);
            table.error(framework.line, "unknown-framework", reason);
        }
        let mut list: Vec<String> = Vec::new();
        for id in table.texts(&framework.words) {
            match lookup(&framework.words, &id.words) {
                Existence::Missing => {
                    let reason = format!("`{}` has no identifier `{}`", framework.words, id.words);
                    table.error(id.line, "unknown-identifier", reason);
                }
                Existence::Exists | Existence::UnknownFramework if list.contains(&id.words) => {
                    table.warn(id.line, "duplicate-id", format!("`{}` is listed twice", id.words));
                }
                Existence::Exists | Existence::UnknownFramework => list.push(id.words),
            }
        }
        answers.insert(framework.words, list);
    }
    answers
}
