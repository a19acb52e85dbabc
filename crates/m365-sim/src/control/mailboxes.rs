//! Looking into mailboxes and acting in them as their owners would in Outlook. Bodies are Graph's.

use http::StatusCode;
use serde::Deserialize;
use serde_json::json;

use super::{Outcome, Refusal, body, done};
use crate::graph::error::GraphError;
use crate::graph::event_input::EventInput;
use crate::graph::event_output::EventForm;
use crate::graph::events;
use crate::message::{Call, Reply};
use crate::scenario::{MailboxState, QuotedBooleans, Share};
use crate::shared::Shared;
use crate::world::item::Response;
use crate::world::responses::Tell;
use crate::world::{ItemRef, Mailbox, World};

/// `GET /_sim/mailboxes/{address}/events`: every copy there.
pub(super) fn list(shared: &Shared, address: &str) -> Outcome {
    let world = shared.world();
    Ok(Reply::json(
        StatusCode::OK,
        &json!({ "value": mailbox(&world, address)?.event_views() }),
    ))
}

/// `POST /_sim/mailboxes/{address}/events`: what pressing Send in Outlook does.
pub(super) fn create(shared: &Shared, address: &str, call: &Call) -> Outcome {
    let input = EventInput::read(call.json(), QuotedBooleans::Taken)?;
    let mut world = shared.world();
    mailbox(&world, address)?;
    let at = events::create_once(&mut world, address, &input)?;
    shown(&world, StatusCode::CREATED, &at)
}

/// `PATCH /_sim/mailboxes/{address}/events/{id}`
pub(super) fn update(shared: &Shared, address: &str, id: &str, call: &Call) -> Outcome {
    let input = EventInput::read(call.json(), QuotedBooleans::Taken)?;
    let mut world = shared.world();
    let found = events::find_in(mailbox(&world, address)?, id)?;
    events::change(&mut world, &found, &input)?;
    let occurrence = found
        .part()
        .date
        .and_then(|date| world.item(&found.at)?.occurrence_on(date));
    match (occurrence, world.item(&found.at)) {
        (Some(occurrence), Some(series)) => Ok(Reply::json(
            StatusCode::OK,
            &EventForm::complete().appearance(series, &occurrence),
        )),
        _ => shown(&world, StatusCode::OK, &found.at),
    }
}

/// `DELETE /_sim/mailboxes/{address}/events/{id}`
pub(super) fn delete(shared: &Shared, address: &str, id: &str) -> Outcome {
    let mut world = shared.world();
    let found = events::find_in(mailbox(&world, address)?, id)?;
    events::remove(&mut world, &found)?;
    done()
}

/// `POST /_sim/mailboxes/{address}/events/{id}/accept`, `tentativelyAccept`, `decline` and `cancel`.
pub(super) fn act(shared: &Shared, address: &str, id: &str, action: &str) -> Outcome {
    let mut world = shared.world();
    let part = events::find_in(mailbox(&world, address)?, id)?.part();
    let response = match action {
        "accept" => Response::Accepted,
        "tentativelyAccept" => Response::TentativelyAccepted,
        "decline" => Response::Declined,
        "cancel" => {
            world.cancel(&part).map_err(GraphError::from)?;
            return done();
        }
        _ => {
            return Err(Refusal::not_found(format!(
                "an event can be answered with accept, tentativelyAccept or decline, or cancelled with cancel, not {action}"
            )));
        }
    };
    let answered = world.respond(&part, response, Tell::Organizer);
    answered.map_err(GraphError::from)?;
    done()
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct StateOrder {
    state: MailboxState,
}

/// `POST /_sim/mailboxes/{address}/state`: where the mailbox is from now on.
pub(super) fn set_state(shared: &Shared, address: &str, call: &Call) -> Outcome {
    let order: StateOrder = body(call)?;
    let moved = shared.world().set_mailbox_state(address, order.state);
    moved.ok_or_else(|| Refusal::not_found(format!("there is no mailbox {address}")))?;
    done()
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct SharingOrder {
    calendar_shared_with: Vec<Share>,
}

/// `POST /_sim/mailboxes/{address}/sharing`: with whom the calendar is shared from now on, and how far.
pub(super) fn set_sharing(shared: &Shared, address: &str, call: &Call) -> Outcome {
    let order: SharingOrder = body(call)?;
    let mut world = shared.world();
    let no_mailbox = |address: &str| Refusal::not_found(format!("there is no mailbox {address}"));
    for share in &order.calendar_shared_with {
        world
            .mailbox(&share.address)
            .ok_or_else(|| no_mailbox(&share.address))?;
    }
    let found = world.mailbox_mut(address);
    found.ok_or_else(|| no_mailbox(address))?.shared_with = order.calendar_shared_with;
    done()
}

pub(super) fn mailbox<'a>(world: &'a World, address: &str) -> Result<&'a Mailbox, Refusal> {
    world
        .mailbox(address)
        .ok_or_else(|| Refusal::not_found(format!("there is no mailbox {address}")))
}

fn shown(world: &World, status: StatusCode, at: &ItemRef) -> Outcome {
    let item = world
        .item(at)
        .ok_or_else(|| Refusal::not_found("the event is gone"))?;
    Ok(Reply::json(status, &EventForm::complete().event(item)))
}
