//! Saying that a reserved room is in use. <https://learn.microsoft.com/graph/api/place-post-checkins>

use http::StatusCode;
use serde_json::{Value, json};

use super::error::GraphError;
use super::filter::Filter;
use super::paging::PageSize;
use super::words::{self, word};
use super::{Context, Outcome, paging, places};
use crate::message::Reply;
use crate::time_zone::graph_utc;
use crate::world::CheckIn;

/// A room's claims are listed a hundred at a time.
const PAGE_SIZE: PageSize = PageSize::Usual(100);

/// What a claim can be looked up by.
const FILTERABLE: [&str; 3] = ["calendarEventId", "checkInMethod", "createdDateTime"];

/// `GET /places/{id}/checkIns`
pub(super) fn list(context: &Context<'_>, place: &str) -> Outcome {
    let filter = Filter::of(context.call, &FILTERABLE)?;
    let world = context.shared.world();
    let room = places::find_room(context, &world, place)?;
    let claims = room.check_ins.iter().map(entity);
    let claims = claims
        .filter(|claim| filter.as_ref().is_none_or(|filter| filter.accepts(claim)))
        .collect();
    drop(world);
    paging::page(context, "places/checkIns", claims, PAGE_SIZE)
}

/// `POST /places/{id}/checkIns`: of a meeting that the room's calendar holds, by its calendar UID.
pub(super) fn create(context: &Context<'_>, place: &str) -> Outcome {
    let body = context.call.json().unwrap_or_default();
    let text = |name: &str| body[name].as_str();
    let method = word(
        words::CHECK_IN_METHOD,
        text("checkInMethod").unwrap_or("unspecified"),
    )?;
    let event = text("calendarEventId").ok_or_else(|| {
        GraphError::bad_request("BadRequest", "The property 'calendarEventId' is required.")
    })?;
    let mut world = context.shared.world();
    let now = world.clock.now();
    let room = places::find_room(context, &world, place)?;
    if !room.holds(event, now) {
        return Err(GraphError::item_not_found());
    }
    let address = room.address.clone();
    let check_in = CheckIn {
        event: event.to_owned(),
        method,
        at: now,
    };
    let mut reply = entity(&check_in);
    if let Some(room) = world.mailbox_mut(&address) {
        room.add_check_in(check_in);
    }
    reply["@odata.context"] = json!(paging::metadata(context, "places/checkIns/$entity"));
    Ok(Reply::json(StatusCode::CREATED, &reply))
}

fn entity(check_in: &CheckIn) -> Value {
    json!({
        "calendarEventId": check_in.event,
        "checkInMethod": check_in.method,
        "createdDateTime": graph_utc(check_in.at),
    })
}
