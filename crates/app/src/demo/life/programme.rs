//! The programme: what the vendor says of its own maturity, where it wants to be, and what it learned from its cases.

use kernel::Role;

use super::Life;
use crate::demo::store;

/// The practices in the order of the questions.
const PRACTICES: &[&str] = &[
    "strategy_metrics",
    "policy_compliance",
    "education_guidance",
    "threat_assessment",
    "security_requirements",
    "secure_architecture",
    "design_review",
    "implementation_review",
    "security_testing",
    "issue_management",
    "environment_hardening",
    "operations_enablement",
];

/// The answers of the first assessment: for each practice the six questions, by the position of the choice.
const FIRST: [&str; 12] = [
    "221000", "210000", "110000", "111000", "221000", "121000", "110000", "221100", "221000", "332210", "110000",
    "211000",
];

/// What was better a year later.
const LATER: &[(usize, &str)] =
    &[(0, "332100"), (3, "222100"), (5, "332210"), (7, "332110"), (8, "332100"), (9, "333221")];

const SHOWN: &str = "Release plans of the last year; asked of the leads of all three families.";

/// Something that is done about what got through.
struct Action {
    title: &'static str,
    what: &'static str,
    activity: &'static str,
    /// Days from writing it down until it is due.
    days: i32,
    owner: Role,
}

const ACTIONS: &[Action] = &[
    Action {
        title: "Fuzz every reader of calls with each night's build",
        what: "A corpus for each protocol, memory checks on, crashes kept as tests.",
        activity: "security_testing.fuzzing",
        days: 90,
        owner: Role::Developer,
    },
    Action {
        title: "Switch the rules for quoting on everywhere, and judge what they say",
        what: "No module keeps a list of rules of its own; exceptions stand beside the finding.",
        activity: "implementation_review.source_scan",
        days: 90,
        owner: Role::Developer,
    },
    Action {
        title: "Review who may reach what, with the table of permissions beside the design",
        what: "The review asks for each address who may call it and what it gives away.",
        activity: "design_review.against_requirements",
        days: 140,
        owner: Role::Champion,
    },
    Action {
        title: "Threat models of devices begin with the device on the bench",
        what: "Debug ports, memory chips and the update path stand in the template.",
        activity: "threat_assessment.threat_model",
        days: 120,
        owner: Role::Champion,
    },
];

