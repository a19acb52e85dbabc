//! Where the label of a shape may stand.
//!
//! Around the visual centre, and around the middle of the shape, upright rectangles of several
//! proportions are grown until they meet a wall. Among them the one wins that lets a room number
//! appear earliest while zooming in. Kept free of geometry libraries so that an editor in the
//! browser can use it too.

use super::polygon::Bounds;
use super::visual_centre::visual_centre;
use super::{LabelBox, Point, Polygon};

/// Proportions (width to height) that are tried.
const PROPORTIONS: [f64; 7] = [4.0, 2.5, 1.6, 1.0, 0.6, 0.4, 0.25];
/// A room number on the screen, in pixels: what the rectangle is for.
const NUMBER_SIZE: (f64, f64) = (30.0, 14.0);
/// What a rectangle where the number must be turned is worth beside one where it need not.
const TURNED_WORTH: f64 = 0.7;
/// How much better another place must be to be taken instead of the visual centre.
const LEAVE_CENTRE: f64 = 1.15;

/// The best place for a label: always wholly inside the polygon. A polygon without an inside
/// gets a rectangle without a size.
pub fn label_box(polygon: &Polygon) -> LabelBox {
    let edges: Vec<(Point, Point)> = polygon.edges().collect();
    let bounds = polygon.bounds();
    let centre = visual_centre(polygon, bounds);
    let mut best: Option<(f64, Bounds)> = None;
    for seed in [centre, middle(bounds)] {
        if !polygon.contains(seed) {
            continue;
        }
        for proportion in PROPORTIONS {
            for sideways_first in [true, false] {
                let grown = grow(&edges, bounds, seed, proportion, sideways_first);
                let worth = if holds_point(grown, centre) {
                    worth(grown) * LEAVE_CENTRE
                } else {
                    worth(grown)
                };
                if best.is_none_or(|(known, _)| worth > known) {
                    best = Some((worth, grown));
                }
            }
        }
    }
    let Some((_, found)) = best else {
        return LabelBox {
            center: middle(bounds),
            width_cm: 0,
            height_cm: 0,
        };
    };
    // A whole centre: halves would push one side out by half a centimetre.
    let width_cm = (found.max.x - found.min.x) & !1;
    let height_cm = (found.max.y - found.min.y) & !1;
    LabelBox {
        center: Point {
            x: found.min.x + width_cm / 2,
            y: found.min.y + height_cm / 2,
        },
        width_cm,
        height_cm,
    }
}

fn middle(bounds: Bounds) -> Point {
    Point {
        x: bounds.min.x + (bounds.max.x - bounds.min.x) / 2,
        y: bounds.min.y + (bounds.max.y - bounds.min.y) / 2,
    }
}

fn holds_point(bounds: Bounds, point: Point) -> bool {
    (bounds.min.x..=bounds.max.x).contains(&point.x)
        && (bounds.min.y..=bounds.max.y).contains(&point.y)
}

/// How early a number fits while zooming in; among equals, the larger rectangle.
fn worth(rectangle: Bounds) -> f64 {
    let width = f64::from(rectangle.max.x - rectangle.min.x);
    let height = f64::from(rectangle.max.y - rectangle.min.y);
    let upright = (width / NUMBER_SIZE.0).min(height / NUMBER_SIZE.1);
    let turned = (height / NUMBER_SIZE.0).min(width / NUMBER_SIZE.1);
    upright.max(turned * TURNED_WORTH) + 0.002 * (width * height).sqrt()
}

/// The largest rectangle of a proportion around the seed, then each side moved out by itself.
fn grow(
    edges: &[(Point, Point)],
    limits: Bounds,
    seed: Point,
    proportion: f64,
    sideways_first: bool,
) -> Bounds {
    let reach = (limits.max.x - limits.min.x).max(limits.max.y - limits.min.y);
    let around = |half_height: i32| {
        let half_width = (f64::from(half_height) * proportion) as i32;
        Bounds {
            min: Point {
                x: seed.x - half_width,
                y: seed.y - half_height,
            },
            max: Point {
                x: seed.x + half_width,
                y: seed.y + half_height,
            },
        }
    };
    let half_height = largest(reach, |half| is_clear(edges, around(half)));
    let mut grown = around(half_height);
    let sides: [Side; 4] = if sideways_first {
        [Side::Left, Side::Right, Side::Top, Side::Bottom]
    } else {
        [Side::Top, Side::Bottom, Side::Left, Side::Right]
    };
    for side in sides {
        let step = largest(reach, |by| is_clear(edges, side.moved(grown, by)));
        grown = side.moved(grown, step);
    }
    grown
}

