//! Why rooms are not to be had, and what would have them, out of memory.

use booking::ids::RoomId;
use booking::person::Person;
use booking::search::found::{CheckedRoom, CheckedRooms, EXPLAINED_MAX, Source};
use booking::search::remedy::{Taken, remedy};
use booking::search::{RoomAnswer, RoomQuery, RoomState, Wanted};
use booking::time::{Instant, TimeRange};
use booking::{BookingError, error::BadRequest};

use crate::live_index::BuildingIndex;
use crate::{Engine, Error, when};

impl Engine {
    /// Every reason for these rooms, and the smallest change that would have each.
    ///
    /// # Errors
    /// As [`Engine::find_rooms`]; [`BadRequest::TooManyRooms`].
    pub fn explain(
        &self,
        person: &Person,
        query: &RoomQuery,
        rooms: &[RoomId],
    ) -> Result<CheckedRooms, Error> {
        if rooms.len() > EXPLAINED_MAX {
            let max = EXPLAINED_MAX as u32;
            return Err(BookingError::BadRequest(BadRequest::TooManyRooms { max }).into());
        }
        let now = self.clock.now();
        let world = self.index.read();
        let building = world
            .building(query.building)
            .ok_or(BookingError::NotFound { what: "building" })?;
        let wanted = when::wanted(query, &building.building.zone)?;
        Ok(CheckedRooms {
            rooms: rooms
                .iter()
                .filter_map(|room| building.explained(*room, &wanted, person, now))
                .collect(),
            now,
        })
    }
}

impl BuildingIndex {
    /// What the mirror says of one room, with its remedy. `None`: it is not here.
    pub(crate) fn explained(
        &self,
        room: RoomId,
        wanted: &Wanted,
        person: &Person,
        now: Instant,
    ) -> Option<CheckedRoom> {
        let answer = self.answer(room, wanted, person, now)?;
        let taken = |window| self.taken(room, window, person, now);
        Some(CheckedRoom {
            answer: with_remedy(answer, wanted, now, &taken),
            source: Source::Mirror {
                as_of: self.synced.get(&room).copied(),
            },
            heard_at: None,
        })
    }

    /// What takes a room within a window in the eyes of this person, whose drafts take their holds along.
    pub(crate) fn taken(
        &self,
        room: RoomId,
        window: TimeRange,
        person: &Person,
        now: Instant,
    ) -> Vec<TimeRange> {
        let beside = self.occupancies_beside_own_holds(room, window, person, now);
        beside.map_or_else(
            || {
                let taken = self.rooms.occupancies(room, window);
                taken.map(|one| one.range).collect()
            },
            |beside| beside.iter().map(|one| one.range).collect(),
        )
    }
}

/// The answer with its remedy; a room that the person has already needs none.
pub(crate) fn with_remedy(
    mut answer: RoomAnswer,
    wanted: &Wanted,
    now: Instant,
    taken: &Taken<'_>,
) -> RoomAnswer {
    if answer.state != RoomState::Yours {
        answer.remedy = remedy(&answer.refusals, wanted, now, taken);
    }
    answer
}
