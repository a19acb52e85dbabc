//! Values that no building has: refused, or cut with a warning, and never without the place named.
#![cfg(feature = "import")]

#[path = "plan_support/smallest.rs"]
mod smallest;

use booking::plan::ShapeKind;
use booking::plan::import::import;
use serde_json::{Value, json};
use smallest::{drawing, survey};

/// Imports JSON and returns what a person would be told.
fn refusal(file: &Value) -> String {
    match import(file.to_string().as_bytes()) {
        Ok(building) => panic!("{:?} was imported", building.name),
        Err(error) => error.to_string(),
    }
}

#[test]
fn numbers_beyond_reason_are_refused_with_their_place_and_the_reason() {
    let cases: [(&str, Value, &str); 9] = [
        (
            "/floors/0/shapes/0/seats",
            4_000_000_000_u32.into(),
            "floors[0].shapes[0] (ref 0.01): 4000000000 seats",
        ),
        ("/floors/0/shapes/0/seats", 0.into(), "Write 1 to 5000"),
        (
            "/floors/0/level",
            2_000_000_000.into(),
            "floors[0].level: level 2000000000 is beyond any building",
        ),
        ("/floors/0/level", (-201).into(), "0 is the ground floor"),
        (
            "/floors/0/level",
            5_000_000_000_u64.into(),
            "floors[0].level",
        ),
        (
            "/north_degrees",
            json!(1e300),
            "Expected degrees from -360 to 360",
        ),
        (
            "/floors/0/doors/0/at",
            json!([1e300, 0]),
            "floors[0].doors[0]",
        ),
        (
            "/floors/0/doors/0",
            json!({ "at": [3, 4], "width": 1e9 }),
            "Expected a width of 0.1 to 20 metres",
        ),
        (
            "/floors/0/shapes/0/holes",
            json!([[[1e9, 0], [1, 1], [0, 1]]]),
            "not a usable coordinate",
        ),
    ];
    for (place, value, expected) in cases {
        let mut file = drawing();
        file["north_degrees"] = 0.into();
        file["floors"][0]["shapes"][0]["holes"] = json!([]);
        *file.pointer_mut(place).unwrap() = value;
        let told = refusal(&file);
        assert!(told.contains(expected), "{told}");
        assert!(told.len() < 300, "{told}");
    }
}

#[test]
fn texts_of_absurd_length_are_cut_with_a_warning_that_names_the_feature() {
    let long = "lång ".repeat(100_000);
    let mut file = drawing();
    file["name"] = long.clone().into();
    file["floors"][0]["label"] = long.clone().into();
    for field in ["number", "name"] {
        file["floors"][0]["shapes"][0][field] = long.clone().into();
    }
    let building = import(&serde_json::to_vec(&file).unwrap()).unwrap();
    let floor = &building.floors[0];
    let room = (floor.plan.shapes.iter()).find(|shape| shape.kind == ShapeKind::Room);
    let lengths = [&building.name, &room.unwrap().name, &room.unwrap().number]
        .map(|text| text.as_ref().unwrap().chars().count());
    assert_eq!((lengths, floor.label.chars().count()), ([119, 119, 32], 32));
    let told: Vec<String> = building.warnings.iter().map(ToString::to_string).collect();
    assert_eq!(told.len(), 4, "{told:?}");
    let number = "its number is longer than 32 characters and was cut.";
    assert!(
        told.iter()
            .any(|text| text.starts_with("floors[0].shapes[0]") && text.ends_with(number))
    );
    assert!(told.iter().all(|text| text.len() < 200), "{told:?}");
}

#[test]
fn a_survey_is_believed_as_far_as_reason_goes() {
    let mut file = survey();
    let properties = &mut file["features"][0]["properties"];
    properties["capacity"] = "100000".into();
    properties["name"] = "Trade\u{0} Winds\n".into();
    let far = json!({
        "type": "Feature", "properties": { "door": "yes", "level": "0" },
        "geometry": { "type": "Point", "coordinates": [-180.0, 80.0] },
    });
    file["features"].as_array_mut().unwrap().push(far);
    for feature in file["features"].as_array_mut().unwrap() {
        for corner in feature["geometry"]["coordinates"][0]
            .as_array_mut()
            .into_iter()
            .flatten()
        {
            corner[0] = (corner[0].as_f64().unwrap() + 179.0).into();
        }
    }
    let building = import(&serde_json::to_vec(&file).unwrap()).unwrap();
    let room = &building.floors[0].plan.shapes[0];
    assert_eq!(room.name.as_deref(), Some("Trade Winds"));
    assert!(room.seats.unwrap().guessed);
    let told: Vec<String> = building.warnings.iter().map(ToString::to_string).collect();
    let seats = "features[0] (way/7, ref 101): more than 5000 seats are beyond reason";
    assert!(told.iter().any(|text| text.starts_with(seats)), "{told:?}");
    assert!(
        told.iter()
            .any(|text| text.contains("doors stand at no wall")),
        "{told:?}"
    );
    let mut high = survey();
    high["features"][0]["properties"]["level"] = "40000".into();
    assert!(refusal(&high).contains("from -200 to 200"));
}
