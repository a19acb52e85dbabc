//! Another room in the place of one that said no, because the person asked for that beforehand.
//!
//! The reservation moves to the next best room that Exchange says is free: one row and one event all the way, so that a swap
//! that dies half way leaves one room or the other, and nothing is cancelled while one is under way.

use std::sync::Arc;

use booking::ids::RoomId;
use booking::reservation::{Reservation, StateNote, Swap};
use booking::room::Room;
use booking::search::RoomQuery;
use store::outbox::JobKind;
use store::reservations::{Move, MoveOutcome, MoveWhy};

use crate::place_reservation::wanted_for;
use crate::{Engine, Error};

/// Rooms that are asked to take one reservation at most, the first included: each that declines costs its person time.
const ASKED_MAX: usize = 4;
/// Of the next best rooms, so many are tried at most before it is said that there is none.
const LOOKED_AT_MAX: usize = 5;

/// What became of a reservation whose room has declined.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Swapped {
    /// Another room has been promised, or somebody else has taken the reservation on: nothing is left to be done.
    Done,
    /// It could not be asked which room is free: nothing is known yet.
    Later,
    /// It has no room; so many have been asked.
    NoRoom {
        /// The first included.
        asked: u32,
    },
}

impl Engine {
    /// Promises a reservation of which a room has just said no the next best one.
    pub(crate) async fn swap(
        self: &Arc<Self>,
        reservation: &Reservation,
        wanted: &Swap,
    ) -> Result<Swapped, Error> {
        let mut asked = wanted.asked.clone();
        if !asked.contains(&reservation.room) {
            asked.push(reservation.room);
        }
        let no_room = Swapped::NoRoom {
            asked: u32::try_from(asked.len()).unwrap_or(u32::MAX),
        };
        if asked.len() >= ASKED_MAX {
            return Ok(no_room);
        }
        let first = self.room(*asked.first().unwrap_or(&reservation.room))?;
        let note = StateNote::Swapped {
            instead_of: first.number,
        };
        let mut is_known = true;
        let next_best = self.next_best(reservation, wanted, &asked).into_iter();
        for room in next_best.take(LOOKED_AT_MAX) {
            let asked_at = self.clock.now();
            let patience = self.settings.patience_placing();
            let then = wanted_for(reservation.range);
            let against = self.refusals_now(&room, &then, patience);
            // A room is not tried on the mirror's word alone: its person has waited for one decline already.
            match against.await {
                Ok(against) if against.is_empty() => {}
                Ok(_) => continue,
                Err(error) => {
                    tracing::debug!(
                        reservation = %reservation.id,
                        error = &error as &dyn std::error::Error,
                        "it is not known whether the next best room is free; it is asked again"
                    );
                    is_known = false;
                    continue;
                }
            }
            // Noted with the promise: whatever comes of it, the room is not asked again.
            let swap = Swap {
                asked: asked.iter().copied().chain([room.id]).collect(),
                ..wanted.clone()
            };
            let to = Move {
                room: room.id,
                range: reservation.range,
                now: self.clock.now(),
                asked_at,
                job: self.job(JobKind::ChangeEvent, serde_json::Value::Null),
                why: MoveWhy::Swap(swap, note.clone()),
            };
            match self.store.move_promised(reservation, &to).await? {
                MoveOutcome::Refused(_) => {}
                MoveOutcome::Moved(_) => {
                    self.availability.forget(reservation.room);
                    self.availability.forget(room.id);
                    self.nudges.outbox.notify_one();
                    return Ok(Swapped::Done);
                }
                MoveOutcome::Meanwhile => return Ok(Swapped::Done),
            }
        }
        Ok(if is_known { no_room } else { Swapped::Later })
    }

    /// Rooms of the same building that would do, the best first, those on the first one's floor before others.
    pub(crate) fn next_best(
        &self,
        reservation: &Reservation,
        wanted: &Swap,
        asked: &[RoomId],
    ) -> Vec<Room> {
        let Ok(left) = self.room(reservation.room) else {
            return Vec::new();
        };
        let query = RoomQuery {
            building: Some(left.building),
            people: wanted.people.max(1),
            equipment: wanted.equipment,
            step_free: wanted.step_free,
            ..RoomQuery::any_room(reservation.range)
        };
        let Ok(found) = self.find_rooms(&reservation.person, &query, Some(left.floor)) else {
            return Vec::new();
        };
        let connection = |room: &Room| room.link.as_ref().map(|link| link.connection);
        let hits = found.hits.iter().filter(|hit| !asked.contains(&hit.room));
        hits.filter_map(|hit| self.offered_room(hit.room).ok())
            .filter(|room| connection(room) == connection(&left))
            .collect()
    }
}

/// Whether a room that says no is one of those that were only to take another's place: then there is nothing to go back to.
pub(crate) fn is_swap(reservation: &Reservation) -> bool {
    let from = reservation.moving.map(|moving| moving.room);
    let asked = reservation.swap.as_ref().map(|swap| &swap.asked);
    from.zip(asked)
        .is_some_and(|(from, asked)| asked.contains(&from))
}
