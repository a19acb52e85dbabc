//! Free/busy of many mailboxes at once. <https://learn.microsoft.com/graph/api/calendar-getschedule>

use http::StatusCode;
use jiff::civil::Time;
use jiff::{Timestamp, ToSpan};
use serde_json::{Value, json};

use super::date_time_zone::DateTimeTimeZone;
use super::error::GraphError;

use super::event_output::EventForm;
use super::route::Principal;
use super::{Context, Outcome, access, paging};
use crate::message::{Call, Reply};
use crate::world::{BusyBlock, Mailbox, World};

/// Twenty are documented; this is where the service really stops.
const MAILBOXES_MAX: usize = 100;
const WINDOW_DAYS_MAX: i64 = 62;
const INTERVAL_MINUTES_DEFAULT: i64 = 30;

/// What is asked.
struct Query {
    schedules: Vec<String>,
    from: Timestamp,
    to: Timestamp,
    interval_minutes: i64,
}

/// `POST …/calendar/getSchedule`
pub(super) fn get_schedule(context: &Context<'_>, who: &Principal) -> Outcome {
    let query = read(context.call)?;
    let form = EventForm::of(context);
    // Asked for before the world is locked: faults that name mailboxes lock the two the other way round.
    let faults = &context.shared.faults;
    let errors = query
        .schedules
        .iter()
        .map(|address| faults.schedule_error(context.call, address));
    let errors: Vec<_> = errors.collect();
    let world = context.shared.world();
    access::open_mailbox(context, &world, who)?;
    let known = |address: &str| {
        world
            .mailbox(address)
            .filter(|mailbox| mailbox.tenant == context.caller.tenant && mailbox.exists())
    };
    let value: Vec<Value> = query
        .schedules
        .iter()
        .zip(errors)
        .map(|(address, error)| match (error, known(address)) {
            (Some((code, message)), _) => failed(address, &code, &message),
            (None, Some(mailbox)) => {
                let sees_details = sees_details(context, &world, mailbox);
                schedule(&form, &query, address, mailbox, sees_details)
            }
            (None, None) => {
                let message = format!(
                    "Unable to resolve e-mail address {address} to an Active Directory object."
                );
                failed(address, "5009", &message)
            }
        })
        .collect();
    let metadata = paging::metadata(context, "Collection(microsoft.graph.scheduleInformation)");
    Ok(Reply::json(
        StatusCode::OK,
        &json!({ "@odata.context": metadata, "value": value }),
    ))
}

/// The addresses in the body, for faults that name a mailbox; none for other requests.
pub(crate) fn requested_addresses(call: &Call) -> Vec<String> {
    if !call.path.to_lowercase().ends_with("getschedule") {
        return Vec::new();
    }
    let body = call.json().unwrap_or_default();
    let schedules = parameter(&body, "schedules").and_then(Value::as_array);
    schedules
        .into_iter()
        .flatten()
        .filter_map(|address| address.as_str().map(str::to_owned))
        .collect()
}

fn read(call: &Call) -> Result<Query, GraphError> {
    let body = call
        .json()
        .ok_or_else(|| GraphError::unreadable_body("it is empty or no JSON"))?;
    let moment = |name: &'static str| -> Result<Timestamp, GraphError> {
        let value = parameter(&body, name).ok_or_else(|| {
            GraphError::bad_request(
                "ErrorInvalidParameter",
                format!("The parameter '{name}' is missing."),
            )
        })?;
        let value: DateTimeTimeZone =
            serde_json::from_value(value.clone()).map_err(GraphError::unreadable_body)?;
        Ok(value.moment()?.at)
    };
    let (from, to) = (moment("startTime")?, moment("endTime")?);
    let schedules = requested_addresses(call);
    if schedules.is_empty() {
        return Err(GraphError::bad_request(
            "ErrorInvalidParameter",
            "The parameter 'schedules' is empty.",
        ));
    }
    if schedules.len() > MAILBOXES_MAX {
        let message = format!(
            "There are too many target users in the EmailAddress array. The allowed size = {MAILBOXES_MAX}; the actual size = {}.",
            schedules.len()
        );
        return Err(GraphError::bad_request(
            "ErrorMailboxDataArrayTooBig",
            message,
        ));
    }
    let interval = parameter(&body, "availabilityViewInterval").and_then(Value::as_i64);
    let interval_minutes = interval.unwrap_or(INTERVAL_MINUTES_DEFAULT);
    if !(5..=1_440).contains(&interval_minutes) || to <= from {
        let message = "The time window or the availability view interval is invalid.";
        return Err(GraphError::bad_request("ErrorInvalidParameter", message));
    }
    let hours = to.duration_since(from).as_hours();
    if hours > WINDOW_DAYS_MAX * 24 {
        let days = (hours + 23) / 24;
        let message = format!(
            "The requested time duration is too long: allowed limit = {WINDOW_DAYS_MAX} days; the actual limit = {days} days."
        );
        return Err(GraphError::bad_request("ErrorTimeIntervalTooBig", message));
    }
    Ok(Query {
        schedules,
        from,
        to,
        interval_minutes,
    })
}