#[derive(Clone, Copy)]
enum Side {
    Left,
    Right,
    Top,
    Bottom,
}

impl Side {
    /// The rectangle with this side moved outwards.
    const fn moved(self, mut rectangle: Bounds, by: i32) -> Bounds {
        match self {
            Self::Left => rectangle.min.x -= by,
            Self::Right => rectangle.max.x += by,
            Self::Top => rectangle.min.y -= by,
            Self::Bottom => rectangle.max.y += by,
        }
        rectangle
    }
}

/// The largest number up to `limit` for which `fits` holds, given that it holds from 0 up to
/// some number and for none above.
fn largest(limit: i32, fits: impl Fn(i32) -> bool) -> i32 {
    let (mut low, mut high) = (0, limit + 1);
    while high - low > 1 {
        let half = low + (high - low) / 2;
        if fits(half) {
            low = half;
        } else {
            high = half;
        }
    }
    low
}

/// Whether no wall passes through the inside of the rectangle.
fn is_clear(edges: &[(Point, Point)], rectangle: Bounds) -> bool {
    !edges.iter().any(|(a, b)| passes_through(*a, *b, rectangle))
}

/// Liang and Barsky's clipping, on the open rectangle: running along its rim is not passing.
fn passes_through(a: Point, b: Point, rectangle: Bounds) -> bool {
    if a.x.max(b.x) <= rectangle.min.x
        || a.x.min(b.x) >= rectangle.max.x
        || a.y.max(b.y) <= rectangle.min.y
        || a.y.min(b.y) >= rectangle.max.y
    {
        return false;
    }
    let (dx, dy) = (f64::from(b.x - a.x), f64::from(b.y - a.y));
    let sides = [
        (-dx, f64::from(a.x - rectangle.min.x)),
        (dx, f64::from(rectangle.max.x - a.x)),
        (-dy, f64::from(a.y - rectangle.min.y)),
        (dy, f64::from(rectangle.max.y - a.y)),
    ];
    let (mut enter, mut leave) = (0.0_f64, 1.0_f64);
    for (slope, room) in sides {
        if slope == 0.0 {
            if room <= 0.0 {
                return false;
            }
        } else if slope < 0.0 {
            enter = enter.max(room / slope);
        } else {
            leave = leave.min(room / slope);
        }
    }
    enter < leave
}

#[cfg(test)]
mod tests {
    use super::*;

    fn polygon(points: &[(i32, i32)]) -> Polygon {
        Polygon::solid(points.iter().map(|&(x, y)| Point { x, y }).collect())
    }

    #[test]
    fn a_rectangle_is_its_own_label_box() {
        let room = polygon(&[(0, 0), (400, 0), (400, 300), (0, 300)]);
        assert_eq!(
            label_box(&room),
            LabelBox {
                center: Point { x: 200, y: 150 },
                width_cm: 400,
                height_cm: 300
            }
        );
    }

    #[test]
    fn in_an_l_shape_the_label_stands_in_the_wider_arm() {
        let room = polygon(&[
            (0, 0),
            (900, 0),
            (900, 400),
            (200, 400),
            (200, 900),
            (0, 900),
        ]);
        let found = label_box(&room);
        assert_eq!((found.width_cm, found.height_cm), (900, 400));
    }

    #[test]
    fn a_label_never_stands_in_a_hole() {
        let mut room = polygon(&[(0, 0), (1000, 0), (1000, 600), (0, 600)]);
        room.holes = vec![polygon(&[(400, 200), (600, 200), (600, 400), (400, 400)]).outer];
        let found = label_box(&room);
        let apart = (found.center.x - 500).abs() >= 100 + found.width_cm / 2
            || (found.center.y - 300).abs() >= 100 + found.height_cm / 2;
        assert!(apart && found.width_cm >= 400, "{found:?}");
    }

    #[test]
    fn a_polygon_without_an_inside_has_a_label_box_without_a_size() {
        for flat in [polygon(&[]), polygon(&[(5, 5), (50, 5), (5, 5)])] {
            assert_eq!(label_box(&flat).width_cm, 0);
        }
    }
}
