//! Spelling (6.3.8) and grammar (6.3.16) of English texts, without a dictionary: a word is taken for a slip when it
//! is one letter away from a common word of advisories. That finds few slips and hardly ever blames a right word.

use std::collections::{HashMap, HashSet};
use std::sync::OnceLock;

use crate::Version;
use crate::ctx::Ctx;
use crate::finding::Sink;
use crate::json::Value;

/// Common words of seven letters or more, and right words that are near to them.
const WORDS: &str = "\
ability abilities access accessed accesses accessing account accounts achieve action actions active activity additional \
address addressed addresses administrator administrators advisory advisories affected affecting against allowed allowing \
allows already another anonymous apparent application applications appropriate arbitrary architecture assigned assistance \
attacked attacker attackers attacking attempt attempts attribute attributes authenticate authenticated authentication \
authenticity authorization authorized available availability because becomes between browser browsers buffers bypassed \
bypasses capability certificate certificates certain change changes character characters command commands commonly company \
compared complete completed completely component components compromise compromised condition conditional conditions conduct \
confidential confidentiality configuration configurations configure configured connect connected connection connections \
consent consequence consider contact contacted contacts contain contained container containers contains contend content \
contents contest context continue contract contracts control controlled controller controllers controls conversion copies \
correct corrected corrupt corrupted corruption crafted critical cryptographic current currently customer customers database \
decode default delivered denial depending described description designed details detected determine developed developer \
developers development devices different directly directory disable disabled disclose disclosed disclosure discovered \
discovery distributed document documents download downloaded elevated enabled enables encoded encrypted encryption ensure \
environment environments escalate escalation example examples exceeds except exception exceptions exchange exclude execute \
executed executes executing execution existing exists exiting expected exploit exploitable exploitation exploited exploiting \
exploits exposed exposure extended extension external failure feature features firewall firewalls firmware following \
function functionality functions gateway general generate generated hardcoded hardware however identified identifier \
identify impact impacted impacts implement implementation implemented implementing implements improper improperly include \
included includes including incorrect incorrectly increase individual information infrastructure initial injected injection \
inserted install installation installed instance instances integer integrity interact interaction interface interfaces \
internal internet invalid involved isolate isolated isolation knowledge language leverage library libraries limited located \
location malformed malicious management manipulate manipulated manipulation mechanism measure measures memory message \
messages minimize mitigate mitigation mitigations modification modified modify monitor monitored network networks notified \
number obtain operate operation operations original overflow overwrite parameter parameters parsing password passwords \
pathname pattern perform performed performing permission permissions permitted physical platform platforms possible \
potential potentially practice practices present prevent prevented previous private privilege privileged privileges problem \
process processed processes processing processor product production products profess program programs project protect \
protected protection protections protocol protocols provide provided provider providers provides public publish published \
purpose quality receive received recommend recommendation recommendations recommended recommends reference references \
regarding related release released releases remediation remotely replace reported reporting request requested requests \
require required requires research researcher researchers resolve resolved resource resources respond response result \
resulting results restrict restricted running scripting secondary secured securely security sensitive separate sequence \
server servers service services session sessions severity several similar situation software solution source special \
specially specific specified statement storage structure submitted successful successfully sufficient summary support \
supported supports suspected systems technical temporary terminate therefore thorough thoroughly through together traffic \
transfer transmission triggered trusted unauthenticated unauthorized undefined undisclosed unexpected unprivileged untrusted \
updated updates upgrade upgraded upgrading validate validated validation various vendors verification verified versions \
version victims virtual vulnerabilities vulnerability vulnerable warning websites whether without workaround workarounds \
written";

struct Words {
    known: HashSet<&'static str>,
    /// Words by each form of them that lacks a letter.
    shortened: HashMap<String, Vec<&'static str>>,
}

fn words() -> &'static Words {
    static TABLE: OnceLock<Words> = OnceLock::new();
    TABLE.get_or_init(|| {
        let known: HashSet<&'static str> = WORDS.split_ascii_whitespace().collect();
        let mut shortened: HashMap<String, Vec<&'static str>> = HashMap::new();
        for word in &known {
            for form in shorter(word) {
                shortened.entry(form).or_default().push(word);
            }
        }
        Words { known, shortened }
    })
}

