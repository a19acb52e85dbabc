//! Events, as they are read.

use jiff::Timestamp;
use serde::Deserialize;

use super::DateTimeTimeZone;
use crate::page::Listed;

/// An event in somebody's calendar. In a round of changes, and where `$select` was given, fields are missing.
///
/// See <https://learn.microsoft.com/graph/api/resources/event>.
#[derive(Clone, PartialEq, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Event {
    /// Id of this mailbox's copy; opaque, case sensitive.
    #[serde(default)]
    pub id: String,
    /// The mark of this version of this mailbox's copy.
    #[serde(rename = "@odata.etag")]
    pub etag: Option<String>,
    /// The UID that all copies share.
    #[serde(rename = "iCalUId")]
    pub ical_uid: Option<String>,
    /// Single event, master, occurrence or exception.
    #[serde(rename = "type")]
    pub kind: Option<EventType>,
    /// Id of the master, for occurrences and exceptions.
    pub series_master_id: Option<String>,
    /// Start.
    pub start: Option<DateTimeTimeZone>,
    /// End, not included.
    pub end: Option<DateTimeTimeZone>,
    /// When the pattern has it start, for occurrences and exceptions.
    pub original_start: Option<Timestamp>,
    /// Whole days; start and end then read as midnight whatever zone was asked for.
    pub is_all_day: Option<bool>,
    /// The zone the start was written in.
    pub original_start_time_zone: Option<String>,
    /// How it is shown.
    pub show_as: Option<FreeBusyStatus>,
    /// Called off by its organizer, but still in the calendar.
    pub is_cancelled: Option<bool>,
    /// Whether this mailbox called the meeting.
    pub is_organizer: Option<bool>,
    /// How this mailbox answered.
    pub response_status: Option<ResponseStatus>,
    /// Who called the meeting.
    pub organizer: Option<Recipient>,
    /// What the location line says.
    pub location: Option<Location>,
    /// Who was invited, rooms included.
    pub attendees: Option<Vec<Attendee>>,
    /// When this copy was changed last, by anybody.
    pub last_modified_date_time: Option<Timestamp>,
    /// The token it was created with. `None`: none was given.
    pub transaction_id: Option<String>,
    /// In a round of changes: it left the calendar, or left the window.
    #[serde(rename = "@removed")]
    pub removed: Option<Removed>,
}

impl Listed for Event {}

/// Marks what is gone, in a round of changes.
///
/// See <https://learn.microsoft.com/graph/delta-query-overview#resource-representation-in-the-delta-query-response>.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
pub struct Removed {
    /// `deleted` or `changed`.
    pub reason: Option<String>,
}

/// What an event is in a series.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum EventType {
    /// Not part of a series.
    SingleInstance,
    /// One of a series.
    Occurrence,
    /// One of a series, changed.
    Exception,
    /// The series itself.
    SeriesMaster,
    /// A word that is not known.
    #[serde(other)]
    Unknown,
}

/// How time is shown.
///
/// See <https://learn.microsoft.com/graph/api/resources/event#properties>, `showAs`.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum FreeBusyStatus {
    /// Free.
    Free,
    /// Perhaps taken.
    Tentative,
    /// Taken.
    Busy,
    /// Out of office.
    Oof,
    /// At work, but not here: Exchange counts this as free.
    WorkingElsewhere,
    /// A word that is not known.
    #[serde(other)]
    Unknown,
}

/// An answer to an invitation.
///
/// See <https://learn.microsoft.com/graph/api/resources/responsestatus>.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Deserialize)]
pub struct ResponseStatus {
    /// The answer.
    pub response: Option<ResponseType>,
}

/// The kinds of answers.
///
/// See <https://learn.microsoft.com/graph/api/resources/responsestatus>.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum ResponseType {
    /// None.
    None,
    /// The organizer needs none.
    Organizer,
    /// Perhaps.
    TentativelyAccepted,
    /// Yes.
    Accepted,
    /// No.
    Declined,
    /// Asked, no answer yet.
    NotResponded,
    /// A word that is not known.
    #[serde(other)]
    Unknown,
}

/// Somebody with an address.
///
/// See <https://learn.microsoft.com/graph/api/resources/recipient>.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Recipient {
    /// Name and address.
    pub email_address: Option<EmailAddress>,
}

/// A name and an address.
///
/// See <https://learn.microsoft.com/graph/api/resources/emailaddress>.
#[derive(Clone, PartialEq, Eq, Debug, Default, Deserialize)]
pub struct EmailAddress {
    /// The name shown.
    pub name: Option<String>,
    /// The SMTP address, in any case.
    pub address: Option<String>,
}

/// The location line.
///
/// See <https://learn.microsoft.com/graph/api/resources/location>.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Location {
    /// Its text.
    pub display_name: Option<String>,
}

/// Somebody invited. Rooms are told by their address: their type may be any.
///
/// See <https://learn.microsoft.com/graph/api/resources/attendee>.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Attendee {
    /// As what.
    #[serde(rename = "type")]
    pub kind: Option<AttendeeKind>,
    /// Name and address.
    pub email_address: Option<EmailAddress>,
    /// The answer, as the organizer's copy knows it.
    pub status: Option<ResponseStatus>,
}

/// As what somebody is invited.
///
/// See <https://learn.microsoft.com/graph/api/resources/attendee>, `type`.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum AttendeeKind {
    /// A person who should come.
    Required,
    /// A person who may.
    Optional,
    /// A room.
    Resource,
    /// A word that is not known.
    #[serde(other)]
    Unknown,
}
