//! The index over all rooms: which of them are free and fitting, in well under a microsecond per
//! thousand.
//!
//! # How it answers
//!
//! - Each room keeps its exact [`Occupancy`]s in order of time (`intervals`). They are the truth.
//! - Each day keeps one set of rooms for each slot of five minutes (`slots`): “taken in this
//!   slot”. A question reads the sets of its slots, which lie behind one another in memory, and
//!   clears their bits from the set of rooms that fit.
//! - What fits is made of sets too (`facts`): one for each number of seats, kind of equipment,
//!   floor.
//! - Where the question or an interval fills a slot only in part, the rooms concerned are checked
//!   against their intervals, so that 10:03–10:17 is answered to the millisecond.
//!
//! Time-major sets were measured against one bit row a room and against intervals alone: 0.09 ns a
//! room and hour against 3.5 and 57 at 10,000 rooms. Their price is memory, so slots are drawn only
//! for days that are asked for, and their number is bounded (`days`).
//!
//! Reading takes `&self` and no lock, also where it draws a day. Changes take `&mut self`, touch
//! only the slots that differ, and are meant to be made behind one read-write lock.
//!
//! The definition of every answer is [`judge`]; the tests hold the index to it.

mod days;
mod facets;
mod facts;
mod intervals;
mod slots;
mod states;
#[cfg(test)]
mod tests;

use std::collections::HashMap;

pub use facets::Facets;

use self::days::Days;
use self::facts::Facts;
pub(crate) use self::facts::RankFacts;
use self::intervals::Intervals;
use self::slots::{DaySlots, pieces};
use super::bits::RoomSet;
use super::judge::judge;
use super::rank::Level;
use super::{Occupancy, RoomAnswer, Wanted};
use crate::ids::{FloorId, RoomId};
use crate::room::Room;
use crate::rules::time_refusals;
use crate::time::{DAY_MS, Instant, TimeRange};

/// All rooms and when they are taken.
#[derive(Debug)]
pub struct SearchIndex {
    rooms: Vec<Room>,
    positions: HashMap<RoomId, u32>,
    facts: Facts,
    intervals: Vec<Intervals>,
    days: Days,
}

impl SearchIndex {
    /// An index of these rooms, all free. Their order stays. A second room with the id of an
    /// earlier one is left out.
    pub fn new(mut rooms: Vec<Room>) -> Self {
        let mut positions = HashMap::with_capacity(rooms.len());
        rooms.retain(|room| {
            let next = positions.len() as u32;
            let fresh = !positions.contains_key(&room.id);
            positions.entry(room.id).or_insert(next);
            fresh
        });
        Self {
            facts: Facts::new(&rooms),
            intervals: vec![Intervals::default(); rooms.len()],
            days: Days::new(rooms.len()),
            positions,
            rooms,
        }
    }

    /// Every room, in the fixed order that positions and sets refer to.
    pub fn rooms(&self) -> &[Room] {
        &self.rooms
    }

    /// One room. `None`: not in the index.
    pub fn room(&self, id: RoomId) -> Option<&Room> {
        self.position(id).map(|position| &self.rooms[position])
    }

    /// Where a room stands in [`rooms`](Self::rooms). `None`: not in the index.
    pub fn position(&self, id: RoomId) -> Option<usize> {
        self.positions.get(&id).map(|position| *position as usize)
    }

    /// Puts other intervals in the place of all those of one room. Says whether that changed
    /// anything; it changes nothing for a room that is not in the index.
    pub fn set_room_occupancies(&mut self, id: RoomId, occupancies: Vec<Occupancy>) -> bool {
        self.change(id, |intervals| intervals.replace(occupancies))
    }

    /// Takes some intervals of one room out and puts others in. What is to be taken out but is not
    /// there is passed over. Says whether that changed anything.
    pub fn apply(&mut self, id: RoomId, removed: &[Occupancy], added: &[Occupancy]) -> bool {
        self.change(id, |intervals| intervals.apply(removed, added))
    }

