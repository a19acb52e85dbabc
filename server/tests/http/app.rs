//! A server of one's own: fresh database, simulated tenant, every background task running.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::time::Duration;

use booking::ids::{BuildingId, ConnectionId, FloorId, MailboxAddress, RoomId};
use booking::place::{Building, Floor};
use booking::room::{EquipmentSet, Room, RoomLink, Seats};
use booking::time::{Clock, DAY_MS, HOUR_MS, Instant, TimeRange, ZoneName};
use m365_sim::contract::ContractObserver;
use m365_sim::{EventView, FaultPlan, Faults, Mode, Scenario, Sim, SimOptions};
use rcgen::{CertificateParams, KeyPair, PKCS_RSA_SHA256};
use secrecy::SecretString;
use server::clock::{SystemClock, SystemRandom};
use server::config::{Config, Env};
use server::lifecycle::Lifecycle;
use server::state::AppState;
use server::{router, wire};
use sqlx::Connection as _;
use store::tenants::Connection;
use uuid::Uuid;

/// How long anything may take before a test gives up waiting for it.
pub const PATIENCE: Duration = Duration::from_secs(20);

/// Where reservations of people without an account are written from. As itself our application opens this mailbox and
/// those of the rooms; Exchange refuses it all others.
const BOOKING_MAILBOX: &str = "megan.bowen@contoso.com";

pub struct TestApp {
    pub origin: String,
    pub sim: Sim,
    pub state: AppState,
    pub rooms: Vec<Room>,
    has_own_faults: AtomicBool,
    contract: ContractObserver,
    lifecycle: Lifecycle,
    served: tokio::task::JoinHandle<()>,
    folder: tempfile::TempDir,
    _database: Option<Database>,
}

impl TestApp {
    /// On SQLite.
    pub async fn start() -> Self {
        Self::start_on(None, OwnProof::secret(), hostility()).await
    }

    /// On SQLite, in a tenant that is set up in another way.
    pub async fn start_in(change: fn(&mut Scenario)) -> Self {
        let proof = OwnProof {
            change,
            ..OwnProof::secret()
        };
        Self::start_on(None, proof, hostility()).await
    }

    /// On SQLite, on a good day and with these settings besides.
    pub async fn start_with(settings: &[(&str, &str)]) -> Self {
        let good = FaultPlan::default();
        Self::start_set(None, OwnProof::secret(), good, settings).await
    }

    /// On SQLite, for a test that scripts what fails and needs everything to have gone well before.
    pub async fn start_on_a_good_day() -> Self {
        Self::start_on(None, OwnProof::secret(), FaultPlan::default()).await
    }

    /// On SQLite, with an application that has no secret but a certificate.
    pub async fn start_with_certificate() -> Self {
        Self::start_on(None, OwnProof::certificate(), hostility()).await
    }

    /// On PostgreSQL. `None`: there is none here, which is said.
    pub async fn start_on_postgres() -> Option<Self> {
        let Ok(url) = std::env::var("TEST_POSTGRES_URL") else {
            eprintln!("TEST_POSTGRES_URL is not set: nothing was run on PostgreSQL");
            return None;
        };
        let database = Database::create(&url).await;
        Some(Self::start_on(Some(database), OwnProof::secret(), hostility()).await)
    }

    async fn start_on(database: Option<Database>, proof: OwnProof, faults: FaultPlan) -> Self {
        Self::start_set(database, proof, faults, &[]).await
    }

