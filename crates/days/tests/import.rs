//! A tenant that is read for the first time. `DAYS_IMPORT_ROOMS` is how many rooms it has.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on stops there")]

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use booking::ids::{BuildingId, ConnectionId, FloorId, MailboxAddress, RoomId};
use booking::person::PersonId;
use booking::place::{Building, Floor};
use booking::provider::{GrantKeeper, ProviderError};
use booking::random::SeededRandom;
use booking::room::{EquipmentSet, Room, RoomLink};
use booking::time::{Clock, Instant, MockClock, ZoneName};
use days::MONDAY;
use engine::providers::Providers;
use engine::sync::events_task;
use engine::{Engine, Parts, Settings};
use graph::provider::{BookingAccess, BookingMailbox, GraphConfig};
use graph::{Credential, GraphProvider};
use m365_sim::{RoomRecord, Scenario, ScenarioEvent, Sim, SimOptions};
use secrecy::SecretString;
use store::tenants::Connection;
use store::{SealingKey, Store};
use url::Url;
use uuid::Uuid;

const EVENTS_PER_ROOM: usize = 60;
const CONNECTION: ConnectionId = ConnectionId(Uuid::from_u128(0xc0));

/// Nobody has signed in.
struct Nobody;

#[async_trait]
impl GrantKeeper for Nobody {
    async fn grant(&self, _: &PersonId) -> Result<Option<SecretString>, ProviderError> {
        Ok(None)
    }

    async fn keep(&self, _: &PersonId, _: &SecretString) -> Result<(), ProviderError> {
        Ok(())
    }

    async fn forget(&self, _: &PersonId) -> Result<(), ProviderError> {
        Ok(())
    }
}

fn mailbox(number: usize) -> String {
    format!("import{number}@contoso.com")
}

/// So many rooms, each with sixty meetings on its days ahead.
fn scenario(rooms: usize) -> Scenario {
    let start = jiff::Timestamp::from_millisecond(MONDAY.0).unwrap();
    let mut scenario = Scenario::contoso().with_clock(start);
    let tenant = &mut scenario.tenants[0];
    tenant.room_lists.clear();
    tenant.rooms = (0..rooms)
        .map(|number| RoomRecord::contoso(&format!("Import {number}"), &mailbox(number)))
        .collect();
    let organizers: Vec<String> = (tenant.people.iter())
        .map(|person| person.address.clone())
        .collect();
    let meeting = |room: usize, number: usize| {
        let day = jiff::civil::date(2026, 11, 24)
            .saturating_add(jiff::Span::new().days(i64::try_from(number / 6).unwrap()));
        let hour = i8::try_from(8 + number % 6).unwrap();
        ScenarioEvent {
            organizer: organizers[(room + number) % organizers.len()].clone(),
            subject: "Meeting".to_owned(),
            start: day.at(hour, 0, 0, 0),
            end: day.at(hour, 45, 0, 0),
            time_zone: "UTC".to_owned(),
            attendees: Vec::new(),
            rooms: vec![mailbox(room)],
            show_as: "busy".to_owned(),
        }
    };
    tenant.events = (0..rooms)
        .flat_map(|room| (0..EVENTS_PER_ROOM).map(move |number| (room, number)))
        .map(|(room, number)| meeting(room, number))
        .collect();
    scenario
}

async fn furnish(store: &Store, rooms: usize) {
    let connection = Connection {
        id: CONNECTION,
        tenant: Scenario::CONTOSO_TENANT_ID,
        name: "Contoso".to_owned(),
        client_id: Scenario::CONTOSO_CLIENT_ID.to_string(),
        credential: SecretString::from(Scenario::CONTOSO_SECRET),
        booking_mailbox: MailboxAddress::parse("megan.bowen@contoso.com").unwrap(),
        service_account: None,
        created_at: MONDAY,
    };
    let random = SeededRandom::new(5);
    store.add_connection(&connection, &random).await.unwrap();
    let building = Building {
        id: BuildingId(Uuid::from_u128(1)),
        name: "Harbour House".to_owned(),
        zone: ZoneName("Europe/Berlin".to_owned()),
        floors: vec![Floor {
            id: FloorId(Uuid::from_u128(2)),
            level: 1,
            label: "1".to_owned(),
            sections: Vec::new(),
        }],
    };
    store.upsert_building(&building).await.unwrap();
    let rooms: Vec<Room> = (0..rooms)
        .map(|number| Room {
            id: RoomId(Uuid::from_u128(0x1_0000 + number as u128)),
            building: building.id,
            floor: building.floors[0].id,
            number: format!("{number:04}"),
            name: format!("Import {number}"),
            seats: None,
            equipment: EquipmentSet::EMPTY,
            step_free: None,
            link: Some(RoomLink {
                connection: CONNECTION,
                mailbox: MailboxAddress::parse(&mailbox(number)).unwrap(),
            }),
            shape: None,
            zone: building.zone.clone(),
        })
        .collect();
    store.upsert_rooms(&rooms).await.unwrap();
}

