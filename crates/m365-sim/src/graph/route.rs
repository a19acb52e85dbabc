//! Which operation a path names. Segment names are compared without case; ids are not. Type casts may be written
//! `graph.room` or `microsoft.graph.room`, functions with or without `()`.

use http::StatusCode;

use super::error::GraphError;

/// Whose mailbox a path is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Principal {
    Me,
    /// An object id or an address.
    Named(String),
}

/// The collections of places.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum PlaceKind {
    Room,
    RoomList,
    /// A documented kind of which the simulator holds none.
    Other(&'static str),
}

/// What can be done to an event besides reading and writing it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum EventAction {
    Accept,
    TentativelyAccept,
    Decline,
    Cancel,
}

/// One documented path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Route {
    Organization,
    OrganizationById(String),
    Users,
    UserCount,
    User(Principal),
    /// The settings of a mailbox, or the one of this name.
    MailboxSettings(Principal, Option<String>),
    Places(PlaceKind),
    Place(String),
    RoomListRooms(String),
    RoomListWorkspaces(String),
    CheckIns(String),
    Calendars(Principal),
    Calendar(Principal),
    /// Something inside the calendar with this id.
    InCalendar(Principal, String, Box<Route>),
    GetSchedule(Principal),
    Events(Principal),
    Event(Principal, String),
    EventAction(Principal, String, EventAction),
    Instances(Principal, String),
    CalendarView(Principal),
    CalendarViewDelta(Principal),
    SendMail(Principal),
    Subscriptions,
    Subscription(String),
    Reauthorize(String),
    Batch,
}

impl Route {
    /// The route of the decoded segments after the version.
    pub(crate) fn of(segments: &[String]) -> Result<Self, GraphError> {
        let names: Vec<String> = segments.iter().map(|segment| canonical(segment)).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let id = |position: usize| segments[position].clone();
        Ok(match names.as_slice() {
            ["organization"] => Self::Organization,
            ["organization", _] => Self::OrganizationById(id(1)),
            ["users"] => Self::Users,
            ["users", "$count"] => Self::UserCount,
            ["me", rest @ ..] => Self::of_principal(Principal::Me, rest, &segments[1..])?,
            ["users", _, rest @ ..] => {
                Self::of_principal(Principal::Named(id(1)), rest, &segments[2..])?
            }
            ["places", kind] if place_kind(kind).is_some() => {
                Self::Places(place_kind(kind).unwrap_or(PlaceKind::Room))
            }
            ["places", _] | ["places", _, "graph.room" | "graph.roomlist"] => Self::Place(id(1)),
            ["places", _, "checkins"] => Self::CheckIns(id(1)),
            ["places", _, "graph.roomlist", "rooms"] => Self::RoomListRooms(id(1)),
            ["places", _, "graph.roomlist", "workspaces"] => Self::RoomListWorkspaces(id(1)),
            ["subscriptions"] => Self::Subscriptions,
            ["subscriptions", _] => Self::Subscription(id(1)),
            ["subscriptions", _, "reauthorize"] => Self::Reauthorize(id(1)),
            ["$batch"] => Self::Batch,
            _ => return Err(unknown_segment(segments.last())),
        })
    }

