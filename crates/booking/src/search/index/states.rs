//! How every room of one floor stands: what colours a plan.

use super::{SearchIndex, allowed_times};
use crate::event::BusyKind;
use crate::ids::{FloorId, RoomId};
use crate::room::{EquipmentSet, Room};
use crate::search::bits::RoomSet;
use crate::search::{OccupancyKind, RoomState, Wanted};
use crate::time::{Instant, TimeRange};

impl SearchIndex {
    /// The rooms of a floor in the order in which [`states`](Self::states) tells of them: that of
    /// [`rooms`](Self::rooms).
    pub fn floor_rooms(&self, floor: FloorId) -> impl Iterator<Item = &Room> + '_ {
        self.floor_positions(floor)
            .map(|position| &self.rooms[position])
    }

    /// How each room of a floor stands. The floor of the question itself is not looked at.
    pub fn states(
        &self,
        floor: FloorId,
        wanted: &Wanted,
        now: Instant,
    ) -> Vec<(RoomId, RoomState)> {
        let states = self.floor_states(floor, wanted, now);
        self.floor_rooms(floor)
            .map(|room| room.id)
            .zip(states)
            .collect()
    }

    fn floor_positions(&self, floor: FloorId) -> impl Iterator<Item = usize> + '_ {
        let positions = self.facts.floor(floor).map(|one| &one.positions);
        positions
            .into_iter()
            .flatten()
            .map(|position| *position as usize)
    }

    fn floor_states(&self, floor: FloorId, wanted: &Wanted, now: Instant) -> Vec<RoomState> {
        if !allowed_times(&wanted.ranges, now) {
            return self
                .floor_positions(floor)
                .map(|_| RoomState::NotBookable)
                .collect();
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
        let state = |position| match (open.contains(position), fitting.contains(position)) {
            (true, true) => RoomState::Free,
            (true, false) => RoomState::FreeNotFitting,
            (false, _) if !self.facts.linked.contains(position) => RoomState::NotBookable,
            (false, _) => self.taken_state(position, &wanted.ranges),
        };
        self.floor_positions(floor).map(state).collect()
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
