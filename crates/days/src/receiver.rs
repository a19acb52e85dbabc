//! Where Microsoft's notifications arrive: one address before all processes, as a load balancer is.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use axum::Router;
use axum::body::Bytes;
use axum::extract::{RawQuery, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use booking::notice::Notice;
use graph::notification::{Notifications, validation_token};
use parking_lot::Mutex;
use tokio::task::JoinHandle;

use crate::process::Door;

/// The processes that can take notifications; one that is down has no engine.
#[derive(Default)]
pub(crate) struct Doors {
    open: Mutex<Vec<Option<Door>>>,
    turn: AtomicUsize,
}

impl Doors {
    pub(crate) fn set(&self, process: usize, door: Option<Door>) {
        let mut open = self.open.lock();
        if open.len() <= process {
            open.resize(process + 1, None);
        }
        open[process] = door;
    }

    /// The next one that is open, each in its turn.
    fn next(&self) -> Option<Door> {
        let open = self.open.lock();
        let open: Vec<_> = open.iter().flatten().collect();
        let turn = self.turn.fetch_add(1, Ordering::Relaxed);
        open.get(turn % open.len().max(1))
            .map(|door| Door::clone(door))
    }
}

/// Listening; it ends when this is dropped.
pub(crate) struct Listening {
    pub(crate) origin: String,
    task: JoinHandle<()>,
}

impl Drop for Listening {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// Listens on a free port.
pub(crate) async fn listen(doors: Arc<Doors>) -> Listening {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let origin = format!("http://{}", listener.local_addr().unwrap());
    let router = Router::new()
        .route("/notifications/graph", post(receive))
        .route("/notifications/graph/lifecycle", post(receive))
        .with_state(doors);
    let task = tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
    Listening { origin, task }
}

async fn receive(
    State(doors): State<Arc<Doors>>,
    RawQuery(query): RawQuery,
    body: Bytes,
) -> Response {
    if let Some(token) = validation_token(query.as_deref()) {
        return ([(header::CONTENT_TYPE, "text/plain; charset=utf-8")], token).into_response();
    }
    let Some(Door { engine, gate }) = doors.next() else {
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
    };
    let Ok(notifications) = Notifications::read(&body) else {
        return StatusCode::BAD_REQUEST.into_response();
    };
    let notices = notifications
        .readable
        .into_iter()
        .map(Notice::from)
        .collect();
    // Not as quick as a server has to be: what is answered here is noted.
    let noted = tokio::select! {
        biased;
        () = gate.closed() => false,
        noted = engine.note_notices(notices) => noted.is_ok(),
    };
    if noted {
        StatusCode::ACCEPTED.into_response()
    } else {
        StatusCode::SERVICE_UNAVAILABLE.into_response()
    }
}
