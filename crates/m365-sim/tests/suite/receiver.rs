//! Somebody who is notified, on a port of their own.

use std::sync::{Arc, Mutex};

use axum::extract::{Query, RawQuery, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use serde_json::Value;

#[derive(Debug, serde::Deserialize)]
struct Validation {
    #[serde(rename = "validationToken")]
    validation_token: Option<String>,
}

/// A request to prove oneself.
#[derive(Debug, Clone)]
pub(crate) struct Handshake {
    pub(crate) content_type: String,
    pub(crate) body: String,
}

#[derive(Debug, Default)]
struct Heard {
    notifications: Vec<Value>,
    handshakes: Vec<Handshake>,
}

/// Hears at `/good`; `/mute` does not prove itself, nor does `/raw`, which echoes what it was asked without decoding it,
/// nor `/endless`, whose echo does not end;
/// `/broken` proves itself and then has no use for what comes.
pub(crate) struct Receiver {
    pub(crate) url: String,
    heard: Arc<Mutex<Heard>>,
}

impl Receiver {
    pub(crate) async fn start() -> Self {
        let heard: Arc<Mutex<Heard>> = Arc::default();
        let router = axum::Router::new()
            .route("/good", post(receive))
            .route("/mute", post(|| async { StatusCode::OK }))
            .route("/raw", post(echo_raw))
            .route("/endless", post(echo_without_end))
            .route("/broken", post(receive_nothing))
            .with_state(Arc::clone(&heard));
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { url, heard }
    }

    /// The notifications since the last time.
    pub(crate) fn take(&self) -> Vec<Value> {
        std::mem::take(&mut self.heard.lock().unwrap().notifications)
    }

    /// How it was asked to prove itself.
    pub(crate) fn handshakes(&self) -> Vec<Handshake> {
        self.heard.lock().unwrap().handshakes.clone()
    }
}

async fn receive(
    State(heard): State<Arc<Mutex<Heard>>>,
    Query(validation): Query<Validation>,
    headers: HeaderMap,
    body: String,
) -> Response {
    let mut heard = heard.lock().unwrap();
    let Some(token) = validation.validation_token else {
        heard
            .notifications
            .push(serde_json::from_str(&body).unwrap());
        return StatusCode::ACCEPTED.into_response();
    };
    let content_type = headers
        .get("content-type")
        .map_or("", |value| value.to_str().unwrap());
    heard.handshakes.push(Handshake {
        content_type: content_type.to_owned(),
        body,
    });
    token.into_response()
}

/// What happened to an event, in the first entry of each notification.
pub(crate) fn change_types(notifications: &[Value]) -> Vec<&str> {
    let entries = notifications.iter().map(|body| &body["value"][0]);
    entries
        .map(|entry| entry["changeType"].as_str().unwrap())
        .collect()
}

async fn echo_raw(RawQuery(query): RawQuery) -> String {
    let query = query.unwrap_or_default();
    let (_, token) = query.split_once('=').unwrap();
    token.to_owned()
}

async fn echo_without_end() -> Response {
    let pieces = futures::stream::repeat_with(|| Ok::<_, std::io::Error>("Validation: "));
    let body = axum::body::Body::from_stream(pieces);
    ([("content-type", "text/plain")], body).into_response()
}

async fn receive_nothing(Query(validation): Query<Validation>) -> Response {
    match validation.validation_token {
        Some(token) => token.into_response(),
        None => StatusCode::SERVICE_UNAVAILABLE.into_response(),
    }
}