    fn of_principal(
        who: Principal,
        names: &[&str],
        segments: &[String],
    ) -> Result<Self, GraphError> {
        // Every mailbox has one calendar, so the primary calendar's paths mean the same as the mailbox's.
        let (names, segments) = match names {
            ["calendar", "getschedule"] => return Ok(Self::GetSchedule(who)),
            ["calendars", _, rest @ ..] => {
                let calendar = segments[1].clone();
                let inner = match rest {
                    [] => Self::Calendar(who.clone()),
                    ["getschedule"] => Self::GetSchedule(who.clone()),
                    ["events" | "calendarview", ..] => {
                        Self::of_principal(who.clone(), rest, &segments[2..])?
                    }
                    _ => return Err(unknown_segment(segments.last())),
                };
                return Ok(Self::InCalendar(who, calendar, Box::new(inner)));
            }
            ["calendar", "events" | "calendarview", ..] => (&names[1..], &segments[1..]),
            _ => (names, segments),
        };
        let id = || segments[1].clone();
        Ok(match names {
            [] => Self::User(who),
            ["mailboxsettings"] => Self::MailboxSettings(who, None),
            ["mailboxsettings", _] => Self::MailboxSettings(who, Some(id())),
            ["calendars"] => Self::Calendars(who),
            ["calendar"] => Self::Calendar(who),
            ["events"] => Self::Events(who),
            ["calendarview"] => Self::CalendarView(who),
            ["calendarview", "delta"] => Self::CalendarViewDelta(who),
            ["sendmail"] => Self::SendMail(who),
            ["events", "delta"] => {
                return Err(GraphError::bad_request(
                    "ErrorInvalidRequest",
                    "Change tracking is not supported against 'microsoft.graph.event'.",
                ));
            }
            ["events", _] => Self::Event(who, id()),
            ["events", _, "instances"] => Self::Instances(who, id()),
            ["events", _, "accept"] => Self::EventAction(who, id(), EventAction::Accept),
            ["events", _, "tentativelyaccept"] => {
                Self::EventAction(who, id(), EventAction::TentativelyAccept)
            }
            ["events", _, "decline"] => Self::EventAction(who, id(), EventAction::Decline),
            ["events", _, "cancel"] => Self::EventAction(who, id(), EventAction::Cancel),
            _ => return Err(unknown_segment(segments.last())),
        })
    }

    /// Whose mailbox it is about; `None` for paths outside mailboxes.
    pub(crate) fn principal(&self) -> Option<&Principal> {
        match self {
            Self::User(who)
            | Self::MailboxSettings(who, _)
            | Self::Calendars(who)
            | Self::Calendar(who)
            | Self::InCalendar(who, _, _)
            | Self::GetSchedule(who)
            | Self::Events(who)
            | Self::Event(who, _)
            | Self::EventAction(who, _, _)
            | Self::Instances(who, _)
            | Self::CalendarView(who)
            | Self::CalendarViewDelta(who)
            | Self::SendMail(who) => Some(who),
            _ => None,
        }
    }
}

fn canonical(segment: &str) -> String {
    let lower = segment.to_lowercase();
    let lower = lower.strip_suffix("()").unwrap_or(&lower);
    match lower.strip_prefix("microsoft.graph.") {
        Some(name)
            if [
                "accept",
                "decline",
                "tentativelyaccept",
                "cancel",
                "getschedule",
                "delta",
                "sendmail",
            ]
            .contains(&name) =>
        {
            name.to_owned()
        }
        Some(name) => format!("graph.{name}"),
        None => lower.to_owned(),
    }
}

fn place_kind(name: &str) -> Option<PlaceKind> {
    Some(match name {
        "graph.room" => PlaceKind::Room,
        "graph.roomlist" => PlaceKind::RoomList,
        "graph.workspace" => PlaceKind::Other("workspace"),
        "graph.desk" => PlaceKind::Other("desk"),
        "graph.building" => PlaceKind::Other("building"),
        "graph.floor" => PlaceKind::Other("floor"),
        "graph.section" => PlaceKind::Other("section"),
        _ => return None,
    })
}

fn unknown_segment(segment: Option<&String>) -> GraphError {
    let segment = segment.map_or("", String::as_str);
    GraphError::new(
        StatusCode::BAD_REQUEST,
        "BadRequest",
        format!("Resource not found for the segment '{segment}'."),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn route(path: &str) -> Route {
        let segments: Vec<String> = path.split('/').map(str::to_owned).collect();
        Route::of(&segments).unwrap()
    }

    #[test]
    fn casts_and_functions_are_found_in_every_spelling() {
        assert_eq!(
            route("places/microsoft.graph.room"),
            route("places/Graph.Room")
        );
        assert_eq!(
            route("me/calendarView/delta()"),
            Route::CalendarViewDelta(Principal::Me)
        );
        assert_eq!(
            route("me/calendar/calendarView/delta"),
            Route::CalendarViewDelta(Principal::Me)
        );
        assert_eq!(
            route("Users/A@b.c/calendar/GetSchedule"),
            Route::GetSchedule(Principal::Named("A@b.c".to_owned()))
        );
    }

    #[test]
    fn ids_keep_their_case() {
        assert_eq!(
            route("me/events/AbC="),
            Route::Event(Principal::Me, "AbC=".to_owned())
        );
    }
}
