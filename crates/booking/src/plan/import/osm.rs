//! OpenStreetMap's Simple Indoor Tagging, exported as GeoJSON.
//!
//! See <https://wiki.openstreetmap.org/wiki/Simple_Indoor_Tagging>. Rooms, corridors and areas
//! come with their `level`; doors are nodes on walls. A space over several floors is scenery on
//! each, for a mailbox could not be said to be on one of them.

mod building;
mod tags;

use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde_json::Value;

use self::tags::Role;
use super::draft::{Area, Draft, DraftDoor, DraftFloor, DraftShape};
use super::error::{FeatureFault, ImportError, ImportWarning};
use super::geojson::{self, Feature, Geometry, Lines};
use super::levels::{self, Levels};
use super::project::Projection;
use super::{EXTENT_M_MAX, FEATURES_MAX, FLOORS_MAX};
use crate::plan::ShapeKind;

/// Whom to name for the data.
pub const ATTRIBUTION: &str = "© OpenStreetMap contributors, ODbL";

/// Something with an outline, on its floors, in longitude and latitude.
struct Space {
    shape: DraftShape,
    floors: Vec<i32>,
    /// Whether it makes a floor of its level: a room or a way through on one floor does.
    founds_floor: bool,
}

/// Brings a feature collection into a draft.
pub(super) fn read(collection: &Value) -> Result<Draft, ImportError> {
    let features = geojson::features(collection)?;
    let mut warnings = Vec::new();
    let mut spaces = Vec::new();
    let mut doors: Vec<(DraftDoor, Vec<i32>)> = Vec::new();
    let mut sites = Vec::new();
    for feature in &features {
        match tags::role(feature) {
            Role::Space(kind) => spaces.extend(read_spaces(feature, kind, &mut warnings)?),
            Role::Door => doors.extend(read_door(feature, &mut warnings)?),
            Role::Site => sites.extend(building::site(feature)),
            Role::Other => {}
        }
    }
    let floors: BTreeSet<i32> = spaces
        .iter()
        .filter(|space| space.founds_floor)
        .flat_map(|space| space.floors.iter().copied())
        .collect();
    if floors.is_empty() {
        return Err(ImportError::NothingIndoors);
    }
    if floors.len() > FLOORS_MAX {
        return Err(ImportError::TooMany {
            what: "floors",
            count: floors.len(),
            limit: FLOORS_MAX,
        });
    }
    check_outlines(&floors, &spaces)?;
    tell_apart(&mut spaces);
    let projection = frame(&spaces)?;
    let identity = building::identify(&sites, spaces.iter().map(|space| &space.shape));
    let off = off_floors(&floors, &spaces, &doors);
    if off > 0 {
        warnings.push(ImportWarning::OffFloors { count: off });
    }
    Ok(Draft {
        key: identity.key,
        id: None,
        name: identity.name,
        address: identity.address,
        zone: None,
        north_degrees: projection.north_degrees,
        attribution: Some(ATTRIBUTION.to_owned()),
        floors: place(&floors, &spaces, &doors, &projection),
        warnings,
    })
}

/// The spaces of one feature; a multipolygon may have several parts.
fn read_spaces(
    feature: &Feature<'_>,
    kind: ShapeKind,
    warnings: &mut Vec<ImportWarning>,
) -> Result<Vec<Space>, ImportError> {
    // A staircase may be a line with its own level; a room cannot.
    let lines = if feature.is("indoor", &["room", "corridor", "area"]) {
        Lines::AreOutlines
    } else {
        Lines::StayLines
    };
    let Geometry::Areas(areas) = feature.geometry(lines, warnings)? else {
        return Ok(Vec::new());
    };
    let Some(on) = floors_of(feature)? else {
        warnings.push(ImportWarning::NoLevel(feature.source.clone()));
        return Ok(Vec::new());
    };
    if on.between && kind.is_room() {
        warnings.push(ImportWarning::BetweenFloors(feature.source.clone()));
    }
    let several = on.floors.len() > 1;
    let kind = match kind {
        ShapeKind::Room | ShapeKind::Utility if several => ShapeKind::Scenery,
        kind => kind,
    };
    let founds_floor = !several && kind != ShapeKind::Scenery;
    let key = match &feature.source.id {
        Some(id) => id.clone(),
        // Where it is tells it from everything else, in other buildings' files too.
        None => {
            let [x, y] = areas.first().and_then(building::centre).unwrap_or_default();
            format!("at {x:.6}, {y:.6} level {:?}", on.floors)
        }
    };
    let seats = tags::seats(feature, warnings);
    let space = |(part, area): (usize, Area)| Space {
        shape: DraftShape {
            source: feature.source.clone(),
            key: if part == 0 {
                key.clone()
            } else {
                format!("{key} part {part}")
            },
            id: None,
            kind,
            area,
            number: feature.source.number.clone(),
            name: feature.tag("name").map(str::to_owned),
            seats,
            details: tags::details(feature),
        },
        floors: on.floors.clone(),
        founds_floor,
    };
    Ok(areas.into_iter().enumerate().map(space).collect())
}

