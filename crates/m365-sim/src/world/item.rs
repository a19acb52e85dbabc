//! One copy of an event in one mailbox.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use jiff::civil::Date;
use serde_json::Value;

use super::recurrence::Recurrence;
use crate::time_zone::Moment;

/// A name and an address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Contact {
    pub(crate) name: String,
    pub(crate) address: String,
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
    pub(crate) locations: Vec<Value>,
    pub(crate) attendees: Vec<Attendee>,
    pub(crate) recurrence: Option<Recurrence>,
    /// Local start dates of occurrences taken out of the series.
    pub(crate) cancelled_dates: BTreeSet<Date>,
    /// Changed occurrences, by the local start date the pattern gave them.
    pub(crate) moved: BTreeMap<Date, (Moment, Moment)>,
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

/// One appearance of an item in time: the item itself, or an occurrence of a series.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Occurrence {
    pub(crate) start: Moment,
    pub(crate) end: Moment,
    /// The local start date the pattern gave it; `None` for an event that is no series.
    pub(crate) date: Option<Date>,
    /// True when it was moved away from the pattern.
    pub(crate) is_exception: bool,
}

impl Item {
    /// The appearances that overlap `from..to`, in order of time.
    pub(crate) fn occurrences(&self, from: Timestamp, to: Timestamp) -> Vec<Occurrence> {
        self.content.occurrences(from, to)
    }
}

impl Content {
    /// The appearances that overlap `from..to`, in order of time.
    pub(crate) fn occurrences(&self, from: Timestamp, to: Timestamp) -> Vec<Occurrence> {
        let overlaps =
            |occurrence: &Occurrence| occurrence.start.at < to && occurrence.end.at > from;
        let Some(recurrence) = &self.recurrence else {
            let (start, end) = (self.start.clone(), self.end.clone());
            let only = Occurrence {
                start,
                end,
                date: None,
                is_exception: false,
            };
            return Some(only).filter(overlaps).into_iter().collect();
        };
        let until = self
            .moved
            .values()
            .map(|(_, end)| end.at)
            .fold(to, Timestamp::max);
        let mut found: Vec<Occurrence> = recurrence
            .dates(self.start.date(), until)
            .into_iter()
            .filter(|date| !self.cancelled_dates.contains(date))
            .filter_map(|date| self.occurrence_on(date))
            .filter(overlaps)
            .collect();
        found.sort_by_key(|occurrence| occurrence.start.at);
        found
    }

    /// The occurrence the pattern puts on `date`, moved if it was moved. `date` is not checked against the pattern.
    pub(crate) fn occurrence_on(&self, date: Date) -> Option<Occurrence> {
        if let Some((start, end)) = self.moved.get(&date) {
            return Some(Occurrence {
                start: start.clone(),
                end: end.clone(),
                date: Some(date),
                is_exception: true,
            });
        }
        let start = self.start.zoned().datetime();
        let end = self.end.zoned().datetime();
        let days = start.date().until(end.date()).ok()?;
        let occurrence_end = date.checked_add(days).ok()?.to_datetime(end.time());
        Some(Occurrence {
            start: Moment::local(date.to_datetime(start.time()), &self.start.zone)?,
            end: Moment::local(occurrence_end, &self.end.zone)?,
            date: Some(date),
            is_exception: false,
        })
    }
}
