//! From the draft to plans: centimetres, ids, seats, label boxes, slab, doors.

use std::collections::{BTreeMap, HashMap};

use uuid::Uuid;

use super::draft::{Area, Draft, DraftFloor, DraftShape, Position};
use super::error::{FeatureFault, ImportError, ImportWarning, SourceName};
use super::text::short_line;
use super::{
    EXTENT_M_MAX, ImportedBuilding, ImportedFloor, LINE_CHARS_MAX, NAME_CHARS_MAX,
    NUMBER_CHARS_MAX, RoomDetails, doors, slab,
};
use crate::ids::{BuildingId, FloorId, ShapeId};
use crate::plan::label_box::label_box;
use crate::plan::polygon::doubled_area_cm2;
use crate::plan::{Plan, PlanShape, Point, Polygon, ShapeKind};
use crate::room::Seats;

/// What building ids are derived in; drawn once at random and never to be changed.
const NAMESPACE: Uuid = Uuid::from_u128(0x6f1d_93c2_48b7_4e0e_9a51_c3d7_20be_84f6);
/// Free sheet around the building.
const MARGIN_CM: i32 = 100;
/// A room smaller than this seats nobody.
const BOOKABLE_M2_MIN: f64 = 4.0;
/// Floor that a seat takes, from meeting rooms with a table.
const M2_PER_SEAT: f64 = 2.4;
/// Fewest and most seats that are guessed.
const GUESSED_SEATS: (u32, u32) = (2, 200);

/// Finishes a draft. `known`: the building the caller says it is.
///
/// # Errors
/// Its extent, or an outline that vanishes when brought to centimetres.
pub(super) fn building(
    draft: Draft,
    known: Option<BuildingId>,
) -> Result<ImportedBuilding, ImportError> {
    let id = known
        .or(draft.id)
        .unwrap_or_else(|| BuildingId(Uuid::new_v5(&NAMESPACE, draft.key.as_bytes())));
    let sheet = Sheet::around(&draft)?;
    let mut warnings = draft.warnings;
    let mut told = |text: &Option<String>, what, chars_max| {
        let source = SourceName::at("the building");
        short_line(text.as_deref(), what, chars_max, &source, &mut warnings)
    };
    let name = told(&draft.name, "name", NAME_CHARS_MAX);
    let address = told(&draft.address, "address", LINE_CHARS_MAX);
    let attribution = told(&draft.attribution, "attribution", LINE_CHARS_MAX);
    let mut floors = Vec::with_capacity(draft.floors.len());
    for (level, floor) in draft.floors {
        let source = SourceName::at(format!("level {level}"));
        let label = Some(floor.label.as_str());
        let label = short_line(label, "label", NUMBER_CHARS_MAX, &source, &mut warnings)
            .unwrap_or_else(|| level.to_string());
        let (mut plan, details) = draw(id, level, floor, &sheet, &mut warnings)?;
        plan.north_degrees = draft.north_degrees as f32;
        plan.attribution.clone_from(&attribution);
        floors.push(ImportedFloor {
            level,
            label,
            plan,
            details,
        });
    }
    Ok(ImportedBuilding {
        id,
        name,
        address,
        zone: draft.zone,
        floors,
        warnings,
    })
}

/// The sheet all floors are drawn on.
struct Sheet {
    corner: Position,
    width_cm: i32,
    height_cm: i32,
}

impl Sheet {
    fn around(draft: &Draft) -> Result<Self, ImportError> {
        let mut low = [f64::INFINITY; 2];
        let mut high = [f64::NEG_INFINITY; 2];
        let shapes = draft.floors.values().flat_map(|floor| &floor.shapes);
        for position in shapes.flat_map(|shape| &shape.area.outer) {
            for axis in [0, 1] {
                low[axis] = low[axis].min(position[axis]);
                high[axis] = high[axis].max(position[axis]);
            }
        }
        let size = [high[0] - low[0], high[1] - low[1]];
        let metres = size[0].max(size[1]);
        if !metres.is_finite() || metres > EXTENT_M_MAX {
            return Err(ImportError::Extent {
                metres,
                limit: EXTENT_M_MAX,
            });
        }
        let side = |metres: f64| (metres * 100.0).round() as i32 + 2 * MARGIN_CM;
        Ok(Self {
            corner: low,
            width_cm: side(size[0]),
            height_cm: side(size[1]),
        })
    }

    fn point(&self, [x, y]: Position) -> Point {
        let place = |metres: f64, from: f64, limit: i32| {
            // A door may be continents away; it is then at the rim, and no wall is near.
            let cm = ((metres - from) * 100.0).round() as i32;
            cm.saturating_add(MARGIN_CM).clamp(0, limit)
        };
        Point {
            x: place(x, self.corner[0], self.width_cm),
            y: place(y, self.corner[1], self.height_cm),
        }
    }

    /// `None`: in whole centimetres the outline encloses nothing.
    fn polygon(&self, area: &Area) -> Option<Polygon> {
        let ring = |ring: &Vec<Position>| {
            let mut points: Vec<Point> = ring.iter().map(|at| self.point(*at)).collect();
            points.dedup();
            if points.first() == points.last() {
                points.pop();
            }
            (points.len() >= 3 && doubled_area_cm2(&points) != 0).then_some(points)
        };
        Some(Polygon {
            outer: ring(&area.outer)?,
            holes: area.holes.iter().filter_map(ring).collect(),
        })
    }
}

