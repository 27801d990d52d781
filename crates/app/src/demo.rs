//! `portcullis demo`: the example vendor in a throw-away folder, on loopback only.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context;

use crate::log::say;
use crate::{log, serve, slices, start};

/// Arguments of `portcullis demo`.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Port on 127.0.0.1; 0 chooses a free one.
    #[arg(long, default_value_t = 8420)]
    port: u16,
    /// Keep the data in this folder, which must be empty or hold a demo; otherwise it is thrown away at the end.
    #[arg(long, value_name = "DIR")]
    dir: Option<PathBuf>,
    /// Print one line of JSON with the addresses and sign-ins when ready.
    #[arg(long)]
    json: bool,
}

/// `portcullis demo`
pub(crate) fn run(args: Args) -> anyhow::Result<ExitCode> {
    let throw_away = tempfile::Builder::new().prefix("portcullis-demo-").tempdir()?;
    let folder = args.dir.clone().unwrap_or_else(|| throw_away.path().to_owned());
    let values = [
        ("data_dir".to_owned(), folder.display().to_string()),
        ("listen".to_owned(), format!("127.0.0.1:{}", args.port)),
        ("base_url".to_owned(), format!("http://127.0.0.1:{}", args.port)),
        ("log".to_owned(), "warn".to_owned()),
        ("log_json".to_owned(), "false".to_owned()),
    ];
    let mut settings =
        platform::settings::read(&values.into()).map_err(|problems| anyhow::anyhow!(problems.join("; ")))?;
    log::start(&settings);
    start::block_on(async move {
        if args.port == 0 {
            // The pages carry absolute addresses, so the port must be known before anything is published.
            let probe =
                tokio::net::TcpListener::bind(SocketAddr::from(([127, 0, 0, 1], 0))).await.context("no free port")?;
            settings.listen = probe.local_addr()?;
            settings.base_url = format!("http://{}", settings.listen);
        }
        let db = start::database(&settings).await?;
        let platform = start::platform(settings, db)?;
        let listening = serve::listen(&platform).await?;
        let people = fill(&platform).await?;
        announce(&args, &platform.settings.base_url, &people);
        serve::serve(platform, listening, serve::stop_signal()).await
    })?;
    Ok(ExitCode::SUCCESS)
}

/// Somebody to sign in as.
struct SignIn {
    email: &'static str,
    password: &'static str,
    role: &'static str,
}

async fn fill(platform: &std::sync::Arc<platform::Platform>) -> anyhow::Result<Vec<SignIn>> {
    use platform::access;
    let ctx = platform.program("demo");
    slices::ensure_ready(&ctx).await.map_err(start::words)?;
    if let Some(link) = access::make_setup_link(&ctx).await.map_err(start::words)? {
        access::first_setup(&ctx, &link.token, "ada@halden.example", "Ada Admin", "demo demo demo")
            .await
            .map_err(start::words)?;
    }
    Ok(vec![SignIn { email: "ada@halden.example", password: "demo demo demo", role: "administrator" }])
}

fn announce(args: &Args, base_url: &str, people: &[SignIn]) {
    if args.json {
        let people: Vec<_> = people
            .iter()
            .map(|person| serde_json::json!({"email": person.email, "password": person.password, "role": person.role}))
            .collect();
        say(&serde_json::json!({"portal": base_url, "desk": format!("{base_url}/desk"), "people": people}).to_string());
        return;
    }
    say("Portcullis shows the example vendor. Everything here is invented and is thrown away at the end (Ctrl-C).");
    say(&format!("  Public portal  {base_url}/"));
    say(&format!("  Staff's desk   {base_url}/desk"));
    say("Sign in as:");
    for person in people {
        say(&format!("  {:<28} {:<18} {}", person.email, person.password, person.role));
    }
}
