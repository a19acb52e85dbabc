//! What a calendar says. An event may have nothing to do with us.
//!
//! Subjects, bodies and attendees of other people's events have no place here: they are neither
//! read nor kept.

use serde::{Deserialize, Serialize};

use crate::ids::MailboxAddress;
use crate::time::TimeRange;

/// How a calendar finds an event of ours again.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct EventRef {
    /// The mailbox whose copy this is; each mailbox has its own copy with its own id.
    pub mailbox: MailboxAddress,
    /// The id of that copy, opaque and case sensitive.
    pub event_id: String,
    /// The iCalendar UID that all copies share. Joins the organizer's copy to the room's.
    pub ical_uid: String,
}

/// How much an interval blocks the room.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BusyKind {
    /// Asked for, not yet decided.
    Tentative,
    /// Taken.
    Busy,
}

/// Who called the meeting, as far as the tenant lets it be known.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct Organizer {
    /// Name as the calendar shows it.
    pub display_name: String,
    /// Address. `None`: the calendar does not say.
    pub address: Option<MailboxAddress>,
}

/// An interval during which a room is taken, as its calendar tells it.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct BusyTime {
    /// Id of the room's own copy of the event; one per occurrence of a series.
    pub event_id: String,
    /// The shared UID. `None`: the calendar left it out, as Graph's delta does for occurrences.
    pub ical_uid: Option<String>,
    /// The series this is an occurrence of: id of its master in the room's mailbox. `None`: a single event.
    pub series_id: Option<String>,
    /// When.
    pub range: TimeRange,
    /// How firmly.
    pub kind: BusyKind,
    /// Who. `None`: not known.
    pub organizer: Option<Organizer>,
}
