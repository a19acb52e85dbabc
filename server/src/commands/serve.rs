//! `etage serve`.

use std::net::SocketAddr;
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
    engine::sync::driver::start(&state.engine, &lifecycle.stop, &lifecycle.tasks);
    lifecycle.stop_on_signal();
    let routes = router::router(state);

    let mut servers = tokio::task::JoinSet::new();
    servers.spawn(serve(
        http.listen,
        http.tls.clone(),
        routes.clone(),
        lifecycle.clone(),
    ));
    if let Some(plain) = http.listen_http {
        servers.spawn(serve(plain, None, routes, lifecycle.clone()));
    }
    let origin = http.origin.origin().ascii_serialization();
    say(format_args!("etage is ready on {origin}"));
    let ended = servers.join_next().await;
    lifecycle.stop.cancel();
    while servers.join_next().await.is_some() {}
    lifecycle.finish().await;
    ended.context("no listener was started")??
}

async fn serve(
    address: SocketAddr,
    tls: Option<Tls>,
    routes: Router,
    lifecycle: Lifecycle,
) -> anyhow::Result<()> {
    let listener = std::net::TcpListener::bind(address).with_context(|| {
        format!("{address} cannot be listened on; is something else running there?")
    })?;
    listener.set_nonblocking(true)?;
    let handle = Handle::new();
    let stopping = handle.clone();
    tokio::spawn(async move {
        lifecycle.stop.cancelled().await;
        stopping.graceful_shutdown(Some(GRACE));
    });
    let service = routes.into_make_service();
    let served = match tls {
        None => {
            axum_server::from_tcp(listener)?
                .acceptor(NoDelayAcceptor::new())
                .handle(handle)
                .serve(service)
                .await
        }
        Some(tls) => {
            let config = RustlsConfig::from_pem_file(&tls.cert_file, &tls.key_file)
                .await
                .context("the certificate or its key cannot be used; both must be PEM files")?;
            let acceptor = RustlsAcceptor::new(config).acceptor(NoDelayAcceptor::new());
            axum_server::from_tcp(listener)?
                .acceptor(acceptor)
                .handle(handle)
                .serve(service)
                .await
        }
    };
    served.with_context(|| format!("serving on {address} failed"))
}
