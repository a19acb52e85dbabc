//! The drawing of one floor.
//!
//! Coordinates are whole centimetres in the plan's own frame: x to the right, y **down** (as SVG
//! has it), the drawing already turned so that its dominant walls are straight. Nothing here
//! knows longitude or latitude; importers have dealt with that.
//!
//! | to learn about | open |
//! |---|---|
//! | areas, bounds, what lies inside | [`polygon`] |
//! | where a label may stand, and what is written there at a zoom | [`visual_centre`], [`label_box`], [`labels`] |
//! | what the arrow keys move to | [`neighbours`] |
//! | the text of an SVG path | [`outline`] |
//! | which mailbox belongs to which room | [`binding`] |
//! | a new drawing of a floor that is known | [`succession`] |
//! | files of others and of our own (feature `import`) | `import` |

pub mod binding;
#[cfg(feature = "import")]
pub mod import;
pub mod label_box;
pub mod labels;
pub mod neighbours;
pub mod outline;
pub mod polygon;
pub mod succession;
pub mod visual_centre;

use serde::{Deserialize, Serialize};

use crate::ids::{FloorId, ShapeId};

/// A floor's drawing.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Plan {
    /// The floor it draws.
    pub floor: FloorId,
    /// Goes up by one with every publication; 1 is the first.
    pub revision: u32,
    /// Width in centimetres; every point has `0 <= x <= width_cm`.
    pub width_cm: i32,
    /// Height in centimetres; every point has `0 <= y <= height_cm`.
    pub height_cm: i32,
    /// Where north is: degrees clockwise from straight up.
    pub north_degrees: f32,
    /// The floor slab: what of the sheet is building, courtyards cut out.
    pub slab: Vec<Polygon>,
    /// Every outline, scenery first, in the order to draw them.
    pub shapes: Vec<PlanShape>,
    /// Doors, drawn as gaps in the walls.
    pub doors: Vec<Door>,
    /// Whom to name for the data, such as `© OpenStreetMap contributors, ODbL`. `None`: our own.
    pub attribution: Option<String>,
}

/// A point in centimetres.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct Point {
    /// To the right.
    pub x: i32,
    /// Down.
    pub y: i32,
}

/// An outline with holes. Rings are not closed: the last point differs from the first.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Polygon {
    /// The outer ring, at least three points.
    pub outer: Vec<Point>,
    /// Inner rings.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub holes: Vec<Vec<Point>>,
}

/// One outline on a plan.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct PlanShape {
    /// Its id, kept when a new version of the drawing moves its walls.
    pub id: ShapeId,
    /// What it is.
    pub kind: ShapeKind,
    /// Where it is.
    pub polygon: Polygon,
    /// The number at its door. `None`: it has none.
    pub number: Option<String>,
    /// Its name, where it differs from the number.
    pub name: Option<String>,
    /// Seats, as the drawing says or as guessed from the area; rooms only.
    pub seats: Option<crate::room::Seats>,
    /// Where its label may stand.
    pub label: LabelBox,
}

/// What an outline stands for.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ShapeKind {
    /// Something a mailbox can be linked to.
    Room,
    /// A room nobody meets in, such as a store or a plant room: drawn with its number, never
    /// linked.
    Utility,
    /// A way through.
    Corridor,
    /// Stairs.
    Stairs,
    /// A lift.
    Lift,
    /// A toilet.
    Toilet,
    /// Anything else that helps to know where one is.
    Scenery,
}

impl ShapeKind {
    /// Whether a mailbox can be linked to it, so that people can book it.
    pub const fn is_bookable(self) -> bool {
        matches!(self, Self::Room)
    }

    /// Whether it is drawn as a room, with its number, bookable or not.
    pub const fn is_room(self) -> bool {
        matches!(self, Self::Room | Self::Utility)
    }
}

/// The largest upright rectangle found around the visual centre of a shape.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct LabelBox {
    /// Middle of the rectangle.
    pub center: Point,
    /// Its width in centimetres.
    pub width_cm: i32,
    /// Its height in centimetres.
    pub height_cm: i32,
}

/// A door: a gap in a wall.
#[derive(Clone, Copy, PartialEq, Debug, Serialize, Deserialize)]
pub struct Door {
    /// Middle of the gap.
    pub at: Point,
    /// Half the gap as a vector along the wall, in centimetres.
    pub along: Point,
}

impl Plan {
    /// The shape with this id.
    pub fn shape(&self, id: ShapeId) -> Option<&PlanShape> {
        self.shapes.iter().find(|shape| shape.id == id)
    }
}
