//! The rooms that a series may take, and what each costs.

use crate::ids::RoomId;
use crate::room::Room;
use crate::search::index::SearchIndex;

/// Stands for the spare seats of a room that nobody told the seats of: it comes after all that are known to suit.
pub const SPARE_SEATS_UNTOLD: u32 = u32::MAX;

/// A room and what a date in it costs.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Candidate {
    /// The room.
    pub room: RoomId,
    /// How far people walk to it, in metres or any other measure that is the same for all rooms.
    pub walk: u32,
    /// Seats that stay empty; [`SPARE_SEATS_UNTOLD`] where nobody told its seats.
    pub spare_seats: u32,
    /// Its place in natural order of the numbers; no two rooms have the same.
    pub order: u32,
}

/// All rooms of the index, in its order, as so many people would have them.
///
/// `walk`: how far it is to that room.
pub fn candidates(index: &SearchIndex, people: u32, walk: impl Fn(&Room) -> u32) -> Vec<Candidate> {
    let candidate = |(position, room): (usize, &Room)| {
        let facts = index.rank_facts(position);
        Candidate {
            room: room.id,
            walk: walk(room),
            spare_seats: facts
                .seats
                .map_or(SPARE_SEATS_UNTOLD, |seats| seats.saturating_sub(people)),
            order: facts.number_rank,
        }
    };
    index.rooms().iter().enumerate().map(candidate).collect()
}