/// Every form of an ASCII word that lacks one letter.
fn shorter(word: &str) -> impl Iterator<Item = String> {
    (0..word.len()).map(move |skip| {
        word.bytes().enumerate().filter(|(at, _)| *at != skip).map(|(_, byte)| char::from(byte)).collect()
    })
}

/// The common word that a word seems to mean; `None` when it is right or nothing is near.
fn meant(word: &str) -> Option<&'static str> {
    let table = words();
    if word.len() < 6 || table.known.contains(word) {
        return None;
    }
    let near = |candidate: &&'static str| is_slip(word, candidate);
    let missing = table.shortened.get(word).into_iter().flatten().find(|candidate| near(candidate)).copied();
    missing.or_else(|| {
        shorter(word).find_map(|form| {
            let extra = table.known.get(form.as_str()).filter(|candidate| near(candidate)).copied();
            extra.or_else(|| table.shortened.get(&form)?.iter().find(|candidate| near(candidate)).copied())
        })
    })
}

/// Whether one letter in the middle differs, is missing, is too much, or two neighbours are swapped. A difference at
/// the start or the end makes another word more often than a slip: prefixes, plurals, tenses.
fn is_slip(word: &str, right: &str) -> bool {
    if right.len() < 7 {
        return false;
    }
    let (left, wanted) = (word.as_bytes(), right.as_bytes());
    let prefix = word.bytes().zip(right.bytes()).take_while(|(left, right)| left == right).count();
    let suffix = word.bytes().rev().zip(right.bytes().rev()).take_while(|(left, right)| left == right).count();
    let shorter = word.len().min(right.len());
    let longer = word.len().max(right.len());
    let close = match longer.saturating_sub(shorter) {
        0 => {
            let differing = longer.saturating_sub(prefix).saturating_sub(suffix);
            let swapped = differing == 2
                && left.get(prefix) == wanted.get(prefix.saturating_add(1))
                && left.get(prefix.saturating_add(1)) == wanted.get(prefix);
            differing == 1 || swapped
        }
        1 => prefix.saturating_add(suffix) >= shorter,
        _ => false,
    };
    close && prefix >= 1 && suffix >= 2
}

/// Calls `see` with each text that people read, and its pointer.
fn each_text<'a>(ctx: &Ctx<'a>, see: &mut dyn FnMut(&'a str, &dyn Fn() -> String)) {
    const KEYS: [&str; 9] = [
        "title",
        "text",
        "summary",
        "details",
        "audience",
        "organization",
        "issuing_authority",
        "name",
        "entitlements",
    ];
    let mut open: Vec<(&'a Value<'a>, String)> = Vec::new();
    for key in ["document", "product_tree", "vulnerabilities"] {
        if let Some(value) = ctx.root.get(key) {
            open.push((value, format!("/{key}")));
        }
    }
    while let Some((value, path)) = open.pop() {
        for (key, field) in value.fields() {
            if matches!(
                key.as_ref(),
                "product_status" | "scores" | "metrics" | "cwe" | "cwes" | "x_extensions" | "publisher"
            ) {
                continue;
            }
            match field {
                Value::Text(text) if KEYS.contains(&key.as_ref()) => see(text, &|| format!("{path}/{key}")),
                Value::Array(_) | Value::Object(_) => open.push((field, format!("{path}/{key}"))),
                Value::Text(_) | Value::Null | Value::Bool(_) | Value::Number(_) => {}
            }
        }
        for (index, item) in value.elements().iter().enumerate() {
            if matches!(item, Value::Array(_) | Value::Object(_)) {
                open.push((item, format!("{path}/{index}")));
            }
        }
    }
}

