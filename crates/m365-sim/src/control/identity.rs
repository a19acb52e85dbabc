//! What an administrator does about keys and sign-ins.

use http::StatusCode;
use jiff::SignedDuration;
use serde::Deserialize;
use serde_json::json;
use uuid::Uuid;

use super::{Outcome, Refusal, body, body_or_default, done};
use crate::entra::grants::Revocation;
use crate::entra::keys::{KeyRotation, NoKey};
use crate::error::SimError;
use crate::message::{Call, Reply};
use crate::scenario::{Consent, ExchangeAccess};
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

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct ExchangeAccessOrder {
    access: ExchangeAccess,
    /// Exchange takes 30 minutes to two hours.
    #[serde(default)]
    apply_after_minutes: u32,
}

/// `POST /_sim/apps/{client id}/exchange-access`: what Exchange's own settings say about an application from now on, or
/// from a while later.
pub(super) fn set_exchange_access(shared: &Shared, client_id: &str, call: &Call) -> Outcome {
    let order: ExchangeAccessOrder = body(call)?;
    let unknown = || Refusal::not_found(format!("there is no app {client_id}"));
    let client_id = Uuid::try_parse(client_id).map_err(|_| unknown())?;
    let delay = SignedDuration::from_mins(order.apply_after_minutes.into());
    let mut world = shared.world();
    world
        .set_exchange_access(client_id, order.access, delay)
        .map_err(|error| match error {
            SimError::Unknown { .. } => unknown(),
            other => Refusal::bad_request(other.to_string()),
        })?;
    done()
}

/// `POST /_sim/apps/{client id}/consent`: what an administrator has consented to from now on.
pub(super) fn set_consent(shared: &Shared, client_id: &str, call: &Call) -> Outcome {
    let consent: Consent = body(call)?;
    let unknown = || Refusal::not_found(format!("there is no app {client_id}"));
    let id = Uuid::try_parse(client_id).map_err(|_| unknown())?;
    let set = shared.world().set_consent(id, consent);
    set.map_err(|_| unknown())?;
    done()
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct RevocationOrder {
    #[serde(default)]
    revocation: Revocation,
}

/// `POST /_sim/people/{address}/revoke`: they have to sign in again everywhere.
pub(super) fn revoke(shared: &Shared, address: &str, call: &Call) -> Outcome {
    let order: RevocationOrder = body_or_default(call)?;
    let mut world = shared.world();
    if world.mailbox(address).is_none() {
        return Err(Refusal::not_found(format!("there is no person {address}")));
    }
    world
        .grants
        .revoke(address, order.revocation, shared.clock.now());
    done()
}

/// `POST /_sim/refresh-tokens/revoke`: everybody has to sign in again.
pub(super) fn revoke_refresh_tokens(shared: &Shared) -> Outcome {
    let now = shared.clock.now();
    shared.world().grants.revoke_refresh_tokens(now);
    done()
}
