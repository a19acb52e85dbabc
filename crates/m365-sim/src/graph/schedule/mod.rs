//! Free/busy of many mailboxes at once. <https://learn.microsoft.com/graph/api/calendar-getschedule>

mod answer;

use http::StatusCode;
use jiff::Timestamp;
use serde_json::Value;

use super::date_time_zone::DateTimeTimeZone;
use super::error::GraphError;
use super::event_output::EventForm;
use super::route::Principal;
use super::{Context, Outcome, access, paging};
use crate::message::{Call, Reply};
use crate::scenario::SchedulesOutOfScope;
use crate::world::{Mailbox, World};
pub(super) use answer::WorkingHours;
use answer::{Schedule, Schedules};

const PARAMETERS: [&str; 4] = [
    "schedules",
    "startTime",
    "endTime",
    "availabilityViewInterval",
];
const WINDOW_DAYS_MAX: i64 = 62;
const INTERVAL_MINUTES_DEFAULT: i64 = 30;

/// The permissions of an application that may read events.
const READING_EVENTS: [&str; 4] = [
    "Calendars.ReadBasic",
    "Calendars.ReadBasic.All",
    "Calendars.Read",
    "Calendars.ReadWrite",
];

/// What is asked.
struct Query {
    schedules: Vec<String>,
    from: Timestamp,
    to: Timestamp,
    interval_minutes: i64,
    /// The digit for working elsewhere.
    elsewhere_digit: u8,
}

/// What a caller is told of a mailbox.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sight {
    /// When it is busy, with subjects and places.
    Details,
    /// When it is busy.
    Times,
    Nothing,
}

/// `POST …/calendar/getSchedule`
pub(super) fn get_schedule(context: &Context<'_>, who: &Principal) -> Outcome {
    let query = read(context)?;
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
    let value: Vec<Schedule<'_>> = query
        .schedules
        .iter()
        .zip(errors)
        .map(|(address, error)| match (error, known(address)) {
            (Some((code, message)), _) => Schedule::failed(address, code, message),
            (None, Some(mailbox)) => match sight(context, &world, mailbox) {
                Sight::Nothing => out_of_scope(address),
                sight => Schedule::of(&form, &query, address, mailbox, sight),
            },
            (None, None) => {
                let message = format!(
                    "Unable to resolve e-mail address {address} to an Active Directory object."
                );
                Schedule::failed(address, "5009".to_owned(), message)
            }
        })
        .collect();
    let metadata = paging::metadata(context, "Collection(microsoft.graph.scheduleInformation)");
    Ok(Reply::json(StatusCode::OK, &Schedules { metadata, value }))
}

/// The addresses in the body, for faults that name a mailbox; none for other requests.
pub(crate) fn requested_addresses(call: &Call) -> Vec<String> {
    if !call.path.to_lowercase().ends_with("getschedule") {
        return Vec::new();
    }
    addresses(&call.json().unwrap_or_default())
}

fn addresses(body: &Value) -> Vec<String> {
    let schedules = parameter(body, "schedules").and_then(Value::as_array);
    schedules
        .into_iter()
        .flatten()
        .filter_map(|address| address.as_str().map(str::to_owned))
        .collect()
}

fn read(context: &Context<'_>) -> Result<Query, GraphError> {
    let body = context
        .call
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
    check_parameters(&body)?;
    let schedules = addresses(&body);
    if schedules.is_empty() {
        return Err(GraphError::bad_request(
            "ErrorInvalidParameter",
            "The parameter 'schedules' is empty.",
        ));
    }
    let mailboxes_max = context.readings.schedules_max;
    if schedules.len() > mailboxes_max {
        let message = format!(
            "There are too many target users in the EmailAddress array. The allowed size = {mailboxes_max}; the actual size = {}.",
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
        elsewhere_digit: context.readings.working_elsewhere_digit,
    })
}

/// Refuses parameters that there are not, and those of another type.
fn check_parameters(body: &Value) -> Result<(), GraphError> {
    let refused = |name: &str, reason: &str| {
        let message = format!("The parameter '{name}' {reason}.");
        Err(GraphError::bad_request("ErrorInvalidParameter", message))
    };
    let is_known = |name: &str| {
        let mut known = PARAMETERS.iter();
        name.contains('@') || known.any(|known| known.eq_ignore_ascii_case(name))
    };
    let mut names = body.as_object().into_iter().flat_map(|body| body.keys());
    if let Some(name) = names.find(|name| !is_known(name)) {
        return refused(name, "does not exist");
    }
    let is_of_texts = |all: &Value| {
        let all = all.as_array();
        all.is_some_and(|all| all.iter().all(Value::is_string))
    };
    if parameter(body, "schedules").is_some_and(|all| !is_of_texts(all)) {
        return refused("schedules", "has to be a list of addresses");
    }
    let interval = parameter(body, "availabilityViewInterval");
    if interval.is_some_and(|minutes| !minutes.is_i64()) {
        return refused("availabilityViewInterval", "has to be a whole number");
    }
    Ok(())
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

/// What the caller is told of a mailbox: people the details of their own and of those shared with them, applications
/// those of the mailboxes in which they may read events.
fn sight(context: &Context<'_>, world: &World, mailbox: &Mailbox) -> Sight {
    let (sees_details, without) = match context.caller.person_address() {
        Some(person) => {
            let is_own = mailbox.address.eq_ignore_ascii_case(person);
            (is_own || mailbox.is_shared_with(person), Sight::Times)
        }
        None => {
            let there = context.caller.in_mailbox(world, &mailbox.address);
            let without = match context.readings.schedules_out_of_scope {
                SchedulesOutOfScope::WithoutDetails => Sight::Times,
                SchedulesOutOfScope::Refused => Sight::Nothing,
            };
            (there.has(&READING_EVENTS), without)
        }
    };
    if sees_details {
        Sight::Details
    } else {
        without
    }
}

fn out_of_scope(address: &str) -> Schedule<'_> {
    let message = "The caller does not have access to free/busy data.";
    Schedule::failed(
        address,
        "ErrorNoFreeBusyAccess".to_owned(),
        message.to_owned(),
    )
}
