//! Reading `pack.toml`: identity, vocabulary, gates and the product profile.

use std::collections::{BTreeMap, BTreeSet};

use crate::frameworks::known_frameworks;
use crate::merge::{Build, Place};
use crate::model::{
    Answer, Framework, Function, Gate, Pack, Phase, Post, Question, Removal, RiskModel, Role, Trigger, Version,
};
use crate::table::{Table, Text};
use crate::words::{Model, RiskClass};

/// The format that this reader knows.
const FORMAT: u32 = 1;

pub(crate) fn read_header(table: Table<'_, '_>, base: Option<&Pack>) -> Build {
    let mut build = Build { header: table.file().to_owned(), ..Build::default() };
    if table.number("format", FORMAT..=FORMAT).is_none() && !table.has("format") {
        table.error(1, "missing", format!("pack.toml has no `format`; write `format = {FORMAT}`"));
    }
    let id = table.required("id");
    check_id(&table, &id);
    let extends = table.text("extends");
    inherit(&table, &mut build, extends.as_ref(), base);
    let pack = &mut build.pack;
    pack.id = id.words;
    let version = table.required("version");
    match Version::parse(&version.words) {
        Some(version) => pack.version = version,
        None if version.words.is_empty() => {}
        None => table.error(version.line, "bad-version", "`version` must be three numbers, such as 1.0.0".to_owned()),
    }
    pack.title = table.required("title").words;
    pack.about = table.text("about").map_or(std::mem::take(&mut pack.about), |text| text.words);
    pack.minimum_activities = table.number("minimum_activities", 1..=100).unwrap_or(pack.minimum_activities).max(1);
    pack.levels = table.number("levels", 1..=9).unwrap_or(pack.levels).max(1);
    read_models(&table, pack);
    read_lists(&table, pack);
    read_gates(&table, pack);
    if let Some(risk) = table.table("risk", "the product profile") {
        pack.risk = read_risk(risk);
    }
    for entry in table.tables("remove", "a removal") {
        let id = entry.required("id");
        let reason = entry.required("reason").words;
        let place = Place { file: table.file().to_owned(), line: id.line };
        build.removals.push((Removal { id: id.words, reason }, place));
        entry.done();
    }
    for (key, empty) in [("roles", build.pack.roles.is_empty()), ("functions", build.pack.functions.is_empty())] {
        if empty {
            table.error(1, "missing", format!("pack.toml names no `{key}`"));
        }
    }
    table.done();
    build
}

fn inherit(table: &Table<'_, '_>, build: &mut Build, extends: Option<&Text>, base: Option<&Pack>) {
    let wanted = table.number("extends_version", 0..=u32::MAX);
    let Some(extends) = extends else {
        if table.has("remove") {
            table.error(1, "nothing-to-remove", "`remove` needs a pack below: name it with `extends`".to_owned());
        }
        return;
    };
    let Some(base) = base.filter(|base| base.id == extends.words) else {
        let reason = format!("the pack `{}` that this one extends was not found or has errors itself", extends.words);
        return table.error(extends.line, "unknown-base", reason);
    };
    if wanted.is_some_and(|wanted| wanted != base.version.major) {
        let reason = format!(
            "this pack was written for version {} of `{}`, and that is now {}: compare, then raise `extends_version`",
            wanted.unwrap_or_default(),
            base.id,
            base.version
        );
        table.error(extends.line, "unknown-base", reason);
    }
    let mut pack = base.clone();
    build.inherited = std::mem::take(&mut pack.activities);
    build.inherited_practices = std::mem::take(&mut pack.practices);
    pack.removed.clear();
    pack.extends = Some((base.id.clone(), base.version));
    build.pack = pack;
}

/// Identifiers are lower case words with underscores, so that they can stand in addresses and file names.
pub(crate) fn check_id(table: &Table<'_, '_>, id: &Text) {
    let good = |part: &str| {
        part.bytes().next().is_some_and(|byte| byte.is_ascii_lowercase())
            && part.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_')
    };
    if !id.words.is_empty() && !good(&id.words) {
        let reason = format!("`{}` is no identifier: use small letters, digits and underscores", id.words);
        table.error(id.line, "bad-id", reason);
    }
}

