//! Writes what the simulated tenant holds: a mailbox for each bookable room of a plan, people, and a busy day.

mod day;
mod people;
mod plan;

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use jiff::Zoned;
use serde::Serialize;

use crate::workspace::Workspace;
use plan::{Plan, Room};

/// The tenant, its application, and the address Etage books from: fixed, so that a restarted demo is the same one.
pub(crate) const TENANT_ID: &str = "c0de0001-0000-4000-8000-000000000001";
/// The application's client id.
pub(crate) const CLIENT_ID: &str = "c0de0001-0000-4000-8000-000000000002";
/// The application's secret; it opens nothing but the simulator.
pub(crate) const CLIENT_SECRET: &str = "demo-only-secret";
/// The mailbox that books for externals and displays.
pub(crate) const BOOKING_MAILBOX: &str = "booking@contoso.com";
/// Who Outlook is open as at first.
pub(crate) const FIRST_PERSON: &str = "ada.holm@contoso.com";
/// The zone of a building whose plan names none.
pub(crate) const ZONE_UNLESS_TOLD: &str = "Europe/Berlin";

/// The application's own name for its scopes; the host is what the manifest says.
pub(crate) fn application_id_uri(origin: &str) -> String {
    format!(
        "api://{}/{CLIENT_ID}",
        origin.trim_start_matches("https://")
    )
}

/// Writes a scenario for a plan, with the demo's usual addresses.
pub(crate) fn write(workspace: &Workspace, plan: &Path, out: &Path) -> Result<()> {
    write_for(workspace, plan, out, &["https://localhost:3000".to_owned()])
}

/// Writes a scenario whose application may be used from these origins, the first being the add-in's.
pub(crate) fn write_for(
    workspace: &Workspace,
    plan: &Path,
    out: &Path,
    origins: &[String],
) -> Result<()> {
    let plan = plan::read(workspace, plan)?;
    let scenario = Scenario {
        tenants: vec![tenant(&plan, origins, &now(&plan.zone)?)],
    };
    if let Some(folder) = out.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::write(out, serde_json::to_vec_pretty(&scenario)?)
        .with_context(|| format!("writing {}", out.display()))
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Scenario {
    tenants: Vec<Tenant>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Tenant {
    id: &'static str,
    display_name: &'static str,
    domain: &'static str,
    apps: Vec<App>,
    people: Vec<people::Person>,
    room_lists: Vec<RoomList>,
    rooms: Vec<RoomMailbox>,
    events: Vec<day::Event>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct App {
    client_id: &'static str,
    display_name: &'static str,
    secrets: Vec<&'static str>,
    redirect_uris: Vec<String>,
    application_permissions: Vec<&'static str>,
    delegated_permissions: Vec<&'static str>,
    scopes: Vec<&'static str>,
    application_id_uri: String,
    exchange_access: ExchangeAccess,
}

/// What `New-ApplicationAccessPolicy` leaves the application, when it acts as itself.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ExchangeAccess {
    policy: AccessPolicy,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct AccessPolicy {
    access_right: &'static str,
    mailboxes: Vec<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct RoomList {
    display_name: String,
    address: &'static str,
    rooms: Vec<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct RoomMailbox {
    display_name: String,
    address: String,
    building: String,
    floor_number: i32,
    floor_label: String,
    label: String,
    capacity: u32,
    is_wheel_chair_accessible: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    video_device_name: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    display_device_name: Option<&'static str>,
    tags: Vec<&'static str>,
    time_zone: String,
}

fn tenant(plan: &Plan, origins: &[String], now: &Zoned) -> Tenant {
    let mut people = people::everybody(plan.rooms.len(), &plan.zone);
    let events = day::events(&plan.rooms, &people, now);
    people.push(people::booking_mailbox(&plan.zone));
    Tenant {
        id: TENANT_ID,
        display_name: "Contoso",
        domain: "contoso.com",
        apps: vec![app(plan, origins)],
        room_lists: vec![RoomList {
            display_name: plan.building.clone(),
            address: "all-rooms@contoso.com",
            rooms: plan.rooms.iter().map(Room::address).collect(),
        }],
        rooms: plan
            .rooms
            .iter()
            .enumerate()
            .map(|(index, room)| mailbox(plan, room, index))
            .collect(),
        events,
        people,
    }
}

/// One registration with what Etage asks an administrator for, and nothing more: the rooms and the booking mailbox.
fn app(plan: &Plan, origins: &[String]) -> App {
    let mut mailboxes: Vec<String> = plan.rooms.iter().map(Room::address).collect();
    mailboxes.push(BOOKING_MAILBOX.to_owned());
    App {
        client_id: CLIENT_ID,
        display_name: "Etage",
        secrets: vec![CLIENT_SECRET],
        redirect_uris: origins
            .iter()
            .map(|origin| format!("{origin}/sign-in/callback"))
            .collect(),
        application_permissions: vec![
            "Calendars.ReadWrite",
            "Place.Read.All",
            "User.Read.All",
            "Organization.Read.All",
        ],
        delegated_permissions: vec![
            "openid",
            "profile",
            "email",
            "offline_access",
            "User.Read",
            "Calendars.ReadWrite",
            "Calendars.ReadWrite.Shared",
        ],
        scopes: vec!["access_as_user"],
        application_id_uri: application_id_uri(
            origins
                .first()
                .map_or("https://localhost:3000", String::as_str),
        ),
        exchange_access: ExchangeAccess {
            policy: AccessPolicy {
                access_right: "restrictAccess",
                mailboxes,
            },
        },
    }
}

fn mailbox(plan: &Plan, room: &Room, index: usize) -> RoomMailbox {
    let seats = room.seats;
    RoomMailbox {
        display_name: room.display_name(),
        address: room.address(),
        building: plan.building.clone(),
        floor_number: room.level,
        floor_label: room.floor_label.clone(),
        label: room.number.clone(),
        capacity: seats,
        is_wheel_chair_accessible: !index.is_multiple_of(5),
        video_device_name: (seats >= 6).then_some("Conference camera"),
        display_device_name: (seats >= 4).then_some("Wall display"),
        tags: if index.is_multiple_of(3) {
            vec!["Whiteboard"]
        } else {
            Vec::new()
        },
        time_zone: plan.zone.clone(),
    }
}

/// The building's wall clock; the one place of this tool that asks for the time.
#[expect(
    clippy::disallowed_methods,
    reason = "a demo is about today, and there is nobody above to pass the day in"
)]
fn now(zone: &str) -> Result<Zoned> {
    Zoned::now()
        .in_tz(zone)
        .context("finding the building's time zone")
}
