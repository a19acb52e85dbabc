//! Asks calendars to tell us of changes, keeps asking before the promise ends, and ends the promises
//! that nobody wants any more.

mod problem;

use std::collections::HashMap;
use std::sync::Arc;

use booking::ids::{ConnectionId, RoomId};
use booking::provider::{
    CalendarProvider, NotificationTarget, ProviderError, Subscription, SubscriptionId,
};
use booking::room::Room;
use booking::time::{HOUR_MS, Instant, MINUTE_MS};
use futures::{StreamExt, stream};
use secrecy::SecretString;
use store::subscriptions::{Due, KeptSubscription};

use super::failures::Pauses;
use crate::{Engine, Error};

/// How long a subscription is asked for: events allow at most 4,230 minutes.
const LIFE_MS: i64 = 4_200 * MINUTE_MS;
/// How long before its end a subscription is renewed; one that was given for a shorter time, at half of it.
const RENEW_BEFORE_MS: i64 = 12 * HOUR_MS;
/// The pauses between attempts that fail. A room may never be had, as where Graph cannot reach us: it is polled.
const PAUSES: Pauses = Pauses {
    first_ms: MINUTE_MS,
    longest_ms: HOUR_MS,
};
/// How long to wait before ending what nobody wants is tried again. It ends by itself within three days.
const END_AGAIN_MS: i64 = 10 * MINUTE_MS;
/// Subscriptions made, and renewed, in one run; the next one follows at once where there may be more.
const BATCH: usize = 64;
/// How long a lease lasts: half a minute, as long as Microsoft may take to answer, for each that is made after another,
/// and some.
const LEASE_MS: i64 = 10 * MINUTE_MS;
/// Subscriptions ended in one run.
const ENDED_MAX: u32 = 1_000;
/// Subscriptions that a command ends; more than any tenant has.
const ALL_MAX: u32 = 100_000;
/// Subscriptions made or ended at the same time.
const AT_ONCE: usize = 4;

/// Creates, renews and ends what is due.
///
/// # Errors
/// When the store fails. A room that cannot be subscribed is polled instead.
pub async fn run(engine: &Arc<Engine>) -> Result<(), Error> {
    let base = engine.settings.notification_url.clone();
    let mut done = match &base {
        Some(base) => engine.make_and_renew(base).await?,
        None => {
            // Notifications were switched off: what was promised while they were on would go nowhere.
            engine.store.drop_all_subscriptions().await?;
            Vec::new()
        }
    };
    done.extend(engine.end_unwanted().await?);
    // Whatever came in the way of one room has not kept the others from their turn.
    done.into_iter().collect()
}

