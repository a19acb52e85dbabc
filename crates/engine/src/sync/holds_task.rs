//! Closes holds that lapsed and reservations that are over.

use std::sync::Arc;

use booking::reservation::ReservationState;
use booking::time::Instant;

use crate::{Engine, Error};

/// However long nobody looked: what ended while Etage was stopped is over too.
const EVER: Instant = Instant(0);

/// Closes what is due.
///
/// # Errors
/// When the store fails.
pub async fn run(engine: &Arc<Engine>) -> Result<(), Error> {
    let now = engine.clock.now();
    while !engine.store.expire_holds(now).await?.is_empty() {}
    for reservation in engine.store.over_reservations(EVER, now).await? {
        let change = engine.to(ReservationState::Ended);
        engine.step(&reservation, &change).await?;
    }
    Ok(())
}
