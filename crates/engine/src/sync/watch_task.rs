//! Looks for rooms for dates of series that have none: what is free for them by now is noted, for their person to take.
//!
//! Nothing is placed by itself: the date is in nobody's calendar any more, and its person has perhaps found another.

use std::sync::Arc;

use booking::ids::RoomId;
use booking::search::Wanted;
use booking::series::{Candidate, candidates};
use booking::time::Instant;
use store::series::WatchedDate;

use crate::{Engine, Error};

/// Dates looked at in one run; the next ones come first.
const LOOKED_AT_MAX: u32 = 2_000;

/// Looks at every date that waits for a room.
///
/// # Errors
/// When the store fails.
pub async fn run(engine: &Arc<Engine>) -> Result<(), Error> {
    let now = engine.clock.now();
    for date in engine.store.watched_dates(now, LOOKED_AT_MAX).await? {
        let free = engine.free_for(&date, now);
        if free != date.offered {
            let offer = free.map(|room| (room, now));
            let key = (date.series, date.number);
            engine.store.offer_room(key, offer).await?;
        }
    }
    Ok(())
}

impl Engine {
    /// The room that is offered for a date: the same as before while that is free, else the one that fits best. `None`:
    /// none is free.
    fn free_for(&self, date: &WatchedDate, now: Instant) -> Option<RoomId> {
        let world = self.index.read();
        let building = world.building(Some(date.wish.building?))?;
        let index = &building.rooms;
        let wanted = Wanted {
            floor: date.wish.floor,
            ranges: vec![date.range],
            people: date.wish.people.max(1),
            equipment: date.wish.equipment,
            step_free: date.wish.step_free,
        };
        let free = index.free(&wanted, now);
        let is_free = |room: &RoomId| {
            let position = index.position(*room);
            position.is_some_and(|position| free.contains(position))
        };
        let rooms: Vec<Candidate> = candidates(index, wanted.people, |_| 0);
        let best = || {
            let among = free.iter().filter_map(|position| rooms.get(position));
            among.min_by_key(|one| (one.spare_seats, one.order))
        };
        let offered = date.offered.filter(is_free);
        offered.or_else(|| best().map(|one| one.room))
    }
}
