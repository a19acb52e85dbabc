//! A person's own list, and what is needed to show one reservation.

use booking::person::Person;
use booking::reservation::{Reservation, WhyNot};
use booking::room::Room;
use booking::time::DAY_MS;

use crate::change_reservation::why_not;
use crate::instead::Offer;
use crate::place_reservation::{can_cancel, has_failed};
use crate::{Engine, Error};

/// How far back ended reservations are listed, in days.
const PAST_DAYS: i64 = 7;

/// A reservation with what is needed to show it.
#[derive(Clone, PartialEq, Debug)]
pub struct Described {
    /// The reservation.
    pub reservation: Reservation,
    /// Its room. `None`: no longer there.
    pub room: Option<Room>,
    /// The building's name; empty without a room.
    pub building: String,
    /// The floor's label; empty without a room.
    pub floor: String,
    /// Whether its owner may cancel it now.
    pub can_cancel: bool,
    /// Why its owner may not give it another time or room here now. `None`: they may.
    pub why_not: Option<WhyNot>,
    /// Rooms that would do, where its own said no.
    pub instead: Vec<Offer>,
}

impl Engine {
    /// The person's reservations that are not long over, the next one first.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn my_reservations(&self, person: &Person) -> Result<Vec<Reservation>, Error> {
        let from = self.clock.now().plus_ms(-PAST_DAYS * DAY_MS);
        // Whoever looks at their list wants to know the answers that are still out.
        self.nudges.answers.notify_one();
        let mut mine = self.store.reservations_of(person.id, from).await?;
        for one in mine.iter_mut().filter(|one| has_failed(one)) {
            if self.is_gone(one).await? {
                self.store.remark(one, None).await?;
                one.note = None;
            }
        }
        Ok(mine)
    }

    /// Whether the room's calendar, read since, no longer has an event that we could not cancel:
    /// somebody took it back in Outlook.
    async fn is_gone(&self, reservation: &Reservation) -> Result<bool, Error> {
        let Some(event) = &reservation.event else {
            return Ok(false);
        };
        let sync = self.store.room_sync(reservation.room).await?;
        let synced_at = sync.and_then(|sync| sync.synced_at);
        if synced_at.is_none_or(|at| at <= reservation.changed_at) {
            return Ok(false);
        }
        let busy = self.store.busy_times_of(reservation.room, self.window());
        let uid = Some(&event.ical_uid);
        Ok(!busy.await?.iter().any(|one| one.ical_uid.as_ref() == uid))
    }

    /// Adds what is needed to show a reservation.
    pub fn describe(&self, reservation: Reservation) -> Described {
        let instead = self.instead(&reservation);
        let world = self.index.read();
        let found = world.room(reservation.room);
        let floor = found.and_then(|(building, room)| building.building.floor(room.floor));
        Described {
            can_cancel: can_cancel(&reservation, self.clock.now()),
            why_not: why_not(&reservation, self.clock.now()),
            instead,
            building: found.map_or_else(String::new, |(one, _)| one.building.name.clone()),
            floor: floor.map_or_else(String::new, |floor| floor.label.clone()),
            room: found.map(|(_, room)| room.clone()),
            reservation,
        }
    }
}
