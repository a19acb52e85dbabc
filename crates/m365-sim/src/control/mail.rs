//! Looking at what was sent.

use http::StatusCode;
use serde_json::json;

use super::Outcome;
use crate::message::{Call, Reply};
use crate::shared::Shared;

/// `GET /_sim/mail`: what was sent, oldest first; with `?mailbox=`, what that one sent or got.
pub(super) fn list(shared: &Shared, call: &Call) -> Outcome {
    let mailbox = call.query_value("mailbox");
    let world = shared.world();
    let letters = world.letters.all();
    let shown: Vec<_> = letters
        .filter(|letter| mailbox.is_none_or(|mailbox| letter.concerns(mailbox)))
        .collect();
    Ok(Reply::json(StatusCode::OK, &json!({ "value": shown })))
}
