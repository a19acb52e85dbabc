//! What happens in a stretch of time, series expanded. <https://learn.microsoft.com/graph/api/user-list-calendarview>

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use serde_json::Value;

use super::error::GraphError;
use super::event_filter;
use super::event_output::EventForm;
use super::events::{PAGE_SIZE, entity_set};
use super::filter::Filter;
use super::route::Principal;
use super::{Context, Outcome, access, events, paging};
use crate::message::Call;
use crate::scenario::BareWindow;

/// The longest view the service serves.
pub(super) const WINDOW_DAYS_MAX: i64 = 1_825;

/// `GET …/calendarView`
pub(super) fn list(context: &Context<'_>, who: &Principal) -> Outcome {
    let (from, to) = window(context)?;
    let filter = event_filter::of(context.call)?;
    let world = context.shared.world();
    let mailbox = access::open_mailbox(context, &world, who)?;
    let seen = |form| events::seen(context, mailbox, form);
    let (form, kept) = (seen(EventForm::of(context)), seen(EventForm::complete()));
    let mut appearances: Vec<_> = mailbox
        .items
        .near(from, to)
        .flat_map(|item| {
            item.occurrences(from, to)
                .map(move |occurrence| (item, occurrence))
        })
        .collect();
    appearances.sort_by_key(|(item, occurrence)| (occurrence.start.at, item.id.clone()));
    let view: Vec<Value> = appearances
        .iter()
        .filter(|(item, occurrence)| {
            let accepts = |filter: &Filter| filter.accepts(&kept.appearance(item, occurrence));
            filter.as_ref().is_none_or(accepts)
        })
        .map(|(item, occurrence)| form.appearance(item, occurrence))
        .collect();
    let entity_set = entity_set(mailbox).replace("/events", "/calendarView");
    drop(world);
    paging::page(context, &entity_set, view, PAGE_SIZE)
}

/// `GET …/events/{id}/instances`
pub(super) fn instances(context: &Context<'_>, who: &Principal, id: &str) -> Outcome {
    let (from, to) = window(context)?;
    let filter = event_filter::of(context.call)?;
    let world = context.shared.world();
    let mailbox = access::open_mailbox(context, &world, who)?;
    let seen = |form| events::seen(context, mailbox, form);
    let (form, kept) = (seen(EventForm::of(context)), seen(EventForm::complete()));
    let found = events::find(context, &world, who, id)?;
    let item = world
        .item(&found.at)
        .ok_or_else(GraphError::item_not_found)?;
    if found.occurrence.is_some() {
        return Err(GraphError::bad_request(
            "ErrorInvalidRequest",
            "An occurrence has no instances: ask for those of its series master.",
        ));
    }
    let view = item
        .occurrences(from, to)
        .filter(|occurrence| {
            let accepts = |filter: &Filter| filter.accepts(&kept.appearance(item, occurrence));
            occurrence.date.is_some() && filter.as_ref().is_none_or(accepts)
        })
        .map(|occurrence| form.appearance(item, &occurrence))
        .collect();
    let entity_set = format!("{}('{id}')/instances", entity_set(mailbox));
    drop(world);
    paging::page(context, &entity_set, view, PAGE_SIZE)
}

/// The window of a request: both ends are required.
pub(super) fn window(context: &Context<'_>) -> Result<(Timestamp, Timestamp), GraphError> {
    let preferred = context.prefer.time_zone.as_ref().map(|(_, zone)| zone);
    let zone = preferred
        .filter(|_| context.readings.bare_window == BareWindow::PreferredZone)
        .cloned()
        .unwrap_or(TimeZone::UTC);
    let end = |name| end(context.call, name, &zone);
    let (from, to) = (end("startDateTime")?, end("endDateTime")?);
    if to < from {
        return Err(GraphError::bad_request(
            "ErrorInvalidParameter",
            "The value of endDateTime must be after startDateTime.",
        ));
    }
    let days = to.duration_since(from).as_hours() / 24;
    if days > WINDOW_DAYS_MAX {
        let message = format!(
            "Your request can't be completed. The range between the start and end dates is greater than the allowed range. Maximum number of days: {WINDOW_DAYS_MAX}"
        );
        return Err(GraphError::bad_request("ErrorInvalidRequest", message));
    }
    Ok((from, to))
}

/// One end of a window; `zone` is that of times without an offset.
fn end(call: &Call, name: &str, zone: &TimeZone) -> Result<Timestamp, GraphError> {
    let text = call.query_value(name).ok_or_else(|| {
        let message = format!("This request requires a time window specified by the query string parameters StartDateTime and EndDateTime; '{name}' is missing.");
        GraphError::bad_request("ErrorInvalidParameter", message)
    })?;
    // A plus sign that was not encoded arrives as a space.
    let text = text.replace(' ', "+");
    let local = || {
        let local = text.parse::<DateTime>().ok()?;
        let zoned = local.to_zoned(zone.clone()).ok()?;
        Some(zoned.timestamp())
    };
    let at = text.parse::<Timestamp>().ok().or_else(local);
    at.ok_or_else(|| {
        GraphError::bad_request(
            "ErrorInvalidParameter",
            format!("The value '{text}' of parameter '{name}' is invalid."),
        )
    })
}
