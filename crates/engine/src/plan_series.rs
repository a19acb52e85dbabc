//! A room for every date of a series, shown before anything is booked.
//!
//! The plan comes out of the mirror. Then Exchange is asked about the rooms that the plan uses, and about no others; where
//! it says that one is taken, that room is struck from the date and the plan made anew. After [`ROUNDS_MAX`] rounds the
//! mirror's word stands for rooms that came in last, and each date says whose word it is.

mod question;
mod told;

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;
use std::time::Duration;

use booking::BookingError;
use booking::ids::{BuildingId, RoomId};
use booking::person::Person;
use booking::room::Room;
use booking::rules::Refusal;
use booking::search::Occupancy;
use booking::search::judge::judge;
use booking::series::{Candidate, FreeTable, Plan, PlannedSeries, SeriesDate, SeriesWish};
use booking::series::{candidates, solve};
use booking::time::{Instant, TimeRange};

pub(crate) use self::question::{SeriesQuestion, refused};
use crate::check_availability::{Freshness, Word, occupancy};
use crate::live_index::{BuildingIndex, World};
use crate::place_reservation::wanted_for;
use crate::{Engine, Error};

/// How often Exchange is asked at most, and the plan made anew.
const ROUNDS_MAX: usize = 3;
/// Rooms that Exchange is asked about at most for one plan; a plan with more changes of room than that is no good one.
pub(crate) const ROOMS_ASKED_MAX: usize = 40;

/// What Exchange said over all rounds.
#[derive(Default)]
pub(super) struct Heard {
    /// What it said of each room that was asked about.
    pub(super) words: HashMap<RoomId, Word>,
    /// Rooms that are taken on a date, which counts from 0, and by what.
    pub(super) struck: HashMap<(usize, RoomId), Vec<Refusal>>,
    /// Whether it said nothing of some.
    pub(super) is_silent: bool,
}

impl Engine {
    /// A room for every date that can have one, with the fewest changes of room. Nothing is kept.
    ///
    /// # Errors
    /// [`BookingError::BadRequest`] naming what is wrong with the series and how to mend it;
    /// [`BookingError::NotFound`] for a building, floor or room that is not there.
    pub async fn plan_series(
        self: &Arc<Self>,
        person: &Person,
        wish: &SeriesWish,
    ) -> Result<PlannedSeries, Error> {
        let question = self.series_question(wish)?;
        let mut heard = Heard::default();
        let mut plan = self.solved(&question, &heard)?;
        for _ in 0..ROUNDS_MAX {
            let used = self.not_heard_of(&plan, &heard);
            if used.is_empty() || heard.words.len() + used.len() > ROOMS_ASKED_MAX {
                break;
            }
            if !self.hear(&question, &used, &mut heard).await {
                break;
            }
            plan = self.solved(&question, &heard)?;
        }
        self.told(person, &question, &plan, &heard)
    }

    /// The best plan by the mirror, but for what Exchange said is taken.
    fn solved(&self, question: &SeriesQuestion, heard: &Heard) -> Result<Plan, Error> {
        let now = self.clock.now();
        let world = self.index.read();
        let building = the_building(&world, question.building)?;
        let index = &building.rooms;
        let mut free = FreeTable::ask(index, &question.dates, &question.wanted, now);
        for (date, room) in heard.struck.keys() {
            if let Some(position) = index.position(*room) {
                free.strike(*date, position);
            }
        }
        let rooms = question.candidates(building);
        Ok(solve(&question.dates, &rooms, &free))
    }

    /// The rooms that a plan uses and Exchange has not spoken of.
    fn not_heard_of(&self, plan: &Plan, heard: &Heard) -> Vec<Room> {
        let used: BTreeSet<RoomId> = plan.dates.iter().filter_map(|date| date.room()).collect();
        let world = self.index.read();
        used.into_iter()
            .filter(|room| !heard.words.contains_key(room))
            .filter_map(|room| world.room(room).map(|(_, room)| room.clone()))
            .collect()
    }

    /// Asks Exchange about these rooms. Whether any of them is taken on any date, so that the plan may not hold.
    async fn hear(
        self: &Arc<Self>,
        question: &SeriesQuestion,
        rooms: &[Room],
        heard: &mut Heard,
    ) -> bool {
        let ranges = question.ranges();
        let patience = Duration::from_millis(self.settings.patience_ms);
        let said = self
            .word_of(rooms, &ranges, Freshness::Kept, patience)
            .await;
        let now = self.clock.now();
        let mut has_struck = false;
        for room in rooms {
            let Some(word) = said.get(&room.id) else {
                heard.is_silent = true;
                continue;
            };
            for (at, date) in question.dates.iter().enumerate() {
                let against = against(room, word, date.takes_place(), now);
                if !against.is_empty() {
                    has_struck = true;
                    heard.struck.insert((at, room.id), against);
                }
            }
            heard.words.insert(room.id, word.clone());
        }
        has_struck
    }
}

impl SeriesQuestion {
    /// Every room of the building, with what a date in it costs.
    pub(super) fn candidates(&self, building: &BuildingIndex) -> Vec<Candidate> {
        let level_of = |floor| building.building.floor(floor).map(|floor| floor.level);
        let near = self.near.and_then(level_of);
        candidates(&building.rooms, self.wanted.people, |room| {
            let floors = near.zip(level_of(room.floor));
            floors.map_or(0, |(near, level)| near.abs_diff(level))
        })
    }

    /// The times of all dates, in order.
    pub(crate) fn ranges(&self) -> Vec<TimeRange> {
        let mut ranges: Vec<TimeRange> = self.dates.iter().map(SeriesDate::takes_place).collect();
        ranges.sort();
        ranges
    }
}

/// What Exchange's word has against a room at that time.
pub(crate) fn against(room: &Room, word: &Word, range: TimeRange, now: Instant) -> Vec<Refusal> {
    let taken: Vec<Occupancy> = word.within(range).map(occupancy).collect();
    if taken.is_empty() {
        return Vec::new();
    }
    let mut refusals = judge(room, &taken, &wanted_for(range), now).refusals;
    refusals.retain(Refusal::forbids);
    refusals
}

pub(super) fn the_building(world: &World, id: BuildingId) -> Result<&BuildingIndex, BookingError> {
    world
        .building(Some(id))
        .ok_or(BookingError::NotFound { what: "building" })
}
