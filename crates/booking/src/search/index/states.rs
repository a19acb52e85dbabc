//! How every room of one floor stands: what colours a plan.

use super::slots::{DaySlots, pieces};
use super::{SearchIndex, allowed_times};
use crate::event::BusyKind;
use crate::ids::FloorId;
use crate::room::{EquipmentSet, Room};
use crate::search::bits::RoomSet;
use crate::search::{OccupancyKind, RoomState, Wanted};
use crate::time::{Instant, TimeRange};

impl SearchIndex {
    /// The rooms of a floor, in the order of [`rooms`](Self::rooms).
    pub fn floor_rooms(&self, floor: FloorId) -> impl Iterator<Item = &Room> + '_ {
        self.floor_positions(floor)
            .map(|position| &self.rooms[position])
    }

    /// How each room of a floor stands, in the order of [`floor_rooms`](Self::floor_rooms). The floor
    /// of the question itself is not looked at.
    pub fn states(&self, floor: FloorId, wanted: &Wanted, now: Instant) -> Vec<RoomState> {
        if !allowed_times(&wanted.ranges, now) {
            return vec![RoomState::NotBookable; self.floor_positions(floor).count()];
        }
        let mut fitting = RoomSet::default();
        self.facts.fitting_into(wanted, Some(floor), &mut fitting);
        let mut open = RoomSet::default();
        let anything = Wanted {
            people: 0,
            equipment: EquipmentSet::EMPTY,
            step_free: false,
            floor: None,
            ranges: Vec::new(),
        };
        self.facts.fitting_into(&anything, Some(floor), &mut open);
        self.keep_free(&wanted.ranges, &mut open);
        let days = self.days_of(&wanted.ranges);
        let state = |position| match (open.contains(position), fitting.contains(position)) {
            (true, true) => RoomState::Free,
            (true, false) => RoomState::FreeNotFitting,
            (false, _) if !self.facts.linked.contains(position) => RoomState::NotBookable,
            // Whoever is never held or tentatively taken on these days is busy; no need to look when.
            (false, _) if days.iter().all(|day| is_never_soft(*day, position)) => RoomState::Busy,
            (false, _) => self.taken_state(position, &wanted.ranges),
        };
        self.floor_positions(floor).map(state).collect()
    }

    fn floor_positions(&self, floor: FloorId) -> impl Iterator<Item = usize> + '_ {
        let positions = self.facts.floor(floor).map(|one| &one.positions);
        positions
            .into_iter()
            .flatten()
            .map(|position| *position as usize)
    }

    /// The slots of every day that the ranges have time in. `None`: those of that day are not kept.
    fn days_of(&self, ranges: &[TimeRange]) -> Vec<Option<&DaySlots>> {
        let pieces = ranges.iter().copied().flat_map(pieces);
        pieces
            .map(|piece| self.days.slots(piece.day, || self.draw_day(piece.day)))
            .collect()
    }

    /// The look of a room that is taken: of several reasons the strongest, as the judge has it.
    fn taken_state(&self, position: usize, ranges: &[TimeRange]) -> RoomState {
        let intervals = &self.intervals[position];
        if ranges.iter().all(|range| intervals.only_busy_in(*range)) {
            return RoomState::Busy;
        }
        let mut state = RoomState::Tentative;
        for one in ranges
            .iter()
            .flat_map(|range| intervals.overlapping(*range))
        {
            match one.kind {
                OccupancyKind::Calendar(BusyKind::Busy) => return RoomState::Busy,
                OccupancyKind::Held => state = RoomState::Held,
                OccupancyKind::Calendar(BusyKind::Tentative) => {}
            }
        }
        state
    }
}

fn is_never_soft(day: Option<&DaySlots>, position: usize) -> bool {
    day.is_some_and(|day| !day.is_ever_soft(position))
}
