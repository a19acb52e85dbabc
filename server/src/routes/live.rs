//! `GET /api/live?since=REVISION`: which rooms moved, one JSON line each, for as long as the page is open.

use std::convert::Infallible;
use std::time::Duration;

use async_stream::stream;
use axum::Extension;
use axum::body::Body;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use booking::person::Caller;
use booking::search::found::RoomsMoved;
use bytes::Bytes;
use serde::Deserialize;
use tokio::sync::broadcast::error::RecvError;
use tokio::time::{Instant, interval_at};

use crate::sign_in::person;
use crate::state::AppState;

/// A blank line so often keeps proxies and the page from thinking that we are gone; as often we look whether the
/// person is still signed in.
const KEEP_AWAKE: Duration = Duration::from_secs(15);

/// Where to go on.
#[derive(Debug, Deserialize)]
pub struct Since {
    /// The revision the page shows. Absent: only what moves from now on.
    since: Option<i64>,
}

/// Streams to people only, and only while they are signed in: which rooms move is nobody else's business.
pub async fn live(
    State(state): State<AppState>,
    Extension(caller): Extension<Caller>,
    Query(Since { since }): Query<Since>,
    headers: HeaderMap,
) -> Response {
    let Some(asker) = caller.person() else {
        return StatusCode::UNAUTHORIZED.into_response();
    };
    let Some(open) = state.streams.open(asker.id) else {
        return (
            StatusCode::TOO_MANY_REQUESTS,
            "You have Etage open in too many windows. Close some, and this one shows changes again.",
        )
            .into_response();
    };
    let stop = state.stop.clone();
    let (revision, mut moves) = state.engine.listen();
    let missed = since
        .filter(|since| *since != revision)
        .map(|_| RoomsMoved {
            revision,
            rooms: Vec::new(),
        });
    let lines = stream! {
        let mut awake = interval_at(Instant::now() + KEEP_AWAKE, KEEP_AWAKE);
        yield Ok::<_, Infallible>(missed.map_or_else(|| Bytes::from_static(b"\n"), |moved| line(&moved)));
        loop {
            let moved = tokio::select! {
                () = stop.cancelled() => return,
                () = open.ended() => return,
                _ = awake.tick() => {
                    // Where nobody can say, the page connects again, and is told so.
                    if !matches!(person(&state, &Method::GET, &headers).await, Ok(Some(_))) {
                        return;
                    }
                    None
                }
                moved = moves.recv() => match moved {
                    Ok(moved) => Some(moved),
                    Err(RecvError::Lagged(_)) => Some(RoomsMoved {
                        revision: state.engine.revision(),
                        rooms: Vec::new(),
                    }),
                    Err(RecvError::Closed) => return,
                },
            };
            yield Ok(moved.map_or_else(|| Bytes::from_static(b"\n"), |moved| line(&moved)));
        }
    };
    (
        [
            (header::CONTENT_TYPE, "application/x-ndjson"),
            (header::CACHE_CONTROL, "no-store"),
            // Proxies that buffer would turn live into late.
            (header::HeaderName::from_static("x-accel-buffering"), "no"),
        ],
        Body::from_stream(lines),
    )
        .into_response()
}

fn line(moved: &RoomsMoved) -> Bytes {
    let mut text = serde_json::to_vec(moved).unwrap_or_default();
    text.push(b'\n');
    Bytes::from(text)
}
