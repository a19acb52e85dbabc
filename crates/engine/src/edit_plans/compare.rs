//! What a file changes of what is kept.

use std::collections::{HashMap, HashSet};

use booking::ids::RoomId;
use booking::place::{Building, Floor};
use booking::plan::Plan;
use booking::plan::import::ImportedBuilding;
use booking::plan::import::archive::{archive_id, retire};
use booking::room::Room;
use store::plans::Drawing;

use super::PlanImported;
use super::identify::Kept;

/// What is to be written, and what it means for people.
pub(super) struct Differences {
    /// Buildings that are new or differ: the one of the file, and its archive.
    pub(super) buildings: Vec<Building>,
    /// Rooms that are new, differ or are retired, as they are to be.
    pub(super) rooms_changed: Vec<Room>,
    /// Drawings that are new or differ.
    pub(super) drawings: Vec<Drawing>,
    /// Every room of the file with what is known of it.
    pub(super) rooms: Vec<Room>,
    /// Floors that the file lacks.
    pub(super) floors_removed: Vec<Floor>,
    /// Rooms that the file lacks, as they were.
    pub(super) retired: Vec<Room>,
    /// Rooms that were retired and are not any more.
    pub(super) returned: Vec<Room>,
}

impl Differences {
    pub(super) fn new(
        kept: &Kept,
        published: &[Drawing],
        imported: &ImportedBuilding,
        drawn: &PlanImported,
    ) -> Self {
        let building = &drawn.building;
        let before = kept.building(building.id);
        let floors_before = before.map_or(&[][..], |before| &before.floors);
        let known: HashMap<RoomId, &Room> = kept.rooms.iter().map(|room| (room.id, room)).collect();
        let drawn_before: HashMap<RoomId, &Room> = published
            .iter()
            .flat_map(|drawing| drawing.rooms.iter().map(|room| (room.id, room)))
            .collect();
        let rooms: Vec<Room> = (drawn.rooms.iter())
            .map(|room| match known.get(&room.id) {
                Some(known) => merged(room, known, drawn_before.get(&room.id).copied()),
                None => room.clone(),
            })
            .collect();
        let present: HashSet<RoomId> = rooms.iter().map(|room| room.id).collect();
        let retired: Vec<Room> = (kept.rooms_of(building.id))
            .filter(|room| !present.contains(&room.id))
            .cloned()
            .collect();
        let was_retired = |room: &&Room| {
            (known.get(&room.id)).is_some_and(|known| known.building == archive_id(building.id))
        };
        let returned = rooms.iter().filter(was_retired).cloned().collect();
        let mut moved = retired.clone();
        let archive_before = kept.building(archive_id(building.id));
        let archive = retire(&mut moved, building, floors_before, archive_before);
        let needs_archive = !moved.is_empty() || archive_before.is_some();
        let differs = |room: &&Room| known.get(&room.id) != Some(room);
        Self {
            buildings: [Some(building), needs_archive.then_some(&archive)]
                .into_iter()
                .flatten()
                .filter(|one| kept.building(one.id) != Some(one))
                .cloned()
                .collect(),
            rooms_changed: moved
                .iter()
                .chain(&rooms)
                .filter(differs)
                .cloned()
                .collect(),
            drawings: drawings(published, imported, &drawn.rooms),
            floors_removed: (floors_before.iter())
                .filter(|floor| building.floor(floor.id).is_none())
                .cloned()
                .collect(),
            rooms,
            retired,
            returned,
        }
    }

    pub(super) const fn is_empty(&self) -> bool {
        self.buildings.is_empty() && self.rooms_changed.is_empty() && self.drawings.is_empty()
    }
}

/// The room as drawn, with its mailbox, and with what the tenant knows better: where the drawing
/// says what it said before, the other's word stands. `before`: the room as drawn the last time;
/// `None`: nobody kept that, so a linked room's facts may be the tenant's.
fn merged(drawn: &Room, known: &Room, before: Option<&Room>) -> Room {
    let mut room = drawn.clone();
    room.link.clone_from(&known.link);
    let says_the_same = |same: fn(&Room, &Room) -> bool| {
        before.map_or(known.link.is_some(), |before| same(before, drawn))
    };
    if says_the_same(|a, b| a.seats == b.seats) {
        room.seats = known.seats;
    }
    if says_the_same(|a, b| a.equipment == b.equipment) {
        room.equipment = known.equipment;
    }
    if says_the_same(|a, b| a.step_free == b.step_free) {
        room.step_free = known.step_free;
    }
    room
}

/// The drawings that are not as published.
fn drawings(published: &[Drawing], imported: &ImportedBuilding, rooms: &[Room]) -> Vec<Drawing> {
    (imported.floors.iter())
        .filter_map(|floor| {
            let id = floor.plan.floor;
            let known = published.iter().find(|one| one.plan.floor == id);
            let drawing = Drawing {
                plan: Plan {
                    revision: known.map_or(1, |known| known.plan.revision),
                    ..floor.plan.clone()
                },
                rooms: (rooms.iter().filter(|room| room.floor == id))
                    .cloned()
                    .collect(),
            };
            (known != Some(&drawing)).then_some(drawing)
        })
        .collect()
}
