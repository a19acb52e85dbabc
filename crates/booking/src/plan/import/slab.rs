//! The floor slab: the union of what is drawn, with the walls between closed and courtyards open.

use geo::algorithm::buffer::{BufferStyle, LineJoin};
use geo::{Buffer, Coord, LineString, MultiPolygon, Orient, orient::Direction, unary_union};

use crate::plan::polygon::{Bounds, doubled_area_cm2};
use crate::plan::{PlanShape, Point, Polygon};

/// Half the thickness of a wall that is closed, in centimetres.
const HALF_WALL_CM: f64 = 20.0;
/// Corners sharper than this (radians) are cut instead of drawn out.
const MITRE_ANGLE_MIN: f64 = 0.5;
/// A hole smaller than this is a shaft or a gap in the survey, no courtyard.
const COURTYARD_M2_MIN: f64 = 6.0;
/// A piece smaller than this is a splinter.
const PIECE_M2_MIN: f64 = 0.5;
/// A corner that leaves the line between its neighbours by less than this is no corner.
const STRAIGHT_CM: f64 = 2.0;

/// The slab under the shapes.
pub(super) fn slab(shapes: &[PlanShape]) -> Vec<Polygon> {
    let pieces: Vec<geo::Polygon<f64>> = shapes.iter().map(|shape| flat(&shape.polygon)).collect();
    let union: MultiPolygon<f64> = unary_union(&pieces);
    // Grown, then shrunk again: what is closed on the way stays closed.
    let style = |by: f64| BufferStyle::new(by).line_join(LineJoin::Miter(MITRE_ANGLE_MIN));
    let closed = union
        .buffer_with_style(style(HALF_WALL_CM))
        .buffer_with_style(style(-HALF_WALL_CM));
    let limits = Bounds::around(
        shapes
            .iter()
            .flat_map(|shape| shape.polygon.outer.iter().copied()),
    );
    closed
        .iter()
        .filter_map(|piece| {
            let outer = ring(piece.exterior(), limits, PIECE_M2_MIN)?;
            let holes = piece
                .interiors()
                .iter()
                .filter_map(|hole| ring(hole, limits, COURTYARD_M2_MIN))
                .collect();
            Some(Polygon { outer, holes })
        })
        .collect()
}

fn flat(polygon: &Polygon) -> geo::Polygon<f64> {
    let line = |ring: &[Point]| -> LineString<f64> {
        ring.iter()
            .map(|point| Coord {
                x: f64::from(point.x),
                y: f64::from(point.y),
            })
            .collect()
    };
    let holes = polygon.holes.iter().map(|hole| line(hole)).collect();
    // One direction for all: the union counts how often a place is surrounded.
    geo::Polygon::new(line(&polygon.outer), holes).orient(Direction::Default)
}

/// Back to centimetres, without needless corners. `None`: smaller than `m2_min`.
fn ring(line: &LineString<f64>, limits: Option<Bounds>, m2_min: f64) -> Option<Vec<Point>> {
    let Bounds { min, max } = limits?;
    let mut points: Vec<Point> = line
        .coords()
        .map(|at| Point {
            x: (at.x.round() as i32).clamp(min.x, max.x),
            y: (at.y.round() as i32).clamp(min.y, max.y),
        })
        .collect();
    points.dedup();
    if points.first() == points.last() {
        points.pop();
    }
    let points = crate::plan::polygon::straightened(&points, STRAIGHT_CM);
    let area_m2 = doubled_area_cm2(&points).abs() as f64 / 20_000.0;
    (points.len() >= 3 && area_m2 >= m2_min).then_some(points)
}
