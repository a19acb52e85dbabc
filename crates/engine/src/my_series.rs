//! How a person's series are getting on.

use booking::person::Person;
use booking::reservation::{Reservation, ReservationState, StateNote};
use booking::series::{DateReserved, OfferedRoom, PlacedDate, PlacedSeries};
use booking::time::TimeRange;
use store::series::{KeptDate, KeptSeries};

use crate::live_index::World;
use crate::{Engine, Error, when};

impl Engine {
    /// The person's series that are not over, the newest first.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn my_series(&self, person: &Person) -> Result<Vec<PlacedSeries>, Error> {
        // Whoever looks wants to know the answers that are still out.
        self.nudges.answers.notify_one();
        let kept = self.store.series_of(person.id, self.clock.now()).await?;
        Ok(kept.iter().map(|one| self.describe_series(one)).collect())
    }

    /// Adds what is needed to show a series.
    pub(crate) fn describe_series(&self, kept: &KeptSeries) -> PlacedSeries {
        let world = self.index.read();
        let describe = |date: &KeptDate| {
            let range = range_of(date);
            let offered = date.offered.filter(|_| is_watched(date));
            PlacedDate {
                number: date.number,
                original_start: date.original_start,
                range,
                utc_offset_minutes: when::utc_offset_minutes(&kept.zone, range.start()),
                reserved: date.reservation.as_ref().map(|one| DateReserved {
                    id: one.id,
                    room: one.room,
                    room_number: number_of(&world, one.room),
                    state: one.state,
                    note: one.note.clone(),
                }),
                is_watched: is_watched(date) && range.start() > self.clock.now(),
                offered: offered.map(|(room, since)| OfferedRoom {
                    room,
                    number: number_of(&world, room),
                    since,
                }),
            }
        };
        PlacedSeries {
            id: kept.id,
            building: kept.building,
            zone: kept.zone.clone(),
            pattern: kept.wish.pattern,
            way: kept.way,
            is_written: kept.written_at.is_some(),
            dates: kept.dates.iter().map(describe).collect(),
            created_at: kept.created_at,
        }
    }
}

/// When a date takes place, or would: where its reservation was moved to, though a room said no there.
pub(crate) fn range_of(date: &KeptDate) -> TimeRange {
    let reserved = date.reservation.as_ref();
    reserved.map_or(date.range, |one| one.range)
}

/// Whether a date has no room and one is looked for: it was left out because none was free, or its room said no. Not while
/// its meeting stands without one: another of its own would stand beside that.
pub(crate) fn is_watched(date: &KeptDate) -> bool {
    let is_lost = |one: &Reservation| {
        let stays = one.note.as_ref().is_some_and(StateNote::leaves_meeting);
        one.state == ReservationState::Declined && !stays
    };
    date.is_watched || date.reservation.as_ref().is_some_and(is_lost)
}

fn number_of(world: &World, room: booking::RoomId) -> String {
    let found = world.room(room).map(|(_, room)| room.number.clone());
    found.unwrap_or_default()
}
