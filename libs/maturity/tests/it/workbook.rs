//! Toolbox workbooks: what is read, what is found, and what is refused.

use limits::Limits;
use maturity::{Ratio, Severity, Workbook, read_workbook};

use crate::fixture::{Put, archive, first, second, workbook};

fn read(bytes: &[u8]) -> Workbook {
    read_workbook(bytes, &Limits::DOCUMENT).unwrap()
}

fn rules(workbook: &Workbook) -> Vec<(&'static str, &str)> {
    workbook.findings.iter().map(|finding| (finding.rule, finding.place.as_str())).collect()
}

#[test]
fn a_first_generation_interview_is_scored() {
    let workbook = read(&first(["All", "None", "A few", "Half"], [0.5, 0.2, 0.5, 1.2]));
    assert_eq!(rules(&workbook), []);
    assert_eq!(workbook.model.title, "SAMM 1.5");
    let function = &workbook.scores.functions[0];
    assert_eq!((function.title.as_str(), function.practices[0].title.as_str()), ("Upper floor", "Lamps"));
    let levels: Vec<Option<Ratio>> = function.practices[0].levels.iter().map(|level| level.score).collect();
    assert_eq!(levels, [Ratio::new(1, 2), Ratio::new(1, 5), Ratio::new(1, 2)]);
    assert_eq!(function.practices[0].score, Ratio::new(6, 5));
    assert_eq!(workbook.about, [("Organization".to_owned(), "Halden Systems".to_owned())]);
}

#[test]
fn a_cell_that_differs_from_the_answers_is_found() {
    let workbook = read(&first(["All", "None", "A few", "Half"], [0.5, 0.2, 0.9, 1.6]));
    assert_eq!(rules(&workbook), [("score-differs", "Interview!H24"), ("score-differs", "Interview!J18")]);
    assert!(workbook.findings[0].message.contains("0.9") && workbook.findings[0].message.contains("0.5000"));
}

#[test]
fn an_answer_outside_its_set_counts_as_nothing_and_is_found() {
    let workbook = read(&first(["All", "Half", "A few ", "Half"], [0.5, 0.0, 0.5, 1.0]));
    let found = rules(&workbook);
    assert!(
        found.contains(&("unknown-answer", "Interview!E20")) && found.contains(&("unknown-answer", "Interview!E22"))
    );
    assert!(!found.iter().any(|(rule, _)| *rule == "score-differs"), "{found:?}");
    assert_eq!(workbook.scores.unanswered, 2);
}

#[test]
fn upper_and_lower_case_are_the_same_as_in_the_sheets_own_lookup() {
    let workbook = read(&first(["ALL", "none", "a few", "half"], [0.5, 0.2, 0.5, 1.2]));
    assert_eq!(rules(&workbook), []);
}

#[test]
fn not_applicable_is_a_state_and_counts_as_the_toolbox_counts_it() {
    let workbook = read(&first(["All", "No, it is not applicable", "A few", "Half"], [1.0, 0.2, 0.5, 1.7]));
    assert_eq!(rules(&workbook), [("not-applicable", "Interview!E20")]);
    assert_eq!(workbook.findings[0].severity, Severity::Note);
    assert_eq!(workbook.scores.not_applicable, 1);
}

#[test]
fn a_second_generation_interview_is_scored_without_any_cached_value() {
    let workbook = read(&second(["All", "A few", "Half", "None", "All", ""]));
    assert_eq!(workbook.model.id, "samm-2");
    let practice = &workbook.scores.functions[0].practices[0];
    assert_eq!((practice.id.as_str(), practice.title.as_str()), ("LA", "Lamps"));
    let levels: Vec<Option<Ratio>> = practice.levels.iter().map(|level| level.score).collect();
    assert_eq!(levels, [Ratio::new(5, 8), Ratio::new(1, 4), Ratio::new(1, 2)]);
    assert_eq!(practice.score, Ratio::new(11, 8));
    assert_eq!(rules(&workbook), [("no-scores-shown", "Interview"), ("unanswered", "Interview")]);
}

