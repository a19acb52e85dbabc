//! What Graph posts to us.
//!
//! The handshake is answered without a look-up, because it comes before the subscription is known
//! here. A notification is only a nudge: rooms are marked dirty and the answer goes out; reading
//! happens behind it.

use axum::body::Bytes;
use axum::extract::{RawQuery, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use booking::ids::RoomId;
use booking::provider::SubscriptionId;
use graph::notification::{LifecycleEvent, Notification, Notifications, validation_token};

use crate::state::AppState;

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
    let mut rooms: Vec<RoomId> = Vec::new();
    for notification in &notifications.readable {
        if let Some(room) = believed(&state, notification).await {
            rooms.push(room);
        }
    }
    rooms.sort_unstable();
    rooms.dedup();
    if !rooms.is_empty()
        && let Err(error) = state.engine.note_changes(&rooms).await
    {
        tracing::error!(
            error = &error as &dyn std::error::Error,
            "a notification could not be noted; Graph sends it again"
        );
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
    }
    // Forged and unknown ones get the same answer, so that nobody learns which are which.
    StatusCode::ACCEPTED.into_response()
}

/// The room a notification is about, if it carries what only Graph was told.
async fn believed(state: &AppState, notification: &Notification) -> Option<RoomId> {
    let id = SubscriptionId(notification.subscription_id.clone());
    let known = state
        .engine
        .store()
        .subscription(&id)
        .await
        .ok()
        .flatten()?;
    if !notification.is_authentic(&known.client_state) {
        tracing::warn!("a notification did not carry its client state and was dropped");
        return None;
    }
    let ended = matches!(
        notification.lifecycle_event,
        Some(LifecycleEvent::SubscriptionRemoved | LifecycleEvent::ReauthorizationRequired)
    );
    if ended && let Err(error) = state.engine.subscription_ended(&id).await {
        tracing::error!(
            error = &error as &dyn std::error::Error,
            "a subscription that ended could not be forgotten; its room is polled"
        );
    }
    Some(known.room)
}
