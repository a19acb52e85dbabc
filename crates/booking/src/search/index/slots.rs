//! One day of the index: for each slot of five minutes the set of rooms that are taken in it.

use std::ops::Range;

use super::intervals::Intervals;
use crate::event::BusyKind;
use crate::search::bits::{Block, RoomSet, bit, blocks_for, clear_bit, clear_rows, set_bit};
use crate::search::{Occupancy, OccupancyKind};
use crate::time::{DAY_MS, Instant, MINUTE_MS, TimeRange};

/// Length of a slot in milliseconds. Most meetings begin and end on such a border.
pub(super) const SLOT_MS: i64 = 5 * MINUTE_MS;
/// Slots in a day.
pub(super) const SLOTS: usize = (DAY_MS / SLOT_MS) as usize;

/// The part of a range that lies in one day of UTC; never empty.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Piece {
    /// Days since 1970-01-01.
    pub(super) day: i64,
    /// Milliseconds into the day, 0 up to [`DAY_MS`].
    from_ms: i64,
    to_ms: i64,
}

impl Piece {
    /// The part of `range` in `day`. `None`: it has no time in that day.
    pub(super) fn of(range: TimeRange, day: i64) -> Option<Self> {
        let (first, last) = (first_day(range), last_day(range));
        (first <= day && day <= last).then(|| Self {
            day,
            from_ms: if day == first {
                range.start().0.rem_euclid(DAY_MS)
            } else {
                0
            },
            to_ms: if day == last {
                (range.end().0 - 1).rem_euclid(DAY_MS) + 1
            } else {
                DAY_MS
            },
        })
    }

    /// Every slot it has time in.
    pub(super) fn slots(self) -> Range<usize> {
        (self.from_ms / SLOT_MS) as usize..((self.to_ms + SLOT_MS - 1) / SLOT_MS) as usize
    }

    /// Whether it has all the time of the slot.
    fn fills(self, slot: usize) -> bool {
        let start = slot as i64 * SLOT_MS;
        self.from_ms <= start && start + SLOT_MS <= self.to_ms
    }

    /// Which part of the slot it has, if it has any: milliseconds from the slot's start.
    fn within(self, slot: usize) -> (u32, u32) {
        let start = slot as i64 * SLOT_MS;
        (
            (self.from_ms - start).clamp(0, SLOT_MS) as u32,
            (self.to_ms - start).clamp(0, SLOT_MS) as u32,
        )
    }

    /// The slots that it fills; they lie between its edges.
    fn filled(self) -> Range<usize> {
        let start = (self.from_ms + SLOT_MS - 1) / SLOT_MS;
        start as usize..(self.to_ms / SLOT_MS).max(start) as usize
    }

    /// The slots at its ends that it does not fill; none, one or two.
    fn edges(self) -> impl Iterator<Item = usize> {
        let slots = self.slots();
        let left = (self.from_ms % SLOT_MS != 0).then_some(slots.start);
        let right = (self.to_ms % SLOT_MS != 0).then_some(slots.end - 1);
        left.into_iter()
            .chain(right.filter(move |slot| left != Some(*slot)))
    }

    fn is_whole_day(self) -> bool {
        self.from_ms == 0 && self.to_ms == DAY_MS
    }
}

/// The parts of a range, day by day.
pub(super) fn pieces(range: TimeRange) -> impl Iterator<Item = Piece> {
    (first_day(range)..=last_day(range)).filter_map(move |day| Piece::of(range, day))
}

/// Days since 1970-01-01 of the first instant of the range.
pub(super) const fn first_day(range: TimeRange) -> i64 {
    range.start().0.div_euclid(DAY_MS)
}

/// Days since 1970-01-01 of the last instant of the range.
pub(super) const fn last_day(range: TimeRange) -> i64 {
    (range.end().0 - 1).div_euclid(DAY_MS)
}

/// A room that is taken in a slot, but not by an interval that fills it.
///
/// The times are kept here although the intervals have them, because the search reads some dozens
/// of these where the intervals of each room lie on cache lines of their own.
#[derive(Clone, Copy, Debug)]
struct Part {
    room: u32,
    /// Milliseconds from the slot's start.
    from_ms: u32,
    to_ms: u32,
    /// Several intervals have a part of the slot; the times enclose them all, with gaps.
    several: bool,
}

/// Who is taken when, for one day.
///
/// A room's bit in a slot says that some interval has time in that slot. That is the whole truth
/// for a slot the question fills. For a slot at the edge of the question the bit may be too
/// strict, namely when no single interval fills the slot; those rooms, few because calendars keep
/// to round times, are listed with the part they are taken, so that they, and only they, are
/// looked at exactly.
#[derive(Debug)]
pub(super) struct DaySlots {
    /// Blocks in a row.
    width: usize,
    /// One row a slot, in order of time, so that neighbouring slots are read as one stretch.
    taken: Vec<Block>,
    /// One row: taken at any time of the day.
    taken_ever: Vec<Block>,
    /// One row: held or tentatively taken at any time of the day, which is seldom.
    soft_ever: Vec<Block>,
    /// For each slot the rooms that are taken in it without an interval that fills it.
    partly: Vec<Vec<Part>>,
}

