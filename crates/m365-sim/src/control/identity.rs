//! What an administrator does about keys and sign-ins.

use http::StatusCode;
use serde::Deserialize;
use serde_json::json;

use super::{Outcome, Refusal, body_or_default, done};
use crate::entra::keys::{KeyRotation, NoKey};
use crate::message::{Call, Reply};
use crate::shared::Shared;

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct RotationOrder {
    #[serde(default)]
    rotation: KeyRotation,
}

/// `POST /_sim/keys/rotate`: tokens are signed with a new key from now on.
pub(super) fn rotate_keys(shared: &Shared, call: &Call) -> Outcome {
    let order: RotationOrder = body_or_default(call)?;
    let key_id = shared
        .keys
        .rotate(order.rotation)
        .map_err(|NoKey| Refusal {
            status: StatusCode::INTERNAL_SERVER_ERROR,
            message: "no key could be made".to_owned(),
        })?;
    Ok(Reply::json(StatusCode::OK, &json!({ "keyId": key_id })))
}

/// `POST /_sim/refresh-tokens/revoke`: everybody has to sign in again.
pub(super) fn revoke_refresh_tokens(shared: &Shared) -> Outcome {
    shared.world().grants.revoke_refresh_tokens();
    done()
}
