//! How a simulator is run, apart from what it holds.

use std::fmt;
use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use crate::exchange::{Findings, Observer};
use crate::faults::FaultPlan;
use crate::limits::Throttle;

/// When room mailboxes decide and notifications are sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// By themselves, after these delays.
    Auto {
        /// From the arrival of a meeting request to the room's answer.
        attendant_delay: Duration,
        /// From a change to the first attempt to post its notification.
        notification_delay: Duration,
    },
    /// Only when [`step`](crate::Sim::step) or [`drain`](crate::Sim::drain) is called. The clock stands still too.
    Explicit,
}

impl Mode {
    /// How long a room takes to answer, unless told otherwise.
    pub const ATTENDANT_DELAY: Duration = Duration::from_millis(400);
    /// How long a notification takes to go out, unless told otherwise.
    pub const NOTIFICATION_DELAY: Duration = Duration::from_millis(100);

    /// By themselves, after the usual delays.
    #[must_use]
    pub const fn auto() -> Self {
        Self::Auto {
            attendant_delay: Self::ATTENDANT_DELAY,
            notification_delay: Self::NOTIFICATION_DELAY,
        }
    }
}

/// What happens to access tokens whose reason is gone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum AccessEvaluation {
    /// They are judged by themselves alone.
    #[default]
    AtExpiry,
    /// Continuous access evaluation: clients that say they take challenges get tokens for a day, and are
    /// challenged when the sign-in behind one is revoked.
    /// <https://learn.microsoft.com/entra/identity/conditional-access/concept-continuous-access-evaluation>
    Continuous,
}

/// A certificate chain and its key, both PEM.
#[derive(Clone)]
pub struct Tls {
    /// The chain, leaf first.
    pub certificates_pem: String,
    /// The private key of the leaf.
    pub key_pem: String,
}

impl fmt::Debug for Tls {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Tls").finish_non_exhaustive()
    }
}

/// Everything [`Sim::start`](crate::Sim::start) needs besides the scenario.
#[derive(Clone)]
pub struct SimOptions {
    /// Where to listen; port 0 picks a free one.
    pub bind: SocketAddr,
    /// When steps happen.
    pub mode: Mode,
    /// Serve https with this; `None` is plain http.
    pub tls: Option<Tls>,
    /// The origin put into links, issuers and endpoints; `None` uses the address listened on.
    pub public_url: Option<String>,
    /// A CA (PEM) trusted, besides the usual ones, when notifications are posted to https addresses.
    pub extra_ca_pem: Option<String>,
    /// Told of every request and answer.
    pub observer: Option<Observer>,
    /// What the observer has to say, for `GET /_sim/contract`. `None`: there is no such address.
    pub findings: Option<Findings>,
    /// Where ids and tokens come from. Signing keys do not follow it.
    pub seed: u64,
    /// The longest life of an event subscription; Microsoft documents 4,230 minutes.
    pub subscription_minutes_max: u32,
    /// What happens to access tokens whose sign-in was revoked.
    pub access_evaluation: AccessEvaluation,
    /// Faults from the start; those of the scenario when there are none here.
    pub faults: FaultPlan,
    /// How much of one application is served in one mailbox.
    pub throttle: Throttle,
}

impl SimOptions {
    /// A free loopback port, plain http, stepping by hand: what tests want.
    #[must_use]
    pub fn explicit() -> Self {
        Self {
            bind: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            mode: Mode::Explicit,
            tls: None,
            public_url: None,
            extra_ca_pem: None,
            observer: None,
            findings: None,
            seed: 1,
            subscription_minutes_max: 4_230,
            access_evaluation: AccessEvaluation::default(),
            faults: FaultPlan::default(),
            throttle: Throttle::default(),
        }
    }

    /// A free loopback port, plain http, everything happening by itself after short delays.
    #[must_use]
    pub fn auto() -> Self {
        Self {
            mode: Mode::auto(),
            ..Self::explicit()
        }
    }

    /// The same options with faults from the start.
    #[must_use]
    pub fn with_faults(mut self, faults: FaultPlan) -> Self {
        self.faults = faults;
        self
    }

    /// The same options with an observer.
    #[must_use]
    pub fn with_observer(mut self, observer: Observer) -> Self {
        self.observer = Some(observer);
        self
    }
}

impl fmt::Debug for SimOptions {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("SimOptions")
            .field("bind", &self.bind)
            .field("mode", &self.mode)
            .field("tls", &self.tls)
            .field("public_url", &self.public_url)
            .field("seed", &self.seed)
            .finish_non_exhaustive()
    }
}
