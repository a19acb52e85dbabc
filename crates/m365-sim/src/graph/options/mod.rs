//! Which query options an operation takes. Others are refused, as the service refuses them; options without `$` are
//! the operation's own business. <https://learn.microsoft.com/graph/query-parameters>

mod names;

use http::{Method, StatusCode};

use super::error::GraphError;
use super::extended_properties::Extended;
use super::route::{PlaceKind, Route};
use crate::message::Call;
use names::Entity;

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
    if let Some(entity) = entity(route) {
        check_names(call, entity)?;
    }
    check_expanded(call, route)
}

/// Refuses to expand what is not served: left out without a word, it would look empty.
fn check_expanded(call: &Call, route: &Route) -> Result<(), GraphError> {
    let served: &[&str] = match route {
        Route::Event(_, _) => &["singleValueExtendedProperties", "exceptionOccurrences"],
        Route::Events(_) | Route::CalendarView(_) | Route::Instances(_, _) => {
            &["singleValueExtendedProperties"]
        }
        _ => &[],
    };
    let is_served = |name: &str| served.iter().any(|known| known.eq_ignore_ascii_case(name));
    let expand = call.query_value("$expand").unwrap_or_default();
    let everything = expand.split(',').map(str::trim).find(|name| *name == "*");
    let refused = everything.or_else(|| names(expand).find(|name| !is_served(name)));
    if let Some(name) = refused {
        return Err(GraphError::new(
            StatusCode::NOT_IMPLEMENTED,
            "NotImplemented",
            format!("Expanding '{name}' is not simulated here."),
        ));
    }
    Extended::wanted(call).map(drop)
}

/// What the entities of an answer are, where their properties are known by name.
fn entity(route: &Route) -> Option<&'static Entity> {
    Some(match route {
        Route::Event(_, _) | Route::Events(_) | Route::CalendarView(_) | Route::Instances(_, _) => {
            &names::EVENT
        }
        Route::Users | Route::User(_) => &names::USER,
        Route::Places(PlaceKind::Room) | Route::RoomListRooms(_) => &names::ROOM,
        Route::Places(PlaceKind::RoomList) => &names::ROOM_LIST,
        Route::Places(PlaceKind::Other(_)) | Route::Place(_) | Route::RoomListWorkspaces(_) => {
            &names::PLACE
        }
        _ => return None,
    })
}

/// Refuses a property that there is not, where an option names properties.
fn check_names(call: &Call, entity: &Entity) -> Result<(), GraphError> {
    for option in ["$select", "$orderby", "$expand"] {
        let text = call.query_value(option).unwrap_or_default();
        let is_known = |name: &str| match option {
            "$expand" => entity.leads_to(name),
            _ => entity.has(name),
        };
        if let Some(name) = names(text).find(|name| !is_known(name)) {
            let message = format!(
                "Parsing OData {option} failed: Could not find a property named '{name}' on type '{}'.",
                entity.name
            );
            return Err(GraphError::bad_request("BadRequest", message));
        }
    }
    Ok(())
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
        Route::CheckIns(_) => &["$select", "$filter", "$orderby", "$top", "$skip", "$count"],
        Route::Subscriptions | Route::Subscription(_) => &["$select"],
        _ => return None,
    })
}
