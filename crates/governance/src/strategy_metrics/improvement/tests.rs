//! The improvement loop through its routes, on a real database.

use kernel::Role;

use crate::strategy_metrics::testing::{Escape, SECRET, World};

const BOARD: &str = "/desk/programme/improvement";
const ESCAPES: &str = "/desk/programme/improvement/escapes";
const ACTIONS: &str = "/desk/programme/improvement/actions";

async fn rows(world: &mut World, query: &str) -> usize {
    let csv = world.lead.client.get(&format!("{ESCAPES}?{query}&format=csv")).await.expect(200).text();
    csv.lines().count() - 1
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_number_of_the_board_opens_to_its_rows() {
    let mut world = World::new().await;
    let _ = world.lead.client.get(BOARD).await.expect(200).says("No escape yet");
    world.history().await;
    let page = world.lead.client.get(BOARD).await.expect(200).says("Security testing").says("Fuzz parsers.").text();
    assert!(page.contains("practice=security%5Ftesting\">3</a>"), "three escapes of one practice:\n{page}");
    for (query, count) in [
        ("", 5),
        ("practice=security_testing", 3),
        ("practice=gap", 1),
        ("cause=coding_mistake", 3),
        ("activity=threat_assessment.threat_model", 1),
        ("state=open", 1),
        ("quarter=2025Q2", 1),
        ("release=before_records", 3),
        ("severity=high", 5),
        ("severity=low", 0),
        ("answered=no", 5),
    ] {
        assert_eq!(rows(&mut world, query).await, count, "{query}");
    }
    let product = world.phone;
    assert_eq!(rows(&mut world, &format!("product={product}")).await, 2);
    let release = world.release;
    assert_eq!(rows(&mut world, &format!("release={release}")).await, 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_past_day_shows_what_was_known_then() {
    let mut world = World::new().await;
    world.history().await;
    // The first was recorded on 2025-03-01; nothing was known the day before.
    assert_eq!(rows(&mut world, "as_of=2025-02-28").await, 0);
    assert_eq!(rows(&mut world, "as_of=2025-03-01").await, 1);
    assert_eq!(rows(&mut world, "as_of=2025-12-31").await, 3);
    let _ =
        world.lead.client.get(&format!("{BOARD}?as_of=2025-12-31")).await.expect(200).says("Figures as of 2025-12-31");
    let _ = world.lead.client.get(&format!("{BOARD}?as_of=2027-01-01")).await.expect(422).says("a day to come");
    let _ = world.lead.client.get(&format!("{BOARD}?as_of=soon")).await.expect(422).says("is not a date");
    // A later change of mind does not change the past.
    let changed = "update issue_root_cause set ended_at = $1 where cause = 'missing_requirement'";
    world.run(changed, vec![crate::strategy_metrics::testing::at("2026-03-01").into()]).await;
    assert_eq!(rows(&mut world, "practice=gap").await, 0);
    assert_eq!(rows(&mut world, "practice=gap&as_of=2026-02-25").await, 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn figures_are_for_all_and_cases_for_those_who_may_see_them() {
    let world = World::new().await;
    world.history().await;
    let mut executive = world.bed.person("Eva Executive", Role::Executive).await;
    for at in [BOARD.to_owned(), ESCAPES.to_owned(), format!("{ESCAPES}?format=csv"), "/desk/programme".to_owned()] {
        let _ = executive.client.get(&at).await.expect(200).keeps_quiet_about(SECRET).keeps_quiet_about("/desk/cases/");
    }
    let _ = executive.client.get(ESCAPES).await.expect(200).says("A case that you cannot see");
    for measure in ["field", "targets", "unasked"] {
        let at = format!("/desk/programme/rows?measure={measure}");
        let _ = executive.client.get(&at).await.expect(200).keeps_quiet_about(SECRET).keeps_quiet_about("/desk/cases/");
    }
    let mut lead = world.bed.person("Lea Lead", Role::Lead).await;
    let _ = lead.client.get(ESCAPES).await.expect(200).says(SECRET);
    // Figures end at the borders of a grant.
    let mut of_gates = world.of_gates("Gil Gates", Role::ProductManager).await;
    let page = of_gates.client.get(&format!("{ESCAPES}?format=csv")).await.expect(200).keeps_quiet_about("Phone");
    assert_eq!(page.text().lines().count(), 4);
    let phone = world.phone;
    let _ = of_gates.client.get(&format!("{BOARD}?product={phone}")).await.expect(404);
    let _ = of_gates.client.get(&format!("{ACTIONS}/new")).await.expect(404);
    let mut support = world.bed.person("Sue Support", Role::SupportAgent).await;
    let _ = support.client.get(BOARD).await.expect(404);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_action_is_written_linked_done_and_its_effect_shown() {
    let mut world = World::new().await;
    world.history().await;
    let aimless = [("title", "Do better")];
    let new = format!("{ACTIONS}/new");
    let _ = world.lead.client.get(&new).await.expect(200).says("optgroup");
    let _ = world.lead.client.post(&new, &aimless).await.expect(422).says("Say what it is about").says("Do better");
    for field in ["practice", "activity", "cause"] {
        let made_up = [("title", "Do better"), (field, "made up")];
        let _ = world.lead.client.post(&new, &made_up).await.expect(422).says("of the list");
    }
    let owner = world.bed.person("Otto Owner", Role::Developer).await;
    let (owner_id, mut owner) = (owner.id.to_string(), owner.client);
    let fields = [
        ("title", "Fuzz every parser"),
        ("activity", "security_testing.fuzzing"),
        ("owner", owner_id.as_str()),
        ("due_on", "2026-02-28"),
    ];
    let at = world.lead.client.post(&new, &fields).await.expect(303).location().to_owned();
    let page = world.lead.client.get(&at).await.expect(200).says("An effect can show once").says("overdue").text();
    // Link two of the three that the page offers.
    let offered: Vec<String> =
        page.split("name=\"shown\" value=\"").skip(1).map(|rest| rest.split('"').next().unwrap().to_owned()).collect();
    assert_eq!(offered.len(), 3);
    let mut link: Vec<(&str, &str)> = vec![("revision", "1")];
    link.extend(offered.iter().map(|id| ("shown", id.as_str())));
    link.extend(offered.iter().take(2).map(|id| ("escape", id.as_str())));
    let _ = world.lead.client.post(&format!("{at}/escapes"), &link).await.expect(303);
    assert_eq!(rows(&mut world, "answered=no").await, 3);
    let _ = world.lead.client.post(&format!("{at}/escapes"), &link).await.expect(409).says("Somebody else changed");
    // Somebody else may not move it, its owner may; a day to come is refused and the note is kept.
    let mut other = world.bed.person("Dora Developer", Role::Developer).await;
    let state = format!("{at}/state");
    let done = [("revision", "2"), ("state", "done"), ("done_on", "2025-09-15"), ("reason", "In every build.")];
    let _ = other.client.post(&state, &done).await.expect(422).says("Only its owner");
    let early = [("revision", "2"), ("state", "done"), ("done_on", "2026-12-31"), ("reason", "My note")];
    let _ = owner.post(&state, &early).await.expect(422).says("not later than today").says("My note");
    let dropped = [("revision", "2"), ("state", "dropped")];
    let _ = owner.post(&state, &dropped).await.expect(422).says("Say why it is dropped");
    let _ = owner.post(&state, &done).await.expect(303);
    let _ = world
        .lead
        .client
        .get(&at)
        .await
        .expect(200)
        .says("Fewer than before")
        .says("Before and since")
        .says("In every build.");
    let _ = world.lead.client.get(&format!("{ACTIONS}?state=done")).await.expect(200).says("Fuzz every parser");
    let _ = world.lead.client.get(&format!("{ACTIONS}?state=owed")).await.expect(200).keeps_quiet_about("Fuzz every");
    let csv = world.lead.client.get(&format!("{ACTIONS}?format=csv")).await.expect(200).text();
    assert!(csv.contains("Fuzz every parser") && csv.contains("2025-09-15"), "{csv}");
    // Before it was written down it was not there.
    let _ = world.lead.client.get(&format!("{at}?as_of=2026-03-01")).await.expect(404);
    let actions = world.bed.actions().await;
    for action in ["improvement.added", "improvement.linked", "improvement.moved"] {
        assert!(actions.iter().any(|known| known == action), "{action}");
    }
    let edit = world.lead.client.get(&format!("{at}/edit")).await.expect(200).says("Fuzz every parser");
    drop(edit);
    let late = [("revision", "1"), ("title", "My title"), ("cause", "coding_mistake")];
    let _ = world.lead.client.post(&format!("{at}/edit"), &late).await.expect(409).says("My title");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn closed_without_a_root_cause_is_counted_as_such() {
    let mut world = World::new().await;
    let escape = Escape {
        product: world.gate,
        found: "2025-02-10",
        closed: Some("2025-03-01"),
        cause: "",
        activity: "",
        practice: "",
        release: None,
    };
    world.escape(&escape).await;
    let csv = world.lead.client.get("/desk/programme/rows?measure=unasked&format=csv").await.expect(200).text();
    assert_eq!(csv.lines().count(), 2, "{csv}");
    let _ = world.lead.client.get(BOARD).await.expect(200).says("Closed without a root cause");
}
