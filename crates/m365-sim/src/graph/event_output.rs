//! Events as Graph writes them. <https://learn.microsoft.com/graph/api/resources/event>

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::Serialize;
use serde_json::{Value, json};

use super::Context;
use super::extended_properties::Extended;
use super::occurrence_id::occurrence_id;
use super::{event_body, recurrence_json};
use crate::message::Call;
use crate::random::{change_key, immutable_id};
use crate::time_zone::{LocalText, Moment, graph_utc};
use crate::world::item::{Contact, Item, Response};
use crate::world::occurrence::Occurrence;

/// The "never" of response times.
const NEVER: &str = "0001-01-01T00:00:00Z";

/// A local time and its zone. <https://learn.microsoft.com/graph/api/resources/datetimetimezone>
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ZonedTime<'a> {
    date_time: LocalText,
    time_zone: &'a str,
}

/// In which form an answer shows events.
#[derive(Debug, Clone)]
pub(crate) struct EventForm {
    zone_name: String,
    zone: TimeZone,
    text_bodies: bool,
    shows_body: bool,
    /// Those of the properties that applications add which are asked for.
    extended: Extended,
    hides_private: bool,
    immutable_ids: bool,
}

impl EventForm {
    /// The form a request asks for and its token allows.
    pub(crate) fn of(context: &Context<'_>) -> Self {
        let (zone_name, zone) = context
            .prefer
            .time_zone
            .clone()
            .unwrap_or_else(|| ("UTC".to_owned(), TimeZone::UTC));
        let reads_bodies = context.caller.reads_bodies();
        let extended = Extended::wanted(context.call).unwrap_or_default();
        Self {
            zone_name,
            zone,
            text_bodies: context.prefer.body_type == Some("text"),
            shows_body: reads_bodies,
            extended: if reads_bodies {
                extended
            } else {
                Extended::None
            },
            hides_private: false,
            immutable_ids: context.prefer.immutable_ids,
        }
    }

    /// Everything, in UTC.
    pub(crate) fn complete() -> Self {
        Self {
            zone_name: "UTC".to_owned(),
            zone: TimeZone::UTC,
            text_bodies: true,
            shows_body: true,
            extended: Extended::All,
            hides_private: false,
            immutable_ids: false,
        }
    }

    /// The same without what is in private events: only when they are is left.
    pub(crate) fn without_private(mut self) -> Self {
        self.hides_private = true;
        self
    }

    /// An ordinary id in the kind that was asked for.
    pub(crate) fn shown_id(&self, id: &str) -> String {
        if self.immutable_ids {
            immutable_id(id)
        } else {
            id.to_owned()
        }
    }

    /// A local time in the form's zone. All-day events float: their dates stay, whatever the zone.
    pub(crate) fn date_time(&self, moment: &Moment, is_all_day: bool) -> Value {
        let local = if is_all_day {
            moment.zoned().datetime()
        } else {
            self.zone.to_datetime(moment.at)
        };
        json!({ "dateTime": LocalText::of(local), "timeZone": self.zone_name })
    }

