//! What Exchange says, through us and directly; and the whole search as a room finder without a
//! mirror has to do it.

use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use booking::room::Room;
use booking::search::found::{CheckedRooms, FoundRooms, Source};
use booking::search::{RoomQuery, RoomState, When};
use booking::time::{DAY_MS, HOUR_MS, TimeRange};
use futures::future::try_join_all;
use m365_sim::Sim;
use serde::Deserialize;
use serde_json::json;
use server::router;

use crate::data::equipment;
use crate::http::{self, Connection};
use crate::measure::{Runtimes, median};
use crate::office::{Bookings, furnish, settings, signed_in};
use crate::reading::Reading;
use crate::report::{self, Line, Verdict, duration};
use crate::search::finds;
use crate::served::Place;
use crate::tenant;

const ROOMS: usize = 1_000;
/// Rooms on screen, and rooms that Graph answers for in one go.
const TOGETHER: usize = 20;
/// What Graph serves of one application at a time.
const LANES: usize = 4;
const CHECKS: usize = 240;
const WHOLE_SEARCHES: usize = 10;
/// How often each is asked.
const REPEATED: usize = 6;
/// What we may need on top of Exchange's own answer.
const ADDED_MAX: Duration = Duration::from_millis(5);

/// Everything that runs.
struct Running {
    sim: Sim,
    sim_address: SocketAddr,
    token: String,
    ours: SocketAddr,
    reading: Reading,
}

pub(crate) fn run() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let bookings = Bookings::new(ROOMS);
    let runtimes = Runtimes::new()?;
    let running = runtimes.servers.block_on(start(folder.path(), &bookings))?;
    runtimes.client.block_on(async {
        confirmed(&running, &bookings).await?;
        whole_search(&running, &bookings).await
    })?;
    runtimes.servers.block_on(running.reading.finish());
    Ok(())
}

async fn start(folder: &std::path::Path, bookings: &Bookings) -> Result<Running> {
    let place = Place::take()?;
    let rooms = &bookings.office.rooms;
    let sim = tenant::start(rooms, Some(bookings), &place.origin()).await?;
    let further = [("ETAGE_NOTIFICATION_URL", "none")];
    let config = settings(folder, &place.origin(), sim.url(), &further)?;
    furnish(&config, rooms).await?;
    let reading = Reading::prepare(config).await?;
    let start = Instant::now();
    reading.start();
    reading.until_all_is_read().await?;
    report::own(
        format!("first reading of {ROOMS} rooms from the simulator"),
        duration(start.elapsed()),
    );
    Ok(Running {
        sim_address: tenant::address(&sim)?,
        token: tenant::application_token(&sim).await?,
        sim,
        ours: place.serve(router::router(reading.state.clone()))?,
        reading,
    })
}

/// The rooms on screen, confirmed: every question is about a time nobody asked about before.
async fn confirmed(running: &Running, bookings: &Bookings) -> Result<()> {
    let mut direct = Connection::open(running.sim_address).await?;
    let mut ours = Connection::open(running.ours).await?;
    let headers = signed_in(&format!("http://{}", running.ours));
    let rooms = &bookings.office.rooms;
    let (mut ours_took, mut direct_took) = (Vec::new(), Vec::new());
    let mut asked = 0;
    for number in 0..CHECKS {
        let first = number % (rooms.len() / TOGETHER) * TOGETHER;
        let shown = &rooms[first..first + TOGETHER];
        let hour = bookings
            .start()
            .plus_ms((number as i64 / 8) * DAY_MS + (8 + number as i64 % 8) * HOUR_MS);
        let range = TimeRange::new(hour, hour.plus_ms(HOUR_MS))?;
        // What Etage asks about: some hours around, so that “free until” can be told.
        let window = TimeRange::new(hour.plus_ms(-2 * HOUR_MS), hour.plus_ms(7 * HOUR_MS))?;
        let question = tenant::get_schedule(running.sim_address, &running.token, shown, window)?;
        let ids: Vec<_> = shown.iter().map(|room| room.id).collect();
        let body = json!({ "query": query(range), "rooms": ids });
        let check = http::post(running.ours, "/api/rooms/check", &headers, &body);

        let start = Instant::now();
        direct.exchange(&question).await?;
        direct_took.push(start.elapsed());
        let before = schedules(&running.sim);
        let start = Instant::now();
        let answer = ours.exchange(&check).await?;
        ours_took.push(start.elapsed());
        asked += schedules(&running.sim) - before;
        let checked: CheckedRooms = serde_json::from_slice(answer)?;
        let by_exchange = |one: &booking::search::found::CheckedRoom| {
            matches!(one.source, Source::Exchange { .. })
        };
        ensure!(
            checked.rooms.len() == TOGETHER && checked.rooms.iter().all(by_exchange),
            "Exchange was not asked about all rooms on screen"
        );
    }
    let (ours, direct) = (median(ours_took), median(direct_took));
    Line {
        name: format!("{TOGETHER} rooms confirmed by Exchange, p50"),
        ours: duration(ours),
        reference: format!("simulator's own answer {}", duration(direct)),
        ratio: Some(ours.as_secs_f64() / direct.as_secs_f64()),
        goal: "<= reference + 5 ms".to_owned(),
        verdict: Verdict::of(ours <= direct + ADDED_MAX),
    }
    .print();
    Line {
        name: format!("questions to Exchange for {CHECKS} confirmations"),
        ours: asked.to_string(),
        reference: format!("one each {CHECKS}"),
        ratio: Some(asked as f64 / CHECKS as f64),
        goal: "= 1".to_owned(),
        verdict: Verdict::of(asked == CHECKS),
    }
    .print();
    Ok(())
}

