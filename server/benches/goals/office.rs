//! The bench office in a store of ours: its rooms, when they are taken, and somebody signed in.

use anyhow::Result;
use booking::event::{BusyTime, Organizer};
use booking::ids::{ConnectionId, MailboxAddress};
use booking::person::{Person, PersonId};
use booking::place::{Building, Floor};
use booking::room::Room;
use booking::search::{OccupancyKind, RoomQuery, When};
use booking::time::{Clock, DAY_MS, HOUR_MS, Instant, TimeRange, ZoneName};
use m365_sim::Scenario;
use secrecy::SecretString;
use server::clock::{SystemClock, SystemRandom};
use server::config::{Config, Env};
use server::wire;
use sha2::{Digest, Sha256};
use store::Store;
use store::events::{BusyChange, Learnt, RoomCommit};
use store::people::TokenHash;
use store::sync_state::Standing;
use store::tenants::Connection;
use uuid::Uuid;

use crate::data::{DAYS, NOW, Office, Times, questions};

/// Nobody listens there.
pub(crate) const NOWHERE: &str = "http://127.0.0.1:9";
pub(crate) const SEED: u64 = 20_261_120;
/// The cookie of Adele's session.
const COOKIE: (&str, &str) = ("etage_session", "bench-session");
const QUESTIONS: usize = 64;

/// The bench office, and the midnight its bookings begin at.
pub(crate) struct Bookings {
    pub(crate) office: Office,
    shift_ms: i64,
}

impl Bookings {
    /// Beginning tomorrow, so that nothing asked for is over.
    pub(crate) fn new(rooms: usize) -> Self {
        let midnight = (SystemClock.now().0.div_euclid(DAY_MS) + 1) * DAY_MS;
        Self {
            office: Office::new(rooms, Times::MostlyRound, SEED),
            shift_ms: midnight - NOW.0,
        }
    }

    /// When the data's time is, in the present.
    pub(crate) fn moved(&self, range: TimeRange) -> TimeRange {
        range.shifted_ms(self.shift_ms)
    }

    /// The first midnight.
    pub(crate) fn start(&self) -> Instant {
        NOW.plus_ms(self.shift_ms)
    }

    /// Questions as the search page asks them: an hour, eight people, video and screen.
    pub(crate) fn queries(&self) -> Vec<RoomQuery> {
        let asked = questions(QUESTIONS, 0, 1, SEED + 1).into_iter();
        asked
            .map(|wanted| RoomQuery {
                building: None,
                floor: None,
                when: When::Exact {
                    ranges: wanted.ranges.iter().map(|one| self.moved(*one)).collect(),
                },
                people: wanted.people,
                equipment: wanted.equipment,
                step_free: wanted.step_free,
            })
            .collect()
    }

    /// Puts when the rooms are taken into the store, as a round of reading would have.
    pub(crate) async fn keep(&self, store: &Store) -> Result<()> {
        let dirty_seen = store
            .room_syncs()
            .await?
            .into_iter()
            .map(|sync| (sync.room, sync.dirty_seen))
            .collect::<std::collections::HashMap<_, _>>();
        let end = self.start().plus_ms(DAYS * DAY_MS);
        let window = TimeRange::new(self.start(), end)?;
        for (room, taken) in self.office.rooms.iter().zip(&self.office.occupancies) {
            let changes = taken.iter().enumerate().map(|(number, one)| {
                let kind = match one.kind {
                    OccupancyKind::Calendar(kind) => kind,
                    OccupancyKind::Held => booking::event::BusyKind::Busy,
                };
                BusyChange::Busy(BusyTime {
                    event_id: format!("AAMkAGI1-{}-{number}", room.number),
                    ical_uid: Some(format!("040000008200E00074C5B7-{}-{number}", room.number)),
                    series_id: None,
                    range: self.moved(one.range),
                    kind,
                    organizer: Some(Organizer {
                        display_name: "Adele Vance".to_owned(),
                        address: Some(adele().address),
                    }),
                })
            });
            let now = SystemClock.now();
            let commit = RoomCommit {
                room: room.id,
                changes: changes.collect(),
                full: Some(window),
                cursor: None,
                synced_at: now,
                dirty_seen: dirty_seen.get(&room.id).copied().unwrap_or_default(),
                lease: Instant(0),
            };
            let learnt = Learnt {
                standing: Standing::default(),
                look_at: now.plus_ms(HOUR_MS),
                last_error: None,
                is_promise_doubted: false,
            };
            store
                .commit_room_changes(commit, move |_| learnt.clone())
                .await?;
        }
        Ok(())
    }
}

