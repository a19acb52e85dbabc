//! From a building back to the file.

use super::super::{ImportedBuilding, ImportedFloor};
use super::{BuildingFile, DoorFile, FloorFile, Format, ShapeFile};
use crate::plan::{Door, PlanShape, Point};

/// The file that draws a building again with the same ids. Guessed seats are left out, so that
/// reading it guesses again.
pub fn export(building: &ImportedBuilding) -> BuildingFile {
    let first = building.floors.first().map(|floor| &floor.plan);
    BuildingFile {
        format: Format::V1,
        id: Some(building.id.to_string()),
        name: building.name.clone().unwrap_or_default(),
        address: building.address.clone(),
        zone: building.zone.as_ref().map(|zone| zone.0.clone()),
        north_degrees: first.map_or(0.0, |plan| f64::from(plan.north_degrees)),
        attribution: first.and_then(|plan| plan.attribution.clone()),
        floors: building.floors.iter().map(floor).collect(),
    }
}

fn floor(floor: &ImportedFloor) -> FloorFile {
    FloorFile {
        level: floor.level,
        label: Some(floor.label.clone()),
        shapes: floor
            .plan
            .shapes
            .iter()
            .map(|one| shape(floor, one))
            .collect(),
        doors: floor.plan.doors.iter().map(door).collect(),
    }
}

fn shape(floor: &ImportedFloor, shape: &PlanShape) -> ShapeFile {
    let details = floor.details.get(&shape.id).copied().unwrap_or_default();
    ShapeFile {
        kind: shape.kind,
        id: Some(shape.id.to_string()),
        number: shape.number.clone(),
        name: shape.name.clone(),
        seats: shape
            .seats
            .filter(|seats| !seats.guessed)
            .map(|seats| seats.count),
        equipment: details.equipment.iter().collect(),
        step_free: details.step_free,
        rect: None,
        ring: Some(shape.polygon.outer.iter().copied().map(metres).collect()),
        holes: shape
            .polygon
            .holes
            .iter()
            .map(|hole| hole.iter().copied().map(metres).collect())
            .collect(),
    }
}

fn door(door: &Door) -> DoorFile {
    let half = f64::from(door.along.x).hypot(f64::from(door.along.y)) / 100.0;
    DoorFile {
        at: metres(door.at),
        width: Some((half * 200.0).round() / 100.0),
    }
}

fn metres(point: Point) -> [f64; 2] {
    [f64::from(point.x) / 100.0, f64::from(point.y) / 100.0]
}
