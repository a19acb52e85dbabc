//! What two real surveys become.
#![cfg(feature = "import")]

#[path = "plan_support/surveys.rs"]
mod surveys;

use std::collections::{BTreeSet, HashSet};

use booking::plan::import::{ImportWarning, ImportedBuilding, import};
use booking::plan::labels::{fit_px_per_cm, label_at, legible_from};
use booking::plan::neighbours::{Direction, first, neighbour};
use booking::plan::{Plan, PlanShape, Point, ShapeKind};
use booking::random::SeededRandom;
use booking::{ShapeId, ZoneName};

/// The part of a portal's window that shows the plan, in pixels.
const VIEW_PX: (f32, f32) = (1_040.0, 730.0);

fn plans(building: &ImportedBuilding) -> impl Iterator<Item = &Plan> {
    building.floors.iter().map(|floor| &floor.plan)
}

fn shapes(building: &ImportedBuilding) -> impl Iterator<Item = &PlanShape> {
    plans(building).flat_map(|plan| &plan.shapes)
}

/// covers part of: N-09
#[test]
fn four_floors_of_a_real_office_are_imported_with_every_room() {
    let Some(office) = surveys::office() else {
        return;
    };
    let levels: Vec<i32> = office.floors.iter().map(|floor| floor.level).collect();
    let rooms = shapes(&office).filter(|shape| shape.kind.is_room()).count();
    let bookable = shapes(&office)
        .filter(|shape| shape.kind.is_bookable())
        .count();
    let toilets = shapes(&office)
        .filter(|shape| shape.kind == ShapeKind::Toilet)
        .count();
    let doors: usize = plans(&office).map(|plan| plan.doors.len()).sum();
    println!("rooms {rooms}, bookable {bookable}, toilets {toilets}, doors {doors}");
    println!("{} warnings: {:#?}", office.warnings.len(), office.warnings);
    assert_eq!(levels, [0, 1, 2, 3]);
    assert_eq!(office.name.as_deref(), Some("Andreas-Pfitzmann-Bau"));
    assert!(
        office
            .address
            .as_deref()
            .is_some_and(|text| text.ends_with("46, 01187 Dresden"))
    );
    assert_eq!(
        rooms, 362,
        "400 indoor=room without toilets, stairs and lifts"
    );
    assert_eq!((bookable, toilets), (358, 30));
    assert!(doors >= 480, "{doors} of 502 doors");
    assert!(office.warnings.iter().any(|warning| matches!(
        warning,
        ImportWarning::DuplicateNumber { renamed, .. } if renamed == "3089-2"
    )));
}

/// covers part of: N-09
#[test]
fn a_shopping_hall_with_level_lists_is_imported() {
    let Some(bytes) = surveys::shared("plans/osm_grenoble_caserne/caserne.geojson") else {
        return;
    };
    let hall = import(&bytes).unwrap();
    let levels: Vec<i32> = hall.floors.iter().map(|floor| floor.level).collect();
    let rooms = shapes(&hall).filter(|shape| shape.kind.is_room()).count();
    let bookable = shapes(&hall)
        .filter(|shape| shape.kind.is_bookable())
        .count();
    let doors: usize = plans(&hall).map(|plan| plan.doors.len()).sum();
    println!(
        "{:?}: rooms {rooms}, bookable {bookable}, doors {doors}",
        hall.name
    );
    println!("{:#?}", hall.warnings);
    assert_eq!(levels, [-1, 0, 1]);
    assert_eq!(hall.name.as_deref(), Some("Caserne de Bonne"));
    // `level=0;1` is scenery on both floors, stairs over -1 and 0 are on both.
    let shop = |level: usize| {
        hall.floors[level]
            .plan
            .shapes
            .iter()
            .find(|shape| shape.name.as_deref() == Some("H&M"))
    };
    assert!(shop(0).is_none());
    assert!(
        [1, 2]
            .into_iter()
            .all(|at| shop(at).unwrap().kind == ShapeKind::Scenery)
    );
}

