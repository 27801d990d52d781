//! How our keys are found: the portal's page, armoured files, Web Key Directory and security.txt (P13).

use std::time::Duration;

use axum::extract::Path;
use axum::response::{IntoResponse, Response};
use http::header;
use kernel::{Error, Timestamp};
use mail::openpgp::PublicKey;
use mail::security_txt::SecurityTxt;
use mail::wkd;
use maud::{Markup, html};
use web::ui::{self, Fact, Portal};
use web::{Flashed, Operation, PageError, portal_page};

use super::super::shared::jiff;
use super::model::IntakeKey;
use super::{rules, store};

const DAY: i64 = 86_400_000_000;
/// Well under the year that RFC 9116 allows.
const HOLDS: Duration = Duration::from_secs(180 * 86_400);

/// The page with our keys.
pub(super) async fn page(Operation(ctx): Operation, flashed: Flashed) -> Result<Markup, PageError> {
    let mut tx = ctx.read().await?;
    let keys = store::public_keys(&mut tx).await?;
    drop(tx);
    let shell = |vendor: &str| Portal::new("Keys", vendor).subtitle(SUBTITLE);
    Ok(portal_page(&ctx, "keys", flashed, shell, body(keys)).await?)
}

/// Below the title of the page.
pub(crate) const SUBTITLE: &str = "OpenPGP keys of our product security team";

/// What the page with our keys shows.
pub(crate) fn body(keys: Vec<IntakeKey>) -> Markup {
    let (active, retired): (Vec<_>, Vec<_>) = keys.into_iter().partition(|key| key.active);
    html! {
        (ui::prose(html! {
            p { "Encrypt a report with the key below, and the network between you and us reads nothing of it. The key also signs our answers, our advisories and "
                a href="/.well-known/security.txt" { "security.txt" } ". Most programs find it by themselves under our address (Web Key Directory)." }
        }))
        @if active.is_empty() {
            (ui::empty_state("No key yet", "Use the report form instead: what you send there travels encrypted as well."))
        }
        @for key in &active { (one(key)) }
        @if !retired.is_empty() {
            (ui::section("Earlier keys", html! {
                p class="muted" { "What was signed before can still be checked with them. Please do not encrypt with them any more." }
                (ui::file_list(&retired.iter().map(|key| {
                    ui::FileEntry::new(rules::grouped(&key.fingerprint), address_of(key), key.address.clone())
                }).collect::<Vec<_>>()))
            }))
        }
    }
}

fn address_of(key: &IntakeKey) -> String {
    format!("/keys/{}.asc", key.fingerprint)
}

fn one(key: &IntakeKey) -> Markup {
    let expires = key.expires_at.map_or_else(|| html! { "never" }, |at| html! { (at.date().to_string()) });
    let facts = [
        Fact::new("Address", html! { a href={ "mailto:" (key.address) } { (key.address) } }),
        Fact::new("Fingerprint", html! { code { (rules::grouped(&key.fingerprint)) } }),
        Fact::new("Made on", html! { (key.created_at.date().to_string()) }),
        Fact::new("Ends on", expires),
    ];
    let download = ui::button_link(ui::Weight::Secondary, "Download", &address_of(key));
    ui::panel_with(
        &key.address,
        download,
        html! { (ui::facts(&facts)) (ui::code_block("Public key", &key.public_key)) },
    )
}

fn file(media_type: &'static str, age: &'static str, body: Vec<u8>) -> Response {
    let headers =
        [(header::CONTENT_TYPE, media_type), (header::CACHE_CONTROL, age), (header::ACCESS_CONTROL_ALLOW_ORIGIN, "*")];
    (headers, body).into_response()
}

/// A key of ours, armoured; retired ones too, so that old signatures can be checked.
pub(super) async fn armored(Operation(ctx): Operation, Path(name): Path<String>) -> Result<Response, PageError> {
    let fingerprint = name.strip_suffix(".asc").ok_or(Error::NotFound { what: "key" })?;
    let mut tx = ctx.read().await?;
    let key = store::load_by_fingerprint(&mut tx, &fingerprint.to_uppercase()).await?;
    Ok(file("application/pgp-keys", "public, max-age=3600", key.public_key.into_bytes()))
}

/// Web Key Directory, direct method: any domain of ours.
pub(super) async fn wkd_direct(operation: Operation, Path(hash): Path<String>) -> Result<Response, PageError> {
    directory(operation, &hash, None).await
}

/// Web Key Directory, advanced method: the domain is part of the address.
pub(super) async fn wkd_advanced(
    operation: Operation,
    Path((domain, hash)): Path<(String, String)>,
) -> Result<Response, PageError> {
    directory(operation, &hash, Some(domain.to_lowercase())).await
}

