//! The table as `docs/guide/cases.md` shows it.

use std::fmt::Write;

use super::table::{By, MOVES};

/// The table of moves as the guide shows it.
pub(super) fn guide() -> String {
    let mut text = String::from("```mermaid\nstateDiagram-v2\n    [*] --> triage\n");
    for known in MOVES {
        for from in known.from {
            if *from == known.to {
                continue;
            }
            writeln!(text, "    {} --> {}: {}", from.as_str(), known.to.as_str(), known.verb).unwrap();
        }
    }
    text.push_str("    closed --> [*]\n```\n\n| From | Move | To | Who | Needs |\n|---|---|---|---|---|\n");
    for known in MOVES {
        let from: Vec<&str> = known.from.iter().map(|state| state.label()).collect();
        let needs: Vec<&str> = known.needs.iter().map(|need| need.label()).collect();
        let to = known.outcome.map_or_else(
            || known.to.label().to_owned(),
            |outcome| format!("{} ({})", known.to.label(), outcome.label().to_lowercase()),
        );
        let who = match known.by {
            By::Button => known.who.label().to_owned(),
            By::Advisory => format!("{}, by publishing the advisory", known.who.label()),
        };
        let needs = if needs.is_empty() { "–".to_owned() } else { needs.join("; ") };
        writeln!(text, "| {} | {} | {to} | {who} | {needs} |", from.join(", "), known.verb).unwrap();
    }
    text
}
