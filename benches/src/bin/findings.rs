//! Imports a report of 10,000 findings, imports it again, and walks lists of a million findings; on PostgreSQL when
//! `PORTCULLIS_TEST_POSTGRES` names a server, else on SQLite. The first argument is another number of findings.

use std::fmt::Write;
use std::time::{Duration, Instant};

use benches::{Dice, line, peak_megabytes};
use kernel::Role;
use platform::Ctx;
use platform::jobs::Jobs;
use register::products::{self, FamilyDraft, Product, ProductDraft, ProductState, Release, ReleaseDraft, ReleaseState};
use testbed::{Answer, TestPerson, Testbed};
use verification::finding::{Sent, Taken, take};

type Failure = Box<dyn std::error::Error>;

const PRODUCTS: usize = 40;
const RELEASES: usize = 5;

#[tokio::main]
async fn main() -> Result<(), Failure> {
    match std::env::args().nth(1).as_deref() {
        Some("memory") => memory().await,
        Some(text) => portfolio(text.parse()?).await,
        None => portfolio(1_000_000).await,
    }
}

/// One report of 100,000 results, sent by a pipeline and read by its job; how much memory that took at most.
#[expect(clippy::print_stdout, reason = "the result is for people")]
async fn memory() -> Result<(), Failure> {
    let (bed, person) = world().await?;
    let ctx = bed.acting(&person);
    let places = places(&ctx).await?;
    let (product, _) = places.first().ok_or("no release")?;
    let scope = kernel::Scope::Product { product: product.id, family: product.family };
    let token = platform::access::make_token(&ctx, "bench", scope, "2026-12-31".parse()?).await?;
    let before = peak_megabytes();
    let content = report(1, 100_000, "memory");
    let megabytes = content.len() / 1_000_000;
    let at = format!("/api/v1/products/{}/releases/0.0/scans", product.slug);
    let start = Instant::now();
    let mut pipeline = bed.visitor().with_token(&token);
    let answer = pipeline.post_whole(&at, "application/sarif+json", content).await.expect(202);
    println!("{}", line(&format!("{megabytes} MB of 100,000 results taken in"), start.elapsed(), 10_000));
    println!("at most {} MB of memory, {before} of them before", peak_megabytes());
    let start = Instant::now();
    bed.run_jobs().await;
    println!("{}", line("read, identified, judged", start.elapsed(), 30_000));
    let scan = answer.json();
    let at = format!("/api/v1/products/{}/scans/{}", product.slug, scan["scan"]["id"].as_str().unwrap_or_default());
    let scan = pipeline.get(&at).await.expect(200).json();
    let peak = peak_megabytes();
    let verdict = if peak < 300 { "reached" } else { "MISSED" };
    println!("{} findings are in; at most {peak} MB of memory   goal 300 MB   {verdict}", scan["scan"]["findings"]);
    Ok(())
}

async fn world() -> Result<(Testbed, TestPerson), Failure> {
    let mut jobs = Jobs::default();
    verification::jobs(&mut jobs);
    let routes = verification::routes().merge(process::routes()).merge(register::routes()).merge(governance::routes());
    let bed = Testbed::new(routes, jobs).await;
    process::ensure_ready(&bed.program()).await?;
    let person = bed.person("Lea Lead", Role::SecurityLead).await;
    Ok((bed, person))
}

#[expect(clippy::print_stdout, reason = "the result is for people")]
async fn portfolio(wanted: usize) -> Result<(), Failure> {
    let (bed, mut person) = world().await?;
    let ctx = bed.acting(&person);
    let places = places(&ctx).await?;
    let (product, release) = places.first().ok_or("no release")?;
    plan(&mut person, product, release).await?;
    let content = report(1, 10_000, "first");
    println!("a report of 10,000 findings has {} KiB", content.len() / 1_024);
    let empty = import(&bed, &ctx, product, release, content.clone()).await?;
    println!("{}", line("imported into an empty database", empty.0, 1_000));
    again(&bed, &ctx, product, release, content).await?;
    let start = Instant::now();
    let each = wanted / places.len();
    for (index, (product, release)) in places.iter().enumerate() {
        bed.pass(Duration::from_secs(43_200));
        let seed = u64::try_from(index / RELEASES).unwrap_or(0) + 2;
        import(&bed, &bed.acting(&person), product, release, report(seed, each, "fill")).await?;
        verification::finding::keep_days(&bed.program()).await?;
    }
    settle(&ctx).await?;
    judge_anew(&bed).await?;
    println!("{} findings filled in in {:.0} s", each * places.len(), start.elapsed().as_secs_f64());
    let ctx = bed.acting(&person);
    let content = report(99, 10_000, "second");
    let full = import(&bed, &ctx, product, release, content.clone()).await?;
    println!("{}", line("imported beside a million", full.0, 1_000));
    again(&bed, &ctx, product, release, content.clone()).await?;
    let mut spaced = content.clone();
    spaced.push(b' ');
    let kept = import(&bed, &ctx, product, release, spaced).await?;
    println!("{}   {} rows", line("the same findings in other bytes", kept.0, 1_000), kept.1);
    let moved = String::from_utf8(content)?.replace("\"startLine\":", "\"startLine\":1").into_bytes();
    let moved = import(&bed, &ctx, product, release, moved).await?;
    println!("{}   {} rows", line("the same findings, every line moved", moved.0, 1_000), moved.1);
    pages(&bed, &mut person, product, release, ctx.now.date().plus_days(-1)).await
}

