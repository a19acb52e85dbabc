//! What does not depend on time: seats, equipment, steps, floors, each as sets of rooms.

use crate::ids::FloorId;
use crate::room::{EquipmentSet, Room};
use crate::search::Wanted;
use crate::search::bits::{RoomSet, block_of};
use crate::search::rank::{Level, natural_order};

/// Most sets kept for seats; more distinct counts than this share sets.
const SEAT_LEVELS_MAX: usize = 128;

/// The sets of rooms that filters are made of.
#[derive(Debug)]
pub(super) struct Facts {
    /// Has a mailbox, so can be booked.
    pub(super) linked: RoomSet,
    /// Known to be reachable without steps.
    pub(super) step_free: RoomSet,
    /// Floors in the order in which their first rooms come.
    pub(super) floors: Vec<FloorRooms>,
    /// One for each room, by position.
    pub(super) ranking: Vec<RankFacts>,
    /// One set for each bit of [`EquipmentSet`], up to the highest bit that any room has.
    equipment: Vec<RoomSet>,
    seats: SeatLevels,
}

/// What the order of hits needs of a room, kept apart because whole rooms lie far from each other
/// in memory and thousands of hits may be looked at.
#[derive(Clone, Copy, Debug)]
pub(crate) struct RankFacts {
    /// How many seats. `None`: nobody said.
    pub(crate) seats: Option<u32>,
    /// Which of the index's floors, counted from 0.
    pub(crate) floor: u32,
    /// Its place when all rooms are put in natural order of their numbers.
    pub(crate) number_rank: u32,
}

/// The rooms of one floor.
#[derive(Debug)]
pub(super) struct FloorRooms {
    pub(super) floor: FloorId,
    pub(super) set: RoomSet,
    /// In rising order, never empty.
    pub(super) positions: Vec<u32>,
}

impl FloorRooms {
    /// How many of its rooms are in the set. Reads only the part of the set between its first and
    /// last room, which is short because rooms mostly come floor by floor.
    pub(super) fn count_in(&self, set: &RoomSet) -> usize {
        let (Some(first), Some(last)) = (self.positions.first(), self.positions.last()) else {
            return 0;
        };
        let blocks = block_of(*first as usize)..block_of(*last as usize) + 1;
        self.set.count_shared_within(set, blocks)
    }
}

impl Facts {
    pub(super) fn new(rooms: &[Room]) -> Self {
        let set = |has: &dyn Fn(&Room) -> bool| set_of(rooms, has);
        let kinds = rooms.iter().fold(0, |all, room| all | room.equipment.0);
        let equipment = (0..u32::BITS - kinds.leading_zeros())
            .map(|bit| set(&|room| room.equipment.0 & (1 << bit) != 0))
            .collect();
        let floors = floors(rooms);
        Self {
            ranking: ranking(rooms, &floors),
            linked: set(&|room| room.link.is_some()),
            step_free: set(&|room| room.step_free == Some(true)),
            floors,
            equipment,
            seats: SeatLevels::new(rooms),
        }
    }

    /// The rooms of a floor. `None`: no room lies on it.
    pub(super) fn floor(&self, floor: FloorId) -> Option<&FloorRooms> {
        self.floors.iter().find(|one| one.floor == floor)
    }

    /// Fills `out` with the bookable rooms that fit the question, whether free or not. The floor
    /// is given apart, because facets and plans look at other floors than the question's.
    pub(super) fn fitting_into(&self, wanted: &Wanted, floor: Option<FloorId>, out: &mut RoomSet) {
        self.seats.at_least_into(wanted.people, out);
        let mut bits = wanted.equipment.0;
        while bits != 0 {
            self.keep_equipped(bits.trailing_zeros(), out);
            bits &= bits - 1;
        }
        if wanted.step_free {
            out.keep_shared(&self.step_free);
        }
        if let Some(floor) = floor {
            match self.floor(floor) {
                Some(floor) => out.keep_shared(&floor.set),
                None => out.clear(),
            }
        }
    }

    /// The bookable rooms with at least so many seats, level by level, those nobody told the seats of
    /// last. `None`: some levels stand for several counts.
    pub(super) fn seat_levels(&self, people: u32) -> Option<Vec<Level<'_>>> {
        self.seats.from(people)
    }

    /// How many rooms of `among` have all of it, which is meant to be one kind.
    pub(super) fn count_equipped(&self, kind: EquipmentSet, among: &RoomSet) -> usize {
        self.equipment
            .get(kind.0.trailing_zeros() as usize)
            .map_or(0, |set| set.count_shared(among))
    }

    /// Bytes it keeps on the heap.
    pub(super) fn memory_bytes(&self) -> usize {
        let floors = self.floors.iter().map(|floor| {
            size_of::<FloorRooms>()
                + floor.set.memory_bytes()
                + floor.positions.capacity() * size_of::<u32>()
        });
        let sets = self.equipment.iter().chain([&self.linked, &self.step_free]);
        self.ranking.capacity() * size_of::<RankFacts>()
            + floors.sum::<usize>()
            + sets.map(RoomSet::memory_bytes).sum::<usize>()
            + self.seats.memory_bytes()
    }

    fn keep_equipped(&self, bit: u32, out: &mut RoomSet) {
        match self.equipment.get(bit as usize) {
            Some(set) => out.keep_shared(set),
            None => out.clear(),
        }
    }
}

