//! Which building a file draws, and what that is called.

use std::collections::HashSet;

use booking::ids::{BuildingId, RoomId};
use booking::place::Building;
use booking::plan::import::archive::{archive_id, archives};
use booking::plan::import::{
    FeatureFault, ImportError, ImportedBuilding, SourceName, building_name, import_as,
};
use booking::room::Room;
use booking::time::ZoneName;

use super::{PlanError, Said};
use crate::when;

/// What to call a building for which not even a file name was found.
const NAMELESS: &str = "Building";

/// What is kept of all buildings, archives included.
pub(super) struct Kept {
    pub(super) buildings: Vec<Building>,
    pub(super) rooms: Vec<Room>,
}

/// Reads a file whose zone, if it tells one, is in the table of zones. `building`: the one it is
/// known to draw.
pub(super) fn read(
    bytes: &[u8],
    building: Option<BuildingId>,
) -> Result<ImportedBuilding, ImportError> {
    let imported = import_as(bytes, building)?;
    match &imported.zone {
        Some(zone) if when::known_zone(zone).is_err() => Err(ImportError::Feature {
            source_name: SourceName {
                path: "zone".to_owned(),
                ..SourceName::default()
            },
            fault: FeatureFault::Zone {
                text: zone.0.clone(),
            },
        }),
        _ => Ok(imported),
    }
}

/// Where a name comes from.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum NamedBy {
    Caller,
    File,
    Nobody,
}

/// What a building that is not known yet is called.
pub(super) fn name(imported: &ImportedBuilding, said: &Said<'_>) -> (String, NamedBy) {
    if let Some(name) = said.name.and_then(building_name) {
        return (name, NamedBy::Caller);
    }
    match &imported.name {
        Some(name) => (name.clone(), NamedBy::File),
        None => {
            let name = building_name(said.unnamed);
            (name.unwrap_or_else(|| NAMELESS.to_owned()), NamedBy::Nobody)
        }
    }
}

impl Kept {
    /// Reads the file as a drawing of the building that it is of, and says what that is called.
    pub(super) fn identify(
        &self,
        bytes: &[u8],
        said: &Said<'_>,
    ) -> Result<(ImportedBuilding, String), PlanError> {
        let fresh = read(bytes, None)?;
        let (name, named_by) = name(&fresh, said);
        let namesake = self.named(&name);
        // Whoever names a building says which one it is; otherwise its source tells best.
        if (named_by != NamedBy::Caller || namesake.is_none())
            && let Some(known) = self.building(fresh.id)
        {
            let name = match named_by {
                NamedBy::Nobody => known.name.clone(),
                NamedBy::Caller | NamedBy::File => name,
            };
            return Ok((fresh, name));
        }
        let Some(known) = namesake else {
            return Ok((fresh, name));
        };
        let again = read(bytes, Some(known.id))?;
        // What a file is called is a weak hint: many are called `export`.
        if named_by == NamedBy::Nobody && !self.draws_again(&again) {
            return Err(PlanError::NameTaken { name });
        }
        Ok((again, name))
    }

    pub(super) fn building(&self, id: BuildingId) -> Option<&Building> {
        self.buildings.iter().find(|one| one.id == id)
    }

    /// The rooms of a building; those of its archive are the archive's.
    pub(super) fn rooms_of(&self, id: BuildingId) -> impl Iterator<Item = &Room> {
        self.rooms.iter().filter(move |room| room.building == id)
    }

    fn named(&self, name: &str) -> Option<&Building> {
        let archives = archives(&self.buildings);
        (self.buildings.iter()).find(|one| one.name == name && !archives.contains_key(&one.id))
    }

    /// Whether half of the rooms, in the file or kept, are the same by their sources.
    fn draws_again(&self, imported: &ImportedBuilding) -> bool {
        let known: HashSet<RoomId> = [imported.id, archive_id(imported.id)]
            .into_iter()
            .flat_map(|id| self.rooms_of(id).map(|room| room.id))
            .collect();
        let drawn = imported.places("", &ZoneName::utc()).rooms;
        let same = drawn.iter().filter(|room| known.contains(&room.id)).count();
        same * 2 >= known.len().min(drawn.len())
    }
}
