//! Buildings, rooms and plans as pages need them.

use booking::BookingError;
use booking::ids::{BuildingId, FloorId};
use booking::place::Building;
use booking::plan::Plan;
use booking::plan::import::archive::archives;
use booking::room::Room;
use booking::time::Instant;

use crate::{Engine, Error, when};

/// What does not change while one searches.
#[derive(Clone, PartialEq, Debug)]
pub struct Catalogue {
    /// Every building in use.
    pub buildings: Vec<Building>,
    /// The building whose rooms follow. `None`: there is none yet.
    pub building: Option<BuildingId>,
    /// Its rooms, in the order of the index.
    pub rooms: Vec<Room>,
    /// Our clock.
    pub now: Instant,
    /// Minutes by which the building's clock is ahead of UTC now.
    pub utc_offset_minutes: i32,
}

impl Engine {
    /// Buildings, floors and rooms. `building`: `None` for the first; in the place of an archive
    /// comes its building.
    ///
    /// # Errors
    /// [`BookingError::NotFound`] for a building that is not there.
    pub fn catalogue(&self, building: Option<BuildingId>) -> Result<Catalogue, Error> {
        let now = self.clock.now();
        let world = self.index.read();
        let all = || world.buildings.iter().map(|one| &one.building);
        let archives = archives(all());
        let chosen = world.building(building.map(|id| *archives.get(&id).unwrap_or(&id)));
        if building.is_some() && chosen.is_none() {
            return Err(BookingError::NotFound { what: "building" }.into());
        }
        Ok(Catalogue {
            buildings: all()
                .filter(|one| !archives.contains_key(&one.id))
                .cloned()
                .collect(),
            building: chosen.map(|one| one.building.id),
            rooms: chosen.map_or_else(Vec::new, |one| one.rooms.rooms().to_vec()),
            now,
            utc_offset_minutes: chosen
                .map_or(0, |one| when::utc_offset_minutes(&one.building.zone, now)),
        })
    }

    /// The drawing of a floor. `None`: it has none yet.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn plan(&self, floor: FloorId) -> Result<Option<Plan>, Error> {
        Ok(self.store.plan(floor).await?)
    }
}
