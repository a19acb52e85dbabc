//! Which rooms are free, out of memory: the answer that paints at once.

use booking::BookingError;
use booking::ids::{FloorId, RoomId};
use booking::person::Person;
use booking::rules::Refusal;
use booking::search::bits::RoomSet;
use booking::search::found::{FoundRooms, HITS_MAX};
use booking::search::judge::judge;
use booking::search::near_miss::near_misses;
use booking::search::rank::{self, Preference};
use booking::search::{Occupancy, OccupancyKind, RoomAnswer, RoomQuery, RoomState, Wanted};
use booking::time::{Instant, TimeRange};

use crate::live_index::BuildingIndex;
use crate::{Engine, Error, when};

/// Below so many hits, rooms that would do with a small change are offered too.
const FEW_HITS: usize = 3;

/// Most rooms that would do with a small change.
const NEAR_MISSES_MAX: usize = 6;

impl Engine {
    /// Answers a search. `floor`: the floor on screen; `None`: that of the best hit.
    ///
    /// # Errors
    /// [`BookingError::BadRequest`] for times that make no sense, [`BookingError::NotFound`] for a
    /// building or floor that is not there.
    pub fn find_rooms(
        &self,
        person: &Person,
        query: &RoomQuery,
        floor: Option<FloorId>,
    ) -> Result<FoundRooms, Error> {
        let now = self.clock.now();
        let world = self.index.read();
        let building = world
            .building(query.building)
            .ok_or(BookingError::NotFound { what: "building" })?;
        let wanted = when::wanted(query, &building.building.zone)?;
        let index = &building.rooms;

        let free = index.free(&wanted, now);
        let facets = index.facets(&wanted, now);
        let preference = Preference {
            floor: floor.or(query.floor),
        };
        let hits = rank::top(index, &free, &wanted, &preference, HITS_MAX);
        let floor = shown_floor(building, floor.or(query.floor), &hits)?;
        let near_misses = if hits.len() < FEW_HITS {
            near_misses(index, &wanted, now, NEAR_MISSES_MAX)
        } else {
            Vec::new()
        };
        Ok(FoundRooms {
            building: building.building.id,
            zone: building.building.zone.clone(),
            free: facets.free,
            facets,
            states: states(building, floor, &wanted, person, now),
            ranges: wanted.ranges,
            hits,
            near_misses,
            floor,
            as_of: building.as_of(),
            now,
            revision: world.revision.0,
        })
    }
}

/// The part of a day that its overview shows, in hours of the building's clock.
const DAY_HOURS: std::ops::Range<i8> = 7..19;

impl Engine {
    /// How many rooms would be free and fit in each quarter of an hour from 7:00 to 19:00 of a
    /// day on the building's wall, all else being as asked.
    ///
    /// # Errors
    /// As [`Engine::find_rooms`].
    pub fn free_over_day(&self, query: &RoomQuery, date: &str) -> Result<Vec<u32>, Error> {
        let now = self.clock.now();
        let world = self.index.read();
        let building = world
            .building(query.building)
            .ok_or(BookingError::NotFound { what: "building" })?;
        let zone = &building.building.zone;
        let mut wanted = when::wanted(query, zone)?;
        let mut free = RoomSet::default();
        let quarters = when::quarters(date, DAY_HOURS, zone)?;
        Ok(quarters
            .into_iter()
            .map(|quarter| {
                wanted.ranges = vec![quarter];
                building.rooms.free_into(&wanted, now, &mut free);
                free.count() as u32
            })
            .collect())
    }
}

impl BuildingIndex {
    /// The answer for one room out of memory, in the eyes of this person.
    pub(crate) fn answer(
        &self,
        room: RoomId,
        wanted: &Wanted,
        person: &Person,
        now: Instant,
    ) -> Option<RoomAnswer> {
        let mut answer = match self.beside_own_holds(room, wanted, person, now) {
            Some(answer) => answer,
            None => self.rooms.answer(room, wanted, now)?,
        };
        if answer.state.is_open() && !self.synced.contains_key(&room) {
            answer.state = RoomState::Unknown;
            answer.refusals.push(Refusal::ScheduleUnreadable);
        }
        if self.is_theirs(room, wanted, person, now) {
            answer.state = RoomState::Yours;
            answer.refusals.clear();
        }
        Some(answer)
    }

