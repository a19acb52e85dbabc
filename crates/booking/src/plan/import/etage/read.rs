//! From the file to the draft.

use std::collections::{BTreeMap, HashMap, HashSet};

use serde_json::Value;
use uuid::Uuid;

use super::super::draft::{Area, Draft, DraftDoor, DraftFloor, DraftShape, Position};
use super::super::error::{FeatureFault, ImportError, ImportWarning, SourceName};
use super::super::text::shown;
use super::super::{
    EXTENT_M_MAX, FEATURES_MAX, FLOORS_MAX, LEVEL_ABS_MAX, RoomDetails, SEATS_MAX, rings,
};
use super::{BuildingFile, DoorFile, FloorFile, ShapeFile};
use crate::ids::{BuildingId, ShapeId};
use crate::plan::ShapeKind;
use crate::time::ZoneName;

/// Width of a door that does not tell, in metres.
const DOOR_WIDTH_M: f64 = 0.9;
/// Longest zone name that is believed.
const ZONE_BYTES_MAX: usize = 64;

/// Brings a file into a draft.
pub(in crate::plan::import) fn read(value: &Value) -> Result<Draft, ImportError> {
    let file: BuildingFile =
        serde_path_to_error::deserialize(value).map_err(|error| ImportError::Field {
            path: error.path().to_string(),
            fault: error.into_inner(),
        })?;
    check_counts(&file)?;
    let mut warnings = Vec::new();
    let mut floors = BTreeMap::new();
    let mut keys = HashSet::new();
    for (at, floor) in file.floors.iter().enumerate() {
        let draft = read_floor(at, floor, &mut keys, &mut warnings)?;
        if floors.insert(floor.level, draft).is_some() {
            let path = format!("floors[{at}].level");
            let text = floor.level.to_string();
            return Err(refuse(
                path,
                FeatureFault::Twice {
                    what: "level",
                    text,
                },
            ));
        }
    }
    if floors.values().all(|floor| floor.shapes.is_empty()) {
        return Err(ImportError::NothingIndoors);
    }
    if !(-360.0..=360.0).contains(&file.north_degrees) {
        let expected = "Expected degrees from -360 to 360, clockwise from straight up";
        return Err(coordinate("north_degrees", file.north_degrees, expected));
    }
    let zone = file.zone.map(read_zone).transpose()?;
    let told = file.id.as_deref().and_then(uuid_of);
    Ok(Draft {
        key: file.id.unwrap_or_else(|| file.name.clone()),
        id: told.map(BuildingId),
        name: Some(file.name),
        address: file.address,
        zone,
        north_degrees: file.north_degrees,
        attribution: file.attribution,
        floors,
        warnings,
    })
}

fn check_counts(file: &BuildingFile) -> Result<(), ImportError> {
    let parts = file
        .floors
        .iter()
        .map(|floor| floor.shapes.len() + floor.doors.len())
        .sum();
    for (what, count, limit) in [
        ("floors", file.floors.len(), FLOORS_MAX),
        ("shapes and doors", parts, FEATURES_MAX),
    ] {
        if count > limit {
            return Err(ImportError::TooMany { what, count, limit });
        }
    }
    Ok(())
}

fn read_floor(
    at: usize,
    floor: &FloorFile,
    keys: &mut HashSet<String>,
    warnings: &mut Vec<ImportWarning>,
) -> Result<DraftFloor, ImportError> {
    if !(-LEVEL_ABS_MAX..=LEVEL_ABS_MAX).contains(&floor.level) {
        let fault = FeatureFault::Level { level: floor.level };
        return Err(refuse(format!("floors[{at}].level"), fault));
    }
    let mut ordinals: HashMap<ShapeKind, u32> = HashMap::new();
    let mut numbers: HashSet<(ShapeKind, &str)> = HashSet::new();
    let mut shapes = Vec::with_capacity(floor.shapes.len());
    for (place, shape) in floor.shapes.iter().enumerate() {
        let source = SourceName {
            path: format!("floors[{at}].shapes[{place}]"),
            id: shape.id.clone(),
            number: shape.number.clone(),
        };
        let ordinal = ordinals.entry(shape.kind).or_default();
        *ordinal += 1;
        let number = shape.number.as_deref();
        let first_of_number = number.filter(|number| numbers.insert((shape.kind, *number)));
        let key = match (&shape.id, first_of_number) {
            (Some(id), _) => format!("id {id}"),
            (None, Some(number)) => format!("{} {:?} number {number}", floor.level, shape.kind),
            (None, None) => format!("{} {:?} ordinal {ordinal}", floor.level, shape.kind),
        };
        if !keys.insert(key.clone()) {
            let text = shown(shape.id.as_deref().unwrap_or(&key));
            let fault = FeatureFault::Twice { what: "id", text };
            return Err(ImportError::Feature {
                source_name: source,
                fault,
            });
        }
        shapes.push(read_shape(shape, source, key, warnings)?);
    }
    let doors = floor
        .doors
        .iter()
        .enumerate()
        .map(|(place, door)| read_door(format!("floors[{at}].doors[{place}]"), *door))
        .collect::<Result<_, _>>()?;
    Ok(DraftFloor {
        label: floor
            .label
            .clone()
            .unwrap_or_else(|| floor.level.to_string()),
        shapes,
        doors,
    })
}