#[test]
fn the_floors_of_a_building_share_one_sheet_and_stand_straight() {
    let Some(office) = surveys::office() else {
        return;
    };
    let sheets: HashSet<(i32, i32)> = plans(&office)
        .map(|plan| (plan.width_cm, plan.height_cm))
        .collect();
    assert_eq!(sheets.len(), 1);
    // A lift shaft stands above itself.
    let lifts: Vec<BTreeSet<Point2>> = plans(&office)
        .map(|plan| centers(plan, ShapeKind::Lift))
        .collect();
    assert!(!lifts[0].is_empty() && lifts.iter().all(|lift| *lift == lifts[0]));
    // Most of the walls run across or down the sheet, to within two degrees.
    let (mut straight, mut all) = (0.0, 0.0);
    for (a, b) in shapes(&office).flat_map(|shape| shape.polygon.edges()) {
        let (dx, dy) = (f64::from(b.x - a.x).abs(), f64::from(b.y - a.y).abs());
        all += dx.hypot(dy);
        if dx.min(dy) <= dx.max(dy) * 0.035 {
            straight += dx.hypot(dy);
        }
    }
    println!("{:.1} % of the walls are straight", 100.0 * straight / all);
    assert!(straight / all > 0.85);
}

type Point2 = (i32, i32);

fn centers(plan: &Plan, kind: ShapeKind) -> BTreeSet<Point2> {
    plan.shapes
        .iter()
        .filter(|shape| shape.kind == kind)
        .map(|shape| (shape.label.center.x, shape.label.center.y))
        .collect()
}

#[test]
fn every_point_lies_on_the_sheet_and_every_label_box_inside_its_shape() {
    let Some(office) = surveys::office() else {
        return;
    };
    for plan in plans(&office) {
        for shape in &plan.shapes {
            let on_sheet = |point: &Point| {
                (0..=plan.width_cm).contains(&point.x) && (0..=plan.height_cm).contains(&point.y)
            };
            assert!(shape.polygon.rings().flatten().all(on_sheet));
            let space = shape.label;
            assert!(
                space.width_cm > 0 && space.height_cm > 0,
                "{:?}",
                shape.number
            );
            // A grid of points just inside the box is inside the shape.
            for (across, down) in (0..=8).flat_map(|a| (0..=8).map(move |d| (a, d))) {
                let point = Point {
                    x: space.center.x - space.width_cm / 2 + 1 + (space.width_cm - 2) * across / 8,
                    y: space.center.y - space.height_cm / 2 + 1 + (space.height_cm - 2) * down / 8,
                };
                let depth = shape
                    .polygon
                    .depth_cm(f64::from(point.x), f64::from(point.y));
                assert!(depth >= 0.0, "{:?} at {point:?}: {depth}", shape.number);
            }
        }
    }
}

#[test]
fn the_slab_holds_every_room_and_leaves_courtyards_open() {
    let Some(office) = surveys::office() else {
        return;
    };
    for floor in &office.floors {
        let plan = &floor.plan;
        for shape in &plan.shapes {
            let inside = plan
                .slab
                .iter()
                .any(|slab| slab.contains(shape.label.center));
            assert!(inside, "{:?} on floor {}", shape.number, floor.level);
        }
        let slab_m2: f64 = plan.slab.iter().map(booking::plan::Polygon::area_m2).sum();
        let sheet_m2 = f64::from(plan.width_cm) * f64::from(plan.height_cm) / 10_000.0;
        let courtyards: usize = plan.slab.iter().map(|slab| slab.holes.len()).sum();
        println!(
            "floor {}: slab {slab_m2:.0} of {sheet_m2:.0} m², {} pieces, {courtyards} courtyards",
            floor.level,
            plan.slab.len()
        );
        assert!(slab_m2 < 0.7 * sheet_m2, "the courtyards are open");
    }
}

#[test]
fn nearly_every_room_is_labelled_and_no_label_leaves_its_box_at_any_zoom() {
    let Some(office) = surveys::office() else {
        return;
    };
    for zoom in [0.5_f32, 1.0, 1.25, 1.5, 2.0, 4.0, 16.0] {
        let (mut labelled, mut all) = (0, 0);
        for plan in plans(&office) {
            let scale = zoom * fit_px_per_cm(plan, VIEW_PX.0, VIEW_PX.1);
            for shape in plan.shapes.iter().filter(|shape| shape.kind.is_room()) {
                let number = shape.number.as_deref().unwrap_or_default();
                let lines = [number, "12 seats", "until 14:30"];
                let layout = label_at(shape, scale, &lines);
                let (width, height) = layout.size_px(&lines);
                assert!(width <= shape.label.width_cm as f32 * scale);
                assert!(height <= shape.label.height_cm as f32 * scale);
                assert_eq!(layout.is_legible(), legible_from(shape, number) <= scale);
                labelled += u32::from(layout.is_legible());
                all += 1;
            }
        }
        println!("zoom {zoom}: {labelled} of {all} rooms labelled");
        let share = f64::from(labelled) / f64::from(all);
        assert!(zoom < 1.5 || share >= 0.95, "zoom {zoom}: {share}");
    }
}