/// The words of a text in lower case: letters only, not in capitals, not part of a name, path or number.
fn plain_words(text: &str) -> impl Iterator<Item = String> {
    text.split_whitespace().filter_map(|token| {
        let word = token
            .trim_matches(|letter: char| matches!(letter, ',' | '.' | ';' | ':' | '!' | '?' | '(' | ')' | '"' | '\''));
        let plain = !word.is_empty()
            && word.bytes().all(|byte| byte.is_ascii_alphabetic())
            && word.bytes().skip(1).all(|byte| byte.is_ascii_lowercase());
        plain.then(|| word.to_ascii_lowercase())
    })
}

/// 6.3.8, and in 2.1 6.3.16.
pub(super) fn spelling(ctx: &Ctx<'_>, out: &mut Sink) {
    let Some(lang) = ctx.document.text("lang") else { return };
    let primary = crate::lang::Tag::parse(lang).map(|tag| tag.primary()).unwrap_or_default();
    if primary != "en" {
        out.add(
            "6.3.8",
            "/document/lang",
            format!(
                "Spelling can be checked in English only, not in {}; have a person read the texts.",
                crate::finding::shorten(lang)
            ),
        );
        return;
    }
    let mut judged: HashMap<String, Option<&'static str>> = HashMap::new();
    each_text(ctx, &mut |text, path| {
        let mut before = String::new();
        for word in plain_words(text) {
            let meant = *judged.entry(word).or_insert_with_key(|word| meant(word));
            if let Some(right) = meant {
                out.add("6.3.8", path(), format!("A word seems to be misspelt: did you mean \"{right}\"?"));
                break;
            }
        }
        if ctx.is(Version::V2_1) {
            for word in plain_words(text) {
                if let Some(fault) = grammar(&before, &word) {
                    out.add("6.3.16", path(), format!("\"{before} {word}\": {fault}"));
                    break;
                }
                before = word;
            }
        }
    });
}

/// What is wrong with two words in a row, as far as two words tell.
fn grammar(before: &str, word: &str) -> Option<&'static str> {
    const MODALS: [&str; 8] = ["must", "should", "can", "could", "may", "might", "would", "shall"];
    const BASE_FORMS: [&str; 12] =
        ["need", "proceed", "succeed", "exceed", "feed", "speed", "embed", "shed", "seed", "heed", "shred", "impeded"];
    if MODALS.contains(&before) && word.len() > 4 && word.ends_with("ed") && !BASE_FORMS.contains(&word) {
        return Some("a verb in its base form, or be, is missing.");
    }
    if before == word
        && matches!(word, "the" | "a" | "an" | "of" | "to" | "in" | "and" | "is" | "are" | "be" | "with" | "for")
    {
        return Some("the word is doubled.");
    }
    let plural = word.strip_suffix('s').is_some_and(|single| words().known.contains(single)) && !word.ends_with("ss");
    if matches!(before, "a" | "an") && plural && words().known.contains(word) {
        return Some("one or many?");
    }
    None
}

#[cfg(test)]
mod tests {
    use super::{grammar, meant, plain_words};

    #[test]
    fn slips_and_right_words() {
        for (slip, right) in [
            ("secruity", "security"),
            ("vulnerapility", "vulnerability"),
            ("undisclused", "undisclosed"),
            ("pruduct", "product"),
            ("combonent", "component"),
            ("sumsary", "summary"),
            ("priviledges", "privileges"),
            ("authentcation", "authentication"),
        ] {
            assert_eq!(meant(slip), Some(right), "{slip}");
        }
        for right in
            ["security", "effected", "exiting", "contact", "producer", "attacks", "pumps", "executor", "versioned"]
        {
            assert_eq!(meant(right), None, "{right}");
        }
        assert_eq!(plain_words("Use libFoo, CVE-1 or x_y. Good!").collect::<Vec<_>>(), ["use", "or", "good"]);
    }

    #[test]
    fn pairs() {
        assert!(grammar("must", "followed").is_some());
        assert!(grammar("must", "proceed").is_none());
        assert!(grammar("a", "products").is_some());
        assert!(grammar("the", "the").is_some());
        assert!(grammar("a", "process").is_none());
    }
}
