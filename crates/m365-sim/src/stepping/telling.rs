//! Posting a notification: what faults do to it, how often it is tried, and how receivers that are slow are treated.

use jiff::{SignedDuration, Timestamp};
use tokio::time::Instant;

use super::Step;
use crate::faults::Disturbance;
use crate::notify::endpoint_health::Standing;
use crate::notify::{self, News, Notification};
use crate::shared::Shared;

/// For so long a notification that is refused is posted again, by the simulator's clock, before it is given up.
/// <https://learn.microsoft.com/graph/change-notifications-delivery-webhooks>
const GIVEN_UP_AFTER: SignedDuration = SignedDuration::from_hours(4);
/// The pause before the second attempt; each one after it is twice as long, up to half an hour. Microsoft says no more than
/// that they grow.
const FIRST_PAUSE: SignedDuration = SignedDuration::from_secs(2);
const PAUSE_MAX: SignedDuration = SignedDuration::from_mins(30);
/// How much later a notification goes to a receiver that is slow.
const SLOW_DELAY: SignedDuration = SignedDuration::from_secs(10);

/// Posts a notification unless a fault does something else with it. Returns the receiver's status, and the fault.
pub(super) async fn tell(shared: &Shared, new: Notification) -> (Option<u16>, Option<u64>) {
    if !shared.world().is_wanted(&new) {
        return (None, None);
    }
    let Some((fault, disturbance)) = disturbance(shared, &new) else {
        return (post(shared, new).await, None);
    };
    let status = match disturbance {
        Disturbance::Lost => None,
        Disturbance::Doubled => {
            post(shared, new.clone()).await;
            post(shared, new).await
        }
        Disturbance::Overtaken => {
            let next = shared.world().steps.give_way(new);
            post(shared, next).await
        }
    };
    (status, Some(fault))
}

/// The fault that a notification of a change meets when it is to be posted for the first time.
fn disturbance(shared: &Shared, new: &Notification) -> Option<(u64, Disturbance)> {
    let is_first = new.attempt == 0 && !new.is_delayed;
    if !is_first || !matches!(new.news, News::Change { .. }) {
        return None;
    }
    let (mailbox, is_followed) = {
        let world = shared.world();
        let subscription = world.subscriptions.get(&new.subscription)?;
        let is_followed = world.steps.is_followed(new);
        (subscription.mailbox.clone(), is_followed)
    };
    shared.faults.disturb(&mailbox, is_followed)
}

/// Posts a notification and returns the receiver's status. What is refused is posted again, for hours; to receivers that
/// are slow it is posted later, or not at all.
async fn post(shared: &Shared, mut notification: Notification) -> Option<u16> {
    let standing = shared.world().standing(&notification);
    if standing == Standing::Slow && !notification.is_delayed {
        notification.is_delayed = true;
        let later = after(shared.clock.now(), SLOW_DELAY);
        let mut world = shared.world();
        world.steps.push_at(later, Step::Notify(notification));
        return None;
    }
    if standing == Standing::Dropped {
        shared.world().note_delivery(&notification, false);
        return None;
    }
    let together = shared.world().with_companions(notification);
    let asked = Instant::now();
    let status = notify::post(shared, &together).await;
    let is_delivered = status.is_some_and(|status| (200..300).contains(&status));
    let mut world = shared.world();
    if let Some(first) = together.first() {
        world.note_answer_time(first, asked.elapsed());
    }
    let now = shared.clock.now();
    for mut notification in together {
        let first = *notification.first_posted.get_or_insert(now);
        let again = after(now, pause(notification.attempt));
        notification.attempt += 1;
        let id = notification.subscription;
        if is_delivered || again > after(first, GIVEN_UP_AFTER) {
            world.note_delivery(&notification, is_delivered);
        } else if world.subscriptions.contains_key(&id) {
            world.steps.push_at(again, Step::Notify(notification));
        }
    }
    status
}

/// The pause after so many attempts before this one.
fn pause(attempts: u32) -> SignedDuration {
    let doubled = 1_i32.checked_shl(attempts).filter(|times| *times > 0);
    let pause = doubled.and_then(|times| FIRST_PAUSE.checked_mul(times));
    pause.map_or(PAUSE_MAX, |pause| pause.min(PAUSE_MAX))
}

fn after(moment: Timestamp, wait: SignedDuration) -> Timestamp {
    moment.checked_add(wait).unwrap_or(Timestamp::MAX)
}
