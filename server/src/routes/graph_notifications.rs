//! What Graph posts to us.
//!
//! The handshake is answered without a look-up, because it comes before the subscription is known
//! here. A notification is only a nudge: rooms are marked dirty and the answer goes out; reading
//! happens behind it.

use std::collections::{BTreeMap, BTreeSet};

use axum::body::Bytes;
use axum::extract::{RawQuery, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use booking::ids::RoomId;
use booking::provider::SubscriptionId;
use graph::notification::{LifecycleEvent, Notification, Notifications, validation_token};
use secrecy::SecretString;

use crate::state::AppState;

/// Most notifications of one post that are looked at. Graph sends far fewer at once.
const NOTIFICATIONS_MAX: usize = 1_000;

/// `POST /notifications/graph` and `/notifications/graph/lifecycle`.
pub async fn receive(
    State(state): State<AppState>,
    RawQuery(query): RawQuery,
    body: Bytes,
) -> Response {
    if let Some(token) = validation_token(query.as_deref()) {
        return ([(header::CONTENT_TYPE, "text/plain; charset=utf-8")], token).into_response();
    }
    let notifications = match Notifications::read(&body) {
        Ok(notifications) => notifications,
        Err(_) => return StatusCode::BAD_REQUEST.into_response(),
    };
    if notifications.readable.len() > NOTIFICATIONS_MAX {
        tracing::warn!(
            notifications = notifications.readable.len(),
            "a post carried more notifications than are looked at; polling finds what they told"
        );
    }
    match take(&state, &notifications.readable).await {
        // Forged and unknown ones get the same answer, so that nobody learns which are which.
        Ok(()) => StatusCode::ACCEPTED.into_response(),
        Err(error) => {
            tracing::error!(
                incident = engine::incident(),
                error = &error as &dyn std::error::Error,
                "a notification could not be noted; Graph sends it again"
            );
            StatusCode::SERVICE_UNAVAILABLE.into_response()
        }
    }
}

/// Marks the rooms that genuine notifications are about.
async fn take(state: &AppState, notifications: &[Notification]) -> Result<(), engine::Error> {
    let mut of: BTreeMap<&str, Vec<&Notification>> = BTreeMap::new();
    for one in notifications.iter().take(NOTIFICATIONS_MAX) {
        of.entry(&one.subscription_id).or_default().push(one);
    }
    let mut rooms = BTreeSet::new();
    let mut ended = Vec::new();
    for (id, notifications) in of {
        let id = SubscriptionId(id.to_owned());
        let Some(known) = state.engine.store().subscription(&id).await? else {
            continue;
        };
        let genuine = genuine(&notifications, &known.client_state);
        if genuine.is_empty() {
            continue;
        }
        rooms.insert(known.room);
        if genuine.iter().any(|one| has_ended(one)) {
            ended.push(id);
        }
    }
    if !rooms.is_empty() {
        let rooms: Vec<RoomId> = rooms.into_iter().collect();
        state.engine.note_changes(&rooms).await?;
    }
    // Last, because what Graph sends again must still find its subscription.
    for id in ended {
        state.engine.subscription_ended(&id).await?;
    }
    Ok(())
}

/// Those that carry what only Graph was told.
fn genuine<'a>(
    notifications: &[&'a Notification],
    client_state: &SecretString,
) -> Vec<&'a Notification> {
    let mut genuine = notifications.to_vec();
    genuine.retain(|one| one.is_authentic(client_state));
    if genuine.len() < notifications.len() {
        tracing::warn!("a notification did not carry its client state and was dropped");
    }
    genuine
}

const fn has_ended(notification: &Notification) -> bool {
    matches!(
        notification.lifecycle_event,
        Some(LifecycleEvent::SubscriptionRemoved | LifecycleEvent::ReauthorizationRequired)
    )
}