#[test]
fn arrow_keys_reach_every_room_of_a_floor() {
    let Some(office) = surveys::office() else {
        return;
    };
    for plan in plans(&office) {
        let mut waiting: Vec<ShapeId> = first(plan).into_iter().collect();
        let mut reached: HashSet<ShapeId> = waiting.iter().copied().collect();
        while let Some(at) = waiting.pop() {
            for direction in Direction::ALL {
                waiting.extend(neighbour(plan, at, direction).filter(|next| reached.insert(*next)));
            }
        }
        let missed: Vec<_> = plan
            .shapes
            .iter()
            .filter(|shape| shape.kind.is_room() && !reached.contains(&shape.id))
            .map(|shape| &shape.number)
            .collect();
        assert!(missed.is_empty(), "{missed:?}");
    }
}

/// covers part of: N-09
#[test]
fn importing_again_changes_no_id() {
    let Some(office) = surveys::office() else {
        return;
    };
    let again = surveys::office().unwrap();
    assert_eq!(office, again);
    let ids: HashSet<ShapeId> = shapes(&office).map(|shape| shape.id).collect();
    assert_eq!(ids.len(), shapes(&office).count());
    let zone = ZoneName("Europe/Berlin".to_owned());
    let places = office.places("Office", &zone);
    assert_eq!(places, again.places("Office", &zone));
    assert_eq!(places.rooms.len(), 358);
    assert!(
        places
            .rooms
            .iter()
            .all(|room| room.zone == zone && room.link.is_none())
    );
    assert_eq!(places.building.floors.len(), 4);
}

/// covers part of: N-09
#[test]
fn a_new_survey_with_moved_walls_and_new_source_ids_keeps_nearly_every_id() {
    let Some(bytes) = surveys::shared("plans/osm_tudresden_apb/apb.geojson") else {
        return;
    };
    let office = import(&bytes).unwrap();
    let mut survey: serde_json::Value = serde_json::from_slice(&bytes).unwrap();
    let seed = 20_261_120;
    println!("seed {seed}");
    let random = SeededRandom::new(seed);
    for (at, feature) in survey["features"]
        .as_array_mut()
        .unwrap()
        .iter_mut()
        .enumerate()
    {
        // The building keeps its id: the caller knows which building is drawn anew anyway.
        if feature["properties"]["building"].is_null() {
            feature["id"] = format!("redrawn/{at}").into();
        }
        // Walls move by up to 10 cm; a corner shared by two rooms moves for each by itself.
        shake(&mut feature["geometry"]["coordinates"], &random);
    }
    let bytes = serde_json::to_vec(&survey).unwrap();
    let mut redrawn = import(&bytes).unwrap();
    let mut kept = 0;
    for (floor, published) in redrawn.floors.iter_mut().zip(&office.floors) {
        kept += floor.keep_ids(&published.plan).len();
    }
    let ids: HashSet<ShapeId> = shapes(&redrawn).map(|shape| shape.id).collect();
    let known = shapes(&office)
        .filter(|shape| ids.contains(&shape.id))
        .count();
    let all = shapes(&office).count();
    println!("{known} of {all} ids kept, {kept} by number or place");
    assert!(known as f64 >= 0.99 * all as f64);
}

/// Moves every coordinate in nested lists by up to about ten centimetres.
fn shake(coordinates: &mut serde_json::Value, random: &SeededRandom) {
    let closed = coordinates
        .as_array()
        .is_some_and(|list| list.len() > 3 && list.first() == list.last());
    if let Some(list) = coordinates.as_array_mut() {
        for inner in list.iter_mut() {
            match inner.as_f64() {
                Some(degrees) => {
                    let step = (random.next_u64() % 2_001) as f64 / 1_000.0 - 1.0;
                    *inner = (degrees + step * 0.000_000_9).into();
                }
                None => shake(inner, random),
            }
        }
        if closed
            && let Some(first) = list.first().cloned()
            && let Some(last) = list.last_mut()
        {
            *last = first;
        }
    }
}
