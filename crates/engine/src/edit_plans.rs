//! Plans in: a file becomes a building with floors, drawings and rooms.
//!
//! A file of a building that is known is compared with what is kept, and only what differs is
//! written: the same file again changes nothing. A floor that it lacks goes, with its drawing. A
//! room that it lacks is retired (see [`booking::plan::import::archive`]): it is offered no more,
//! and what is reserved in it stays.

mod compare;
mod identify;

use std::collections::HashMap;

use booking::ids::RoomId;
use booking::place::{Building, Floor};
use booking::plan::import::archive::archive_id;
use booking::plan::import::{ImportError, ImportWarning, ImportedBuilding, KnownRoom};
use booking::room::Room;
use booking::time::ZoneName;
use store::plans::Drawing;

use self::compare::Differences;
use self::identify::Kept;
use crate::{Engine, Error};

/// What is said of a plan besides its file.
#[derive(Clone, Copy, Debug)]
pub struct Said<'a> {
    /// What the building is called; it is then the one that is kept under this name, if there is
    /// one. `None`: what the file says.
    pub name: Option<&'a str>,
    /// What to call a building that nobody named.
    pub unnamed: &'a str,
    /// For a file that names no zone. `None`: the one the building has already, if it is known.
    pub zone: Option<&'a ZoneName>,
}

/// What came of a plan file.
#[derive(Clone, PartialEq, Debug)]
pub struct PlanImported {
    /// The building with its floors.
    pub building: Building,
    /// Every bookable room, by floor and number; links of rooms that were known are kept.
    pub rooms: Vec<Room>,
    /// What was repaired or left out of the file.
    pub warnings: Vec<ImportWarning>,
    /// Floors that the file lacks.
    pub floors_removed: Vec<Floor>,
    /// Rooms that the file lacks.
    pub retired: Vec<Retired>,
    /// Rooms that an earlier file lacked and this one has.
    pub returned: Vec<Room>,
    /// Whether anything is other than it was before.
    pub changed: bool,
}

/// A room that is on no plan any more.
#[derive(Clone, PartialEq, Debug)]
pub struct Retired {
    /// The room as it was.
    pub room: Room,
    /// Reservations in it that are not over.
    pub reservations: usize,
}

/// A plan file could not be brought in.
#[derive(Debug, thiserror::Error)]
pub enum PlanError {
    /// The file cannot be used; the text names the place and how to mend it.
    #[error(transparent)]
    File(#[from] ImportError),
    /// The building would be taken for one it is evidently not.
    #[error(
        "There is a building called “{name}” already, and hardly any of its rooms is in this file. If the file draws that building anew, say so with --building \"{name}\"; if it draws another, give that a name of its own in the same way."
    )]
    NameTaken {
        /// What both would be called.
        name: String,
    },
    /// Nobody says which clocks the building's people read.
    #[error(
        "The file names no time zone, and the building is not known yet. Say which clocks its people read, such as --zone Europe/Helsinki."
    )]
    NoZone,
    /// It could not be kept.
    #[error("the plan could not be kept")]
    Keep(#[from] Error),
}

impl From<store::StoreError> for PlanError {
    fn from(error: store::StoreError) -> Self {
        Self::Keep(error.into())
    }
}

/// Reads a file without keeping anything, and without a look at what is kept. Where nobody names a
/// zone it is told in UTC.
///
/// # Errors
/// [`ImportError`] naming the place in the file and how to mend it.
pub fn read_plan(
    bytes: &[u8],
    said: &Said<'_>,
) -> Result<(PlanImported, ImportedBuilding), ImportError> {
    let imported = identify::read(bytes, None)?;
    let (name, _) = identify::name(&imported, said);
    let zone = zone_of(&imported, None, said).unwrap_or_else(ZoneName::utc);
    let read = describe(&imported, &name, &zone);
    Ok((read, imported))
}

/// The zone of a building. `None`: nobody names one.
fn zone_of(
    imported: &ImportedBuilding,
    known: Option<&Building>,
    said: &Said<'_>,
) -> Option<ZoneName> {
    let known = known.map(|building| &building.zone);
    imported.zone.as_ref().or(said.zone).or(known).cloned()
}

