//! The spine at the size of a portfolio: 40 products with 5 releases of 600 tasks each, recomputed, asked at the gate, and
//! shown on every page; on PostgreSQL when `PORTCULLIS_TEST_POSTGRES` names a server, else on SQLite.

use std::time::{Duration, Instant};

use benches::line;
use db::{Tx, Value};
use kernel::{Date, Permission, Role};
use pack::{EvidenceKind, Pack};
use platform::Ctx;
use platform::jobs::Jobs;
use register::products::{
    FamilyDraft, ProductDraft, ProductId, ProductState, ReleaseDraft, ReleaseId, ReleaseState, add_family, add_product,
    add_release,
};
use testbed::{Client, Testbed};

const PRODUCTS: usize = 40;
const RELEASES: usize = 5;
const TASKS: usize = 600;

type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

/// The standard pack, its activities repeated until there are enough of them.
fn pack() -> Outcome<Pack> {
    let mut pack = pack::read(content::STANDARD_PACK, None).usable().cloned().ok_or("the pack has errors")?;
    let own = pack.activities.clone();
    for (number, activity) in own.iter().cycle().skip(own.len()).take(TASKS - own.len()).enumerate() {
        let mut copy = activity.clone();
        copy.id = format!("{}_{number}", activity.id);
        copy.classes = pack::RiskClass::ALL.to_vec();
        pack.activities.push(copy);
    }
    Ok(pack)
}

async fn fill(ctx: &Ctx, pack: &Pack) -> Outcome<Vec<(ProductId, ReleaseId)>> {
    let family = add_family(ctx, &FamilyDraft { name: "Portfolio".to_owned(), ..FamilyDraft::default() }).await?;
    let mut releases = Vec::new();
    for number in 0..PRODUCTS {
        let name = format!("Product {number}");
        let (state, empty) = (ProductState::Active, String::new());
        let product = ProductDraft { family, name, description: empty.clone(), state, cpe: empty.clone(), purl: empty };
        let product = add_product(ctx, &product).await?;
        for version in 0..RELEASES {
            let draft = ReleaseDraft {
                version: format!("{version}.0"),
                state: ReleaseState::InDevelopment,
                released_on: None,
                support_ends_on: None,
                support_note: String::new(),
            };
            releases.push((product, add_release(ctx, product, &draft).await?));
        }
    }
    let mut tx = ctx.begin().await?;
    tx.is_housekeeping();
    let row = ctx.id::<Pack>();
    tx.execute("update process_pack set active = false", &[]).await?;
    tx.execute(
        "insert into process_pack (id, pack_id, version, title, document, digest, warnings, active, loaded_at, loaded_by)
         values ($1, 'bench', '1.0.0', 'Bench', $2, 'none', 0, true, 0, 'bench')",
        &[row.into(), serde_json::to_string(pack)?.into()],
    )
    .await?;
    for (product, release) in &releases {
        plan(&mut tx, ctx, pack, &[row.into(), (*product).into(), (*release).into()]).await?;
    }
    tx.commit().await?;
    Ok(releases)
}