/// Action parameters are named in any case: SDKs and documentation differ.
fn parameter<'a>(body: &'a Value, name: &str) -> Option<&'a Value> {
    let found = body
        .as_object()?
        .iter()
        .find(|(key, _)| key.eq_ignore_ascii_case(name));
    found
        .map(|(_, value)| value)
        .filter(|value| !value.is_null())
}

/// Whether the caller is told more of a mailbox than when it is busy: a person of the own one and of those shared, an
/// application where it may read events.
fn sees_details(context: &Context<'_>, world: &World, mailbox: &Mailbox) -> bool {
    match context.caller.person_address() {
        Some(person) => {
            mailbox.address.eq_ignore_ascii_case(&person) || mailbox.is_shared_with(&person)
        }
        None => {
            let there = context.caller.in_mailbox(world, &mailbox.address);
            there.has(&[
                "Calendars.ReadBasic",
                "Calendars.ReadBasic.All",
                "Calendars.Read",
                "Calendars.ReadWrite",
            ])
        }
    }
}

fn schedule(
    form: &EventForm,
    query: &Query,
    address: &str,
    mailbox: &Mailbox,
    sees_details: bool,
) -> Value {
    let blocks = mailbox.busy_blocks(query.from, query.to);
    let items: Vec<Value> = blocks
        .iter()
        .map(|block| item(form, block, sees_details))
        .collect();
    json!({
        "scheduleId": address,
        "availabilityView": availability_view(query, &blocks),
        "scheduleItems": items,
        "workingHours": working_hours(mailbox),
    })
}

/// The hours in which a mailbox expects meetings.
pub(super) fn working_hours(mailbox: &Mailbox) -> Value {
    let hours = &mailbox.working_hours;
    let time = |time: Time| format!("{}.0000000", time.strftime("%H:%M:%S"));
    json!({
        "daysOfWeek": hours.days_of_week,
        "startTime": time(hours.start),
        "endTime": time(hours.end),
        "timeZone": { "name": hours.time_zone.as_ref().unwrap_or(&mailbox.time_zone) },
    })
}

fn item(form: &EventForm, block: &BusyBlock<'_>, sees_details: bool) -> Value {
    let mut item = json!({
        "status": block.item.show_as,
        "start": form.date_time_at(block.start),
        "end": form.date_time_at(block.end),
    });
    if sees_details {
        let content = &block.item.content;
        let is_private = ["private", "confidential"].contains(&content.sensitivity);
        item["isPrivate"] = json!(is_private);
        if !is_private {
            item["subject"] = json!(content.subject);
            let location = content
                .locations
                .first()
                .and_then(|location| location["displayName"].as_str());
            item["location"] = json!(location.unwrap_or_default());
        }
    }
    item
}

/// One digit per interval: the most taken state in it.
fn availability_view(query: &Query, blocks: &[BusyBlock<'_>]) -> String {
    let mut view = String::new();
    let mut from = query.from;
    while from < query.to {
        let to = from
            .checked_add(query.interval_minutes.minutes())
            .unwrap_or(query.to);
        let taken = blocks
            .iter()
            .filter(|block| block.start < to && block.end > from);
        let digit = taken
            .map(|block| weight(block.item.show_as))
            .max()
            .unwrap_or(0);
        view.push(char::from(b'0' + digit));
        from = to;
    }
    view
}

/// Working elsewhere counts as free, for compatibility with old Exchange versions.
fn weight(show_as: &str) -> u8 {
    match show_as {
        "tentative" => 1,
        "busy" | "unknown" => 2,
        "oof" => 3,
        _ => 0,
    }
}

fn failed(address: &str, code: &str, message: &str) -> Value {
    json!({ "scheduleId": address, "error": { "message": message, "responseCode": code } })
}
