//! From a request to the part of the simulator it is meant for, with everything that happens around it: faults,
//! cross-origin headers, the request log and the observer.

use std::sync::Arc;
use std::time::{Duration, Instant};

use http::{Method, StatusCode};
use jiff::SignedDuration;

use crate::exchange::Exchange;
use crate::faults::FaultAction;
use crate::graph::error::GraphError;
use crate::message::{Call, Reply};
use crate::request_log::LoggedRequest;
use crate::shared::Shared;
use crate::{clock, control, cross_origin, entra, graph};

/// An answer and who it was for, as far as that is known.
pub(crate) struct Served {
    pub(crate) reply: Reply,
    /// The client id the request was made with.
    pub(crate) app: Option<String>,
    /// The address of the signed-in person.
    pub(crate) person: Option<String>,
    /// The mailbox the request was about.
    pub(crate) mailbox: Option<String>,
}

impl From<Reply> for Served {
    fn from(reply: Reply) -> Self {
        Self {
            reply,
            app: None,
            person: None,
            mailbox: None,
        }
    }
}

/// Answers one request; `None` closes the connection without an answer.
pub(crate) async fn serve(shared: Arc<Shared>, call: Call) -> Option<Reply> {
    let is_asking = call.method == Method::OPTIONS;
    if call.path == "/_sim" || call.path.starts_with("/_sim/") {
        if let Some(refusal) = cross_origin::refused(&shared, &call) {
            return Some(refusal);
        }
        let reply = if is_asking {
            Reply::empty(StatusCode::NO_CONTENT)
        } else {
            control::handle(&shared, &call).await
        };
        return Some(cross_origin::open_to_asker(&call, reply));
    }
    let reply = if is_asking {
        Reply::empty(StatusCode::NO_CONTENT)
    } else {
        serve_watched(&shared, call).await?
    };
    Some(cross_origin::open_to_all(reply))
}

/// The answer to a request whose body is longer than Graph takes.
pub(crate) fn too_large(shared: &Shared, call: &Call) -> Reply {
    let status = StatusCode::PAYLOAD_TOO_LARGE;
    if !graph::is_for_graph(call) {
        return Reply::empty(status);
    }
    let error = GraphError::new(status, "BadRequest", "Maximum request length exceeded.");
    cross_origin::open_to_all(graph::finish(shared, call, error.into()))
}

/// Answers a request to Graph or Entra, subject to faults, and notes it. Also used for each part of a batch.
pub(crate) async fn serve_watched(shared: &Arc<Shared>, call: Call) -> Option<Reply> {
    let started = Instant::now();
    let fired = shared.faults.fire(&call, || named_mailboxes(shared, &call));
    let (fault, action) = fired.unzip();
    let mut met = Met {
        started,
        fault,
        faulted: true,
    };
    let served = match action {
        Some(FaultAction::DropConnection) => {
            let unanswered = Served::from(Reply::empty(StatusCode::BAD_GATEWAY));
            shared.log.push(logged(shared, &call, &unanswered, &met));
            return None;
        }
        Some(FaultAction::Status {
            status,
            code,
            message,
            retry_after_seconds,
        }) => {
            let message = message
                .unwrap_or_else(|| "The request was refused by an injected fault.".to_owned());
            fault_reply(shared, &call, status, (code, message), retry_after_seconds).into()
        }
        Some(FaultAction::LoseAnswer) => {
            let unheard = answer(shared, &call, Duration::ZERO).await;
            note(shared, &call, &unheard, &met);
            return None;
        }
        Some(FaultAction::TruncateBody { keep_bytes }) => {
            let mut served = answer(shared, &call, Duration::ZERO).await;
            served.reply.breaks_after = Some(keep_bytes);
            served
        }
        Some(FaultAction::Delay { delay_ms, .. }) => {
            met.faulted = false;
            answer(shared, &call, Duration::from_millis(delay_ms)).await
        }
        Some(FaultAction::ExpireCursor) => graph::expired_cursor(shared, &call).into(),
        Some(FaultAction::ClockSkew { skew_ms }) => {
            met.faulted = false;
            let skew = SignedDuration::from_millis(skew_ms);
            let mut served = clock::skewed(skew, answer(shared, &call, Duration::ZERO)).await;
            let date = shared.clock.now().saturating_add(skew);
            let date = date.unwrap_or_default().strftime("%a, %d %b %Y %T GMT");
            served.reply = served.reply.header("date", &date.to_string());
            served
        }
        Some(_) | None => {
            met.faulted = false;
            answer(shared, &call, Duration::ZERO).await
        }
    };
    note(shared, &call, &served, &met);
    Some(served.reply)
}

/// What a request met besides being served.
struct Met {
    started: Instant,
    /// The fault that fired.
    fault: Option<u64>,
    /// Whether that fault made the answer.
    faulted: bool,
}

async fn answer(shared: &Arc<Shared>, call: &Call, delay: Duration) -> Served {
    if graph::is_for_graph(call) {
        graph::handle(shared, call, delay).await
    } else {
        if !delay.is_zero() {
            tokio::time::sleep(delay).await;
        }
        entra::handle(shared, call).into()
    }
}

fn fault_reply(
    shared: &Shared,
    call: &Call,
    status: u16,
    error: (String, String),
    retry_after: Option<f64>,
) -> Reply {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let (code, message) = error;
    let reply = if graph::is_for_graph(call) {
        graph::finish(shared, call, GraphError::new(status, code, message).into())
    } else {
        Reply::json(
            status,
            &serde_json::json!({ "error": code, "error_description": message }),
        )
    };
    match retry_after {
        Some(seconds) => reply.header("retry-after", &seconds.to_string()),
        None => reply,
    }
}

/// The addresses of the mailboxes a request names: in its path, by `me`, or in the body of a free/busy query.
fn named_mailboxes(shared: &Shared, call: &Call) -> Vec<String> {
    let mut named: Vec<String> = graph::signed_in_person(shared, call).into_iter().collect();
    let world = shared.world();
    for segment in call.segments() {
        let by_id = world
            .mailboxes
            .values()
            .find(|mailbox| mailbox.id.to_string() == segment);
        named.push(by_id.map_or(segment, |mailbox| mailbox.address.clone()));
    }
    named.extend(graph::schedule::requested_addresses(call));
    named
}

fn note(shared: &Shared, call: &Call, served: &Served, met: &Met) {
    shared.log.push(logged(shared, call, served, met));
    if let Some(observer) = &shared.observer {
        observer(&Exchange {
            method: call.method.to_string(),
            target: call.target(),
            request_headers: call.headers.clone(),
            request_json: call.json(),
            status: served.reply.status.as_u16(),
            response_headers: served.reply.headers.clone(),
            response_json: served.reply.json_body(),
            faulted: met.faulted,
            is_notification: false,
        });
    }
}

fn logged(shared: &Shared, call: &Call, served: &Served, met: &Met) -> LoggedRequest {
    LoggedRequest {
        at: shared.clock.now(),
        method: call.method.to_string(),
        path: call.path.clone(),
        query: call.raw_query.clone(),
        mailbox: served.mailbox.clone(),
        status: served.reply.status.as_u16(),
        app: served.app.clone(),
        person: served.person.clone(),
        faulted: met.faulted,
        fault: met.fault,
        duration_us: u64::try_from(met.started.elapsed().as_micros()).unwrap_or(u64::MAX),
    }
}
