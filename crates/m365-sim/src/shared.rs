//! What every part of a running simulator can reach.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use uuid::Uuid;

use crate::clock::SimClock;
use crate::entra::keys::KeyRing;
use crate::error::SimError;
use crate::exchange::{Findings, Observer};
use crate::faults::Faults;
use crate::limits::Limits;
use crate::options::{AccessEvaluation, SimOptions};
use crate::random::Random;
use crate::request_log::RequestLog;
use crate::snapshots::Snapshots;
use crate::world::World;

/// The state of a running simulator.
pub(crate) struct Shared {
    /// Scheme, host and port, without a slash at the end.
    pub(crate) public_url: String,
    pub(crate) clock: Arc<SimClock>,
    pub(crate) keys: KeyRing,
    pub(crate) faults: Arc<Faults>,
    pub(crate) limits: Arc<Limits>,
    pub(crate) log: RequestLog,
    pub(crate) snapshots: Snapshots,
    pub(crate) notification_client: reqwest::Client,
    pub(crate) observer: Option<Observer>,
    pub(crate) findings: Option<Findings>,
    pub(crate) subscription_minutes_max: u32,
    pub(crate) access_evaluation: AccessEvaluation,
    world: Mutex<World>,
    /// Apart from the world's own, so that what is asked twice does not change the ids of what is made once.
    passing: Mutex<Random>,
    /// Not seeded: a code or refresh token of an earlier run must not be somebody else's in this one.
    secrets: Mutex<Random>,
}

impl Shared {
    /// What a simulator starts with.
    ///
    /// # Errors
    /// [`SimError::Fault`] when one of the faults asked for cannot be.
    pub(crate) fn new(
        options: &SimOptions,
        public_url: String,
        clock: Arc<SimClock>,
        notification_client: reqwest::Client,
        world: World,
    ) -> Result<Self, SimError> {
        Ok(Self {
            public_url,
            clock,
            keys: KeyRing::default(),
            faults: Arc::new(Faults::new(&options.faults)?),
            limits: Arc::new(Limits::new(options.throttle)),
            log: RequestLog::default(),
            snapshots: Snapshots::default(),
            notification_client,
            observer: options.observer.clone(),
            findings: options.findings.clone(),
            subscription_minutes_max: options.subscription_minutes_max,
            access_evaluation: options.access_evaluation,
            world: Mutex::new(world),
            passing: Mutex::new(Random::for_requests(options.seed)),
            secrets: Mutex::new(Random::unrepeatable()),
        })
    }

    /// The world, for as long as the guard lives. Never hold it across an await.
    pub(crate) fn world(&self) -> MutexGuard<'_, World> {
        self.world.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// An id for something that passes: a request, an answer, a refusal.
    pub(crate) fn request_id(&self) -> Uuid {
        locked(&self.passing).uuid()
    }

    /// An opaque string for codes, tokens and their ids; never the same again.
    pub(crate) fn secret(&self) -> String {
        locked(&self.secrets).secret()
    }
}

fn locked(random: &Mutex<Random>) -> MutexGuard<'_, Random> {
    random.lock().unwrap_or_else(PoisonError::into_inner)
}
