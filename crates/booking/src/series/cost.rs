//! What a plan costs, as one number: fields compared one after the other are slow by the ten thousand.

use super::candidate::Candidate;
use crate::search::OCCURRENCES_MAX;

/// Smaller is better: changes in the upper 32 bits, walking in the next 48, empty seats in the last 48.
pub(super) type Cost = u128;

/// What a change of room costs: more than all walking there can be.
pub(super) const CHANGE: Cost = 1 << (WALK_BITS + SEATS_BITS);
/// Stands for “not to be had”.
pub(super) const NEVER: Cost = Cost::MAX;

const WALK_BITS: u32 = 48;
const SEATS_BITS: u32 = 48;

// However far and however large, the dates of a whole series never reach into the bits above.
const _: () = assert!((OCCURRENCES_MAX as u64) < 1 << (WALK_BITS - u32::BITS));
const _: () = assert!((OCCURRENCES_MAX as u64) < 1 << (SEATS_BITS - u32::BITS));

/// What one date in this room costs, changes apart.
pub(super) fn of_a_date(room: &Candidate) -> Cost {
    Cost::from(room.walk) << SEATS_BITS | Cost::from(room.spare_seats)
}
