//! Every real report and SBOM of a folder, sent through the upload pages once: what the libraries read must be taken with as
//! many findings or components, and what they refuse must be refused with a reason. `real_files FOLDER [KIND]`, which holds
//! `scans`, `sarif` and `sbom`.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::time::Instant;

use kernel::Role;
use limits::Limits;
use platform::jobs::Jobs;
use register::products::{
    FamilyDraft, ProductDraft, ProductState, ReleaseDraft, ReleaseId, ReleaseState, add_family, add_product,
    add_release,
};
use testbed::{Answer, TestPerson, Testbed};

type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

/// A program with one product; each folder of files gets a release of its own.
struct Place {
    bed: Testbed,
    lead: TestPerson,
    product: register::products::ProductId,
    /// What was not as it should be.
    wrong: Vec<String>,
    taken: usize,
    refused: usize,
}

fn files(folder: &Path, found: &mut Vec<PathBuf>) -> Outcome<()> {
    let mut entries: Vec<PathBuf> =
        std::fs::read_dir(folder)?.map(|entry| entry.map(|entry| entry.path())).collect::<Result<_, _>>()?;
    entries.sort();
    for entry in entries {
        let name = entry.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        if entry.is_dir() {
            files(&entry, found)?;
        } else if !(name == "README.md" || name == "MANIFEST.csv" || name.starts_with("expected-")) {
            found.push(entry);
        }
    }
    Ok(())
}

/// The words of a page that say what is wrong.
fn reason(answer: &Answer) -> String {
    let page = answer.text();
    let alert = page.split("data-focus").nth(1).or_else(|| page.split("class=\"alert").nth(1)).unwrap_or_default();
    let alert = alert.split("</form>").next().unwrap_or_default();
    let words: Vec<&str> = alert.split('<').filter_map(|part| part.split('>').nth(1)).collect();
    let words: Vec<&str> = words.iter().flat_map(|part| part.split_whitespace()).take(40).collect();
    words.join(" ")
}

impl Place {
    async fn new() -> Outcome<Self> {
        let mut jobs = Jobs::default();
        verification::jobs(&mut jobs);
        let routes = verification::routes().merge(design::routes()).merge(register::routes());
        let bed = Testbed::new(routes, jobs).await;
        let ctx = bed.program();
        let family = add_family(&ctx, &FamilyDraft { name: "Real".to_owned(), ..FamilyDraft::default() }).await?;
        let (state, empty) = (ProductState::Active, String::new());
        let name = "Real files".to_owned();
        let draft = ProductDraft { family, name, description: empty.clone(), state, cpe: empty.clone(), purl: empty };
        let product = add_product(&ctx, &draft).await?;
        let lead = bed.person("Lea Lead", Role::SecurityLead).await;
        Ok(Self { bed, lead, product, wrong: Vec::new(), taken: 0, refused: 0 })
    }

    async fn release(&self, version: &str) -> Outcome<ReleaseId> {
        let draft = ReleaseDraft {
            version: version.chars().take(60).collect(),
            state: ReleaseState::InDevelopment,
            released_on: None,
            support_ends_on: None,
            support_note: String::new(),
        };
        Ok(add_release(&self.bed.program(), self.product, &draft).await?)
    }

    /// Judges an answer against what the library reads of the file.
    fn judge(&mut self, name: &str, answer: &Answer, readable: Result<usize, String>, kept: Option<usize>) {
        match (answer.status.as_u16(), readable) {
            (303, Ok(count)) if kept == Some(count) => self.taken += 1,
            (303, Ok(count)) => self.wrong.push(format!("{name}: {count} are in it, {kept:?} were kept")),
            (303, Err(problem)) => self.wrong.push(format!("{name} was taken, and cannot be read: {problem}")),
            // An SBOM without a single component says nothing about a release, and the page says so.
            (422, Err(_) | Ok(0)) if !reason(answer).is_empty() => self.refused += 1,
            (422, Err(problem)) => self.wrong.push(format!("{name} was refused without a word: {problem}")),
            (422, Ok(count)) => self.wrong.push(format!("{name} with {count} was refused: {}", reason(answer))),
            (status, _) => self.wrong.push(format!("{name} answered {status}: {}", reason(answer))),
        }
    }