fn set_of(rooms: &[Room], has: &dyn Fn(&Room) -> bool) -> RoomSet {
    let mut set = RoomSet::for_rooms(rooms.len());
    for (position, _) in rooms.iter().enumerate().filter(|(_, room)| has(room)) {
        set.insert(position);
    }
    set
}

fn floors(rooms: &[Room]) -> Vec<FloorRooms> {
    let mut floors: Vec<FloorRooms> = Vec::new();
    for (position, room) in rooms.iter().enumerate() {
        let known = floors.iter().position(|one| one.floor == room.floor);
        let at = known.unwrap_or_else(|| {
            floors.push(FloorRooms {
                floor: room.floor,
                set: RoomSet::for_rooms(rooms.len()),
                positions: Vec::new(),
            });
            floors.len() - 1
        });
        floors[at].set.insert(position);
        floors[at].positions.push(position as u32);
    }
    floors
}

fn ranking(rooms: &[Room], floors: &[FloorRooms]) -> Vec<RankFacts> {
    let mut ranking: Vec<RankFacts> = rooms
        .iter()
        .map(|room| RankFacts {
            seats: room.seats.map(|seats| seats.count),
            floor: 0,
            number_rank: 0,
        })
        .collect();
    for (floor, rooms) in floors.iter().enumerate() {
        for position in &rooms.positions {
            ranking[*position as usize].floor = floor as u32;
        }
    }
    let mut order: Vec<usize> = (0..rooms.len()).collect();
    order.sort_by(|a, b| natural_order(&rooms[*a].number, &rooms[*b].number));
    for (rank, position) in order.into_iter().enumerate() {
        ranking[position].number_rank = rank as u32;
    }
    ranking
}

/// The bookable rooms with at least so many seats, as one set for each count that occurs.
#[derive(Debug)]
struct SeatLevels {
    /// Rising counts, each with the rooms that have as many or more, or whose seats nobody told.
    levels: Vec<(u32, RoomSet)>,
    /// The rooms whose seats nobody told.
    untold: RoomSet,
    /// Every told count with its room, rising. Empty when each count has its level, as usual.
    between: Vec<(u32, u32)>,
}

impl SeatLevels {
    fn new(rooms: &[Room]) -> Self {
        let told = |room: &Room| room.seats.map(|seats| seats.count);
        let mut by_count: Vec<(u32, u32)> = rooms
            .iter()
            .enumerate()
            .filter(|(_, room)| room.link.is_some())
            .filter_map(|(position, room)| told(room).map(|count| (count, position as u32)))
            .collect();
        by_count.sort_unstable();
        let mut counts: Vec<u32> = by_count.iter().map(|(count, _)| *count).collect();
        counts.dedup();
        let each = counts.len().div_ceil(SEAT_LEVELS_MAX).max(1);
        let level = |least: u32| {
            set_of(rooms, &|room| {
                room.link.is_some() && told(room).is_none_or(|count| count >= least)
            })
        };
        Self {
            levels: counts
                .iter()
                .step_by(each)
                .map(|count| (*count, level(*count)))
                .collect(),
            untold: set_of(rooms, &|room| room.link.is_some() && told(room).is_none()),
            between: if each > 1 { by_count } else { Vec::new() },
        }
    }

    fn at_least_into(&self, people: u32, out: &mut RoomSet) {
        let level = self.levels.partition_point(|(count, _)| *count < people);
        let (count, set) = self
            .levels
            .get(level)
            .map_or((None, &self.untold), |(count, set)| (Some(*count), set));
        out.copy_from(set);
        let first = self.between.partition_point(|(seats, _)| *seats < people);
        for (_, position) in self.between[first..]
            .iter()
            .take_while(|(seats, _)| count.is_none_or(|count| *seats < count))
        {
            out.insert(*position as usize);
        }
    }

    fn from(&self, people: u32) -> Option<Vec<Level<'_>>> {
        if !self.between.is_empty() {
            return None;
        }
        let first = self.levels.partition_point(|(count, _)| *count < people);
        let levels = &self.levels[first..];
        let later = levels.iter().skip(1).map(|(_, set)| set);
        let told = levels.iter().zip(later.chain([&self.untold]));
        let told = told.map(|((count, set), beyond)| Level {
            seats: Some(*count),
            from_here: set,
            beyond: Some(beyond),
        });
        let untold = Level {
            seats: None,
            from_here: &self.untold,
            beyond: None,
        };
        Some(told.chain([untold]).collect())
    }

    fn memory_bytes(&self) -> usize {
        let levels = self.levels.iter().map(|(_, set)| set.memory_bytes());
        levels.sum::<usize>()
            + self.levels.capacity() * size_of::<(u32, RoomSet)>()
            + self.untold.memory_bytes()
            + self.between.capacity() * size_of::<(u32, u32)>()
    }
}