/// The same report again: quick, and without a single row.
#[expect(clippy::print_stdout, reason = "the result is for people")]
async fn again(
    bed: &Testbed,
    ctx: &Ctx,
    product: &Product,
    release: &Release,
    content: Vec<u8>,
) -> Result<(), Failure> {
    let (took, rows) = import(bed, ctx, product, release, content).await?;
    let verdict = if rows == 0 { "reached" } else { "MISSED" };
    println!("{}   {rows} rows written   goal 0   {verdict}", line("the same again", took, 300));
    Ok(())
}

/// Half of the findings are done with, as in a portfolio that is some years old.
async fn settle(ctx: &Ctx) -> Result<(), Failure> {
    let mut tx = ctx.begin().await?;
    tx.is_housekeeping();
    for (state, digits) in [("fixed", "'0','1','2','3','4','5'"), ("false_positive", "'6'"), ("accepted", "'7'")] {
        let sql = format!(
            "update verification_finding set state = '{state}', live = false, closed_at = opened_at,
               present = case when '{state}' = 'fixed' then false else true end
              where substr(fingerprint, 1, 1) in ({digits}) and title_key like '%infill'"
        );
        tx.execute(sql, &[]).await?;
    }
    tx.execute("delete from verification_tally", &[]).await?;
    tx.execute(
        "insert into verification_tally (target_id, product_id, practice, kind, severity, state, opened_day, count)
         select target_id, product_id, practice, kind, severity, state, opened_at / 86400000000, count(*)
           from verification_finding where live = true
          group by target_id, product_id, practice, kind, severity, state, opened_at / 86400000000",
        &[],
    )
    .await?;
    tx.commit().await?;
    Ok(())
}

/// The job that judges all releases, and the one that keeps past days.
#[expect(clippy::print_stdout, reason = "the result is for people")]
async fn judge_anew(bed: &Testbed) -> Result<(), Failure> {
    bed.pass(Duration::from_secs(86_400));
    let start = Instant::now();
    verification::finding::keep_days(&bed.program()).await?;
    println!("one past day kept by the job in {:.1} s", start.elapsed().as_secs_f64());
    let start = Instant::now();
    bed.run_jobs().await;
    println!("{}", line("all recurring jobs", start.elapsed(), 2_000));
    Ok(())
}

/// A plan for the release, so that its page has something to show.
async fn plan(person: &mut TestPerson, product: &Product, release: &Release) -> Result<(), Failure> {
    let pack = pack::read(content::STANDARD_PACK, None).usable().cloned().ok_or("the pack has errors")?;
    let mut pairs: Vec<(String, String)> = Vec::new();
    for question in &pack.risk.questions {
        let answer = question.answers.last().ok_or("a question without answers")?;
        pairs.push((format!("q-{}", question.id), answer.id.clone()));
        pairs.push((format!("r-{}", question.id), "As measured.".to_owned()));
    }
    pairs.push(("seen".to_owned(), String::new()));
    pairs.push(("models".to_owned(), "agile".to_owned()));
    let fields: Vec<(&str, &str)> = pairs.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    person.client.post(&format!("/desk/products/{}/profile/answer", product.id), &fields).await.expect(303);
    let fields = [
        ("seen", "0"),
        ("starts_on", "2026-03-02"),
        ("target_on", "2026-09-01"),
        ("sprint_days", "14"),
        ("models", "waterfall"),
        ("models", "agile"),
        ("models", "devops"),
    ];
    person.client.post(&format!("/desk/releases/{}/plan", release.id), &fields).await.expect(303);
    Ok(())
}