fn read_shape(
    shape: &ShapeFile,
    source: SourceName,
    key: String,
    warnings: &mut Vec<ImportWarning>,
) -> Result<DraftShape, ImportError> {
    let check = |points: Vec<Position>| {
        points
            .iter()
            .try_for_each(believable)
            .and_then(|()| rings::check(points))
            // Nobody closes rings by hand, so an open one is no fault here.
            .map(|checked| checked.ring)
    };
    let mut read = || -> Result<Area, FeatureFault> {
        if let Some(count) = shape.seats.filter(|count| !(1..=SEATS_MAX).contains(count)) {
            return Err(FeatureFault::Seats { count });
        }
        let outer = check(outline(shape)?)?;
        let mut holes = Vec::new();
        for hole in &shape.holes {
            match check(hole.clone()) {
                Ok(ring) => holes.push(ring),
                Err(FeatureFault::TooFewPoints) => {
                    warnings.push(ImportWarning::HoleDropped(source.clone()));
                }
                Err(fault) => return Err(fault),
            }
        }
        Ok(Area { outer, holes })
    };
    let area = read().map_err(|fault| ImportError::Feature {
        source_name: source.clone(),
        fault,
    })?;
    Ok(DraftShape {
        key,
        id: shape.id.as_deref().and_then(uuid_of).map(ShapeId),
        kind: shape.kind,
        area,
        number: shape.number.clone(),
        name: shape.name.clone(),
        seats: shape.seats,
        details: RoomDetails {
            equipment: shape.equipment.iter().copied().collect(),
            step_free: shape.step_free,
        },
        source,
    })
}

/// The corners, of a rectangle or as written.
fn outline(shape: &ShapeFile) -> Result<Vec<Position>, FeatureFault> {
    match (shape.rect, &shape.ring) {
        (Some([x, y, width, height]), None) => Ok(vec![
            [x, y],
            [x + width, y],
            [x + width, y + height],
            [x, y + height],
        ]),
        (None, Some(ring)) => Ok(ring.clone()),
        _ => Err(FeatureFault::Malformed {
            what: "exactly one of rect and ring",
        }),
    }
}

fn read_door(path: String, door: DoorFile) -> Result<DraftDoor, ImportError> {
    believable(&door.at).map_err(|fault| refuse(path.clone(), fault))?;
    let width_m = door.width.unwrap_or(DOOR_WIDTH_M);
    if !(0.1..=20.0).contains(&width_m) {
        let expected = "Expected a width of 0.1 to 20 metres";
        return Err(coordinate(&format!("{path}.width"), width_m, expected));
    }
    Ok(DraftDoor {
        at: door.at,
        width_m,
    })
}

fn believable(position: &Position) -> Result<(), FeatureFault> {
    // Twice the extent: the origin may lie anywhere near the building.
    let limit = 2.0 * EXTENT_M_MAX;
    match position
        .iter()
        .find(|metres| metres.is_nan() || metres.abs() > limit)
    {
        None => Ok(()),
        Some(metres) => Err(FeatureFault::Coordinate {
            text: shown(&metres.to_string()),
            expected: "Expected metres, at most 10,000 from the origin",
        }),
    }
}

fn read_zone(text: String) -> Result<ZoneName, ImportError> {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '/' | '_' | '-' | '+');
    if text.is_empty() || text.len() > ZONE_BYTES_MAX || !text.chars().all(plain) {
        let text = shown(&text);
        return Err(refuse("zone".to_owned(), FeatureFault::Zone { text }));
    }
    Ok(ZoneName(text))
}

fn uuid_of(id: &str) -> Option<Uuid> {
    Uuid::try_parse(id).ok()
}

fn coordinate(path: &str, number: f64, expected: &'static str) -> ImportError {
    let text = shown(&number.to_string());
    refuse(path.to_owned(), FeatureFault::Coordinate { text, expected })
}

fn refuse(path: String, fault: FeatureFault) -> ImportError {
    ImportError::Feature {
        source_name: SourceName::at(path),
        fault,
    }
}
