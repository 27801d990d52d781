//! The server: listeners, worker, orderly end.

use std::net::SocketAddr;
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::Context;
use axum::Router;
use axum::extract::Request;
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse, Response};
use axum::serve::ListenerExt;
use http::StatusCode;
use platform::{Platform, access};
use tokio::net::TcpListener;
use tokio::sync::watch;

use crate::{ConfigArgs, log, slices, start};

/// `portcullis serve`
pub(crate) fn run(args: &ConfigArgs) -> anyhow::Result<ExitCode> {
    let settings = start::settings(args.config.as_deref())?;
    log::start(&settings);
    for (name, value) in settings.lines() {
        tracing::info!(name, value, "setting");
    }
    start::block_on(async move {
        let db = start::database(&settings).await?;
        let platform = start::platform(settings, db)?;
        slices::ensure_ready(&platform.program("set-up")).await.map_err(start::words)?;
        if let Some(link) = access::make_setup_link(&platform.program("set-up")).await.map_err(start::words)? {
            log::say(&format!(
                "First start. Open this link to make the administrator; it works once, until {}:\n  {}/desk/welcome/{}",
                link.expires_at.for_people(),
                platform.settings.base_url,
                link.token
            ));
        }
        let listening = listen(&platform).await?;
        log::say(&format!("Portcullis answers at {}", platform.settings.base_url));
        serve(platform, listening, stop_signal()).await
    })?;
    Ok(ExitCode::SUCCESS)
}

/// Sockets that are bound, so that problems show before anything is promised.
pub(crate) struct Listening {
    main: TcpListener,
    desk: Option<TcpListener>,
}

/// Binds the listeners of the settings.
pub(crate) async fn listen(platform: &Platform) -> anyhow::Result<Listening> {
    let settings = &platform.settings;
    let bind = async |address: SocketAddr| {
        TcpListener::bind(address)
            .await
            .with_context(|| format!("cannot listen on {address}; is something else there? Change the setting listen"))
    };
    let desk = match settings.desk_listen {
        Some(address) => Some(bind(address).await?),
        None => None,
    };
    Ok(Listening { main: bind(settings.listen).await?, desk })
}

/// Serves until `stop` comes: requests under way are finished, the job under way too.
pub(crate) async fn serve(
    platform: Arc<Platform>,
    listening: Listening,
    stop: impl Future<Output = ()> + Send + 'static,
) -> anyhow::Result<()> {
    // Reqwest-like clients and SMTP take the process's default; without one, TLS would panic at first use.
    let _already_set = rustls::crypto::ring::default_provider().install_default();
    let (sender, receiver) = watch::channel(false);
    tokio::spawn(async move {
        stop.await;
        let _nobody_waits = sender.send(true);
    });
    let stopped = |mut receiver: watch::Receiver<bool>| async move {
        let _sender_gone = receiver.wait_for(|stop| *stop).await;
    };
    let worker = tokio::spawn(slices::jobs().work(Arc::clone(&platform), stopped(receiver.clone())));
    let router = slices::routes().into_router(platform);
    let portal = if listening.desk.is_some() { router.clone().layer(from_fn(portal_only)) } else { router.clone() };
    let main = answer(listening.main, portal, stopped(receiver.clone()));
    match listening.desk {
        Some(desk) => {
            let (main, desk) = tokio::join!(main, answer(desk, router, stopped(receiver)));
            main?;
            desk?;
        }
        None => main.await?,
    }
    worker.await.context("the worker ended early")
}

async fn answer(
    listener: TcpListener,
    router: Router,
    stop: impl Future<Output = ()> + Send + 'static,
) -> anyhow::Result<()> {
    // Without TCP_NODELAY an answer of several packets waits 40 ms for an acknowledgement.
    let listener = listener.tap_io(|stream| {
        if let Err(error) = stream.set_nodelay(true) {
            tracing::debug!(%error, "TCP_NODELAY was refused");
        }
    });
    let service = router.into_make_service_with_connect_info::<SocketAddr>();
    axum::serve(listener, service).with_graceful_shutdown(stop).await.context("the server ended")
}

/// Keeps the desk and the API off the public listener when they have one of their own.
async fn portal_only(request: Request, next: Next) -> Response {
    let path = request.uri().path();
    if path == "/desk" || path.starts_with("/desk/") || path.starts_with("/api/") {
        return (StatusCode::NOT_FOUND, "There is nothing at this address.\n").into_response();
    }
    next.run(request).await
}

/// Ctrl-C, or what a service manager sends.
pub(crate) async fn stop_signal() {
    let interrupted = tokio::signal::ctrl_c();
    match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
        Ok(mut terminated) => {
            tokio::select! {
                _ = interrupted => {}
                _ = terminated.recv() => {}
            }
        }
        Err(_) => {
            let _ended = interrupted.await;
        }
    }
}
