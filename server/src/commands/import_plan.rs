//! `etage import-plan`.

use std::path::PathBuf;

use anyhow::Context;
use booking::plan::PlanShape;
use booking::plan::import::ImportedBuilding;
use booking::time::ZoneName;
use engine::edit_plans::{PlanImported, read_plan};
use serde_json::{Value, json};

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
    pub(super) zone: String,
    pub(super) keep: Keep,
    pub(super) print: Print,
}

pub(super) async fn run(config: &Config, import: Import) -> anyhow::Result<()> {
    let bytes = std::fs::read(&import.file)
        .with_context(|| format!("{} cannot be read", import.file.display()))?;
    let zone = ZoneName(import.zone);
    engine::when::known_zone(&zone)
        .with_context(|| format!("“{zone}” is no time zone; write it like Europe/Helsinki"))?;
    let name = import.building.as_deref();
    let refused = || format!("{} cannot be used as a plan", import.file.display());
    let (read, imported) = read_plan(&bytes, name, &zone).with_context(refused)?;
    let described = match import.keep {
        Keep::Nothing => read,
        Keep::Plan => super::engine(config)
            .await?
            .import_plan(&bytes, name, &zone)
            .await
            .with_context(refused)?,
    };
    match import.print {
        Print::Json => say(as_json(&described, &imported)),
        Print::Summary => summarise(&described, import.keep),
    }
    Ok(())
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
    let done = match keep {
        Keep::Nothing => "can be imported",
        Keep::Plan => "is imported",
    };
    say(format_args!(
        "{} {done}: {} floors, {} bookable rooms.",
        described.building.name,
        described.building.floors.len(),
        described.rooms.len()
    ));
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
