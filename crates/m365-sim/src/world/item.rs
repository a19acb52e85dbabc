//! One copy of an event in one mailbox.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;
use jiff::civil::Date;
use serde_json::Value;

use super::occurrence::Override;
use super::recurrence::Recurrence;
use crate::time_zone::Moment;

/// A name and an address, shared by all events that a mailbox is in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Contact {
    pub(crate) name: Arc<str>,
    pub(crate) address: Arc<str>,
}

/// An answer to an invitation, in Graph's words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Response {
    None,
    Organizer,
    TentativelyAccepted,
    Accepted,
    Declined,
    NotResponded,
}

impl Response {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Organizer => "organizer",
            Self::TentativelyAccepted => "tentativelyAccepted",
            Self::Accepted => "accepted",
            Self::Declined => "declined",
            Self::NotResponded => "notResponded",
        }
    }
}

/// Somebody invited.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Attendee {
    pub(crate) contact: Contact,
    /// `required`, `optional` or `resource`, as written by the organizer; never inferred.
    pub(crate) kind: &'static str,
    pub(crate) response: Response,
    /// When they answered; `None` before.
    pub(crate) answered: Option<Timestamp>,
}

/// The part of an event that the organizer writes and everybody receives.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Content {
    pub(crate) subject: String,
    /// `text` or `html`.
    pub(crate) body_type: &'static str,
    pub(crate) body: String,
    pub(crate) start: Moment,
    pub(crate) end: Moment,
    pub(crate) is_all_day: bool,
    /// The free/busy status attendees show once they accept.
    pub(crate) show_as: &'static str,
    pub(crate) sensitivity: &'static str,
    pub(crate) importance: &'static str,
    /// As Graph shows them; the copies of a meeting share them.
    pub(crate) locations: Arc<[Value]>,
    pub(crate) attendees: Vec<Attendee>,
    pub(crate) recurrence: Option<Recurrence>,
    pub(crate) response_requested: bool,
    pub(crate) hide_attendees: bool,
    pub(crate) allow_new_time_proposals: bool,
    pub(crate) online_meeting_provider: Option<&'static str>,
}

/// A copy: the content as this mailbox holds it, and this mailbox's own state.
#[derive(Debug, Clone)]
pub(crate) struct Item {
    pub(crate) id: String,
    pub(crate) ical_uid: String,
    /// The number of its last change; the change key and etag come from it.
    pub(crate) change: u64,
    pub(crate) created: Timestamp,
    pub(crate) modified: Timestamp,
    pub(crate) organizer: Contact,
    pub(crate) content: Content,
    /// The free/busy status in this mailbox.
    pub(crate) show_as: &'static str,
    pub(crate) response: Response,
    pub(crate) answered: Option<Timestamp>,
    pub(crate) is_cancelled: bool,
    pub(crate) transaction_id: Option<String>,
    pub(crate) categories: Vec<String>,
    pub(crate) reminder_minutes: i32,
    pub(crate) is_reminder_on: bool,
    /// `singleValueExtendedProperties` as written.
    pub(crate) extended: Vec<Value>,
    /// Of a series: occurrences that are not as the pattern has them, by the local start date it gave them.
    pub(crate) overrides: BTreeMap<Date, Override>,
    /// Of one occurrence by itself: the UID of its series and the date there. Mailboxes invited to one occurrence only
    /// keep such a one; otherwise it is a view of a series made by [`Item::at`].
    pub(crate) occurrence_of: Option<(String, Date)>,
}

impl Item {
    pub(crate) fn is_organizer(&self) -> bool {
        self.response == Response::Organizer
    }

    /// Whether this copy takes time from its mailbox.
    pub(crate) fn blocks_time(&self) -> bool {
        !self.is_cancelled && self.show_as != "free"
    }
}
