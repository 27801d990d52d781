//! Import of official model files.

use std::collections::BTreeMap;

use maturity::{Given, Ratio, read_core_model, score};

use crate::corpus;

/// A model of one practice, written for this test.
const SMALL: [(&str, &str); 8] = [
    (
        "function.yml",
        "---\n# a comment\nid: f1\nmodel: LAMPS\nname: Upper floor\norder: 1\ncolor:\n  #123456\ntype: Function\n",
    ),
    ("practice.yml", "id: p1\nfunction: f1\nname: Lamps\nshortName: LA\norder: 1\ntype: Practice\n"),
    ("stream.yml", "id: s1\npractice: p1\nletter: A\ntype: Stream\n"),
    ("maturity.yml", "id: m1\nnumber: 1\ntype: MaturityLevel\n"),
    ("level.yml", "id: l1\npractice: p1\nmaturityLevel: m1\nobjective: Light.\ntype: PracticeLevel\n"),
    ("activity.yml", "id: a1\nstream: s1\nlevel: l1\ntitle: Light it\ntype: Activity\n"),
    (
        "answers.yml",
        "id: y1\nvalues:\n- text: Yes\n  value: 1\n  order: 1\n- text: No\n  value: 0\n  order: 0\ntype: AnswerSet\n",
    ),
    (
        "question.yml",
        "id: q1\nactivity: a1\nanswerSet: y1\ntext: Does it burn?\nquality:\n- It does.\norder: 1\ntype: Question\n",
    ),
];

fn read(files: &[(&str, String)]) -> Result<maturity::Model, maturity::Error> {
    let files: Vec<(&str, &[u8])> = files.iter().map(|(name, text)| (*name, text.as_bytes())).collect();
    read_core_model(&files)
}

fn small() -> Vec<(&'static str, String)> {
    SMALL.iter().map(|(name, text)| (*name, (*text).to_owned())).collect()
}

#[test]
fn links_between_files_become_a_model() {
    let model = read(&small()).unwrap();
    assert_eq!(model.id, "LAMPS");
    let (function, practice, level, question) = model.questions().next().unwrap();
    assert_eq!(
        (function.title.as_str(), practice.id.as_str(), level.objective.as_str()),
        ("Upper floor", "LA", "Light.")
    );
    assert_eq!((question.stream.as_deref(), question.guidance.len()), (Some("A"), 1));
    assert_eq!(model.answer_set("y1").unwrap().choices[1].text, "Yes");
}

#[test]
fn broken_models_are_refused_by_name() {
    let broken = |at: usize, from: &str, to: &str| {
        let mut files = small();
        assert!(files[at].1.contains(from));
        files[at].1 = files[at].1.replace(from, to);
        read(&files).unwrap_err().to_string()
    };
    assert!(broken(7, "answerSet: y1", "answerSet: nowhere").contains("nowhere"));
    assert!(broken(5, "level: l1", "level: l9").contains("without questions"));
    assert!(broken(1, "function: f1", "function: f9").contains("f9"));
    assert!(broken(0, "id: f1", "id: [").contains("function.yml"));
    assert!(broken(0, "type: Function", "type: Folder").contains("no model files"));
    let mut twice = small();
    twice.push(("copy.yml", twice[0].1.clone()));
    assert!(read(&twice).unwrap_err().to_string().contains("copy.yml"));
}

#[test]
fn aliases_that_multiply_are_refused() {
    let mut files = small();
    let mut bomb = String::from("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    for depth in 1..12 {
        let previous = format!("*a{}", depth - 1);
        bomb.push_str(&format!("a{depth}: &a{depth} [{}]\n", vec![previous; 10].join(", ")));
    }
    bomb.push_str("type: Function\nid: f2\nquality: *a11\n");
    files.push(("bomb.yml", bomb));
    assert!(read(&files).is_err());
}

/// Answer sheets for the official model score as the official toolbox scores them.
#[test]
fn public_answer_sheets_have_their_expected_scores() {
    let Some(folder) = corpus::folder() else { return };
    let mut files = Vec::new();
    let mut folders = vec![folder.join("samm-core")];
    while let Some(next) = folders.pop() {
        for entry in std::fs::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                files.push((path.to_string_lossy().into_owned(), std::fs::read(&path).unwrap()));
            }
        }
    }
    let borrowed: Vec<(&str, &[u8])> = files.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice())).collect();
    let model = read_core_model(&borrowed).unwrap();
    assert_eq!(model.functions.len(), 5);
    assert_eq!(model.questions().count(), 90);
    let text = std::fs::read_to_string(folder.join("samm2-assessments.json")).unwrap();
    let sheets: serde_json::Value = serde_json::from_str(&text).unwrap();
    let mut compared = 0;
    for sheet in sheets["assessments"].as_array().unwrap() {
        let answers: BTreeMap<String, Given> = sheet["answers"]
            .as_object()
            .unwrap()
            .iter()
            .map(|(id, order)| (id.clone(), Given::Choice(usize::try_from(order.as_u64().unwrap()).unwrap())))
            .collect();
        let scores = score(&model, &answers);
        let near = |own: Option<Ratio>, shown: &serde_json::Value| {
            assert!((own.unwrap().value() - shown.as_f64().unwrap()).abs() < 1e-4, "{} {shown}", sheet["id"]);
        };
        for function in &scores.functions {
            near(function.score, &sheet["expected"]["functions"][&function.title]);
            for practice in &function.practices {
                near(practice.score, &sheet["expected"]["practices"][format!("{}/{}", function.title, practice.id)]);
                compared += 1;
            }
        }
        near(scores.overall, &sheet["expected"]["overall"]);
    }
    assert_eq!(compared, 12 * 15);
}
