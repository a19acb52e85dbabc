//! A small office with a fake calendar system, a fresh database and a clock moved by hand.
//!
//! With `TEST_HOSTILE=SEED` every day is a bad one for the calendar system. Whatever a story tells must come true then
//! too, only later: `through`, `run` and `settle` go on until nothing was struck. Stories that script failures of their
//! own put the bad day away.

use std::collections::BTreeMap;
use std::sync::Arc;

use booking::ids::{BuildingId, ConnectionId, FloorId, MailboxAddress, RoomId};
use booking::person::{Person, PersonId};
use booking::place::{Building, Floor};
use booking::provider::testing::FakeProvider;
use booking::random::SeededRandom;
use booking::room::{EquipmentSet, Room, RoomLink, Seats};
use booking::search::{RoomQuery, When};
use booking::time::{HOUR_MS, Instant, MINUTE_MS, MockClock, SECOND_MS, TimeRange, ZoneName};
use engine::providers::Providers;
use engine::sync::driver::run_all_once;
use engine::{Engine, Parts, Settings};
use secrecy::SecretString;
use store::tenants::Connection;
use store::{SealingKey, Store};
use uuid::Uuid;

/// Tuesday 24 November 2026, 08:00 UTC.
pub const MORNING: Instant = Instant(1_795_507_200_000);

const TENANT: Uuid = Uuid::from_u128(0x7e);

/// Attempts at most until a hostile day has let something through.
const ATTEMPTS_MAX: u32 = 12;

pub struct Office {
    pub engine: Arc<Engine>,
    pub calendars: Arc<FakeProvider>,
    pub clock: Arc<MockClock>,
    pub rooms: Vec<Room>,
    settings: Settings,
    folder: tempfile::TempDir,
}

impl Office {
    /// Three linked rooms for 4, 8 and 12 people, all read once.
    pub async fn open() -> Self {
        Self::with(Settings::default()).await
    }

    /// The same with other periods and limits, but no patience.
    pub async fn with(settings: Settings) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let store = open_store(&folder).await;
        store.migrate().await.unwrap();
        let clock = Arc::new(MockClock::at(MORNING));
        let random = Arc::new(SeededRandom::new(42));
        let connection = ConnectionId(Uuid::from_u128(0xc0));
        keep_connection(&store, connection, random.as_ref()).await;
        let rooms = furnish(&store, connection).await;
        let people = [ada(), ben()]
            .map(|person| (person.id, person.address))
            .into_iter()
            .collect::<BTreeMap<_, _>>();
        let calendars = Arc::new(FakeProvider::new(Vec::new(), people));
        if let Some(seed) = hostility() {
            calendars.begin_hostile_day(seed, clock.clone());
        }
        let mut providers = Providers::new();
        providers.add(connection, calendars.clone());
        let settings = Settings {
            answer_wait_ms: 0,
            patience_ms: 200,
            patience_placing_ms: 200,
            ..settings
        };
        let engine = Engine::start(Parts {
            store,
            providers,
            clock: clock.clone(),
            random,
            settings: settings.clone(),
        })
        .await
        .unwrap();
        let office = Self {
            engine,
            calendars,
            clock,
            rooms,
            settings,
            folder,
        };
        office.note_all_changes().await;
        office.run().await;
        office
    }

    /// A second process on the same database, with other settings or the same.
    pub async fn another_process(&self, change: impl FnOnce(&mut Settings)) -> Arc<Engine> {
        let mut settings = self.settings.clone();
        change(&mut settings);
        let engine = Engine::start(Parts {
            store: open_store(&self.folder).await,
            providers: self.engine.providers().clone(),
            clock: self.clock.clone(),
            random: Arc::new(SeededRandom::new(43)),
            settings,
        });
        engine.await.unwrap()
    }

    /// For failures that a story scripts itself: those of a hostile day are put away.
    pub fn own_faults(&self) -> &FakeProvider {
        self.calendars.end_hostile_day();
        &self.calendars
    }

    /// Rooms answer, then every task runs, as in [`Self::run`].
    pub async fn settle(&self) {
        self.calendars.attend();
        self.clock.advance_ms(MINUTE_MS);
        self.note_all_changes().await;
        self.run().await;
    }

    /// Every task runs once; some seconds later again, as long as a hostile day strikes.
    pub async fn run(&self) {
        let all = async || run_all_once(&self.engine).await.unwrap();
        self.through(2 * SECOND_MS, all).await;
    }

    /// Attempts something as whoever wanted it would: on a fair day once, on a hostile one until nothing of it is
    /// struck, after pauses that double.
    pub async fn through<T>(&self, pause_ms: i64, attempt: impl AsyncFn() -> T) -> T {
        for before in 0..ATTEMPTS_MAX {
            let struck = self.calendars.struck();
            let outcome = attempt().await;
            if self.calendars.struck() == struck {
                return outcome;
            }
            self.clock.advance_ms(pause_ms << before);
        }
        panic!("a hostile day that lets nothing through");
    }

    /// The calendars of all rooms say that something changed.
    pub async fn note_all_changes(&self) {
        let ids: Vec<RoomId> = self.rooms.iter().map(|room| room.id).collect();
        self.engine.note_changes(&ids).await.unwrap();
    }

    pub fn mailbox(&self, room: usize) -> &MailboxAddress {
        &self.rooms[room].link.as_ref().unwrap().mailbox
    }
}

