//! Snapshots over HTTP.

use http::StatusCode;
use serde_json::{Map, Value, json};

use super::{Outcome, Refusal, done, running, world};
use crate::clock::SimClock;
use crate::message::Reply;
use crate::shared::Shared;
use crate::snapshots::{SNAPSHOTS_MAX, Snapshot};

/// `POST /_sim/snapshots`
pub(super) fn take(shared: &Shared) -> Outcome {
    let snapshot = Snapshot::take(shared);
    let mut kept = shared.snapshots.kept();
    if kept.len() >= SNAPSHOTS_MAX {
        return Err(Refusal::conflict(format!(
            "{SNAPSHOTS_MAX} snapshots are kept already; delete one first"
        )));
    }
    let id = kept.keys().next_back().map_or(1, |last| last + 1);
    let summary = summary(id, &snapshot);
    kept.insert(id, snapshot);
    Ok(Reply::json(StatusCode::CREATED, &summary))
}

/// `GET /_sim/snapshots`
pub(super) fn list(shared: &Shared) -> Outcome {
    let kept = shared.snapshots.kept();
    let kept = kept.iter();
    let value: Vec<Value> = kept.map(|(id, snapshot)| summary(*id, snapshot)).collect();
    Ok(Reply::json(StatusCode::OK, &json!({ "value": value })))
}

/// `GET /_sim/snapshots/{id}`: all of it.
pub(super) fn show(shared: &Shared, id: &str) -> Outcome {
    with(shared, id, |id, snapshot| {
        let world = &snapshot.world;
        let calendars: Map<String, Value> = world
            .mailboxes
            .values()
            .map(|mailbox| (mailbox.address.clone(), json!(mailbox.event_views())))
            .collect();
        let mut body = summary(id, snapshot);
        body["tenants"] = json!(world::tenants(world));
        body["calendars"] = Value::Object(calendars);
        body["subscriptions"] = json!(running::subscriptions_of(world));
        body["faults"] = json!(snapshot.faults.reports());
        Ok(Reply::json(StatusCode::OK, &body))
    })
}

/// `POST /_sim/snapshots/{id}/restore`
pub(super) fn restore(shared: &Shared, id: &str) -> Outcome {
    with(shared, id, |_, snapshot| {
        snapshot.restore(shared);
        done()
    })
}

/// `DELETE /_sim/snapshots/{id}`
pub(super) fn delete(shared: &Shared, id: &str) -> Outcome {
    let id = with(shared, id, |id, _| Ok(id))?;
    shared.snapshots.kept().remove(&id);
    done()
}

fn with<T>(
    shared: &Shared,
    id: &str,
    act: impl FnOnce(u64, &Snapshot) -> Result<T, Refusal>,
) -> Result<T, Refusal> {
    let kept = shared.snapshots.kept();
    let known = id.parse().ok().and_then(|id| Some((id, kept.get(&id)?)));
    let (id, snapshot) =
        known.ok_or_else(|| Refusal::not_found(format!("there is no snapshot {id}")))?;
    act(id, snapshot)
}

fn summary(id: u64, snapshot: &Snapshot) -> Value {
    let mailboxes = snapshot.world.mailboxes.values();
    json!({
        "id": id,
        "clock": SimClock::shown_by(&snapshot.clock),
        "mailboxes": snapshot.world.mailboxes.len(),
        "events": mailboxes.map(|mailbox| mailbox.items.len()).sum::<usize>(),
        "queuedSteps": snapshot.world.steps.len(),
    })
}
