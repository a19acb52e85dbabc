//! The tree of places: buildings have floors, floors may have sections.
//!
//! The words are those of Microsoft Places:
//! <https://learn.microsoft.com/graph/api/resources/place>.

use serde::{Deserialize, Serialize};

use crate::ids::{BuildingId, FloorId, SectionId};
use crate::time::ZoneName;

/// A building.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Building {
    /// Its id.
    pub id: BuildingId,
    /// What people call it.
    pub name: String,
    /// The zone its clocks show.
    pub zone: ZoneName,
    /// Its floors, lowest first.
    pub floors: Vec<Floor>,
}

/// A floor.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Floor {
    /// Its id.
    pub id: FloorId,
    /// Height order within the building: 0 is the ground floor, negative below it.
    pub level: i32,
    /// What the lift button says.
    pub label: String,
    /// Named parts; often none.
    pub sections: Vec<Section>,
}

/// A named part of a floor.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Section {
    /// Its id.
    pub id: SectionId,
    /// What people call it.
    pub name: String,
}

impl Building {
    /// The floor with this id.
    pub fn floor(&self, id: FloorId) -> Option<&Floor> {
        self.floors.iter().find(|floor| floor.id == id)
    }
}