/// Where the chance of a hostile day comes from. `None`: the day is fair.
fn hostility() -> Option<u64> {
    let seed = std::env::var("TEST_HOSTILE").ok()?;
    eprintln!("a hostile day, seed {seed}");
    Some(seed.parse().expect("TEST_HOSTILE is a number"))
}

async fn open_store(folder: &tempfile::TempDir) -> Store {
    let url = format!("sqlite://{}", folder.path().join("etage.db").display());
    Store::open(&url, SealingKey::new(&[7; 32])).await.unwrap()
}

async fn keep_connection(store: &Store, id: ConnectionId, random: &SeededRandom) {
    let connection = Connection {
        id,
        tenant: TENANT,
        name: "Contoso".to_owned(),
        client_id: Uuid::from_u128(0xca).to_string(),
        credential: SecretString::from("a secret"),
        booking_mailbox: MailboxAddress::parse("booking@contoso.com").unwrap(),
        service_account: None,
        created_at: MORNING,
    };
    store.add_connection(&connection, random).await.unwrap();
}

async fn furnish(store: &Store, connection: ConnectionId) -> Vec<Room> {
    let zone = ZoneName("Europe/Helsinki".to_owned());
    let building = Building {
        id: BuildingId(Uuid::from_u128(1)),
        name: "Harbour House".to_owned(),
        zone: zone.clone(),
        floors: vec![Floor {
            id: FloorId(Uuid::from_u128(2)),
            level: 0,
            label: "0".to_owned(),
            sections: Vec::new(),
        }],
    };
    store.upsert_building(&building).await.unwrap();
    let rooms: Vec<Room> = [4, 8, 12]
        .into_iter()
        .enumerate()
        .map(|(at, seats)| Room {
            id: RoomId(Uuid::from_u128(0x100 + at as u128)),
            building: building.id,
            floor: building.floors[0].id,
            number: format!("0.{at}"),
            name: format!("Room 0.{at}"),
            seats: Some(Seats {
                count: seats,
                guessed: false,
            }),
            equipment: EquipmentSet::EMPTY,
            step_free: Some(true),
            link: Some(RoomLink {
                connection,
                mailbox: MailboxAddress::parse(&format!("room{at}@contoso.com")).unwrap(),
            }),
            shape: None,
            zone: zone.clone(),
        })
        .collect();
    store.upsert_rooms(&rooms).await.unwrap();
    rooms
}

pub fn ada() -> Person {
    person(0xada, "Ada", "ada@contoso.com")
}

pub fn ben() -> Person {
    person(0xbe, "Ben", "ben@contoso.com")
}

fn person(object: u128, name: &str, address: &str) -> Person {
    Person {
        id: PersonId {
            tenant: TENANT,
            object: Uuid::from_u128(object),
        },
        display_name: name.to_owned(),
        address: MailboxAddress::parse(address).unwrap(),
    }
}

/// An hour that begins so many hours after the morning.
pub fn hour(after: i64) -> TimeRange {
    let start = MORNING.plus_ms(after * HOUR_MS);
    TimeRange::new(start, start.plus_ms(HOUR_MS)).unwrap()
}

pub fn exactly(range: TimeRange) -> When {
    When::Exact {
        ranges: vec![range],
    }
}

pub fn asking(range: TimeRange, people: u32) -> RoomQuery {
    RoomQuery {
        people,
        ..RoomQuery::any_room(range)
    }
}
