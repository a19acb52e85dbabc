//! Areas, bounds, and what lies inside an outline.

use super::{Point, Polygon};

/// An upright rectangle, both corners included.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Bounds {
    /// Upper left corner.
    pub min: Point,
    /// Lower right corner.
    pub max: Point,
}

impl Bounds {
    /// The smallest rectangle around the points. `None`: there are no points.
    pub fn around(points: impl IntoIterator<Item = Point>) -> Option<Self> {
        points.into_iter().fold(None, |bounds, point| {
            Some(bounds.map_or(
                Self {
                    min: point,
                    max: point,
                },
                |bounds: Self| Self {
                    min: Point {
                        x: bounds.min.x.min(point.x),
                        y: bounds.min.y.min(point.y),
                    },
                    max: Point {
                        x: bounds.max.x.max(point.x),
                        y: bounds.max.y.max(point.y),
                    },
                },
            ))
        })
    }
}

impl Polygon {
    /// A polygon without holes.
    pub const fn solid(outer: Vec<Point>) -> Self {
        Self {
            outer,
            holes: Vec::new(),
        }
    }

    /// The outer ring, then the holes.
    pub fn rings(&self) -> impl Iterator<Item = &[Point]> {
        std::iter::once(self.outer.as_slice()).chain(self.holes.iter().map(Vec::as_slice))
    }

    /// Every edge of every ring, the closing ones included.
    pub fn edges(&self) -> impl Iterator<Item = (Point, Point)> {
        self.rings().flat_map(ring_edges)
    }

    /// The smallest upright rectangle around it; a point at the origin where it has no points.
    pub fn bounds(&self) -> Bounds {
        let origin = Point { x: 0, y: 0 };
        Bounds::around(self.outer.iter().copied()).unwrap_or(Bounds {
            min: origin,
            max: origin,
        })
    }

    /// Its area in square metres, holes taken off.
    pub fn area_m2(&self) -> f64 {
        let mut rings = self.rings().map(|ring| doubled_area_cm2(ring).abs());
        let outer = rings.next().unwrap_or(0);
        (outer - rings.sum::<i64>()).max(0) as f64 / 20_000.0
    }

    /// Whether the point lies inside; on the outline itself either answer may be given.
    pub fn contains(&self, point: Point) -> bool {
        let (x, y) = (f64::from(point.x), f64::from(point.y));
        self.edges()
            .filter(|(a, b)| crosses_ray(*a, *b, x, y))
            .count()
            % 2
            == 1
    }

    /// Distance in centimetres from the outline: positive inside, negative outside.
    pub fn depth_cm(&self, x: f64, y: f64) -> f64 {
        let mut inside = false;
        let mut nearest = f64::INFINITY;
        for (a, b) in self.edges() {
            inside ^= crosses_ray(a, b, x, y);
            nearest = nearest.min(distance_cm(a, b, x, y));
        }
        if inside { nearest } else { -nearest }
    }
}

/// The edges of one ring, the closing one included.
pub fn ring_edges(ring: &[Point]) -> impl Iterator<Item = (Point, Point)> + '_ {
    ring.iter()
        .copied()
        .zip(ring.iter().copied().cycle().skip(1))
}

/// Twice the area of a ring, positive where its points run clockwise on the screen (y is down).
pub fn doubled_area_cm2(ring: &[Point]) -> i64 {
    ring_edges(ring)
        .map(|(a, b)| i64::from(a.x) * i64::from(b.y) - i64::from(b.x) * i64::from(a.y))
        .sum()
}

/// The ring without corners that leave the line between their neighbours by less than
/// `tolerance_cm`. Corners that stay do not move.
pub fn straightened(ring: &[Point], tolerance_cm: f64) -> Vec<Point> {
    let mut kept: Vec<Point> = Vec::with_capacity(ring.len());
    for (at, &corner) in ring.iter().enumerate() {
        let before = kept.last().or(ring.last()).copied().unwrap_or(corner);
        let after = ring.get(at + 1).or(kept.first()).copied().unwrap_or(corner);
        let off = distance_cm(before, after, f64::from(corner.x), f64::from(corner.y));
        if off >= tolerance_cm {
            kept.push(corner);
        }
    }
    kept
}

/// Distance in centimetres between a point and an edge.
pub fn distance_cm(a: Point, b: Point, x: f64, y: f64) -> f64 {
    let (nearest_x, nearest_y) = nearest_on_edge(a, b, x, y);
    (x - nearest_x).hypot(y - nearest_y)
}

/// The point of an edge that is nearest to `(x, y)`.
pub fn nearest_on_edge(a: Point, b: Point, x: f64, y: f64) -> (f64, f64) {
    let (ax, ay) = (f64::from(a.x), f64::from(a.y));
    let (dx, dy) = (f64::from(b.x) - ax, f64::from(b.y) - ay);
    let length_squared = dx * dx + dy * dy;
    let along = if length_squared == 0.0 {
        0.0
    } else {
        (((x - ax) * dx + (y - ay) * dy) / length_squared).clamp(0.0, 1.0)
    };
    (ax + along * dx, ay + along * dy)
}

/// Whether a ray from `(x, y)` to the right passes through the edge.
fn crosses_ray(a: Point, b: Point, x: f64, y: f64) -> bool {
    let (ax, ay) = (f64::from(a.x), f64::from(a.y));
    let (bx, by) = (f64::from(b.x), f64::from(b.y));
    (ay > y) != (by > y) && x < (bx - ax) * (y - ay) / (by - ay) + ax
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A square of `size` metres with its corner at `(at, at)` metres.
    fn square(at: i32, size: i32) -> Vec<Point> {
        let (near, far) = (at * 100, (at + size) * 100);
        [(near, near), (far, near), (far, far), (near, far)]
            .map(|(x, y)| Point { x, y })
            .to_vec()
    }

    #[test]
    fn a_courtyard_counts_neither_as_area_nor_as_inside() {
        let ring = Polygon {
            outer: square(0, 10),
            holes: vec![square(4, 2)],
        };
        assert_eq!(ring.area_m2(), 96.0);
        assert!(ring.contains(Point { x: 200, y: 500 }));
        assert!(!ring.contains(Point { x: 500, y: 500 }));
        assert!(!ring.contains(Point { x: 1_500, y: 500 }));
        assert_eq!(ring.depth_cm(200.0, 500.0), 200.0);
        assert_eq!(ring.depth_cm(500.0, 500.0), -100.0);
    }
}
