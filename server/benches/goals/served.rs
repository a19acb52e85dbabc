//! Serving a router as the program does.

use std::net::{Ipv4Addr, SocketAddr, TcpListener};

use anyhow::Result;
use axum::Router;
use axum::routing::get;
use axum_server::accept::NoDelayAcceptor;

/// An address of one's own, before anything is served there.
pub(crate) struct Place {
    listener: TcpListener,
    pub(crate) address: SocketAddr,
}

impl Place {
    pub(crate) fn take() -> Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        listener.set_nonblocking(true)?;
        let address = listener.local_addr()?;
        Ok(Self { listener, address })
    }

    pub(crate) fn origin(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Serves until the runtime ends.
    pub(crate) fn serve(self, routes: Router) -> Result<SocketAddr> {
        let server = axum_server::from_tcp(self.listener)?.acceptor(NoDelayAcceptor::new());
        tokio::spawn(server.serve(routes.into_make_service()));
        Ok(self.address)
    }
}

/// The least an axum server can do.
pub(crate) fn hello() -> Result<SocketAddr> {
    Place::take()?.serve(Router::new().route("/", get(async || "Hello, World!")))
}
