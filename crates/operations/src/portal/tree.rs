//! The portal as a folder of plain files, for any web server: pages, feeds, CSAF, keys with their directory, assets.

use std::path::{Path, PathBuf};

use kernel::{Error, Result};
use maud::Markup;
use platform::Ctx;
use platform::profile::{self, VendorProfile};
use web::Query;
use web::ui::{self, Portal, PortalEntry};

use super::page::advisory_body;
use super::pages;
use super::store::{self, Filter};
use super::{feed, state};
use crate::issue_management::intake::keys;

/// What was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TreeReport {
    /// How many advisories.
    pub advisories: usize,
    /// How many files.
    pub files: usize,
}

/// A tree in the making: paths below the folder, and content.
struct Tree<'a> {
    vendor: &'a VendorProfile,
    online: String,
    files: Vec<(String, Vec<u8>)>,
}

impl Tree<'_> {
    fn put(&mut self, path: impl Into<String>, bytes: impl Into<Vec<u8>>) {
        self.files.push((path.into(), bytes.into()));
    }

    /// A page in the public frame; what needs a server leads to the online portal.
    fn page(&mut self, path: &str, active: &str, portal: Portal, body: Markup) {
        let here = [
            ("advisories", "Advisories", "/advisories/"),
            ("policy", "Policy", "/policy/"),
            ("documents", "Documents", "/documents/"),
            ("keys", "Keys", "/keys/"),
        ];
        let there = [("report", "Report a vulnerability", "/report"), ("subscribe", "Subscribe", "/subscribe")];
        let entry =
            |key: &str, label: &str, href: String| PortalEntry { key: key.to_owned(), label: label.to_owned(), href };
        let mut nav: Vec<PortalEntry> =
            here.iter().map(|(key, label, href)| entry(key, label, (*href).to_owned())).collect();
        nav.extend(there.iter().map(|(key, label, href)| entry(key, label, format!("{}{href}", self.online))));
        let portal = portal
            .nav(nav)
            .active(active)
            .legal(self.vendor.legal_notice.as_str())
            .person("Online portal", self.online.clone());
        let markup = ui::portal(&portal, body).into_string();
        self.put(path, markup);
    }
}

/// Writes the whole public site into `folder`: into a new folder beside it first, which then takes its place, so that
/// a web server sees the old tree or the new one.
///
/// # Errors
/// When the database does not answer or the folder cannot be written.
pub async fn publish_tree(ctx: &Ctx, folder: &Path) -> Result<TreeReport> {
    let security_txt = keys::security_txt_text(ctx).await?;
    let mut tx = ctx.read().await?;
    let vendor = profile::load(&mut tx).await?;
    let state = state::load(&mut tx, ctx).await?;
    let snapshots = store::list_snapshots(&mut tx).await?;
    let everything = store::list(&mut tx, &Filter::default(), 0, 100_000).await?;
    let online = ctx.url("").trim_end_matches('/').to_owned();
    let mut tree = Tree { vendor: &vendor, online: online.clone(), files: Vec::new() };
    tree.put(".well-known/security.txt", security_txt);
    let own = keys::public_keys(&mut tx).await?;
    for (path, bytes) in keys::directory_files(&own, ctx.now)? {
        tree.put(path, bytes);
    }
    for key in &own {
        tree.put(format!("keys/{}.asc", key.fingerprint), key.public_key.clone());
    }
    let name = vendor.name.as_str();
    tree.page("keys/index.html", "keys", Portal::new("Keys", name).subtitle(keys::SUBTITLE), keys::body(own));
    let latest = everything.get(..everything.len().min(8)).unwrap_or_default();
    tree.page("index.html", "", Portal::new("Product security", name), pages::start_body(latest));
    let table = ui::Table::new("Advisories")
        .columns(["Number", "Title", "Severity", "Score", "Products", "Published", "Updated"])
        .rows(pages::rows(&everything))
        .empty(ui::empty_state("Nothing is published yet", "As soon as there is an advisory, it stands here."));
    tree.page("advisories/index.html", "advisories", Portal::new("Security advisories", name), table.markup());
    let texts = [
        ("policy", "Vulnerability handling policy", &vendor.policy, pages::NO_POLICY),
        ("privacy", "Privacy", &vendor.privacy, pages::NO_PRIVACY),
    ];
    for (path, title, text, empty) in texts {
        tree.page(&format!("{path}/index.html"), path, Portal::new(title, name), pages::text_body(text, empty));
    }
    let has_policy = !vendor.policy.trim().is_empty();
    tree.page("documents/index.html", "documents", Portal::new("Documents", name), pages::documents_body(has_policy));
    for snapshot in &snapshots {
        let folder = format!("advisories/{}", snapshot.number);
        let query = Query::of(&format!("/{folder}"), "");
        let body = maud::html! {
            (advisory_body(snapshot, true))
            @if !snapshot.vulnerabilities.is_empty() { (ui::section("Score for your environment", pages::first_calculator(snapshot, &query))) }
        };
        tree.page(&format!("{folder}/index.html"), "advisories", pages::shell_of(snapshot, name), body);
        for index in 1..=snapshot.vulnerabilities.len() {
            if let Some(body) = pages::score_body(snapshot, index, &query) {
                tree.page(
                    &format!("{folder}/score/{index}/index.html"),
                    "advisories",
                    pages::score_shell(snapshot, name),
                    body,
                );
            }
        }
        for version in 1..snapshot.version {
            let old = store::load_version(&mut tx, &snapshot.number, version).await?;
            let path = format!("{folder}/versions/{version}/index.html");
            tree.page(&path, "advisories", pages::shell_of(&old, name), advisory_body(&old, false));
        }
    }
    tree.put("feeds/advisories.atom", feed::atom(&state, &online, "", ctx.now).bytes.as_ref().clone());
    for (path, file) in &state.files {
        let path = if path.is_empty() || path.ends_with('/') { format!("{path}index.html") } else { path.clone() };
        tree.put(format!(".well-known/csaf/{path}"), file.bytes.as_ref().clone());
    }
    for (path, place) in &state.documents {
        let file = state.document(&mut tx, *place).await?;
        tree.put(format!(".well-known/csaf/{path}"), file.bytes.as_ref().clone());
    }
    for asset in ui::assets() {
        tree.put(asset.path.trim_start_matches('/'), asset.bytes);
    }
    drop(tx);
    tree.put(MARK, "Written by portcullis publish.\n");
    let files = tree.files;
    let report = TreeReport { advisories: snapshots.len(), files: files.len() };
    let folder = folder.to_owned();
    let mark = ctx.id::<TreeReport>().to_string();
    tokio::task::spawn_blocking(move || write(&folder, &mark, &files)).await.map_err(Error::internal)??;
    Ok(report)
}