    async fn start_set(
        database: Option<Database>,
        proof: OwnProof,
        faults: FaultPlan,
        further: &[(&str, &str)],
    ) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let origin = format!("http://{}", listener.local_addr().unwrap());
        let contract = ContractObserver::from_reference();
        let sim = simulator(&origin, &contract, &proof, faults).await;
        let config = settings(&origin, &sim, folder.path(), database.as_ref(), further);
        let rooms = furnish(&config, proof).await;
        let (state, lifecycle, served) = serve(config, listener).await;
        let app = Self {
            origin,
            sim,
            state,
            rooms,
            has_own_faults: AtomicBool::new(false),
            contract,
            lifecycle,
            served,
            folder,
            _database: database,
        };
        app.until_mirrored().await;
        app
    }

    /// Waits until every room was read once.
    async fn until_mirrored(&self) {
        eventually("every room is read once", async || {
            let syncs = self.state.engine.store().room_syncs().await.unwrap();
            syncs
                .iter()
                .all(|sync| sync.synced_at.is_some())
                .then_some(())
        })
        .await;
    }

    /// For the faults that a test scripts itself: those of a hostile day are put away.
    pub fn own_faults(&self) -> &Faults {
        if !self.has_own_faults.swap(true, Ordering::Relaxed) {
            self.sim.faults().clear();
        }
        self.sim.faults()
    }

    /// The copies of events in a mailbox that still stand.
    pub fn events(&self, mailbox: &str) -> Vec<EventView> {
        let mut events = self.sim.events(mailbox).unwrap_or_default();
        events.retain(|event| !event.is_cancelled);
        events
    }

    pub fn mailbox(&self, room: usize) -> String {
        self.rooms[room].link.as_ref().unwrap().mailbox.to_string()
    }

    /// Where the server keeps what it keeps.
    pub fn data_dir(&self) -> &std::path::Path {
        self.folder.path()
    }

    /// Every file in the data folder, the database's journal included.
    pub fn kept_on_disk(&self) -> String {
        let files = std::fs::read_dir(self.folder.path()).unwrap();
        files
            .map(|file| file.unwrap().path())
            .filter(|path| path.is_file())
            .map(|path| String::from_utf8_lossy(&std::fs::read(path).unwrap()).into_owned())
            .collect()
    }

    /// Breaks the database (SQLite): whoever asks for that table meets an error from now on.
    pub async fn lose_table(&self, table: &str) {
        let file = self.folder.path().join("etage.db");
        let url = format!("sqlite:{}", file.display());
        let mut connection = sqlx::SqliteConnection::connect(&url).await.unwrap();
        let statement = format!("ALTER TABLE {table} RENAME TO lost_{table}");
        sqlx::raw_sql(sqlx::AssertSqlSafe(statement))
            .execute(&mut connection)
            .await
            .unwrap();
    }

    /// Ends everything, and fails if Microsoft's contract was broken on either side.
    pub async fn close(self) {
        self.lifecycle.finish().await;
        self.served.await.unwrap();
        assert_eq!(
            self.contract.violations(),
            [],
            "the simulator broke the contract"
        );
        assert_eq!(
            self.contract.request_violations(),
            [],
            "Etage broke the contract"
        );
    }
}

/// An hour tomorrow that begins so many hours after midnight UTC.
pub fn tomorrow(hour: i64) -> TimeRange {
    let now = SystemClock.now();
    let midnight = (now.0.div_euclid(DAY_MS) + 1) * DAY_MS;
    let start = Instant(midnight + hour * HOUR_MS);
    TimeRange::new(start, start.plus_ms(HOUR_MS)).unwrap()
}

/// Waits until the condition gives something.
pub async fn eventually<T>(what: &str, mut condition: impl AsyncFnMut() -> Option<T>) -> T {
    let mut tick = tokio::time::interval(Duration::from_millis(20));
    let looked = tokio::time::timeout(PATIENCE, async {
        loop {
            tick.tick().await;
            if let Some(found) = condition().await {
                return found;
            }
        }
    });
    match looked.await {
        Ok(found) => found,
        Err(_) => panic!("it never came about that {what}"),
    }
}

/// A server with every background task running, on this listener; what ends it, and what ends with it.
pub async fn serve(
    config: Config,
    listener: tokio::net::TcpListener,
) -> (AppState, Lifecycle, tokio::task::JoinHandle<()>) {
    let lifecycle = Lifecycle::default();
    let state = wire::app_state(
        config,
        Arc::new(SystemClock),
        Arc::new(SystemRandom),
        lifecycle.stop.clone(),
    )
    .await
    .unwrap();
    state.share.start(&lifecycle.stop, &lifecycle.tasks).await;
    engine::sync::driver::start(&state.engine, &lifecycle.stop, &lifecycle.tasks);
    let routes = router::router(state.clone());
    let stop = lifecycle.stop.clone();
    let served = tokio::spawn(async move {
        axum::serve(listener, routes)
            .with_graceful_shutdown(stop.cancelled_owned())
            .await
            .unwrap();
    });
    (state, lifecycle, served)
}

/// What a bad day at Microsoft brings, where the tests are run on one: `TEST_HOSTILE` is where its chance comes from.
fn hostility() -> FaultPlan {
    std::env::var("TEST_HOSTILE").map_or_else(
        |_| FaultPlan::default(),
        |seed| {
            eprintln!("a hostile day, seed {seed}");
            FaultPlan::hostile(seed.parse().expect("TEST_HOSTILE is a number"))
        },
    )
}

/// What our application proves itself with, and what the tenant knows of it.
struct OwnProof {
    kept: SecretString,
    /// Registered in place of the secret. `None`: the secret it is.
    certificate: Option<String>,
    /// What else is set up there in another way than usual.
    change: fn(&mut Scenario),
}

impl OwnProof {
    fn secret() -> Self {
        Self {
            kept: SecretString::from(Scenario::CONTOSO_SECRET),
            certificate: None,
            change: |_| {},
        }
    }

    fn certificate() -> Self {
        let key = KeyPair::generate_for(&PKCS_RSA_SHA256).unwrap();
        let params = CertificateParams::new(Vec::<String>::new()).unwrap();
        let public = params.self_signed(&key).unwrap().pem();
        Self {
            kept: SecretString::from(format!("{public}{}", key.serialize_pem())),
            certificate: Some(public),
            change: |_| {},
        }
    }
}

