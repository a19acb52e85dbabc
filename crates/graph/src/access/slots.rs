//! Access tokens in memory, one slot per identity.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use jiff::{SignedDuration, Timestamp};
use secrecy::SecretString;

use super::Identity;

/// Slots nobody is using are dropped when there are more than this.
const SLOTS_MAX: usize = 4_096;

/// An access token.
pub(super) struct Token {
    pub(super) text: SecretString,
    pub(super) expires: Timestamp,
}

impl Token {
    /// Whether it is good for longer than `margin` from `now`.
    pub(super) fn lasts(&self, now: Timestamp, margin: SignedDuration) -> bool {
        self.expires.duration_since(now) > margin
    }
}

/// Holding a slot's lock is the right, and the duty, to fill it.
pub(super) type Slot = Arc<tokio::sync::Mutex<Option<Token>>>;

/// The slots.
#[derive(Default)]
pub(super) struct Slots {
    slots: Mutex<HashMap<Identity, Slot>>,
}

impl Slots {
    pub(super) fn slot(&self, who: &Identity) -> Slot {
        let mut slots = self.slots.lock().unwrap_or_else(PoisonError::into_inner);
        if slots.len() >= SLOTS_MAX {
            slots.retain(|_, slot| Arc::strong_count(slot) > 1);
        }
        Arc::clone(slots.entry(who.clone()).or_default())
    }
}
