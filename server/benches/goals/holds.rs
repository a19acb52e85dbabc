//! Holds that survive a power failure: from the request over HTTP to the promise on disk, against
//! the bare conditional insert of the same row into a database of the same kind.
//!
//! The calendar system answers at once and the outbox stands still: what is measured is ours alone.

mod bare;

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Instant;

use anyhow::{Result, ensure};
use app::api::reservations::PlaceRequest;
use booking::ids::ReservationId;
use booking::provider::testing::FakeProvider;
use booking::reservation::Origin;
use booking::room::Room;
use booking::search::When;
use booking::time::{Clock, DAY_MS, MINUTE_MS, TimeRange};
use engine::providers::Providers;
use engine::{Engine, Parts, Settings};
use futures::future::try_join_all;
use serde_json::json;
use server::clock::{SystemClock, SystemRandom};
use server::state::{AppState, Reachable};
use server::{router, wire};
use store::outbox::{JobId, JobKind, NewJob};
use store::reservations::{FirstSteps, HoldOutcome, NewReservation};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::database::Database;
use crate::http::{self, Connection};
use crate::measure::{CROWD, Runtimes, upper_quartile};
use crate::office::{Bookings, NOWHERE, adele, furnish, settings, signed_in};
use crate::report;
use crate::served::Place;

const ROOMS: usize = 1_000;
const TURNS: usize = 12;
/// Holds in one turn of either side.
const EACH: usize = 640;

pub(crate) fn run() -> Result<()> {
    on(&Database::sqlite()?)?;
    match std::env::var("TEST_POSTGRES_URL") {
        Ok(server) => on(&Database::postgres(&server)?),
        Err(_) => {
            eprintln!("TEST_POSTGRES_URL is not set: holds were not measured on PostgreSQL");
            Ok(())
        }
    }
}

fn on(database: &Database) -> Result<()> {
    let runtimes = Runtimes::new()?;
    let bookings = Bookings::new(ROOMS);
    let (ours, bare) = runtimes.servers.block_on(async {
        let ours = serve(database, &bookings.office.rooms).await?;
        anyhow::Ok((ours, bare::prepare(database, &bookings.office.rooms).await?))
    })?;
    let (mut ours_rates, mut store_rates, mut bare_rates) = (Vec::new(), Vec::new(), Vec::new());
    // The first turn warms everything up, and does not count.
    for turn in 0..=TURNS {
        let slots = |of: usize| -> Vec<Slot> {
            let first = (2 * turn + of) * EACH;
            (first..first + EACH)
                .map(|at| slot(&bookings, at))
                .collect()
        };
        let one = runtimes
            .client
            .block_on(place_all(ours.address, &slots(0)))?;
        let other = runtimes
            .servers
            .block_on(bare::insert_all(&bare, &slots(0)))?;
        let between = runtimes.servers.block_on(hold_all(&ours, &slots(1)))?;
        if turn > 0 {
            ours_rates.push(one);
            bare_rates.push(other);
            store_rates.push(between);
        }
    }
    report::own(
        format!(
            "durable holds by the store alone, c={CROWD}, {}",
            database.name
        ),
        format!("{:.0}/s", upper_quartile(store_rates)),
    );
    report::at_least_part(
        format!("durable holds over HTTP, c={CROWD}, {}", database.name),
        upper_quartile(ours_rates),
        "bare conditional insert",
        upper_quartile(bare_rates),
        0.5,
    );
    Ok(())
}

/// A room and a time that nobody else asks for.
#[derive(Clone)]
struct Slot {
    id: Uuid,
    room: Room,
    range: TimeRange,
}

fn slot(bookings: &Bookings, number: usize) -> Slot {
    let rooms = &bookings.office.rooms;
    let later = (number / rooms.len()) as i64;
    let start = bookings
        .start()
        .plus_ms(30 * DAY_MS + later * 30 * MINUTE_MS);
    Slot {
        id: Uuid::from_u128(0xb00c_0000 + number as u128),
        room: rooms[number % rooms.len()].clone(),
        range: TimeRange::new(start, start.plus_ms(30 * MINUTE_MS)).expect("it is not empty"),
    }
}

/// A running server and what is behind it.
struct Ours {
    address: SocketAddr,
    engine: Arc<Engine>,
}

