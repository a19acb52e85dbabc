//! Faults over HTTP.

use http::StatusCode;
use serde::Deserialize;
use serde_json::json;

use super::{Outcome, Refusal, body, done};
use crate::error::SimError;
use crate::faults::{Fault, FaultPlan};
use crate::message::{Call, Reply};
use crate::shared::Shared;

/// `GET /_sim/faults`
pub(super) fn list(shared: &Shared) -> Outcome {
    Ok(Reply::json(
        StatusCode::OK,
        &json!({ "value": shared.faults.all() }),
    ))
}

/// `POST /_sim/faults`
pub(super) fn add(shared: &Shared, call: &Call) -> Outcome {
    let fault: Fault = body(call)?;
    let id = shared.faults.add(fault).map_err(refused)?;
    Ok(Reply::json(StatusCode::CREATED, &json!({ "id": id })))
}

/// `POST /_sim/faults/plan`
pub(super) fn follow(shared: &Shared, call: &Call) -> Outcome {
    let plan: FaultPlan = body(call)?;
    shared.faults.follow(&plan).map_err(refused)?;
    done()
}

/// `POST /_sim/faults/hostile`
pub(super) fn follow_hostile(shared: &Shared, call: &Call) -> Outcome {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Seed {
        seed: u64,
    }
    let Seed { seed } = body(call)?;
    let plan = FaultPlan::hostile(seed);
    shared.faults.follow(&plan).map_err(refused)?;
    done()
}

/// `DELETE /_sim/faults`
pub(super) fn clear(shared: &Shared) -> Outcome {
    shared.faults.clear();
    done()
}

/// `DELETE /_sim/faults/{id}`
pub(super) fn remove(shared: &Shared, id: &str) -> Outcome {
    let is_removed = id.parse().is_ok_and(|id| shared.faults.remove(id));
    if is_removed {
        done()
    } else {
        Err(Refusal::not_found(format!("there is no fault {id}")))
    }
}

fn refused(error: SimError) -> Refusal {
    Refusal::bad_request(error.to_string())
}
