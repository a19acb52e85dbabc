//! Which query options an operation takes. Others are refused, as the service refuses them; options without `$` are
//! the operation's own business. <https://learn.microsoft.com/graph/query-parameters>

use http::Method;

use super::error::GraphError;
use super::route::Route;
use crate::message::Call;

/// The properties of an event that are values.
/// <https://learn.microsoft.com/graph/api/resources/event#properties>
const EVENT_PROPERTIES: [&str; 42] = [
    "allowNewTimeProposals",
    "attendees",
    "body",
    "bodyPreview",
    "cancelledOccurrences",
    "categories",
    "changeKey",
    "createdDateTime",
    "end",
    "hasAttachments",
    "hideAttendees",
    "iCalUId",
    "id",
    "importance",
    "isAllDay",
    "isCancelled",
    "isDraft",
    "isOnlineMeeting",
    "isOrganizer",
    "isReminderOn",
    "lastModifiedDateTime",
    "location",
    "locations",
    "onlineMeeting",
    "onlineMeetingProvider",
    "onlineMeetingUrl",
    "organizer",
    "originalEndTimeZone",
    "originalStart",
    "originalStartTimeZone",
    "recurrence",
    "reminderMinutesBeforeStart",
    "responseRequested",
    "responseStatus",
    "sensitivity",
    "seriesMasterId",
    "showAs",
    "start",
    "subject",
    "transactionId",
    "type",
    "webLink",
];

/// What an event leads to.
/// <https://learn.microsoft.com/graph/api/resources/event#relationships>
const EVENT_RELATIONS: [&str; 7] = [
    "attachments",
    "calendar",
    "exceptionOccurrences",
    "extensions",
    "instances",
    "multiValueExtendedProperties",
    "singleValueExtendedProperties",
];

/// Refuses a reading request with an option that its operation does not take.
pub(super) fn check(call: &Call, route: &Route) -> Result<(), GraphError> {
    if call.method != Method::GET {
        return Ok(());
    }
    let Some(taken) = taken(route) else {
        return Ok(());
    };
    let refused = call
        .query
        .iter()
        .map(|(name, _)| name.to_lowercase())
        .find(|name| name.starts_with('$') && !taken.contains(&name.as_str()));
    if let Some(name) = refused {
        return Err(GraphError::bad_request(
            "BadRequest",
            format!(
                "The query specified in the URI is not valid. The query option '{name}' is not supported here."
            ),
        ));
    }
    match route {
        Route::Event(_, _) | Route::Events(_) | Route::CalendarView(_) | Route::Instances(_, _) => {
            check_event_names(call)
        }
        _ => Ok(()),
    }
}

/// Refuses a property of events that there is not, where an option names properties.
fn check_event_names(call: &Call) -> Result<(), GraphError> {
    for option in ["$select", "$orderby", "$expand"] {
        let text = call.query_value(option).unwrap_or_default();
        let is_known = |name: &str| match option {
            "$expand" => is_among(&EVENT_RELATIONS, name),
            _ => is_among(&EVENT_PROPERTIES, name) || is_among(&EVENT_RELATIONS, name),
        };
        if let Some(name) = names(text).find(|name| !is_known(name)) {
            let message = format!(
                "Parsing OData {option} failed: Could not find a property named '{name}' on type 'microsoft.graph.event'."
            );
            return Err(GraphError::bad_request("BadRequest", message));
        }
    }
    Ok(())
}

fn is_among(known: &[&str], name: &str) -> bool {
    known.iter().any(|known| known.eq_ignore_ascii_case(name))
}

/// The properties that a list names, each without what is below it, its direction and its own options.
fn names(list: &str) -> impl Iterator<Item = &str> {
    let mut depth = 0_usize;
    let items = list.split(move |character| {
        match character {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            _ => {}
        }
        character == ',' && depth == 0
    });
    items
        .filter_map(|item| item.trim().split(['/', '(', ' ']).next())
        .filter(|name| !name.is_empty() && *name != "*")
}

/// `None`: the operation judges its options itself.
fn taken(route: &Route) -> Option<&'static [&'static str]> {
    Some(match route {
        Route::Organization | Route::OrganizationById(_) | Route::Place(_) | Route::Calendar(_) => {
            &["$select"]
        }
        Route::User(_) => &["$select", "$expand"],
        Route::UserCount => &["$filter", "$search"],
        Route::MailboxSettings(_, None) => &["$select"],
        Route::MailboxSettings(_, Some(_)) => &[],
        Route::Calendars(_) => &["$select", "$filter", "$orderby", "$top", "$skip", "$count"],
        Route::Users => &[
            "$select", "$filter", "$search", "$orderby", "$top", "$skip", "$count",
        ],
        Route::Places(_) | Route::RoomListRooms(_) | Route::RoomListWorkspaces(_) => {
            &["$select", "$filter", "$top", "$skip", "$count"]
        }
        Route::Event(_, _) => &["$select", "$expand"],
        Route::Events(_) | Route::CalendarView(_) | Route::Instances(_, _) => &[
            "$select", "$filter", "$orderby", "$top", "$skip", "$count", "$expand",
        ],
        Route::Subscriptions | Route::Subscription(_) => &["$select"],
        _ => return None,
    })
}
