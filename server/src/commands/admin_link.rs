//! `etage admin-link`: prints a link that makes whoever uses it first an administrator.

use booking::time::MINUTE_MS;
use engine::roles::ADMIN_LINK_MS;
use secrecy::ExposeSecret;

use super::say;
use crate::config::Config;

pub(super) async fn run(config: &Config) -> anyhow::Result<()> {
    let engine = super::engine(config).await?;
    if engine.providers().iter().next().is_none() {
        say(
            "No tenant is connected yet, so nobody can sign in to use the link: run `etage connect` first.",
        );
    }
    let link = engine.make_admin_link().await?;
    let minutes = ADMIN_LINK_MS / MINUTE_MS;
    say(format_args!(
        "Whoever opens this link within {minutes} minutes, signs in and confirms is an administrator; it works once:"
    ));
    say(format_args!(
        "{}/admin/link?secret={}",
        config.http.origin.as_str().trim_end_matches('/'),
        link.secret.expose_secret()
    ));
    Ok(())
}
