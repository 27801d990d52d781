//! Workbooks and models that are read, and those that are refused whole.

use std::path::PathBuf;

use super::Vendor;
use super::sheet::{archive, workbook};

const IMPORT: &str = "/desk/assessments/import";

fn fields(day: &str) -> Vec<(&str, &str)> {
    vec![("place", "all"), ("assessed_on", day), ("name", "")]
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_filled_workbook_becomes_an_assessment_with_its_scores() {
    let mut vendor = Vendor::new().await;
    let file = workbook("Half");
    let client = &mut vendor.lead.client;
    let answer = client.post_files(IMPORT, &fields("2026-02-01"), &[("file", "filled.xlsx", &file)]).await.expect(303);
    let at = answer.location().to_owned();
    client.get(&at).await.expect(200).says("Halden Systems").says("filled.xlsx");
    client.get(&format!("{at}?format=csv")).await.expect(200).says("Upper floor,Lamps,1.5000,1,0.5000");
    vendor.validate_all(&at).await;
    vendor.finish(&at, &[]).await.expect(303);
    let client = &mut vendor.lead.client;
    client.get("/desk/assessments/scores?place=all&model=samm-1.5").await.expect(200).says("1.50");
    // The same toolbox filled again brings no second model, and the trend has both days.
    let again = workbook("All");
    let answer = client.post_files(IMPORT, &fields("2026-03-01"), &[("file", "again.xlsx", &again)]).await.expect(303);
    let at = answer.location().to_owned();
    vendor.validate_all(&at).await;
    vendor.finish(&at, &[]).await.expect(303);
    let client = &mut vendor.lead.client;
    client
        .get("/desk/assessments/scores?place=all&model=samm-1.5&format=csv")
        .await
        .expect(200)
        .says("2026-02-01,")
        .says("2026-03-01,");
    let page = client.get("/desk/assessments/models").await.expect(200).text();
    assert_eq!(page.matches("toolbox workbook").count(), 1, "{page}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_broken_workbook_is_refused_with_its_cell_and_nothing_stays() {
    let mut vendor = Vendor::new().await;
    let before = vendor.bed.actions().await.len();
    let client = &mut vendor.lead.client;
    let whole = workbook("Half");
    for (content, words) in [
        (b"no workbook".to_vec(), "bad.xlsx was refused"),
        (whole.get(..whole.len() / 2).unwrap().to_vec(), "bad.xlsx was refused"),
        (workbook("Sometimes"), "Interview!E18"),
        (archive(&[("a.txt", "b".to_owned())]), "Nothing was imported"),
    ] {
        let answer = client.post_files(IMPORT, &fields("2026-02-01"), &[("file", "bad.xlsx", &content)]).await;
        answer.expect(422).says(words);
    }
    client.post_files(IMPORT, &fields("2026-02-01"), &[]).await.expect(422).says("Choose the workbook");
    client.post_files(IMPORT, &fields("2027-02-01"), &[("file", "a.xlsx", &whole)]).await.expect(422).says("lie ahead");
    client.get("/desk/assessments").await.expect(200).says("No assessment");
    client.get("/desk/assessments?q=zzz").await.expect(200).says("No assessment fits these filters");
    client.get("/desk/assessments/models").await.expect(200).keeps_quiet_about("toolbox workbook");
    assert_eq!(vendor.bed.actions().await.len(), before);
}

/// The folder of public data, or none with a line that says so.
fn corpus() -> Option<PathBuf> {
    let root = std::env::var_os("PORTCULLIS_CORPUS")
        .map_or_else(|| concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data").into(), PathBuf::from);
    let folder = root.join("maturity");
    if folder.is_dir() {
        return Some(folder);
    }
    println!("skipped: no public maturity data at {}", folder.display());
    None
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_public_filled_workbook_has_the_scores_of_its_own_sheet() {
    let Some(folder) = corpus() else { return };
    let mut vendor = Vendor::new().await;
    let file = std::fs::read(folder.join("samm-1.5/OpenSAMM_Assessment_Toolbox_v1.5-Example_RC1.xlsx")).unwrap();
    let client = &mut vendor.lead.client;
    let answer = client.post_files(IMPORT, &fields("2026-02-01"), &[("file", "example.xlsx", &file)]).await.expect(303);
    let at = answer.location().to_owned();
    let csv = client.get(&format!("{at}?format=csv")).await.expect(200).text();
    let text = std::fs::read_to_string(folder.join("samm-1.5/example-assessment.json")).unwrap();
    let expected: serde_json::Value = serde_json::from_str(&text).unwrap();
    let practices = expected["expected_practices"].as_array().unwrap();
    assert!(!practices.is_empty());
    let near = |text: &str, expected: &serde_json::Value| {
        (text.parse::<f64>().unwrap() - expected.as_f64().unwrap()).abs() < 1e-3
    };
    for practice in practices {
        let title = practice["practice"].as_str().unwrap();
        let lines: Vec<Vec<&str>> = csv
            .lines()
            .map(|line| line.split(',').collect::<Vec<_>>())
            .filter(|cells| cells.get(1).is_some_and(|cell| *cell == title))
            .collect();
        assert_eq!(lines.len(), 3, "{title}");
        for (cells, level) in lines.iter().zip(["level1", "level2", "level3"]) {
            assert!(near(cells[2], &practice["score"]) && near(cells[4], &practice[level]), "{title} {level}");
        }
    }
    for (file, answer) in [
        ("samm-1.5/SAMM_Assessment_Toolbox_v1.5_FINAL.xlsx", "have no answer"),
        ("samm-2.0/SAMM_Assessment_Toolbox_v2.0.xlsx", "have no answer"),
    ] {
        let content = std::fs::read(folder.join(file)).unwrap();
        let client = &mut vendor.lead.client;
        let at =
            client.post_files(IMPORT, &fields("2026-02-01"), &[("file", "empty.xlsx", &content)]).await.expect(303);
        client.get(at.location()).await.expect(200).says(answer);
    }
}

const CATALOGUE: &str = r#"
id = "mine"
title = "Our questions"
levels = 1
not_applicable = "left_out"
functions = [{ id = "f", title = "Function" }]

[[answer_sets]]
id = "yes"
choices = [{ text = "No", value = 0.0 }, { text = "Partly", value = 0.2, value_2x = 0.25 }, { text = "Yes", value = 1.0 }]

[[practices]]
id = "p"
function = "f"
title = "Practice"
objectives = ["It is done."]

[[practices.questions]]
id = "p.1"
level = 1
text = "Is it done?"
guidance = []
answers = "yes"
"#;

fn core_model(question: &str) -> Vec<(&'static str, String)> {
    vec![
        ("model/functions/F.yml", "id: f\ntype: Function\nname: Upper floor\norder: 1\nmodel: m\n".to_owned()),
        ("model/practices/P.yml", "id: p\ntype: Practice\nfunction: f\nname: Lamps\nshortName: LA\norder: 1\n".to_owned()),
        ("model/streams/S.yml", "id: s\ntype: Stream\npractice: p\nname: Light\nletter: A\norder: 1\n".to_owned()),
        ("model/levels/1.yml", "id: m1\ntype: MaturityLevel\nnumber: 1\n".to_owned()),
        ("model/practice_levels/P1.yml", "id: p1\ntype: PracticeLevel\npractice: p\nmaturityLevel: m1\nobjective: Light\n".to_owned()),
        ("model/activities/A.yml", "id: a\ntype: Activity\nstream: s\nlevel: p1\ntitle: Burn\n".to_owned()),
        (
            "model/answer_sets/A.yml",
            "id: w\ntype: AnswerSet\nvalues:\n  - {order: 1, text: 'No', value: 0}\n  - {order: 2, text: Some, value: 0.25}\n  - {order: 3, text: All, value: 1}\n"
                .to_owned(),
        ),
        ("model/questions/Q.yml", question.to_owned()),
    ]
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn models_are_read_and_broken_ones_refused_with_file_and_line() {
    let mut vendor = Vendor::new().await;
    let at = "/desk/assessments/models";
    let question =
        "id: q\ntype: Question\nactivity: a\nanswerSet: w\norder: 1\ntext: Does it burn?\nquality: [It gives light]\n";
    let zip = archive(&core_model(question));
    let client = &mut vendor.lead.client;
    let answer = client.post_files(at, &[("scale", "1.5")], &[("files", "core.zip", &zip)]).await.expect(303);
    client.get(answer.location()).await.expect(200).says("Does it burn?").says("Lamps");
    let again = client.post_files(at, &[("scale", "1.5")], &[("files", "core.zip", &zip)]).await.expect(303);
    assert_eq!(again.location(), answer.location());
    let catalogue =
        client.post_files(at, &[("scale", "2.x")], &[("files", "mine.toml", CATALOGUE.as_bytes())]).await.expect(303);
    client.get(catalogue.location()).await.expect(200).says("Is it done?").says("0.25");
    let before = vendor.bed.actions().await.len();
    let client = &mut vendor.lead.client;
    let dangling = archive(&core_model("id: q\ntype: Question\nactivity: nowhere\nanswerSet: w\ntext: x\n"));
    let broken = CATALOGUE.replace("answers = \"yes\"", "answers = \"maybe\"");
    for (name, content, words) in [
        ("core.zip", dangling, "nowhere"),
        ("mine.toml", broken.into_bytes(), "line 23"),
        ("model.txt", b"x".to_vec(), "none of"),
        ("core.zip", b"PK\x03\x04 nothing".to_vec(), "cannot be read as an archive"),
    ] {
        client.post_files(at, &[("scale", "1.5")], &[("files", name, &content)]).await.expect(422).says(words);
    }
    client.post_files(at, &[], &[]).await.expect(422).says("files of a model");
    assert_eq!(vendor.bed.actions().await.len(), before);
    // An imported model is assessed like our own.
    let at = vendor.start("all", "samm-2", "Lamps now", false).await;
    vendor.fill(&at, "1").await;
    vendor.finish(&at, &[]).await.expect(303);
    vendor.lead.client.get(&format!("{at}?format=csv")).await.expect(200).says("Upper floor,Lamps,0.2500,1,0.2500");
}
