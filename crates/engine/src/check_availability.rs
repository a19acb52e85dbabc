//! Exchange's own word for the rooms on screen.
//!
//! The mirror paints first; this answer replaces it. Answers are kept for a few seconds per room
//! and stretch of time, and one question to Exchange serves everybody who asks meanwhile (single
//! flight), so a crowd looking at one floor costs what one person does.

mod answers;
mod questions;
mod windows;
mod word;

use std::sync::Arc;
use std::time::Duration;

use booking::error::{BadRequest, BookingError};
use booking::ids::RoomId;
use booking::person::Person;
use booking::provider::{ProviderError, ScheduleItem};
use booking::room::Room;
use booking::rules::Refusal;
use booking::search::found::{CHECKED_MAX, CheckedRoom, CheckedRooms, Source};
use booking::search::judge::judge;
use booking::search::{Occupancy, OccupancyKind, RoomQuery, RoomState, Wanted};
use booking::time::{Instant, TimeRange};
use parking_lot::Mutex;

use self::answers::Answers;
use self::windows::windows;
pub(crate) use self::word::Word;
use crate::explain::with_remedy;
use crate::{Engine, Error, when};

/// Most such stretches that one question may need; together they reach past the horizon.
const WINDOWS_MAX: usize = 9;

/// Answers kept for a few seconds, and questions on their way.
#[derive(Debug)]
pub struct Availability {
    state: Mutex<Answers>,
}

impl Availability {
    pub(crate) fn new() -> Self {
        Self {
            state: Mutex::default(),
        }
    }

    /// Forgets what was said of a room, and what will be said to questions that were asked already,
    /// because its calendar changed.
    pub(crate) fn forget(&self, room: RoomId) {
        self.state.lock().forget(room);
    }

    /// Whether the mirror of a room was shown where Exchange's word was wanted, since this was asked last.
    pub(crate) fn end_stand_in(&self, room: RoomId) -> bool {
        self.state.lock().stand_ins.remove(&room)
    }
}

/// How fresh an answer must be.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Freshness {
    /// One that is a few seconds old will do.
    Kept,
    /// Ask now.
    AskNow,
}

impl Engine {
    /// How these rooms stand by Exchange's own word; by the mirror's where it does not answer in time.
    ///
    /// # Errors
    /// [`BookingError::BadRequest`] for more than [`CHECKED_MAX`] rooms or times that make no sense.
    pub async fn check_availability(
        self: &Arc<Self>,
        person: &Person,
        query: &RoomQuery,
        rooms: &[RoomId],
    ) -> Result<CheckedRooms, Error> {
        if rooms.len() > CHECKED_MAX {
            let max = CHECKED_MAX as u32;
            return Err(BookingError::BadRequest(BadRequest::TooManyRooms { max }).into());
        }
        let (known, wanted) = self.resolve_rooms(query, rooms)?;
        if windows(&wanted.ranges).len() > WINDOWS_MAX {
            return Err(BookingError::BadRequest(BadRequest::TooWide).into());
        }
        let on_screen: Vec<RoomId> = known.iter().map(|room| room.id).collect();
        self.note_looked_at(&on_screen);
        let patience = Duration::from_millis(self.settings.patience_ms);
        // The flight has said in the log what went wrong; where it did, the mirror answers.
        let _mirror_answers = self
            .ask_exchange(&known, &wanted, Freshness::Kept, patience)
            .await;
        Ok(CheckedRooms {
            rooms: known
                .iter()
                .filter_map(|room| self.checked(room.id, &wanted, person))
                .collect(),
            now: self.clock.now(),
        })
    }

    /// What Exchange has against a room at that time, asked now and not out of any memory, and waited for no longer than
    /// `patience`.
    /// Our own reservations are not looked at: the store's guard decides on those.
    ///
    /// # Errors
    /// Why it did not say; [`ProviderError::Retry`] when it did not say in time.
    pub(crate) async fn refusals_now(
        self: &Arc<Self>,
        room: &Room,
        wanted: &Wanted,
        patience: Duration,
    ) -> Result<Vec<Refusal>, ProviderError> {
        self.refusals_beside(room, wanted, None, patience).await
    }

