//! A pack that is as small as a pack can be, for tests that break it.

/// The vocabulary.
pub(crate) const HEADER: &str = r#"format = 1
id = "tiny"
version = "1.0.0"
title = "Tiny"
minimum_activities = 1
models = ["waterfall", "agile", "devops"]
roles = [{ id = "maker", title = "Maker" }, { id = "judge", title = "Judge" }]
functions = [{ id = "work", title = "Work" }]
phases = [{ id = "begin", title = "Begin" }, { id = "finish", title = "Finish" }]
triggers = [{ id = "door", title = "a new door" }]
posts = [{ id = "scan", title = "scan", measures = ["high"] }]
frameworks = [{ id = "ssdf" }, { id = "cra" }, { id = "own", title = "Own rules" }]
gates = [{ id = "out", title = "Out", approver = "judge" }]

[risk]
from = { moderate = 2, high = 4, critical = 6 }

[[risk.questions]]
id = "reach"
title = "Who reaches it?"
answers = [
  { id = "few", title = "Few", weight = 0, reason = "Few reach it." },
  { id = "all", title = "All", weight = 3, reason = "All reach it." },
]

[[risk.questions]]
id = "harm"
title = "Which harm?"
several = true
answers = [
  { id = "none", title = "None", weight = 0, reason = "No harm." },
  { id = "some", title = "Some", weight = 1, reason = "Some harm." },
  { id = "life", title = "Life", weight = 1, at_least = "critical", reason = "Lives." },
]
"#;

/// One practice with one activity.
pub(crate) const PRACTICE: &str = r#"practice = "craft"
function = "work"
title = "Craft"
purpose = "Work well."

[[activities]]
id = "craft.look"
level = 1
title = "Look"
purpose = "See what is there."
steps = ["Look."]
does = ["maker"]
decides = "judge"
classes = ["low", "moderate", "high", "critical"]
evidence = [{ kind = "scan_report", post = "scan", what = "A scan.", max = { high = 0 }, valid_days = 30 }]
due.waterfall = { phase = "finish", criterion = "exit", approver = "judge" }
due.agile = { rule = "trigger", on = ["door"] }
due.devops = { post = "scan", fresh_days = 1, max = { high = 0 } }
carry = { until = ["code"], days = 90 }
answers = { ssdf = ["PW.7.2"], cra = ["I.1.2.a"], own = ["anything"] }
"#;

/// Reads header and practice.
pub(crate) fn read(header: &str, practice: &str) -> pack::Reading {
    pack::read(&[("pack.toml", header.as_bytes()), ("craft.toml", practice.as_bytes())], None)
}

/// The tiny pack.
pub(crate) fn tiny() -> pack::Pack {
    read(HEADER, PRACTICE).usable().cloned().unwrap()
}
