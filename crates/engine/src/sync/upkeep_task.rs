//! Lets go of what nobody needs any more: days the search no longer looks at, a table of all rooms that nobody looks at,
//! sessions that are over, links nobody may use.

use std::sync::Arc;

use booking::time::DAY_MS;

use crate::{Engine, Error};

/// How long links that expired are remembered.
const LINKS_KEPT_MS: i64 = 30 * DAY_MS;

/// Tidies up.
///
/// # Errors
/// When the store fails.
pub async fn run(engine: &Arc<Engine>) -> Result<(), Error> {
    let now = engine.clock.now();
    engine.index.drop_cold_days(now);
    engine.rooms_read.drop_old(now);
    engine.store.purge_sessions(now).await?;
    // Until then whoever opens one is told what is the matter with it.
    let long_ago = now.plus_ms(-LINKS_KEPT_MS);
    engine.store.purge_admin_links(long_ago).await?;
    Ok(())
}
