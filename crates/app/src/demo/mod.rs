//! `portcullis demo`: the example vendor in a throw-away folder, on loopback only.
//!
//! The two years of history are made through the program's own forms, with a clock that is moved forward: what the demo
//! shows could have been typed by people, and passes every rule they would have met.

mod client;
mod flaws;
mod lesson;
mod life;
mod store;
mod story;
mod vendor;

use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::Context;
use db::{Db, Location};
use kernel::Clock;
use platform::{Platform, Start};

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
        ("smtp.from".to_owned(), "psirt@halden.example".to_owned()),
        // Mail has nowhere to go in the demo and waits; saying so every second would bury everything else.
        ("log".to_owned(), "error".to_owned()),
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
        let location = Location::ThrowAway(PathBuf::from(settings.database.expose()));
        let db = Db::open(&location).await.context("the demo's database cannot be made")?;
        db::migrate(&db, kernel::clock::now()).await.map_err(start::words)?;
        let platform = start::platform(settings, db)?;
        let listening = serve::listen(&platform).await?;
        if !store::is_filled(&platform).await? {
            fill(&platform).await.context("the example vendor could not be made")?;
        }
        announce(&args, &platform.settings.base_url);
        serve::serve(platform, listening, serve::stop_signal()).await
    })?;
    Ok(ExitCode::SUCCESS)
}

/// Fills an empty installation: set-up today, then two years of history up to now.
pub(crate) async fn fill(platform: &Arc<Platform>) -> anyhow::Result<()> {
    let now = platform.clock.now();
    let clock = Clock::set(now - std::time::Duration::from_secs(730 * 86_400));
    let past = Platform::start(Start {
        db: platform.db.clone(),
        settings: platform.settings.clone(),
        master_key: platform.master_key.clone(),
        clock,
        ids: platform.ids.clone(),
        cards: slices::cards(),
    });
    slices::ensure_ready(&past.program("demo")).await.map_err(start::words)?;
    let people = vendor::people(&past).await?;
    vendor::set_up(&past, &people).await?;
    let story = story::Story::new(&past, &people, now).await?;
    story.tell().await?;
    store::end_sessions(platform).await
}

fn announce(args: &Args, base_url: &str) {
    if args.json {
        let people: Vec<_> = vendor::PEOPLE
            .iter()
            .map(|person| serde_json::json!({"email": person.email, "password": vendor::PASSWORD, "role": person.role.as_str(), "name": person.name}))
            .collect();
        say(&serde_json::json!({"portal": base_url, "desk": format!("{base_url}/desk"), "people": people}).to_string());
        return;
    }
    say(
        "Portcullis shows the example vendor, Halden Systems. Everything is invented and is thrown away at the end (Ctrl-C).",
    );
    say(&format!("  Public portal   {base_url}/"));
    say(&format!("  Report form     {base_url}/report"));
    say(&format!("  CSAF provider   {base_url}/.well-known/csaf/provider-metadata.json"));
    say(&format!("  Staff's desk    {base_url}/desk"));
    say(&format!("Sign in with the password \"{}\" as:", vendor::PASSWORD));
    for person in vendor::PEOPLE {
        say(&format!("  {:<24} {:<18} {}", person.email, person.name, person.role.label()));
    }
}
