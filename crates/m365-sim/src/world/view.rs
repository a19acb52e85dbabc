//! A copy of an event as the library and `/_sim/mailboxes` show it: every time in UTC, nothing hidden.

use jiff::Timestamp;
use serde::Serialize;

use super::item::{Item, Response};
use super::mailbox::Mailbox;
use crate::random::immutable_id;

/// One copy of an event in one mailbox.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct EventView {
    /// The id in this mailbox.
    pub id: String,
    /// The id in this mailbox for those who ask for immutable ones.
    pub immutable_id: String,
    /// The UID all copies share.
    pub i_cal_u_id: String,
    /// The subject in this mailbox.
    pub subject: String,
    /// Start, UTC; of a series its first occurrence.
    pub start: Timestamp,
    /// End, UTC, exclusive.
    pub end: Timestamp,
    /// Free/busy status in this mailbox.
    pub show_as: String,
    /// Whether the organizer cancelled it.
    pub is_cancelled: bool,
    /// Whether it repeats.
    pub is_series: bool,
    /// The organizer's address.
    pub organizer: String,
    /// Whether this mailbox is the organizer.
    pub is_organizer: bool,
    /// This mailbox's own answer, such as `accepted` or `notResponded`.
    pub response: String,
    /// Those invited, as this copy knows them.
    pub attendees: Vec<AttendeeView>,
    /// The client's token for the create call; `None` when there was none.
    pub transaction_id: Option<String>,
    /// The body's text as written.
    pub body: String,
    /// `normal`, `personal`, `private` or `confidential`.
    pub sensitivity: String,
    /// Display names of the locations.
    pub locations: Vec<String>,
}

/// Somebody invited.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct AttendeeView {
    /// Their address.
    pub address: String,
    /// `required`, `optional` or `resource`.
    #[serde(rename = "type")]
    pub kind: String,
    /// Their answer as this copy knows it.
    pub response: String,
    /// When they answered; `None` before.
    pub answered: Option<Timestamp>,
}

impl From<&Item> for EventView {
    fn from(item: &Item) -> Self {
        let content = &item.content;
        let name =
            |location: &serde_json::Value| location["displayName"].as_str().map(str::to_owned);
        Self {
            id: item.id.clone(),
            immutable_id: immutable_id(&item.id),
            i_cal_u_id: item.ical_uid.clone(),
            subject: content.subject.clone(),
            start: content.start.at,
            end: content.end.at,
            show_as: item.show_as.to_owned(),
            is_cancelled: item.is_cancelled,
            is_series: content.recurrence.is_some(),
            organizer: item.organizer.address.to_string(),
            is_organizer: item.response == Response::Organizer,
            response: item.response.name().to_owned(),
            attendees: content
                .attendees
                .iter()
                .map(|attendee| AttendeeView {
                    address: attendee.contact.address.to_string(),
                    kind: attendee.kind.to_owned(),
                    response: attendee.response.name().to_owned(),
                    answered: attendee.answered,
                })
                .collect(),
            transaction_id: item.transaction_id.clone(),
            body: content.body.clone(),
            sensitivity: content.sensitivity.to_owned(),
            locations: content.locations.iter().filter_map(name).collect(),
        }
    }
}

impl Mailbox {
    /// Every copy here, in order of start and then id.
    pub(crate) fn event_views(&self) -> Vec<EventView> {
        let mut views: Vec<EventView> = self.items.values().map(EventView::from).collect();
        views.sort_by(|left, right| (left.start, &left.id).cmp(&(right.start, &right.id)));
        views
    }
}
