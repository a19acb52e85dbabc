//! The remote control, `/_sim/…`: JSON in, JSON out, no token needed, and a page for people on top of it. The crate's README lists every endpoint with its
//! bodies. Nothing here is subject to faults or appears in the request log.

mod calendar;
mod faults;
mod identity;
mod mail;
mod mailboxes;
mod nested_app_auth;
mod page;
mod running;
mod snapshots;
pub(crate) mod token;
mod world;

use std::sync::Arc;

use http::{Method, StatusCode};
use serde::de::DeserializeOwned;
use serde_json::json;

use crate::graph::error::GraphError;
use crate::message::{Call, Reply};
use crate::shared::Shared;

/// What every endpoint gives.
type Outcome = Result<Reply, Refusal>;

/// Why the remote control refuses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Refusal {
    status: StatusCode,
    message: String,
}

impl Refusal {
    fn not_found(message: impl Into<String>) -> Self {
        Self {
            status: StatusCode::NOT_FOUND,
            message: message.into(),
        }
    }

    fn conflict(message: impl Into<String>) -> Self {
        Self {
            status: StatusCode::CONFLICT,
            message: message.into(),
        }
    }

    fn bad_request(message: impl Into<String>) -> Self {
        Self {
            status: StatusCode::BAD_REQUEST,
            message: message.into(),
        }
    }
}

impl From<GraphError> for Refusal {
    fn from(error: GraphError) -> Self {
        let reply = Reply::from(error);
        let message = reply
            .json_body()
            .and_then(|body| Some(body["error"]["message"].as_str()?.to_owned()))
            .unwrap_or_default();
        Self {
            status: reply.status,
            message,
        }
    }
}

/// Answers one request to the remote control.
pub(crate) async fn handle(shared: &Arc<Shared>, call: &Call) -> Reply {
    let segments = call.segments();
    let names: Vec<&str> = segments.iter().skip(1).map(String::as_str).collect();
    let result = match (&call.method, names.as_slice()) {
        (&Method::GET, []) if call.path.ends_with('/') => page::show(),
        (&Method::GET, []) => Ok(Reply::redirect("/_sim/")),
        (&Method::GET, ["page", name]) => page::file(name),
        (&Method::GET, ["status"]) => running::status(shared),
        (&Method::GET, ["mailboxes", address, "calendar"]) => calendar::show(shared, address, call),
        (&Method::POST, ["mailboxes", address, "events", id, action]) => {
            mailboxes::act(shared, address, id, action)
        }
        (&Method::GET, ["world"]) => world::show(shared),
        (&Method::GET, ["mail"]) => mail::list(shared, call),
        (&Method::GET, ["mailboxes", address, "events"]) => mailboxes::list(shared, address),
        (&Method::POST, ["mailboxes", address, "events"]) => {
            mailboxes::create(shared, address, call)
        }
        (&Method::PATCH, ["mailboxes", address, "events", id]) => {
            mailboxes::update(shared, address, id, call)
        }
        (&Method::DELETE, ["mailboxes", address, "events", id]) => {
            mailboxes::delete(shared, address, id)
        }
        (&Method::POST, ["mailboxes", address, "state"]) => {
            mailboxes::set_state(shared, address, call)
        }
        (&Method::POST, ["mailboxes", address, "sharing"]) => {
            mailboxes::set_sharing(shared, address, call)
        }
        (&Method::POST, ["rooms", address, "processing"]) => {
            world::set_processing(shared, address, call)
        }
        (&Method::POST, ["token"]) => token::handle(shared, call),
        (&Method::GET, ["nested-app-auth.js"]) => nested_app_auth::script(),
        (&Method::POST, ["nested-app-auth"]) => nested_app_auth::answer(shared, call),
        (&Method::POST, ["apps", client_id, "exchange-access"]) => {
            identity::set_exchange_access(shared, client_id, call)
        }
        (&Method::POST, ["keys", "rotate"]) => identity::rotate_keys(shared, call),
        (&Method::POST, ["people", address, "revoke"]) => identity::revoke(shared, address, call),
        (&Method::POST, ["refresh-tokens", "revoke"]) => identity::revoke_refresh_tokens(shared),
        (&Method::GET, ["contract"]) => running::contract(shared),
        (&Method::GET, ["faults"]) => faults::list(shared),
        (&Method::POST, ["faults"]) => faults::add(shared, call),
        (&Method::POST, ["faults", "hostile"]) => faults::follow_hostile(shared, call),
        (&Method::POST, ["faults", "plan"]) => faults::follow(shared, call),
        (&Method::DELETE, ["faults"]) => faults::clear(shared),
        (&Method::DELETE, ["faults", id]) => faults::remove(shared, id),
        (&Method::POST, ["mode"]) => running::set_mode(shared, call),
        (&Method::POST, ["apps", client_id, "consent"]) => {
            identity::set_consent(shared, client_id, call)
        }
        (&Method::POST, ["attendant"]) => running::set_attendant(shared, call),
        (&Method::POST, ["notifications"]) => running::set_notifications(shared, call),
        (&Method::POST, ["lifecycle"]) => running::send_lifecycle(shared, call),
        (&Method::POST, ["delta-tokens", "expire"]) => running::expire_delta_tokens(shared),
        (&Method::POST, ["delta-quirks"]) => running::set_delta_quirks(shared, call),
        (&Method::GET, ["readings"]) => running::readings(shared),
        (&Method::POST, ["readings"]) => running::set_readings(shared, call),
        (&Method::POST, ["step"]) => running::step(shared).await,
        (&Method::POST, ["drain"]) => running::drain(shared).await,
        (&Method::POST, ["clock"]) => running::set_clock(shared, call),
        (&Method::GET, ["subscriptions"]) => running::subscriptions(shared),
        (&Method::GET, ["snapshots"]) => snapshots::list(shared),
        (&Method::POST, ["snapshots"]) => snapshots::take(shared),
        (&Method::GET, ["snapshots", id]) => snapshots::show(shared, id),
        (&Method::DELETE, ["snapshots", id]) => snapshots::delete(shared, id),
        (&Method::POST, ["snapshots", id, "restore"]) => snapshots::restore(shared, id),
        (&Method::GET, ["requests"]) => running::requests(shared, call),
        (&Method::DELETE, ["requests"]) => {
            shared.log.clear();
            done()
        }
        _ => Err(Refusal::not_found(format!(
            "there is no {} {}",
            call.method, call.path
        ))),
    };
    result
        .unwrap_or_else(|refusal| Reply::json(refusal.status, &json!({ "error": refusal.message })))
}

/// The body of a request; unknown fields are refused by name.
fn body<T: DeserializeOwned>(call: &Call) -> Result<T, Refusal> {
    serde_json::from_slice(&call.body).map_err(|error| Refusal::bad_request(error.to_string()))
}

/// The same, where a request without a body asks for what is usual.
fn body_or_default<T: DeserializeOwned + Default>(call: &Call) -> Result<T, Refusal> {
    if call.body.is_empty() {
        return Ok(T::default());
    }
    body(call)
}

fn done() -> Outcome {
    Ok(Reply::empty(StatusCode::NO_CONTENT))
}
