//! Plans out of files: OpenStreetMap's Simple Indoor Tagging and our own format.
//!
//! Both readers bring a file into one draft (metres, one frame for the whole building); from
//! there on they share everything: rings are checked and repaired, ids derived from the source's
//! own names so that reading the file again changes none, slab, label boxes and doors computed.
//! A file that cannot be used is refused with the feature named and how to mend it; what can be
//! used in spite of a fault is, with a warning.

mod assemble;
mod doors;
mod draft;
mod error;
pub mod etage;
mod geojson;
mod levels;
pub mod osm;
mod project;
mod rings;
mod slab;
mod to_rooms;

use std::collections::BTreeMap;

use serde_json::Value;

pub use error::{FeatureFault, ImportError, ImportWarning, SourceName};
pub use to_rooms::Places;

use super::Plan;
use crate::ids::{BuildingId, ShapeId};
use crate::room::EquipmentSet;
use crate::time::ZoneName;

/// Largest file that is read, in bytes.
pub const FILE_BYTES_MAX: usize = 20 * 1024 * 1024;
/// Most features (or shapes and doors) in a file.
pub const FEATURES_MAX: usize = 20_000;
/// Most points in one ring.
pub const RING_POINTS_MAX: usize = 1_000;
/// Longest side of a building, in metres.
pub const EXTENT_M_MAX: f64 = 5_000.0;
/// Most floors in a building, and most floors one feature may reach over.
pub const FLOORS_MAX: usize = 200;

/// A building as a file draws it.
#[derive(Clone, PartialEq, Debug)]
pub struct ImportedBuilding {
    /// Derived from the source, unless the caller said which building it is.
    pub id: BuildingId,
    /// What it is called.
    pub name: String,
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

impl ImportedFloor {
    /// Lets shapes keep the ids they have in the floor's published plan; see
    /// [`super::succession::keep_ids`].
    pub fn keep_ids(&mut self, published: &Plan) -> Vec<super::succession::Succeeded> {
        let succeeded = super::succession::keep_ids(published, &mut self.plan);
        for one in &succeeded {
            if let Some(details) = self.details.remove(&one.fresh) {
                self.details.insert(one.kept, details);
            }
        }
        succeeded
    }
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
    if bytes.len() > FILE_BYTES_MAX {
        return Err(ImportError::TooLarge {
            bytes: bytes.len(),
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
