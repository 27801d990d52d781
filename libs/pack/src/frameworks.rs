//! Which identifiers exist in the frameworks that packs refer to. Identifiers are facts; no text of theirs is here.

/// Whether an identifier exists.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Existence {
    /// It does.
    Exists,
    /// The framework is known and has no such identifier.
    Missing,
    /// The framework is not known here, so nobody can say.
    UnknownFramework,
}

/// Frameworks whose identifiers are checked, with their titles.
#[must_use]
pub const fn known_frameworks() -> &'static [(&'static str, &'static str)] {
    &[
        ("ssdf", "NIST SP 800-218 (SSDF 1.1)"),
        ("iec62443_4_1", "IEC 62443-4-1"),
        ("cra", "Regulation (EU) 2024/2847, Annexes I, II and VII"),
        ("samm15", "OWASP SAMM 1.5"),
        ("samm2", "OWASP SAMM 2"),
        ("iso27001", "ISO/IEC 27001:2022, Annex A"),
    ]
}

/// Says whether `id` exists in `framework`.
#[must_use]
pub fn lookup(framework: &str, id: &str) -> Existence {
    let exists = match framework {
        "ssdf" => SSDF.contains(&id),
        "iec62443_4_1" => iec62443_4_1(id),
        "cra" => cra(id),
        "samm15" => samm15(id),
        "samm2" => samm2(id),
        "iso27001" => iso27001(id),
        _ => return Existence::UnknownFramework,
    };
    if exists { Existence::Exists } else { Existence::Missing }
}

/// The tasks of NIST SP 800-218. Numbers are not contiguous: a few were withdrawn before version 1.1.
const SSDF: &[&str] = &[
    "PO.1.1", "PO.1.2", "PO.1.3", "PO.2.1", "PO.2.2", "PO.2.3", "PO.3.1", "PO.3.2", "PO.3.3", "PO.4.1", "PO.4.2",
    "PO.5.1", "PO.5.2", "PS.1.1", "PS.2.1", "PS.3.1", "PS.3.2", "PW.1.1", "PW.1.2", "PW.1.3", "PW.2.1", "PW.4.1",
    "PW.4.2", "PW.4.4", "PW.5.1", "PW.6.1", "PW.6.2", "PW.7.1", "PW.7.2", "PW.8.1", "PW.8.2", "PW.9.1", "PW.9.2",
    "RV.1.1", "RV.1.2", "RV.1.3", "RV.2.1", "RV.2.2", "RV.3.1", "RV.3.2", "RV.3.3", "RV.3.4",
];

/// A decimal without sign or leading zero, from 1 to `last`.
fn counted(text: &str, last: u32) -> bool {
    let plain = text.bytes().all(|byte| byte.is_ascii_digit()) && !text.starts_with('0');
    plain && text.parse::<u32>().is_ok_and(|number| (1..=last).contains(&number))
}

/// IEC 62443-4-1:2018 has 47 requirements in eight practices.
fn iec62443_4_1(id: &str) -> bool {
    let Some((practice, number)) = id.split_once('-') else { return false };
    let last = match practice {
        "SM" => 13,
        "SR" | "SVV" | "SUM" => 5,
        "SD" => 4,
        "SI" => 2,
        "DM" => 6,
        "SG" => 7,
        _ => return false,
    };
    counted(number, last)
}

/// Annex, then part where there is one, point and letter: `I.1.2.a` is Annex I, Part I, point (2)(a).
fn cra(id: &str) -> bool {
    let parts: Vec<&str> = id.split('.').collect();
    match parts.as_slice() {
        ["I", "1", "1" | "2"] => true,
        ["I", "1", "2", letter] => letter.len() == 1 && letter.bytes().all(|byte| (b'a'..=b'm').contains(&byte)),
        ["I", "2", point] => counted(point, 8),
        ["II", point] => counted(point, 9),
        ["VII", point] => counted(point, 8),
        _ => false,
    }
}

/// Practice, level, dash, activity: `TA1-A`.
fn samm15(id: &str) -> bool {
    let Some((level, activity)) = id.split_once('-') else { return false };
    let practices = ["SM", "PC", "EG", "TA", "SR", "SA", "DR", "IR", "ST", "IM", "EH", "OE"];
    let known = practices.iter().any(|practice| level.strip_prefix(practice).is_some_and(|rest| counted(rest, 3)));
    known && matches!(activity, "A" | "B")
}

/// Function, practice, level, stream: `D-TA-1-A`.
fn samm2(id: &str) -> bool {
    let parts: Vec<&str> = id.split('-').collect();
    let [function, practice, level, stream] = parts.as_slice() else { return false };
    let known = match *function {
        "G" => ["SM", "PC", "EG"],
        "D" => ["TA", "SR", "SA"],
        "I" => ["SB", "SD", "DM"],
        "V" => ["AA", "RT", "ST"],
        "O" => ["IM", "EM", "OM"],
        _ => return false,
    };
    known.contains(practice) && counted(level, 3) && matches!(*stream, "A" | "B")
}

/// Annex A of ISO/IEC 27001:2022 has 93 controls in four themes.
fn iso27001(id: &str) -> bool {
    let Some((theme, number)) = id.strip_prefix("A.").and_then(|rest| rest.split_once('.')) else { return false };
    let last = match theme {
        "5" => 37,
        "6" => 8,
        "7" => 14,
        "8" => 34,
        _ => return false,
    };
    counted(number, last)
}
