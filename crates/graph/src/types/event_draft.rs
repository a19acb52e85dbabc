//! Events, as they are written.

use serde::Serialize;

use super::{DateTimeTimeZone, Repeating};

/// An event to be created.
///
/// See <https://learn.microsoft.com/graph/api/user-post-events>.
#[derive(Clone, PartialEq, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DraftEvent {
    /// Ties repeats together: one event per token. At most one event ever carries it.
    pub transaction_id: String,
    /// Subject.
    pub subject: String,
    /// Start.
    pub start: DateTimeTimeZone,
    /// End, not included.
    pub end: DateTimeTimeZone,
    /// What the location line says; books nothing by itself.
    pub location: DraftLocation,
    /// Who is invited; a room is booked by being among them.
    pub attendees: Vec<DraftAttendee>,
    /// Whether attendees may propose another time. A room cannot.
    pub allow_new_time_proposals: bool,
}

/// An event that repeats, to be created.
///
/// See <https://learn.microsoft.com/graph/api/user-post-events>.
#[derive(Clone, PartialEq, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DraftSeries {
    /// Ties repeats together: one event per token. At most one event ever carries it.
    pub transaction_id: String,
    /// Subject.
    pub subject: String,
    /// When it repeats.
    #[serde(flatten)]
    pub times: Repeating,
    /// What the location line says. `None`: nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub location: Option<DraftLocation>,
    /// Who is invited to all of its dates.
    pub attendees: Vec<DraftAttendee>,
    /// Whether attendees may propose another time. A room cannot.
    pub allow_new_time_proposals: bool,
}

/// A change of an event; what is left out stays as it is.
///
/// See <https://learn.microsoft.com/graph/api/event-update>.
#[derive(Clone, PartialEq, Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct EventPatch {
    /// Start.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub start: Option<DateTimeTimeZone>,
    /// End, not included.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub end: Option<DateTimeTimeZone>,
    /// The location line; replaces all of `locations`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub location: Option<PatchLocation>,
    /// Everybody invited; who is not in it is uninvited.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub attendees: Option<Vec<DraftAttendee>>,
}

/// A location line that may be empty.
///
/// See <https://learn.microsoft.com/graph/api/resources/location>.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PatchLocation {
    /// Its text.
    pub display_name: String,
    /// The room's address. `None`: it names no room.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub location_email_address: Option<String>,
}

/// The location line.
///
/// See <https://learn.microsoft.com/graph/api/resources/location>.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DraftLocation {
    /// The room's name.
    pub display_name: String,
    /// The room's address.
    pub location_email_address: String,
}

/// Somebody to invite.
///
/// See <https://learn.microsoft.com/graph/api/resources/attendee>.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DraftAttendee {
    /// Person or room.
    #[serde(rename = "type")]
    pub kind: AttendeeType,
    /// Where the invitation goes.
    pub email_address: DraftAddress,
}

/// What an attendee is. Exchange never infers it.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum AttendeeType {
    /// A person who should come.
    Required,
    /// A person who may.
    Optional,
    /// A room.
    Resource,
}

/// A name and an address.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct DraftAddress {
    /// The SMTP address.
    pub address: String,
    /// The name to show. `None`: the directory's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
}

impl DraftAttendee {
    /// A room.
    pub fn room(address: &str, name: &str) -> Self {
        Self {
            kind: AttendeeType::Resource,
            email_address: DraftAddress {
                address: address.to_owned(),
                name: Some(name.to_owned()),
            },
        }
    }

    /// A person.
    pub fn person(address: &str) -> Self {
        Self {
            kind: AttendeeType::Required,
            email_address: DraftAddress {
                address: address.to_owned(),
                name: None,
            },
        }
    }
}
