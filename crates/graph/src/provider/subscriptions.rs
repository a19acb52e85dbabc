//! Being told of changes.

use booking::ids::MailboxAddress;
use booking::provider::{
    MailboxRole, NotificationTarget, ProviderError, Subscription, SubscriptionId,
};
use booking::time::{Instant, MINUTE_MS};
use http::StatusCode;
use jiff::Timestamp;

use super::convert::{instant, timestamp};
use super::failure::mailbox_error;
use super::provider_error;
use crate::access::Identity;
use crate::batch::STEPS_MAX;
use crate::client::GraphClient;
use crate::error::GraphError;
use crate::ops::subscriptions::{
    CreateSubscription, DeleteSubscription, LIFE_MIN_MAX, RenewSubscription,
};
use crate::types;

/// How far our clock may be ahead of Microsoft's without a subscription being refused as too long.
const CLOCK_MARGIN_MIN: i64 = 5;

const RENEWING: &str = "renewing a subscription";

pub(super) async fn subscribe(
    client: &GraphClient,
    room: &MailboxAddress,
    target: &NotificationTarget,
    now: Instant,
) -> Result<Subscription, ProviderError> {
    let operation = CreateSubscription {
        mailbox: room.to_string(),
        notification_url: target.url.clone(),
        lifecycle_notification_url: target.lifecycle_url.clone(),
        client_state: target.client_state.clone(),
        until: allowed(target.until, now),
    };
    let answer = client.send(&Identity::Application, &operation).await;
    answer.map(subscription).map_err(refused)
}

/// Why a subscription is not made. That there are too many is told with the status of a denial, in words.
///
/// See <https://learn.microsoft.com/graph/change-notifications-overview>, subscription quotas.
fn refused(error: GraphError) -> ProviderError {
    const DOING: &str = "subscribing to a room";
    match error {
        GraphError::Answer(answer)
            if answer.status == StatusCode::FORBIDDEN
                && answer.message.to_lowercase().contains("limit") =>
        {
            ProviderError::LimitReached {
                context: format!("{DOING}: {answer}"),
            }
        }
        other => mailbox_error(MailboxRole::Room, DOING, other),
    }
}

pub(super) async fn renew(
    client: &GraphClient,
    id: &SubscriptionId,
    until: Instant,
    now: Instant,
) -> Result<Subscription, ProviderError> {
    let operation = RenewSubscription {
        id: id.0.clone(),
        until: allowed(until, now),
    };
    let answer = client.send(&Identity::Application, &operation).await;
    answer
        .map(subscription)
        .map_err(|error| provider_error(RENEWING, error))
}

/// Twenty at a time: a room costs a twentieth of a request.
pub(super) async fn renew_all(
    client: &GraphClient,
    ids: &[SubscriptionId],
    until: Instant,
    now: Instant,
) -> Vec<Result<Subscription, ProviderError>> {
    let mut renewed = Vec::new();
    for ids in ids.chunks(STEPS_MAX) {
        let operations: Vec<RenewSubscription> = ids
            .iter()
            .map(|id| RenewSubscription {
                id: id.0.clone(),
                until: allowed(until, now),
            })
            .collect();
        let sent = client.send_all(&Identity::Application, &operations).await;
        let failure = sent.failure.unwrap_or(GraphError::StepUnanswered);
        let failure = provider_error(RENEWING, failure);
        renewed.extend(sent.outcomes.into_iter().map(|outcome| {
            match outcome {
                Some(outcome) => outcome
                    .map(subscription)
                    .map_err(|error| provider_error(RENEWING, error)),
                None => Err(failure.clone()),
            }
        }));
    }
    renewed
}

pub(super) async fn unsubscribe(
    client: &GraphClient,
    id: &SubscriptionId,
) -> Result<(), ProviderError> {
    let operation = DeleteSubscription { id: id.0.clone() };
    let answer = client.send(&Identity::Application, &operation).await;
    match answer.map_err(|error| provider_error("ending a subscription", error)) {
        Ok(_) | Err(ProviderError::NotFound { .. }) => Ok(()),
        Err(error) => Err(error),
    }
}

/// The wanted end, or the latest that Graph grants.
fn allowed(until: Instant, now: Instant) -> Timestamp {
    let latest = now.plus_ms((LIFE_MIN_MAX - CLOCK_MARGIN_MIN) * MINUTE_MS);
    timestamp(until.min(latest))
}

fn subscription(wire: types::Subscription) -> Subscription {
    Subscription {
        id: SubscriptionId(wire.id),
        until: instant(wire.expiration_date_time),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_subscription_is_asked_for_that_graph_would_refuse_as_too_long() {
        let now = Instant(1_790_000_000_000);
        let week = now.plus_ms(7 * booking::time::DAY_MS);
        let granted = allowed(week, now).as_millisecond() - now.0;
        assert!(granted < LIFE_MIN_MAX * MINUTE_MS);
        let soon = now.plus_ms(60 * MINUTE_MS);
        assert_eq!(allowed(soon, now), timestamp(soon));
    }
}
