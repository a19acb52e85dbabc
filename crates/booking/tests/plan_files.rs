//! Our own plan file, and files that must be refused: with the place named, and without a panic.
#![cfg(feature = "import")]

#[path = "plan_support/smallest.rs"]
mod smallest;
#[path = "plan_support/surveys.rs"]
mod surveys;

use booking::plan::ShapeKind;
use booking::plan::import::{
    FEATURES_MAX, FILE_BYTES_MAX, ImportError, ImportWarning, KnownRoom, etage, import, import_as,
};
use booking::{BuildingId, ZoneName};
use serde_json::{Value, json};
use smallest::{drawing, survey};

const DEMO: &[u8] = include_bytes!("../../../end2end/demo/harbour-house.plan.json");

/// Imports JSON and returns what a person would be told.
fn refusal(file: &Value) -> String {
    match import(file.to_string().as_bytes()) {
        Ok(building) => panic!("{:?} was imported", building.name),
        Err(error) => error.to_string(),
    }
}

#[test]
fn a_drawing_of_ours_is_read_with_everything_it_tells() {
    let shed = import(&serde_json::to_vec(&drawing()).unwrap()).unwrap();
    let floor = &shed.floors[0];
    let room = floor
        .plan
        .shapes
        .iter()
        .find(|shape| shape.kind == ShapeKind::Room)
        .unwrap();
    assert_eq!(
        (shed.name.as_deref(), floor.label.as_str()),
        (Some("Shed"), "0")
    );
    assert_eq!(
        room.seats.map(|seats| (seats.count, seats.guessed)),
        Some((8, false))
    );
    assert_eq!(room.polygon.area_m2(), 24.0);
    assert_eq!(floor.plan.doors.len(), 1);
    assert_eq!(
        (
            floor.plan.doors[0].along.x.abs(),
            floor.plan.doors[0].along.y
        ),
        (45, 0)
    );
    let rooms = shed.places("Shed", &ZoneName::utc()).rooms;
    assert_eq!(
        (rooms[0].number.as_str(), rooms[0].name.as_str()),
        ("0.01", "Pier")
    );
    assert_eq!(rooms[0].zone.0, "Europe/Helsinki");
    assert_eq!(
        (rooms[0].equipment.iter().count(), rooms[0].step_free),
        (2, Some(true))
    );
    assert!(shed.warnings.is_empty());
}

/// covers part of: N-09
#[test]
fn an_exported_building_comes_back_as_it_was_with_every_id() {
    let mut buildings = vec![import(DEMO).unwrap()];
    buildings.extend(surveys::office());
    for building in buildings {
        let bytes = serde_json::to_vec(&etage::export(&building)).unwrap();
        let mut back = import(&bytes).unwrap();
        // What was repaired once needs no repair again.
        back.warnings.clone_from(&building.warnings);
        for (floor, original) in back.floors.iter_mut().zip(&building.floors) {
            // A door may move by a centimetre where its wall is not straight.
            assert_eq!(floor.plan.doors.len(), original.plan.doors.len());
            floor.plan.doors.clone_from(&original.plan.doors);
        }
        assert_eq!(back, building);
    }
}

#[test]
fn moving_a_wall_or_renaming_a_building_keeps_ids_that_do_not_hang_on_it() {
    let before = import(&serde_json::to_vec(&drawing()).unwrap()).unwrap();
    let mut moved = drawing();
    moved["floors"][0]["shapes"][0]["rect"] = json!([0, 0, 7, 4]);
    moved["floors"][0]["shapes"][0]["name"] = "Jetty".into();
    let after = import(&serde_json::to_vec(&moved).unwrap()).unwrap();
    assert_eq!(before.id, after.id);
    let ids = |building: &booking::plan::import::ImportedBuilding| {
        building.floors[0]
            .plan
            .shapes
            .iter()
            .map(|shape| shape.id)
            .collect::<Vec<_>>()
    };
    assert_eq!(ids(&before), ids(&after));
    let known = BuildingId(uuid::Uuid::from_u128(5));
    let bytes = serde_json::to_vec(&moved).unwrap();
    assert_eq!(import_as(&bytes, Some(known)).unwrap().id, known);
}

