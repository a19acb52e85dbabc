//! What a calendar system tells by itself. It is a nudge, never data.

use secrecy::SecretString;

use crate::provider::SubscriptionId;

/// One thing that a calendar system told us.
#[derive(Clone, Debug)]
pub struct Notice {
    /// The subscription that it says it belongs to.
    pub subscription: SubscriptionId,
    /// What it carries as proof. `None`: nothing, so it is dropped.
    pub client_state: Option<SecretString>,
    /// What it tells.
    pub news: News,
}

/// What a notice tells.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum News {
    /// The calendar changed.
    Changed,
    /// Notices were lost, or it is not known what this one says: read again.
    Missed,
    /// The subscription must be renewed now, or will be silent.
    RenewNow,
    /// The subscription is gone: make a new one and read again.
    Removed,
}