type Drawn = (Plan, BTreeMap<ShapeId, RoomDetails>);

fn draw(
    building: BuildingId,
    level: i32,
    floor: DraftFloor,
    sheet: &Sheet,
    warnings: &mut Vec<ImportWarning>,
) -> Result<Drawn, ImportError> {
    let mut details = BTreeMap::new();
    let mut numbers = Numbers::default();
    let mut shapes = Vec::with_capacity(floor.shapes.len());
    for draft in floor.shapes {
        let told = draft.details;
        let shape = draw_shape(building, draft, sheet, &mut numbers, warnings)?;
        if told != RoomDetails::default() {
            details.insert(shape.id, told);
        }
        shapes.push(shape);
    }
    // Large shapes first within a kind, so that a small one inside a large one is seen.
    shapes.sort_by_key(|shape: &PlanShape| {
        let area = (shape.polygon.area_m2() * 100.0) as i64;
        (ink_order(shape.kind), -area, shape.id)
    });
    let placed = floor
        .doors
        .iter()
        .map(|door| (sheet.point(door.at), door.width_m));
    let (doors, astray) = doors::fit(&shapes, placed);
    if astray > 0 {
        warnings.push(ImportWarning::DoorsAwayFromWalls {
            level,
            count: astray,
        });
    }
    let plan = Plan {
        floor: FloorId(Uuid::new_v5(
            &building.0,
            format!("floor {level}").as_bytes(),
        )),
        revision: 1,
        width_cm: sheet.width_cm,
        height_cm: sheet.height_cm,
        north_degrees: 0.0,
        slab: slab::slab(&shapes),
        shapes,
        doors,
        attribution: None,
    };
    Ok((plan, details))
}

fn draw_shape(
    building: BuildingId,
    draft: DraftShape,
    sheet: &Sheet,
    numbers: &mut Numbers,
    warnings: &mut Vec<ImportWarning>,
) -> Result<PlanShape, ImportError> {
    let Some(polygon) = sheet.polygon(&draft.area) else {
        return Err(ImportError::Feature {
            source_name: draft.source,
            fault: FeatureFault::TooFewPoints,
        });
    };
    let area_m2 = polygon.area_m2();
    let kind = match draft.kind {
        ShapeKind::Room if area_m2 < BOOKABLE_M2_MIN && draft.seats.is_none() => ShapeKind::Utility,
        kind => kind,
    };
    let mut told = |text: &Option<String>, what, chars_max| {
        short_line(text.as_deref(), what, chars_max, &draft.source, warnings)
    };
    let name = told(&draft.name, "name", NAME_CHARS_MAX);
    let number = match told(&draft.number, "number", NUMBER_CHARS_MAX) {
        Some(number) if kind.is_room() => {
            let (given, is_renamed) = numbers.give(number);
            if is_renamed {
                warnings.push(ImportWarning::DuplicateNumber {
                    source: draft.source.clone(),
                    renamed: given.clone(),
                });
            }
            Some(given)
        }
        other => other,
    };
    let derived = || {
        ShapeId(Uuid::new_v5(
            &building.0,
            format!("shape {}", draft.key).as_bytes(),
        ))
    };
    Ok(PlanShape {
        id: draft.id.unwrap_or_else(derived),
        kind,
        label: label_box(&polygon),
        polygon,
        name: name.filter(|name| number.as_ref() != Some(name)),
        number,
        seats: kind.is_bookable().then(|| seats(draft.seats, area_m2)),
    })
}

/// The numbers given to rooms of one floor, and how often each was asked for.
#[derive(Default)]
struct Numbers(HashMap<String, u32>);

impl Numbers {
    /// The number, or with the first suffix that is free; and whether it needed one.
    fn give(&mut self, number: String) -> (String, bool) {
        let Some(asked) = self.0.get(&number).copied() else {
            self.0.insert(number.clone(), 1);
            return (number, false);
        };
        // Counting on from the last suffix keeps many rooms of one number from taking forever.
        let mut count = asked + 1;
        while self.0.contains_key(&format!("{number}-{count}")) {
            count += 1;
        }
        let renamed = format!("{number}-{count}");
        self.0.insert(number, count);
        self.0.insert(renamed.clone(), 1);
        (renamed, true)
    }
}

fn seats(told: Option<u32>, area_m2: f64) -> Seats {
    let guess = (area_m2 / M2_PER_SEAT) as u32;
    Seats {
        count: told.unwrap_or(guess.clamp(GUESSED_SEATS.0, GUESSED_SEATS.1)),
        guessed: told.is_none(),
    }
}

/// Scenery lies below what people look for.
const fn ink_order(kind: ShapeKind) -> u8 {
    match kind {
        ShapeKind::Corridor => 0,
        ShapeKind::Scenery => 1,
        ShapeKind::Stairs => 2,
        ShapeKind::Lift => 3,
        ShapeKind::Toilet => 4,
        ShapeKind::Utility => 5,
        ShapeKind::Room => 6,
    }
}