/// A store with these rooms on floors of a hundred, the simulated tenant's connection, and Adele
/// signed in; all rooms free.
pub(crate) async fn furnish(config: &Config, rooms: &[Room]) -> Result<Store> {
    let store = wire::open_store(config, &SystemRandom).await?;
    let connection = Connection {
        id: rooms
            .iter()
            .find_map(|room| room.link.as_ref())
            .map_or(ConnectionId(Uuid::from_u128(1)), |link| link.connection),
        tenant: Scenario::CONTOSO_TENANT_ID,
        name: "Contoso".to_owned(),
        client_id: Scenario::CONTOSO_CLIENT_ID.to_string(),
        credential: SecretString::from(Scenario::CONTOSO_SECRET),
        booking_mailbox: MailboxAddress::parse("megan.bowen@contoso.com")?,
        service_account: None,
        created_at: SystemClock.now(),
    };
    store.add_connection(&connection, &SystemRandom).await?;
    store.upsert_building(&building(rooms)).await?;
    store.upsert_rooms(rooms).await?;
    let person = adele();
    store.upsert_person(&person).await?;
    let now = SystemClock.now();
    let token = TokenHash(Sha256::digest(COOKIE.1.as_bytes()).into());
    store
        .create_session(token, person.id, now, now.plus_ms(DAY_MS))
        .await?;
    Ok(store)
}

fn building(rooms: &[Room]) -> Building {
    let mut floors: Vec<Floor> = Vec::new();
    for room in rooms {
        if floors.last().is_none_or(|floor| floor.id != room.floor) {
            let level = floors.len() as i32;
            floors.push(Floor {
                id: room.floor,
                level,
                label: level.to_string(),
                sections: Vec::new(),
            });
        }
    }
    Building {
        id: rooms[0].building,
        name: "Harbour House".to_owned(),
        zone: ZoneName::utc(),
        floors,
    }
}

/// Whoever asks.
pub(crate) fn adele() -> Person {
    Person {
        id: PersonId {
            tenant: Scenario::CONTOSO_TENANT_ID,
            object: Uuid::from_u128(0xade1e),
        },
        display_name: "Adele Vance".to_owned(),
        address: MailboxAddress::parse("adele.vance@contoso.com").expect("it is an address"),
    }
}

/// The cookie of Adele's session, as `name=value`.
pub(crate) fn session_cookie() -> String {
    format!("{}={}", COOKIE.0, COOKIE.1)
}

/// The header lines of a browser in which Adele is signed in.
pub(crate) fn signed_in(origin: &str) -> Vec<String> {
    vec![
        format!("origin: {origin}"),
        format!("cookie: {}", session_cookie()),
        "accept-encoding: gzip, deflate, br".to_owned(),
    ]
}

/// Settings of a server in this folder, at this origin, with Microsoft at that address.
pub(crate) fn settings(
    folder: &std::path::Path,
    origin: &str,
    microsoft: &str,
    further: &[(&str, &str)],
) -> Result<Config> {
    let folder = folder.display().to_string();
    let mut pairs = vec![
        ("ETAGE_DATA_DIR", folder.as_str()),
        ("ETAGE_ORIGIN", origin),
        ("ETAGE_GRAPH_URL", microsoft),
        ("ETAGE_LOGIN_URL", microsoft),
        // Nothing is to be read again while something is measured.
        ("ETAGE_POLL_SECONDS", "3600"),
        ("ETAGE_CHECK_HOURS", "0"),
    ];
    pairs.extend_from_slice(further);
    Ok(Config::read(&Env::of(&pairs))?)
}
