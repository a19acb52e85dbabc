//! What a feature's tags make of it.

use super::super::error::ImportWarning;
use super::super::geojson::Feature;
use super::super::{RoomDetails, SEATS_MAX};
use crate::plan::ShapeKind;
use crate::room::{Equipment, EquipmentSet};

/// Width of an opening nobody measured, in metres.
const DOOR_WIDTH_M: f64 = 0.9;

/// Values of `room` (and `amenity`) that are toilets.
const TOILETS: [&str; 8] = [
    "toilet", "toilets", "wc", "restroom", "bathroom", "shower", "washroom", "changing",
];
/// Values of `room` that people pass through.
const WAYS: [&str; 6] = ["corridor", "hall", "hallway", "lobby", "entrance", "foyer"];
/// Values of `room` nobody books.
const UTILITY: [&str; 20] = [
    "storage",
    "store",
    "closet",
    "locker",
    "technical",
    "technics",
    "utility",
    "machinery",
    "electrical",
    "server",
    "shaft",
    "cleaning",
    "janitor",
    "archive",
    "kitchen",
    "kitchenette",
    "disused",
    "emergency",
    "garage",
    "waste",
];

/// What is made of a feature.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Role {
    /// An outline on its floors.
    Space(ShapeKind),
    /// A gap in a wall.
    Door,
    /// A building or grounds that may lend name and address.
    Site,
    /// Nothing we draw.
    Other,
}

pub(super) fn role(feature: &Feature<'_>) -> Role {
    if feature.is_point() {
        let opens = feature.tag("door").is_some() || feature.tag("entrance").is_some();
        return if opens { Role::Door } else { Role::Other };
    }
    let indoor = feature.tag("indoor");
    let is_space = matches!(indoor, Some("room" | "corridor" | "area" | "yes"));
    let is_passage = is_stairs(feature) || is_lift(feature);
    let upright = is_passage && feature.tag("level").is_some();
    if is_space || (upright && indoor.is_none()) {
        return space(feature, indoor);
    }
    let outdoors = indoor.is_none() && feature.tag("level").is_none();
    let names = feature.tag("building").is_some() || feature.tag("name").is_some();
    if outdoors && names && feature.tag("highway").is_none() {
        return Role::Site;
    }
    Role::Other
}

fn space(feature: &Feature<'_>, indoor: Option<&str>) -> Role {
    let kind = if is_stairs(feature) {
        ShapeKind::Stairs
    } else if is_lift(feature) {
        ShapeKind::Lift
    } else if feature.is("room", &TOILETS) || feature.is("amenity", &TOILETS) {
        ShapeKind::Toilet
    } else {
        match indoor {
            // Lines of indoor=yes are handrails and guiding strips; those who closed one into an
            // area drew furniture or art.
            Some("yes") => ShapeKind::Scenery,
            Some("corridor") => ShapeKind::Corridor,
            Some("area") if feature.tag("room").is_none() => ShapeKind::Corridor,
            _ if feature.is("room", &WAYS) => ShapeKind::Corridor,
            _ if feature.is("room", &UTILITY) => ShapeKind::Utility,
            _ => ShapeKind::Room,
        }
    };
    Role::Space(kind)
}

fn is_stairs(feature: &Feature<'_>) -> bool {
    feature.is("stairs", &["yes"])
        || feature.is("room", &["stairs", "stairwell", "staircase"])
        || feature.is("highway", &["steps"])
}

fn is_lift(feature: &Feature<'_>) -> bool {
    feature.is("highway", &["elevator"])
        || feature.is("elevator", &["yes"])
        || feature.is("room", &["elevator", "lift"])
}

/// Seats, where the tags tell a believable number.
pub(super) fn seats(feature: &Feature<'_>, warnings: &mut Vec<ImportWarning>) -> Option<u32> {
    let told: u64 = ["capacity:seats", "capacity", "seats"]
        .into_iter()
        .find_map(|key| feature.tag(key)?.parse().ok())?;
    let seats = u32::try_from(told).ok().filter(|seats| *seats <= SEATS_MAX);
    if seats.is_none() {
        warnings.push(ImportWarning::SeatsIgnored(feature.source.clone()));
    }
    seats.filter(|seats| *seats > 0)
}

/// What the tags tell of a room's equipment and access.
pub(super) fn details(feature: &Feature<'_>) -> RoomDetails {
    let told = [
        ("projector", Equipment::Screen),
        ("screen", Equipment::Screen),
        ("whiteboard", Equipment::Whiteboard),
        ("video_conference", Equipment::Video),
        ("audio_loop", Equipment::HearingLoop),
        ("hearing_loop", Equipment::HearingLoop),
    ];
    let equipment: EquipmentSet = told
        .into_iter()
        .filter(|(key, _)| feature.is(key, &["yes"]))
        .map(|(_, equipment)| equipment)
        .collect();
    let step_free = match feature.tag("wheelchair") {
        Some("yes" | "designated") => Some(true),
        Some("no") => Some(false),
        _ => None,
    };
    RoomDetails {
        equipment,
        step_free,
    }
}

/// Width of a door, measured or usual.
pub(super) fn door_width_m(feature: &Feature<'_>) -> f64 {
    ["door:width", "width"]
        .into_iter()
        .find_map(|key| {
            let text = feature.tag(key)?;
            text.trim_end_matches(['m', ' ']).parse::<f64>().ok()
        })
        .filter(|width| (0.4..=6.0).contains(width))
        .unwrap_or(DOOR_WIDTH_M)
}
