//! A made-up floor in which every state, a courtyard and a narrow room occur.

use booking::ids::{BuildingId, FloorId, RoomId, ShapeId};
use booking::mirror::{LagShown, MirrorState, Reading, RoomMirror};
use booking::place::Floor;
use booking::plan::label_box::label_box;
use booking::plan::{Door, Plan, PlanShape, Point, Polygon, ShapeKind};
use booking::room::{Equipment, EquipmentSet, Room, Seats};
use booking::room_day::RoomDay;
use booking::search::RoomState;
use booking::time::{DAY_MS, Instant, TimeRange, ZoneName};
use uuid::Uuid;

use crate::components::plan_view::{PlanLooks, RoomLook};
use crate::components::series_strip::{StripDate, StripState, TONES};

/// Depth of a room from the corridor to the outer wall, in centimetres.
const DEPTH: i32 = 520;
/// Width of the corridor around the courtyard.
const CORRIDOR: i32 = 240;
/// Widths of the rooms of a side, from the left.
const WIDTHS: [i32; 9] = [420, 360, 700, 180, 360, 360, 520, 360, 340];

/// Four floors.
pub(super) fn floors() -> Vec<Floor> {
    (0..4)
        .map(|level| Floor {
            id: FloorId(Uuid::from_u128(100 + level as u128)),
            level,
            label: level.to_string(),
            sections: Vec::new(),
        })
        .collect()
}

/// The dates of a series in every state and every colour.
pub(super) fn strip() -> Vec<StripDate> {
    let date = |at: u8| StripDate {
        key: at.to_string(),
        day: format!("Tue {} Dec", at + 1),
        room: format!("10{}", 60 + at),
        tone: at % TONES,
        state: match at {
            6 => StripState::NoRoom,
            7 => StripState::LeftOut,
            _ => StripState::Room,
        },
        moved: if at == 3 { "12:00–13:00" } else { "" }.to_owned(),
        lost: if at == 4 { "was 1066" } else { "" }.to_owned(),
        is_change: at == 1,
        is_chosen: at == 2,
        spoken: format!("Tue {} Dec: Room 10{}", at + 1, 60 + at),
    };
    (0..TONES + 2).map(date).collect()
}

/// A room with everything a card can show.
pub(super) fn room() -> Room {
    Room {
        id: RoomId(Uuid::from_u128(1)),
        building: BuildingId(Uuid::from_u128(2)),
        floor: FloorId(Uuid::from_u128(101)),
        number: "1066".to_owned(),
        name: "1066".to_owned(),
        seats: Some(Seats {
            count: 11,
            guessed: false,
        }),
        equipment: EquipmentSet::EMPTY
            .with(Equipment::Video)
            .with(Equipment::Whiteboard),
        step_free: Some(true),
        link: None,
        shape: None,
        zone: ZoneName::utc(),
    }
}

/// When the page is looked at.
pub(super) const NOW: Instant = Instant(1_795_509_000_000);

/// A day of that room, and how true it is.
pub(super) fn day() -> Option<RoomDay> {
    Some(RoomDay {
        day: TimeRange::new(NOW, NOW.plus_ms(DAY_MS)).ok()?,
        meetings: Vec::new(),
        mirror: Some(RoomMirror {
            state: MirrorState::InSync,
            in_sync_as_of: Some(NOW.plus_ms(-40_000)),
            polled: None,
            checked_at: Some(NOW.plus_ms(-3 * 3_600_000)),
            lag: LagShown {
                samples: 9,
                p50_ms: Some(1_000),
                p95_ms: Some(5_000),
            },
        }),
        reading: Reading::Events,
    })
}

/// Two rows of rooms around a courtyard.
pub(super) fn plan() -> Plan {
    let width: i32 = WIDTHS.iter().sum();
    let height = 2 * DEPTH + 4 * CORRIDOR;
    let yard = rectangle(900, DEPTH + CORRIDOR, width - 1_800, 2 * CORRIDOR);
    let mut shapes = vec![
        shape(
            1,
            ShapeKind::Stairs,
            None,
            rectangle(0, DEPTH + CORRIDOR, 400, 2 * CORRIDOR),
        ),
        shape(
            2,
            ShapeKind::Toilet,
            None,
            rectangle(width - 400, DEPTH + CORRIDOR, 400, 2 * CORRIDOR),
        ),
    ];
    let mut doors = Vec::new();
    for (row, wall) in [(0, DEPTH), (1, height - DEPTH)] {
        let mut x = 0;
        for (column, room_width) in WIDTHS.into_iter().enumerate() {
            let number = 1_001 + row * WIDTHS.len() + column;
            let top = if row == 0 { 0 } else { height - DEPTH };
            let outline = rectangle(x, top, room_width, DEPTH);
            shapes.push(shape(
                number as u128,
                ShapeKind::Room,
                Some(number.to_string()),
                outline,
            ));
            doors.push(Door {
                at: Point {
                    x: x + room_width / 2,
                    y: wall,
                },
                along: Point { x: 45, y: 0 },
            });
            x += room_width;
        }
    }
    Plan {
        floor: FloorId(Uuid::from_u128(101)),
        revision: 1,
        width_cm: width,
        height_cm: height,
        north_degrees: 24.0,
        slab: vec![Polygon {
            outer: rectangle(0, 0, width, height).outer,
            holes: vec![yard.outer],
        }],
        shapes,
        doors,
        attribution: Some("© Contoso Facilities".to_owned()),
    }
}

/// Each state in turn.
pub(super) fn looks(plan: &Plan) -> PlanLooks {
    plan.shapes
        .iter()
        .filter(|shape| shape.kind.is_room())
        .zip(RoomState::ALL.into_iter().cycle())
        .map(|(shape, state)| {
            let look = RoomLook {
                state,
                number: shape.number.clone().unwrap_or_default(),
                seats: Some(8),
                until: Some("until 14:30".to_owned()),
            };
            (shape.id, look)
        })
        .collect()
}

fn shape(id: u128, kind: ShapeKind, number: Option<String>, polygon: Polygon) -> PlanShape {
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
    let corners = [
        (x, y),
        (x + width, y),
        (x + width, y + height),
        (x, y + height),
    ];
    Polygon {
        outer: corners.map(|(x, y)| Point { x, y }).to_vec(),
        holes: Vec::new(),
    }
}