async fn simulator(
    origin: &str,
    contract: &ContractObserver,
    proof: &OwnProof,
    faults: FaultPlan,
) -> Sim {
    let mut scenario = Scenario::contoso().with_apps_kept_to_rooms_and(&[BOOKING_MAILBOX]);
    for app in &mut scenario.tenants[0].apps {
        app.redirect_uris = vec![format!("{origin}/sign-in/callback")];
        if let Some(certificate) = &proof.certificate {
            app.secrets.clear();
            app.certificates = vec![certificate.clone()];
        }
    }
    (proof.change)(&mut scenario);
    let options = SimOptions {
        mode: Mode::Auto {
            attendant_delay: Duration::from_millis(20),
            notification_delay: Duration::from_millis(5),
        },
        observer: Some(contract.observer()),
        faults,
        ..SimOptions::explicit()
    };
    Sim::start(scenario, options).await.unwrap()
}

fn settings(
    origin: &str,
    sim: &Sim,
    folder: &std::path::Path,
    database: Option<&Database>,
    further: &[(&str, &str)],
) -> Config {
    let folder = folder.display().to_string();
    let mut pairs = vec![
        ("ETAGE_DATA_DIR", folder.as_str()),
        ("ETAGE_ORIGIN", origin),
        ("ETAGE_GRAPH_URL", sim.url()),
        ("ETAGE_LOGIN_URL", sim.url()),
        ("ETAGE_NOTIFICATION_URL", origin),
    ];
    if let Some(database) = database {
        pairs.push(("ETAGE_DATABASE_URL", &database.url));
    }
    pairs.extend(further);
    Config::read(&Env::of(&pairs)).unwrap()
}

/// Connects the tenant and puts its eight rooms on two floors.
async fn furnish(config: &Config, proof: OwnProof) -> Vec<Room> {
    let store = wire::open_store(config, &SystemRandom).await.unwrap();
    let connection = ConnectionId(Uuid::from_u128(0xc0));
    store
        .add_connection(
            &Connection {
                id: connection,
                tenant: Scenario::CONTOSO_TENANT_ID,
                name: "Contoso".to_owned(),
                client_id: Scenario::CONTOSO_CLIENT_ID.to_string(),
                credential: proof.kept,
                booking_mailbox: MailboxAddress::parse(BOOKING_MAILBOX).unwrap(),
                service_account: None,
                created_at: SystemClock.now(),
            },
            &SystemRandom,
        )
        .await
        .unwrap();
    let floors: Vec<Floor> = (0..2)
        .map(|level| Floor {
            id: FloorId(Uuid::from_u128(0xf0 + level as u128)),
            level,
            label: level.to_string(),
            sections: Vec::new(),
        })
        .collect();
    let building = Building {
        id: BuildingId(Uuid::from_u128(0xb0)),
        name: "Harbour House".to_owned(),
        zone: ZoneName::utc(),
        floors,
    };
    store.upsert_building(&building).await.unwrap();
    let rooms: Vec<Room> = (0..8).map(|at| room(at, &building, connection)).collect();
    store.upsert_rooms(&rooms).await.unwrap();
    rooms
}

fn room(at: usize, building: &Building, connection: ConnectionId) -> Room {
    let floor = &building.floors[at / 4];
    Room {
        id: RoomId(Uuid::from_u128(0x100 + at as u128)),
        building: building.id,
        floor: floor.id,
        number: format!("{}.{}", floor.label, at + 1),
        name: format!("Room {}", at + 1),
        seats: Some(Seats {
            count: 4 + 2 * at as u32,
            guessed: false,
        }),
        equipment: EquipmentSet::EMPTY,
        step_free: Some(true),
        link: Some(RoomLink {
            connection,
            mailbox: MailboxAddress::parse(&format!("room{}@contoso.com", at + 1)).unwrap(),
        }),
        shape: None,
        zone: building.zone.clone(),
    }
}

/// A PostgreSQL schema of one's own. A test that fails leaves it behind, to be looked into.
struct Database {
    url: String,
}

impl Database {
    async fn create(server: &str) -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let schema = format!("etage_http_{}_{count}", std::process::id());
        let mut connection = sqlx::PgConnection::connect(server).await.unwrap();
        for statement in ["DROP SCHEMA IF EXISTS %s CASCADE", "CREATE SCHEMA %s"] {
            let statement = statement.replace("%s", &schema);
            sqlx::raw_sql(sqlx::AssertSqlSafe(statement))
                .execute(&mut connection)
                .await
                .unwrap();
        }
        let joint = if server.contains('?') { '&' } else { '?' };
        Self {
            url: format!("{server}{joint}options[search_path]={schema}"),
        }
    }
}
