//! A floor of a hundred rooms on both sides of ten corridors.

use booking::ids::ShapeId;
use booking::plan::label_box::label_box;
use booking::plan::{Door, Plan, PlanShape, Point, Polygon, ShapeKind};
use booking::room::Room;
use uuid::Uuid;

const PER_ROW: usize = 10;
const ROOM_WIDTH_CM: i32 = 500;
const ROOM_HEIGHT_CM: i32 = 400;
const CORRIDOR_CM: i32 = 200;

/// Draws the rooms' floor, and ties each room to its outline.
pub(crate) fn draw(rooms: &mut [Room]) -> Plan {
    let rows = rooms.len().div_ceil(PER_ROW) as i32;
    let (width_cm, height_cm) = (
        PER_ROW as i32 * ROOM_WIDTH_CM,
        rows * (ROOM_HEIGHT_CM + CORRIDOR_CM),
    );
    let floor = rooms[0].floor;
    let corridors = (0..rows).map(|row| {
        let top = row * (ROOM_HEIGHT_CM + CORRIDOR_CM) + ROOM_HEIGHT_CM;
        let polygon = rectangle(0, top, width_cm, CORRIDOR_CM);
        shape(0xc000 + row as u128, ShapeKind::Corridor, polygon, None)
    });
    let mut shapes: Vec<PlanShape> = corridors.collect();
    let mut doors = Vec::new();
    for (at, room) in rooms.iter_mut().enumerate() {
        let left = (at % PER_ROW) as i32 * ROOM_WIDTH_CM;
        let top = (at / PER_ROW) as i32 * (ROOM_HEIGHT_CM + CORRIDOR_CM);
        let polygon = rectangle(left, top, ROOM_WIDTH_CM, ROOM_HEIGHT_CM);
        let mut drawn = shape(
            room.id.0.as_u128(),
            ShapeKind::Room,
            polygon,
            Some(room.number.clone()),
        );
        drawn.seats = room.seats;
        room.shape = Some(drawn.id);
        shapes.push(drawn);
        doors.push(Door {
            at: Point {
                x: left + ROOM_WIDTH_CM / 2,
                y: top + ROOM_HEIGHT_CM,
            },
            along: Point { x: 45, y: 0 },
        });
    }
    Plan {
        floor,
        revision: 1,
        width_cm,
        height_cm,
        north_degrees: 0.0,
        slab: vec![rectangle(0, 0, width_cm, height_cm)],
        shapes,
        doors,
        attribution: None,
    }
}

fn shape(id: u128, kind: ShapeKind, polygon: Polygon, number: Option<String>) -> PlanShape {
    PlanShape {
        id: ShapeId(Uuid::from_u128(id)),
        kind,
        label: label_box(&polygon),
        polygon,
        number,
        name: None,
        seats: None,
    }
}

fn rectangle(x: i32, y: i32, width: i32, height: i32) -> Polygon {
    let corner = |x, y| Point { x, y };
    Polygon {
        outer: vec![
            corner(x, y),
            corner(x + width, y),
            corner(x + width, y + height),
            corner(x, y + height),
        ],
        holes: Vec::new(),
    }
}
