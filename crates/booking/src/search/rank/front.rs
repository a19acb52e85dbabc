//! The rooms that can come first, found by sets instead of one by one.
//!
//! Rooms with the same number of seats, on or off the preferred floor, are one group; groups come in
//! the order of [`Fit`](super::Fit), so that whole groups are taken until there are enough.

use super::{Size, size_for};
use crate::ids::FloorId;
use crate::search::bits::RoomSet;
use crate::search::index::SearchIndex;

/// Some of `free`, among them its first `kept` and all that fit as well as the last of these.
/// `None`: it has not so many that are large enough, or there are too many kinds of sizes for sets.
pub(super) fn front(
    index: &SearchIndex,
    free: &RoomSet,
    people: u32,
    floor: Option<FloorId>,
    kept: usize,
) -> Option<RoomSet> {
    let levels: Vec<Level<'_>> = index.seat_levels(people)?;
    let floor = floor.and_then(|floor| index.floor_set(floor));
    let mut group = RoomSet::default();
    let mut front = RoomSet::for_rooms(index.rooms().len());
    let mut count = 0;
    for class in levels.chunk_by(|one, other| one.size(people) == other.size(people)) {
        for side in [Side::On, Side::Off] {
            for level in class {
                level.rooms_into(free, &mut group);
                match (floor, side) {
                    (Some(floor), Side::On) => group.keep_shared(floor),
                    (Some(floor), Side::Off) => group.remove_all(floor),
                    // Without a preferred floor all rooms are on it.
                    (None, Side::On) => {}
                    (None, Side::Off) => break,
                }
                count += group.count();
                front.add_all(&group);
                if count >= kept {
                    return Some(front);
                }
            }
        }
    }
    None
}

#[derive(Clone, Copy)]
enum Side {
    On,
    Off,
}

/// The bookable rooms with one number of seats.
pub(in crate::search) struct Level<'a> {
    /// How many. `None`: nobody told.
    pub(in crate::search) seats: Option<u32>,
    /// They, and all rooms of later levels.
    pub(in crate::search) from_here: &'a RoomSet,
    /// The rooms of later levels. `None`: this is the last.
    pub(in crate::search) beyond: Option<&'a RoomSet>,
}

impl Level<'_> {
    fn size(&self, people: u32) -> Size {
        self.seats
            .map_or(Size::Untold, |seats| size_for(seats, people).0)
    }

    fn rooms_into(&self, free: &RoomSet, out: &mut RoomSet) {
        out.copy_from(self.from_here);
        if let Some(beyond) = self.beyond {
            out.remove_all(beyond);
        }
        out.keep_shared(free);
    }
}