/// A plan with its tasks, of which every other one has evidence.
async fn plan(tx: &mut Tx, ctx: &Ctx, pack: &Pack, ids: &[Value; 3]) -> Outcome<()> {
    let [row, product, release] = ids;
    let today: Date = ctx.now.date();
    // Three days ago, so that there are past days to ask for.
    let begun = Value::from(ctx.now - Duration::from_secs(3 * 86_400));
    tx.execute(
        "insert into process_plan (id, release_id, product_id, number, pack_row, class, models, starts_on, target_on,
           sprint_days, phase_ends, changes, made_at, made_by)
         values ($1, $2, $3, 1, $4, 'critical', 'waterfall agile devops', $5, $5, 14, '', '', $6, 'bench')",
        &[ctx.id::<Tx>().into(), release.clone(), product.clone(), row.clone(), today.into(), begun.clone()],
    )
    .await?;
    let (mut tasks, mut evidence) = (Vec::new(), Vec::new());
    for (position, activity) in pack.activities.iter().take(TASKS).enumerate() {
        let task: Value = ctx.id::<Pack>().into();
        tasks.push(vec![
            task.clone(),
            release.clone(),
            product.clone(),
            activity.id.as_str().into(),
            activity.practice.as_str().into(),
            position.into(),
            today.into(),
            begun.clone(),
        ]);
        let kind = activity.evidence.first().map_or(EvidenceKind::Document, |wanted| wanted.kind);
        if position % 2 == 0 && kind != EvidenceKind::Fact {
            evidence.push(vec![ctx.id::<Tx>().into(), release.clone(), task, kind.id().into(), ctx.now.into()]);
        }
    }
    tx.execute_many(
        "insert into process_task (id, release_id, product_id, activity, practice, position, due_on, due_words, made_at)
         values ($1, $2, $3, $4, $5, $6, $7, 'then', $8)",
        tasks,
    )
    .await?;
    tx.execute_many(
        "insert into process_evidence (id, release_id, task_id, kind, source, title, producer, author_id, author_name, produced_at, made_at)
         values ($1, $2, $3, $4, 'record', 'Proof', 'bench', '', 'bench', $5, 0)",
        evidence,
    )
    .await?;
    Ok(())
}

/// Asks a page five times; one line with the middle time, the statements and the length of the page.
#[expect(clippy::print_stdout, reason = "a benchmark prints its figures")]
async fn page(bed: &Testbed, client: &mut Client, what: &str, at: &str, goal: u32) {
    client.get(at).await.expect(200);
    let mut times = Vec::new();
    let mut answers = Vec::new();
    let busy = benches::processor_time_with(&bed.platform.db).await.unwrap_or(0.0);
    for _ in 0..5 {
        let start = Instant::now();
        let answer = client.get(at).await.expect(200);
        times.push(start.elapsed());
        answers.push((answer.work.statements, answer.bytes.len() / 1_024));
    }
    let busy = (benches::processor_time_with(&bed.platform.db).await.unwrap_or(0.0) - busy) * 1_000.0 / 5.0;
    times.sort();
    let (statements, kilobytes) = answers.last().copied().unwrap_or_default();
    let line = line(what, times.get(2).copied().unwrap_or_default(), goal);
    println!("{line}   {busy:>5.1} ms of processor time, {statements} statements, {kilobytes} KiB");
}

