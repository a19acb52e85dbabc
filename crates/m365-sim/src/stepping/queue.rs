//! The steps not yet taken, and the rules for taking them.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use tokio::sync::Notify;
use tokio::time::Instant;
use uuid::Uuid;

use super::{NotificationMode, Step};
use crate::notify::{News, Notification};
use crate::options::Mode;

/// So many failures of the simulator's own are kept.
const FAILURES_MAX: usize = 100;

/// When a step may be taken.
#[derive(Debug, Clone, Copy)]
enum Due {
    /// By the machine's clock; at once where steps are taken by hand.
    Soon(Instant),
    /// By the simulator's clock, however steps are taken: hours pass when it is moved.
    At(Timestamp),
}

impl Due {
    const fn is_soon(self) -> bool {
        matches!(self, Self::Soon(_))
    }

    /// How long the simulator's clock has still to go; `None` when it has nothing to do with it any more.
    fn wait(self, now: Timestamp) -> Option<Duration> {
        match self {
            Self::Soon(_) => None,
            Self::At(at) => Duration::try_from(at.duration_since(now))
                .ok()
                .filter(|wait| !wait.is_zero()),
        }
    }

    /// The same by the machine's clock, as long as nobody moves the simulator's.
    fn instant(self, now: Timestamp, instant: Instant) -> Instant {
        match self {
            Self::Soon(due) => due,
            Self::At(_) => instant + self.wait(now).unwrap_or_default(),
        }
    }
}

/// All that wait.
#[derive(Debug, Clone)]
pub(crate) struct StepQueue {
    pending: VecDeque<(Due, Step)>,
    pub(crate) mode: Mode,
    pub(crate) notifications: NotificationMode,
    /// What the steps said that failed through a fault of the simulator's own.
    pub(crate) failures: Vec<String>,
    pub(super) wake: Arc<Notify>,
}

impl StepQueue {
    pub(crate) fn new(mode: Mode) -> Self {
        Self {
            pending: VecDeque::new(),
            mode,
            notifications: NotificationMode::Deliver,
            failures: Vec::new(),
            wake: Arc::new(Notify::new()),
        }
    }

    pub(crate) fn push(&mut self, step: Step) {
        let delay = match (&self.mode, &step) {
            (Mode::Explicit, _) => Duration::ZERO,
            (
                Mode::Auto {
                    attendant_delay, ..
                },
                Step::Decide(_) | Step::Rewrite(_),
            ) => *attendant_delay,
            (
                Mode::Auto {
                    notification_delay, ..
                },
                Step::Notify(_),
            ) => *notification_delay,
        };
        let copies = match (&step, self.notifications) {
            (Step::Notify(_), NotificationMode::Drop) => 0,
            (Step::Notify(_), NotificationMode::Duplicate) => 2,
            _ => 1,
        };
        for _ in 0..copies {
            let step = match self.notifications {
                NotificationMode::Reorder => self.overtake(step.clone()),
                _ => step.clone(),
            };
            self.pending
                .push_back((Due::Soon(Instant::now() + delay), step));
        }
        self.wake.notify_one();
    }

    /// Queues a step for a moment of the simulator's clock.
    pub(super) fn push_at(&mut self, at: Timestamp, step: Step) {
        self.pending.push_back((Due::At(at), step));
        self.wake.notify_one();
    }

    /// Takes out the notifications of changes that wait for these subscriptions.
    pub(crate) fn take_waiting(&mut self, subscriptions: &[Uuid]) -> Vec<Notification> {
        let mut taken = Vec::new();
        self.pending.retain(|(_, step)| match step {
            Step::Notify(waiting)
                if matches!(waiting.news, News::Change { .. })
                    && subscriptions.contains(&waiting.subscription) =>
            {
                taken.push(waiting.clone());
                false
            }
            _ => true,
        });
        taken
    }

    /// Puts a notification where the last one waiting for the same subscription was, and returns that one.
    fn overtake(&mut self, step: Step) -> Step {
        let Step::Notify(new) = &step else {
            return step;
        };
        let of_the_same = |waiting: &Step| match waiting {
            Step::Notify(old) => old.subscription == new.subscription,
            _ => false,
        };
        let mut waiting = self.pending.iter_mut().rev();
        match waiting.find(|(due, waiting)| due.is_soon() && of_the_same(waiting)) {
            Some((_, place)) => std::mem::replace(place, step),
            None => step,
        }
    }

    /// Whether another notification of a change waits for the same subscription.
    pub(super) fn is_followed(&self, first: &Notification) -> bool {
        let mut waiting = self.pending.iter();
        waiting.any(|(due, step)| due.is_soon() && step.follows(first))
    }

    /// Puts a notification where the next one of a change waits for the same subscription, and returns that one; itself
    /// when there is none.
    pub(super) fn give_way(&mut self, first: Notification) -> Notification {
        let mut waiting = self.pending.iter_mut();
        match waiting.find(|(due, step)| due.is_soon() && step.follows(&first)) {
            Some((_, Step::Notify(next))) => std::mem::replace(next, first),
            _ => first,
        }
    }

    pub(super) fn note_failure(&mut self, reason: &str) {
        if self.failures.len() < FAILURES_MAX {
            self.failures.push(reason.to_owned());
        }
    }

    pub(crate) fn len(&self) -> usize {
        self.pending.len()
    }

    /// Lets whoever runs due steps look again.
    pub(crate) fn wake(&self) {
        self.wake.notify_one();
    }

    pub(crate) fn clear(&mut self) {
        self.pending.clear();
    }

    /// The oldest step, unless it waits for the clock.
    pub(super) fn pop_oldest(&mut self, now: Timestamp) -> Option<Step> {
        let mut pending = self.pending.iter();
        let position = pending.position(|(due, _)| due.is_soon() || due.wait(now).is_none())?;
        self.pending.remove(position).map(|(_, step)| step)
    }

    /// A step whose time has come, or when the next one's will.
    pub(super) fn pop_due(&mut self, now: Timestamp) -> Result<Step, Option<Instant>> {
        let instant = Instant::now();
        let next = self
            .pending
            .iter()
            .enumerate()
            .map(|(position, (due, _))| (due.instant(now, instant), position))
            .min();
        let Some((due, position)) = next else {
            return Err(None);
        };
        if due > instant {
            return Err(Some(due));
        }
        let taken = self.pending.remove(position);
        taken.map(|(_, step)| step).ok_or(None)
    }
}
