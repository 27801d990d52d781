//! Every public vector with its expected scores; every vector that must be refused.

use std::path::PathBuf;

use cvss::{Score, Vector};

/// The folder of public vectors, when it is there.
#[expect(clippy::disallowed_methods, clippy::print_stdout, reason = "a test finds its data, or says that it did not")]
fn folder() -> Option<PathBuf> {
    let root = std::env::var("PORTCULLIS_CORPUS")
        .unwrap_or_else(|_| concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data").to_owned());
    let folder = PathBuf::from(root).join("cvss");
    if !folder.is_dir() {
        println!("skipped: there is no folder {}; set PORTCULLIS_CORPUS", folder.display());
        return None;
    }
    Some(folder)
}

/// The list writes a zero that was rounded from below as -0.0.
fn tenths(text: &str) -> Option<Score> {
    (!text.is_empty()).then(|| Score::parse(text.trim_start_matches('-')).unwrap())
}

#[test]
fn public_vectors_have_their_scores() {
    let Some(folder) = folder() else { return };
    let mut reader = csv::Reader::from_path(folder.join("vectors.csv")).unwrap();
    let mut wrong = Vec::new();
    let mut count = 0;
    for row in reader.records() {
        let row = row.unwrap();
        let vector = Vector::parse(&row[1]).unwrap_or_else(|error| panic!("{}: {error}", &row[1]));
        let scores = vector.scores();
        let pairs = [
            ("base", tenths(&row[2]), Some(scores.base)),
            ("temporal", tenths(&row[3]), scores.temporal),
            ("environmental", tenths(&row[4]), scores.environmental),
            ("score", tenths(&row[5]), Some(scores.score)),
        ];
        for (name, expected, found) in pairs {
            if expected.is_some() && expected != found {
                wrong.push(format!("{} {name}: expected {expected:?}, found {found:?}", &row[1]));
            }
        }
        if !row[6].is_empty() && row[6] != *vector.severity().as_str() {
            wrong.push(format!("{}: expected {}, found {}", &row[1], &row[6], vector.severity()));
        }
        assert_eq!(vector.version().as_str(), &row[0]);
        assert_eq!(Vector::parse(&vector.canonical()), Ok(vector));
        count += 1;
    }
    assert!(count > 0);
    assert!(wrong.is_empty(), "{} of {count}\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn public_invalid_vectors_are_refused() {
    let Some(folder) = folder() else { return };
    let text = std::fs::read_to_string(folder.join("invalid-vectors.json")).unwrap();
    let list: serde_json::Value = serde_json::from_str(&text).unwrap();
    for case in list["cases"].as_array().unwrap() {
        let vector = case["vector"].as_str().unwrap();
        assert!(Vector::parse(vector).is_err(), "{vector}");
    }
}
