//! The bookable rooms of a plan, as `etage import-plan --dry-run --json` tells them.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};
use serde::Deserialize;

use crate::run::read as read_output;
use crate::workspace::Workspace;

/// Where a drawing does not say how many fit.
const SEATS_UNKNOWN: u32 = 4;

/// What a scenario needs of a plan.
pub(crate) struct Plan {
    /// The building's name.
    pub(crate) building: String,
    /// The IANA name of its time zone.
    pub(crate) zone: String,
    /// Every bookable room, floor by floor.
    pub(crate) rooms: Vec<Room>,
}

/// A bookable room.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Room {
    /// The number at its door.
    pub(crate) number: String,
    /// Its name, where it has one besides the number.
    pub(crate) name: Option<String>,
    /// How many can sit in it.
    pub(crate) seats: u32,
    /// The floor's place in the building, 0 being the ground floor.
    pub(crate) level: i32,
    /// What the lift button says.
    pub(crate) floor_label: String,
}

impl Room {
    /// The name of its mailbox.
    pub(crate) fn display_name(&self) -> String {
        match &self.name {
            Some(name) => format!("{} {name}", self.number),
            None => format!("Room {}", self.number),
        }
    }

    /// The address of its mailbox.
    pub(crate) fn address(&self) -> String {
        let slug: String = self
            .number
            .to_lowercase()
            .chars()
            .map(|letter| {
                if letter.is_ascii_alphanumeric() {
                    letter
                } else {
                    '-'
                }
            })
            .collect();
        format!("room-{}@contoso.com", slug.trim_matches('-'))
    }
}

#[derive(Deserialize)]
struct Imported {
    building: String,
    zone: String,
    floors: Vec<ImportedFloor>,
}

#[derive(Deserialize)]
struct ImportedFloor {
    level: i32,
    label: String,
    shapes: Vec<ImportedShape>,
}

#[derive(Deserialize)]
struct ImportedShape {
    kind: String,
    number: Option<String>,
    name: Option<String>,
    seats: Option<u32>,
}

/// Has Etage read the plan, so that a scenario never disagrees with what Etage will import.
pub(crate) fn read(workspace: &Workspace, plan: &Path) -> Result<Plan> {
    let json = read_output(
        Command::new(workspace.program("etage"))
            .args([
                "import-plan",
                "--dry-run",
                "--json",
                "--zone",
                super::ZONE_UNLESS_TOLD,
            ])
            .arg(plan)
            .env("ETAGE_DATA_DIR", workspace.scratch("dry-run")),
    )?;
    let imported: Imported = serde_json::from_str(&json)
        .with_context(|| format!("reading what Etage made of {}", plan.display()))?;
    let rooms = bookable(&imported);
    if rooms.is_empty() {
        bail!("{} has no bookable room with a number", plan.display());
    }
    Ok(Plan {
        building: imported.building,
        zone: imported.zone,
        rooms,
    })
}

/// Rooms without a number cannot be told apart by a mailbox, and of two with one number only the first is kept.
fn bookable(imported: &Imported) -> Vec<Room> {
    let mut rooms: Vec<Room> = Vec::new();
    for floor in &imported.floors {
        for shape in floor.shapes.iter().filter(|shape| shape.kind == "room") {
            let Some(number) = shape.number.clone() else {
                continue;
            };
            let name = shape.name.clone().filter(|name| *name != number);
            let seats = shape.seats.unwrap_or(SEATS_UNKNOWN);
            let room = Room {
                number,
                name,
                seats,
                level: floor.level,
                floor_label: floor.label.clone(),
            };
            if !rooms.iter().any(|known| known.address() == room.address()) {
                rooms.push(room);
            }
        }
    }
    rooms
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_numbered_bookable_rooms_get_a_mailbox_and_each_address_once() {
        let shape = |kind: &str, number: Option<&str>| ImportedShape {
            kind: kind.to_owned(),
            number: number.map(str::to_owned),
            name: None,
            seats: None,
        };
        let shapes = vec![
            shape("room", Some("2.04")),
            shape("room", Some("2 04")),
            shape("room", None),
            shape("corridor", Some("C")),
        ];
        let floors = vec![ImportedFloor {
            level: 2,
            label: "2".to_owned(),
            shapes,
        }];
        let rooms = bookable(&Imported {
            building: "Harbour House".to_owned(),
            zone: "Europe/Helsinki".to_owned(),
            floors,
        });
        assert_eq!(
            rooms.iter().map(Room::address).collect::<Vec<_>>(),
            ["room-2-04@contoso.com"]
        );
    }
}
