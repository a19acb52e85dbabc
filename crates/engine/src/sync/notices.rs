//! What calendar systems tell us by themselves.
//!
//! A notice is a nudge, never data: it marks rooms to be read, or a subscription to be renewed or
//! made anew, and all work happens behind it. Only notices that carry what nobody but the calendar
//! system was told are looked at; forged and unknown ones pass without a trace.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use booking::ids::RoomId;
use booking::notice::{News, Notice};
use booking::provider::SubscriptionId;
use secrecy::{ExposeSecret, SecretString};
use store::subscriptions::KeptSubscription;
use subtle::ConstantTimeEq;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::{Engine, Error};

/// Most notices of one post that are looked at. Graph sends far fewer at once.
const NOTICES_MAX: usize = 1_000;
/// Subscriptions of one post that may be unknown before the rest of it is passed over: so many never end at the same time,
/// and strangers who make them up shall not keep the store busy.
const UNKNOWN_MAX: usize = 16;
/// Posts that are being noted at the same time.
const POSTS_AT_ONCE: usize = 64;
/// How long whoever posted waits for the store; the noting goes on behind the answer. Graph counts answers that take
/// seconds against us.
const PATIENCE: Duration = Duration::from_millis(100);

/// What became of notices.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Taken {
    /// They are noted, or soon will be.
    Noted,
    /// There are too many at the same time: they are to be sent again.
    SendAgain,
}

/// Places for posts that are being noted.
#[derive(Debug)]
pub(crate) struct Posts(Arc<Semaphore>);

impl Default for Posts {
    fn default() -> Self {
        Self(Arc::new(Semaphore::new(POSTS_AT_ONCE)))
    }
}

impl Posts {
    fn enter(&self) -> Option<OwnedSemaphorePermit> {
        Arc::clone(&self.0).try_acquire_owned().ok()
    }
}

/// What genuine notices ask for.
#[derive(Default)]
struct Wanted {
    rooms: BTreeSet<RoomId>,
    overdue: Vec<KeptSubscription>,
    removed: Vec<KeptSubscription>,
}

impl Engine {
    /// Notes what a calendar system told us, and comes back within a tenth of a second.
    ///
    /// # Errors
    /// When the store failed within that time; the notices are to be sent again.
    pub async fn take_notices(self: &Arc<Self>, notices: Vec<Notice>) -> Result<Taken, Error> {
        let Some(place) = self.posts.enter() else {
            return Ok(Taken::SendAgain);
        };
        let engine = Arc::clone(self);
        let mut noting = tokio::spawn(async move {
            let _place = place;
            engine.note_notices(notices).await
        });
        match tokio::time::timeout(PATIENCE, &mut noting).await {
            Ok(Ok(noted)) => noted.map(|()| Taken::Noted),
            // It has panicked, and said so.
            Ok(Err(_)) => Ok(Taken::SendAgain),
            Err(_) => {
                tokio::spawn(async move {
                    if let Ok(Err(error)) = noting.await {
                        tracing::error!(
                            incident = crate::error::incident(),
                            error = &error as &dyn std::error::Error,
                            "a notice that was answered already could not be noted; polling finds what it told"
                        );
                    }
                });
                Ok(Taken::Noted)
            }
        }
    }

    /// Notes what a calendar system told us, however long the store takes.
    ///
    /// # Errors
    /// When the store fails; the notices are to be sent again.
    pub async fn note_notices(&self, notices: Vec<Notice>) -> Result<(), Error> {
        if notices.len() > NOTICES_MAX {
            tracing::warn!(
                notices = notices.len(),
                "a post carried more notices than are looked at; polling finds what they told"
            );
        }
        let wanted = self.genuine(&notices).await?;
        let now = self.clock.now();
        if !wanted.rooms.is_empty() {
            let rooms: Vec<RoomId> = wanted.rooms.into_iter().collect();
            self.store.mark_rooms_notified(&rooms, now).await?;
            self.nudges.events.notify_one();
        }
        for known in &wanted.overdue {
            self.store.put_subscription_off(&known.id, now).await?;
        }
        // Last, because what is sent again must still find its subscription.
        for known in &wanted.removed {
            self.store.remove_subscription(&known.id).await?;
        }
        if !wanted.overdue.is_empty() || !wanted.removed.is_empty() {
            self.nudges.subscriptions.notify_one();
        }
        Ok(())
    }

    /// What those ask for that carry what only the calendar system was told.
    async fn genuine(&self, notices: &[Notice]) -> Result<Wanted, Error> {
        let mut of: BTreeMap<&str, Vec<&Notice>> = BTreeMap::new();
        for one in notices.iter().take(NOTICES_MAX) {
            of.entry(&one.subscription.0).or_default().push(one);
        }
        let mut wanted = Wanted::default();
        let mut unknown = 0;
        for (id, told) in of {
            let id = SubscriptionId(id.to_owned());
            let Some(known) = self.store.subscription(&id).await? else {
                unknown += 1;
                if unknown > UNKNOWN_MAX {
                    break;
                }
                continue;
            };
            let mut genuine = told.clone();
            genuine.retain(|one| is_genuine(one, &known.client_state));
            if genuine.len() < told.len() {
                tracing::warn!(
                    room = %known.room,
                    "a notice did not carry its client state and was dropped"
                );
            }
            if genuine.is_empty() {
                continue;
            }
            wanted.rooms.insert(known.room);
            let tells = |news| genuine.iter().any(|one| one.news == news);
            if tells(News::Removed) {
                wanted.removed.push(known);
            } else if tells(News::RenewNow) {
                wanted.overdue.push(known);
            }
        }
        Ok(wanted)
    }
}

/// Takes the same time wherever the two differ.
fn is_genuine(notice: &Notice, expected: &SecretString) -> bool {
    notice.client_state.as_ref().is_some_and(|given| {
        let (given, expected) = (given.expose_secret(), expected.expose_secret());
        given.as_bytes().ct_eq(expected.as_bytes()).into()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_notice_with_another_client_state_or_none_is_not_genuine() {
        let expected = SecretString::from("open sesame");
        let with = |state: Option<&str>| Notice {
            subscription: SubscriptionId("s".to_owned()),
            client_state: state.map(SecretString::from),
            news: News::Changed,
        };
        assert!(is_genuine(&with(Some("open sesame")), &expected));
        assert!(!is_genuine(&with(Some("open sesam")), &expected));
        assert!(!is_genuine(&with(Some("open sesamf")), &expected));
        assert!(!is_genuine(&with(None), &expected));
    }
}