    async fn number(&self, sql: &str) -> Outcome<Option<usize>> {
        let mut tx = self.bed.program().read().await?;
        let row = tx.fetch_optional(sql.to_owned(), &[]).await?;
        Ok(row.map(|row| row.get::<i64>("number")).transpose()?.and_then(|number| usize::try_from(number).ok()))
    }

    async fn report(&mut self, release: ReleaseId, name: &str, path: &Path) -> Outcome<()> {
        let content = std::fs::read(path)?;
        let readable = scan::read(&content, None, &Limits::FILE).map_err(|error| error.to_string());
        let readable = readable.map(|report| report.findings.len());
        let target = format!("release {release}");
        let scope: String = name.chars().rev().take(90).collect::<Vec<_>>().into_iter().rev().collect();
        let file = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let fields = [("target", target.as_str()), ("scope", scope.as_str()), ("confirm", "on")];
        let answer = self.lead.client.post_files("/desk/findings/import", &fields, &[("file", &file, &content)]).await;
        self.bed.jobs.run_due(&self.bed.platform).await?;
        let kept = self
            .number("select total as number from verification_import where state = 'done' order by id desc limit 1")
            .await?;
        self.judge(name, &answer, readable, kept);
        Ok(())
    }

    async fn sbom(&mut self, release: ReleaseId, name: &str, path: &Path) -> Outcome<()> {
        let content = std::fs::read(path)?;
        let readable = sbom::read_slice(&content, &Limits::DOCUMENT).map_err(|error| error.to_string());
        let readable = readable.map(|document| document.components.len());
        let file = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let at = format!("/desk/components/releases/{release}");
        let upload = format!("{at}/upload");
        let answer = self.lead.client.post_files(&upload, &[], &[("file", &file, &content)]).await;
        let kept =
            self.number("select components as number from architecture_sbom order by added_at desc, id desc limit 1");
        let kept = kept.await?;
        self.judge(name, &answer, readable, kept);
        let page = self.lead.client.get(&at).await.status.as_u16();
        if page != 200 {
            self.wrong.push(format!("the inventory with {name} answered {page}"));
        }
        Ok(())
    }

    async fn pages(&mut self) {
        for page in [
            "/desk/findings",
            "/desk/findings?state=all",
            "/desk/findings/imports",
            "/desk/components",
            "/desk/components/releases",
        ] {
            let status = self.lead.client.get(page).await.status.as_u16();
            if status != 200 {
                self.wrong.push(format!("{page} answered {status}"));
            }
        }
    }
}

#[expect(clippy::print_stdout, reason = "it tells what went wrong")]
async fn run(folder: &Path) -> Outcome<()> {
    let mut place = Place::new().await?;
    let wanted = std::env::args().nth(2);
    for kind in ["scans", "sarif", "sbom"] {
        if wanted.as_deref().is_some_and(|wanted| wanted != kind) {
            continue;
        }
        let (start, root) = (Instant::now(), folder.join(kind));
        if !root.is_dir() {
            println!("{} is not there", root.display());
            continue;
        }
        let mut found = Vec::new();
        files(&root, &mut found)?;
        let mut present: HashMap<PathBuf, ReleaseId> = HashMap::new();
        for path in &found {
            let name = path.strip_prefix(folder).unwrap_or(path).display().to_string();
            let parent = path.parent().unwrap_or(folder).to_owned();
            let release = match present.get(&parent) {
                Some(known) => *known,
                None => {
                    let version =
                        parent.strip_prefix(folder).unwrap_or(&parent).display().to_string().replace('/', "-");
                    let release = place.release(&format!("{kind} {} {version}", present.len())).await?;
                    present.insert(parent, release);
                    release
                }
            };
            if kind == "sbom" {
                place.sbom(release, &name, path).await?;
            } else {
                place.report(release, &name, path).await?;
            }
        }
        println!(
            "{kind}: {} files; {} taken, {} refused with a reason so far, {} wrong; {:.0?}",
            found.len(),
            place.taken,
            place.refused,
            place.wrong.len(),
            start.elapsed()
        );
    }
    place.pages().await;
    for wrong in &place.wrong {
        println!("{wrong}");
    }
    if place.wrong.is_empty() { Ok(()) } else { Err(format!("{} files did not go through", place.wrong.len()).into()) }
}

fn main() -> Outcome<()> {
    let folder = std::env::args().nth(1).ok_or("name the folder with `scans` and `sbom`")?;
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    runtime.block_on(run(Path::new(&folder)))
}
