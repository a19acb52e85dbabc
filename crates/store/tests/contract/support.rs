//! A fresh store on either database, and a few people and rooms to put into it.

use std::sync::Once;
use std::sync::atomic::{AtomicU32, Ordering};

use booking::event::{BusyKind, BusyTime, EventRef, Organizer};
use booking::ids::*;
use booking::person::{Person, PersonId};
use booking::place::{Building, Floor, Section};
use booking::random::{Random as _, SeededRandom};
use booking::reservation::{Origin, Reservation};
use booking::room::{Equipment, EquipmentSet, Room, RoomLink, Seats};
use booking::time::{HOUR_MS, Instant, TimeRange, ZoneName};
use secrecy::SecretString;
use sqlx::Connection as _;
use store::events::{Learnt, Taken};
use store::outbox::{JobId, JobKind, NewJob};
use store::reservations::{FirstSteps, HoldOutcome, NewReservation};
use store::sync_state::Standing;
use store::tenants::Connection;
use store::{SealingKey, Store, StoreError};

/// When every test happens.
pub(crate) const NOW: Instant = Instant(1_800_000_000_000);

/// One test's store and what fills it.
pub(crate) struct World {
    pub(crate) store: Store,
    pub(crate) url: String,
    pub(crate) random: SeededRandom,
}

/// Runs the test on SQLite, and on PostgreSQL where there is one.
pub(crate) async fn on_both(test: impl AsyncFn(&World)) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("etage.db");
    eprintln!("on SQLite");
    test(&World::open(format!("sqlite:{}", file.display())).await).await;
    let Ok(base) = std::env::var("TEST_POSTGRES_URL") else {
        static SAID: Once = Once::new();
        SAID.call_once(|| println!("PostgreSQL was not run: TEST_POSTGRES_URL is not set."));
        return;
    };
    eprintln!("on PostgreSQL");
    let schema = new_schema(&base).await;
    let joint = if base.contains('?') { '&' } else { '?' };
    let world = World::open(format!("{base}{joint}options[search_path]={schema}")).await;
    test(&world).await;
    // A test that fails leaves its schema behind, to be looked into.
    let drop = format!("DROP SCHEMA {schema} CASCADE");
    execute(&base, drop).await;
}

async fn new_schema(base: &str) -> String {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    let schema = format!("etage_test_{}_{count}", std::process::id());
    execute(base, format!("DROP SCHEMA IF EXISTS {schema} CASCADE")).await;
    execute(base, format!("CREATE SCHEMA {schema}")).await;
    schema
}

async fn execute(url: &str, statement: String) {
    let mut connection = sqlx::PgConnection::connect(url).await.unwrap();
    sqlx::raw_sql(sqlx::AssertSqlSafe(statement))
        .execute(&mut connection)
        .await
        .unwrap();
    connection.close().await.unwrap();
}

impl World {
    async fn open(url: String) -> Self {
        let store = Store::open(&url, key()).await.unwrap();
        store.migrate().await.unwrap();
        Self {
            store,
            url,
            random: SeededRandom::new(11),
        }
    }

    /// A second process on the same database.
    pub(crate) async fn another_process(&self) -> Store {
        Store::open(&self.url, key()).await.unwrap()
    }

    /// So many rooms of one building, each linked to a mailbox.
    pub(crate) async fn rooms(&self, count: u32) -> Vec<Room> {
        let connection = self.connection();
        let connection = self
            .store
            .add_connection(&connection, &self.random)
            .await
            .unwrap();
        let building = self.building("Main");
        self.store.upsert_building(&building).await.unwrap();
        let rooms: Vec<Room> = (0..count)
            .map(|number| self.room(&building, connection, number))
            .collect();
        self.store.upsert_rooms(&rooms).await.unwrap();
        rooms
    }

    /// Describes the room again with this mailbox, or none.
    pub(crate) async fn relink(
        &self,
        room: &Room,
        link: Option<&RoomLink>,
    ) -> Result<(), StoreError> {
        let described = Room {
            link: link.cloned(),
            ..room.clone()
        };
        self.store.upsert_rooms(&[described]).await
    }

    pub(crate) fn building(&self, name: &str) -> Building {
        Building {
            id: BuildingId::random(&self.random),
            name: name.to_owned(),
            zone: ZoneName("Europe/Helsinki".to_owned()),
            floors: vec![Floor {
                id: FloorId::random(&self.random),
                level: 1,
                label: "1".to_owned(),
                sections: vec![Section {
                    id: SectionId::random(&self.random),
                    name: "North".to_owned(),
                }],
            }],
        }
    }

