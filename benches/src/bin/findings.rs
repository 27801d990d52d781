//! Imports a report of 10,000 findings, imports it again, and walks lists of a million findings; on PostgreSQL when
//! `PORTCULLIS_TEST_POSTGRES` names a server, else on SQLite. The first argument is another number of findings.

use std::fmt::Write;
use std::time::{Duration, Instant};

use benches::Dice;
use kernel::Role;
use platform::Ctx;
use platform::jobs::Jobs;
use register::products::{self, FamilyDraft, Product, ProductDraft, ProductState, Release, ReleaseDraft, ReleaseState};
use testbed::{TestPerson, Testbed};
use verification::finding::{Sent, Taken, take};

type Failure = Box<dyn std::error::Error>;

const PRODUCTS: usize = 40;
const RELEASES: usize = 5;

#[tokio::main]
#[expect(clippy::print_stdout, reason = "the result is for people")]
async fn main() -> Result<(), Failure> {
    let wanted = std::env::args().nth(1).map_or(Ok(1_000_000), |text| text.parse::<usize>())?;
    let bed = Testbed::new(verification::routes(), Jobs::default()).await;
    let mut person = bed.person("Lea Lead", Role::SecurityLead).await;
    let ctx = bed.acting(&person);
    let places = places(&ctx).await?;
    let (product, release) = places.first().ok_or("no release")?;
    let content = report(1, 10_000, "first");
    println!("a report of 10,000 findings has {} KiB", content.len() / 1_024);
    let empty = import(&ctx, product, release, content.clone()).await?;
    println!("{}", line("imported into an empty database", empty, 1_000));
    println!("{}", line("the same again, nothing written", import(&ctx, product, release, content).await?, 300));
    let start = Instant::now();
    let each = wanted / places.len();
    for (index, (product, release)) in places.iter().enumerate() {
        let seed = u64::try_from(index / RELEASES).unwrap_or(0) + 2;
        import(&ctx, product, release, report(seed, each, "fill")).await?;
    }
    println!("{} findings filled in in {:.0} s", each * places.len(), start.elapsed().as_secs_f64());
    let content = report(99, 10_000, "second");
    println!("{}", line("imported beside a million", import(&ctx, product, release, content.clone()).await?, 1_000));
    println!(
        "{}",
        line("the same again, nothing written", import(&ctx, product, release, content.clone()).await?, 300)
    );
    let moved = String::from_utf8(content)?.replace("\"startLine\":", "\"startLine\":1").into_bytes();
    println!("{}", line("the same findings, every line moved", import(&ctx, product, release, moved).await?, 1_000));
    pages(&mut person, product).await
}

/// One line: what, how long, and whether that reaches the goal.
fn line(what: &str, took: Duration, goal: u128) -> String {
    let verdict = if took.as_millis() <= goal { "reached" } else { "MISSED" };
    format!("{what:<60} {:>8.1} ms   goal {goal:>5} ms   {verdict}", took.as_secs_f64() * 1_000.0)
}

#[expect(clippy::print_stdout, reason = "the result is for people")]
async fn pages(person: &mut TestPerson, product: &Product) -> Result<(), Failure> {
    let id = product.id;
    for query in [
        String::new(),
        "state=all".to_owned(),
        "state=fixed".to_owned(),
        "severity=critical".to_owned(),
        "practice=security_testing".to_owned(),
        "tool=sarif&state=all".to_owned(),
        "sort=new".to_owned(),
        "sort=-title".to_owned(),
        "q=rule%2012".to_owned(),
        "q=nothing%20begins%20so".to_owned(),
        "id=CWE-79".to_owned(),
        "id=CVE-2020-0001".to_owned(),
        "component=lib7".to_owned(),
        "older=30".to_owned(),
        format!("product={id}"),
        format!("product={id}&severity=low&state=all"),
    ] {
        let at = format!("/desk/findings?{query}");
        person.client.get(&at).await.expect(200);
        let mut times = Vec::new();
        for _ in 0..5 {
            let start = Instant::now();
            person.client.get(&at).await.expect(200);
            times.push(start.elapsed());
        }
        times.sort();
        println!("{}", line(&at, times.get(2).copied().unwrap_or_default(), 100));
    }
    Ok(())
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

/// Imports a report; how long that took.
async fn import(ctx: &Ctx, product: &Product, release: &Release, content: Vec<u8>) -> Result<Duration, Failure> {
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
    let start = Instant::now();
    let taken = take(ctx, sent).await?;
    let took = start.elapsed();
    if matches!(taken, Taken::Queued(_)) {
        return Err("the report was queued; it is too long for this measurement".into());
    }
    Ok(took)
}

/// A SARIF report of so many findings, the same for the same seed.
fn report(seed: u64, count: usize, word: &str) -> Vec<u8> {
    let mut dice = Dice::new(seed);
    let mut text = String::from(
        r#"{"version":"2.1.0","runs":[{"tool":{"driver":{"name":"Semgrep OSS","version":"1.0"}},"results":["#,
    );
    for number in 0..count {
        let level = ["error", "warning", "note"].get(dice.roll(3)).copied().unwrap_or("note");
        let comma = if number == 0 { "" } else { "," };
        let (rule, cwe, file) =
            (dice.roll(200), [79, 89, 22, 78, 787, 416].get(dice.roll(6)).copied().unwrap_or(79), dice.roll(500));
        let _written = write!(
            text,
            r#"{comma}{{"ruleId":"rule-{rule}","level":"{level}","message":{{"text":"Rule {rule} is broken in {word}"}},"properties":{{"security-severity":"{}.5","tags":["external/cwe/cwe-{cwe}"]}},"locations":[{{"physicalLocation":{{"artifactLocation":{{"uri":"src/part{file}/module.rs"}},"region":{{"startLine":{},"snippet":{{"text":"call{number}(input_{seed}, {word})"}}}}}}}}]}}"#,
            dice.roll(10),
            dice.roll(900) + 1,
        );
    }
    text.push_str("]}]}");
    text.into_bytes()
}
