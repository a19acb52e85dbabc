//! Lets go of what nobody needs any more: days the search no longer looks at, sessions that are over.

use std::sync::Arc;

use crate::{Engine, Error};

/// Tidies up.
///
/// # Errors
/// When the store fails.
pub async fn run(engine: &Arc<Engine>) -> Result<(), Error> {
    let now = engine.clock.now();
    engine.index.drop_cold_days(now);
    engine.store.purge_sessions(now).await?;
    Ok(())
}
