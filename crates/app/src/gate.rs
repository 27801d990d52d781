//! `portcullis gate`: asks a server's gate about a release and ends with 0, 1 or 2, for pipelines.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context, anyhow, bail};
use serde_json::Value;
use ureq::tls::{Certificate, PemItem, RootCerts, TlsConfig, parse_pem};

use crate::log::{complain, say};

/// Longest answer that is read.
const MOST_BYTES: u64 = 64 << 20;

/// Arguments of `portcullis gate`.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// The product's short name, as in the addresses of the API.
    product: String,
    /// The version, as the vendor writes it.
    release: String,
    /// Where Portcullis is, such as https://security.example.org.
    #[arg(long, value_name = "URL")]
    server: String,
    /// The environment variable that holds the access token.
    #[arg(long, value_name = "NAME", default_value = "PORTCULLIS_TOKEN")]
    token_env: String,
    /// How to print the answer.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    /// The gate of a phase; without it the release gate.
    #[arg(long, value_name = "GATE")]
    gate: Option<String>,
    /// Activities, comma between, that are taken to be done: what if. The exit status then says what would be.
    #[arg(long, value_name = "TASKS")]
    assume: Option<String>,
    /// A file with the certificates to trust, when the server's is by an authority of your own.
    #[arg(long, value_name = "FILE.pem")]
    ca: Option<PathBuf>,
}

#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    Text,
    Json,
    Junit,
    Sarif,
    Dsse,
}

impl Format {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Text | Self::Json => "json",
            Self::Junit => "junit",
            Self::Sarif => "sarif",
            Self::Dsse => "dsse",
        }
    }
}

/// `portcullis gate`
pub(crate) fn run(args: &Args) -> anyhow::Result<ExitCode> {
    let token = token(&args.token_env)?;
    if goes_in_clear(&args.server) {
        complain(&format!(
            "{} is not reached by https, so everybody on the way can read the access token",
            args.server
        ));
    }
    let agent = agent(args.ca.as_deref())?;
    let verdict: Value = serde_json::from_str(&ask(&agent, args, &token, Format::Json)?).map_err(|error| {
        anyhow!("{} answers, but not as Portcullis does ({error}); is --server right?", args.server)
    })?;
    let verdict = verdict.get("data").cloned().unwrap_or(Value::Null);
    let passed = verdict.get("passed").and_then(Value::as_bool);
    let passed =
        passed.ok_or_else(|| anyhow!("{} answers without a verdict; is it older than this program?", args.server))?;
    match args.format {
        Format::Text => say(words(&verdict).trim_end()),
        Format::Json => say(&verdict.to_string()),
        Format::Junit | Format::Sarif | Format::Dsse => say(ask(&agent, args, &token, args.format)?.trim_end()),
    }
    Ok(ExitCode::from(u8::from(!passed)))
}

#[expect(
    clippy::disallowed_methods,
    reason = "a token on the command line would stand in the process list and in build logs"
)]
fn token(name: &str) -> anyhow::Result<String> {
    let token = std::env::var(name).unwrap_or_default().trim().to_owned();
    if token.is_empty() {
        bail!(
            "the environment variable {name} holds no token. Make one on the product's page under Tokens and put it into the pipeline's secrets"
        );
    }
    Ok(token)
}

fn agent(ca: Option<&Path>) -> anyhow::Result<ureq::Agent> {
    let mut tls = TlsConfig::builder();
    if let Some(path) = ca {
        let pem = std::fs::read(path).with_context(|| path.display().to_string())?;
        let found: Vec<Certificate<'static>> = parse_pem(&pem)
            .filter_map(|item| match item {
                Ok(PemItem::Certificate(certificate)) => Some(certificate),
                Ok(_) | Err(_) => None,
            })
            .collect();
        if found.is_empty() {
            bail!("{}: there is no certificate in it", path.display());
        }
        tls = tls.root_certs(RootCerts::Specific(std::sync::Arc::new(found)));
    }
    let config = ureq::Agent::config_builder()
        .tls_config(tls.build())
        .http_status_as_error(false)
        // A redirect would take the token elsewhere.
        .max_redirects(0)
        .timeout_global(Some(Duration::from_secs(60)))
        .user_agent("portcullis-gate")
        .build();
    Ok(config.into())
}

/// Whether the token leaves this machine unprotected.
fn goes_in_clear(server: &str) -> bool {
    let Some(rest) = server.strip_prefix("http://") else { return false };
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let host = authority.rsplit_once(':').map_or(authority, |(host, port)| {
        if port.bytes().all(|byte| byte.is_ascii_digit()) { host } else { authority }
    });
    let host = host.trim_start_matches('[').trim_end_matches(']');
    let is_loopback = host.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback());
    !(is_loopback || host == "localhost")
}