#[expect(clippy::print_stdout, reason = "the result is for people")]
async fn page(bed: &Testbed, person: &mut TestPerson, at: &str) -> Answer {
    let mut answer = person.client.get(at).await.expect(200);
    let mut times = Vec::new();
    let busy = benches::processor_time_with(&bed.platform.db).await.unwrap_or(0.0);
    for _ in 0..5 {
        let start = Instant::now();
        answer = person.client.get(at).await.expect(200);
        times.push(start.elapsed());
    }
    times.sort();
    let line = line(at, times.get(2).copied().unwrap_or_default(), 100);
    let busy = (benches::processor_time_with(&bed.platform.db).await.unwrap_or(0.0) - busy) * 1_000.0 / 5.0;
    let (statements, kilobytes) = (answer.work.statements, answer.bytes.len() / 1_024);
    println!("{line}   {busy:>5.1} ms of processor time, {statements} statements, {kilobytes} KiB");
    answer
}

/// Where the pager's link leads.
fn link(page: &str, rel: &str) -> Option<String> {
    let rest = page.split(&format!("rel=\"{rel}\" href=\"")).nth(1)?;
    Some(rest.split('"').next()?.replace("&amp;", "&"))
}

async fn pages(
    bed: &Testbed,
    person: &mut TestPerson,
    product: &Product,
    release: &Release,
    yesterday: kernel::Date,
) -> Result<(), Failure> {
    let id = product.id;
    for query in [
        String::new(),
        "state=all".to_owned(),
        "state=settled".to_owned(),
        "state=fixed".to_owned(),
        "state=accepted".to_owned(),
        "waiting=yes".to_owned(),
        "severity=critical".to_owned(),
        "severity=info&state=all".to_owned(),
        "practice=implementation_review".to_owned(),
        "practice=security_testing".to_owned(),
        "kind=sast".to_owned(),
        "kind=dast&state=all".to_owned(),
        "tool=sarif&state=all".to_owned(),
        "tool=nothing".to_owned(),
        "sort=-severity".to_owned(),
        "sort=new".to_owned(),
        "sort=-new".to_owned(),
        "sort=title".to_owned(),
        "sort=-title".to_owned(),
        "sort=title&state=all&severity=low".to_owned(),
        "sort=new&practice=security_testing".to_owned(),
        "sort=-new&kind=dast".to_owned(),
        "sort=title&state=fixed".to_owned(),
        "q=rule%2012".to_owned(),
        "q=nothing%20begins%20so".to_owned(),
        "q=rule%2012&sort=severity".to_owned(),
        "id=CWE-79".to_owned(),
        "id=CWE-79&sort=new".to_owned(),
        "id=CVE-2020-0001".to_owned(),
        "practice=security_testing&kind=dast&severity=high".to_owned(),
        "id=CWE-79&sort=title".to_owned(),
        "id=CWE-79&kind=dast&severity=info".to_owned(),
        "id=CWE-79&q=rule%2012&sort=new".to_owned(),
        format!("id=CWE-79&product={id}"),
        "state=accepted&sort=title".to_owned(),
        "waiting=yes&sort=title".to_owned(),
        "tool=nothing&sort=new".to_owned(),
        "kind=secrets&sort=title&state=all".to_owned(),
        "component=lib7".to_owned(),
        "older=30".to_owned(),
        "older=7&severity=high".to_owned(),
        format!("product={id}"),
        format!("product={id}&sort=title"),
        format!("product={id}&sort=-new&state=all"),
        format!("product={id}&severity=low&state=all"),
        format!("product={id}&kind=dast"),
    ] {
        page(bed, person, &format!("/desk/findings?{query}")).await;
    }
    deep(bed, person).await;
    let first = page(bed, person, "/desk/findings").await.text();
    let finding = first.split("name=\"finding\" value=\"").nth(1).and_then(|rest| rest.get(..36)).unwrap_or_default();
    page(bed, person, &format!("/desk/findings/{finding}")).await;
    page(bed, person, &format!("/desk/findings/summary?release={}", release.id)).await;
    page(bed, person, "/desk/findings/imports").await;
    page(bed, person, "/desk/findings/thresholds").await;
    page(bed, person, "/desk/findings/import").await;
    page(bed, person, &format!("/desk/releases/{}", release.id)).await;
    page(bed, person, "/desk/programme").await;
    page(bed, person, &format!("/desk/programme?product={id}")).await;
    page(bed, person, &format!("/desk/programme?as_of={yesterday}")).await;
    Ok(())
}

/// The page from which nobody gets by walking from the first one.
#[expect(clippy::print_stdout, reason = "the result is for people")]
async fn deep(bed: &Testbed, person: &mut TestPerson) {
    for sort in ["severity", "new", "title"] {
        let mut at = format!("/desk/findings?state=all&sort={sort}");
        for _ in 0..200 {
            let page = person.client.get(&at).await.expect(200).text();
            match link(&page, "next") {
                Some(next) => at = next,
                None => break,
            }
        }
        println!("the 200th page:");
        page(bed, person, &at).await;
    }
    // What is begun to be sent when the first byte is there; the rest is read while it is sent.
    for at in ["/desk/findings.csv", "/desk/findings.csv?state=all&sort=title"] {
        let start = Instant::now();
        let took = person.client.first_bytes(at).await;
        println!("{}", line(&format!("{at} begins"), took.unwrap_or_else(|| start.elapsed()), 100));
    }
}

