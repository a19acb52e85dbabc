//! What happens to subscriptions without their apps.
//! <https://learn.microsoft.com/graph/change-notifications-lifecycle-events>

use std::time::Duration;

use jiff::{Timestamp, ToSpan};
use url::Url;
use uuid::Uuid;

use super::World;
use crate::graph::subscriptions::Subscription;
use crate::notify::endpoint_health::Standing;
use crate::notify::{News, Notification};
use crate::scenario::MailboxState;
use crate::stepping::{NotificationMode, Step};

/// How long an ended subscription can still be looked at by remote control.
const ENDED_KEPT_HOURS: i64 = 24;

impl Subscription {
    /// Whether it can be read, renewed and notified.
    pub(crate) fn is_active(&self, now: Timestamp) -> bool {
        !self.is_removed && self.expires > now
    }

    fn is_to_be_warned(&self, now: Timestamp, minutes_before: u32) -> bool {
        let warning = self
            .expires
            .saturating_sub(i64::from(minutes_before).minutes());
        self.is_active(now)
            && self.warned_of != Some(self.expires)
            && warning.is_ok_and(|warning| warning <= now)
    }
}

impl World {
    /// Catches up with the clock: asks for renewals that are due, and forgets what ended long ago.
    pub(crate) fn age_subscriptions(&mut self) {
        let now = self.clock.now();
        self.subscriptions.retain(|_, one| {
            let forgotten = one.expires.saturating_add(ENDED_KEPT_HOURS.hours());
            forgotten.is_ok_and(|forgotten| forgotten > now)
        });
        if self.subscriptions.is_empty() {
            self.endpoints.clear();
        }
        let mut due = Vec::new();
        for one in self.subscriptions.values_mut() {
            if one.is_to_be_warned(now, self.readings.renewal_warning_minutes) {
                one.warned_of = Some(one.expires);
                due.push(one.id);
            }
        }
        due.extend(self.newly_blocked(now));
        for subscription in due {
            self.tell_of_life(subscription, "reauthorizationRequired");
        }
    }

    /// The subscriptions that a change of consent or of what Exchange says has taken the permission from, each once until it
    /// has it again.
    fn newly_blocked(&mut self, now: Timestamp) -> Vec<Uuid> {
        let before = self.access_changes.len();
        self.access_changes.retain(|change| *change > now);
        if self.access_changes.len() == before {
            return Vec::new();
        }
        let active = self.subscriptions.values().filter(|one| one.is_active(now));
        let judged: Vec<(Uuid, bool)> = active
            .map(|one| (one.id, !one.is_permitted(self)))
            .collect();
        let mut blocked = Vec::new();
        for (id, is_blocked) in judged {
            if let Some(one) = self.subscriptions.get_mut(&id) {
                if is_blocked && !one.is_blocked {
                    blocked.push(id);
                }
                one.is_blocked = is_blocked;
            }
        }
        blocked
    }

    /// Queues a lifecycle notification, if the subscription has an address for them.
    pub(crate) fn tell_of_life(&mut self, subscription: Uuid, event: &'static str) {
        let known = self.subscriptions.get(&subscription);
        if known.is_some_and(|one| one.lifecycle_url.is_some()) {
            self.steps.push(Step::Notify(Notification {
                subscription,
                news: News::Lifecycle(event),
                attempt: 0,
                first_posted: None,
                is_delayed: false,
            }));
        }
    }

    /// A notification with those that go to the same address in one request.
    pub(crate) fn with_companions(&mut self, first: Notification) -> Vec<Notification> {
        let is_change = matches!(first.news, News::Change { .. });
        let is_together = self.steps.notifications == NotificationMode::Together;
        let address = self
            .subscriptions
            .get(&first.subscription)
            .filter(|_| is_change && is_together)
            .map(|one| one.notification_url.clone());
        let mut together = vec![first];
        if let Some(address) = address {
            let all = self.subscriptions.values();
            let neighbours: Vec<Uuid> = all
                .filter(|one| one.notification_url == address)
                .map(|one| one.id)
                .collect();
            let mut waiting = self.steps.take_waiting(&neighbours);
            waiting.retain(|one| self.is_wanted(one));
            together.extend(waiting);
        }
        together
    }

    /// What the receiver of a notification has earned so far.
    pub(crate) fn standing(&self, notification: &Notification) -> Standing {
        let known = self
            .receiver(notification)
            .and_then(|host| self.endpoints.get(&host));
        known.map_or(Standing::Good, |known| known.standing(self.clock.now()))
    }

    /// Notes how long the receiver of a notification took to answer.
    pub(crate) fn note_answer_time(&mut self, notification: &Notification, took: Duration) {
        let now = self.clock.now();
        if let Some(host) = self.receiver(notification) {
            self.endpoints.entry(host).or_default().note(took, now);
        }
    }

    /// Host and port that a notification goes to.
    fn receiver(&self, notification: &Notification) -> Option<String> {
        let subscription = self.subscriptions.get(&notification.subscription)?;
        let url = match notification.news {
            News::Change { .. } => Some(&subscription.notification_url),
            News::Lifecycle(_) => subscription.lifecycle_url.as_ref(),
        };
        let url = Url::parse(url?).ok()?;
        Some(url.authority().to_owned())
    }

    /// A notification was delivered, or given up. The first one given up after a delivered one is told as `missed`.
    pub(crate) fn note_delivery(&mut self, notification: &Notification, is_delivered: bool) {
        let News::Change { .. } = notification.news else {
            return;
        };
        let Some(one) = self.subscriptions.get_mut(&notification.subscription) else {
            return;
        };
        let is_first = !one.has_missed;
        one.has_missed = !is_delivered;
        if one.has_missed && is_first {
            self.tell_of_life(notification.subscription, "missed");
        }
    }

    /// Moves a mailbox. Subscriptions to one that Graph does not serve any more are removed.
    pub(crate) fn set_mailbox_state(&mut self, address: &str, state: MailboxState) -> Option<()> {
        self.mailbox_mut(address)?.state = state;
        if state == MailboxState::Active {
            return Some(());
        }
        let mut removed = Vec::new();
        for one in self.subscriptions.values_mut() {
            if one.mailbox.eq_ignore_ascii_case(address) && !one.is_removed {
                one.is_removed = true;
                removed.push(one.id);
            }
        }
        for subscription in removed {
            self.tell_of_life(subscription, "subscriptionRemoved");
        }
        Some(())
    }
}
