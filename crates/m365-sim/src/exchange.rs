//! One request and its answer, as observers of the simulator see it.

use std::sync::Arc;

use http::HeaderMap;
use serde_json::Value;

/// A finished request. Requests inside a `$batch` are reported one by one, before the batch itself.
#[derive(Debug, Clone)]
pub struct Exchange {
    /// The HTTP method, upper case.
    pub method: String,
    /// Path and query as they were sent, still percent-encoded.
    pub target: String,
    /// The request's headers. They hold the access token: never print them.
    pub request_headers: HeaderMap,
    /// The request's body when it was JSON.
    pub request_json: Option<Value>,
    /// The HTTP status of the answer.
    pub status: u16,
    /// The answer's headers.
    pub response_headers: HeaderMap,
    /// The answer's body when it was JSON.
    pub response_json: Option<Value>,
    /// True when an injected fault made the answer.
    pub faulted: bool,
    /// True when the simulator asked: a notification it posted to the address in `target`. `status` is then the
    /// receiver's, 0 when it gave none; only the request's body is told of.
    pub is_notification: bool,
}

impl Exchange {
    /// A notification that was posted to `url`, and what was answered.
    pub(crate) fn notification(url: String, body: Value, status: Option<u16>) -> Self {
        Self {
            method: "POST".to_owned(),
            target: url,
            request_headers: HeaderMap::new(),
            request_json: Some(body),
            status: status.unwrap_or(0),
            response_headers: HeaderMap::new(),
            response_json: None,
            faulted: false,
            is_notification: true,
        }
    }
}

/// Something that is told of every exchange, on the thread that served it.
pub type Observer = Arc<dyn Fn(&Exchange) + Send + Sync>;

/// Tells what an observer has found so far, as JSON.
pub type Findings = Arc<dyn Fn() -> Value + Send + Sync>;
