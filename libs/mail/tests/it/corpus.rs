//! Real mail, compared with what another reader made of it.

use std::path::{Path, PathBuf};

use limits::Limits;
use mail::{Message, mbox, read};
use serde_json::Value;

use crate::corpus;

fn files(folder: &Path, ending: &str) -> Vec<PathBuf> {
    let (mut folders, mut files) = (vec![folder.to_owned()], Vec::new());
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|e| e == ending) {
                files.push(path);
            }
        }
    }
    files.sort();
    files
}

/// A header value of the first part in the other reader's structure.
fn header<'a>(expected: &'a Value, name: &str) -> Option<&'a Value> {
    let headers = expected["parts"][0]["headers"].as_array()?;
    headers.iter().rev().find(|header| header["name"] == name).map(|header| &header["value"])
}

fn addresses(value: Option<&Value>) -> Vec<String> {
    let Some(value) = value else { return vec![] };
    let list = value["Address"]["List"].as_array().cloned().unwrap_or_default();
    let groups = value["Address"]["Group"].as_array().cloned().unwrap_or_default();
    let members = groups.iter().flat_map(|group| group["addresses"].as_array().cloned().unwrap_or_default());
    list.into_iter().chain(members).filter_map(|a| Some(a["address"].as_str()?.trim().to_owned())).collect()
}

fn compare(message: &Message, expected: &Value) -> Vec<String> {
    let mut differences = Vec::new();
    let subject = header(expected, "subject").and_then(|value| value["Text"].as_str()).map(str::trim);
    if subject.is_some_and(|subject| message.subject.as_deref() != Some(subject)) {
        differences.push(format!("subject {:?} instead of {subject:?}", message.subject));
    }
    let from: Vec<String> = message.from.iter().map(|a| a.address.clone()).filter(|a| !a.is_empty()).collect();
    if addresses(header(expected, "from")) != from {
        differences.push(format!("from {from:?} instead of {:?}", addresses(header(expected, "from"))));
    }
    let attachments = expected["attachments"].as_array().map_or(0, Vec::len);
    if message.attachments.len() != attachments {
        differences.push(format!("{} attachments instead of {attachments}", message.attachments.len()));
    }
    for id in expected["text_body"].as_array().into_iter().flatten() {
        let body = &expected["parts"][usize::try_from(id.as_u64().unwrap()).unwrap()]["body"];
        let Some(text) = body["Text"].as_str() else { continue };
        let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ").replace(char::is_control, "");
        if !words(&message.text).contains(&words(text)) {
            differences.push(format!("text {:?} lacks {text:?}", message.text));
        }
    }
    differences
}

#[test]
fn mails_are_read_as_another_reader_does() {
    let Some(folder) = corpus("mail/stalwart") else { return };
    let (mut compared, mut different) = (0, Vec::new());
    for path in files(&folder, "eml") {
        let Ok(expected) = std::fs::read(path.with_extension("json")) else { continue };
        let expected: Value = serde_json::from_slice(&expected).unwrap();
        let message =
            read(&std::fs::read(&path).unwrap(), &Limits::MAIL).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
        compared += 1;
        let differences = compare(&message, &expected);
        if !differences.is_empty() {
            different.push(format!("{}: {}", path.display(), differences.join("; ")));
        }
    }
    println!("{compared} mails compared");
    assert!(compared > 40);
    assert_eq!(different, Vec::<String>::new());
}

#[test]
fn every_mail_of_the_corpus_gives_something_to_show() {
    let Some(folder) = corpus("mail") else { return };
    let mut read_in = 0;
    for path in files(&folder, "eml").into_iter().chain(files(&folder, "txt")) {
        let bytes = std::fs::read(&path).unwrap();
        for mail in mbox::split(&bytes) {
            let message = read(&mail, &Limits::MAIL).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
            let shown = !message.text.is_empty()
                || !message.attachments.is_empty()
                || message.subject.is_some()
                || !message.from.is_empty();
            assert!(shown || !message.warnings.is_empty(), "{}: {message:?}", path.display());
            read_in += 1;
        }
    }
    println!("{read_in} mails read");
    assert!(read_in > 100);
}
