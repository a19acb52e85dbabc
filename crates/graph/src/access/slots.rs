//! Access tokens in memory, one slot per identity.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use jiff::{SignedDuration, Timestamp};
use secrecy::SecretString;

use super::Identity;

/// People's slots that nobody is using and whose tokens are over are dropped when there are more than this; when that is
/// not enough, so is one that is not over.
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
    /// The slot of this identity. That of the application, or of a service account, is never dropped.
    pub(super) fn slot(&self, who: &Identity, now: Timestamp) -> Slot {
        let mut slots = self.slots.lock().unwrap_or_else(PoisonError::into_inner);
        if slots.len() >= SLOTS_MAX && !slots.contains_key(who) {
            slots.retain(|who, slot| !is_idle(who, slot) || lasts(slot, now));
            if slots.len() >= SLOTS_MAX {
                let idle = slots.iter().find(|(who, slot)| is_idle(who, slot));
                let idle = idle.map(|(who, _)| who.clone());
                idle.and_then(|who| slots.remove(&who));
            }
        }
        Arc::clone(slots.entry(who.clone()).or_default())
    }
}

/// Whether it is a person's slot that nobody is using.
fn is_idle(who: &Identity, slot: &Slot) -> bool {
    matches!(who, Identity::Person(_)) && Arc::strong_count(slot) == 1
}

/// Whether there is a token in it that is not over.
fn lasts(slot: &Slot, now: Timestamp) -> bool {
    let token = slot.try_lock();
    token.is_ok_and(|token| {
        let token = token.as_ref();
        token.is_some_and(|token| token.lasts(now, SignedDuration::ZERO))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::access::PersonKey;
    use uuid::Uuid;

    fn person(number: usize) -> Identity {
        Identity::Person(PersonKey {
            tenant: Uuid::from_u128(1),
            object: Uuid::from_u128(number as u128),
        })
    }

    fn fill(slots: &Slots, who: &Identity, ends_s: i64) {
        let slot = slots.slot(who, Timestamp::UNIX_EPOCH);
        let mut slot = slot.try_lock().unwrap();
        *slot = Some(Token {
            text: SecretString::from("token"),
            expires: Timestamp::from_second(ends_s).unwrap(),
        });
    }

    #[test]
    fn slots_are_bounded_and_those_whose_tokens_still_work_go_last_the_applications_never() {
        let slots = Slots::default();
        fill(&slots, &Identity::Application, 60);
        for number in 1..SLOTS_MAX {
            let ends_s = if number % 2 == 0 { 60 } else { -60 };
            fill(&slots, &person(number), ends_s);
        }
        fill(&slots, &person(SLOTS_MAX), 60);
        let kept = |who: &Identity| slots.slots.lock().unwrap().contains_key(who);
        assert!(kept(&Identity::Application) && kept(&person(2)) && !kept(&person(1)));
        for number in SLOTS_MAX..3 * SLOTS_MAX {
            fill(&slots, &person(number), 60);
        }
        assert!(kept(&Identity::Application) && kept(&person(3 * SLOTS_MAX - 1)));
        assert_eq!(slots.slots.lock().unwrap().len(), SLOTS_MAX);
    }
}
