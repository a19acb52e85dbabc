//! What every request can reach.

use std::ops::Deref;
use std::sync::Arc;

use axum::extract::FromRef;
use engine::Engine;
use leptos::config::LeptosOptions;
use tokio_util::sync::CancellationToken;

use crate::checks::Checks;
use crate::config::Config;
use crate::share::Share;
use crate::sign_in::SignIn;
use crate::site::Site;
use crate::streams::Streams;

/// What every request can reach. One pointer, because it is cloned at every step of a request.
#[derive(Clone, Debug)]
pub struct AppState(Arc<Reachable>);

/// What is behind an [`AppState`].
#[derive(Debug)]
pub struct Reachable {
    /// The use-cases.
    pub engine: Arc<Engine>,
    /// Sessions and tokens.
    pub sign_in: Arc<SignIn>,
    /// The built site.
    pub site: Site,
    /// Process settings.
    pub config: Arc<Config>,
    /// What Leptos wants to know.
    pub leptos: LeptosOptions,
    /// How often drafts were asked about.
    pub checks: Checks,
    /// The live streams that are open.
    pub streams: Streams,
    /// What of Microsoft's limits is this process's.
    pub share: Arc<Share>,
    /// Cancelled when the process is to stop, so that endless answers end.
    pub stop: CancellationToken,
}

impl From<Reachable> for AppState {
    fn from(reachable: Reachable) -> Self {
        Self(Arc::new(reachable))
    }
}

impl Deref for AppState {
    type Target = Reachable;

    fn deref(&self) -> &Reachable {
        &self.0
    }
}

impl FromRef<AppState> for LeptosOptions {
    fn from_ref(state: &AppState) -> Self {
        state.leptos.clone()
    }
}
