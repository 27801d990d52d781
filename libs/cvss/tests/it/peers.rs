//! Agreement with an independent implementation on every base vector and on random full vectors.
//!
//! The other one has no v3 temporal score, and its v3.0 round-up is in floating point, so a v3.0 score may differ
//! by a tenth; the exact value decides then, and the public vectors hold it.

use cvss::{Group, Score, Vector, Version};

/// A small deterministic generator, so that a failure can be seen again.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % sides
    }
}

fn random(version: Version, dice: &mut Dice, optional: bool) -> String {
    let mut out = Vec::new();
    for metric in version.metrics() {
        if metric.group == Group::Base || optional && dice.roll(3) > 0 {
            let value = &metric.values[dice.roll(metric.values.len())];
            out.push(format!("{}:{}", metric.abbreviation, value.abbreviation));
        }
    }
    format!("{}{}", version.prefix(), out.join("/"))
}

fn tenths(score: f64) -> u8 {
    format!("{:.0}", score * 10.0).parse().unwrap()
}

fn reference_v3(text: &str) -> u8 {
    tenths(text.parse::<cvss_reference::v3::Vector>().unwrap().base_score().value())
}

#[test]
fn every_base_vector_of_v3_agrees() {
    for version in [Version::V30, Version::V31] {
        let mut count = 0;
        let bases: Vec<_> = version.metrics().iter().filter(|metric| metric.is_required()).collect();
        let total: usize = bases.iter().map(|metric| metric.values.len()).product();
        for mut index in 0..total {
            let mut text = String::new();
            for metric in &bases {
                let value = &metric.values[index % metric.values.len()];
                index /= metric.values.len();
                text = format!("{text}/{}:{}", metric.abbreviation, value.abbreviation);
            }
            let vector = Vector::parse(&format!("{}{}", version.prefix(), &text[1..])).unwrap();
            let theirs = reference_v3(&vector.canonical());
            assert_eq!(vector.scores().base.tenths(), theirs, "{vector}");
            count += 1;
        }
        assert_eq!(count, 2_592);
    }
}

#[test]
fn random_v4_vectors_agree() {
    let mut dice = Dice(7);
    for round in 0..20_000 {
        let text = random(Version::V40, &mut dice, round % 4 != 0);
        let vector = Vector::parse(&text).unwrap();
        let theirs = text.parse::<cvss_reference::v4::Vector>().unwrap().score().value();
        assert_eq!(vector.score().tenths(), tenths(theirs), "{text}");
        let base = vector.base().canonical().parse::<cvss_reference::v4::Vector>().unwrap().score().value();
        assert_eq!(vector.scores().base, Score::from_tenths(tenths(base)).unwrap(), "{text}");
    }
}

#[test]
fn random_environmental_scores_of_v31_agree() {
    let mut dice = Dice(11);
    for _ in 0..20_000 {
        let text = random(Version::V31, &mut dice, true);
        let vector = Vector::parse(&text).unwrap();
        let theirs = text.parse::<cvss_reference::v3::Vector>().unwrap().environmental_score().value();
        assert_eq!(vector.scores().environmental, Score::from_tenths(tenths(theirs)), "{text}");
    }
}
