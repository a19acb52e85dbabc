//! Closes holds that lapsed and reservations that are over.

use std::sync::Arc;

use booking::reservation::{Moving, MovingStep, NotMoved, Reservation, ReservationState};
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
        if let Some(moving) = never_written(&reservation)
            && moving.range.end() > now
        {
            // Its event stands where it was: that is not over, and can still be cancelled.
            let (room, range) = (moving.room, moving.range);
            engine
                .end_moving(&reservation, room, range, NotMoved::Refused)
                .await?;
            continue;
        }
        let change = engine.to(ReservationState::Ended);
        engine.step(&reservation, &change).await?;
    }
    Ok(())
}

/// Where a reservation still is that was promised another place, which the calendar system was never told of.
fn never_written(reservation: &Reservation) -> Option<Moving> {
    let moving = reservation.moving?;
    (moving.step == MovingStep::Promised).then_some(moving)
}
