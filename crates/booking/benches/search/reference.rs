//! What the search is held against: a bare loop that ANDs the same masks, and nothing else.

use booking::search::Wanted;
use booking::time::{DAY_MS, MINUTE_MS};

use crate::data::{DAYS, NOW, Office, PEOPLE, equipment};

const SLOT_MS: i64 = 5 * MINUTE_MS;

/// Plain rows of words: one of the rooms that are large enough, one for each kind of equipment,
/// and one of the rooms free in each slot.
pub(crate) struct Masks {
    words: usize,
    large_enough: Vec<u64>,
    equipped: Vec<Vec<u64>>,
    free: Vec<u64>,
}

impl Masks {
    pub(crate) fn new(office: &Office) -> Self {
        let words = office.rooms.len().div_ceil(64);
        let row = |has: &dyn Fn(usize) -> bool| {
            let mut row = vec![0; words];
            for at in (0..office.rooms.len()).filter(|at| has(*at)) {
                row[at / 64] |= 1_u64 << (at % 64);
            }
            row
        };
        let mut free = vec![u64::MAX; words * (DAYS * DAY_MS / SLOT_MS) as usize];
        for (at, occupancies) in office.occupancies.iter().enumerate() {
            for one in occupancies {
                for slot in slots(one.range.start().0, one.range.end().0) {
                    free[slot * words + at / 64] &= !(1 << (at % 64));
                }
            }
        }
        Self {
            words,
            large_enough: row(&|at| {
                let seats = office.rooms[at].seats;
                seats.is_none_or(|seats| seats.count >= PEOPLE)
            }),
            equipped: equipment()
                .iter()
                .map(|kind| row(&|at| office.rooms[at].equipment.has(kind)))
                .collect(),
            free,
        }
    }

    /// A set to AND into.
    pub(crate) fn buffer(&self) -> Vec<u64> {
        vec![0; self.words]
    }

    /// The measured loop.
    pub(crate) fn and_into(&self, wanted: &Wanted, out: &mut [u64]) {
        out.copy_from_slice(&self.large_enough);
        for mask in &self.equipped {
            and(out, mask);
        }
        for range in &wanted.ranges {
            for slot in slots(range.start().0, range.end().0) {
                and(out, &self.free[slot * self.words..(slot + 1) * self.words]);
            }
        }
    }
}

fn and(out: &mut [u64], mask: &[u64]) {
    for (out, mask) in out.iter_mut().zip(mask) {
        *out &= mask;
    }
}

/// The slots that the time has any part of, counted from the first day of the data.
fn slots(start_ms: i64, end_ms: i64) -> std::ops::Range<usize> {
    let (start, end) = (start_ms - NOW.0, end_ms - NOW.0);
    (start / SLOT_MS) as usize..((end + SLOT_MS - 1) / SLOT_MS) as usize
}