async fn directory(Operation(ctx): Operation, hash: &str, domain: Option<String>) -> Result<Response, PageError> {
    let mut tx = ctx.read().await?;
    let keys = store::public_keys(&mut tx).await?;
    let named = |key: &&IntakeKey| {
        key.active
            && wkd::names(&key.address)
                .is_some_and(|names| names.hash == hash && domain.as_ref().is_none_or(|domain| *domain == names.domain))
    };
    let key = keys.iter().find(named).ok_or(Error::NotFound { what: "key" })?;
    let bytes = key.read()?.minimal(&key.address, jiff(ctx.now)).map_err(Error::internal)?;
    Ok(file("application/octet-stream", "public, max-age=3600", bytes))
}

/// The files of the Web Key Directory as paths without a slash in front, for both methods, with their content.
///
/// # Errors
/// When a key of ours cannot be read.
pub(crate) fn directory_files(keys: &[IntakeKey], now: Timestamp) -> kernel::Result<Vec<(String, Vec<u8>)>> {
    let mut files = Vec::new();
    for key in keys.iter().filter(|key| key.active) {
        let Some(names) = wkd::names(&key.address) else { continue };
        let bytes = key.read()?.minimal(&key.address, jiff(now)).map_err(Error::internal)?;
        for (path, content) in [
            (names.direct, bytes.clone()),
            (names.advanced, bytes),
            (names.direct_policy, Vec::new()),
            (names.advanced_policy, Vec::new()),
        ] {
            files.push((path.trim_start_matches('/').to_owned(), content));
        }
    }
    Ok(files)
}

/// The policy file of the directory: it has to be there and may be empty.
pub(super) async fn wkd_policy() -> Response {
    file("text/plain; charset=utf-8", "public, max-age=86400", Vec::new())
}

/// `GET /.well-known/security.txt`.
pub(super) async fn security_txt(Operation(ctx): Operation) -> Result<Response, PageError> {
    let text = security_txt_text(&ctx).await?;
    Ok(file("text/plain; charset=utf-8", "public, max-age=3600", text.into_bytes()))
}

/// `security.txt` (RFC 9116), signed in clear. The same text all day, so that it can be cached.
///
/// # Errors
/// When the database does not answer or the key cannot sign.
pub(crate) async fn security_txt_text(ctx: &platform::Ctx) -> kernel::Result<String> {
    let mut tx = ctx.read().await?;
    let key = store::signing_key(&mut tx, ctx, None).await?;
    let address = store::intake_address(&mut tx, ctx, None).await?;
    drop(tx);
    let made = key.as_ref().and_then(|key| PublicKey::read(key.public_key.as_bytes()).ok()).map(|key| key.created());
    let morning = Timestamp::from_micros(ctx.now.micros() - ctx.now.micros().rem_euclid(DAY));
    let signed_at = made.map_or(morning, |made| morning.max(super::super::shared::timestamp(made)));
    let mut contact = vec![ctx.url("/report")];
    if kernel::EmailAddress::parse("address", &address).is_ok() {
        contact.push(format!("mailto:{address}"));
    }
    let document = SecurityTxt {
        contact,
        expires: jiff(morning + HOLDS),
        encryption: key.iter().map(|key| ctx.url(&format!("/keys/{}.asc", key.fingerprint))).collect(),
        acknowledgments: Vec::new(),
        preferred_languages: vec!["en".to_owned()],
        canonical: vec![ctx.url("/.well-known/security.txt")],
        policy: vec![ctx.url("/policy")],
        hiring: Vec::new(),
        csaf: vec![ctx.url("/.well-known/csaf/provider-metadata.json")],
    };
    let text = written(document).map_err(Error::internal)?;
    match key {
        Some(key) => key.cleartext(&text, signed_at),
        None => Ok(text),
    }
}

/// On a machine without TLS the addresses are not what RFC 9116 allows; those are left out then, the contact last.
fn written(mut document: SecurityTxt) -> Result<String, mail::Error> {
    let secure = |list: &mut Vec<String>| list.retain(|address| !address.starts_with("http://"));
    secure(&mut document.encryption);
    secure(&mut document.canonical);
    secure(&mut document.policy);
    secure(&mut document.csaf);
    if document.contact.len() > 1 {
        secure(&mut document.contact);
    }
    document.contact.iter_mut().for_each(|address| {
        if let Some(rest) = address.strip_prefix("http://") {
            *address = format!("https://{rest}");
        }
    });
    document.build()
}