impl Engine {
    /// Ends at once what nobody wants any more of a connection's promises, also what was put off; for a command, beside
    /// which the task may be doing the same. How many are left, for the task to try again or to end by themselves.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn end_subscriptions_of(&self, connection: ConnectionId) -> Result<u32, Error> {
        let mut unwanted = self.store.subscriptions_unwanted(EVER, ALL_MAX).await?;
        unwanted.retain(|known| known.connection == Some(connection));
        let ended = self.end_each(unwanted).await;
        ended.into_iter().collect::<Result<(), Error>>()?;
        let now = self.clock.now();
        Ok(self.store.hanging_on(connection, now).await?.subscriptions)
    }

    async fn make_and_renew(&self, base: &str) -> Result<Vec<Result<(), Error>>, Error> {
        let now = self.clock.now();
        self.store.forget_ended_subscriptions(now).await?;
        let lease = || self.lease("subscriptions", LEASE_MS, BATCH);
        let due = self.store.lease_renewals(&lease()).await?;
        let mut may_be_more = due.len() == BATCH;
        let mut done = self.renew(due).await;
        if self
            .providers
            .iter()
            .any(|(_, one)| one.capabilities().push)
        {
            let bare = self.store.lease_rooms_to_subscribe(&lease()).await?;
            may_be_more |= bare.len() == BATCH;
            let made: Vec<Result<(), Error>> = stream::iter(bare)
                .map(|room| self.subscribe(room, base))
                .buffer_unordered(AT_ONCE)
                .collect()
                .await;
            done.extend(made);
        }
        if may_be_more {
            self.nudges.subscriptions.notify_one();
        }
        Ok(done)
    }

    /// What became of each, or why what became of it could not be kept.
    async fn renew(&self, due: Vec<Due<KeptSubscription>>) -> Vec<Result<(), Error>> {
        let now = self.clock.now();
        let mut done = Vec::new();
        let mut by_connection: HashMap<ConnectionId, Vec<(Due<KeptSubscription>, Room)>> =
            HashMap::new();
        for known in due {
            let room = self.room(known.what.room).ok();
            let linked = room.filter(|room| self.providers.of_room(room).is_ok());
            let link = linked.as_ref().and_then(|room| room.link.clone());
            match (linked, link) {
                (Some(room), Some(link)) => {
                    let same = by_connection.entry(link.connection).or_default();
                    same.push((known, room));
                }
                // It stands for a room that is gone, or that nobody speaks for any more.
                _ => done.push(self.drop_subscription(&known.what).await),
            }
        }
        for (connection, known) in by_connection {
            let Some(provider) = self.providers.get(connection) else {
                continue;
            };
            let ids: Vec<SubscriptionId> =
                known.iter().map(|(one, _)| one.what.id.clone()).collect();
            let renewed = provider.renew_all(&ids, now.plus_ms(LIFE_MS)).await;
            for ((known, room), outcome) in known.into_iter().zip(renewed) {
                done.push(self.renewed(known, &room, outcome).await);
            }
        }
        done
    }

    async fn renewed(
        &self,
        due: Due<KeptSubscription>,
        room: &Room,
        outcome: Result<Subscription, ProviderError>,
    ) -> Result<(), Error> {
        let known = due.what;
        match outcome {
            Ok(renewed) => {
                let now = self.clock.now();
                // Asked for before its time: it may have been silent until now.
                let may_have_missed = known.expires_at.plus_ms(-RENEW_BEFORE_MS) > now;
                let kept = KeptSubscription {
                    expires_at: renewed.until,
                    renew_at: renew_at(now, renewed.until),
                    ..known
                };
                self.store
                    .keep_subscription(&kept, self.random.as_ref())
                    .await?;
                self.store.note_push_problem(room.id, None).await?;
                if may_have_missed {
                    self.note_changes(&[room.id]).await?;
                }
            }
            // Gone: the next step makes a new one.
            Err(ProviderError::NotFound { .. }) => self.forget_subscription(&known.id).await?,
            Err(error) => {
                let due_at = self.clock.now().plus_ms(PAUSES.after(due.failures));
                self.store.renewal_failed(&known.id, due_at).await?;
                self.polled_instead(room, &error, due.failures).await?;
            }
        }
        Ok(())
    }

    async fn forget_subscription(&self, id: &SubscriptionId) -> Result<(), Error> {
        Ok(self.store.remove_subscription(id).await?)
    }

    async fn drop_subscription(&self, known: &KeptSubscription) -> Result<(), Error> {
        Ok(self.store.drop_subscription(&known.id).await?)
    }

    async fn subscribe(&self, due: Due<RoomId>, base: &str) -> Result<(), Error> {
        // A room that was linked by another process a moment ago is not in our index yet.
        let Some(room) = self.store.room(due.what).await? else {
            return Ok(());
        };
        let Ok((link, provider)) = self.providers.of_room(&room) else {
            return Ok(());
        };
        if !provider.capabilities().push {
            return Ok(());
        }
        let client_state = SecretString::from(self.random.uuid().to_string());
        let target = NotificationTarget {
            url: format!("{base}/notifications/graph"),
            lifecycle_url: format!("{base}/notifications/graph/lifecycle"),
            client_state: client_state.clone(),
            until: self.clock.now().plus_ms(LIFE_MS),
        };
        match provider.subscribe(&link.mailbox, &target).await {
            Ok(made) => {
                let kept = KeptSubscription {
                    id: made.id,
                    room: room.id,
                    connection: Some(link.connection),
                    expires_at: made.until,
                    renew_at: renew_at(self.clock.now(), made.until),
                    client_state,
                };
                let random = self.random.as_ref();
                match self.store.keep_subscription(&kept, random).await {
                    Ok(true) => {}
                    // Another process was quicker: this one is ended with whatever else nobody wants.
                    Ok(false) => return Ok(()),
                    Err(error) => {
                        // Nobody would know its notifications; another is made when the lease is over.
                        end_again(provider.as_ref(), &kept.id).await;
                        return Err(error.into());
                    }
                }
                self.store.note_push_problem(room.id, None).await?;
                let is_as_it_was = (self.store.room(room.id).await?)
                    .is_some_and(|now| now.link.as_ref() == Some(link));
                if !is_as_it_was {
                    return self.drop_subscription(&kept).await;
                }
                // Whatever changed before it was there was announced by nobody.
                self.note_changes(&[room.id]).await
            }
            Err(error) => {
                let due_at = self.clock.now().plus_ms(PAUSES.after(due.failures));
                self.store.subscribing_failed(room.id, due_at).await?;
                self.polled_instead(&room, &error, due.failures).await
            }
        }
    }

    /// The room is polled, and why is kept; it is told once.
    async fn polled_instead(
        &self,
        room: &Room,
        error: &ProviderError,
        failures_before: u32,
    ) -> Result<(), Error> {
        if failures_before == 0 {
            tracing::warn!(
                room = %room.id,
                error = error as &dyn std::error::Error,
                "a room's calendar does not notify us; it is polled"
            );
        } else {
            tracing::debug!(
                room = %room.id,
                error = error as &dyn std::error::Error,
                "a room's calendar still does not notify us"
            );
        }
        let problem = problem::of(error);
        self.store
            .note_push_problem(room.id, Some(&problem))
            .await?;
        Ok(())
    }

    /// Ends what nobody wants any more, so that nothing is told about rooms that are not ours.
    async fn end_unwanted(&self) -> Result<Vec<Result<(), Error>>, Error> {
        let now = self.clock.now();
        let unwanted = self.store.subscriptions_unwanted(now, ENDED_MAX).await?;
        Ok(self.end_each(unwanted).await)
    }

    async fn end_each(&self, unwanted: Vec<KeptSubscription>) -> Vec<Result<(), Error>> {
        let now = self.clock.now();
        stream::iter(unwanted)
            .map(|known| self.end_subscription(known, now))
            .buffer_unordered(AT_ONCE)
            .collect()
            .await
    }

    async fn end_subscription(&self, known: KeptSubscription, now: Instant) -> Result<(), Error> {
        let provider = known.connection.and_then(|id| self.providers.get(id));
        let Some(provider) = provider.filter(|_| known.expires_at > now) else {
            return self.forget_subscription(&known.id).await;
        };
        match provider.unsubscribe(&known.id).await {
            Ok(()) => self.forget_subscription(&known.id).await,
            Err(error) => {
                tracing::debug!(
                    error = &error as &dyn std::error::Error,
                    "a subscription that nobody wants could not be ended; it is tried again"
                );
                let again = now.plus_ms(END_AGAIN_MS);
                Ok(self.store.put_subscription_off(&known.id, again).await?)
            }
        }
    }
}

/// Later than everything that is due.
const EVER: Instant = Instant(i64::MAX);

/// When a subscription that ends at `until` is to be renewed.
fn renew_at(now: Instant, until: Instant) -> Instant {
    let half = now.plus_ms(until.since_ms(now) / 2);
    half.max(until.plus_ms(-RENEW_BEFORE_MS))
}

/// Ends what could not be kept. Where that fails too, it ends by itself within three days.
async fn end_again(provider: &dyn CalendarProvider, id: &SubscriptionId) {
    if let Err(error) = provider.unsubscribe(id).await {
        tracing::debug!(
            error = &error as &dyn std::error::Error,
            "a subscription that could not be kept could not be ended either"
        );
    }
}
