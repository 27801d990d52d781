//! CVSS: parse and score, per second on one core.
#![expect(clippy::print_stdout, reason = "a benchmark prints its figures")]

use benches::{Dice, rate, report};
use cvss::{Group, Vector, Version};

fn main() {
    let cases = [
        ("v3.1 base, all 2,592 vectors", every_base_vector(Version::V31), 1_000_000.0),
        ("v3.1 with temporal and environmental", random(Version::V31, true), 1_000_000.0),
        ("v4.0 base", random(Version::V40, false), 500_000.0),
        ("v4.0 with every group", random(Version::V40, true), 500_000.0),
        ("v2.0 with every group", random(Version::V2, true), 500_000.0),
    ];
    for (what, vectors, goal) in cases {
        let found = rate(vectors.len(), || vectors.iter().map(|text| tenths(text)).sum());
        println!("{}", report(what, found, goal));
    }
}

fn tenths(text: &str) -> u64 {
    Vector::parse(text).map_or(0, |vector| u64::from(vector.scores().score.tenths()))
}

fn every_base_vector(version: Version) -> Vec<String> {
    let mut out = vec![String::new()];
    for metric in version.metrics().iter().filter(|metric| metric.is_required()) {
        out = out
            .iter()
            .flat_map(|start| {
                metric.values.iter().map(move |value| format!("{start}/{}:{}", metric.abbreviation, value.abbreviation))
            })
            .collect();
    }
    out.iter().map(|text| format!("{}{}", version.prefix(), text.trim_start_matches('/'))).collect()
}

fn random(version: Version, full: bool) -> Vec<String> {
    let mut dice = Dice::new(12_345);
    (0..10_000)
        .map(|_| {
            let metrics = version.metrics().iter().filter(|metric| full || metric.group == Group::Base);
            let pieces: Vec<String> = metrics
                .filter_map(|metric| {
                    let value = metric.values.get(dice.roll(metric.values.len()))?;
                    let absent = matches!(value.abbreviation, "X" | "ND");
                    (!absent).then(|| format!("{}:{}", metric.abbreviation, value.abbreviation))
                })
                .collect();
            format!("{}{}", version.prefix(), pieces.join("/"))
        })
        .collect()
}