#[test]
fn the_demo_building_is_worth_looking_at() {
    let house = import(DEMO).unwrap();
    assert_eq!(house.name.as_deref(), Some("Harbour House"));
    assert_eq!(house.warnings, []);
    assert_eq!(house.floors.len(), 4);
    for floor in &house.floors {
        let count = |kind| {
            floor
                .plan
                .shapes
                .iter()
                .filter(|shape| shape.kind == kind)
                .count()
        };
        println!(
            "floor {}: {} rooms, {} doors",
            floor.label,
            count(ShapeKind::Room),
            floor.plan.doors.len()
        );
        assert!((12..=16).contains(&count(ShapeKind::Room)));
        assert!(
            count(ShapeKind::Lift) == 2
                && count(ShapeKind::Stairs) >= 2
                && count(ShapeKind::Toilet) >= 3
        );
        for room in floor
            .plan
            .shapes
            .iter()
            .filter(|shape| shape.kind.is_bookable())
        {
            assert!(room.name.is_some() && room.number.is_some());
            assert!(!room.seats.unwrap().guessed);
            let near_door = |door: &booking::plan::Door| {
                room.polygon
                    .depth_cm(f64::from(door.at.x), f64::from(door.at.y))
                    .abs()
                    < 5.0
            };
            assert!(
                floor.plan.doors.iter().any(near_door),
                "{:?} has no door",
                room.number
            );
        }
    }
}

#[test]
fn unknown_fields_and_kinds_are_refused_with_their_place() {
    let mut file = drawing();
    file["floors"][0]["shapes"][1]["kind"] = "saloon".into();
    let told = refusal(&file);
    assert!(
        told.contains("floors[0].shapes[1].kind") && told.contains("saloon"),
        "{told}"
    );
    let mut file = drawing();
    file["floors"][0]["shapes"][0]["seets"] = 4.into();
    let told = refusal(&file);
    assert!(
        told.contains("floors[0].shapes[0]") && told.contains("seets"),
        "{told}"
    );
    let mut file = drawing();
    file["format"] = "etage-plan-9".into();
    assert!(refusal(&file).contains("etage-plan-9"));
    let mut file = drawing();
    file["zone"] = "Helsinki time".into();
    assert!(refusal(&file).contains("Europe/Helsinki"));
}

#[test]
fn shapes_that_cannot_be_are_refused_with_their_place_and_a_way_to_mend_them() {
    let cases = [
        (
            json!({ "rect": [0, 0, 0, 4] }),
            "fewer than three different points",
        ),
        (
            json!({ "rect": [0, 0, 6, 4], "ring": [[0, 0]] }),
            "exactly one of rect and ring",
        ),
        (json!({}), "exactly one of rect and ring"),
        (
            json!({ "ring": [[0, 0], [9, 8], [6, 0], [0, 4]] }),
            "crosses itself",
        ),
        (json!({ "rect": [0, 0, 1e9, 4] }), "not a usable coordinate"),
        (json!({ "rect": [0, 0, 6000, 4] }), "m across"),
    ];
    for (outline, expected) in cases {
        let mut file = drawing();
        let shape = file["floors"][0]["shapes"][0].as_object_mut().unwrap();
        shape.remove("rect");
        shape.extend(outline.as_object().unwrap().clone());
        let told = refusal(&file);
        assert!(told.contains(expected), "{told}");
        let placed = told.contains("floors[0].shapes[0] (ref 0.01)") || expected == "m across";
        assert!(placed, "{told}");
    }
}

#[test]
fn features_that_cannot_be_are_refused_with_id_and_number() {
    let ring = |points: Value| json!([points]);
    let cases = [
        (
            ring(json!([[0, 0], [0.0001, 0], [0, 0]])),
            "fewer than three",
        ),
        (
            ring(json!([
                [0, 0],
                [0.0002, 0.0002],
                [0.0001, 0],
                [0, 0.0001],
                [0, 0]
            ])),
            "crosses itself",
        ),
        (
            ring(json!([[0, 0], [200, 0], [0, 1], [0, 0]])),
            "not a usable coordinate",
        ),
        (
            ring(json!([[0, 0], [null, 0], [0, 1], [0, 0]])),
            "not a usable coordinate",
        ),
        (ring(json!("here")), "is missing or of the wrong kind"),
        (json!(null), "is missing or of the wrong kind"),
    ];
    for (coordinates, expected) in cases {
        let mut file = survey();
        file["features"][0]["geometry"]["coordinates"] = coordinates;
        let told = refusal(&file);
        assert!(told.contains(expected), "{told}");
        assert!(told.contains("features[0] (way/7, ref 101)"), "{told}");
    }
    let mut file = survey();
    file["features"][0]["properties"]["level"] = "EG".into();
    let told = refusal(&file);
    assert!(
        told.contains("way/7") && told.contains("“EG”") && told.contains("0-3"),
        "{told}"
    );
}

