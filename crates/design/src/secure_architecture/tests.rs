//! SBOMs and component rules through their routes.

use kernel::{Grant, Role, Scope};
use platform::access;
use platform::jobs::Jobs;
use register::products::{
    FamilyDraft, ProductDraft, ProductId, ProductState, ReleaseDraft, ReleaseId, ReleaseState, add_family, add_product,
    add_release, load_product,
};
use testbed::{TestPerson, Testbed};

struct Place {
    bed: Testbed,
    lead: TestPerson,
    product: ProductId,
    first: ReleaseId,
    second: ReleaseId,
}

async fn place() -> Place {
    let bed = Testbed::new(super::routes(), Jobs::default()).await;
    let lead = bed.person("Sol Security", Role::SecurityLead).await;
    let ctx = bed.acting(&lead);
    let family = add_family(&ctx, &FamilyDraft { name: "Gates".to_owned(), ..FamilyDraft::default() }).await.unwrap();
    let draft = ProductDraft {
        family,
        name: "Gate 300".to_owned(),
        description: String::new(),
        state: ProductState::Active,
        cpe: String::new(),
        purl: "pkg:generic/halden/gate".to_owned(),
    };
    let product = add_product(&ctx, &draft).await.unwrap();
    let release = |version: &str| ReleaseDraft {
        version: version.to_owned(),
        state: ReleaseState::InDevelopment,
        released_on: None,
        support_ends_on: None,
        support_note: String::new(),
    };
    let first = add_release(&ctx, product, &release("1.0")).await.unwrap();
    let second = add_release(&ctx, product, &release("2.0")).await.unwrap();
    Place { bed, lead, product, first, second }
}

fn sbom(subject: &str, components: &[(&str, &str, &str)]) -> Vec<u8> {
    let components: Vec<_> = components
        .iter()
        .map(|(name, version, licence)| {
            let mut component = serde_json::json!({
                "type": "library", "name": name, "bom-ref": name,
                "licenses": [{"license": {"id": licence}}],
            });
            if version.is_empty() {
                component["purl"] = format!("pkg:npm/{name}").into();
            } else {
                component["version"] = (*version).into();
                component["purl"] = format!("pkg:npm/{name}@{version}").into();
            }
            component
        })
        .collect();
    serde_json::json!({
        "bomFormat": "CycloneDX", "specVersion": "1.5", "version": 1,
        "metadata": {"component": {"type": "application", "name": "gate", "purl": subject}},
        "components": components,
    })
    .to_string()
    .into_bytes()
}