    /// How a room that stands so by its calendar looks to this person.
    fn seen_by(
        &self,
        person: &Person,
        room: RoomId,
        mut state: RoomState,
        wanted: &Wanted,
        now: Instant,
    ) -> RoomState {
        if self.ours(room).iter().any(|one| one.person == person.id) {
            if self.is_theirs(room, wanted, person, now) {
                return RoomState::Yours;
            }
            if let Some(answer) = self.beside_own_holds(room, wanted, person, now) {
                state = answer.state;
            }
        }
        let is_unread = self.as_of().is_none() && !self.synced.contains_key(&room);
        if is_unread && state.is_open() {
            return RoomState::Unknown;
        }
        state
    }

    /// The answer for a room that the person holds for a draft, as if they did not: a draft that
    /// moves takes its hold along. `None`: they hold it for none, or it is not here.
    fn beside_own_holds(
        &self,
        room: RoomId,
        wanted: &Wanted,
        person: &Person,
        now: Instant,
    ) -> Option<RoomAnswer> {
        let start = wanted.ranges.first()?.start();
        let from_then_on = TimeRange::new(start, Instant(i64::MAX)).ok()?;
        let occupancies = self.occupancies_beside_own_holds(room, from_then_on, person, now)?;
        let known = self.rooms.room(room)?;
        Some(judge(known, &occupancies, wanted, now))
    }

    /// What takes a room within a window but for what the person holds of it for drafts. `None`: they hold it for none.
    pub(crate) fn occupancies_beside_own_holds(
        &self,
        room: RoomId,
        window: TimeRange,
        person: &Person,
        now: Instant,
    ) -> Option<Vec<Occupancy>> {
        let ours = self.ours(room);
        if !ours.iter().any(|one| one.is_draft_of(person.id)) {
            return None;
        }
        let mut occupancies: Vec<Occupancy> = self
            .rooms
            .occupancies(room, window)
            .filter(|one| matches!(one.kind, OccupancyKind::Calendar(_)))
            .copied()
            .collect();
        occupancies.extend(self.unseen_by(person.id, room, &occupancies, now));
        Some(occupancies)
    }

    /// Whether the person has this room already, for all of the asked times: having one meeting of a
    /// series says nothing of the others.
    pub(crate) fn is_theirs(
        &self,
        room: RoomId,
        wanted: &Wanted,
        person: &Person,
        now: Instant,
    ) -> bool {
        let ours = self.ours(room);
        let has = |asked: &TimeRange| {
            ours.iter().any(|one| {
                one.person == person.id
                    && one.expires_at.is_none_or(|expires_at| expires_at > now)
                    && one.range.start() <= asked.start()
                    && asked.end() <= one.range.end()
            })
        };
        !ours.is_empty() && wanted.ranges.iter().all(has)
    }
}

/// The floor to show: the one asked for, else the best hit's, else the lowest.
fn shown_floor(
    building: &BuildingIndex,
    asked: Option<FloorId>,
    hits: &[rank::Hit],
) -> Result<FloorId, BookingError> {
    if let Some(floor) = asked {
        return match building.building.floor(floor) {
            Some(_) => Ok(floor),
            None => Err(BookingError::NotFound { what: "floor" }),
        };
    }
    let of_best = hits
        .first()
        .and_then(|hit| building.rooms.room(hit.room))
        .map(|room| room.floor);
    of_best
        .or_else(|| building.building.floors.first().map(|floor| floor.id))
        .ok_or(BookingError::NotFound { what: "floor" })
}

/// One state byte for each room of the floor, the person's own rooms and unread ones marked.
fn states(
    building: &BuildingIndex,
    floor: FloorId,
    wanted: &Wanted,
    person: &Person,
    now: Instant,
) -> String {
    let mut states = building.rooms.states(floor, wanted, now);
    let some_unread = building.as_of().is_none();
    // Otherwise the floor looks the same to everybody.
    if some_unread || !building.ours.is_empty() {
        for (state, room) in states.iter_mut().zip(building.rooms.floor_rooms(floor)) {
            *state = building.seen_by(person, room.id, *state, wanted, now);
        }
    }
    states
        .into_iter()
        .map(|state| char::from(state.byte()))
        .collect()
}