    /// The same for a reservation that has the room at another time already: that is not in its own way. A schedule names no
    /// events, so of what it tells, one that has exactly that time is taken for it.
    ///
    /// # Errors
    /// As [`Engine::refusals_now`].
    pub(crate) async fn refusals_beside(
        self: &Arc<Self>,
        room: &Room,
        wanted: &Wanted,
        own: Option<TimeRange>,
        patience: Duration,
    ) -> Result<Vec<Refusal>, ProviderError> {
        let asked_at = self.clock.now();
        let rooms = std::slice::from_ref(room);
        self.ask_exchange(rooms, wanted, Freshness::AskNow, patience)
            .await?;
        let now = self.clock.now();
        // Somebody's earlier question may have landed instead of ours. What changed while it was on
        // its way is for the store's guard, and for the room itself.
        let (items, _) = self
            .said(room.id, &wanted.ranges, now, Freshness::AskNow)?
            .filter(|(_, at)| *at >= asked_at)
            .ok_or_else(late)?;
        let mut occupancies: Vec<Occupancy> = items.iter().map(occupancy).collect();
        if let Some(at) = own.and_then(|own| occupancies.iter().position(|one| one.range == own)) {
            occupancies.swap_remove(at);
        }
        let mut refusals = judge(room, &occupancies, wanted, now).refusals;
        refusals.retain(Refusal::forbids);
        Ok(refusals)
    }

    fn resolve_rooms(
        &self,
        query: &RoomQuery,
        rooms: &[RoomId],
    ) -> Result<(Vec<Room>, Wanted), Error> {
        let world = self.index.read();
        let building = world
            .building(query.building)
            .ok_or(BookingError::NotFound { what: "building" })?;
        let wanted = when::wanted(query, &building.building.zone)?;
        let known = rooms
            .iter()
            .filter_map(|room| building.rooms.room(*room).cloned())
            .collect();
        Ok((known, wanted))
    }

    /// The answer for one room out of what Exchange said, or out of the mirror.
    fn checked(&self, room: RoomId, wanted: &Wanted, person: &Person) -> Option<CheckedRoom> {
        let now = self.clock.now();
        let said = self.said(room, &wanted.ranges, now, Freshness::Kept);
        let said = said.ok().flatten();
        if said.is_none() {
            self.availability.state.lock().stand_ins.insert(room);
        }
        let world = self.index.read();
        let (building, known) = world.room(room)?;
        let read_at = building.synced.get(&room).copied();
        let Some((items, at)) = said else {
            return building.explained(room, wanted, person, now);
        };
        let mut occupancies: Vec<Occupancy> = items.iter().map(occupancy).collect();
        occupancies.extend(building.unseen_by(person.id, room, &occupancies, now));
        let mut answer = judge(known, &occupancies, wanted, now);
        if building.is_theirs(room, wanted, person, now) {
            answer.state = RoomState::Yours;
            answer.refusals.retain(Refusal::is_misfit);
        }
        // Beyond what it was asked about Exchange has said nothing, and the mirror stands in.
        let asked = windows(&wanted.ranges);
        let taken = |window: TimeRange| {
            let said = occupancies.iter().map(|one| one.range);
            let said = said.filter(|one| one.overlaps(window));
            let beyond = building.taken(room, window, person, now).into_iter();
            said.chain(beyond.filter(|one| !asked.iter().any(|asked| asked.overlaps(*one))))
                .collect()
        };
        Some(CheckedRoom {
            answer: with_remedy(answer, wanted, now, &taken),
            source: Source::Exchange { at },
            heard_at: read_at.filter(|at| now.since_ms(*at) > self.settings.mirror_age_max_ms()),
        })
    }

    /// Everything Exchange said for the asked times. `None`: nothing for some of them.
    ///
    /// # Errors
    /// Why it could not read the room's schedule.
    fn said(
        &self,
        room: RoomId,
        ranges: &[TimeRange],
        now: Instant,
        freshness: Freshness,
    ) -> Result<Option<(Vec<ScheduleItem>, Instant)>, ProviderError> {
        let state = self.availability.state.lock();
        let mut items = Vec::new();
        let mut oldest = now;
        for window in windows(ranges) {
            let answer = match freshness {
                Freshness::Kept => state.kept((room, window)),
                Freshness::AskNow => state.latest((room, window)),
            };
            let fresh =
                answer.filter(|answer| now.since_ms(answer.at) <= self.settings.answer_kept_ms);
            let Some(answer) = fresh else {
                return Ok(None);
            };
            oldest = oldest.min(answer.at);
            items.extend(answer.items.clone()?.iter().copied());
        }
        Ok(Some((items, oldest)))
    }
}

fn late() -> ProviderError {
    ProviderError::Retry {
        after: None,
        context: "no answer in time".to_owned(),
    }
}

pub(crate) fn occupancy(item: &ScheduleItem) -> Occupancy {
    Occupancy {
        range: item.range,
        kind: OccupancyKind::Calendar(item.kind),
    }
}