#[test]
fn files_that_are_no_plans_are_refused_in_words() {
    assert!(matches!(
        import(b"PK\x03\x04"),
        Err(ImportError::NotJson(_))
    ));
    assert!(matches!(import(b"[1, 2]"), Err(ImportError::UnknownFormat)));
    assert!(matches!(
        import(b"{\"type\":\"Topology\"}"),
        Err(ImportError::UnknownFormat)
    ));
    let large = vec![b' '; FILE_BYTES_MAX as usize + 1];
    assert!(import(&large).unwrap_err().to_string().contains("20971520"));
    let many = json!({ "type": "FeatureCollection", "features": vec![0; FEATURES_MAX + 1] });
    assert!(refusal(&many).contains("at most 20000"));
    let outdoors = json!({ "type": "FeatureCollection", "features": [] });
    assert!(refusal(&outdoors).contains("indoor=room"));
    let deep = format!(
        "{{\"format\":{}{}}}",
        "[".repeat(100_000),
        "]".repeat(100_000)
    );
    assert!(matches!(
        import(deep.as_bytes()),
        Err(ImportError::NotJson(_))
    ));
}

#[test]
fn what_can_be_mended_is_with_a_warning() {
    let mut file = survey();
    let ring = file["features"][0]["geometry"]["coordinates"][0]
        .as_array_mut()
        .unwrap();
    ring.pop();
    let mut second = survey()["features"][0].clone();
    second["id"] = "way/8".into();
    let mut third = second.clone();
    third["id"] = "way/9".into();
    third["properties"]["level"] = Value::Null;
    file["features"]
        .as_array_mut()
        .unwrap()
        .extend([second, third]);
    let building = import(&serde_json::to_vec(&file).unwrap()).unwrap();
    let told: Vec<String> = building.warnings.iter().map(ToString::to_string).collect();
    assert!(
        told.iter()
            .any(|text| text.contains("way/7") && text.contains("joined")),
        "{told:?}"
    );
    assert!(
        told.iter()
            .any(|text| text.contains("way/9") && text.contains("no level")),
        "{told:?}"
    );
    assert!(building.warnings.iter().any(|warning| matches!(
        warning,
        ImportWarning::DuplicateNumber { renamed, .. } if renamed == "101-2"
    )));
}

/// The survey so many degrees to the east, as a tool writes it that keeps no ids.
fn moved(degrees: f64) -> Value {
    let mut file = survey();
    let feature = &mut file["features"][0];
    feature["id"] = Value::Null;
    for corner in feature["geometry"]["coordinates"][0]
        .as_array_mut()
        .into_iter()
        .flatten()
    {
        corner[0] = (corner[0].as_f64().unwrap_or_default() + degrees).into();
    }
    file
}

#[test]
fn buildings_that_nobody_named_or_numbered_are_told_apart_by_where_they_are() {
    let [here, again, there] =
        [0.0, 0.0, 0.01].map(|degrees| import(moved(degrees).to_string().as_bytes()).unwrap());
    assert_eq!(here.name, None);
    assert_eq!(here, again);
    assert_ne!(here.id, there.id);
    let shape =
        |building: &booking::plan::import::ImportedBuilding| building.floors[0].plan.shapes[0].id;
    assert_ne!(shape(&here), shape(&there));
}

#[test]
fn two_features_of_one_name_are_two_shapes() {
    let mut file = survey();
    let mut second = file["features"][0].clone();
    second["properties"]["level"] = "1".into();
    file["features"].as_array_mut().unwrap().push(second);
    let building = import(file.to_string().as_bytes()).unwrap();
    let ids: Vec<_> = (building.floors.iter())
        .map(|floor| floor.plan.shapes[0].id)
        .collect();
    assert_ne!(ids[0], ids[1]);
}

#[test]
fn a_room_is_known_by_its_number_on_another_level_or_after_it_was_gone() {
    let before = import(survey().to_string().as_bytes()).unwrap();
    let floor = &before.floors[0];
    let known = KnownRoom {
        level: 0,
        number: "101".to_owned(),
        shape: floor.plan.shapes[0].id,
    };
    let mut redrawn = survey();
    redrawn["features"][0]["id"] = "way/8".into();
    for (level, number, is_same) in [("0", "101", true), ("3", "101", true), ("3", "102", false)] {
        redrawn["features"][0]["properties"]["level"] = level.into();
        redrawn["features"][0]["properties"]["ref"] = number.into();
        let bytes = redrawn.to_string();
        let mut after = import_as(bytes.as_bytes(), Some(before.id)).unwrap();
        after.keep_ids(&[], std::slice::from_ref(&known));
        let shape = after.floors[0].plan.shapes[0].id;
        assert_eq!(shape == known.shape, is_same, "{number} on {level}");
    }
}
