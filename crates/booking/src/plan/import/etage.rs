//! Etage's own plan file, `etage-plan-1`: JSON that a person can write.
//!
//! Metres, x to the right, y down, one frame for all floors; walls need not have a thickness.
//!
//! ```json
//! {
//!   "format": "etage-plan-1",
//!   "id": "harbour-house",
//!   "name": "Harbour House",
//!   "address": "Quay 1, 00160 Helsinki",
//!   "zone": "Europe/Helsinki",
//!   "north_degrees": 20,
//!   "floors": [{
//!     "level": 0,
//!     "label": "Ground",
//!     "shapes": [
//!       { "kind": "room", "number": "0.01", "name": "Pier", "seats": 8,
//!         "equipment": ["video", "screen"], "step_free": true, "rect": [0, 0, 6, 4] },
//!       { "kind": "corridor", "ring": [[0, 4], [12, 4], [12, 6], [0, 6]] }
//!     ],
//!     "doors": [{ "at": [3, 4] }, { "at": [12, 5], "width": 1.6 }]
//!   }]
//! }
//! ```
//!
//! * `kind`: `room`, `utility`, `corridor`, `stairs`, `lift`, `toilet` or `scenery`.
//! * A shape has either `rect` (x, y, width, height) or `ring`, and may have `holes`.
//! * `id` keeps a building or shape the same when the file is read again; without it a shape is
//!   known by its floor and number, or by its place among its kind. An id in the form of a UUID
//!   is used as it stands.
//! * `label` is the level, `seats` are guessed from the area, `width` of a door is 0.9,
//!   `north_degrees` (clockwise from straight up) is 0, when left out.
//! * A field or kind that is not in this list is refused with its place: a misspelt one would
//!   otherwise be silently lost.

mod read;
mod write;

use serde::{Deserialize, Serialize};

use crate::plan::ShapeKind;
use crate::room::Equipment;

pub(super) use read::read;
pub use write::export;

/// The only value of `format` so far.
pub const FORMAT: &str = "etage-plan-1";

/// A building in the file.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BuildingFile {
    /// [`FORMAT`].
    pub format: Format,
    /// What its ids are derived from, or its id itself. `None`: its name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// What it is called.
    pub name: String,
    /// In one line.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    /// IANA name of the zone its clocks show.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub zone: Option<String>,
    /// Degrees clockwise from straight up to north.
    #[serde(default)]
    pub north_degrees: f64,
    /// Whom to name for the data.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attribution: Option<String>,
    /// Its floors.
    pub floors: Vec<FloorFile>,
}

/// The versions of the format that are read.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum Format {
    /// The first.
    #[serde(rename = "etage-plan-1")]
    V1,
}

/// A floor in the file.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FloorFile {
    /// 0 is the ground floor.
    pub level: i32,
    /// What the lift button says. `None`: the level.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    /// Its outlines.
    pub shapes: Vec<ShapeFile>,
    /// Its doors.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub doors: Vec<DoorFile>,
}

/// A shape in the file.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ShapeFile {
    /// What it is.
    pub kind: ShapeKind,
    /// What its id is derived from, or its id itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// The number at its door.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<String>,
    /// Its name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Seats. `None`: guessed from the area, in rooms.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seats: Option<u32>,
    /// What is in it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub equipment: Vec<Equipment>,
    /// Whether it can be reached in a wheelchair. `None`: not told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub step_free: Option<bool>,
    /// x, y, width, height in metres.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rect: Option<[f64; 4]>,
    /// Corners in metres.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ring: Option<Vec<[f64; 2]>>,
    /// What is cut out.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub holes: Vec<Vec<[f64; 2]>>,
}

/// A door in the file.
#[derive(Clone, Copy, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DoorFile {
    /// Its middle, in metres; it snaps to the nearest wall.
    pub at: [f64; 2],
    /// Width of the opening in metres. `None`: 0.9.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub width: Option<f64>,
}
