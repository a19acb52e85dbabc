//! `etage migrate`.

use super::say;
use crate::clock::SystemRandom;
use crate::config::Config;
use crate::wire;

pub(super) async fn run(config: &Config) -> anyhow::Result<()> {
    wire::open_store(config, &SystemRandom).await?;
    say("The database has the newest schema.");
    Ok(())
}
