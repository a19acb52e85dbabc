//! Doors: from points near walls to gaps in them.

use crate::plan::polygon::{distance_cm, nearest_on_edge, straightened};
use crate::plan::{Door, PlanShape, Point};

/// A wall farther from a door than this is not the wall it is in.
const WALL_CM_MAX: f64 = 45.0;
/// What remains of a wall beside a door at its end.
const JAMB_CM: f64 = 8.0;
/// A wall shorter than this has no door.
const WALL_LENGTH_CM_MIN: f64 = 40.0;
/// Corners flatter than this do not divide a wall.
const STRAIGHT_CM: f64 = 3.0;
/// Directions closer than this (sine) are the same wall seen from its two sides.
const PARALLEL: f64 = 0.1;

type Wall = (Point, Point);

/// Fits doors (middle, width in metres) into the walls of the shapes. Also tells how many found
/// no wall.
pub(super) fn fit(
    shapes: &[PlanShape],
    doors: impl Iterator<Item = (Point, f64)>,
) -> (Vec<Door>, usize) {
    let walls = walls(shapes);
    let mut fitted: Vec<Door> = Vec::new();
    let mut astray = 0;
    for (at, width_m) in doors {
        match door(&walls, at, width_m) {
            Some(door) if fitted.contains(&door) => {}
            Some(door) => fitted.push(door),
            None => astray += 1,
        }
    }
    (fitted, astray)
}

/// The walls, each from corner to corner though the survey put points on it.
fn walls(shapes: &[PlanShape]) -> Vec<Wall> {
    shapes
        .iter()
        .flat_map(|shape| shape.polygon.rings())
        .flat_map(|ring| {
            let corners = straightened(ring, STRAIGHT_CM);
            let next = corners.iter().copied().cycle().skip(1);
            corners.iter().copied().zip(next).collect::<Vec<Wall>>()
        })
        .filter(|wall| length_cm(*wall) >= WALL_LENGTH_CM_MIN)
        .collect()
}

fn door(walls: &[Wall], at: Point, width_m: f64) -> Option<Door> {
    let (x, y) = (f64::from(at.x), f64::from(at.y));
    let near: Vec<(Wall, f64)> = walls
        .iter()
        .filter(|(a, b)| {
            let reach = WALL_CM_MAX as i32;
            (a.x.min(b.x) - reach..=a.x.max(b.x) + reach).contains(&at.x)
                && (a.y.min(b.y) - reach..=a.y.max(b.y) + reach).contains(&at.y)
        })
        .map(|&(a, b)| ((a, b), distance_cm(a, b, x, y)))
        .filter(|(_, distance)| *distance <= WALL_CM_MAX)
        .collect();
    // A door joins two spaces, so a wall that two shapes have in common is the likelier; then
    // the nearer, then one that has room for the opening.
    let likelihood = |wall: Wall, distance: f64| {
        let shared = near
            .iter()
            .filter(|(other, _)| parallel(wall, *other))
            .count();
        let roomy = length_cm(wall).min(width_m * 100.0 + 2.0 * JAMB_CM);
        60.0 * shared.min(2) as f64 - 4.0 * distance + roomy
    };
    let (wall, _) = near
        .iter()
        .copied()
        .max_by(|a, b| likelihood(a.0, a.1).total_cmp(&likelihood(b.0, b.1)))?;
    Some(gap(wall, x, y, width_m))
}

/// The opening in the wall nearest to the point, moved along the wall to leave its ends standing.
fn gap((a, b): Wall, x: f64, y: f64, width_m: f64) -> Door {
    let length = length_cm((a, b));
    let half = (width_m * 50.0).min(length / 2.0 - JAMB_CM);
    let unit = (f64::from(b.x - a.x) / length, f64::from(b.y - a.y) / length);
    let (near_x, near_y) = nearest_on_edge(a, b, x, y);
    let from_a = (near_x - f64::from(a.x)) * unit.0 + (near_y - f64::from(a.y)) * unit.1;
    let from_a = from_a.clamp(half + JAMB_CM, length - half - JAMB_CM);
    Door {
        at: Point {
            x: (f64::from(a.x) + from_a * unit.0).round() as i32,
            y: (f64::from(a.y) + from_a * unit.1).round() as i32,
        },
        along: Point {
            x: (half * unit.0).round() as i32,
            y: (half * unit.1).round() as i32,
        },
    }
}

fn length_cm((a, b): Wall) -> f64 {
    f64::from(b.x - a.x).hypot(f64::from(b.y - a.y))
}

fn parallel(one: Wall, other: Wall) -> bool {
    let (ax, ay) = (f64::from(one.1.x - one.0.x), f64::from(one.1.y - one.0.y));
    let (bx, by) = (
        f64::from(other.1.x - other.0.x),
        f64::from(other.1.y - other.0.y),
    );
    (ax * by - ay * bx).abs() <= PARALLEL * length_cm(one) * length_cm(other)
}
