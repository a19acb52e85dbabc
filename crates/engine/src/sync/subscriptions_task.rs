//! Asks calendars to tell us of changes, and keeps asking before the promise ends.

use std::collections::HashMap;
use std::sync::Arc;

use booking::ids::{ConnectionId, RoomId};
use booking::provider::{
    CalendarProvider, NotificationTarget, ProviderError, Subscription, SubscriptionId,
};
use booking::room::Room;
use booking::time::{HOUR_MS, MINUTE_MS};
use futures::{StreamExt, stream};
use secrecy::SecretString;
use store::sync_state::KeptSubscription;

use super::failures::Pauses;
use crate::{Engine, Error};

/// How long a subscription is asked for: events allow at most 4,230 minutes.
const LIFE_MS: i64 = 4_200 * MINUTE_MS;
/// How long before its end a subscription is renewed.
const RENEW_BEFORE_MS: i64 = 12 * HOUR_MS;
/// The pauses between attempts that fail. A room may never be had, as where Graph cannot reach us: it is polled.
const PAUSES: Pauses = Pauses {
    first_ms: MINUTE_MS,
    longest_ms: HOUR_MS,
};
/// Subscriptions made or renewed in one run.
const BATCH: u32 = 1_000;
/// Subscriptions made at the same time.
const AT_ONCE: usize = 4;

/// Creates and renews what is due.
///
/// # Errors
/// When the store fails. A room that cannot be subscribed is polled instead.
pub async fn run(engine: &Arc<Engine>) -> Result<(), Error> {
    let Some(base) = engine.settings.notification_url.clone() else {
        return Ok(());
    };
    let now = engine.clock.now();
    let mut ending = engine
        .store
        .subscriptions_ending(now.plus_ms(RENEW_BEFORE_MS), BATCH)
        .await?;
    ending.retain(|one| one.expires_at <= now || engine.unsubscribed.is_due(one.room, now));
    let renewed = engine.renew(ending).await;
    let mut bare = engine.store.rooms_without_subscription(now, BATCH).await?;
    bare.retain(|room| engine.unsubscribed.is_due(*room, now));
    let made: Vec<Result<(), Error>> = stream::iter(bare)
        .map(|room| engine.subscribe(room, &base))
        .buffer_unordered(AT_ONCE)
        .collect()
        .await;
    // Whatever came in the way of one room has not kept the others from their turn.
    renewed.into_iter().chain(made).collect()
}

impl Engine {
    /// A calendar says that a subscription has ended, or will be silent: make a new one.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub async fn subscription_ended(&self, id: &SubscriptionId) -> Result<(), Error> {
        self.store.remove_subscription(id).await?;
        self.nudges.subscriptions.notify_one();
        Ok(())
    }

    /// What became of each, or why what became of it could not be kept.
    async fn renew(&self, ending: Vec<KeptSubscription>) -> Vec<Result<(), Error>> {
        let now = self.clock.now();
        let mut done = Vec::new();
        let mut by_connection: HashMap<ConnectionId, Vec<(KeptSubscription, Room)>> =
            HashMap::new();
        for known in ending {
            let room = self.room(known.room).ok();
            let linked = room.filter(|room| self.providers.of_room(room).is_ok());
            let link = linked.as_ref().and_then(|room| room.link.clone());
            match (linked, link) {
                // What has ended cannot be prolonged: the next step makes a new one.
                (Some(room), Some(link)) if known.expires_at > now => {
                    let same = by_connection.entry(link.connection).or_default();
                    same.push((known, room));
                }
                // So has what stood for a room that is gone, or that nobody speaks for any more.
                _ => done.push(self.forget_subscription(&known.id).await),
            }
        }
        for (connection, known) in by_connection {
            let Some(provider) = self.providers.get(connection) else {
                continue;
            };
            let ids: Vec<SubscriptionId> = known.iter().map(|(one, _)| one.id.clone()).collect();
            let renewed = provider.renew_all(&ids, now.plus_ms(LIFE_MS)).await;
            for ((known, room), outcome) in known.into_iter().zip(renewed) {
                done.push(self.renewed(known, &room, outcome).await);
            }
        }
        done
    }

    async fn renewed(
        &self,
        known: KeptSubscription,
        room: &Room,
        outcome: Result<Subscription, ProviderError>,
    ) -> Result<(), Error> {
        match outcome {
            Ok(renewed) => {
                let kept = KeptSubscription {
                    expires_at: renewed.until,
                    ..known
                };
                self.store
                    .keep_subscription(&kept, self.random.as_ref())
                    .await?;
                self.unsubscribed.end(room.id);
            }
            // Gone: the next step makes a new one.
            Err(ProviderError::NotFound { .. }) => self.forget_subscription(&known.id).await?,
            Err(error) => self.polled_instead(room, &error),
        }
        Ok(())
    }

    async fn forget_subscription(&self, id: &SubscriptionId) -> Result<(), Error> {
        Ok(self.store.remove_subscription(id).await?)
    }

    async fn subscribe(&self, room: RoomId, base: &str) -> Result<(), Error> {
        let Ok(room) = self.room(room) else {
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
                    expires_at: made.until,
                    client_state,
                };
                let random = self.random.as_ref();
                if let Err(error) = self.store.keep_subscription(&kept, random).await {
                    // Nobody would know its notifications, and the next turn makes another.
                    end_again(provider.as_ref(), &kept.id).await;
                    return Err(error.into());
                }
                self.unsubscribed.end(room.id);
            }
            Err(error) => self.polled_instead(&room, &error),
        }
        Ok(())
    }

    /// The room waits, longer each time; it is told once.
    fn polled_instead(&self, room: &Room, error: &ProviderError) {
        let now = self.clock.now();
        let failure = self.unsubscribed.note(room.id, now, PAUSES);
        if failure.before == 0 {
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
    }
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
