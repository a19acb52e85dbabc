//! `etage import-plan`.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use anyhow::Context;
use booking::plan::PlanShape;
use booking::plan::import::{FILE_BYTES_MAX, ImportError, ImportedBuilding};
use booking::time::ZoneName;
use engine::edit_plans::{PlanImported, Retired, Said, read_plan};
use serde_json::{Value, json};

use super::link_rooms::{LISTED_MAX, rest};
use super::say;
use crate::config::Config;

/// Whether anything is kept.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Keep {
    Nothing,
    Plan,
}

/// What is printed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Print {
    Summary,
    Json,
}

/// What to bring in.
#[derive(Debug)]
pub(super) struct Import {
    pub(super) file: PathBuf,
    pub(super) building: Option<String>,
    pub(super) zone: Option<String>,
    pub(super) keep: Keep,
    pub(super) print: Print,
}

pub(super) async fn run(config: &Config, import: Import) -> anyhow::Result<()> {
    let refused = || format!("{} cannot be used as a plan", import.file.display());
    let unreadable = || format!("{} cannot be read", import.file.display());
    let file = File::open(&import.file).with_context(unreadable)?;
    let told = file.metadata().with_context(unreadable)?.len();
    check_size(told).with_context(refused)?;
    let bytes = read_bounded(file).with_context(unreadable)?;
    let zone = import.zone.map(ZoneName);
    if let Some(zone) = &zone {
        engine::when::known_zone(zone)
            .with_context(|| format!("“{zone}” is no time zone; write it like Europe/Helsinki"))?;
    }
    let said = Said {
        name: import.building.as_deref(),
        unnamed: file_label(&import.file),
        zone: zone.as_ref(),
    };
    let (read, imported) = read_plan(&bytes, &said).with_context(refused)?;
    let described = match import.keep {
        Keep::Nothing => read,
        Keep::Plan => super::engine(config)
            .await?
            .import_plan(&bytes, &said)
            .await
            .with_context(refused)?,
    };
    match import.print {
        Print::Json => say(as_json(&described, &imported)),
        Print::Summary => {
            if import.keep == Keep::Nothing && imported.zone.is_none() && zone.is_none() {
                say(
                    "note: the file names no time zone; to import a new building, say it with --zone, such as \
                     --zone Europe/Helsinki",
                );
            }
            summarise(&described, import.keep);
        }
    }
    Ok(())
}

/// Refuses what is too large without reading any of it.
fn check_size(bytes: u64) -> Result<(), ImportError> {
    let limit = FILE_BYTES_MAX;
    match bytes > limit {
        true => Err(ImportError::TooLarge { bytes, limit }),
        false => Ok(()),
    }
}

/// Reads at most one byte more than a plan may have, which the importer then refuses: pipes tell
/// no size, and a file may grow.
fn read_bounded(file: impl Read) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    file.take(FILE_BYTES_MAX + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// What a file is called, without its endings: a building that nobody named is called that.
fn file_label(file: &Path) -> &str {
    let name = file.file_name().and_then(|name| name.to_str());
    name.and_then(|name| name.split('.').next()).unwrap_or("")
}

fn summarise(described: &PlanImported, keep: Keep) {
    for warning in &described.warnings {
        say(format_args!("note: {warning}"));
    }
    for floor in &described.building.floors {
        let rooms = described.rooms.iter().filter(|room| room.floor == floor.id);
        say(format_args!(
            "floor {}: {} bookable rooms",
            floor.label,
            rooms.count()
        ));
    }
    tell_changes(described);
    let done = match (keep, described.changed) {
        (Keep::Nothing, _) => "can be imported",
        (Keep::Plan, true) => "is imported",
        (Keep::Plan, false) => "is as it was",
    };
    say(format_args!(
        "{} {done}: {} floors, {} bookable rooms.",
        described.building.name,
        described.building.floors.len(),
        described.rooms.len()
    ));
}

/// What the file lacks that was there before, and what it has again.
fn tell_changes(described: &PlanImported) {
    for floor in &described.floors_removed {
        say(format_args!(
            "floor {} is not in the file: it is removed",
            floor.label
        ));
    }
    for retired in described.retired.iter().take(LISTED_MAX) {
        say(retirement(retired));
    }
    rest("rooms that are not in the file", described.retired.len());
    for room in described.returned.iter().take(LISTED_MAX) {
        let mailbox = room.link.as_ref().map_or_else(
            || "without a mailbox".to_owned(),
            |link| format!("with its mailbox {}", link.mailbox),
        );
        say(format_args!("room {} is back, {mailbox}", room.number));
    }
    rest("rooms that are back", described.returned.len());
}

fn retirement(retired: &Retired) -> String {
    let number = &retired.room.number;
    let reserved = match retired.reservations {
        0 => String::new(),
        1 => "; one reservation in it stands and can be cancelled".to_owned(),
        count => format!("; {count} reservations in it stand and can be cancelled"),
    };
    format!("room {number} is not in the file: it is offered no more{reserved}")
}

/// What was read, for programs: the building, and each floor's shapes with what is known of them.
fn as_json(described: &PlanImported, imported: &ImportedBuilding) -> Value {
    let floors: Vec<Value> = imported
        .floors
        .iter()
        .map(|floor| {
            let shapes: Vec<Value> = floor.plan.shapes.iter().map(shape).collect();
            json!({ "level": floor.level, "label": floor.label, "shapes": shapes })
        })
        .collect();
    json!({
        "building": described.building.name,
        "zone": described.building.zone.0,
        "floors": floors,
    })
}

fn shape(shape: &PlanShape) -> Value {
    json!({
        "kind": shape.kind,
        "number": shape.number,
        "name": shape.name,
        "seats": shape.seats.map(|seats| seats.count),
        "seats_guessed": shape.seats.is_some_and(|seats| seats.guessed),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_tells_to_be_too_large_is_refused_by_its_size() {
        let refused = check_size(FILE_BYTES_MAX + 1).unwrap_err().to_string();
        assert!(refused.contains("20971521 bytes"), "{refused}");
        assert!(refused.contains("one building at a time"), "{refused}");
        assert!(check_size(FILE_BYTES_MAX).is_ok());
    }

    #[test]
    fn what_never_ends_is_not_read_to_its_end() {
        let bytes = read_bounded(std::io::repeat(b' ')).unwrap();
        assert_eq!(bytes.len() as u64, FILE_BYTES_MAX + 1);
        let said = Said {
            name: None,
            unnamed: "",
            zone: None,
        };
        let refused = read_plan(&bytes, &said).unwrap_err();
        assert!(matches!(refused, ImportError::TooLarge { .. }), "{refused}");
    }

    #[test]
    fn a_building_that_nobody_named_is_called_like_its_file() {
        for (file, label) in [
            ("plans/north wing.geojson", "north wing"),
            ("harbour-house.plan.json", "harbour-house"),
            ("export", "export"),
            (".geojson", ""),
            ("..", ""),
        ] {
            assert_eq!(file_label(Path::new(file)), label);
        }
    }
}