    pub(crate) fn room(&self, building: &Building, connection: ConnectionId, number: u32) -> Room {
        Room {
            id: RoomId::random(&self.random),
            building: building.id,
            floor: building.floors[0].id,
            number: format!("{number:05}"),
            name: format!("Room {number}"),
            seats: Some(Seats {
                count: 8,
                guessed: true,
            }),
            equipment: EquipmentSet::EMPTY
                .with(Equipment::Video)
                .with(Equipment::Daylight),
            step_free: Some(true),
            link: Some(RoomLink {
                connection,
                mailbox: address(&format!("room{number}")),
            }),
            shape: Some(ShapeId::random(&self.random)),
            zone: building.zone.clone(),
        }
    }

    pub(crate) fn connection(&self) -> Connection {
        Connection {
            id: ConnectionId::random(&self.random),
            tenant: uuid::Uuid::from_u128(1),
            name: "Contoso".to_owned(),
            client_id: "client".to_owned(),
            credential: SecretString::from("credential-in-clear".to_owned()),
            booking_mailbox: address("booking"),
            service_account: None,
            created_at: NOW,
        }
    }

    /// A portal reservation of the hour from `start_ms` after [`NOW`].
    pub(crate) fn wish(&self, room: &Room, start_ms: i64, person: &Person) -> NewReservation {
        NewReservation {
            id: ReservationId::random(&self.random),
            room: room.id,
            range: hour(start_ms),
            origin: Origin::Portal,
            person: person.clone(),
            created_at: NOW,
            asked_at: NOW,
            job: None,
            swap: None,
            on_behalf_of: None,
            steps: FirstSteps::default(),
        }
    }

    /// The same for a draft.
    pub(crate) fn draft_wish(
        &self,
        room: &Room,
        start_ms: i64,
        person: &Person,
        key: DraftKey,
    ) -> NewReservation {
        NewReservation {
            origin: Origin::Draft {
                key,
                expires_at: NOW.plus_ms(120_000),
            },
            ..self.wish(room, start_ms, person)
        }
    }

    /// A reservation of Ada's that is held already.
    pub(crate) async fn held(&self, room: &Room, start_ms: i64) -> Reservation {
        let wish = self.wish(room, start_ms, &ada());
        self.hold(&wish).await.unwrap()
    }

    /// `None`: refused.
    pub(crate) async fn hold(&self, wish: &NewReservation) -> Option<Reservation> {
        match self.store.hold_slot(wish).await.unwrap() {
            HoldOutcome::Held(reservation) => Some(*reservation),
            HoldOutcome::Refused(_) | HoldOutcome::TooMany | HoldOutcome::NotYours => None,
        }
    }

    pub(crate) fn job(&self, due_at: Instant) -> NewJob {
        NewJob {
            id: JobId(self.random.uuid()),
            kind: JobKind::CreateEvent,
            payload: serde_json::json!({ "subject": "Stand-up" }),
            due_at,
        }
    }
}

/// What is learnt of a room by a reading that says nothing new; it is looked at again at once.
pub(crate) fn nothing_learnt(_: Taken) -> Learnt {
    to_be_looked_at(NOW)
}

/// The same, and when it is looked at again.
pub(crate) fn to_be_looked_at(look_at: Instant) -> Learnt {
    Learnt {
        standing: Standing::default(),
        look_at,
        last_error: None,
        is_promise_doubted: false,
    }
}

fn key() -> SealingKey {
    SealingKey::new(&[3; 32])
}

pub(crate) fn ada() -> Person {
    person("ada", 1)
}

pub(crate) fn bob() -> Person {
    person("bob", 2)
}

pub(crate) fn person(name: &str, object: u128) -> Person {
    Person {
        id: PersonId {
            tenant: uuid::Uuid::from_u128(1),
            object: uuid::Uuid::from_u128(object),
        },
        display_name: name.to_owned(),
        address: address(name),
    }
}

pub(crate) fn address(local: &str) -> MailboxAddress {
    MailboxAddress::parse(&format!("{local}@contoso.com")).unwrap()
}

pub(crate) fn range(start_ms: i64, end_ms: i64) -> TimeRange {
    TimeRange::new(NOW.plus_ms(start_ms), NOW.plus_ms(end_ms)).unwrap()
}

pub(crate) fn hour(start_ms: i64) -> TimeRange {
    range(start_ms, start_ms + HOUR_MS)
}

pub(crate) fn event(id: &str) -> EventRef {
    EventRef {
        mailbox: address("ada"),
        event_id: id.to_owned(),
        ical_uid: format!("uid-{id}"),
    }
}

pub(crate) fn busy(id: &str, start_ms: i64) -> BusyTime {
    BusyTime {
        event_id: id.to_owned(),
        ical_uid: Some(format!("uid-{id}")),
        series_id: None,
        range: hour(start_ms),
        kind: BusyKind::Busy,
        organizer: Some(Organizer {
            display_name: "Ada".to_owned(),
            address: Some(address("ada")),
        }),
    }
}