fn query(range: TimeRange) -> RoomQuery {
    RoomQuery {
        people: crate::data::PEOPLE,
        equipment: equipment(),
        ..RoomQuery::any_room(range)
    }
}

fn schedules(sim: &Sim) -> usize {
    let asked = |path: &str| path.ends_with("/getSchedule");
    sim.requests().iter().filter(|one| asked(&one.path)).count()
}

/// All rooms, asked at Exchange as a room finder does it, against one search of ours.
async fn whole_search(running: &Running, bookings: &Bookings) -> Result<()> {
    let mut ours = Connection::open(running.ours).await?;
    let mut lanes = Vec::new();
    for _ in 0..LANES {
        lanes.push(Connection::open(running.sim_address).await?);
    }
    let requests = finds(running.ours, bookings);
    let (mut ours_took, mut finder_took) = (Vec::new(), Vec::new());
    // Of a day that nobody asked about yet: its slots are drawn first.
    let mut first_took = Vec::new();
    for (query, request) in bookings
        .queries()
        .iter()
        .zip(&requests)
        .take(WHOLE_SEARCHES)
    {
        let When::Exact { ranges } = &query.when else {
            continue;
        };
        let range = ranges.first().context("no time was asked for")?;
        let mut by_exchange = BTreeSet::new();
        let mut free = 0;
        for turn in 0..REPEATED {
            let start = Instant::now();
            by_exchange = room_finder(running, &bookings.office.rooms, *range, &mut lanes).await?;
            finder_took.push(start.elapsed());
            let start = Instant::now();
            let found: FoundRooms = serde_json::from_slice(ours.exchange(request).await?)?;
            match turn {
                0 => first_took.push(start.elapsed()),
                _ => ours_took.push(start.elapsed()),
            }
            free = found.free as usize;
        }
        ensure!(
            free == by_exchange.len()
                && free_on_all_floors(running, bookings, query, &mut ours).await? == by_exchange,
            "the mirror and Exchange do not name the same rooms"
        );
    }
    report::own(
        format!("search of {ROOMS} rooms, first question about its day"),
        duration(median(first_took)),
    );
    let (ours, finder) = (median(ours_took), median(finder_took));
    let ratio = finder.as_secs_f64() / ours.as_secs_f64();
    Line {
        name: format!("the same free rooms of {ROOMS} as a room finder that asks for schedules"),
        ours: duration(ours),
        reference: format!(
            "getSchedule in chunks of {TOGETHER}, {LANES} at once {}",
            duration(finder)
        ),
        ratio: Some(ratio),
        goal: ">= 50".to_owned(),
        verdict: Verdict::of(ratio >= 50.0),
    }
    .print();
    Ok(())
}

#[derive(Deserialize)]
struct Schedules {
    value: Vec<Schedule>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Schedule {
    schedule_id: String,
    schedule_items: Vec<Item>,
}

#[derive(Deserialize)]
struct Item {
    status: String,
}

/// The mailboxes of the rooms that are free then and fit.
async fn room_finder(
    running: &Running,
    rooms: &[Room],
    range: TimeRange,
    lanes: &mut [Connection],
) -> Result<BTreeSet<String>> {
    let chunks: Vec<&[Room]> = rooms.chunks(TOGETHER).collect();
    let next = std::cell::Cell::new(0);
    let lane = async |connection: &mut Connection| -> Result<BTreeSet<String>> {
        let mut taken = BTreeSet::new();
        while let Some(chunk) = chunks.get(next.replace(next.get() + 1)) {
            let question = tenant::get_schedule(running.sim_address, &running.token, chunk, range)?;
            let told: Schedules = serde_json::from_slice(connection.exchange(&question).await?)?;
            let busy = |one: &Schedule| {
                one.schedule_items
                    .iter()
                    .any(|item| matches!(item.status.as_str(), "busy" | "tentative" | "oof"))
            };
            let names = told.value.into_iter().filter(busy);
            taken.extend(names.map(|one| one.schedule_id));
        }
        Ok(taken)
    };
    let taken = try_join_all(lanes.iter_mut().map(lane)).await?;
    let fitting = rooms.iter().filter(|room| {
        room.seats
            .is_none_or(|seats| seats.count >= crate::data::PEOPLE)
            && equipment().iter().all(|kind| room.equipment.has(kind))
    });
    let names = fitting.filter_map(mailbox);
    Ok(names
        .filter(|name| !taken.iter().any(|taken| taken.contains(name)))
        .collect())
}

/// The rooms that our floors show as free.
async fn free_on_all_floors(
    running: &Running,
    bookings: &Bookings,
    query: &RoomQuery,
    connection: &mut Connection,
) -> Result<BTreeSet<String>> {
    let headers = signed_in(&format!("http://{}", running.ours));
    let mut free = BTreeSet::new();
    for floor in bookings.office.rooms.chunk_by(|a, b| a.floor == b.floor) {
        let body = json!({ "query": query, "floor": floor[0].floor });
        let request = http::post(running.ours, "/api/rooms/find", &headers, &body);
        let found: FoundRooms = serde_json::from_slice(connection.exchange(&request).await?)?;
        let mut rooms: Vec<&Room> = floor.iter().collect();
        rooms.sort_by(|a, b| a.number.cmp(&b.number));
        ensure!(found.states.len() == rooms.len(), "a room has no state");
        let shown = rooms.iter().zip(found.states.bytes());
        let open = shown.filter(|(_, state)| *state == RoomState::Free.byte());
        free.extend(open.filter_map(|(room, _)| mailbox(room)));
    }
    Ok(free)
}

fn mailbox(room: &Room) -> Option<String> {
    room.link.as_ref().map(|link| link.mailbox.to_string())
}
