//! Posting a notification: what faults do to it, how often it is tried, and how receivers that are slow are treated.

use std::time::Duration;

use tokio::time::Instant;

use super::Step;
use crate::faults::Disturbance;
use crate::notify::endpoint_health::Standing;
use crate::notify::{self, News, Notification};
use crate::shared::Shared;

/// A notification is posted at most this often before it is given up.
const ATTEMPTS_MAX: u32 = 3;
/// How much later a notification goes to a receiver that is slow.
const SLOW_DELAY: Duration = Duration::from_secs(10);

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

/// Posts a notification and returns the receiver's status. What is refused is posted again, a few times; to receivers
/// that are slow it is posted later, or not at all.
async fn post(shared: &Shared, mut notification: Notification) -> Option<u16> {
    let standing = shared.world().standing(&notification);
    if standing == Standing::Slow && !notification.is_delayed {
        notification.is_delayed = true;
        let mut world = shared.world();
        world
            .steps
            .push_after(SLOW_DELAY, Step::Notify(notification));
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
    for mut notification in together {
        notification.attempt += 1;
        let id = notification.subscription;
        if is_delivered || notification.attempt >= ATTEMPTS_MAX {
            world.note_delivery(&notification, is_delivered);
        } else if world.subscriptions.contains_key(&id) {
            let wait = Duration::from_secs(1 << notification.attempt);
            world.steps.push_after(wait, Step::Notify(notification));
        }
    }
    status
}