fn describe(imported: &ImportedBuilding, name: &str, zone: &ZoneName) -> PlanImported {
    let places = imported.places(name, zone);
    PlanImported {
        building: places.building,
        rooms: places.rooms,
        warnings: imported.warnings.clone(),
        floors_removed: Vec::new(),
        retired: Vec::new(),
        returned: Vec::new(),
        changed: false,
    }
}

impl Engine {
    /// Brings a plan file in: a new building, or a new drawing of one that is known by its name or
    /// source. Rooms that were linked stay linked.
    ///
    /// # Errors
    /// [`PlanError`].
    pub async fn import_plan(
        &self,
        bytes: &[u8],
        said: &Said<'_>,
    ) -> Result<PlanImported, PlanError> {
        let kept = Kept {
            buildings: self.store.buildings().await?,
            rooms: self.store.rooms().await?,
        };
        let (mut imported, name) = kept.identify(bytes, said)?;
        let drawings = self.drawings(kept.building(imported.id)).await?;
        let published: Vec<_> = drawings.iter().map(|one| one.plan.clone()).collect();
        imported.keep_ids(&published, &known_rooms(&kept, &imported));
        let known = kept.building(imported.id);
        let zone = zone_of(&imported, known, said).ok_or(PlanError::NoZone)?;
        let drawn = describe(&imported, &name, &zone);
        let differences = Differences::new(&kept, &drawings, &imported, &drawn);
        let changed = !differences.is_empty();
        if changed {
            self.write(&differences).await?;
            self.reload_index().await?;
        }
        let reservations = self.reservations_in(&differences.retired).await?;
        Ok(PlanImported {
            rooms: differences.rooms,
            floors_removed: differences.floors_removed,
            retired: std::iter::zip(differences.retired, reservations)
                .map(|(room, reservations)| Retired { room, reservations })
                .collect(),
            returned: differences.returned,
            changed,
            ..drawn
        })
    }

    async fn drawings(&self, building: Option<&Building>) -> Result<Vec<Drawing>, Error> {
        let mut drawings = Vec::new();
        for floor in building.map_or(&[][..], |building| &building.floors) {
            drawings.extend(self.store.drawing(floor.id).await?);
        }
        Ok(drawings)
    }

    async fn write(&self, differences: &Differences) -> Result<(), Error> {
        let now = self.clock.now();
        self.store
            .upsert_places(&differences.buildings, &differences.rooms_changed)
            .await?;
        // After the rooms: a drawing cut short here is found to differ when the file is imported
        // again.
        for drawing in &differences.drawings {
            self.store.publish_drawing(drawing, now).await?;
        }
        Ok(())
    }

    /// How many reservations of each room are not over.
    async fn reservations_in(&self, rooms: &[Room]) -> Result<Vec<usize>, Error> {
        if rooms.is_empty() {
            return Ok(Vec::new());
        }
        let now = self.clock.now();
        let mut counts: HashMap<RoomId, usize> = HashMap::new();
        for reservation in self.store.open_reservations(self.window()).await? {
            if reservation.range.end() > now {
                *counts.entry(reservation.room).or_default() += 1;
            }
        }
        Ok(rooms
            .iter()
            .map(|room| counts.get(&room.id).copied().unwrap_or(0))
            .collect())
    }
}

/// The rooms of the building that the file is of, retired ones included.
fn known_rooms(kept: &Kept, imported: &ImportedBuilding) -> Vec<KnownRoom> {
    let floors: HashMap<_, i32> = [imported.id, archive_id(imported.id)]
        .into_iter()
        .filter_map(|id| kept.building(id))
        .flat_map(|building| building.floors.iter().map(|floor| (floor.id, floor.level)))
        .collect();
    kept.rooms
        .iter()
        .filter_map(|room| {
            Some(KnownRoom {
                level: *floors.get(&room.floor)?,
                number: room.number.clone(),
                shape: room.shape?,
            })
        })
        .collect()
}
