//! The log: one line an event, on standard error, filtered by `ETAGE_LOG`.

use tracing_subscriber::EnvFilter;

use crate::config::LOG_DEFAULT;

/// Starts the log. Called once, by `main`.
pub fn start() {
    let filter = std::env::var("ETAGE_LOG")
        .ok()
        .filter(|text| !text.is_empty());
    let filter = EnvFilter::new(filter.as_deref().unwrap_or(LOG_DEFAULT));
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_target(false)
        .init();
}