async fn start(store: Store, sim: &Sim) -> Arc<Engine> {
    let clock: Arc<dyn Clock> = Arc::new(MockClock::at(MONDAY));
    let random = Arc::new(SeededRandom::new(6));
    let url = Url::parse(sim.url()).unwrap();
    let config = GraphConfig {
        graph_url: url.clone(),
        login_url: url,
        tenant: Scenario::CONTOSO_TENANT_ID.to_string(),
        client_id: Scenario::CONTOSO_CLIENT_ID.to_string(),
        credential: Credential::Secret(SecretString::from(Scenario::CONTOSO_SECRET)),
        booking_mailbox: Some(BookingMailbox {
            address: MailboxAddress::parse("megan.bowen@contoso.com").unwrap(),
            access: BookingAccess::Application,
        }),
        resource: None,
    };
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let provider = GraphProvider::new(
        config,
        http,
        Arc::clone(&clock),
        random.clone(),
        Arc::new(Nobody),
    );
    let mut providers = Providers::new();
    providers.add(CONNECTION, Arc::new(provider.unwrap()));
    let parts = Parts {
        store,
        providers,
        clock,
        random,
        settings: Settings::default(),
    };
    Engine::start(parts).await.unwrap()
}

/// covers part of: FX-53
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_tenant_is_read_with_progress_and_nothing_is_refused_as_too_much() {
    let rooms = std::env::var("DAYS_IMPORT_ROOMS").map_or(40, |rooms| rooms.parse().unwrap());
    let sim = Sim::start(scenario(rooms), SimOptions::explicit()).await;
    let sim = sim.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite://{}", folder.path().join("etage.db").display());
    let store = Store::open(&url, SealingKey::new(&[7; 32])).await.unwrap();
    store.migrate().await.unwrap();
    furnish(&store, rooms).await;
    let engine = start(store.clone(), &sim).await;

    let totals = async || engine.rooms_health().await.unwrap().totals;
    let before = totals().await;
    let count = u32::try_from(rooms).unwrap();
    assert_eq!((before.rooms, before.waiting), (count, count));
    let began = tokio::time::Instant::now();
    let reading = tokio::spawn({
        let engine = Arc::clone(&engine);
        async move { events_task::run(&engine).await }
    });
    let mut seen = vec![before.waiting];
    let mut tick = tokio::time::interval(Duration::from_millis(20));
    while !reading.is_finished() {
        tick.tick().await;
        seen.push(totals().await.waiting);
    }
    let took = began.elapsed();
    reading.await.unwrap().unwrap();
    assert!(
        seen.is_sorted_by(|before, after| before >= after),
        "{seen:?}"
    );
    let after = totals().await;
    assert_eq!((after.waiting, after.in_sync), (0, count));
    let ever = booking::time::TimeRange::new(Instant(0), Instant(i64::MAX)).unwrap();
    for room in [0, rooms - 1] {
        let id = RoomId(Uuid::from_u128(0x1_0000 + room as u128));
        let kept = store.busy_times_of(id, ever).await.unwrap();
        assert_eq!(kept.len(), EVENTS_PER_ROOM, "room {room}");
    }
    let requests = sim.requests();
    let refused = requests.iter().filter(|one| one.status == 429).count();
    assert_eq!(refused, 0);
    println!(
        "{rooms} rooms with {EVENTS_PER_ROOM} events each: {:.1} s, {} requests",
        took.as_secs_f64(),
        requests.len()
    );
}