    /// A moment in the form's zone.
    pub(crate) fn zoned_time(&self, at: Timestamp) -> ZonedTime<'_> {
        ZonedTime {
            date_time: LocalText::of(self.zone.to_datetime(at)),
            time_zone: &self.zone_name,
        }
    }

    /// An event that is no series, or a series master.
    pub(crate) fn event(&self, item: &Item) -> Value {
        let content = &item.content;
        let mut event = self.properties(item);
        event["id"] = json!(self.shown_id(&item.id));
        event["iCalUId"] = json!(item.ical_uid);
        event["type"] = json!(if content.recurrence.is_some() {
            "seriesMaster"
        } else {
            "singleInstance"
        });
        event["seriesMasterId"] = Value::Null;
        event["recurrence"] = content
            .recurrence
            .as_ref()
            .map_or(Value::Null, recurrence_json::write);
        event["start"] = self.date_time(&content.start, content.is_all_day);
        event["end"] = self.date_time(&content.end, content.is_all_day);
        event
    }

    /// One appearance of an item in a view: the event itself, or an occurrence of its series.
    pub(crate) fn appearance(&self, item: &Item, occurrence: &Occurrence) -> Value {
        let Some((date, one)) = occurrence
            .date
            .and_then(|date| Some((date, item.at(date)?)))
        else {
            return self.event(item);
        };
        let mut event = self.properties(&one);
        event["iCalUId"] = json!(one.ical_uid);
        event["recurrence"] = Value::Null;
        if let Some(original) = item.original_start(date) {
            event["originalStart"] = json!(graph_utc(original.at));
        }
        self.place(item, occurrence, date, &mut event);
        event
    }

    /// Puts what is asked for by name only into a master: `cancelledOccurrences` with `$select`, and
    /// `exceptionOccurrences` with `$select` and `$expand`.
    pub(crate) fn add_series_lists(&self, call: &Call, item: &Item, event: &mut Value) {
        let names = |option: &str, wanted: &str| {
            let text = call.query_value(option).unwrap_or_default();
            let mut named = text.split([',', '(']).map(str::trim);
            named.any(|name| name.eq_ignore_ascii_case(wanted))
        };
        if item.content.recurrence.is_none() {
            return;
        }
        let is_cancelled = |date: Date| item.at(date).is_none_or(|one| one.is_cancelled);
        let dates = || item.overrides.keys().copied();
        if names("$select", "cancelledOccurrences") {
            let cancelled = dates().filter(|date| is_cancelled(*date));
            event["cancelledOccurrences"] = cancelled
                .map(|date| json!(format!("OID.{}.{date}", self.shown_id(&item.id))))
                .collect();
        }
        if names("$select", "exceptionOccurrences") && names("$expand", "exceptionOccurrences") {
            let exceptions = dates().filter(|date| !is_cancelled(*date));
            event["exceptionOccurrences"] = exceptions
                .filter_map(|date| Some(self.appearance(item, &item.occurrence_on(date)?)))
                .collect();
        }
    }

    /// An occurrence as delta shows it: nothing but where it is.
    pub(crate) fn bare_occurrence(
        &self,
        item: &Item,
        occurrence: &Occurrence,
        date: Date,
    ) -> Value {
        let mut event =
            json!({ "@odata.type": "#microsoft.graph.event", "@odata.etag": etag(item) });
        self.place(item, occurrence, date, &mut event);
        event
    }

    fn place(&self, item: &Item, occurrence: &Occurrence, date: Date, event: &mut Value) {
        event["id"] = json!(self.shown_id(&occurrence_id(&item.id, date)));
        event["seriesMasterId"] = json!(self.shown_id(&item.id));
        event["type"] = json!(if occurrence.is_exception {
            "exception"
        } else {
            "occurrence"
        });
        let is_all_day = item.at_appearance(occurrence).content.is_all_day;
        event["start"] = self.date_time(&occurrence.start, is_all_day);
        event["end"] = self.date_time(&occurrence.end, is_all_day);
    }

    /// What a master and its occurrences have in common.
    fn properties(&self, item: &Item) -> Value {
        let content = &item.content;
        let mut event = json!({
            "@odata.etag": etag(item),
            "createdDateTime": graph_utc(item.created),
            "lastModifiedDateTime": graph_utc(item.modified),
            "changeKey": change_key(item.change),
            "categories": item.categories,
            "originalStartTimeZone": &*content.start.zone,
            "originalEndTimeZone": &*content.end.zone,
            "reminderMinutesBeforeStart": item.reminder_minutes,
            "isReminderOn": item.is_reminder_on,
            "hasAttachments": false,
            "subject": content.subject,
            "importance": content.importance,
            "sensitivity": content.sensitivity,
            "isAllDay": content.is_all_day,
            "isCancelled": item.is_cancelled,
            "isOrganizer": item.is_organizer(),
            "responseRequested": content.response_requested,
            "showAs": item.show_as,
            "webLink": format!("https://outlook.office365.com/owa/?itemid={}&exvsurl=1&path=/calendar/item", item.id),
            "onlineMeetingUrl": null,
            "isOnlineMeeting": content.online_meeting_provider.is_some(),
            "onlineMeetingProvider": content.online_meeting_provider.unwrap_or("unknown"),
            "onlineMeeting": null,
            "allowNewTimeProposals": content.allow_new_time_proposals,
            "isDraft": false,
            "hideAttendees": content.hide_attendees,
            "responseStatus": status(item.response, item.answered),
            "location": single_location(&content.locations),
            "locations": &*content.locations,
            "attendees": attendees(item),
            "organizer": { "emailAddress": email_address(&item.organizer) },
        });
        if let Some(transaction) = &item.transaction_id {
            event["transactionId"] = json!(transaction);
        }
        if self.shows_body {
            event["bodyPreview"] = json!(event_body::preview(content));
            event["body"] = if self.text_bodies {
                event_body::as_text(content)
            } else {
                event_body::as_html(content)
            };
        }
        let extended = self.extended.of(&item.extended);
        if !extended.is_empty() {
            event["singleValueExtendedProperties"] = json!(extended);
        }
        if self.hides_private && content.sensitivity == "private" {
            hide(&mut event);
        }
        event
    }
}

/// Takes out of an event what only its owner may know.
fn hide(event: &mut Value) {
    event["subject"] = json!("Private Appointment");
    event["categories"] = json!([]);
    event["location"] = single_location(&[]);
    event["locations"] = json!([]);
    event["attendees"] = json!([]);
    event["organizer"] = Value::Null;
    if let Some(event) = event.as_object_mut() {
        for name in [
            "body",
            "bodyPreview",
            "singleValueExtendedProperties",
            "transactionId",
        ] {
            event.remove(name);
        }
    }
}

/// The etag of an item, and of every occurrence of it.
pub(crate) fn etag(item: &Item) -> String {
    format!("W/\"{}\"", change_key(item.change))
}

fn attendees(item: &Item) -> Vec<Value> {
    let attendees = item.content.attendees.iter();
    attendees
        .map(|attendee| {
            json!({
                "type": attendee.kind,
                "status": status(attendee.response, attendee.answered),
                "emailAddress": email_address(&attendee.contact),
            })
        })
        .collect()
}

fn status(response: Response, answered: Option<Timestamp>) -> Value {
    json!({ "response": response.name(), "time": answered.map_or_else(|| NEVER.to_owned(), graph_utc) })
}

fn email_address(contact: &Contact) -> Value {
    json!({ "name": &*contact.name, "address": &*contact.address })
}

/// `location` shows the first one, or the names of several joined.
fn single_location(locations: &[Value]) -> Value {
    match locations {
        [] => {
            json!({ "displayName": "", "locationType": "default", "uniqueIdType": "unknown", "address": {}, "coordinates": {} })
        }
        [only] => only.clone(),
        several => {
            let names: Vec<&str> = several
                .iter()
                .filter_map(|location| location["displayName"].as_str())
                .collect();
            let joined = names.join("; ");
            json!({ "displayName": joined, "locationType": "default", "uniqueId": joined, "uniqueIdType": "private" })
        }
    }
}
