//! Rooms that the plan of their building does not show any more.
//!
//! They are retired and not deleted: what is reserved in them stays visible and can be cancelled,
//! and a later plan that shows them again brings them back with their mailboxes. A retired room
//! keeps its id, its shape's id and its mailbox, and moves to the archive of its building. That is
//! a building like any other, so calendars of its rooms are read and their events cancelled as
//! ever; but no list shows it, and a search looks into one building only. A mark on the room was
//! rejected: everything that offers rooms would have to think of it.

use std::collections::HashMap;

use uuid::Uuid;

use crate::ids::{BuildingId, FloorId};
use crate::place::{Building, Floor};
use crate::room::Room;

/// What follows the building's name in its archive's: people read it at their reservations. It
/// also sorts an archive behind its building, so that the first of all buildings is none.
const NAME_SUFFIX: &str = " (no longer on the plan)";

/// The archive of a building; there may be none yet.
pub fn archive_id(building: BuildingId) -> BuildingId {
    BuildingId(Uuid::new_v5(&building.0, b"archive"))
}

/// Whose archive is whose: the buildings by the ids of their archives, also where there is none.
pub fn archives<'a>(
    buildings: impl IntoIterator<Item = &'a Building>,
) -> HashMap<BuildingId, BuildingId> {
    let buildings = buildings.into_iter();
    buildings.map(|one| (archive_id(one.id), one.id)).collect()
}

/// Moves rooms into their building's archive, and gives the archive as it is then.
///
/// `building` has its new name; `floors` are those the rooms lie on; `archive` is what there is
/// of it. A room on none of the floors stays where it is.
pub fn retire(
    rooms: &mut [Room],
    building: &Building,
    floors: &[Floor],
    archive: Option<&Building>,
) -> Building {
    let id = archive_id(building.id);
    let mut kept: Vec<Floor> = archive.map_or_else(Vec::new, |archive| archive.floors.clone());
    for room in rooms {
        let Some(from) = floors.iter().find(|floor| floor.id == room.floor) else {
            continue;
        };
        let name = format!("floor {}", from.level);
        let floor = Floor {
            id: FloorId(Uuid::new_v5(&id.0, name.as_bytes())),
            sections: Vec::new(),
            ..from.clone()
        };
        room.building = id;
        room.floor = floor.id;
        match kept.iter_mut().find(|one| one.id == floor.id) {
            Some(known) => *known = floor,
            None => kept.push(floor),
        }
    }
    kept.sort_by_key(|floor| floor.level);
    Building {
        id,
        name: format!("{}{NAME_SUFFIX}", building.name),
        zone: building.zone.clone(),
        floors: kept,
    }
}
