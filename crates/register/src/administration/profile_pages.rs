//! The vendor's profile.

use axum::response::{IntoResponse, Response};
use kernel::{Error, RecordRef, Result, clean_line, clean_text};
use maud::{Markup, html};
use platform::Ctx;
use platform::audit::{self, Entry};
use platform::profile::{self, VendorProfile};
use web::{Fields, Flashed, Operation, PageError, desk_page, redirect_with, ui};

/// `GET /desk/settings`
pub(super) async fn show(Operation(ctx): Operation, flashed: Flashed) -> Result<Markup, PageError> {
    let mut tx = ctx.read().await?;
    let vendor = profile::load(&mut tx).await?;
    let fields = Fields::of([
        ("name", vendor.name),
        ("namespace", vendor.namespace),
        ("contact_email", vendor.contact_email),
        ("contact_details", vendor.contact_details),
        ("policy", vendor.policy),
        ("privacy", vendor.privacy),
        ("legal_notice", vendor.legal_notice),
        ("revision", vendor.revision.to_string()),
    ]);
    Ok(page(&ctx, flashed, &fields))
}

fn page(ctx: &Ctx, flashed: Flashed, fields: &Fields) -> Markup {
    let form = ui::Form::new("/desk/settings/vendor", "Save")
        .errors(&fields.errors())
        .hidden("revision", fields.get("revision"))
        .field(
            ui::Field::text("name", "Vendor")
                .hint("As customers know it; in the portal and in every advisory.")
                .value(fields.get("name"))
                .error(fields.error("name"))
                .required(),
        )
        .field(
            ui::Field::url("namespace", "Publisher namespace")
                .hint("An address that you own, such as https://example.org; CSAF documents carry it for ever.")
                .value(fields.get("namespace"))
                .error(fields.error("namespace"))
                .required(),
        )
        .field(
            ui::Field::email("contact_email", "Contact address")
                .hint("Where a person answers.")
                .value(fields.get("contact_email"))
                .error(fields.error("contact_email"))
                .required(),
        )
        .field(
            ui::Field::text("contact_details", "Contact details in advisories")
                .value(fields.get("contact_details"))
                .error(fields.error("contact_details")),
        )
        .field(
            ui::Field::textarea("policy", "Disclosure policy")
                .hint("Plain text; blank lines part paragraphs. Shown at /policy.")
                .lines(12)
                .value(fields.get("policy"))
                .error(fields.error("policy")),
        )
        .field(
            ui::Field::textarea("privacy", "Privacy information")
                .hint("What happens with the data of people who report. Shown at /privacy.")
                .lines(6)
                .value(fields.get("privacy"))
                .error(fields.error("privacy")),
        )
        .field(
            ui::Field::textarea("legal_notice", "Notice on every publication")
                .value(fields.get("legal_notice"))
                .error(fields.error("legal_notice"))
                .required(),
        );
    let more = html! {
        ul class="plain-list" {
            li { a href="/desk/settings/policies" { "Response policies" } br; span class="muted small" { "Targets, calendars, thresholds and numbers of each family." } }
            li { a href="/desk/settings/keys" { "Keys" } br; span class="muted small" { "The key pairs by which reports come in and advisories are signed." } }
        }
    };
    let body = html! {
        @if ctx.url("").starts_with("http://") { (without_tls(ctx)) }
        (ui::split(ui::panel("Vendor profile", html! { (form) }), ui::panel("More settings", more)))
    };
    desk_page(ctx, "settings", flashed, ui::Shell::new("Settings"), body)
}

/// What does not work while people reach the portal without TLS.
fn without_tls(ctx: &Ctx) -> Markup {
    ui::alert(
        ui::Tone::Warn,
        "The portal is reached without TLS",
        html! {
            p {
                "The setting " code { "base_url" } " is " (ctx.url("")) ". That is enough to try the program on one machine. For others, put a proxy with a certificate in front and set it to an https address: until then "
                a href="/.well-known/security.txt" { "security.txt" }
                " leaves out the links to key, policy and CSAF, which RFC 9116 takes by https only, and readers of CSAF refuse the provider."
            }
        },
    )
}

/// `POST /desk/settings/vendor`
pub(super) async fn change(Operation(ctx): Operation, fields: Fields) -> Result<Response, PageError> {
    match save(&ctx, &fields).await {
        Ok(()) => Ok(redirect_with("/desk/settings", "Saved. The portal shows it from now on.")),
        Err(error) => {
            let fields = fields.with_errors(error)?;
            Ok((fields.status(), page(&ctx, Flashed::default(), &fields)).into_response())
        }
    }
}

async fn save(ctx: &Ctx, fields: &Fields) -> Result<()> {
    let mut problems = Vec::new();
    let mut line = |name: &str, longest: usize| {
        clean_line(name, fields.get(name), longest).unwrap_or_else(|problem| {
            problems.push(problem);
            String::new()
        })
    };
    let (name, namespace, contact_email) = (line("name", 100), line("namespace", 200), line("contact_email", 254));
    let optional = |name: &str| clean_text(name, fields.get(name), 50_000).unwrap_or_default();
    let vendor = VendorProfile {
        name,
        namespace: namespace.trim_end_matches('/').to_owned(),
        contact_email,
        contact_details: optional("contact_details"),
        policy: optional("policy"),
        privacy: optional("privacy"),
        legal_notice: optional("legal_notice"),
        revision: fields.revision()?,
    };
    if !vendor.namespace.is_empty() && !vendor.namespace.starts_with("https://") {
        problems.push(kernel::FieldError {
            field: "namespace".to_owned(),
            words: "The namespace is an address that starts with https://.".to_owned(),
        });
    }
    if let Err(problem) = kernel::EmailAddress::parse("contact_email", &vendor.contact_email)
        && !vendor.contact_email.is_empty()
    {
        problems.push(problem);
    }
    if vendor.legal_notice.is_empty() {
        problems.push(kernel::FieldError {
            field: "legal_notice".to_owned(),
            words: "Every publication carries a notice. Please fill this in.".to_owned(),
        });
    }
    if !problems.is_empty() {
        return Err(Error::Invalid(problems));
    }
    let mut tx = ctx.begin().await?;
    profile::set(&mut tx, &vendor).await?;
    let subject = RecordRef { kind: "installation".to_owned(), id: "vendor".to_owned() };
    audit::record(&mut tx, ctx, Entry::new("vendor.changed", subject).with(serde_json::json!({"name": vendor.name})))
        .await?;
    tx.commit().await
}
