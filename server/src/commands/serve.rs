//! `etage serve`.

use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;

use anyhow::Context;
use axum::Router;
use axum_server::Handle;
use axum_server::accept::NoDelayAcceptor;
use axum_server::tls_rustls::{RustlsAcceptor, RustlsConfig};

use super::say;
use crate::clock::{SystemClock, SystemRandom};
use crate::config::{Config, Tls};
use crate::lifecycle::{GRACE, Lifecycle};
use crate::{router, wire};

pub(super) async fn run(config: Config) -> anyhow::Result<()> {
    let lifecycle = Lifecycle::default();
    let http = config.http.clone();
    let state = wire::app_state(
        config,
        Arc::new(SystemClock),
        Arc::new(SystemRandom),
        lifecycle.stop.clone(),
    )
    .await?;
    let mut doors = vec![Door::open(http.listen, http.tls.as_ref()).await?];
    if let Some(plain) = http.listen_http {
        doors.push(Door::open(plain, None).await?);
    }
    // Before anything is asked of Microsoft.
    state.share.start(&lifecycle.stop, &lifecycle.tasks).await;
    engine::sync::driver::start(&state.engine, &lifecycle.stop, &lifecycle.tasks);
    lifecycle.stop_on_signal();
    let routes = router::router(state);

    let mut servers = tokio::task::JoinSet::new();
    for door in doors {
        servers.spawn(serve(door, routes.clone(), lifecycle.clone()));
    }
    let origin = http.origin.origin().ascii_serialization();
    say(format_args!("etage is ready on {origin}"));
    let ended = servers.join_next().await;
    lifecycle.stop.cancel();
    while servers.join_next().await.is_some() {}
    lifecycle.finish().await;
    ended.context("no listener was started")??
}

/// A socket that listens already, so that what is said to be ready is.
struct Door {
    address: SocketAddr,
    listener: TcpListener,
    tls: Option<RustlsConfig>,
}

impl Door {
    async fn open(address: SocketAddr, tls: Option<&Tls>) -> anyhow::Result<Self> {
        let listener = TcpListener::bind(address).with_context(|| {
            format!("{address} cannot be listened on; is something else running there?")
        })?;
        listener.set_nonblocking(true)?;
        let tls = match tls {
            None => None,
            Some(tls) => Some(
                RustlsConfig::from_pem_file(&tls.cert_file, &tls.key_file)
                    .await
                    .context("the certificate or its key cannot be used; both must be PEM files")?,
            ),
        };
        Ok(Self {
            address,
            listener,
            tls,
        })
    }
}

async fn serve(door: Door, routes: Router, lifecycle: Lifecycle) -> anyhow::Result<()> {
    let handle = Handle::new();
    let stopping = handle.clone();
    tokio::spawn(async move {
        lifecycle.stop.cancelled().await;
        stopping.graceful_shutdown(Some(GRACE));
    });
    let service = routes.into_make_service();
    let server = axum_server::from_tcp(door.listener)?.handle(handle);
    let served = match door.tls {
        None => server.acceptor(NoDelayAcceptor::new()).serve(service).await,
        Some(config) => {
            let acceptor = RustlsAcceptor::new(config).acceptor(NoDelayAcceptor::new());
            server.acceptor(acceptor).serve(service).await
        }
    };
    served.with_context(|| format!("serving on {} failed", door.address))
}
