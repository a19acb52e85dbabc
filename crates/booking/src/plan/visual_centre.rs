//! The point of a shape that is farthest from every wall: where the eye looks for its label.

use std::cmp::Ordering;
use std::collections::BinaryHeap;

use super::polygon::Bounds;
use super::{Point, Polygon};

/// Squares looked at while searching one shape.
const SQUARES_MAX: usize = 400;

/// The point farthest from every wall, to within a fiftieth of the shape's size: squares are
/// divided, the most promising first.
pub fn visual_centre(polygon: &Polygon, bounds: Bounds) -> Point {
    let (width, height) = (
        f64::from(bounds.max.x - bounds.min.x),
        f64::from(bounds.max.y - bounds.min.y),
    );
    let half = width.max(height) / 2.0;
    let precision = (half / 50.0).max(1.0);
    let start = Square::new(
        polygon,
        f64::from(bounds.min.x) + width / 2.0,
        f64::from(bounds.min.y) + height / 2.0,
        half,
    );
    let mut best = (start.depth, start.x, start.y);
    let mut waiting = BinaryHeap::from([start]);
    for _ in 0..SQUARES_MAX {
        let Some(square) = waiting.pop() else { break };
        if square.bound() <= best.0 + precision {
            break;
        }
        let half = square.half / 2.0;
        for (dx, dy) in [(-1.0, -1.0), (1.0, -1.0), (-1.0, 1.0), (1.0, 1.0)] {
            let quarter = Square::new(polygon, square.x + dx * half, square.y + dy * half, half);
            if quarter.depth > best.0 {
                best = (quarter.depth, quarter.x, quarter.y);
            }
            waiting.push(quarter);
        }
    }
    Point {
        x: best.1.round() as i32,
        y: best.2.round() as i32,
    }
}

/// A square that may hold the visual centre.
struct Square {
    x: f64,
    y: f64,
    half: f64,
    depth: f64,
}

impl Square {
    fn new(polygon: &Polygon, x: f64, y: f64, half: f64) -> Self {
        Self {
            x,
            y,
            half,
            depth: polygon.depth_cm(x, y),
        }
    }

    /// No point of the square can be deeper than this.
    fn bound(&self) -> f64 {
        self.depth + self.half * std::f64::consts::SQRT_2
    }
}

impl PartialEq for Square {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Square {}

impl PartialOrd for Square {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Square {
    fn cmp(&self, other: &Self) -> Ordering {
        self.bound().total_cmp(&other.bound())
    }
}
