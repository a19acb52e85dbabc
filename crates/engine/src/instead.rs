//! Rooms that are offered in the place of one that said no, where another was not to be taken by itself or was not to be
//! had. Out of the mirror: an offer promises nothing, and Exchange is asked when one is taken.

use booking::ids::RoomId;
use booking::reservation::{Reservation, ReservationState, StateNote, Swap};
use booking::room::{EquipmentSet, Room};
use booking::time::TimeRange;

use crate::{Engine, when};

/// Rooms that are offered at most.
const OFFERED_MAX: usize = 3;

/// A room that would do in the place of another.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Offer {
    /// What stands at its door.
    pub number: String,
    /// Its name.
    pub name: String,
    /// How many can sit in it. `None`: it is not known.
    pub seats: Option<u32>,
    /// Where on the portal it can be booked for that time; begins with `/`.
    pub path: String,
}

impl Engine {
    /// The best rooms for a reservation whose room said no, as long as its time is to come; none for any other.
    pub fn instead(&self, reservation: &Reservation) -> Vec<Offer> {
        if !lacks_room(reservation) || reservation.range.start() <= self.clock.now() {
            return Vec::new();
        }
        let Ok(left) = self.room(reservation.room) else {
            return Vec::new();
        };
        let swap = reservation.swap.clone();
        let mut wanted = swap.unwrap_or_else(|| as_large_as(&left));
        let mut but = wanted.asked.clone();
        but.push(left.id);
        let mut rooms = self.next_best(reservation, &wanted, &but);
        if rooms.is_empty() && reservation.swap.is_none() {
            // How many were to come is not known: a smaller one may do.
            wanted.people = 1;
            rooms = self.next_best(reservation, &wanted, &but);
        }
        let offer = |room: Room| offer(room, reservation.range, wanted.people);
        rooms.into_iter().take(OFFERED_MAX).map(offer).collect()
    }
}

/// Whether it ended because its room said no.
pub(crate) const fn lacks_room(reservation: &Reservation) -> bool {
    matches!(reservation.state, ReservationState::Declined)
        && matches!(
            reservation.note,
            Some(
                StateNote::DeclinedByRoom | StateNote::DeclinedLate | StateNote::NoneInstead { .. }
            )
        )
}

fn as_large_as(room: &Room) -> Swap {
    Swap {
        people: room.seats.map_or(1, |seats| seats.count).max(1),
        equipment: EquipmentSet::EMPTY,
        step_free: false,
        asked: Vec::<RoomId>::new(),
    }
}

fn offer(room: Room, range: TimeRange, people: u32) -> Offer {
    let mut path = format!("/?building={}", room.building);
    if let Some((date, from, to)) = when::fields(range, &room.zone) {
        path.push_str(&format!("&date={date}&from={from}&to={to}"));
    }
    path.push_str(&format!("&people={people}&room={}", room.id));
    Offer {
        path,
        seats: room.seats.map(|seats| seats.count),
        name: room.name,
        number: room.number,
    }
}
