//! What goes around every answer.
//!
//! One function and not a tower of layers: each layer would put the request's service, its future and the answer's
//! body into boxes of its own, which together cost more than what the layers do.

use std::any::Any;
use std::panic::AssertUnwindSafe;
use std::time::Duration;

use axum::extract::{DefaultBodyLimit, Request, State};
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use futures::FutureExt;
use tokio::time::timeout;

use crate::sign_in::identify;
use crate::state::AppState;

/// No request of ours is larger.
const BODY_BYTES_MAX: usize = 512 * 1024;
/// No answer takes longer to begin.
const ANSWER_TIME_MAX: Duration = Duration::from_secs(30);

/// What browsers are told with every answer that does not say otherwise itself.
const HEADERS: [(HeaderName, HeaderValue); 2] = [
    (
        header::REFERRER_POLICY,
        HeaderValue::from_static("strict-origin-when-cross-origin"),
    ),
    (
        header::X_CONTENT_TYPE_OPTIONS,
        HeaderValue::from_static("nosniff"),
    ),
];

/// Finds out who asks, and answers whatever happens: a panic or an answer that takes too long as well.
pub async fn around(State(state): State<AppState>, mut request: Request, next: Next) -> Response {
    DefaultBodyLimit::max(BODY_BYTES_MAX).apply(&mut request);
    // The answer is looked at before the clock, so that one that is there at once sets no timer.
    let answer = timeout(ANSWER_TIME_MAX, identify(state, request, next));
    let mut response = match AssertUnwindSafe(answer).catch_unwind().await {
        Ok(Ok(response)) => response,
        Ok(Err(_elapsed)) => StatusCode::GATEWAY_TIMEOUT.into_response(),
        Err(panic) => panicked(panic.as_ref()),
    };
    for (name, value) in HEADERS {
        response.headers_mut().entry(name).or_insert(value);
    }
    response
}

fn panicked(panic: &(dyn Any + Send)) -> Response {
    let text = panic.downcast_ref::<&str>().copied();
    let text = text.or_else(|| panic.downcast_ref::<String>().map(String::as_str));
    tracing::error!(
        panic = text.unwrap_or("of another kind than text"),
        "a request was broken off by a panic"
    );
    (StatusCode::INTERNAL_SERVER_ERROR, "Service panicked").into_response()
}
