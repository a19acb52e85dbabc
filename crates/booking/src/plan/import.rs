//! Plans out of files: OpenStreetMap's Simple Indoor Tagging and our own format.
//!
//! Both readers bring a file into one draft (metres, one frame for the whole building); from
//! there on they share everything: rings are checked and repaired, ids derived from the source's
//! own names so that reading the file again changes none, slab, label boxes and doors computed.
//! A file that cannot be used is refused with the feature named and how to mend it; what can be
//! used in spite of a fault is, with a warning.

pub mod archive;
mod assemble;
mod doors;
mod draft;
mod error;
pub mod etage;
mod geojson;
mod known;
mod levels;
pub mod osm;
mod project;
mod rings;
mod slab;
mod text;
mod to_rooms;

use std::collections::BTreeMap;

use serde_json::Value;

pub use error::{FeatureFault, ImportError, ImportWarning, SourceName};
pub use known::KnownRoom;
pub use to_rooms::Places;

use super::Plan;
use crate::ids::{BuildingId, ShapeId};
use crate::room::EquipmentSet;
use crate::time::ZoneName;

/// Largest file that is read, in bytes.
pub const FILE_BYTES_MAX: u64 = 20 * 1024 * 1024;
/// Most features (or shapes and doors) in a file.
pub const FEATURES_MAX: usize = 20_000;
/// Most points in one ring.
pub const RING_POINTS_MAX: usize = 1_000;
/// Longest side of a building, in metres.
pub const EXTENT_M_MAX: f64 = 5_000.0;
/// Most floors in a building, and most floors one feature may reach over.
pub const FLOORS_MAX: usize = 200;
/// Highest level that is believed; the lowest is as far below the ground.
pub const LEVEL_ABS_MAX: i32 = 200;
/// Most seats that one room is believed to have.
pub const SEATS_MAX: u32 = 5_000;
/// Longest number of a room and label of a floor, in characters; what is longer is cut.
pub const NUMBER_CHARS_MAX: usize = 32;
/// Longest name, in characters; what is longer is cut.
pub const NAME_CHARS_MAX: usize = 120;
/// Longest address and attribution, in characters; what is longer is cut.
pub const LINE_CHARS_MAX: usize = 240;

/// A building as a file draws it.
#[derive(Clone, PartialEq, Debug)]
pub struct ImportedBuilding {
    /// Derived from the source, unless the caller said which building it is.
    pub id: BuildingId,
    /// What it is called. `None`: not told.
    pub name: Option<String>,
    /// Street, house number, code and town. `None`: not told.
    pub address: Option<String>,
    /// The zone its clocks show. `None`: not told.
    pub zone: Option<ZoneName>,
    /// Its floors, lowest first.
    pub floors: Vec<ImportedFloor>,
    /// What was repaired or left out.
    pub warnings: Vec<ImportWarning>,
}

/// A floor as a file draws it.
#[derive(Clone, PartialEq, Debug)]
pub struct ImportedFloor {
    /// Height order: 0 is the ground floor.
    pub level: i32,
    /// What the lift button says.
    pub label: String,
    /// Its drawing, at revision 1. The floors of a building share one frame.
    pub plan: Plan,
    /// What the file tells of its rooms beyond their outlines; shapes without any are missing.
    pub details: BTreeMap<ShapeId, RoomDetails>,
}

/// What a file tells of a room beyond its outline.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct RoomDetails {
    /// What is in it.
    pub equipment: EquipmentSet,
    /// Whether it can be reached in a wheelchair. `None`: not told.
    pub step_free: Option<bool>,
}

/// A name as a building may have it: one line, cut at [`NAME_CHARS_MAX`]. `None`: nothing is left.
pub fn building_name(text: &str) -> Option<String> {
    let line = text::line(text)?;
    Some(text::cut(&line, NAME_CHARS_MAX).trim_end().to_owned())
}

/// Reads a file, telling its format by what is in it.
///
/// # Errors
/// [`ImportError`], with the place in the file and how to mend it.
pub fn import(bytes: &[u8]) -> Result<ImportedBuilding, ImportError> {
    import_as(bytes, None)
}

/// Reads a file as a new drawing of a building that is known. `building`: `None` for one that is
/// not; its id is then derived from the source.
///
/// # Errors
/// [`ImportError`], with the place in the file and how to mend it.
pub fn import_as(
    bytes: &[u8],
    building: Option<BuildingId>,
) -> Result<ImportedBuilding, ImportError> {
    if bytes.len() as u64 > FILE_BYTES_MAX {
        return Err(ImportError::TooLarge {
            bytes: bytes.len() as u64,
            limit: FILE_BYTES_MAX,
        });
    }
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let value: Value = serde_json::from_slice(bytes).map_err(ImportError::NotJson)?;
    let draft = if value.get("format").is_some() {
        etage::read(&value)?
    } else if value.get("type").and_then(Value::as_str) == Some("FeatureCollection") {
        osm::read(&value)?
    } else {
        return Err(ImportError::UnknownFormat);
    };
    assemble::building(draft, building)
}
