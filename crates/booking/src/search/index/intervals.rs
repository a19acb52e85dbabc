//! The exact times at which one room is taken; the slots are drawn from these.

use std::cmp::Ordering;

use crate::event::BusyKind;
use crate::search::{Occupancy, OccupancyKind};
use crate::time::{Instant, TimeRange};

/// All intervals of one room, in order of their start.
#[derive(Clone, Debug, Default)]
pub(super) struct Intervals {
    sorted: Vec<Occupancy>,
    /// Length of the longest one. Whatever overlaps a time cannot start earlier than this before it.
    longest_ms: i64,
    /// When it is held or tentatively taken, which is seldom; in order of start.
    soft: Vec<TimeRange>,
}

impl Intervals {
    /// Those that have time from `start` up to `end`, in order of start.
    pub(super) fn between(
        &self,
        start: Instant,
        end: Instant,
    ) -> impl Iterator<Item = &Occupancy> + '_ {
        let earliest = start.plus_ms(self.longest_ms.saturating_neg());
        let first = self
            .sorted
            .partition_point(|one| one.range.start() < earliest);
        self.sorted[first..]
            .iter()
            .take_while(move |one| one.range.start() < end)
            .filter(move |one| start < one.range.end())
    }

    /// Those that overlap the range, in order of start.
    pub(super) fn overlapping(&self, range: TimeRange) -> impl Iterator<Item = &Occupancy> + '_ {
        self.between(range.start(), range.end())
    }

    /// Whether none overlaps the range.
    pub(super) fn is_free(&self, range: TimeRange) -> bool {
        self.overlapping(range).next().is_none()
    }

    /// Whether whatever overlaps the range is busy, neither held nor tentative.
    pub(super) fn only_busy_in(&self, range: TimeRange) -> bool {
        !self.soft.iter().any(|soft| soft.overlaps(range))
    }

    /// The first one that starts at or after the instant. `None`: none does.
    pub(super) fn next_from(&self, instant: Instant) -> Option<&Occupancy> {
        let first = self
            .sorted
            .partition_point(|one| one.range.start() < instant);
        self.sorted.get(first)
    }

    /// Puts others in the place of all of them; says which times differ.
    pub(super) fn replace(&mut self, mut others: Vec<Occupancy>) -> Vec<TimeRange> {
        others.sort_unstable();
        others.shrink_to_fit();
        let changed = difference(&self.sorted, &others);
        self.sorted = others;
        self.measure();
        changed
    }

    /// Takes some out and puts others in; says which times differ. What is to be taken out but is
    /// not there is passed over.
    pub(super) fn apply(&mut self, removed: &[Occupancy], added: &[Occupancy]) -> Vec<TimeRange> {
        let mut changed = Vec::with_capacity(removed.len() + added.len());
        for one in removed {
            if let Ok(found) = self.sorted.binary_search(one) {
                self.sorted.remove(found);
                changed.push(one.range);
            }
        }
        for one in added {
            let place = self.sorted.partition_point(|other| other <= one);
            self.sorted.insert(place, *one);
            changed.push(one.range);
        }
        self.measure();
        changed
    }

    /// Bytes it keeps on the heap.
    pub(super) fn memory_bytes(&self) -> usize {
        self.sorted.capacity() * size_of::<Occupancy>()
            + self.soft.capacity() * size_of::<TimeRange>()
    }

    fn measure(&mut self) {
        self.longest_ms = self
            .sorted
            .iter()
            .map(|one| one.range.end().since_ms(one.range.start()))
            .max()
            .unwrap_or(0);
        let busy = OccupancyKind::Calendar(BusyKind::Busy);
        let soft = self.sorted.iter().filter(|one| one.kind != busy);
        self.soft = soft.map(|one| one.range).collect();
    }
}

/// The times of those that are in one of two ordered lists, but not in both.
fn difference(mut ours: &[Occupancy], mut theirs: &[Occupancy]) -> Vec<TimeRange> {
    let mut changed = Vec::new();
    while let (Some(our), Some(their)) = (ours.first(), theirs.first()) {
        match our.cmp(their) {
            Ordering::Equal => (ours, theirs) = (&ours[1..], &theirs[1..]),
            Ordering::Less => {
                changed.push(our.range);
                ours = &ours[1..];
            }
            Ordering::Greater => {
                changed.push(their.range);
                theirs = &theirs[1..];
            }
        }
    }
    changed.extend(ours.iter().chain(theirs).map(|one| one.range));
    changed
}
