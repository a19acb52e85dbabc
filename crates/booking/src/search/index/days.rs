//! The days whose slots are kept: made when first asked for, dropped when cold, never too many.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use super::intervals::Intervals;
use super::slots::{DaySlots, Piece, first_day, last_day};
use crate::time::TimeRange;

/// Places for days. More than the booking horizon, so that two days that can be asked for at one
/// time seldom want the same place.
const PLACES: usize = 512;
/// Memory that all kept days may take together, in bytes, as long as [`DAYS_MIN`] fit.
const MEMORY_BYTES_MAX: usize = 40 << 20;
/// Days kept however many rooms there are: the six weeks for which most questions are asked. They
/// take about as much memory as the intervals do.
const DAYS_MIN: usize = 42;

/// Slots by day.
///
/// Reading takes `&self` and no lock: each day has one fixed place, filled at most once between
/// two changes of the index. When all allowed days are kept, or the place holds another day, the
/// reader is told so and goes by the intervals; the next change drops what has gone cold. A map
/// behind a lock was the alternative; it would make every question write to one shared word.
#[derive(Debug)]
pub(super) struct Days {
    places: Vec<OnceLock<Box<Kept>>>,
    kept: AtomicUsize,
    kept_max: usize,
    /// Somebody found no place since the last change.
    crowded: AtomicBool,
}

#[derive(Debug)]
struct Kept {
    day: i64,
    /// Asked for since cold days were last dropped.
    asked: AtomicBool,
    slots: DaySlots,
}

impl Days {
    /// No days yet, of an index of so many rooms.
    pub(super) fn new(rooms: usize) -> Self {
        Self {
            places: std::iter::repeat_with(OnceLock::new).take(PLACES).collect(),
            kept: AtomicUsize::new(0),
            kept_max: (MEMORY_BYTES_MAX / DaySlots::bytes_for(rooms)).clamp(DAYS_MIN, PLACES),
            crowded: AtomicBool::new(false),
        }
    }

    /// The slots of a day, drawn now if they are not kept. `None`: no place for them.
    pub(super) fn slots(&self, day: i64, draw: impl FnOnce() -> DaySlots) -> Option<&DaySlots> {
        let place = &self.places[place_of(day)];
        if place.get().is_none() && self.kept.load(Ordering::Relaxed) >= self.kept_max {
            self.crowded.store(true, Ordering::Relaxed);
            return None;
        }
        let kept = place.get_or_init(|| {
            self.kept.fetch_add(1, Ordering::Relaxed);
            Box::new(Kept {
                day,
                asked: AtomicBool::new(true),
                slots: draw(),
            })
        });
        if kept.day != day {
            self.crowded.store(true, Ordering::Relaxed);
            return None;
        }
        // A plain load first: writing each time would pass the cache line between all readers.
        if !kept.asked.load(Ordering::Relaxed) {
            kept.asked.store(true, Ordering::Relaxed);
        }
        Some(&kept.slots)
    }

    /// Makes the kept days agree with a room's intervals after they changed during `changed`.
    pub(super) fn redraw(&mut self, position: usize, changed: &[TimeRange], intervals: &Intervals) {
        if *self.crowded.get_mut() {
            self.drop_cold(i64::MIN);
        }
        if *self.kept.get_mut() == 0 {
            return;
        }
        for range in changed {
            let first = first_day(*range);
            // A range of years passes each place once, not each of its days.
            for day in first..=last_day(*range).min(first + PLACES as i64 - 1) {
                if let Some(kept) = self.places[place_of(day)].get_mut()
                    && let Some(piece) = Piece::of(*range, kept.day)
                {
                    kept.slots.redraw(position, piece, intervals);
                }
            }
        }
    }

    /// Drops the days before `first`, and those not asked for since the last call.
    pub(super) fn drop_cold(&mut self, first: i64) {
        *self.crowded.get_mut() = false;
        for place in &mut self.places {
            let warm = place
                .get_mut()
                .is_none_or(|kept| std::mem::take(kept.asked.get_mut()) && kept.day >= first);
            if !warm {
                *place = OnceLock::new();
                *self.kept.get_mut() -= 1;
            }
        }
    }

    /// How many days are kept.
    pub(super) fn kept(&self) -> usize {
        self.kept.load(Ordering::Relaxed)
    }

    /// Bytes it keeps on the heap.
    pub(super) fn memory_bytes(&self) -> usize {
        let kept = self.places.iter().filter_map(OnceLock::get);
        self.places.capacity() * size_of::<OnceLock<Box<Kept>>>()
            + kept
                .map(|kept| size_of::<Kept>() + kept.slots.memory_bytes())
                .sum::<usize>()
    }
}

const fn place_of(day: i64) -> usize {
    day.rem_euclid(PLACES as i64) as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_kept_up_to_a_bound_and_make_way_when_cold() {
        let mut days = Days::new(1_000_000);
        let ask = |days: &Days, day| days.slots(day, || DaySlots::new(1)).is_some();
        assert!((0..DAYS_MIN as i64).all(|day| ask(&days, day)));
        assert!(!ask(&days, 99), "the bound is reached");

        days.redraw(0, &[], &Intervals::default());
        assert_eq!(days.kept(), DAYS_MIN, "all of them were in use");
        assert!(ask(&days, 3) && !ask(&days, 99));
        days.redraw(0, &[], &Intervals::default());
        assert_eq!(days.kept(), 1, "only one was asked for again");
        assert!(ask(&days, 99));
    }

    #[test]
    fn a_day_whose_place_is_taken_by_another_is_not_mistaken_for_it() {
        let days = Days::new(10);
        assert!(days.slots(-1, || DaySlots::new(10)).is_some());
        assert!(
            days.slots(PLACES as i64 - 1, || DaySlots::new(10))
                .is_none()
        );
    }
}