const OURS: &str = "pkg:generic/halden/gate";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_sbom_becomes_the_inventory_and_a_ban_shows_at_once() {
    let mut place = place().await;
    let at = format!("/desk/components/releases/{}", place.first);
    let client = &mut place.lead.client;
    client.get(&at).await.expect(200).says("No SBOM yet");
    let first = sbom(OURS, &[("left", "1.0.0", "MIT"), ("right", "2.0.0", "AGPL-3.0-only"), ("loose", "", "MIT")]);
    client.post_files(&format!("{at}/upload"), &[], &[("file", "gate.cdx.json", &first)]).await.expect(303);
    client.get(&at).await.expect(200).says("pkg:npm/left").says("no version").says("Many components have no version");
    let rule =
        [("verdict", "banned"), ("package", "pkg:npm/left"), ("versions", "<1.5.0"), ("reason", "CVE-1900-0001")];
    client.post("/desk/components/rules/new", &rule).await.expect(303);
    let licence = [("verdict", "limited"), ("licence", "AGPL-3.0-only"), ("reason", "only inside")];
    client.post("/desk/components/rules/new", &licence).await.expect(303);
    client.get(&format!("{at}?rule=banned")).await.expect(200).says("CVE-1900-0001").keeps_quiet_about("pkg:npm/right");
    client.get("/desk/components/releases").await.expect(200).says("1 banned").says("1 limited");
    client.get("/desk/components?format=csv").await.expect(200).says("left,1.0.0,pkg:npm/left,MIT");
    let ctx = place.bed.program();
    let mut tx = ctx.read().await.unwrap();
    let row = tx
        .fetch_one(
            "select fact, holds, words from v_secure_architecture_facts where release_id = $1",
            &[place.first.into()],
        )
        .await
        .unwrap();
    assert_eq!(row.get::<String>("fact").unwrap(), "components_judged");
    assert!(!row.get::<bool>("holds").unwrap());
    assert!(row.get::<String>("words").unwrap().starts_with("1 banned"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_same_sbom_again_writes_nothing_and_another_is_compared() {
    let mut place = place().await;
    let client = &mut place.lead.client;
    let upload = |release: ReleaseId| format!("/desk/components/releases/{release}/upload");
    let first = sbom(OURS, &[("left", "1.0.0", "MIT"), ("gone", "1.0.0", "MIT")]);
    let second = sbom(OURS, &[("left", "1.1.0", "MIT"), ("fresh", "0.1.0", "MIT")]);
    client.post_files(&upload(place.first), &[], &[("file", "a.json", &first)]).await.expect(303);
    let before = place.bed.actions().await.len();
    client.post_files(&upload(place.first), &[], &[("file", "a.json", &first)]).await.expect(303);
    assert_eq!(place.bed.actions().await.len(), before);
    client.post_files(&upload(place.second), &[], &[("file", "b.json", &second)]).await.expect(303);
    client
        .get(&format!("/desk/components/releases/{}/difference", place.second))
        .await
        .expect(200)
        .says("Compared with 1.0")
        .says("pkg:npm/fresh")
        .says("pkg:npm/gone")
        .says("1.1.0");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_no_sbom_or_of_another_product_is_refused_whole() {
    let mut place = place().await;
    let client = &mut place.lead.client;
    let upload = format!("/desk/components/releases/{}/upload", place.first);
    for (content, words) in [
        (b"not an SBOM".to_vec(), "cannot be read as an SBOM"),
        (sbom(OURS, &[]), "names no component"),
        (sbom("pkg:generic/halden/phone", &[("left", "1.0.0", "MIT")]), "is about pkg:generic/halden/phone"),
    ] {
        client.post_files(&upload, &[], &[("file", "x.json", &content)]).await.expect(422).says(words);
    }
    client.get(&format!("/desk/components/releases/{}", place.first)).await.expect(200).says("No SBOM yet");
    client
        .post("/desk/components/rules/new", &[("verdict", "banned"), ("package", "left-pad"), ("reason", "x")])
        .await
        .expect(422)
        .says("not a package URL");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_pipeline_posts_for_its_own_product_only() {
    let place = place().await;
    let ctx = place.bed.acting(&place.lead);
    let mut tx = ctx.read().await.unwrap();
    let product = load_product(&mut tx, place.product).await.unwrap();
    drop(tx);
    let token = access::make_token(&ctx, "build", product.scope(), "2026-12-31".parse().unwrap()).await.unwrap();
    let at = "/api/v1/products/gate-300/releases/1.0/sbom";
    let body = sbom(OURS, &[("left", "1.0.0", "MIT")]);
    let mut pipeline = place.bed.visitor().with_token(&token);
    let answer = pipeline.post_body(at, "application/json", &body).await.expect(200).json();
    assert_eq!((answer["state"].as_str(), answer["components"].as_i64()), (Some("added"), Some(1)));
    let answer = pipeline.post_body(at, "application/json", &body).await.expect(200).json();
    assert_eq!(answer["state"], "known");
    pipeline.post_body("/api/v1/products/gate-300/releases/9.9/sbom", "application/json", &body).await.expect(404);
    place.bed.visitor().post_body(at, "application/json", &body).await.expect(401).says("access token");
    let draft = ProductDraft {
        family: product.family,
        name: "Phone".to_owned(),
        purl: String::new(),
        description: String::new(),
        state: ProductState::Active,
        cpe: String::new(),
    };
    let other = add_product(&ctx, &draft).await.unwrap();
    let mut tx = ctx.read().await.unwrap();
    let other = load_product(&mut tx, other).await.unwrap();
    drop(tx);
    let theirs = access::make_token(&ctx, "their build", other.scope(), "2026-12-31".parse().unwrap()).await.unwrap();
    place.bed.visitor().with_token(&theirs).post_body(at, "application/json", &body).await.expect(404);
    place.bed.pass(std::time::Duration::from_secs(400 * 86_400));
    pipeline.post_body(at, "application/json", &body).await.expect(401).says("expired");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn components_of_another_family_stay_unseen() {
    let mut place = place().await;
    let first = sbom(OURS, &[("secretlib", "1.0.0", "MIT")]);
    let at = format!("/desk/components/releases/{}", place.first);
    place.lead.client.post_files(&format!("{at}/upload"), &[], &[("file", "a.json", &first)]).await.expect(303);
    let ctx = place.bed.acting(&place.lead);
    let family = add_family(&ctx, &FamilyDraft { name: "Phones".to_owned(), ..FamilyDraft::default() }).await.unwrap();
    let mut stranger =
        place.bed.person_with("Dev Else", &[Grant { role: Role::Developer, scope: Scope::Family(family) }]).await;
    stranger.client.get("/desk/components").await.expect(200).keeps_quiet_about("secretlib");
    stranger.client.get(&at).await.expect(404);
    stranger.client.get("/desk/components/rules/new").await.expect(404);
}

/// Rows that an upload writes.
async fn rows(place: &Place) -> Vec<i64> {
    let mut tx = place.bed.platform.db.read().await.unwrap();
    let mut counts = Vec::new();
    for table in [
        "architecture_sbom",
        "architecture_component",
        "architecture_judgement",
        "file",
        "audit_entry",
        "process_evidence",
    ] {
        let sql = format!("select count(*) as count from {table}");
        counts.push(tx.fetch_one(sql, &[]).await.unwrap().get("count").unwrap());
    }
    counts
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_sbom_is_evidence_until_a_newer_one_or_a_rule_changes_it() {
    let mut place = place().await;
    let upload = format!("/desk/components/releases/{}/upload", place.first);
    let present = async |place: &Place| -> Vec<(String, String)> {
        let mut tx = place.bed.platform.db.read().await.unwrap();
        let sql =
            "select post, measures from process_evidence where release_id = $1 and kind = 'sbom' and ended_at is null";
        let rows = tx.fetch_all(sql, &[place.first.into()]).await.unwrap();
        rows.iter().map(|row| (row.get("post").unwrap(), row.get("measures").unwrap())).collect()
    };
    let first = sbom(OURS, &[("left", "1.0.0", "MIT"), ("loose", "", "MIT")]);
    place.lead.client.post_files(&upload, &[], &[("file", "a.json", &first)]).await.expect(303);
    assert_eq!(present(&place).await, [("sbom".to_owned(), "banned=0 unversioned=1".to_owned())]);
    let rule = [("verdict", "banned"), ("package", "pkg:npm/left"), ("reason", "CVE-1900-0001")];
    place.lead.client.post("/desk/components/rules/new", &rule).await.expect(303);
    assert_eq!(present(&place).await, [("sbom".to_owned(), "banned=1 unversioned=1".to_owned())]);
    let second = sbom(OURS, &[("right", "1.0.0", "MIT")]);
    place.lead.client.post_files(&upload, &[], &[("file", "b.json", &second)]).await.expect(303);
    assert_eq!(present(&place).await, [("sbom".to_owned(), "banned=0 unversioned=0".to_owned())]);
}

/// Where the public corpus of SBOMs lies.
#[expect(clippy::disallowed_methods, reason = "the place of the corpus is told by this variable")]
fn corpus() -> Option<std::path::PathBuf> {
    let folder = std::env::var("PORTCULLIS_CORPUS")
        .unwrap_or_else(|_| concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data").to_owned());
    let folder = std::path::PathBuf::from(folder).join("sbom");
    folder.is_dir().then_some(folder)
}

/// The files of a folder and those below, by name.
fn files(folder: &std::path::Path, found: &mut Vec<std::path::PathBuf>) {
    let mut entries: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    entries.sort();
    for entry in entries {
        if entry.is_dir() {
            files(&entry, found);
        } else {
            found.push(entry);
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn real_sboms_go_through_the_page_or_leave_nothing() {
    let Some(folder) = corpus() else {
        eprintln!("the corpus of SBOMs is not here, so no real SBOM was uploaded");
        return;
    };
    let mut place = place().await;
    let mut all = Vec::new();
    files(&folder, &mut all);
    let at = format!("/desk/components/releases/{}", place.first);
    let (mut taken, mut refused) = (0, 0);
    for path in all.iter().step_by(6).chain(all.iter().filter(|path| path.extension().is_some_and(|end| end == "spdx")))
    {
        let content = std::fs::read(path).unwrap();
        if content.len() > 400_000 {
            continue;
        }
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let before = rows(&place).await;
        let answer = place.lead.client.post_files(&format!("{at}/upload"), &[], &[("file", &name, &content)]).await;
        match answer.status.as_u16() {
            303 => taken += 1,
            422 => {
                refused += 1;
                assert!(answer.text().contains("data-focus"), "{name} is refused without a reason");
                assert_eq!(rows(&place).await, before, "{name} is refused and leaves something");
            }
            status => panic!("{} answered {status}", path.display()),
        }
    }
    assert!(taken >= 50, "{taken} taken, {refused} refused");
    place.lead.client.get(&at).await.expect(200);
    place.lead.client.get("/desk/components").await.expect(200);
}
