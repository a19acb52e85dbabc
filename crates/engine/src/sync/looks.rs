//! Which rooms somebody has on screen: they are read before others.

use std::collections::HashMap;

use booking::ids::RoomId;
use booking::time::{Instant, MINUTE_MS};
use parking_lot::Mutex;

use crate::{Engine, Error};

/// How long a room counts as looked at after a page has asked about it.
const LOOKED_AT_MS: i64 = 5 * MINUTE_MS;

/// The rooms that pages of this process asked about; other processes learn of them from the store. Losing it costs a
/// room its place in the queue.
#[derive(Debug, Default)]
pub(crate) struct Looks(Mutex<HashMap<RoomId, Look>>);

#[derive(Debug)]
struct Look {
    until: Instant,
    /// Until when the store has it.
    kept_until: Instant,
}

impl Looks {
    fn note(&self, rooms: &[RoomId], now: Instant) {
        let mut looks = self.0.lock();
        for room in rooms {
            let look = looks.entry(*room).or_insert(Look {
                until: now,
                kept_until: now,
            });
            look.until = now.plus_ms(LOOKED_AT_MS);
        }
    }

    /// Those that the store has to be told of: each at most every other minute, however often pages ask.
    fn untold(&self, now: Instant) -> Vec<RoomId> {
        let mut looks = self.0.lock();
        looks.retain(|_, look| look.until > now);
        let mut untold = Vec::new();
        for (room, look) in looks.iter_mut() {
            if look.until.since_ms(look.kept_until) > LOOKED_AT_MS / 2 {
                look.kept_until = look.until;
                untold.push(*room);
            }
        }
        untold
    }
}

impl Engine {
    /// Somebody has these rooms on screen. Costs next to nothing, so it can be said with every question.
    pub fn note_looked_at(&self, rooms: &[RoomId]) {
        self.looks.note(rooms, self.clock.now());
    }

    /// Has every process know which rooms are on somebody's screen.
    pub(super) async fn keep_looks(&self) -> Result<(), Error> {
        let now = self.clock.now();
        let looked_at = self.looks.untold(now);
        if looked_at.is_empty() {
            return Ok(());
        }
        let until = now.plus_ms(LOOKED_AT_MS);
        Ok(self.store.note_looked_at(&looked_at, until).await?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn the_store_is_told_rarely_of_rooms_that_are_looked_at_all_the_time() {
        let looks = Looks::default();
        let room = RoomId(Uuid::from_u128(1));
        let told = (0..600).filter(|second| {
            let now = Instant(second * 1_000);
            looks.note(&[room], now);
            looks.untold(now) == [room]
        });
        assert_eq!(told.count(), 4);
        assert_eq!(looks.untold(Instant(2_000_000)), []);
        assert!(looks.0.lock().is_empty());
    }
}
