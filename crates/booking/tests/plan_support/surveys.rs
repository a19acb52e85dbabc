//! Real buildings for tests, read from where the machine keeps them.

use std::path::PathBuf;

use booking::plan::import::{ImportedBuilding, import};

/// A file below `../shared`. `None`, with a word on the console: it is not on this machine.
pub(crate) fn shared(path: &str) -> Option<Vec<u8>> {
    let file = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("../../../shared")
        .join(path);
    match std::fs::read(&file) {
        Ok(bytes) => Some(bytes),
        Err(_) => {
            println!("skipped: {path} is not on this machine");
            None
        }
    }
}

/// The office building of a university: four floors, 400 rooms, a real survey.
pub(crate) fn office() -> Option<ImportedBuilding> {
    Some(import(&shared("plans/osm_tudresden_apb/apb.geojson")?).expect("the survey is sound"))
}
