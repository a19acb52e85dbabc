//! The text of SVG: paths, gaps for doors, the view box. One unit is one centimetre.

use std::fmt::Write as _;

use super::polygon::ring_edges;
use super::{Door, Plan, Point, Polygon};

/// The `d` of a `<path>`: every ring closed. Fill with `fill-rule="evenodd"` so that holes stay
/// open.
pub fn path_data(polygon: &Polygon) -> String {
    let mut path = String::new();
    for ring in polygon.rings() {
        push_ring(&mut path, ring);
    }
    path
}

/// The `d` of one `<path>` for several polygons, such as a slab.
pub fn paths_data(polygons: &[Polygon]) -> String {
    let mut path = String::new();
    for ring in polygons.iter().flat_map(Polygon::rings) {
        push_ring(&mut path, ring);
    }
    path
}

/// The two ends of the gap that a door makes in its wall.
pub fn door_gap(door: &Door) -> (Point, Point) {
    let Door { at, along } = door;
    (
        Point {
            x: at.x - along.x,
            y: at.y - along.y,
        },
        Point {
            x: at.x + along.x,
            y: at.y + along.y,
        },
    )
}

/// The `d` of one `<path>` that holds the gaps of all doors; stroke it in the floor's colour.
pub fn door_gaps_data(doors: &[Door]) -> String {
    let mut path = String::new();
    for (from, to) in doors.iter().map(door_gap) {
        // Writing to a String cannot fail.
        let _ = write!(path, "M{} {}L{} {}", from.x, from.y, to.x, to.y);
    }
    path
}

/// The `viewBox` that shows the whole plan.
pub fn view_box(plan: &Plan) -> String {
    format!("0 0 {} {}", plan.width_cm, plan.height_cm)
}

fn push_ring(path: &mut String, ring: &[Point]) {
    let mut command = 'M';
    for (point, _) in ring_edges(ring) {
        let _ = write!(path, "{command}{} {}", point.x, point.y);
        command = 'L';
    }
    if command == 'L' {
        path.push('Z');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rings_are_closed_and_written_in_whole_centimetres() {
        let point = |x, y| Point { x, y };
        let polygon = Polygon {
            outer: vec![point(0, 0), point(900, 0), point(0, 600)],
            holes: vec![vec![point(10, 10), point(20, 10), point(10, -5)]],
        };
        assert_eq!(path_data(&polygon), "M0 0L900 0L0 600ZM10 10L20 10L10 -5Z");
        assert_eq!(path_data(&Polygon::solid(Vec::new())), "");
        assert_eq!(paths_data(&[]), "");
    }

    #[test]
    fn a_door_is_a_gap_around_its_middle() {
        let door = Door {
            at: Point { x: 100, y: 50 },
            along: Point { x: 45, y: 0 },
        };
        assert_eq!(door_gaps_data(&[door]), "M55 50L145 50");
    }
}