async fn pages(bed: &Testbed, releases: &[(ProductId, ReleaseId)]) -> Outcome<()> {
    let mut lead = bed.person("Lea Lead", Role::SecurityLead).await;
    let ctx = bed.acting(&lead);
    let (product, release) = *releases.last().ok_or("no release")?;
    let mut tx = ctx.read().await?;
    let place = process::place::release(&ctx, &mut tx, release, Permission::ReadPlans).await?;
    let (slug, version) = (place.product.slug.clone(), place.release.version.clone());
    let sheet = process::plan::load_sheet(&mut tx, place, ctx.now).await?;
    let task = sheet.lines.first().ok_or("no task")?.task.id;
    drop(tx);
    let family = kernel::Scope::Product { product, family: sheet.place.product.family };
    let token = platform::access::make_token(&ctx, "bench", family, "2026-12-31".parse()?).await?;
    let mut pipeline = bed.visitor().with_token(&token);
    let at = format!("/desk/releases/{release}");
    let kept = ctx.now.date().plus_days(-2);
    for (what, path) in [
        ("products", "/desk/products".to_owned()),
        ("product", format!("/desk/products/{product}")),
        ("product, profile", format!("/desk/products/{product}/profile")),
        ("product, team", format!("/desk/products/{product}/team")),
        ("releases", "/desk/releases".to_owned()),
        ("releases, page 7", "/desk/releases?page=7".to_owned()),
        ("releases, lacking first", "/desk/releases?sort=lacking&gate=lacking".to_owned()),
        ("releases as CSV", "/desk/releases?format=csv".to_owned()),
        ("practices", "/desk/practices".to_owned()),
        ("heat map", "/desk/practices/heatmap".to_owned()),
        ("heat map of what is overdue", "/desk/practices/heatmap?what=overdue".to_owned()),
        ("heat map as of a kept day", format!("/desk/practices/heatmap?asof={kept}")),
        ("practices as of a kept day", format!("/desk/practices?asof={kept}")),
        ("programme", "/desk/programme".to_owned()),
        ("programme as of a kept day", format!("/desk/programme?as_of={kept}")),
        ("coverage", "/desk/practices/coverage".to_owned()),
        ("practice", "/desk/practices/threat_assessment".to_owned()),
        ("practice, settled ones too", "/desk/practices/threat_assessment?show=all".to_owned()),
        ("release", at.clone()),
        ("release, tasks page 12", format!("{at}?page=12")),
        ("release, filtered", format!("{at}?state=lacking&practice=security_testing&due=soon")),
        ("release as of yesterday", format!("{at}?asof=2026-03-02")),
        ("release, tasks as CSV", format!("{at}?format=csv")),
        ("plan", format!("{at}/plan")),
        ("plan moved to another pack, difference", format!("{at}/move")),
        ("task", format!("{at}/tasks/{task}")),
        ("gate", format!("{at}/gate")),
        ("packs", "/desk/practices/packs".to_owned()),
    ] {
        page(bed, &mut lead.client, what, &path, 100).await;
    }
    let gate = format!("/api/v1/products/{slug}/releases/{version}/gate");
    for (what, path) in [
        ("gate by API", gate.clone()),
        ("gate by API as JUnit", format!("{gate}?format=junit")),
        ("gate by API as SARIF", format!("{gate}?format=sarif")),
        ("gate by API, signed", format!("{gate}?format=dsse")),
    ] {
        page(bed, &mut pipeline, what, &path, 50).await;
    }
    Ok(())
}

#[expect(clippy::print_stdout, reason = "a benchmark prints its figures")]
async fn run() -> Outcome<()> {
    let bed =
        Testbed::new(process::routes().merge(register::routes()).merge(governance::routes()), Jobs::default()).await;
    let ctx = bed.program();
    process::ensure_ready(&ctx).await?;
    let releases = fill(&ctx, &pack()?).await?;
    for _ in 0..3 {
        let busy = benches::processor_time_with(&bed.platform.db).await?;
        let start = Instant::now();
        let tasks = process::plan::refresh_all(&ctx).await?;
        let took = start.elapsed();
        let busy = benches::processor_time_with(&bed.platform.db).await? - busy;
        println!(
            "{}   {busy:.2} s of processor time",
            line(&format!("{tasks} tasks recomputed and kept"), took, 2_000)
        );
    }
    let (_, release) = releases.first().copied().ok_or("no release")?;
    let mut best = Duration::MAX;
    for _ in 0..20 {
        let start = Instant::now();
        let mut tx = ctx.read().await?;
        let place = process::place::release(&ctx, &mut tx, release, Permission::ReadPlans).await?;
        let answer = process::gate::ask(&mut tx, place, "", &[], ctx.now).await?;
        best = best.min(start.elapsed());
        std::hint::black_box(answer.verdict.passes());
    }
    println!("{}", line(&format!("gate of a release with {TASKS} tasks, the best of 20"), best, 50));
    bed.pass(Duration::from_secs(86_400));
    let start = Instant::now();
    process::plan::keep_days(&bed.program()).await?;
    println!("four past days kept by the job in {:.1} s", start.elapsed().as_secs_f64());
    pages(&bed, &releases).await
}

fn main() -> Outcome<()> {
    tokio::runtime::Builder::new_multi_thread().enable_all().build()?.block_on(run())
}