fn read_door(
    feature: &Feature<'_>,
    warnings: &mut Vec<ImportWarning>,
) -> Result<Option<(DraftDoor, Vec<i32>)>, ImportError> {
    let Geometry::Point(at) = feature.geometry(Lines::StayLines, warnings)? else {
        return Ok(None);
    };
    let width_m = tags::door_width_m(feature);
    let floors = floors_of(feature)?.map_or_else(Vec::new, |on| on.floors);
    Ok(Some((DraftDoor { at, width_m }, floors)))
}

/// The floors a feature is on. `None`: it has no level.
fn floors_of(feature: &Feature<'_>) -> Result<Option<Levels>, ImportError> {
    let mut found: Option<Levels> = None;
    for key in ["level", "repeat_on"] {
        let Some(text) = feature.tag(key) else {
            continue;
        };
        let more = levels::parse(text).ok_or_else(|| {
            feature.refuse(FeatureFault::UnknownLevel {
                text: text.chars().take(60).collect(),
            })
        })?;
        found = Some(match found {
            None => more,
            Some(mut known) => {
                known.floors.extend(more.floors);
                known.floors.sort_unstable();
                known.floors.dedup();
                known
            }
        });
    }
    Ok(found)
}

/// A source may call two of its features the same; each shape has an id of its own all the same.
fn tell_apart(spaces: &mut [Space]) {
    let mut seen: HashMap<String, u32> = HashMap::new();
    for Space { shape, .. } in spaces {
        let count = seen.entry(shape.key.clone()).or_default();
        *count += 1;
        if *count > 1 {
            shape.key = format!("{} again {count}", shape.key);
        }
    }
}

/// The frame all floors share.
fn frame(spaces: &[Space]) -> Result<Projection, ImportError> {
    let outlines = || spaces.iter().flat_map(|space| &space.shape.area.outer);
    let mut low = [f64::INFINITY; 2];
    let mut high = [f64::NEG_INFINITY; 2];
    for position in outlines() {
        for axis in [0, 1] {
            low[axis] = low[axis].min(position[axis]);
            high[axis] = high[axis].max(position[axis]);
        }
    }
    let middle = [(low[0] + high[0]) / 2.0, (low[1] + high[1]) / 2.0];
    let projection = Projection::around(middle);
    // Checked here as well as later: a frame that spans continents is not worth turning.
    let (from, to) = (projection.place(low), projection.place(high));
    let metres = (to[0] - from[0]).abs().max((to[1] - from[1]).abs());
    if metres > EXTENT_M_MAX {
        return Err(ImportError::Extent {
            metres,
            limit: EXTENT_M_MAX,
        });
    }
    Ok(projection.straightened(spaces.iter().map(|space| &space.shape.area)))
}

/// Spaces over many floors are drawn on each, so few features can make many outlines.
fn check_outlines(floors: &BTreeSet<i32>, spaces: &[Space]) -> Result<(), ImportError> {
    let count = spaces
        .iter()
        .flat_map(|space| &space.floors)
        .filter(|level| floors.contains(*level))
        .count();
    if count > FEATURES_MAX {
        return Err(ImportError::TooMany {
            what: "outlines on all floors",
            count,
            limit: FEATURES_MAX,
        });
    }
    Ok(())
}

/// How many doors and spaces are on none of the floors.
fn off_floors(floors: &BTreeSet<i32>, spaces: &[Space], doors: &[(DraftDoor, Vec<i32>)]) -> usize {
    let off = |on: &[i32]| !on.iter().any(|level| floors.contains(level));
    spaces.iter().filter(|space| off(&space.floors)).count()
        + doors.iter().filter(|(_, on)| off(on)).count()
}

fn place(
    floors: &BTreeSet<i32>,
    spaces: &[Space],
    doors: &[(DraftDoor, Vec<i32>)],
    projection: &Projection,
) -> BTreeMap<i32, DraftFloor> {
    let mut placed: BTreeMap<i32, DraftFloor> = BTreeMap::new();
    for &level in floors {
        let floor = placed.entry(level).or_default();
        floor.label = level.to_string();
        for space in spaces.iter().filter(|space| space.floors.contains(&level)) {
            let mut shape = space.shape.clone();
            shape.area = shape.area.map(|position| projection.place(position));
            if space.floors.len() > 1 {
                shape.key = format!("{} level {level}", shape.key);
            }
            floor.shapes.push(shape);
        }
        for (door, _) in doors.iter().filter(|(_, on)| on.contains(&level)) {
            floor.doors.push(DraftDoor {
                at: projection.place(door.at),
                ..*door
            });
        }
    }
    placed
}
