//! What the guide and the map name exists, and what exists is named there.

use std::path::Path;

use clap::CommandFactory;

use crate::{Cli, slices};

/// A folder of pages as one text.
fn pages(folder: &str) -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(folder);
    let mut text = String::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|ending| ending == "md") {
            text.push_str(&std::fs::read_to_string(path).unwrap());
        }
    }
    text
}

/// Whether an address as the guide writes it is one of ours, or the beginning of some.
fn is_known(address: &str, routes: &[&str]) -> bool {
    let address = address.split(['?', '…']).next().unwrap_or_default().trim_end_matches('/');
    let fits = |route: &&str| {
        let mut known = route.split('/');
        for part in address.split('/') {
            match known.next() {
                Some(rest) if rest.starts_with("{*") => return true,
                Some(name) if name == part || name.starts_with('{') => {}
                Some(_) | None => return false,
            }
        }
        true
    };
    routes.iter().any(fits)
}

#[test]
fn addresses_in_the_guide_are_ours() {
    let routes = slices::routes();
    let routes: Vec<&str> = routes.table().iter().map(|entry| entry.path).collect();
    let text = (pages("docs/guide") + &pages("docs")).replace("```", "");
    let named = text.split('`').skip(1).step_by(2).filter(|code| {
        ["/desk", "/api/", "/advisories", "/report", "/subscribe", "/feeds", "/.well-known", "/keys"]
            .iter()
            .any(|start| code.starts_with(start))
    });
    let named: Vec<&str> = named.filter(|code| !code.contains(' ')).collect();
    assert!(named.len() > 10, "{named:?}");
    for address in named {
        assert!(is_known(address, &routes), "the guide names {address}, which no route answers");
    }
}

#[test]
fn every_verb_is_in_the_guide() {
    let guide = include_str!("../../../../docs/guide/command-line.md");
    for verb in Cli::command().get_subcommands() {
        let name = verb.get_name();
        assert!(guide.contains(&format!("`{name}")), "docs/guide/command-line.md does not name the verb {name}");
        for inner in verb.get_subcommands() {
            let inner = inner.get_name();
            let both = [format!("{name} {inner}"), format!("/{inner}")];
            assert!(both.iter().any(|words| guide.contains(words)), "the guide does not name {name} {inner}");
        }
    }
}

#[test]
fn every_setting_is_in_the_guide() {
    let guide = include_str!("../../../../docs/guide/settings.md");
    for (name, _) in platform::settings::NAMES {
        assert!(guide.contains(&format!("| `{name}` |")), "docs/guide/settings.md does not name {name}");
    }
    let lines = guide.lines().filter(|line| line.starts_with("| `")).count();
    assert_eq!(lines, platform::settings::NAMES.len(), "docs/guide/settings.md names a setting that is none");
}

#[test]
fn every_view_is_on_the_map() {
    let map = include_str!("../../../../ARCHITECTURE.md");
    let schema = include_str!("../../../../migrations/schema.txt");
    for line in schema.lines().filter(|line| line.starts_with("v_")) {
        let view = line.split(':').next().unwrap_or_default();
        let short = view.rsplit_once('_').map_or("", |(_, what)| what);
        let named = view.ends_with("_facts") || map.contains(view) || map.contains(&format!("`_{short}`"));
        let named = named || view.ends_with("_root_cause") && map.contains("`_root_cause`");
        assert!(named, "ARCHITECTURE.md does not name the view {view}");
    }
}
