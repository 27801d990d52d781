//! The room through its routes.

mod answers;
mod imports;
mod observed;
mod plans;
mod races;
mod sheet;

use kernel::{Grant, Role, Scope};
use platform::cards::Cards;
use platform::jobs::Jobs;
use register::products::{
    FamilyDraft, FamilyId, ProductDraft, ProductId, ProductState, ReleaseDraft, ReleaseId, ReleaseState, add_family,
    add_product, add_release,
};
use testbed::{Answer, TestPerson, Testbed};

/// The position of "Strategy and metrics" in our own questions.
const FIRST: &str = "practices/0";

/// A vendor with two products in one family, and two people who assess.
pub(crate) struct Vendor {
    pub(crate) bed: Testbed,
    pub(crate) lead: TestPerson,
    pub(crate) champion: TestPerson,
    pub(crate) family: FamilyId,
    pub(crate) gate: ProductId,
    pub(crate) phone: ProductId,
}

impl Vendor {
    pub(crate) async fn new() -> Self {
        let mut cards = Cards::default();
        register::products::cards(&mut cards);
        super::cards(&mut cards);
        let bed = Testbed::with(super::routes(), Jobs::default(), cards, |_| {}).await;
        let ctx = bed.program();
        process::ensure_ready(&ctx).await.unwrap();
        super::ensure_ready(&ctx).await.unwrap();
        let lead = bed.person("Petra Lead", Role::SecurityLead).await;
        let champion = bed.person("Cham Pion", Role::Champion).await;
        let draft = FamilyDraft { name: "Gateways".to_owned(), ..FamilyDraft::default() };
        let family = add_family(&ctx, &draft).await.unwrap();
        let product = |name: &str| ProductDraft {
            family,
            name: name.to_owned(),
            description: String::new(),
            state: ProductState::Active,
            cpe: String::new(),
            purl: String::new(),
        };
        let gate = add_product(&ctx, &product("Gate 300")).await.unwrap();
        let phone = add_product(&ctx, &product("Phone 7")).await.unwrap();
        Self { bed, lead, champion, family, gate, phone }
    }

    pub(crate) async fn release(&self, product: ProductId, version: &str, released_on: Option<&str>) -> ReleaseId {
        let draft = ReleaseDraft {
            version: version.to_owned(),
            state: if released_on.is_some() { ReleaseState::Released } else { ReleaseState::InDevelopment },
            released_on: released_on.and_then(|day| day.parse().ok()),
            support_ends_on: None,
            support_note: String::new(),
        };
        add_release(&self.bed.program(), product, &draft).await.unwrap()
    }

    pub(crate) async fn model(&self, series: &str) -> String {
        let mut tx = self.bed.program().read().await.unwrap();
        super::catalogue::load_newest(&mut tx, series).await.unwrap().row.id.to_string()
    }

    /// Starts an assessment of a place with our own questions; its address.
    pub(crate) async fn start(&mut self, place: &str, series: &str, name: &str, carry: bool) -> String {
        let model = self.model(series).await;
        let day = self.bed.program().now.date().to_string();
        let mut fields =
            vec![("name", name), ("place", place), ("model", model.as_str()), ("assessed_on", day.as_str())];
        if carry {
            fields.push(("carry", "on"));
        }
        let answer = self.lead.client.post("/desk/assessments/new", &fields).await.expect(303);
        answer.location().to_owned()
    }

    /// Answers every question of all practices with the same choice as the lead, and validates them as the champion.
    pub(crate) async fn fill(&mut self, at: &str, choice: &str) {
        let mut practice = 0;
        loop {
            let page = self.lead.client.get(&format!("{at}/practices/{practice}")).await;
            if page.status.as_u16() == 404 {
                break;
            }
            let fields = form_of(&page.text(), choice);
            post(&mut self.lead, &format!("{at}/practices/{practice}"), &fields).await.expect(303);
            practice += 1;
        }
        assert!(practice > 0);
        self.validate_all(at).await;
    }

    /// Ticks everything that the champion may validate.
    pub(crate) async fn validate_all(&mut self, at: &str) {
        let page = self.champion.client.get(&format!("{at}/answers?show=validate")).await.expect(200).text();
        let ticked: Vec<(String, String)> = page
            .split("name=\"answer\" value=\"")
            .skip(1)
            .map(|rest| ("answer".to_owned(), rest.split('"').next().unwrap().to_owned()))
            .collect();
        assert!(!ticked.is_empty(), "{page}");
        post(&mut self.champion, &format!("{at}/validate"), &ticked).await.expect(303);
    }

    pub(crate) async fn finish(&mut self, at: &str, more: &[(&str, &str)]) -> Answer {
        let page = self.lead.client.get(at).await.expect(200).text();
        let revision = hidden(&page, "revision");
        let mut fields = vec![("revision", revision.as_str())];
        fields.extend(more);
        self.lead.client.post(&format!("{at}/finish"), &fields).await
    }

    /// Somebody who manages the releases of another family.
    pub(crate) async fn stranger(&self) -> TestPerson {
        let draft = FamilyDraft { name: "Other".to_owned(), ..FamilyDraft::default() };
        let family = add_family(&self.bed.program(), &draft).await.unwrap();
        let grants = [Grant { role: Role::SecurityLead, scope: Scope::Family(family) }];
        self.bed.person_with("Stran Ger", &grants).await
    }
}

/// Sends pairs that are not constants.
pub(crate) async fn post(person: &mut TestPerson, at: &str, fields: &[(String, String)]) -> Answer {
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    person.client.post(at, &fields).await
}

/// The value of a hidden field.
#[track_caller]
pub(crate) fn hidden(page: &str, name: &str) -> String {
    let start = format!("<input type=\"hidden\" name=\"{name}\" value=\"");
    let rest = page.split(&start).nth(1).unwrap_or_else(|| panic!("no {name} in {page}"));
    rest.split('"').next().unwrap().to_owned()
}

/// A whole form of a practice with this choice for every question.
pub(crate) fn form_of(page: &str, choice: &str) -> Vec<(String, String)> {
    let mut fields = Vec::new();
    for index in 0.. {
        if !page.contains(&format!("name=\"q-{index}\"")) {
            break;
        }
        fields.push((format!("q-{index}"), hidden(page, &format!("q-{index}"))));
        fields.push((format!("seen-{index}"), hidden(page, &format!("seen-{index}"))));
        fields.push((format!("a-{index}"), choice.to_owned()));
    }
    fields
}

/// Sets one field of a form.
pub(crate) fn with(mut fields: Vec<(String, String)>, name: &str, value: &str) -> Vec<(String, String)> {
    fields.retain(|(known, _)| known != name);
    fields.push((name.to_owned(), value.to_owned()));
    fields
}
