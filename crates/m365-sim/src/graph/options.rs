//! Which query options an operation takes. Others are refused, as the service refuses them; options without `$` are
//! the operation's own business. <https://learn.microsoft.com/graph/query-parameters>

use http::Method;

use super::error::GraphError;
use super::route::Route;
use crate::message::Call;

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
    refused.map_or(Ok(()), |name| {
        Err(GraphError::bad_request(
            "BadRequest",
            format!("The query specified in the URI is not valid. The query option '{name}' is not supported here."),
        ))
    })
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