/// A part of an address: everything but letters, digits and a few signs is escaped.
fn escaped(text: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'~');
    text.bytes().map(|byte| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") }).collect()
}

fn ask(agent: &ureq::Agent, args: &Args, token: &str, format: Format) -> anyhow::Result<String> {
    let server = args.server.trim_end_matches('/');
    if !(server.starts_with("https://") || server.starts_with("http://")) {
        bail!("--server must start with https:// (or http://, on this machine); it is {server:?}");
    }
    let mut url = format!(
        "{server}/api/v1/products/{}/releases/{}/gate?format={}",
        escaped(&args.product),
        escaped(&args.release),
        format.as_str()
    );
    let assumed = args.assume.iter().flat_map(|list| list.split(',')).map(|task| ("assume", task));
    for (name, value) in args.gate.iter().map(|gate| ("gate", gate.as_str())).chain(assumed) {
        url.push_str(&format!("&{name}={}", escaped(value.trim())));
    }
    let mut response = agent
        .get(&url)
        .header("authorization", &format!("Bearer {token}"))
        .call()
        .map_err(|error| anyhow!("{server} does not answer: {error}"))?;
    let status = response.status();
    let body = response.body_mut().with_config().limit(MOST_BYTES).read_to_string();
    let body = body.map_err(|error| anyhow!("the answer of {server} breaks off: {error}"))?;
    if status.is_success() {
        return Ok(body);
    }
    let said = serde_json::from_str::<Value>(&body).ok();
    let said = said.as_ref().and_then(|body| body.pointer("/error/message")).and_then(Value::as_str);
    match said {
        Some(words) => bail!("{words}"),
        None => bail!("{server} answers with status {}; is --server right?", status.as_u16()),
    }
}

fn text<'a>(value: &'a Value, pointer: &str) -> &'a str {
    value.pointer(pointer).and_then(Value::as_str).unwrap_or("")
}

/// The verdict for people: the outcome, then each task that lacks something, with what to do.
fn words(verdict: &Value) -> String {
    let list = |name: &str| verdict.get(name).and_then(Value::as_array).cloned().unwrap_or_default();
    let (lacking, exceptions) = (list("lacking"), list("exceptions"));
    let outcome = text(verdict, "/outcome").replace('_', " ");
    let mut lines = vec![format!(
        "{} {}: {}: {outcome} ({} of {} tasks settled)",
        text(verdict, "/product_name"),
        text(verdict, "/release"),
        text(verdict, "/gate/title"),
        verdict.get("settled").and_then(Value::as_u64).unwrap_or(0),
        verdict.get("counted").and_then(Value::as_u64).unwrap_or(0),
    )];
    for item in &lacking {
        let owner = text(item, "/owner");
        let owner = if owner.is_empty() { String::new() } else { format!(", {owner}") };
        lines.push(format!(
            "  {} [{}] due {}{owner}",
            text(item, "/title"),
            text(item, "/state").replace('_', " "),
            text(item, "/due_on")
        ));
        for what in item.get("what").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str) {
            lines.push(format!("      {what}"));
        }
        lines.push(format!("      {}", text(item, "/url")));
    }
    for item in &exceptions {
        let until = text(item, "/until");
        lines.push(format!(
            "  exception: {} [{}] until {until}: {}",
            text(item, "/title"),
            text(item, "/state").replace('_', " "),
            text(item, "/reason")
        ));
    }
    lines.push(format!("  {}", text(verdict, "/url")));
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn addresses_are_escaped() {
        assert_eq!(escaped("1.0 beta/2"), "1.0%20beta%2F2");
    }

    #[test]
    fn a_token_that_leaves_the_machine_unprotected_is_told() {
        for server in ["http://security.halden.example", "http://10.0.0.7:8080/", "http://127.0.0.1.halden.example"] {
            assert!(goes_in_clear(server), "{server}");
        }
        for server in
            ["https://security.halden.example", "http://127.0.0.1:8080", "http://[::1]:8080/", "http://localhost"]
        {
            assert!(!goes_in_clear(server), "{server}");
        }
    }

    #[test]
    fn what_lacks_is_said_with_what_to_do() {
        let verdict = json!({
            "product_name": "Gate 300", "release": "1.0", "gate": {"title": "Release"}, "outcome": "lacking",
            "settled": 1, "counted": 2, "url": "https://x/gate",
            "lacking": [{"title": "Scan", "state": "in_work", "due_on": "2026-03-01", "owner": null, "what": ["Post it."], "url": "https://x/task"}],
        });
        let words = words(&verdict);
        assert!(
            words.starts_with(
                "Gate 300 1.0: Release: lacking (1 of 2 tasks settled)\n  Scan [in work] due 2026-03-01\n      Post it."
            ),
            "{words}"
        );
    }
}
