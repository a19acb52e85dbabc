//! What Graph posts to us: read, handed on, answered.
//!
//! The handshake is answered without a look-up, because it comes before the subscription is known
//! here.

use axum::body::Bytes;
use axum::extract::{RawQuery, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use booking::notice::Notice;
use engine::sync::notices::Taken;
use graph::notification::{Notifications, validation_token};

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
    let Ok(notifications) = Notifications::read(&body) else {
        return StatusCode::BAD_REQUEST.into_response();
    };
    let notices = notifications
        .readable
        .into_iter()
        .map(Notice::from)
        .collect();
    match state.engine.take_notices(notices).await {
        // Forged and unknown ones get the same answer, so that nobody learns which are which.
        Ok(Taken::Noted) => StatusCode::ACCEPTED.into_response(),
        Ok(Taken::SendAgain) => StatusCode::SERVICE_UNAVAILABLE.into_response(),
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
