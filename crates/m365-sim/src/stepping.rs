//! When things happen that nobody asked for at that moment: a room's decision, a notification.
//!
//! Both are queued as steps. In Auto mode a worker runs each one when its delay is over; in Explicit mode nothing runs
//! until a test says so, oldest first, which makes every interleaving a test wants reachable without sleeping. The mode
//! can be changed at any time. Notifications that a receiver refused wait for the simulator's clock in both.

mod queue;
mod telling;

use std::any::Any;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use futures::FutureExt;
use serde::{Deserialize, Serialize};
use tokio::time::Instant;

use crate::notify::{News, Notification};
use crate::options::Mode;
use crate::room_attendant::{self, Decision};
use crate::shared::Shared;
use crate::world::{Part, World};
pub(crate) use queue::StepQueue;

/// How often the clock is looked at when nothing else happens.
const TICK: Duration = Duration::from_secs(1);
/// [`Sim::drain`](crate::Sim::drain) gives up after this many steps: something feeds itself.
const DRAIN_STEPS_MAX: usize = 100_000;

/// What is done with change notifications.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum NotificationMode {
    /// Post them.
    #[default]
    Deliver,
    /// Lose them.
    Drop,
    /// Post each one twice, as Microsoft does now and then.
    Duplicate,
    /// Post each one before the one that waits for the same subscription, since Microsoft promises no order.
    Reorder,
    /// Post all that wait for one address together, those of several subscriptions too.
    Together,
}

/// Something waiting to happen.
#[derive(Debug, Clone)]
pub(crate) enum Step {
    /// A room has to answer a request.
    Decide(Part),
    /// A room has to rewrite what it shows of a meeting it accepted.
    Rewrite(Part),
    /// A subscriber has to be told.
    Notify(Notification),
}

impl Step {
    /// Whether it tells of another change to the subscriber of this notification.
    fn follows(&self, first: &Notification) -> bool {
        match self {
            Self::Notify(next) => {
                next.subscription == first.subscription && matches!(next.news, News::Change { .. })
            }
            _ => false,
        }
    }
}

/// What a step did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase", tag = "step")]
pub enum StepReport {
    /// A room looked at a request.
    #[serde(rename_all = "camelCase")]
    Decision {
        /// The room's address.
        room: String,
        /// `accepted`, `declined`, `pending`, or `nothingToDecide` when the request is gone or answered.
        outcome: &'static str,
    },
    /// A room rewrote what it shows of a meeting it accepted.
    #[serde(rename_all = "camelCase")]
    Rewriting {
        /// The room's address.
        room: String,
    },
    /// A notification was posted, and what went with it.
    #[serde(rename_all = "camelCase")]
    Notification {
        /// The subscription's id.
        subscription_id: String,
        /// The receiver's HTTP status; `None` when it could not be reached or the subscription is gone or over.
        status: Option<u16>,
        /// The fault that it met.
        #[serde(skip_serializing_if = "Option::is_none")]
        fault: Option<u64>,
    },
    /// The simulator itself failed in it: a fault of the simulator's own, and worth telling its authors.
    #[serde(rename_all = "camelCase")]
    Failure {
        /// What it said when it failed.
        reason: String,
    },
}

/// Does what the clock alone makes due.
fn catch_up(world: &mut World) {
    world.age_subscriptions();
    room_attendant::release_unclaimed(world);
}

/// Runs the oldest step now; `None` when there is none.
pub(crate) async fn step(shared: &Shared) -> Option<StepReport> {
    let step = {
        let mut world = shared.world();
        catch_up(&mut world);
        let now = shared.clock.now();
        world.steps.pop_oldest(now)?
    };
    Some(run(shared, step).await)
}

/// Runs steps until none is left, including those that steps cause, but for those that wait for the clock.
pub(crate) async fn drain(shared: &Shared) -> Vec<StepReport> {
    let mut reports = Vec::new();
    while reports.len() < DRAIN_STEPS_MAX {
        let Some(report) = step(shared).await else {
            break;
        };
        reports.push(report);
    }
    reports
}

/// Lets steps happen by themselves and the clock run, or both not, from now on. What waits is kept.
pub(crate) fn set_mode(shared: &Shared, mode: Mode) {
    let mut world = shared.world();
    shared.clock.set_running(matches!(mode, Mode::Auto { .. }));
    world.steps.mode = mode;
    world.steps.wake();
}

/// Runs steps as they fall due, for ever, whenever the mode says so. Posting does not hold up decisions.
pub(crate) async fn run_due_steps(shared: Arc<Shared>) {
    let wake = Arc::clone(&shared.world().steps.wake);
    loop {
        if shared.world().steps.mode == Mode::Explicit {
            wake.notified().await;
            continue;
        }
        let caught_up = caught(async { catch_up(&mut shared.world()) }).await;
        if let Err(reason) = caught_up {
            shared.world().steps.note_failure(&reason);
        }
        let next = shared.world().steps.pop_due(shared.clock.now());
        match next {
            Ok(step @ (Step::Decide(_) | Step::Rewrite(_))) => {
                run(&shared, step).await;
            }
            Ok(step @ Step::Notify(_)) => {
                let shared = Arc::clone(&shared);
                tokio::spawn(async move { run(&shared, step).await });
            }
            Err(due) => {
                let tick = Instant::now() + TICK;
                tokio::select! {
                    () = tokio::time::sleep_until(due.map_or(tick, |due| due.min(tick))) => {}
                    () = wake.notified() => {}
                }
            }
        }
    }
}

/// Runs a step. One that panics is reported, and the next ones go on.
async fn run(shared: &Shared, step: Step) -> StepReport {
    caught(take(shared, step)).await.unwrap_or_else(|reason| {
        shared.world().steps.note_failure(&reason);
        StepReport::Failure { reason }
    })
}

/// What work gives, or what it said when it panicked.
async fn caught<T>(work: impl Future<Output = T>) -> Result<T, String> {
    let said = |panic: Box<dyn Any + Send>| {
        let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
        text.or_else(|| panic.downcast_ref::<String>().cloned())
            .unwrap_or_else(|| "it said nothing".to_owned())
    };
    AssertUnwindSafe(work).catch_unwind().await.map_err(said)
}

async fn take(shared: &Shared, step: Step) -> StepReport {
    match step {
        Step::Decide(request) => {
            let decision = room_attendant::decide(&mut shared.world(), &request);
            let outcome = match decision {
                Some(Decision::Accept) => "accepted",
                Some(Decision::Decline) => "declined",
                Some(Decision::Pend) => "pending",
                None => "nothingToDecide",
            };
            StepReport::Decision {
                room: request.at.mailbox,
                outcome,
            }
        }
        Step::Rewrite(part) => {
            room_attendant::tidy(&mut shared.world(), &part);
            StepReport::Rewriting {
                room: part.at.mailbox,
            }
        }
        Step::Notify(notification) => {
            let subscription_id = notification.subscription.to_string();
            let (status, fault) = telling::tell(shared, notification).await;
            StepReport::Notification {
                subscription_id,
                status,
                fault,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_step_that_panics_is_told_and_the_next_goes_on() {
        let failed = caught(async { Vec::<u8>::new()[1] }).await;
        assert!(failed.unwrap_err().contains("index"));
        assert_eq!(caught(async { 1 }).await, Ok(1));
    }
}
