//! The answer for one room, out of its intervals: the definition every index must agree with.

use super::{Occupancy, OccupancyKind, RoomAnswer, RoomState, Wanted};
use crate::event::BusyKind;
use crate::room::Room;
use crate::rules::{self, Refusal};
use crate::time::{Instant, TimeRange};

/// Says how `room` stands for `wanted`.
///
/// `occupancies` are the room's intervals in any order; those far from the asked time do no harm. What could be done
/// about it is not looked for: see [`remedy`](super::remedy::remedy).
pub fn judge(room: &Room, occupancies: &[Occupancy], wanted: &Wanted, now: Instant) -> RoomAnswer {
    let mut refusals = Vec::new();
    for range in &wanted.ranges {
        for refusal in rules::refusals(room, *range, now) {
            if !refusals.contains(&refusal) {
                refusals.push(refusal);
            }
        }
    }
    refusals.extend(conflicts(occupancies, &wanted.ranges));
    refusals.extend(misfits(room, wanted));
    answer(room, refusals, occupancies, wanted)
}

/// Everything that stands in the way, in order of time.
pub fn conflicts(occupancies: &[Occupancy], ranges: &[TimeRange]) -> Vec<Refusal> {
    let mut found: Vec<&Occupancy> = occupancies
        .iter()
        .filter(|one| ranges.iter().any(|range| range.overlaps(one.range)))
        .collect();
    found.sort();
    found.dedup();
    found
        .into_iter()
        .map(|one| match one.kind {
            OccupancyKind::Calendar(kind) => Refusal::Taken {
                range: one.range,
                kind,
            },
            OccupancyKind::Held => Refusal::Held { range: one.range },
        })
        .collect()
}

/// What the room lacks for the question; it could be booked all the same.
pub fn misfits(room: &Room, wanted: &Wanted) -> Vec<Refusal> {
    let mut refusals = Vec::new();
    // A room whose seats nobody told is not called too small: better offered than hidden.
    if let Some(seats) = room.seats.filter(|seats| seats.count < wanted.people) {
        refusals.push(Refusal::TooSmall {
            seats: seats.count,
            people: wanted.people,
        });
    }
    let missing = room.equipment.missing(wanted.equipment);
    if missing.0 != 0 {
        refusals.push(Refusal::Lacks { equipment: missing });
    }
    if wanted.step_free && room.step_free != Some(true) {
        refusals.push(Refusal::NotStepFree);
    }
    refusals
}

/// The one look that a list of reasons amounts to; the strongest reason wins.
pub fn state_of(refusals: &[Refusal]) -> RoomState {
    let strength = |refusal: &Refusal| match refusal {
        Refusal::NotLinked
        | Refusal::InThePast
        | Refusal::TooFarAhead { .. }
        | Refusal::TooLong { .. } => (5, RoomState::NotBookable),
        Refusal::ScheduleUnreadable => (4, RoomState::Unknown),
        Refusal::Taken {
            kind: BusyKind::Busy,
            ..
        } => (3, RoomState::Busy),
        Refusal::Held { .. } => (2, RoomState::Held),
        Refusal::Taken { .. } => (1, RoomState::Tentative),
        Refusal::TooSmall { .. } | Refusal::Lacks { .. } | Refusal::NotStepFree => {
            (0, RoomState::FreeNotFitting)
        }
    };
    refusals
        .iter()
        .map(strength)
        .max_by_key(|(strength, _)| *strength)
        .map_or(RoomState::Free, |(_, state)| state)
}

fn answer(
    room: &Room,
    refusals: Vec<Refusal>,
    occupancies: &[Occupancy],
    wanted: &Wanted,
) -> RoomAnswer {
    let state = state_of(&refusals);
    let free_until = wanted
        .ranges
        .first()
        .filter(|_| state.is_open())
        .and_then(|asked| {
            occupancies
                .iter()
                .map(|one| one.range.start())
                .filter(|start| *start >= asked.end())
                .min()
        });
    RoomAnswer {
        room: room.id,
        state,
        free_until,
        refusals,
        remedy: Vec::new(),
    }
}
