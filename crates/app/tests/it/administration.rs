//! Verbs of whoever runs the installation, on a data folder of their own.

use std::path::Path;

use crate::{check, portcullis};

fn config(folder: &Path, text: &str) {
    std::fs::write(folder.join("portcullis.toml"), text).unwrap();
}

#[test]
fn settings_are_checked_and_secrets_masked() {
    let folder = tempfile::tempdir().unwrap();
    config(folder.path(), "listne = \"127.0.0.1:1\"\n");
    let (_, err) = check(&portcullis(folder.path(), &["config", "check", "--config", "portcullis.toml"]), 2);
    assert!(err.contains("listne is not a setting; did you mean listen?"), "{err}");
    config(folder.path(), "[smtp]\nurl = \"smtp://user:hush@mail.example\"\n");
    let (out, _) = check(&portcullis(folder.path(), &["config", "check", "--config", "portcullis.toml"]), 0);
    assert!(out.contains("smtp.url = ***") && !out.contains("hush"), "{out}");
}

#[test]
fn a_person_is_added_a_backup_made_and_brought_back() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    config(at, "data_dir = \"data\"\n");
    let run = |arguments: &[&str], status: i32| {
        let (verb, rest) = arguments.split_at(if matches!(arguments[0], "user" | "audit" | "key") { 2 } else { 1 });
        check(&portcullis(at, &[verb, &["--config", "portcullis.toml"], rest].concat()), status)
    };
    let (out, _) = run(&["user", "add", "lea@halden.example", "Lea Lead", "--role", "lead"], 0);
    assert!(out.contains("/desk/welcome/"), "{out}");
    let (_, err) = run(&["user", "add", "x@halden.example", "X", "--role", "boss"], 2);
    assert!(err.contains("boss is not a role; use one of: administrator"), "{err}");
    let (out, _) = run(&["audit", "verify", "--json"], 0);
    assert!(out.contains("\"unbroken\":true"), "{out}");
    run(&["backup", "copy.tar"], 0);
    let (_, err) = run(&["backup", "copy.tar"], 2);
    assert!(err.contains("is there already"), "{err}");
    let (_, err) = run(&["restore", "copy.tar"], 2);
    assert!(err.contains("is there already"), "{err}");
    std::fs::rename(at.join("data"), at.join("old")).unwrap();
    run(&["restore", "copy.tar"], 0);
    std::fs::copy(at.join("old/master.key"), at.join("data/master.key")).unwrap();
    let (out, _) = run(&["audit", "verify", "--json"], 0);
    assert!(out.contains("\"unbroken\":true"), "{out}");
    let (out, _) = run(&["key", "rotate", "new.key"], 0);
    assert!(out.contains("data keys are wrapped"), "{out}");
}

#[test]
fn a_database_of_a_newer_program_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    config(at, "data_dir = \"data\"\n");
    check(&portcullis(at, &["migrate", "--config", "portcullis.toml"]), 0);
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let db = db::Db::open(&db::Location::Sqlite(at.join("data/portcullis.db"))).await.unwrap();
        let mut tx = db.begin().await.unwrap();
        tx.is_housekeeping();
        tx.execute(
            "insert into schema_change (position, name, checksum, applied_at) values (999, '2999-01-01-from-the-future', 'x', 0)",
            &[],
        )
        .await
        .unwrap();
        tx.commit().await.unwrap();
    });
    let (_, err) = check(&portcullis(at, &["migrate", "--config", "portcullis.toml"]), 2);
    assert!(err.contains("newer version") && err.contains("2999-01-01-from-the-future"), "{err}");
}
