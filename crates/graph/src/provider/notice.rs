//! What Graph posts, in the words of the seam.

use booking::notice::{News, Notice};
use booking::provider::SubscriptionId;

use crate::notification::{LifecycleEvent, Notification};

impl From<Notification> for Notice {
    fn from(told: Notification) -> Self {
        Self {
            subscription: SubscriptionId(told.subscription_id),
            client_state: told.client_state,
            news: match told.lifecycle_event {
                None => News::Changed,
                Some(LifecycleEvent::ReauthorizationRequired) => News::RenewNow,
                Some(LifecycleEvent::SubscriptionRemoved) => News::Removed,
                Some(LifecycleEvent::Missed | LifecycleEvent::Unknown) => News::Missed,
            },
        }
    }
}
