//! From an imported building to the places and rooms people book.

use uuid::Uuid;

use super::{ImportedBuilding, ImportedFloor};
use crate::ids::RoomId;
use crate::place::{Building, Floor};
use crate::plan::PlanShape;
use crate::room::Room;
use crate::time::ZoneName;

/// A building with its rooms; none is linked to a mailbox yet.
#[derive(Clone, PartialEq, Debug)]
pub struct Places {
    /// The building with its floors.
    pub building: Building,
    /// Every bookable room, floor by floor, by number within a floor.
    pub rooms: Vec<Room>,
}

impl ImportedBuilding {
    /// Its places and rooms, with ids that stay the same when it is imported again, under this
    /// name. `zone`: for a building whose file names none.
    pub fn places(&self, name: &str, zone: &ZoneName) -> Places {
        let building = Building {
            id: self.id,
            name: name.to_owned(),
            zone: self.zone.clone().unwrap_or_else(|| zone.clone()),
            floors: self.floors.iter().map(floor).collect(),
        };
        let rooms = self
            .floors
            .iter()
            .flat_map(|floor| rooms(&building, floor))
            .collect();
        Places { building, rooms }
    }
}

fn floor(imported: &ImportedFloor) -> Floor {
    Floor {
        id: imported.plan.floor,
        level: imported.level,
        label: imported.label.clone(),
        sections: Vec::new(),
    }
}

fn rooms(building: &Building, floor: &ImportedFloor) -> Vec<Room> {
    let mut shapes: Vec<&PlanShape> = floor
        .plan
        .shapes
        .iter()
        .filter(|shape| shape.kind.is_bookable())
        .collect();
    shapes.sort_by_key(|shape| (shape.number.clone(), shape.name.clone(), shape.id));
    (1..)
        .zip(shapes)
        .map(|(ordinal, shape)| room(building, floor, shape, ordinal))
        .collect()
}

fn room(building: &Building, floor: &ImportedFloor, shape: &PlanShape, ordinal: u32) -> Room {
    let details = floor.details.get(&shape.id).copied().unwrap_or_default();
    let number = shape
        .number
        .clone()
        .or_else(|| shape.name.clone())
        .unwrap_or_else(|| format!("{}-{ordinal}", floor.label));
    Room {
        id: RoomId(Uuid::new_v5(
            &building.id.0,
            format!("room {}", shape.id).as_bytes(),
        )),
        building: building.id,
        floor: floor.plan.floor,
        name: shape.name.clone().unwrap_or_else(|| number.clone()),
        number,
        seats: shape.seats,
        equipment: details.equipment,
        step_free: details.step_free,
        link: None,
        shape: Some(shape.id),
        zone: building.zone.clone(),
    }
}
