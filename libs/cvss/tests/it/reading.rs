//! What is accepted, what is refused and in which words, and how vectors are written.

use cvss::{Group, MacroVector, Nomenclature, Severity, Vector, Version};

const V31: &str = "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H";
const V40: &str = "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N";

fn vector(text: &str) -> Vector {
    Vector::parse(text).unwrap()
}

fn refusal(text: &str) -> String {
    Vector::parse(text).unwrap_err().to_string()
}

#[test]
fn canonical_form_has_the_order_of_the_specification() {
    let mixed = "CVSS:3.1/A:H/I:H/C:H/RC:X/E:F/S:U/UI:N/PR:N/AC:L/AV:N/MA:X";
    assert_eq!(vector(mixed).canonical(), format!("{V31}/E:F"));
    assert_eq!(vector("(A:P/I:P/C:P/Au:N/AC:L/AV:N/E:ND)").canonical(), "AV:N/AC:L/Au:N/C:P/I:P/A:P");
    assert_eq!(vector(&format!("{V40}/U:Red/E:P/MSI:S")).canonical(), format!("{V40}/E:P/MSI:S/U:Red"));
}

#[test]
fn what_the_specification_refuses_is_refused() {
    for text in [
        "",
        "CVSS:3.1/",
        "CVSS:3.1",
        "CVSS:3.2/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H",
        "CVSS:2.0/AV:N/AC:L/Au:N/C:P/I:P/A:P",
        "cvss:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H",
        "AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H",
        "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H/",
        "CVSS:3.1//AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H",
        "CVSS:3.1/av:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H",
        "CVSS:3.1/AV:X/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H",
        "CVSS:3.1/AV:N:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H",
        "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H/MSI:S",
        "(AV:N/AC:L/Au:N/C:P/I:P/A:P",
        "AV:N/AC:L/Au:N/C:P/I:P/A:P)",
        "((AV:N/AC:L/Au:N/C:P/I:P/A:P))",
        "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:S/SA:N",
        "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N",
        "\u{0}AV:N/AC:L/Au:N/C:P/I:P/A:P",
    ] {
        assert!(Vector::parse(text).is_err(), "{text}");
    }
}

#[test]
fn refusals_say_what_and_where() {
    assert!(refusal("CVSS:3.1/AV:N/AC:L").ends_with("missing: PR, UI, S, C, I, A"));
    assert!(refusal("CVSS:3.1/AV:Q/AC:L").contains("\"AV:Q\" at character 10"));
    assert!(refusal("CVSS:3.1/AV:Q/AC:L").ends_with("use one of N, A, L, P"));
    assert!(refusal("AV:N/AC:L/PR:N").contains("later versions begin with CVSS:3.1/"));
    assert_eq!(Vector::parse("AV:N/AV:N").unwrap_err().position(), 5);
}

#[test]
fn scores_count_by_the_last_group_that_is_defined() {
    let scores = vector(V31).scores();
    assert_eq!((scores.base.tenths(), scores.score.tenths()), (98, 98));
    // Without environmental metrics v3.1 computes another environmental score for some vectors, which does not count.
    let changed = vector("CVSS:3.1/AV:A/AC:H/PR:H/UI:N/S:C/C:H/I:H/A:H").scores();
    assert_eq!(changed.environmental.map(cvss::Score::tenths), Some(77));
    assert_eq!(changed.score.tenths(), 76);
    let temporal = vector("AV:N/AC:L/Au:N/C:C/I:C/A:C/E:F/RL:OF/RC:C").scores();
    assert_eq!(temporal.temporal.map(cvss::Score::tenths), Some(83));
    assert_eq!((temporal.score.tenths(), temporal.environmental), (83, None));
}

#[test]
fn the_two_versions_of_three_modify_impact_differently() {
    let environmental = |version: &str| {
        let text = format!("{version}/AV:A/AC:H/PR:H/UI:N/S:C/C:H/I:H/A:H");
        vector(&text).scores().environmental.map(cvss::Score::tenths)
    };
    assert_eq!((environmental("CVSS:3.0"), environmental("CVSS:3.1")), (Some(76), Some(77)));
}

#[test]
fn version_four_names_what_its_score_rests_on() {
    let of = |extra: &str| vector(&format!("{V40}{extra}")).nomenclature();
    assert_eq!(of(""), Some(Nomenclature::B));
    assert_eq!(of("/E:X/CR:X"), Some(Nomenclature::B));
    assert_eq!(of("/E:A"), Some(Nomenclature::BT));
    assert_eq!(of("/MAV:L/S:P"), Some(Nomenclature::BE));
    assert_eq!(of("/E:U/AR:L"), Some(Nomenclature::BTE));
    assert_eq!(vector(V31).nomenclature(), None);
    assert_eq!(vector(V40).macro_vector().map(MacroVector::levels), Some([0, 0, 0, 2, 0, 0]));
    assert_eq!(vector(V40).macro_vector().unwrap().to_string(), "000200");
}

#[test]
fn supplemental_metrics_do_not_change_a_score() {
    let plain = vector(V40);
    let more = vector(&format!("{V40}/S:P/AU:Y/R:I/V:C/RE:H/U:Red"));
    assert_eq!(plain.scores(), more.scores());
    assert!(more.has(Group::Supplemental));
}

#[test]
fn a_form_can_read_and_change_metrics() {
    let mut vector = vector(V31);
    assert_eq!(vector.get("AV").unwrap().name, "Network");
    assert_eq!(vector.get("E").unwrap().abbreviation, "X");
    assert_eq!(vector.get("VC"), None);
    vector.set("AV", "P").unwrap();
    vector.set("E", "U").unwrap();
    vector.set("E", "X").unwrap();
    assert!(vector.set("AV", "X").is_err());
    assert!(vector.set("XX", "X").is_err());
    assert_eq!(vector.canonical(), "CVSS:3.1/AV:P/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H");
    let metric = Version::V31.metric("AV").unwrap();
    assert_eq!((metric.name, metric.property, metric.values.len()), ("Attack Vector", "attackVector", 4));
}

#[test]
fn severities_follow_the_scale_of_the_version() {
    assert_eq!(vector(V31).severity(), Severity::Critical);
    assert_eq!(vector("AV:N/AC:L/Au:N/C:C/I:C/A:C").severity(), Severity::High);
    let none = "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:N/VI:N/VA:N/SC:N/SI:N/SA:N";
    assert_eq!((vector(none).severity(), vector(none).score().to_string().as_str()), (Severity::None, "0.0"));
    assert_eq!(Severity::parse("CRITICAL"), Some(Severity::Critical));
}