async fn places(ctx: &Ctx) -> Result<Vec<(Product, Release)>, Failure> {
    let family = FamilyDraft { name: "Gateways".to_owned(), ..FamilyDraft::default() };
    let family = products::add_family(ctx, &family).await?;
    let mut places = Vec::new();
    for number in 0..PRODUCTS {
        let draft = ProductDraft {
            family,
            name: format!("Gate {number}"),
            description: String::new(),
            state: ProductState::Active,
            cpe: String::new(),
            purl: String::new(),
        };
        let product = products::add_product(ctx, &draft).await?;
        for version in 0..RELEASES {
            let draft = ReleaseDraft {
                version: format!("{version}.0"),
                state: ReleaseState::InDevelopment,
                released_on: None,
                support_ends_on: None,
                support_note: String::new(),
            };
            let release = products::add_release(ctx, product, &draft).await?;
            let mut tx = ctx.read().await?;
            places.push((
                products::load_product(&mut tx, product).await?,
                products::load_release(&mut tx, release).await?,
            ));
        }
    }
    Ok(places)
}

/// Imports a report; how long that took, and how many rows were written.
#[expect(clippy::print_stdout, reason = "the result is for people")]
async fn import(
    bed: &Testbed,
    ctx: &Ctx,
    product: &Product,
    release: &Release,
    content: Vec<u8>,
) -> Result<(Duration, u64), Failure> {
    let in_fill = content.windows(7).any(|part| part == b"in fill");
    let sent = Sent {
        product: product.clone(),
        release: Some(release.clone()),
        branch: String::new(),
        name: "report.sarif".to_owned(),
        scope: if content.windows(8).any(|part| part == b"in first") { "first".to_owned() } else { String::new() },
        content,
        tool: String::new(),
        practice: None,
        confirmed: false,
    };
    let busy = benches::processor_time_with(&bed.platform.db).await?;
    let (start, before) = (Instant::now(), bed.platform.db.work());
    let taken = take(ctx, sent).await?;
    let (took, work) = (start.elapsed(), bed.platform.db.work().since(before));
    let busy = benches::processor_time_with(&bed.platform.db).await? - busy;
    if matches!(taken, Taken::Queued(_)) {
        return Err("the report was queued; it is too long for this measurement".into());
    }
    if !in_fill {
        println!("{busy:.2} s of processor time, {} statements:", work.statements);
    }
    Ok((took, work.rows_written))
}

/// A SARIF report of so many findings, the same for the same seed: of a source scan, a component scan or a scan of the
/// running product.
fn report(seed: u64, count: usize, word: &str) -> Vec<u8> {
    let mut dice = Dice::new(seed);
    let scanner = if word == "fill" {
        ["Semgrep OSS", "Trivy", "ZAP"][usize::try_from(seed % 3).unwrap_or(0)]
    } else {
        "Semgrep OSS"
    };
    let mut text = format!(
        r#"{{"version":"2.1.0","runs":[{{"tool":{{"driver":{{"name":"{scanner}","version":"1.0"}}}},"results":["#
    );
    for number in 0..count {
        let level = ["error", "warning", "note"].get(dice.roll(3)).copied().unwrap_or("note");
        let comma = if number == 0 { "" } else { "," };
        let (rule, cwe, file) =
            (dice.roll(200), [79, 89, 22, 78, 787, 416].get(dice.roll(6)).copied().unwrap_or(79), dice.roll(500));
        let rule_id =
            if scanner == "Trivy" { format!("CVE-2020-{:04}", dice.roll(900)) } else { format!("rule-{rule}") };
        let purl = if scanner == "Trivy" {
            format!(r#""purls":["pkg:npm/lib{}@1.{number}"],"#, dice.roll(300))
        } else {
            String::new()
        };
        let _written = write!(
            text,
            r#"{comma}{{"ruleId":"{rule_id}","level":"{level}","message":{{"text":"Rule {rule} is broken in {word}"}},"properties":{{{purl}"security-severity":"{}.5","tags":["external/cwe/cwe-{cwe}"]}},"locations":[{{"physicalLocation":{{"artifactLocation":{{"uri":"src/part{file}/module.rs"}},"region":{{"startLine":{},"snippet":{{"text":"call{number}(input_{seed}, {word})"}}}}}}}}]}}"#,
            dice.roll(10),
            dice.roll(900) + 1,
        );
    }
    text.push_str("]}]}");
    text.into_bytes()
}