    /// The intervals of one room that overlap the window, in order of start.
    pub fn occupancies(
        &self,
        id: RoomId,
        window: TimeRange,
    ) -> impl Iterator<Item = &Occupancy> + '_ {
        self.position(id)
            .into_iter()
            .flat_map(move |position| self.intervals[position].overlapping(window))
    }

    /// The rooms that are bookable, free in every range, and fit.
    pub fn free(&self, wanted: &Wanted, now: Instant) -> RoomSet {
        let mut out = RoomSet::default();
        self.free_into(wanted, now, &mut out);
        out
    }

    /// As [`free`](Self::free), into a set whose memory is used again.
    pub fn free_into(&self, wanted: &Wanted, now: Instant, out: &mut RoomSet) {
        self.free_on_into(wanted, wanted.floor, now, out);
    }

    /// The answer for one room with every reason. `None`: not in the index.
    pub fn answer(&self, id: RoomId, wanted: &Wanted, now: Instant) -> Option<RoomAnswer> {
        let position = self.position(id)?;
        Some(self.answer_at(position, wanted, now))
    }

    /// The answers for the rooms of one floor, or of all (`None`), in the fixed order. The floor of
    /// the question itself is not looked at.
    pub fn answers<'a>(
        &'a self,
        floor: Option<FloorId>,
        wanted: &'a Wanted,
        now: Instant,
    ) -> impl Iterator<Item = RoomAnswer> + 'a {
        (0..self.rooms.len())
            .filter(move |position| floor.is_none_or(|floor| self.rooms[*position].floor == floor))
            .map(move |position| self.answer_at(position, wanted, now))
    }

    /// The first instant at or after `from` at which the room begins to be taken. `None`: it is
    /// not in the index, or stays free as far as is known.
    pub fn taken_again(&self, id: RoomId, from: Instant) -> Option<Instant> {
        self.taken_again_at(self.position(id)?, from)
    }

    /// Drops the slots of days that are over at `now`, and of days nobody asked for since the last
    /// call. They are drawn again when asked for. Worth calling once an hour.
    pub fn drop_cold_days(&mut self, now: Instant) {
        self.days.drop_cold(now.0.div_euclid(DAY_MS));
    }

    /// How many days have their slots drawn at present.
    pub fn days_kept(&self) -> usize {
        self.days.kept()
    }

    /// Bytes it keeps on the heap, without the texts inside the rooms.
    pub fn memory_bytes(&self) -> usize {
        let intervals: usize = self.intervals.iter().map(Intervals::memory_bytes).sum();
        self.rooms.capacity() * size_of::<Room>()
            + self.positions.capacity() * size_of::<(RoomId, u32)>()
            + self.intervals.capacity() * size_of::<Intervals>()
            + intervals
            + self.facts.memory_bytes()
            + self.days.memory_bytes()
    }

    pub(super) fn taken_again_at(&self, position: usize, from: Instant) -> Option<Instant> {
        self.intervals[position]
            .next_from(from)
            .map(|one| one.range.start())
    }

    pub(crate) fn rank_facts(&self, position: usize) -> RankFacts {
        self.facts.ranking[position]
    }

    /// As [`Facts::seat_levels`].
    pub(super) fn seat_levels(&self, people: u32) -> Option<Vec<Level<'_>>> {
        self.facts.seat_levels(people)
    }

    /// The rooms of a floor. `None`: no room lies on it.
    pub(super) fn floor_set(&self, floor: FloorId) -> Option<&RoomSet> {
        self.facts.floor(floor).map(|one| &one.set)
    }

    /// Which of the index's floors it is, counted as in [`RankFacts`]. `None`: no room lies on it.
    pub(super) fn floor_place(&self, floor: FloorId) -> Option<u32> {
        let place = self.facts.floors.iter().position(|one| one.floor == floor);
        place.map(|place| place as u32)
    }

    /// [`free_into`](Self::free_into) with the floor given apart.
    fn free_on_into(
        &self,
        wanted: &Wanted,
        floor: Option<FloorId>,
        now: Instant,
        out: &mut RoomSet,
    ) {
        self.facts.fitting_into(wanted, floor, out);
        if allowed_times(&wanted.ranges, now) {
            self.keep_free(&wanted.ranges, out);
        } else {
            out.clear();
        }
    }

    /// Takes out of `out` every room that is taken during any of the ranges.
    fn keep_free(&self, ranges: &[TimeRange], out: &mut RoomSet) {
        for range in ranges {
            let is_free = |position: usize| self.intervals[position].is_free(*range);
            for piece in pieces(*range) {
                match self.days.slots(piece.day, || self.draw_day(piece.day)) {
                    Some(slots) => slots.keep_free(piece, out, is_free),
                    None => self.keep_free_exactly(*range, out),
                }
            }
        }
    }

    /// As [`keep_free`](Self::keep_free), out of the intervals alone.
    fn keep_free_exactly(&self, range: TimeRange, out: &mut RoomSet) {
        let taken: Vec<usize> = out
            .iter()
            .filter(|position| !self.intervals[*position].is_free(range))
            .collect();
        for position in taken {
            out.remove(position);
        }
    }

    fn draw_day(&self, day: i64) -> DaySlots {
        let mut slots = DaySlots::new(self.rooms.len());
        let start = Instant(day.saturating_mul(DAY_MS));
        for (position, intervals) in self.intervals.iter().enumerate() {
            for one in intervals.between(start, start.plus_ms(DAY_MS)) {
                slots.draw(position, day, one);
            }
        }
        slots
    }

    fn answer_at(&self, position: usize, wanted: &Wanted, now: Instant) -> RoomAnswer {
        let intervals = &self.intervals[position];
        // The judge wants what overlaps, and what comes next after the first range.
        let mut near: Vec<Occupancy> = wanted
            .ranges
            .iter()
            .flat_map(|range| intervals.overlapping(*range))
            .copied()
            .collect();
        let first = wanted.ranges.first();
        near.extend(first.and_then(|range| intervals.next_from(range.end())));
        judge(&self.rooms[position], &near, wanted, now)
    }

    fn change(
        &mut self,
        id: RoomId,
        change: impl FnOnce(&mut Intervals) -> Vec<TimeRange>,
    ) -> bool {
        let Some(position) = self.position(id) else {
            return false;
        };
        let changed = change(&mut self.intervals[position]);
        self.days
            .redraw(position, &changed, &self.intervals[position]);
        !changed.is_empty()
    }
}

/// Whether the rules let any room be had at these times.
fn allowed_times(ranges: &[TimeRange], now: Instant) -> bool {
    ranges
        .iter()
        .all(|range| time_refusals(*range, now).is_empty())
}
