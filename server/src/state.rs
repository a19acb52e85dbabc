//! What every request can reach.

use std::sync::Arc;

use axum::extract::FromRef;
use engine::Engine;
use leptos::config::LeptosOptions;
use tokio_util::sync::CancellationToken;

use crate::config::Config;
use crate::sign_in::SignIn;
use crate::site::Site;

/// What every request can reach; cheap to clone.
#[derive(Clone, Debug)]
pub struct AppState {
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
    /// Cancelled when the process is to stop, so that endless answers end.
    pub stop: CancellationToken,
}

impl FromRef<AppState> for LeptosOptions {
    fn from_ref(state: &AppState) -> Self {
        state.leptos.clone()
    }
}
