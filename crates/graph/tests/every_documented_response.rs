//! Every answer that Microsoft documents for an operation of ours is decoded into the type we read it with. What single
//! values have to become is in `documented_examples.rs`.

use graph::Page;
use graph::error::ErrorAnswer;
use graph::notification::Notifications;
use graph::types::{Event, Organization, Room, ScheduleInformation, Subscription, User};
use http::{HeaderMap, StatusCode};
use m365_sim::Operation;
use m365_sim::contract::examples::{Example, Kind, load};
use serde::de::DeserializeOwned;
use serde_json::Value;

/// Documented bodies that cannot be read as they stand, and the error of the documentation behind it. Each has to be
/// unreadable still.
const EXCEPTIONS: &[(&str, &str)] =
    &[("080", "the error stands there without the object around it")];

/// A subscription to chats, of which most properties are left out.
const FOREIGN: &str = "110";

/// Bodies shown without an operation, and what they are.
const BODIES: &[(&str, Body)] = &[
    ("079", Body::Error),
    ("080", Body::Error),
    ("106", Body::Notification),
    ("107", Body::Notification),
    ("108", Body::Notification),
    ("116", Body::User),
    ("122", Body::Notification),
    ("123", Body::Subscription),
    ("132", Body::Event),
];

/// What we read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Body {
    Error,
    Event,
    Events,
    Notification,
    Organizations,
    Room,
    Rooms,
    Schedules,
    Subscription,
    Subscriptions,
    User,
}

impl Body {
    /// What we read an example as; `None`: nothing of ours asks for it.
    fn of(example: &Example) -> Option<Self> {
        if example.number == FOREIGN {
            return None;
        }
        if example.status.is_some_and(|status| status >= 400) {
            return Some(Self::Error);
        }
        let shown = BODIES.iter().find(|(number, _)| *number == example.number);
        if let Some((_, body)) = shown {
            return Some(*body);
        }
        let operation = Operation::find(&example.method, &example.endpoint)?;
        if operation.is_out_of_scope() {
            return None;
        }
        Some(match (operation.method, operation.path) {
            ("GET", "/organization") => Self::Organizations,
            ("GET", "/me" | "/users/{user-id}") => Self::User,
            ("GET", "/places/{place-id}") => Self::Room,
            ("GET", "/places/graph.room" | "/places/{place-id}/graph.roomList/rooms") => {
                Self::Rooms
            }
            ("POST", "/users/{user-id}/calendar/getSchedule") => Self::Schedules,
            ("GET", "/subscriptions") => Self::Subscriptions,
            (_, path) if path.starts_with("/subscriptions") => Self::Subscription,
            ("GET", path) if path.ends_with("/{event-id}") => Self::Event,
            ("POST" | "PATCH", path) if path.contains("/events") => Self::Event,
            ("GET", path) if is_list_of_events(path) => Self::Events,
            _ => return None,
        })
    }

    /// Reads it; the reason when it cannot be read.
    fn read(self, example: &Example, body: &Value) -> Result<(), String> {
        match self {
            Self::Error => error(example, body),
            Self::Event => decoded::<Event>(body),
            Self::Events => decoded::<Page<Event>>(body),
            Self::Notification => notification(body),
            Self::Organizations => decoded::<Page<Organization>>(body),
            Self::Room => decoded::<Room>(body),
            Self::Rooms => decoded::<Page<Room>>(body),
            Self::Schedules => decoded::<Page<ScheduleInformation>>(body),
            Self::Subscription => decoded::<Subscription>(body),
            Self::Subscriptions => decoded::<Page<Subscription>>(body),
            Self::User => decoded::<User>(body),
        }
    }
}

fn is_list_of_events(path: &str) -> bool {
    let lists = ["/events", "/instances", "/calendarView", "/delta()"];
    lists.iter().any(|end| path.ends_with(end))
}

fn decoded<T: DeserializeOwned>(body: &Value) -> Result<(), String> {
    serde_json::from_str::<T>(&body.to_string())
        .map(|_| ())
        .map_err(|error| error.to_string())
}

fn error(example: &Example, body: &Value) -> Result<(), String> {
    let status = StatusCode::from_u16(example.status.unwrap_or(400)).map_err(|e| e.to_string())?;
    let read = ErrorAnswer::read(status, &HeaderMap::new(), body.to_string().as_bytes(), None);
    let wanted = (&body["error"]["code"], &body["error"]["message"]);
    let is_same = *wanted.0 == read.code && *wanted.1 == read.message;
    is_same
        .then_some(())
        .ok_or_else(|| format!("read as {read}"))
}

fn notification(body: &Value) -> Result<(), String> {
    let read = Notifications::read(body.to_string().as_bytes()).map_err(|e| e.to_string())?;
    let is_whole = read.unreadable == 0 && !read.readable.is_empty();
    is_whole
        .then_some(())
        .ok_or_else(|| format!("{} entries are unreadable", read.unreadable))
}

#[test]
fn documented_answers_are_decoded() {
    let Some(examples) = load() else {
        return;
    };
    let (mut passed, mut excepted, mut out_of_scope) = (0, 0, 0);
    let mut wrong = Vec::new();
    for example in examples
        .iter()
        .filter(|example| example.kind != Kind::Request)
    {
        let (Some(what), Some(body)) = (Body::of(example), &example.body) else {
            out_of_scope += 1;
            continue;
        };
        let exception = EXCEPTIONS
            .iter()
            .find(|(number, _)| *number == example.number);
        match (what.read(example, body), exception) {
            (Ok(()), None) => passed += 1,
            (Err(_), Some((number, error))) => {
                println!("excepted: {number}: {error}");
                excepted += 1;
            }
            (Err(problem), None) => wrong.push(format!("{}: {problem}", example.file)),
            (Ok(()), Some((number, _))) => wrong.push(format!("{number} is excepted for nothing")),
        }
    }
    println!("examples: {passed} passed, {excepted} excepted, {out_of_scope} out of scope");
    assert_eq!(wrong, Vec::<String>::new());
    assert!(passed > 35, "only {passed} were read");
}