#[test]
fn other_files_are_refused_in_words() {
    let words = |bytes: &[u8]| read_workbook(bytes, &Limits::DOCUMENT).unwrap_err().to_string();
    assert!(words(b"hello").contains("not a ZIP"));
    assert!(words(&archive(&[("a.txt".to_owned(), "b".to_owned())])).contains(".xlsx"));
    assert!(words(&workbook(&[("Sheet1", &[])])).contains("Interview"));
    assert!(words(&workbook(&[("Interview", &[Put::Number("A1", 1.0)])])).contains("SM1"));
    let whole = first(["All", "None", "A few", "Half"], [0.5, 0.2, 0.5, 1.2]);
    assert!(!words(&whole[..whole.len() / 2]).is_empty());
}

#[test]
fn archives_that_expand_without_end_are_refused() {
    let bomb = archive(&[("xl/big.xml".to_owned(), " ".repeat(5_000_000))]);
    assert!(bomb.len() < 100_000);
    let limits = Limits { expanded: 1_000_000, ..Limits::DOCUMENT };
    assert!(read_workbook(&bomb, &limits).unwrap_err().to_string().contains("expands"));
    let limits = Limits { bytes: 1_000, ..Limits::DOCUMENT };
    assert!(read_workbook(&bomb, &limits).unwrap_err().to_string().contains("longer"));
}

#[test]
fn a_cell_at_the_end_of_the_world_costs_nothing() {
    let far = workbook(&[("Interview", &[Put::Number("A1", 1.0), Put::Text("XFD1048576", "far".to_owned())])]);
    assert!(read_workbook(&far, &Limits::DOCUMENT).is_err());
}

/// The filled example of the 1.5 toolbox: our scores equal those in its own cells.
#[test]
fn the_public_example_has_the_scores_of_its_own_sheet() {
    let Some(folder) = crate::corpus::folder() else { return };
    let bytes = std::fs::read(folder.join("samm-1.5/OpenSAMM_Assessment_Toolbox_v1.5-Example_RC1.xlsx")).unwrap();
    let workbook = read(&bytes);
    assert_eq!(rules(&workbook), []);
    let text = std::fs::read_to_string(folder.join("samm-1.5/example-assessment.json")).unwrap();
    let expected: serde_json::Value = serde_json::from_str(&text).unwrap();
    let mut compared = 0;
    for practice in expected["expected_practices"].as_array().unwrap() {
        let own = workbook
            .scores
            .functions
            .iter()
            .flat_map(|function| &function.practices)
            .find(|own| own.title == practice["practice"].as_str().unwrap())
            .unwrap();
        let near = |own: Option<Ratio>, shown: &serde_json::Value| {
            (own.unwrap().value() - shown.as_f64().unwrap()).abs() < 1e-4
        };
        assert!(near(own.score, &practice["score"]), "{practice}");
        for (level, key) in own.levels.iter().zip(["level1", "level2", "level3"]) {
            assert!(near(level.score, &practice[key]), "{practice} {key}");
        }
        compared += 1;
    }
    assert_eq!(compared, 6);
    assert_eq!(workbook.model.questions().count(), 77);
}

#[test]
fn the_public_empty_toolboxes_are_all_zero() {
    let Some(folder) = crate::corpus::folder() else { return };
    for (file, questions) in
        [("samm-1.5/SAMM_Assessment_Toolbox_v1.5_FINAL.xlsx", 77), ("samm-2.0/SAMM_Assessment_Toolbox_v2.0.xlsx", 90)]
    {
        let workbook = read(&std::fs::read(folder.join(file)).unwrap());
        assert_eq!(workbook.scores.overall, Some(Ratio::ZERO), "{file}");
        assert_eq!((workbook.scores.unanswered, workbook.model.questions().count()), (questions, questions), "{file}");
        assert_eq!(rules(&workbook), [("unanswered", "Interview")], "{file}");
    }
}
