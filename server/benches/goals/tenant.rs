//! The bench office at the simulated tenant: the same rooms with the same bookings in their
//! calendars.

use std::net::SocketAddr;
use std::time::Duration;

use anyhow::{Context, Result};
use booking::event::BusyKind;
use booking::room::Room;
use booking::search::{Occupancy, OccupancyKind};
use booking::time::{Instant, TimeRange};
use jiff::Timestamp;
use m365_sim::{Mode, PersonRecord, RoomRecord, Scenario, ScenarioEvent, Sim, SimOptions};
use serde::Deserialize;
use serde_json::{Value, json};
use url::Url;

use crate::http;
use crate::office::Bookings;

/// The bookings are spread over so many calendars of people.
const ORGANIZERS: usize = 200;
/// Minutes that a digit of the availability view stands for; what Etage asks for too.
const INTERVAL_MIN: u32 = 15;

/// A simulator whose rooms answer at once, with people to sign in at `origin`.
pub(crate) async fn start(
    rooms: &[Room],
    bookings: Option<&Bookings>,
    origin: &str,
) -> Result<Sim> {
    let mut scenario = Scenario::contoso();
    let tenant = &mut scenario.tenants[0];
    for app in &mut tenant.apps {
        app.redirect_uris = vec![format!("{origin}/sign-in/callback")];
    }
    tenant.room_lists.clear();
    tenant.rooms = rooms.iter().map(room).collect();
    if let Some(bookings) = bookings {
        let names = (0..ORGANIZERS).map(|number| format!("Organizer {number}"));
        let people = names.map(|name| PersonRecord::contoso(&name, "Colleague", "HH"));
        tenant.people.extend(people);
        let of_rooms = rooms.iter().zip(&bookings.office.occupancies);
        let taken = of_rooms.flat_map(|(room, taken)| taken.iter().map(move |one| (room, one)));
        tenant.events = taken
            .enumerate()
            .map(|(number, (room, one))| event(number, room, bookings, one))
            .collect::<Result<_>>()?;
    }
    let options = SimOptions {
        mode: Mode::Auto {
            attendant_delay: Duration::ZERO,
            notification_delay: Duration::ZERO,
        },
        ..SimOptions::explicit()
    };
    Ok(Sim::start(scenario, options).await?)
}

fn mailbox(room: &Room) -> String {
    room.link
        .as_ref()
        .map_or_else(String::new, |link| link.mailbox.to_string())
}

fn room(room: &Room) -> RoomRecord {
    RoomRecord {
        capacity: room.seats.map(|seats| seats.count as i32),
        time_zone: "UTC".to_owned(),
        ..RoomRecord::contoso(&room.name, &mailbox(room))
    }
}

fn event(
    number: usize,
    room: &Room,
    bookings: &Bookings,
    taken: &Occupancy,
) -> Result<ScenarioEvent> {
    let range = bookings.moved(taken.range);
    let show_as = match taken.kind {
        OccupancyKind::Calendar(BusyKind::Tentative) => "tentative",
        _ => "busy",
    };
    Ok(ScenarioEvent {
        organizer: format!("organizer.{}@contoso.com", number % ORGANIZERS),
        subject: "Meeting".to_owned(),
        start: civil(range.start())?,
        end: civil(range.end())?,
        time_zone: "UTC".to_owned(),
        attendees: Vec::new(),
        rooms: vec![mailbox(room)],
        show_as: show_as.to_owned(),
    })
}

fn civil(instant: Instant) -> Result<jiff::civil::DateTime> {
    let timestamp = Timestamp::from_millisecond(instant.0)?;
    Ok(timestamp.to_zoned(jiff::tz::TimeZone::UTC).datetime())
}

/// Where the simulator listens.
pub(crate) fn address(sim: &Sim) -> Result<SocketAddr> {
    let url = Url::parse(sim.url())?;
    let addresses = url.socket_addrs(|| None)?;
    addresses.first().copied().context("it listens nowhere")
}

/// A token of the application, as Etage itself gets it.
pub(crate) async fn application_token(sim: &Sim) -> Result<String> {
    #[derive(Deserialize)]
    struct Granted {
        access_token: String,
    }
    let tenant = Scenario::CONTOSO_TENANT_ID;
    let form = [
        ("grant_type", "client_credentials"),
        ("client_id", &Scenario::CONTOSO_CLIENT_ID.to_string()),
        ("client_secret", Scenario::CONTOSO_SECRET),
        ("scope", "https://graph.microsoft.com/.default"),
    ];
    let granted: Granted = reqwest::Client::builder()
        .no_proxy()
        .build()?
        .post(format!("{}/{tenant}/oauth2/v2.0/token", sim.url()))
        .form(&form)
        .send()
        .await?
        .error_for_status()?
        .json()
        .await?;
    Ok(granted.access_token)
}

/// The question when these rooms are taken, as Graph wants it.
pub(crate) fn get_schedule(
    address: SocketAddr,
    token: &str,
    rooms: &[Room],
    window: TimeRange,
) -> Result<Vec<u8>> {
    let moment = |instant| -> Result<Value> {
        Ok(json!({ "dateTime": civil(instant)?.to_string(), "timeZone": "UTC" }))
    };
    let asked: Vec<String> = rooms.iter().map(mailbox).collect();
    let asker = asked.first().context("no room was asked about")?;
    let body = json!({
        "schedules": asked,
        "startTime": moment(window.start())?,
        "endTime": moment(window.end())?,
        "availabilityViewInterval": INTERVAL_MIN,
    });
    let headers = [
        format!("authorization: Bearer {token}"),
        "prefer: outlook.timezone=\"UTC\"".to_owned(),
    ];
    let path = format!("/v1.0/users/{asker}/calendar/getSchedule");
    Ok(http::post(address, &path, &headers, &body))
}