fn read_models(table: &Table<'_, '_>, pack: &mut Pack) {
    let mut models = Vec::new();
    for text in table.texts("models") {
        match Model::parse(&text.words) {
            Some(model) if !models.contains(&model) => models.push(model),
            Some(_) => table.error(text.line, "duplicate-id", format!("`{}` is listed twice", text.words)),
            None => {
                let reason = format!("there is no delivery model `{}`; known are {}", text.words, ids(Model::ALL));
                table.error(text.line, "unknown-delivery-model", reason);
            }
        }
    }
    if !models.is_empty() {
        pack.models = models;
    }
    if pack.models.is_empty() {
        pack.models = Model::ALL.to_vec();
    }
}

/// Identifiers for a sentence.
pub(crate) fn ids<T: std::fmt::Display>(all: &[T]) -> String {
    all.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

/// Reads one list of the vocabulary: entries with the id of an inherited one take its place.
fn read_list<T>(
    table: &Table<'_, '_>,
    key: &str,
    what: &'static str,
    list: &mut Vec<T>,
    id_of: fn(&T) -> &str,
    read: impl Fn(&Table<'_, '_>, String) -> T,
) {
    let mut own = BTreeSet::new();
    for entry in table.tables(key, what) {
        let id = entry.required("id");
        check_id(&entry, &id);
        if !own.insert(id.words.clone()) {
            entry.error(id.line, "duplicate-id", format!("{what} `{}` is listed twice", id.words));
        }
        let value = read(&entry, id.words.clone());
        match list.iter_mut().find(|other| id_of(other) == id.words) {
            Some(other) => *other = value,
            None => list.push(value),
        }
        entry.done();
    }
}

fn about(entry: &Table<'_, '_>) -> String {
    entry.text("about").map_or_else(String::new, |text| text.words)
}

fn read_lists(table: &Table<'_, '_>, pack: &mut Pack) {
    read_list(
        table,
        "roles",
        "a role",
        &mut pack.roles,
        |role| &role.id,
        |entry, id| Role { id, title: entry.required("title").words, about: about(entry) },
    );
    read_list(
        table,
        "functions",
        "a function",
        &mut pack.functions,
        |function| &function.id,
        |entry, id| Function { id, title: entry.required("title").words, about: about(entry) },
    );
    // A vendor with other phases has other phases, not ours and theirs in one row.
    if table.has("phases") {
        pack.phases.clear();
    }
    read_list(
        table,
        "phases",
        "a phase",
        &mut pack.phases,
        |phase| &phase.id,
        |entry, id| Phase { id, title: entry.required("title").words, about: about(entry) },
    );
    read_list(
        table,
        "triggers",
        "a trigger",
        &mut pack.triggers,
        |trigger| &trigger.id,
        |entry, id| Trigger { id, title: entry.required("title").words },
    );
    read_list(
        table,
        "posts",
        "a kind of post",
        &mut pack.posts,
        |post| &post.id,
        |entry, id| Post {
            id,
            title: entry.required("title").words,
            measures: entry.texts("measures").into_iter().map(|text| text.words).collect(),
        },
    );
    read_list(
        table,
        "frameworks",
        "a framework",
        &mut pack.frameworks,
        |framework| &framework.id,
        |entry, id| {
            let known = known_frameworks().iter().find(|(known, _)| *known == id).map(|(_, title)| (*title).to_owned());
            let title = match (entry.text("title"), known) {
                (Some(text), _) => text.words,
                (None, Some(title)) => title,
                (None, None) => entry.required("title").words,
            };
            Framework { id, title }
        },
    );
}

fn read_gates(table: &Table<'_, '_>, pack: &mut Pack) {
    let mut gates = std::mem::take(&mut pack.gates);
    if table.has("phases") || table.has("gates") {
        gates.clear();
    }
    let known = &*pack;
    read_list(
        table,
        "gates",
        "a gate",
        &mut gates,
        |gate| &gate.id,
        |entry, id| {
            let phase = entry.text("phase");
            if let Some(phase) = &phase {
                check_phase(entry, known, phase);
            }
            let approver = entry.required("approver");
            check_role(entry, known, &approver);
            let mut models: Vec<Model> = Vec::new();
            for text in entry.texts("models") {
                match Model::parse(&text.words) {
                    Some(model) => models.push(model),
                    None => {
                        let reason = format!("there is no delivery model `{}`", text.words);
                        entry.error(text.line, "unknown-delivery-model", reason);
                    }
                }
            }
            if models.is_empty() {
                models = if phase.is_some() { vec![Model::Waterfall] } else { known.models.clone() };
            }
            let phase = phase.map(|text| text.words);
            Gate {
                id,
                title: entry.required("title").words,
                models,
                phase,
                approver: approver.words,
                about: about(entry),
            }
        },
    );
    pack.gates = gates;
}

pub(crate) fn check_role(table: &Table<'_, '_>, pack: &Pack, role: &Text) {
    if !role.words.is_empty() && pack.role(&role.words).is_none() {
        let known: Vec<&str> = pack.roles.iter().map(|role| role.id.as_str()).collect();
        let reason = format!("there is no role `{}`; pack.toml names {}", role.words, known.join(", "));
        table.error(role.line, "unknown-role", reason);
    }
}

pub(crate) fn check_phase(table: &Table<'_, '_>, pack: &Pack, phase: &Text) {
    if !phase.words.is_empty() && pack.phase_index(&phase.words).is_none() {
        let known: Vec<&str> = pack.phases.iter().map(|phase| phase.id.as_str()).collect();
        let reason = format!("there is no phase `{}`; pack.toml names {}", phase.words, known.join(", "));
        table.error(phase.line, "unknown-phase", reason);
    }
}

fn read_risk(table: Table<'_, '_>) -> RiskModel {
    let review_days = table.number("review_days", 1..=3650).unwrap_or(365);
    let mut from = BTreeMap::new();
    if let Some(sums) = table.table("from", "the class table") {
        let mut last = 0;
        for class in [RiskClass::Moderate, RiskClass::High, RiskClass::Critical] {
            match sums.number(class.id(), 1..=10_000) {
                Some(sum) if sum > last => {
                    last = sum;
                    from.insert(class, sum);
                }
                Some(_) => {
                    let reason = format!("the sum for `{class}` must be above that of the class before it");
                    sums.error(sums.line, "risk-classes", reason);
                }
                None if sums.has(class.id()) => {}
                None => sums.error(sums.line, "risk-classes", format!("no sum is given for the class `{class}`")),
            }
        }
        sums.done();
    } else {
        table.error(table.line, "risk-classes", "`risk.from` must say from which sum each class begins".to_owned());
    }
    let mut questions = Vec::new();
    let line = table.line;
    read_list(
        &table,
        "questions",
        "a profile question",
        &mut questions,
        |question: &Question| &question.id,
        |q, id| {
            let mut answers = Vec::new();
            read_list(q, "answers", "an answer", &mut answers, |answer: &Answer| &answer.id, read_answer);
            if answers.len() < 2 {
                q.error(q.line, "too-few-answers", format!("the question `{id}` needs at least two answers"));
            }
            Question { id, title: q.required("title").words, about: about(q), several: q.flag("several"), answers }
        },
    );
    if questions.is_empty() {
        table.error(line, "missing", "the product profile has no questions".to_owned());
    }
    table.done();
    RiskModel { questions, from, review_days }
}

fn read_answer(entry: &Table<'_, '_>, id: String) -> Answer {
    let at_least = entry.text("at_least").and_then(|text| {
        let class = RiskClass::parse(&text.words);
        if class.is_none() {
            let reason = format!("there is no risk class `{}`; known are {}", text.words, ids(RiskClass::ALL));
            entry.error(text.line, "unknown-class", reason);
        }
        class
    });
    if !entry.has("weight") {
        entry.error(entry.line, "missing", format!("the answer `{id}` has no `weight`"));
    }
    let weight = entry.number("weight", 0..=1000).unwrap_or_default();
    let reason = entry.required("reason").words;
    Answer { id, title: entry.required("title").words, weight, at_least, reason }
}
