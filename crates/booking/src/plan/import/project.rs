//! From longitude and latitude to metres on a sheet whose dominant walls are straight.

use super::draft::{Area, Position};

/// Radius of the Earth at the equator and polar flattening, WGS 84.
const EQUATOR_M: f64 = 6_378_137.0;
const FLATTENING: f64 = 1.0 / 298.257_223_563;

/// A flat frame around a place; over a building's extent the error is below a millimetre per
/// hundred metres.
pub(super) struct Projection {
    origin: Position,
    metres_per_degree: Position,
    /// Cosine and sine of the turn.
    turn: (f64, f64),
    /// Degrees clockwise from straight up to north.
    pub(super) north_degrees: f64,
}

impl Projection {
    /// A frame with north up.
    pub(super) fn around(origin: Position) -> Self {
        let latitude = origin[1].to_radians();
        let squashed = FLATTENING * (2.0 - FLATTENING);
        let w = (1.0 - squashed * latitude.sin().powi(2)).sqrt();
        let across = EQUATOR_M / w * latitude.cos();
        let along = EQUATOR_M * (1.0 - squashed) / w.powi(3);
        Self {
            origin,
            metres_per_degree: [across.to_radians(), along.to_radians()],
            turn: (1.0, 0.0),
            north_degrees: 0.0,
        }
    }

    /// The same frame turned so that the dominant walls of these areas (given in longitude and
    /// latitude) are straight, by at most 45° either way: north stays roughly up.
    pub(super) fn straightened<'a>(self, areas: impl Iterator<Item = &'a Area>) -> Self {
        let flat = areas.map(|area| area.map(|position| self.place(position)));
        let turn = -dominant_degrees(flat);
        let (sin, cos) = turn.to_radians().sin_cos();
        Self {
            turn: (cos, sin),
            north_degrees: turn,
            ..self
        }
    }

    /// Metres to the right of and below the origin.
    pub(super) fn place(&self, [longitude, latitude]: Position) -> Position {
        let x = (longitude - self.origin[0]) * self.metres_per_degree[0];
        let y = -(latitude - self.origin[1]) * self.metres_per_degree[1];
        let (cos, sin) = self.turn;
        // With y down, a positive angle turns clockwise, as a compass does.
        [x * cos - y * sin, x * sin + y * cos]
    }
}

/// How far the walls are turned clockwise from straight, in degrees from -45 up to 45; 0 where
/// there are none. Every edge counts by its length; directions a right angle apart are the same.
fn dominant_degrees(areas: impl Iterator<Item = Area>) -> f64 {
    let mut walls: Vec<(f64, f64)> = Vec::new();
    for area in areas {
        for ring in std::iter::once(&area.outer).chain(&area.holes) {
            for (a, b) in ring.iter().zip(ring.iter().cycle().skip(1)) {
                let (dx, dy) = (b[0] - a[0], b[1] - a[1]);
                walls.push((dy.atan2(dx).to_degrees().rem_euclid(90.0), dx.hypot(dy)));
            }
        }
    }
    // The peak first, so that a slanted wing does not pull the answer, then its mean to a
    // fraction of a degree.
    let mut lengths = [0.0_f64; 90];
    for (angle, length) in &walls {
        lengths[(*angle as usize).min(89)] += length;
    }
    let smoothed = |at: usize| lengths[(at + 89) % 90] + lengths[at] + lengths[(at + 1) % 90];
    let peak = (0..90)
        .max_by(|a, b| smoothed(*a).total_cmp(&smoothed(*b)))
        .map_or(0.0, |at| at as f64 + 0.5);
    let (mut sum, mut weight) = (0.0, 0.0);
    for (angle, length) in walls {
        let off = (angle - peak + 45.0).rem_euclid(90.0) - 45.0;
        if off.abs() <= 4.0 {
            sum += off * length;
            weight += length;
        }
    }
    if weight == 0.0 {
        return 0.0;
    }
    (peak + sum / weight + 45.0).rem_euclid(90.0) - 45.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn walls_stand_straight_and_north_is_known_after_turning() {
        for degrees in [-40.0_f64, -12.5, 0.0, 7.25, 44.0] {
            let flat = Projection::around([13.7, 51.0]);
            let (sin, cos) = degrees.to_radians().sin_cos();
            let corners = [[0.0, 0.0], [30.0, 0.0], [30.0, 10.0], [0.0, 10.0]];
            let outer = corners
                .map(|[x, y]: Position| {
                    // Clockwise on the ground by `degrees`, then back to longitude and latitude.
                    let (east, south) = (x * cos - y * sin, x * sin + y * cos);
                    [
                        13.7 + east / flat.metres_per_degree[0],
                        51.0 - south / flat.metres_per_degree[1],
                    ]
                })
                .to_vec();
            let area = Area {
                outer,
                holes: Vec::new(),
            };
            let straight = flat.straightened(std::iter::once(&area));
            assert!((straight.north_degrees + degrees).abs() < 0.01);
            let placed = area.map(|position| straight.place(position));
            assert!((placed.outer[1][0] - 30.0).abs() < 0.01, "{degrees}");
            assert!(placed.outer[1][1].abs() < 0.01, "{degrees}");
        }
    }
}