impl Life<'_> {
    /// The vendor answers the questions about its maturity for the so-manieth time.
    pub(super) async fn assess(&self, number: usize) -> anyhow::Result<()> {
        let model = store::house_model(self.platform).await?;
        let today = self.today().to_string();
        let year = today.get(..4).unwrap_or_default();
        let name = format!("Maturity {year}");
        let mut fields =
            vec![("name", name.as_str()), ("place", ""), ("model", model.as_str()), ("assessed_on", today.as_str())];
        if number > 0 {
            fields.push(("carry", "on"));
        }
        let made = self.site.post(self.cookie(Role::SecurityLead), "/desk/assessments/new", &fields).await?;
        let at = format!("/desk/assessments/{}", made.id());
        let first: Vec<(usize, &str)> = FIRST.iter().copied().enumerate().collect();
        for (place, choices) in if number == 0 { first.as_slice() } else { LATER } {
            self.answers(&made.id(), *place, choices).await?;
        }
        let seen = store::answers(self.platform, &made.id()).await?;
        let ticked: Vec<String> = seen.iter().map(|(question, number)| format!("{number}@{question}")).collect();
        let fields: Vec<(&str, &str)> = ticked.iter().map(|answer| ("answer", answer.as_str())).collect();
        self.post(Role::Champion, &format!("{at}/validate"), &fields).await?;
        let revision = store::assessment_revision(self.platform, &made.id()).await?;
        let fields = [("revision", revision.as_str()), ("nothing", "on")];
        self.post(Role::SecurityLead, &format!("{at}/finish"), &fields).await
    }

    async fn answers(&self, assessment: &str, place: usize, choices: &str) -> anyhow::Result<()> {
        let practice = PRACTICES.get(place).copied().unwrap_or_default();
        let known = store::answers(self.platform, assessment).await?;
        let mut pairs = Vec::new();
        for (index, choice) in choices.chars().enumerate() {
            let letter = if index % 2 == 0 { 'a' } else { 'b' };
            let question = format!("{practice}.{}{letter}", index / 2 + 1);
            let seen = known.iter().find(|(known, _)| *known == question).map_or(0, |(_, number)| *number);
            pairs.push((format!("q-{index}"), question));
            pairs.push((format!("seen-{index}"), seen.to_string()));
            pairs.push((format!("a-{index}"), choice.to_string()));
            if choice != '0' {
                pairs.push((format!("evidence-{index}"), SHOWN.to_owned()));
            }
        }
        let fields: Vec<(&str, &str)> = pairs.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        self.post(Role::SecurityLead, &format!("/desk/assessments/{assessment}/practices/{place}"), &fields).await
    }

    /// Where the vendor wants to be, and in which steps.
    pub(super) async fn target(&self) -> anyhow::Result<()> {
        let by = self.today().plus_days(540).to_string();
        let wanted: Vec<(String, &str)> =
            ["2.0", "1.5", "1.0", "2.0", "2.0", "2.0", "1.5", "2.0", "2.0", "2.5", "1.0", "1.5"]
                .iter()
                .enumerate()
                .map(|(place, score)| (format!("w-{place}"), *score))
                .collect();
        let due: Vec<String> = (0..wanted.len()).map(|place| format!("d-{place}")).collect();
        let mut fields = vec![("seen", "0"), ("note", "Agreed with the heads of the three families.")];
        fields.extend(wanted.iter().map(|(name, score)| (name.as_str(), *score)));
        fields.extend(due.iter().map(|name| (name.as_str(), by.as_str())));
        self.post(Role::SecurityLead, "/desk/assessments/targets", &fields).await?;
        for (name, days, state, wanted, activities) in [
            (
                "See what is there",
                90,
                "done",
                ("w-5", "1.0"),
                "SBOMs of every release\nPlans for the flagship of each family",
            ),
            (
                "One way of working for all",
                330,
                "running",
                ("w-7", "1.5"),
                "Source scans with each build\nThreat models for all critical products",
            ),
            (
                "Measure and mend",
                540,
                "planned",
                ("w-8", "2.0"),
                "Fuzzing of all readers\nIndependent tests once a year",
            ),
        ] {
            let by = self.today().plus_days(days).to_string();
            let fields = [
                ("revision", "0"),
                ("name", name),
                ("due_on", by.as_str()),
                ("state", state),
                ("owner", self.cast.id(Role::SecurityLead)),
                ("activities", activities),
                ("note", ""),
                wanted,
            ];
            self.post(Role::SecurityLead, "/desk/assessments/roadmap/new", &fields).await?;
        }
        Ok(())
    }

    /// An action is written down, answers the escapes so far, and is begun.
    pub(super) async fn improve(&self, number: usize) -> anyhow::Result<()> {
        let Some(action) = ACTIONS.get(number) else { return Ok(()) };
        let practice = action.activity.split('.').next().unwrap_or_default();
        let due_on = self.today().plus_days(action.days).to_string();
        let fields = [
            ("title", action.title),
            ("what", action.what),
            ("practice", practice),
            ("activity", action.activity),
            ("cause", ""),
            ("product", ""),
            ("owner", self.cast.id(action.owner)),
            ("due_on", due_on.as_str()),
        ];
        let at = "/desk/programme/improvement/actions";
        let made = self.site.post(self.cookie(Role::SecurityLead), &format!("{at}/new"), &fields).await?.id();
        let escapes = store::escapes(self.platform, action.activity).await?;
        let revision = store::action_revision(self.platform, &made).await?;
        let mut fields = vec![("revision", revision.as_str())];
        for escape in &escapes {
            fields.extend([("shown", escape.as_str()), ("escape", escape.as_str())]);
        }
        if !escapes.is_empty() {
            self.post(Role::SecurityLead, &format!("{at}/{made}/escapes"), &fields).await?;
        }
        self.actions.borrow_mut().insert(number, made);
        self.move_action(number, "doing", "").await
    }

    /// An action is done.
    pub(super) async fn improved(&self, number: usize) -> anyhow::Result<()> {
        let today = self.today().to_string();
        self.move_action(number, "done", &today).await
    }

    async fn move_action(&self, number: usize, state: &str, done_on: &str) -> anyhow::Result<()> {
        let action = self.actions.borrow().get(&number).cloned().unwrap_or_default();
        let revision = store::action_revision(self.platform, &action).await?;
        let fields = [("revision", revision.as_str()), ("state", state), ("reason", ""), ("done_on", done_on)];
        self.post(Role::SecurityLead, &format!("/desk/programme/improvement/actions/{action}/state"), &fields).await
    }
}