/// A server whose calendar system answers at once and whose placements wait for nothing.
async fn serve(database: &Database, rooms: &[Room]) -> Result<Ours> {
    let place = Place::take()?;
    let url = database.fresh("ours").await?;
    let folder = database.folder.path();
    let further = [("ETAGE_DATABASE_URL", url.as_str())];
    let config = settings(folder, &place.origin(), NOWHERE, &further)?;
    furnish(&config, rooms).await?;
    let clock = Arc::new(SystemClock);
    let random = Arc::new(SystemRandom);
    let state = wire::app_state(
        config,
        clock.clone(),
        random.clone(),
        CancellationToken::new(),
    )
    .await?;
    let mut providers = Providers::new();
    let calendars = FakeProvider::new(Vec::new(), BTreeMap::from([(adele().id, adele().address)]));
    if let Some(link) = &rooms[0].link {
        providers.add(link.connection, Arc::new(calendars));
    }
    let engine = Engine::start(Parts {
        store: state.engine.store().clone(),
        providers,
        clock,
        random,
        settings: Settings {
            answer_wait_ms: 0,
            ..Settings::default()
        },
    })
    .await?;
    let state = Reachable {
        engine: Arc::clone(&engine),
        sign_in: Arc::clone(&state.sign_in),
        site: state.site.clone(),
        config: Arc::clone(&state.config),
        leptos: state.leptos.clone(),
        checks: server::checks::Checks::default(),
        streams: state.streams.clone(),
        share: Arc::clone(&state.share),
        stop: state.stop.clone(),
    };
    Ok(Ours {
        address: place.serve(router::router(AppState::from(state)))?,
        engine,
    })
}

/// Places all of them from [`CROWD`] connections; holds a second.
async fn place_all(address: SocketAddr, slots: &[Slot]) -> Result<f64> {
    let headers = signed_in(&format!("http://{address}"));
    let requests: Vec<Vec<u8>> = slots
        .iter()
        .map(|slot| request(address, &headers, slot))
        .collect();
    let mut connections = Vec::new();
    for _ in 0..CROWD {
        connections.push(Connection::open(address).await?);
    }
    let start = Instant::now();
    let lane = async |(number, mut connection): (usize, Connection)| -> Result<()> {
        for request in requests.iter().skip(number).step_by(CROWD) {
            connection.exchange(request).await?;
        }
        Ok(())
    };
    try_join_all(connections.into_iter().enumerate().map(lane)).await?;
    Ok(slots.len() as f64 / start.elapsed().as_secs_f64())
}

/// Holds all of them in the store from [`CROWD`] tasks; holds a second.
async fn hold_all(ours: &Ours, slots: &[Slot]) -> Result<f64> {
    let start = Instant::now();
    let lanes = (0..CROWD).map(|number| {
        let slots: Vec<Slot> = slots.iter().skip(number).step_by(CROWD).cloned().collect();
        let store = ours.engine.store().clone();
        tokio::spawn(async move {
            for slot in slots {
                let outcome = store.hold_slot(&promise(&slot)).await?;
                ensure!(
                    matches!(outcome, HoldOutcome::Held(_)),
                    "a free slot was refused"
                );
            }
            Ok(())
        })
    });
    for done in try_join_all(lanes).await? {
        done?;
    }
    Ok(slots.len() as f64 / start.elapsed().as_secs_f64())
}

fn promise(slot: &Slot) -> NewReservation {
    let now = SystemClock.now();
    NewReservation {
        id: ReservationId(slot.id),
        room: slot.room.id,
        range: slot.range,
        origin: Origin::Portal,
        person: adele(),
        created_at: now,
        asked_at: now,
        swap: None,
        on_behalf_of: None,
        steps: FirstSteps {
            person_known_at: Some(now),
            room_free_at: Some(now),
        },
        job: Some(NewJob {
            id: JobId(slot.id),
            kind: JobKind::CreateEvent,
            payload: json!({ "subject": "Planning" }),
            due_at: now,
        }),
    }
}

fn request(address: SocketAddr, headers: &[String], slot: &Slot) -> Vec<u8> {
    let body = json!({ "request": PlaceRequest {
        room: slot.room.id,
        when: When::Exact { ranges: vec![slot.range] },
        subject: "Planning".to_owned(),
        key: ReservationId(slot.id),
            swap: None,
            on_behalf: None,
    }});
    http::post(address, "/api/reservations/place", headers, &body)
}
