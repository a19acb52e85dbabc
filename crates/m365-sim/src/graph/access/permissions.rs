//! Which permissions suffice for an operation: what Microsoft publishes, corrected where that is known to be wrong.

use http::Method;

use super::deviations::{Change, DEVIATIONS};
use super::published::PUBLISHED;
use crate::graph::route::{EventAction, PlaceKind, Principal, Route};

/// Who asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Whom {
    /// An application acting as itself.
    Apps,
    /// An application acting for the person signed in.
    People,
}

/// Any one of these is enough; an empty list means that nothing is. `None`: the operation is unknown, or is checked
/// with what its body names.
pub(super) fn sufficient(method: &Method, route: &Route, whom: Whom) -> Option<Vec<&'static str>> {
    let path = path(route)?;
    let is_meant = |row: (&str, &str)| row == (method.as_str(), path);
    let mut found = PUBLISHED
        .iter()
        .find(|row| is_meant((row.method, row.path)))
        .map(|row| match whom {
            Whom::Apps => row.apps.to_vec(),
            Whom::People => row.people.to_vec(),
        });
    let deviations = DEVIATIONS
        .iter()
        .filter(|row| is_meant((row.method, row.path)));
    for deviation in deviations {
        let names = found.get_or_insert_default();
        if deviation.whom.is_some_and(|meant| meant != whom) {
            continue;
        }
        match deviation.change {
            Change::Add(added) => names.extend(added),
            Change::Remove(removed) => names.retain(|name| !removed.contains(name)),
        }
    }
    // The table knows only the delegated name of the permission; applications are given this one.
    if let Some(names) = &mut found
        && whom == Whom::Apps
        && names.contains(&"Calendars.ReadBasic")
    {
        names.push("Calendars.ReadBasic.All");
    }
    found
}

/// The path of the table an operation is found under. `None` for those that are judged by what their body names.
fn path(route: &Route) -> Option<&'static str> {
    Some(match route {
        Route::Organization => "/organization",
        Route::OrganizationById(_) => "/organization/{id}",
        Route::Users | Route::UserCount => "/users",
        Route::User(Principal::Me) => "/me",
        Route::User(Principal::Named(_)) => "/users/{id}",
        Route::Places(kind) => place_path(*kind),
        Route::Place(_) => "/places/{id}",
        Route::RoomListRooms(_) => "/places/{id}/graph.roomlist/rooms",
        Route::CheckIns(_) => "/places/{id}/checkins",
        Route::RoomListWorkspaces(_) => "/places/{id}/graph.roomlist/workspaces",
        Route::MailboxSettings(_, _) => "/users/{id}/mailboxsettings",
        Route::Calendars(_) | Route::Calendar(_) => "/users/{id}/calendar",
        Route::InCalendar(_, _, inner) => return path(inner),
        Route::GetSchedule(_) => "/users/{id}/calendar/getschedule",
        Route::Events(_) => "/users/{id}/events",
        Route::Event(_, _) => "/users/{id}/events/{id}",
        Route::EventAction(_, _, action) => action_path(*action),
        Route::Instances(_, _) => "/users/{id}/events/{id}/instances",
        Route::CalendarView(_) => "/users/{id}/calendarview",
        Route::CalendarViewDelta(_) => "/users/{id}/calendarview/delta()",
        Route::SendMail(_) => "/users/{id}/sendmail",
        Route::Subscriptions | Route::Subscription(_) | Route::Reauthorize(_) | Route::Batch => {
            return None;
        }
    })
}

fn place_path(kind: PlaceKind) -> &'static str {
    match kind {
        PlaceKind::Room => "/places/graph.room",
        PlaceKind::RoomList => "/places/graph.roomlist",
        PlaceKind::Other("workspace") => "/places/graph.workspace",
        PlaceKind::Other("desk") => "/places/graph.desk",
        PlaceKind::Other("building") => "/places/graph.building",
        PlaceKind::Other("floor") => "/places/graph.floor",
        PlaceKind::Other(_) => "/places/graph.section",
    }
}

fn action_path(action: EventAction) -> &'static str {
    match action {
        EventAction::Accept => "/users/{id}/events/{id}/accept",
        EventAction::TentativelyAccept => "/users/{id}/events/{id}/tentativelyaccept",
        EventAction::Decline => "/users/{id}/events/{id}/decline",
        EventAction::Cancel => "/users/{id}/events/{id}/cancel",
    }
}
