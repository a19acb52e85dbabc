//! Access tokens in memory, one slot per identity.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use secrecy::SecretString;
use tokio::time::Instant;

use super::{Identity, same};
use crate::error::{GraphError, SignInRefusal};

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

/// So long after a failure, a token that still works is used without another try to renew it.
const FAILURE_LASTS: Duration = Duration::from_secs(30);

/// What is known of one identity's access token.
#[derive(Default)]
pub(super) struct Slot {
    /// Whoever holds this is having the token renewed.
    pub(super) renewing: tokio::sync::Mutex<()>,
    held: Mutex<Held>,
}

#[derive(Default)]
struct Held {
    token: Option<Token>,
    failed: Option<Failed>,
}

/// The last try to renew a token, when it failed.
struct Failed {
    at: Instant,
    how: Failure,
}

/// What the others who want the token are told of a failure.
enum Failure {
    /// It may pass.
    Passing {
        /// How long the identity provider asked to wait. `None`: it did not say.
        asked: Option<Duration>,
        why: String,
    },
    /// The application is refused, whoever asks.
    Refused(SignInRefusal),
}

impl Slot {
    /// The token, if it is good for longer than `margin` from `now`.
    pub(super) fn lasting(&self, now: Timestamp, margin: SignedDuration) -> Option<SecretString> {
        let held = self.held();
        let token = held.token.as_ref().filter(|token| token.lasts(now, margin));
        token.map(|token| token.text.clone())
    }

    /// What somebody who wants a token since `asked_at` gets of the last failure instead of another try: the old token while
    /// it works, or the failure itself, when it came meanwhile or the pause it asked for is not over. `None`: try.
    pub(super) fn spared(
        &self,
        asked_at: Instant,
        now: Timestamp,
    ) -> Option<Result<SecretString, GraphError>> {
        let old = self.lasting(now, SignedDuration::ZERO);
        let held = self.held();
        let failed = held.failed.as_ref()?;
        let is_news = failed.at > asked_at;
        let (asked, why) = match &failed.how {
            Failure::Refused(refusal) => {
                return is_news.then(|| Err(GraphError::ApplicationRefused(refusal.clone())));
            }
            Failure::Passing { asked, why } => (asked, why),
        };
        let age = failed.at.elapsed();
        let left = asked.map(|asked| asked.saturating_sub(age));
        let left = left.filter(|left| !left.is_zero());
        match old {
            Some(old) if left.is_some() || age < FAILURE_LASTS => Some(Ok(old)),
            None if left.is_some() || is_news => Some(Err(GraphError::SignInFailing {
                after: left,
                why: why.clone(),
            })),
            _ => None,
        }
    }

    /// Keeps a new token.
    pub(super) fn fill(&self, token: Token) {
        *self.held() = Held {
            token: Some(token),
            failed: None,
        };
    }

    /// Notes that it could not be renewed now, though it may be later.
    pub(super) fn fail(&self, error: &GraphError) {
        let asked = match error {
            GraphError::SignInUnavailable { after, .. } => *after,
            _ => None,
        };
        self.held().failed = Some(Failed {
            at: Instant::now(),
            how: Failure::Passing {
                asked,
                why: error.to_string(),
            },
        });
    }

    /// Forgets the token, which cannot be renewed.
    pub(super) fn refuse(&self, error: &GraphError) {
        let failed = match error {
            GraphError::ApplicationRefused(refusal) => Some(Failed {
                at: Instant::now(),
                how: Failure::Refused(refusal.clone()),
            }),
            _ => None,
        };
        *self.held() = Held {
            token: None,
            failed,
        };
    }

    /// Forgets this token, unless there is another meanwhile.
    pub(super) fn discard(&self, refused: &SecretString) {
        let mut held = self.held();
        held.token = held
            .token
            .take()
            .filter(|token| !same(&token.text, refused));
    }

    fn held(&self) -> MutexGuard<'_, Held> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The slots.
#[derive(Default)]
pub(super) struct Slots {
    slots: Mutex<HashMap<Identity, Arc<Slot>>>,
}

impl Slots {
    /// The slot of this identity. That of the application, or of a service account, is never dropped.
    pub(super) fn slot(&self, who: &Identity, now: Timestamp) -> Arc<Slot> {
        let mut slots = self.slots.lock().unwrap_or_else(PoisonError::into_inner);
        if slots.len() >= SLOTS_MAX && !slots.contains_key(who) {
            slots.retain(|who, slot| {
                !is_idle(who, slot) || slot.lasting(now, SignedDuration::ZERO).is_some()
            });
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
fn is_idle(who: &Identity, slot: &Arc<Slot>) -> bool {
    matches!(who, Identity::Person(_) | Identity::Delegate(_)) && Arc::strong_count(slot) == 1
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
        slot.fill(Token {
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
