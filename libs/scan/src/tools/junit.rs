//! JUnit XML (Surefire, Jenkins, pytest and others): one finding for each failed or errored test case.
//!
//! The format has no severities: every failure and error is medium. Skipped and passed cases are counted only.

use super::Tool;
use crate::out::Out;
use crate::probe::Probe;
use crate::xml::Node;
use crate::{Error, Finding, Input, Location, Severity, text};

pub(crate) const TOOL: Tool =
    Tool { name: "junit", title: "JUnit XML", aliases: &["xunit", "surefire"], recognise, read };

fn recognise(probe: &Probe) -> u8 {
    if probe.root_is("testsuites") || probe.root_is("testsuite") { 80 } else { 0 }
}

fn read(input: &mut Input<'_>, out: &mut Out<'_>) -> Result<(), Error> {
    for figure in ["testcases", "failed", "errored", "skipped"] {
        out.count(figure, 0);
    }
    let mut xml = input.xml()?;
    while let Some(case) = xml.next(&["testcase"])? {
        out.count("testcases", 1);
        let suite = xml.around("testsuite", "name").to_owned();
        let file = xml.around("testsuite", "file").to_owned();
        if case.child("skipped").is_some() {
            out.count("skipped", 1);
        }
        for (figure, name) in [("failed", "failure"), ("errored", "error")] {
            let Some(problem) = case.child(name) else { continue };
            out.count(figure, 1);
            out.push(finding(&case, problem, &suite, &file))?;
        }
    }
    Ok(())
}

fn finding(case: &Node, problem: &Node, suite: &str, file: &str) -> Finding {
    let class = [case.attr("classname"), suite].into_iter().find(|text| !text.is_empty()).unwrap_or_default();
    let name = [class, case.attr("name")].into_iter().filter(|text| !text.is_empty()).collect::<Vec<_>>().join(".");
    let file = [case.attr("file"), file].into_iter().find_map(text::some);
    let line = case.attr("line").parse().ok();
    Finding {
        rule: text::some(&name),
        location: Some(Location {
            logical: text::some(&name),
            ..file.map(|file| Location::file(text::path(&file), line)).unwrap_or_default()
        }),
        description: text::some(problem.attr("message")),
        evidence: text::some(&problem.text),
        ..Finding::new(format!("Test {} {}", if problem.name == "error" { "broke:" } else { "failed:" }, name), Severity::Medium)
    }
}