fn failed(path: &Path, error: std::io::Error) -> Error {
    Error::Unavailable {
        words: format!(
            "{} cannot be written: {error}. Choose a folder that this program may write to.",
            path.display()
        ),
        source: Some(Box::new(error)),
    }
}

/// A name beside the folder.
fn beside(folder: &Path, mark: &str, what: &str) -> PathBuf {
    let name = folder.file_name().map_or_else(|| "portal".to_owned(), |name| name.to_string_lossy().into_owned());
    folder.with_file_name(format!(".{name}.{what}-{mark}"))
}

/// In every tree, so that no other folder is ever replaced by one.
const MARK: &str = ".portcullis-tree";

/// Whether the folder may be replaced: it is not there, empty, or a tree of ours.
fn may_replace(folder: &Path) -> Result<()> {
    let is_empty = || std::fs::read_dir(folder).is_ok_and(|mut entries| entries.next().is_none());
    if !folder.exists() || folder.join(MARK).exists() || is_empty() {
        return Ok(());
    }
    Err(Error::Refused {
        code: "tree-foreign-folder",
        words: format!("{} holds other files, which would be lost. Name a new or empty folder.", folder.display()),
    })
}

fn write(folder: &Path, mark: &str, files: &[(String, Vec<u8>)]) -> Result<()> {
    may_replace(folder)?;
    let new = beside(folder, mark, "new");
    let done = write_all(&new, files).and_then(|()| swap(folder, &new, mark));
    if done.is_err() {
        let _the_first_error_counts = std::fs::remove_dir_all(&new);
    }
    done
}

fn write_all(new: &Path, files: &[(String, Vec<u8>)]) -> Result<()> {
    std::fs::create_dir_all(new).map_err(|error| failed(new, error))?;
    for (path, bytes) in files {
        let path = new.join(path);
        if let Some(parent) = path.parent() {
            std::fs::create_dir_all(parent).map_err(|error| failed(parent, error))?;
        }
        std::fs::write(&path, bytes).map_err(|error| failed(&path, error))?;
    }
    Ok(())
}

fn swap(folder: &Path, new: &Path, mark: &str) -> Result<()> {
    let old = beside(folder, mark, "old");
    let existed = folder.exists();
    if existed {
        std::fs::rename(folder, &old).map_err(|error| failed(folder, error))?;
    }
    if let Err(error) = std::fs::rename(new, folder) {
        if existed {
            let _put_it_back = std::fs::rename(&old, folder);
        }
        return Err(failed(folder, error));
    }
    if existed {
        std::fs::remove_dir_all(&old).map_err(|error| failed(&old, error))?;
    }
    Ok(())
}
