//! One Etage process, as far as what runs by itself and what people ask for goes: there is no server around it.

use std::sync::Arc;

use booking::random::SeededRandom;
use booking::time::MockClock;
use engine::providers::Providers;
use engine::sync::{
    answers_task, events_task, holds_task, outbox_task, subscriptions_task, upkeep_task,
};
use engine::{Engine, Parts, Settings};
use graph::provider::{BookingAccess, BookingMailbox};
use graph::retry::RetryPolicy;
use graph::{Credential, GraphConfig, GraphProvider};
use m365_sim::Scenario;
use secrecy::SecretString;
use url::Url;

use crate::clock::SkewedClock;
use crate::database::Fresh;
use crate::gate::Gate;
use crate::gated_provider::GatedProvider;
use crate::keeper::MemoryKeeper;
use crate::office::{CONNECTION, MEGAN, address};
use crate::receiver::Doors;

/// What a process does by itself, piece by piece.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Task {
    /// Asks to be told of changes.
    Subscriptions,
    /// Tells Microsoft what was promised.
    Outbox,
    /// Reads rooms' calendars.
    Events,
    /// Asks how rooms answered.
    Answers,
    /// Closes holds that lapsed and reservations that are over.
    Holds,
    /// Lets go of what nobody needs.
    Upkeep,
    /// Takes over what other processes committed.
    CatchUp,
}

impl Task {
    /// Every task, in an order in which each finds what the one before it wrote.
    pub const ALL: [Self; 7] = [
        Self::Subscriptions,
        Self::Outbox,
        Self::Events,
        Self::Answers,
        Self::Holds,
        Self::Upkeep,
        Self::CatchUp,
    ];

    /// Runs it once.
    ///
    /// # Errors
    /// What the task says.
    pub async fn run(self, engine: &Arc<Engine>) -> Result<(), engine::Error> {
        match self {
            Self::Subscriptions => subscriptions_task::run(engine).await,
            Self::Outbox => outbox_task::run(engine).await,
            Self::Events => events_task::run(engine).await,
            Self::Answers => answers_task::run(engine).await,
            Self::Holds => holds_task::run(engine).await,
            Self::Upkeep => upkeep_task::run(engine).await,
            Self::CatchUp => engine.catch_up().await,
        }
    }
}

/// What all processes of a world share.
pub(crate) struct Site {
    pub(crate) database: Fresh,
    pub(crate) microsoft: Url,
    pub(crate) http: reqwest::Client,
    pub(crate) keeper: Arc<MemoryKeeper>,
    pub(crate) doors: Arc<Doors>,
    pub(crate) settings: Settings,
    pub(crate) policy: RetryPolicy,
    pub(crate) seed: u64,
}

/// What came of work in a process.
#[derive(Debug)]
pub enum Outcome<T> {
    /// It was done.
    Done(T),
    /// The process was killed over it.
    Killed,
}

impl<T> Outcome<T> {
    /// What was done; panics where the process was killed.
    pub fn done(self) -> T {
        match self {
            Self::Done(done) => done,
            Self::Killed => panic!("the process was killed"),
        }
    }
}

/// The way into a process that is up.
#[derive(Clone)]
pub struct Door {
    /// Its engine.
    pub engine: Arc<Engine>,
    /// Its gate.
    pub gate: Arc<Gate>,
}

impl Door {
    /// Runs a task once, unless the gate closes over it.
    ///
    /// # Errors
    /// What the task says.
    pub async fn run(&self, task: Task) -> Outcome<Result<(), engine::Error>> {
        self.work(async |engine| task.run(engine).await).await
    }

    /// Does something with the engine, unless the gate closes over it.
    pub async fn work<T>(&self, work: impl AsyncFnOnce(&Arc<Engine>) -> T) -> Outcome<T> {
        tokio::select! {
            biased;
            () = self.gate.closed() => Outcome::Killed,
            done = work(&self.engine) => Outcome::Done(done),
        }
    }
}

