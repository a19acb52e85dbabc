//! Words on and around the plan.

use booking::plan::ShapeKind;

/// Zooms in.
pub const ZOOM_IN: &str = "Zoom in";
/// Zooms out.
pub const ZOOM_OUT: &str = "Zoom out";
/// Shows the whole floor again.
pub const ZOOM_FIT: &str = "Show the whole floor";
/// Names the floor switch.
pub const FLOORS: &str = "Floor";
/// Names the legend.
pub const LEGEND: &str = "What the patterns mean";
/// The letter on the compass.
pub const NORTH_LETTER: &str = "N";
/// What keys do, for screen readers.
pub const KEYS: &str =
    "Arrow keys go to the next room, Enter opens it, Escape goes back, plus and minus zoom.";
/// The floor has no drawing.
pub const NO_PLAN: &str = "There is no plan of this floor yet.";
/// What to do then.
pub const NO_PLAN_HINT: &str = "Use the list: it holds every room.";
/// Names the time rail.
pub const TIME_RAIL: &str = "Time of the meeting";

/// `Plan of floor 1`.
pub fn of_floor(label: &str) -> String {
    format!("Plan of floor {label}")
}

/// `Plan © OpenStreetMap contributors, ODbL`.
pub fn attribution(source: &str) -> String {
    format!("Plan {source}")
}

/// `North is 23° to the right of up`.
pub fn north(degrees: f32) -> String {
    let degrees = degrees.rem_euclid(360.0).round();
    if degrees <= 180.0 {
        format!("North is {degrees}° to the right of up")
    } else {
        format!("North is {}° to the left of up", 360.0 - degrees)
    }
}

/// What is written in a shape that is not a room. `None`: nothing.
pub const fn scenery(kind: ShapeKind) -> Option<&'static str> {
    match kind {
        ShapeKind::Stairs => Some("Stairs"),
        ShapeKind::Lift => Some("Lift"),
        ShapeKind::Toilet => Some("WC"),
        ShapeKind::Room | ShapeKind::Corridor | ShapeKind::Utility | ShapeKind::Scenery => None,
    }
}

/// What the time rail says of its window: `10:00 to 11:00`.
pub fn rail_value(from: &str, to: &str) -> String {
    format!("{from} to {to}")
}
