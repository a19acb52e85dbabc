//! What both readers bring a file into: metres, x to the right, y down, one frame for all floors.

use std::collections::BTreeMap;

use super::RoomDetails;
use super::error::{ImportWarning, SourceName};
use crate::ids::{BuildingId, ShapeId};
use crate::plan::ShapeKind;
use crate::time::ZoneName;

/// A position: longitude and latitude as read, metres once projected.
pub(super) type Position = [f64; 2];

/// A ring of positions, checked and not closed.
pub(super) type Ring = Vec<Position>;

pub(super) struct Draft {
    /// What the building's id is derived from.
    pub(super) key: String,
    /// The id the file itself tells. `None`: it tells none.
    pub(super) id: Option<BuildingId>,
    /// `None`: the file tells none.
    pub(super) name: Option<String>,
    pub(super) address: Option<String>,
    pub(super) zone: Option<ZoneName>,
    pub(super) north_degrees: f64,
    pub(super) attribution: Option<String>,
    pub(super) floors: BTreeMap<i32, DraftFloor>,
    pub(super) warnings: Vec<ImportWarning>,
}

#[derive(Default)]
pub(super) struct DraftFloor {
    pub(super) label: String,
    pub(super) shapes: Vec<DraftShape>,
    pub(super) doors: Vec<DraftDoor>,
}

#[derive(Clone)]
pub(super) struct DraftShape {
    pub(super) source: SourceName,
    /// What its id is derived from; unique within the building.
    pub(super) key: String,
    /// The id the file itself tells. `None`: it tells none.
    pub(super) id: Option<ShapeId>,
    pub(super) kind: ShapeKind,
    pub(super) area: Area,
    pub(super) number: Option<String>,
    pub(super) name: Option<String>,
    /// Seats, if the file tells.
    pub(super) seats: Option<u32>,
    pub(super) details: RoomDetails,
}

#[derive(Clone)]
pub(super) struct Area {
    pub(super) outer: Ring,
    pub(super) holes: Vec<Ring>,
}

impl Area {
    /// The same area with every position put elsewhere.
    pub(super) fn map(&self, place: impl Fn(Position) -> Position) -> Self {
        let ring = |ring: &Ring| ring.iter().copied().map(&place).collect();
        Self {
            outer: ring(&self.outer),
            holes: self.holes.iter().map(ring).collect(),
        }
    }
}

#[derive(Clone, Copy)]
pub(super) struct DraftDoor {
    pub(super) at: Position,
    /// Width of the opening in metres.
    pub(super) width_m: f64,
}
