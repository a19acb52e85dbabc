//! The log: one line an event, on standard error, filtered by `ETAGE_LOG`.

use tracing_subscriber::EnvFilter;

/// What is logged unless `ETAGE_LOG` says otherwise.
const DEFAULT_FILTER: &str = "info,sqlx=warn,hyper=warn,rustls=warn,tower_http=info";

/// Starts the log. Called once, by `main`.
pub fn start() {
    let filter = std::env::var("ETAGE_LOG")
        .ok()
        .filter(|text| !text.is_empty());
    let filter = EnvFilter::new(filter.as_deref().unwrap_or(DEFAULT_FILTER));
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_target(false)
        .init();
}