/// One process. It is up or down.
pub struct Process {
    number: usize,
    clock: Arc<SkewedClock>,
    running: Option<Door>,
    starts: u64,
}

impl Process {
    pub(crate) fn new(number: usize, true_time: &Arc<MockClock>) -> Self {
        Self {
            number,
            clock: Arc::new(SkewedClock::new(Arc::clone(true_time))),
            running: None,
            starts: 0,
        }
    }

    /// Sets how far its clock is ahead of the world's, or behind when negative.
    pub fn set_ahead_ms(&self, ms: i64) {
        self.clock.set_ahead_ms(ms);
    }

    /// Whether it is up.
    pub const fn is_up(&self) -> bool {
        self.running.is_some()
    }

    /// Its engine; panics while it is down.
    pub fn engine(&self) -> &Arc<Engine> {
        &self.door().engine
    }

    /// Its gate; panics while it is down.
    pub fn gate(&self) -> &Arc<Gate> {
        &self.door().gate
    }

    /// The way into it; panics while it is down.
    pub fn door(&self) -> &Door {
        self.running.as_ref().expect("the process is up")
    }

    /// Starts it, on what the database holds and nothing else.
    pub(crate) async fn start(&mut self, site: &Site) {
        self.starts += 1;
        let gate = Gate::open();
        let random = Arc::new(SeededRandom::new(
            site.seed
                .wrapping_mul(1_000_003)
                .wrapping_add(self.number as u64 * 1_009 + self.starts),
        ));
        let watched = Arc::clone(&gate);
        let store = site.database.open().await.watched(Arc::new(move || {
            let gate = Arc::clone(&watched);
            Box::pin(async move { gate.pass().await })
        }));
        let provider = GraphProvider::new(
            config(&site.microsoft),
            site.http.clone(),
            self.clock.clone(),
            random.clone(),
            site.keeper.clone(),
        )
        .unwrap()
        .with_policy(site.policy);
        let mut providers = Providers::new();
        let gated = GatedProvider::new(provider, Arc::clone(&gate));
        providers.add(CONNECTION, Arc::new(gated));
        let engine = Engine::start(Parts {
            store,
            providers,
            clock: self.clock.clone(),
            random,
            settings: site.settings.clone(),
        })
        .await
        .unwrap();
        let door = Door { engine, gate };
        site.doors.set(self.number, Some(door.clone()));
        self.running = Some(door);
    }

    /// Ends it as it stands: what it was doing is dropped, and what it knew is forgotten.
    pub(crate) async fn kill(&mut self, site: &Site) {
        if let Some(running) = self.running.take() {
            running.gate.close_after(0);
            site.doors.set(self.number, None);
            drop(running);
            // What it had under way in tasks of its own is dropped when the runtime comes to it.
            tokio::task::yield_now().await;
        }
    }

    /// Runs a task once, unless the gate closes over it.
    ///
    /// # Errors
    /// What the task says.
    pub async fn run(&self, task: Task) -> Outcome<Result<(), engine::Error>> {
        self.door().run(task).await
    }

    /// Does something with the engine, unless the gate closes over it.
    pub async fn work<T>(&self, work: impl AsyncFnOnce(&Arc<Engine>) -> T) -> Outcome<T> {
        self.door().work(work).await
    }
}

pub(crate) fn config(microsoft: &Url) -> GraphConfig {
    GraphConfig {
        graph_url: microsoft.clone(),
        login_url: microsoft.clone(),
        tenant: Scenario::CONTOSO_TENANT_ID.to_string(),
        client_id: Scenario::CONTOSO_CLIENT_ID.to_string(),
        credential: Credential::Secret(SecretString::from(Scenario::CONTOSO_SECRET)),
        booking_mailbox: Some(BookingMailbox {
            address: address(MEGAN),
            access: BookingAccess::Application,
        }),
        resource: None,
    }
}
