//! What was asked of the simulator.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

use jiff::Timestamp;
use serde::Serialize;

/// Longer paths and queries are kept up to here.
const TEXT_BYTES_MAX: usize = 4_000;
/// Older requests are forgotten.
const REQUESTS_MAX: usize = 10_000;

/// One request to Graph or Entra. Bodies and headers are not kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct LoggedRequest {
    /// When it was answered, by the simulator's clock.
    pub at: Timestamp,
    /// The HTTP method.
    pub method: String,
    /// The path as sent, without the query.
    pub path: String,
    /// The query as sent; `None` when there was none.
    pub query: Option<String>,
    /// The address of the mailbox it was about; `None` when it was about none.
    pub mailbox: Option<String>,
    /// The answer's status; 502 for a connection closed by a fault.
    pub status: u16,
    /// The client id; `None` without a valid token.
    pub app: Option<String>,
    /// The signed-in person's address; `None` for app-only access.
    pub person: Option<String>,
    /// Whether an injected fault made the answer.
    pub faulted: bool,
    /// The id of the fault that fired, also where it only delayed the answer; `None` when none did. Errors of single
    /// mailboxes inside a free/busy answer are not told here.
    pub fault: Option<u64>,
    /// How long the answer took, in microseconds of real time, its sending left out.
    pub duration_us: u64,
}

fn shorten(text: &mut String) {
    if text.len() > TEXT_BYTES_MAX {
        text.truncate(text.floor_char_boundary(TEXT_BYTES_MAX));
        text.shrink_to_fit();
        text.push('…');
    }
}

/// The last requests.
#[derive(Debug, Default)]
pub(crate) struct RequestLog(Mutex<VecDeque<LoggedRequest>>);

impl RequestLog {
    pub(crate) fn push(&self, mut request: LoggedRequest) {
        shorten(&mut request.path);
        if let Some(query) = &mut request.query {
            shorten(query);
        }
        let mut requests = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if requests.len() == REQUESTS_MAX {
            requests.pop_front();
        }
        requests.push_back(request);
    }

    pub(crate) fn all(&self) -> Vec<LoggedRequest> {
        self.last(usize::MAX)
    }

    /// The newest of them, at most so many, oldest first.
    pub(crate) fn last(&self, count: usize) -> Vec<LoggedRequest> {
        let requests = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let left_out = requests.len().saturating_sub(count);
        requests.iter().skip(left_out).cloned().collect()
    }

    pub(crate) fn clear(&self) {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clear();
    }
}
