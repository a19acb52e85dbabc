//! What an arrow key moves to.

use super::polygon::Bounds;
use super::{Plan, PlanShape};
use crate::ids::ShapeId;

/// Where to go on the screen.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Direction {
    /// Arrow left.
    Left,
    /// Arrow right.
    Right,
    /// Arrow up.
    Up,
    /// Arrow down.
    Down,
}

impl Direction {
    /// All four.
    pub const ALL: [Self; 4] = [Self::Left, Self::Right, Self::Up, Self::Down];
}

/// What a step to the side costs beside a step ahead, where the two rooms do not face each other.
const SIDEWAYS_COST: i64 = 3;

/// The nearest room in a direction. `None`: there is none, or `from` is not on the plan.
///
/// A room that faces the present one wins over one that lies askew; ties go to the shape drawn
/// first, so that the same key always leads the same way.
pub fn neighbour(plan: &Plan, from: ShapeId, direction: Direction) -> Option<ShapeId> {
    let here = Placed::new(plan.shape(from)?, direction);
    plan.shapes
        .iter()
        .filter(|shape| shape.kind.is_room() && shape.id != from)
        .filter_map(|shape| Some((here.cost_to(Placed::new(shape, direction))?, shape.id)))
        .min_by_key(|(cost, _)| *cost)
        .map(|(_, id)| id)
}

/// Where the keyboard enters a plan: the room nearest the upper left corner. `None`: no rooms.
pub fn first(plan: &Plan) -> Option<ShapeId> {
    plan.shapes
        .iter()
        .filter(|shape| shape.kind.is_room())
        .min_by_key(|shape| i64::from(shape.label.center.x) + i64::from(shape.label.center.y))
        .map(|shape| shape.id)
}

/// A shape seen from a direction: how far ahead it is and where it lies sideways.
#[derive(Clone, Copy)]
struct Placed {
    ahead: i64,
    sideways: i64,
    sideways_min: i64,
    sideways_max: i64,
}

impl Placed {
    fn new(shape: &PlanShape, direction: Direction) -> Self {
        let Bounds { min, max } = shape.polygon.bounds();
        let center = shape.label.center;
        let (x, y) = (i64::from(center.x), i64::from(center.y));
        let (ahead, sideways, low, high) = match direction {
            Direction::Left => (-x, y, min.y, max.y),
            Direction::Right => (x, y, min.y, max.y),
            Direction::Up => (-y, x, min.x, max.x),
            Direction::Down => (y, x, min.x, max.x),
        };
        Self {
            ahead,
            sideways,
            sideways_min: i64::from(low),
            sideways_max: i64::from(high),
        }
    }

    /// What it costs to go there. `None`: it does not lie that way.
    fn cost_to(self, there: Self) -> Option<i64> {
        let ahead = there.ahead - self.ahead;
        let sideways = (there.sideways - self.sideways).abs();
        let faces = self.sideways_min < there.sideways && there.sideways < self.sideways_max
            || there.sideways_min < self.sideways && self.sideways < there.sideways_max;
        if ahead <= 0 || (!faces && sideways > ahead) {
            return None;
        }
        Some(
            ahead
                + if faces {
                    sideways
                } else {
                    SIDEWAYS_COST * sideways
                },
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::FloorId;
    use crate::plan::{Point, Polygon, ShapeKind, label_box::label_box};

    fn plan(rooms: &[(i32, i32, i32, i32)]) -> Plan {
        let shapes = (1..)
            .zip(rooms)
            .map(|(number, &(x, y, width, height))| {
                let corners = [
                    (x, y),
                    (x + width, y),
                    (x + width, y + height),
                    (x, y + height),
                ];
                let polygon = Polygon::solid(corners.map(|(x, y)| Point { x, y }).to_vec());
                PlanShape {
                    id: ShapeId(uuid::Uuid::from_u128(number)),
                    kind: ShapeKind::Room,
                    label: label_box(&polygon),
                    polygon,
                    number: None,
                    name: None,
                    seats: None,
                }
            })
            .collect();
        Plan {
            floor: FloorId(uuid::Uuid::nil()),
            revision: 1,
            width_cm: 2_000,
            height_cm: 2_000,
            north_degrees: 0.0,
            slab: Vec::new(),
            shapes,
            doors: Vec::new(),
            attribution: None,
        }
    }

    fn id(number: u128) -> ShapeId {
        ShapeId(uuid::Uuid::from_u128(number))
    }

    #[test]
    fn arrow_keys_move_to_the_room_that_faces_this_one() {
        // 1 2 3 in a row, 4 below 1 and 2 across a corridor.
        let plan = plan(&[
            (0, 0, 300, 400),
            (300, 0, 300, 400),
            (600, 0, 300, 400),
            (0, 600, 600, 400),
        ]);
        assert_eq!(neighbour(&plan, id(1), Direction::Right), Some(id(2)));
        assert_eq!(neighbour(&plan, id(2), Direction::Right), Some(id(3)));
        assert_eq!(neighbour(&plan, id(3), Direction::Left), Some(id(2)));
        assert_eq!(neighbour(&plan, id(2), Direction::Down), Some(id(4)));
        assert_eq!(neighbour(&plan, id(4), Direction::Up), Some(id(1)));
        assert_eq!(neighbour(&plan, id(1), Direction::Left), None);
        assert_eq!(first(&plan), Some(id(1)));
    }

    #[test]
    fn a_plan_without_rooms_has_no_first_room() {
        assert_eq!(first(&plan(&[])), None);
        assert_eq!(neighbour(&plan(&[]), id(1), Direction::Up), None);
    }
}
