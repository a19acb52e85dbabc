//! What every part of a running simulator can reach.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::clock::SimClock;
use crate::entra::keys::SigningKeys;
use crate::exchange::{Findings, Observer};
use crate::faults::Faults;
use crate::limits::Limits;
use crate::options::SimOptions;
use crate::request_log::RequestLog;
use crate::world::World;

/// The state of a running simulator.
pub(crate) struct Shared {
    /// Scheme, host and port, without a slash at the end.
    pub(crate) public_url: String,
    pub(crate) clock: Arc<SimClock>,
    pub(crate) keys: Arc<SigningKeys>,
    pub(crate) faults: Arc<Faults>,
    pub(crate) limits: Arc<Limits>,
    pub(crate) log: RequestLog,
    pub(crate) notification_client: reqwest::Client,
    pub(crate) observer: Option<Observer>,
    pub(crate) findings: Option<Findings>,
    pub(crate) subscription_minutes_max: u32,
    world: Mutex<World>,
}

impl Shared {
    pub(crate) fn new(
        options: &SimOptions,
        public_url: String,
        clock: Arc<SimClock>,
        keys: Arc<SigningKeys>,
        notification_client: reqwest::Client,
        world: World,
    ) -> Self {
        Self {
            public_url,
            clock,
            keys,
            faults: Arc::new(Faults::new(&options.faults)),
            limits: Arc::new(Limits::new(options.throttle)),
            log: RequestLog::default(),
            notification_client,
            observer: options.observer.clone(),
            findings: options.findings.clone(),
            subscription_minutes_max: options.subscription_minutes_max,
            world: Mutex::new(world),
        }
    }

    /// The world, for as long as the guard lives. Never hold it across an await.
    pub(crate) fn world(&self) -> MutexGuard<'_, World> {
        self.world.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
