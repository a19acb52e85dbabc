//! Plans in: a file becomes a building with floors, drawings and rooms.

use std::collections::HashMap;

use booking::ids::RoomId;
use booking::place::Building;
use booking::plan::import::{ImportError, ImportWarning, ImportedBuilding, import_as};
use booking::room::Room;
use booking::time::ZoneName;

use crate::{Engine, Error};

/// What came of a plan file.
#[derive(Clone, PartialEq, Debug)]
pub struct PlanImported {
    /// The building with its floors.
    pub building: Building,
    /// Every bookable room, by floor and number; links of rooms that were known are kept.
    pub rooms: Vec<Room>,
    /// What was repaired or left out of the file.
    pub warnings: Vec<ImportWarning>,
}

/// A plan file could not be brought in.
#[derive(Debug, thiserror::Error)]
pub enum PlanError {
    /// The file cannot be used; the text names the place and how to mend it.
    #[error(transparent)]
    File(#[from] ImportError),
    /// It could not be kept.
    #[error("the plan could not be kept")]
    Keep(#[from] Error),
}

impl From<store::StoreError> for PlanError {
    fn from(error: store::StoreError) -> Self {
        Self::Keep(error.into())
    }
}

/// Reads a file without keeping anything.
///
/// # Errors
/// [`ImportError`] naming the place in the file and how to mend it.
pub fn read_plan(
    bytes: &[u8],
    name: Option<&str>,
    zone: &ZoneName,
) -> Result<(PlanImported, ImportedBuilding), ImportError> {
    let imported = import_as(bytes, None)?;
    Ok((describe(&imported, name, zone), imported))
}

fn describe(imported: &ImportedBuilding, name: Option<&str>, zone: &ZoneName) -> PlanImported {
    let mut places = imported.places(zone);
    if let Some(name) = name {
        name.clone_into(&mut places.building.name);
    }
    PlanImported {
        building: places.building,
        rooms: places.rooms,
        warnings: imported.warnings.clone(),
    }
}

impl Engine {
    /// Brings a plan file in: a new building, or a new drawing of one that is known by its name.
    /// Rooms that were linked stay linked. `zone`: for a file that names none.
    ///
    /// # Errors
    /// [`PlanError`].
    pub async fn import_plan(
        &self,
        bytes: &[u8],
        name: Option<&str>,
        zone: &ZoneName,
    ) -> Result<PlanImported, PlanError> {
        let (fresh, _) = read_plan(bytes, name, zone)?;
        let known = self.store.building_by_name(&fresh.building.name).await?;
        let mut imported = import_as(bytes, known.as_ref().map(|building| building.id))?;
        for floor in &mut imported.floors {
            if let Some(published) = self.store.plan(floor.plan.floor).await? {
                floor.keep_ids(&published);
            }
        }
        let mut described = describe(&imported, name, zone);
        let links: HashMap<RoomId, Room> = self
            .store
            .rooms()
            .await?
            .into_iter()
            .map(|room| (room.id, room))
            .collect();
        for room in &mut described.rooms {
            room.link = links.get(&room.id).and_then(|known| known.link.clone());
        }
        self.store.upsert_building(&described.building).await?;
        self.store.upsert_rooms(&described.rooms).await?;
        for floor in &imported.floors {
            self.store
                .publish_plan(&floor.plan, self.clock.now())
                .await?;
        }
        self.reload_index().await?;
        Ok(described)
    }
}
