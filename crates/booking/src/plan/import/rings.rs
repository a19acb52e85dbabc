//! Checks rings in the coordinates of the file, so that a fault can be named in the file's words.

use super::RING_POINTS_MAX;
use super::draft::{Position, Ring};
use super::error::FeatureFault;

/// A ring that encloses something and does not cross itself.
pub(super) struct Checked {
    pub(super) ring: Ring,
    /// Its ends differed and were joined.
    pub(super) was_open: bool,
}

/// Drops repeated points and the closing one.
///
/// # Errors
/// Fewer than three points, too many, no area, or edges that cross. Corners that only touch
/// another wall are accepted: surveys have many.
pub(super) fn check(points: Vec<Position>) -> Result<Checked, FeatureFault> {
    if points.len() > RING_POINTS_MAX {
        return Err(FeatureFault::TooManyPoints {
            count: points.len(),
            limit: RING_POINTS_MAX,
        });
    }
    let mut ring = points;
    ring.dedup();
    let was_open = ring.first() != ring.last();
    if !was_open {
        ring.pop();
    }
    if ring.len() < 3 || doubled_area(&ring) == 0.0 {
        return Err(FeatureFault::TooFewPoints);
    }
    if let Some([x, y]) = crossing(&ring) {
        return Err(FeatureFault::SelfCrossing {
            near: format!("{x}, {y}"),
        });
    }
    Ok(Checked { ring, was_open })
}

/// Twice the area, in the square of the coordinates' unit; its sign tells the direction.
fn doubled_area(ring: &[Position]) -> f64 {
    // Relative to the first corner: longitudes are large against the size of a room.
    let [x0, y0] = ring.first().copied().unwrap_or_default();
    edges(ring)
        .map(|([ax, ay], [bx, by])| (ax - x0) * (by - y0) - (bx - x0) * (ay - y0))
        .sum()
}

fn edges(ring: &[Position]) -> impl Iterator<Item = (Position, Position)> + Clone + '_ {
    ring.iter()
        .copied()
        .zip(ring.iter().copied().cycle().skip(1))
}

/// The end of an edge that passes through another. `None`: the ring is simple.
fn crossing(ring: &[Position]) -> Option<Position> {
    edges(ring).enumerate().find_map(|(at, first)| {
        edges(ring)
            .skip(at + 2)
            .any(|second| cross(first, second))
            .then_some(first.1)
    })
}

/// Whether two edges pass through each other; touching is not passing.
fn cross(first: (Position, Position), second: (Position, Position)) -> bool {
    for axis in [0, 1] {
        let (a, b, c, d) = (first.0[axis], first.1[axis], second.0[axis], second.1[axis]);
        if a.max(b) < c.min(d) || c.max(d) < a.min(b) {
            return false;
        }
    }
    let parts = |(a, b): (Position, Position), (c, d): (Position, Position)| {
        side(a, b, c) * side(a, b, d) < 0.0
    };
    parts(first, second) && parts(second, first)
}

/// -1, 0 or 1: on which side of the line through `a` and `b` the point lies.
fn side([ax, ay]: Position, [bx, by]: Position, [px, py]: Position) -> f64 {
    let cross = (bx - ax) * (py - ay) - (by - ay) * (px - ax);
    let reach = (bx - ax).abs().max((by - ay).abs()) * (px - ax).abs().max((py - ay).abs());
    // Below the noise of the coordinates' own digits the point is on the line.
    if cross.abs() <= reach * 1e-9 {
        0.0
    } else {
        cross.signum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_closed_ring_loses_its_last_point_and_an_open_one_is_joined() {
        let open = vec![[0.0, 0.0], [4.0, 0.0], [4.0, 0.0], [4.0, 3.0]];
        let mut closed = open.clone();
        closed.push([0.0, 0.0]);
        assert!(check(open).unwrap().was_open);
        let checked = check(closed).unwrap();
        assert!(!checked.was_open);
        assert_eq!(checked.ring.len(), 3);
    }

    #[test]
    fn a_bow_tie_is_refused_with_the_place_named() {
        let tie = vec![[0.0, 0.0], [4.0, 3.0], [4.0, 0.0], [0.0, 3.0], [0.0, 0.0]];
        // A tie of two equal halves has no area either, so make one half larger.
        let mut uneven = tie.clone();
        uneven[1] = [6.0, 5.0];
        assert_eq!(check(tie).err(), Some(FeatureFault::TooFewPoints));
        assert!(matches!(
            check(uneven).err(),
            Some(FeatureFault::SelfCrossing { .. })
        ));
    }

    #[test]
    fn a_corner_may_touch_another_wall() {
        let touching = vec![[0.0, 0.0], [4.0, 0.0], [4.0, 4.0], [2.0, 0.0], [0.0, 4.0]];
        assert!(check(touching).is_ok());
    }
}
