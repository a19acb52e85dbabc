//! What calendar systems tell us by themselves.
//!
//! A notice is a nudge, never data: it marks rooms to be read, or a subscription to be renewed or
//! made anew, and all work happens behind it. Only notices that carry what nobody but the calendar
//! system was told are looked at; forged and unknown ones pass without a trace.
//!
//! That a notice is genuine is known before it is answered. Rooms are marked behind the answer, many together, and
//! again until that works: whoever posts does not wait for those who write. One that dies with its process is
//! as one that was lost.

use std::collections::{BTreeMap, BTreeSet};
use std::mem;
use std::sync::Arc;
use std::time::Duration;

use booking::ids::RoomId;
use booking::notice::{News, Notice};
use parking_lot::Mutex;
use secrecy::{ExposeSecret, SecretString};
use store::subscriptions::KeptSubscription;
use subtle::ConstantTimeEq;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::{Engine, Error};

/// Most notices of one post that are looked at. Graph sends far fewer at once.
const NOTICES_MAX: usize = 1_000;
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

/// Rooms that were announced and are not marked yet.
#[derive(Debug, Default)]
pub(crate) struct Announced(Mutex<BTreeSet<RoomId>>);

impl Announced {
    fn add(&self, rooms: impl IntoIterator<Item = RoomId>) {
        self.0.lock().extend(rooms);
    }

    fn take(&self) -> Vec<RoomId> {
        mem::take(&mut *self.0.lock()).into_iter().collect()
    }
}

/// Marks the rooms that were announced.
///
/// # Errors
/// When the store cannot be written; they are marked at the next turn.
pub async fn run(engine: &Arc<Engine>) -> Result<(), Error> {
    let rooms = engine.announced.take();
    if rooms.is_empty() {
        return Ok(());
    }
    let now = engine.clock.now();
    let marked = engine.store.mark_rooms_notified(&rooms, now).await;
    if marked.is_err() {
        engine.announced.add(rooms);
    } else {
        engine.nudges.events.notify_one();
    }
    Ok(marked?)
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
            let wanted = engine.genuine(&notices).await?;
            if !wanted.rooms.is_empty() {
                engine.announced.add(wanted.rooms.iter().copied());
                engine.nudges.announced.notify_one();
            }
            engine.note_promises(&wanted).await
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
        let wanted = self.genuine(&notices).await?;
        if !wanted.rooms.is_empty() {
            let rooms: Vec<RoomId> = wanted.rooms.iter().copied().collect();
            let now = self.clock.now();
            self.store.mark_rooms_notified(&rooms, now).await?;
            self.nudges.events.notify_one();
        }
        self.note_promises(&wanted).await
    }

    /// Notes what was told of promises to notify us.
    async fn note_promises(&self, wanted: &Wanted) -> Result<(), Error> {
        let now = self.clock.now();
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
        if notices.len() > NOTICES_MAX {
            tracing::warn!(
                notices = notices.len(),
                "a post carried more notices than are looked at; polling finds what they told"
            );
        }
        let mut of: BTreeMap<&str, Vec<&Notice>> = BTreeMap::new();
        for one in notices.iter().take(NOTICES_MAX) {
            of.entry(&one.subscription.0).or_default().push(one);
        }
        let ids = of.keys().map(|id| (*id).to_owned()).collect();
        let mut wanted = Wanted::default();
        for known in self.store.subscriptions_among(ids).await? {
            let told = of.remove(known.id.0.as_str()).unwrap_or_default();
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
    use booking::provider::SubscriptionId;

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
