//! Closes holds that lapsed and reservations that are over.

use std::sync::Arc;

use booking::reservation::ReservationState;
use booking::time::DAY_MS;

use crate::{Engine, Error};

/// Closes what is due.
///
/// # Errors
/// When the store fails.
pub async fn run(engine: &Arc<Engine>) -> Result<(), Error> {
    let now = engine.clock.now();
    while !engine.store.expire_holds(now).await?.is_empty() {}
    for reservation in engine
        .store
        .over_reservations(now.plus_ms(-DAY_MS), now)
        .await?
    {
        let change = engine.to(ReservationState::Ended);
        engine.step(&reservation, &change).await?;
    }
    Ok(())
}
