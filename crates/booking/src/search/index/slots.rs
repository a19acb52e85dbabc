//! One day of the index: for each slot of five minutes the set of rooms that are taken in it.

use std::ops::Range;

use super::intervals::Intervals;
use crate::search::bits::{Block, RoomSet, bit, blocks_for, clear_bit, clear_rows, set_bit};
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
        (self.from_ms / SLOT_MS) as usize
            ..(self.to_ms.div_euclid(SLOT_MS)) as usize + usize::from(self.to_ms % SLOT_MS != 0)
    }

    /// Whether it has all the time of the slot.
    fn fills(self, slot: usize) -> bool {
        let start = slot as i64 * SLOT_MS;
        self.from_ms <= start && start + SLOT_MS <= self.to_ms
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

/// Who is taken when, for one day.
///
/// A room's bit in a slot says that some interval has time in that slot. That is the whole truth
/// for a slot the question fills. For a slot at the edge of the question the bit may be too
/// strict, namely when no single interval fills the slot; those rooms, few because calendars keep
/// to round times, are listed so that they, and only they, are checked against their intervals.
#[derive(Debug)]
pub(super) struct DaySlots {
    /// Blocks in a row.
    width: usize,
    /// One row a slot, in order of time, so that neighbouring slots are read as one stretch.
    taken: Vec<Block>,
    /// One row: taken at any time of the day.
    taken_ever: Vec<Block>,
    /// For each slot the rooms that are taken in it without an interval that fills it.
    partly: Vec<Vec<u32>>,
}

impl DaySlots {
    /// A day on which all of so many rooms are free.
    pub(super) fn new(rooms: usize) -> Self {
        let width = blocks_for(rooms);
        Self {
            width,
            taken: vec![Block::default(); width * SLOTS],
            taken_ever: vec![Block::default(); width],
            partly: vec![Vec::new(); SLOTS],
        }
    }

    /// Bytes a day keeps for so many rooms, without the lists of partly taken slots.
    pub(super) const fn bytes_for(rooms: usize) -> usize {
        blocks_for(rooms) * (SLOTS + 1) * size_of::<Block>() + SLOTS * size_of::<Vec<u32>>()
    }

    /// Bytes it keeps on the heap.
    pub(super) fn memory_bytes(&self) -> usize {
        let listed: usize = self.partly.iter().map(Vec::capacity).sum();
        (self.taken.capacity() + self.taken_ever.capacity()) * size_of::<Block>()
            + self.partly.capacity() * size_of::<Vec<u32>>()
            + listed * size_of::<u32>()
    }

    /// Marks the room as taken for the piece, which must be of this day.
    pub(super) fn draw(&mut self, position: usize, piece: Piece) {
        self.draw_within(position, piece, 0..SLOTS);
    }

    /// Makes the slots of the room agree with its intervals again, after those in `piece` changed.
    pub(super) fn redraw(&mut self, position: usize, piece: Piece, intervals: &Intervals) {
        let slots = piece.slots();
        for slot in slots.clone() {
            clear_bit(self.row_mut(slot), position);
            self.partly[slot].retain(|room| *room as usize != position);
        }
        clear_bit(&mut self.taken_ever, position);
        let day_start = Instant(piece.day.saturating_mul(DAY_MS));
        for one in intervals.between(day_start, day_start.plus_ms(DAY_MS)) {
            if let Some(drawn) = Piece::of(one.range, piece.day) {
                self.draw_within(position, drawn, slots.clone());
            }
        }
    }

    /// Takes out of `out` every room that is taken during the piece. `is_free` is the exact
    /// answer for one room, asked only where the slots cannot know.
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
        // An empty list takes no memory, so the usual question stays free of allocation.
        let spared: Vec<usize> = piece
            .edges()
            .flat_map(|slot| &self.partly[slot])
            .map(|room| *room as usize)
            .filter(|room| out.contains(*room) && is_free(*room))
            .collect();
        let slots = piece.slots();
        clear_rows(
            out.blocks_mut(),
            &self.taken[slots.start * self.width..slots.end * self.width],
        );
        for room in spared {
            out.insert(room);
        }
    }

    fn draw_within(&mut self, position: usize, piece: Piece, within: Range<usize>) {
        let slots = piece.slots();
        for slot in slots.start.max(within.start)..slots.end.min(within.end) {
            let was_taken = bit(self.row_mut(slot), position);
            set_bit(self.row_mut(slot), position);
            match (was_taken, piece.fills(slot)) {
                (false, false) => self.partly[slot].push(position as u32),
                (true, true) => self.partly[slot].retain(|room| *room as usize != position),
                // Already listed, or filled by another interval; or filled by this one alone.
                (true, false) | (false, true) => {}
            }
        }
        set_bit(&mut self.taken_ever, position);
    }

    fn row_mut(&mut self, slot: usize) -> &mut [Block] {
        &mut self.taken[slot * self.width..(slot + 1) * self.width]
    }
}