impl DaySlots {
    /// A day on which all of so many rooms are free.
    pub(super) fn new(rooms: usize) -> Self {
        let width = blocks_for(rooms);
        Self {
            width,
            taken: vec![Block::default(); width * SLOTS],
            taken_ever: vec![Block::default(); width],
            soft_ever: vec![Block::default(); width],
            partly: vec![Vec::new(); SLOTS],
        }
    }

    /// Bytes a day keeps for so many rooms, without the lists of partly taken slots.
    pub(super) const fn bytes_for(rooms: usize) -> usize {
        blocks_for(rooms) * (SLOTS + 2) * size_of::<Block>() + SLOTS * size_of::<Vec<Part>>()
    }

    /// Bytes it keeps on the heap.
    pub(super) fn memory_bytes(&self) -> usize {
        let listed: usize = self.partly.iter().map(Vec::capacity).sum();
        let rows = [&self.taken, &self.taken_ever, &self.soft_ever];
        rows.map(Vec::capacity).iter().sum::<usize>() * size_of::<Block>()
            + self.partly.capacity() * size_of::<Vec<Part>>()
            + listed * size_of::<Part>()
    }

    /// Marks the room as taken by this one, as far as it reaches into the day.
    pub(super) fn draw(&mut self, position: usize, day: i64, one: &Occupancy) {
        self.draw_within(position, day, one, 0..SLOTS);
    }

    /// Whether the room is held or tentatively taken at any time of the day.
    pub(super) fn is_ever_soft(&self, position: usize) -> bool {
        bit(&self.soft_ever, position)
    }

    /// Makes the slots of the room agree with its intervals again, after those in `piece` changed.
    pub(super) fn redraw(&mut self, position: usize, piece: Piece, intervals: &Intervals) {
        let slots = piece.slots();
        for slot in slots.clone() {
            clear_bit(self.row_mut(slot), position);
            self.partly[slot].retain(|part| part.room as usize != position);
        }
        clear_bit(&mut self.taken_ever, position);
        clear_bit(&mut self.soft_ever, position);
        let day_start = Instant(piece.day.saturating_mul(DAY_MS));
        for one in intervals.between(day_start, day_start.plus_ms(DAY_MS)) {
            self.draw_within(position, piece.day, one, slots.clone());
        }
    }

    /// Takes out of `out` every room that is taken during the piece. `is_free` is the exact
    /// answer for one room and the whole range, asked only where the slots cannot know.
    pub(super) fn keep_free(
        &self,
        piece: Piece,
        out: &mut RoomSet,
        is_free: impl Fn(usize) -> bool,
    ) {
        if piece.is_whole_day() {
            clear_rows(out.blocks_mut(), &self.taken_ever);
            return;
        }
        clear_rows(out.blocks_mut(), self.rows(piece.filled()));
        for slot in piece.edges() {
            let (from_ms, to_ms) = piece.within(slot);
            let apart = |part: &Part| part.to_ms <= from_ms || to_ms <= part.from_ms;
            // No memory is taken as long as there is nobody to spare.
            let spared: Vec<usize> = self.partly[slot]
                .iter()
                .filter(|part| apart(part) || part.several)
                .filter(|part| out.contains(part.room as usize))
                .filter(|part| apart(part) || is_free(part.room as usize))
                .map(|part| part.room as usize)
                .collect();
            clear_rows(out.blocks_mut(), self.rows(slot..slot + 1));
            for room in spared {
                out.insert(room);
            }
        }
    }

    fn draw_within(&mut self, position: usize, day: i64, one: &Occupancy, within: Range<usize>) {
        let Some(piece) = Piece::of(one.range, day) else {
            return;
        };
        let slots = piece.slots();
        for slot in slots.start.max(within.start)..slots.end.min(within.end) {
            let was_taken = bit(self.row_mut(slot), position);
            set_bit(self.row_mut(slot), position);
            match (was_taken, piece.fills(slot)) {
                (false, true) => {}
                (true, true) => self.partly[slot].retain(|part| part.room as usize != position),
                (false, false) => {
                    let (from_ms, to_ms) = piece.within(slot);
                    self.partly[slot].push(Part {
                        room: position as u32,
                        from_ms,
                        to_ms,
                        several: false,
                    });
                }
                (true, false) => self.join(position, piece, slot),
            }
        }
        set_bit(&mut self.taken_ever, position);
        if one.kind != OccupancyKind::Calendar(BusyKind::Busy) {
            set_bit(&mut self.soft_ever, position);
        }
    }

    /// One more interval with a part of the slot. If none is listed, another one fills the slot.
    fn join(&mut self, position: usize, piece: Piece, slot: usize) {
        let (from_ms, to_ms) = piece.within(slot);
        let mut parts = self.partly[slot].iter_mut();
        if let Some(part) = parts.find(|part| part.room as usize == position) {
            part.from_ms = part.from_ms.min(from_ms);
            part.to_ms = part.to_ms.max(to_ms);
            part.several = true;
        }
    }

    fn rows(&self, slots: Range<usize>) -> &[Block] {
        &self.taken[slots.start * self.width..slots.end * self.width]
    }

    fn row_mut(&mut self, slot: usize) -> &mut [Block] {
        &mut self.taken[slot * self.width..(slot + 1) * self.width]
    }
}
