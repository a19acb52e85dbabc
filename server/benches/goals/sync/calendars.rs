//! What is in the rooms' calendars, once as Graph tells it and once as it is kept.

use booking::event::{BusyKind, BusyTime, Organizer};
use booking::search::{Occupancy, OccupancyKind};
use booking::time::Instant;
use serde_json::{Value, json};

use crate::office::{Bookings, adele};

/// Events in a calendar.
pub(super) const EVENTS: usize = 60;
/// Calendars that differ; the rooms have them in turn.
const DIFFERENT: usize = 200;

/// Different calendars of the bench office, [`EVENTS`] events each.
pub(super) fn calendars(bookings: &Bookings) -> Vec<Vec<BusyTime>> {
    let of_rooms = bookings.office.occupancies.iter().take(DIFFERENT);
    of_rooms
        .enumerate()
        .map(|(calendar, taken)| {
            let events = taken.iter().take(EVENTS).enumerate();
            let busy = |(number, one)| busy(bookings, calendar, number, one);
            events.map(busy).collect()
        })
        .collect()
}

/// Ids are as long as Exchange's are.
fn busy(bookings: &Bookings, calendar: usize, number: usize, taken: &Occupancy) -> BusyTime {
    BusyTime {
        event_id: format!("AAMkAGI1{calendar:070}BGAAAAAAD{number:060}="),
        ical_uid: Some(format!(
            "040000008200E00074C5B7101A82E008{calendar:040X}{number:040X}"
        )),
        series_id: None,
        range: bookings.moved(taken.range),
        kind: match taken.kind {
            OccupancyKind::Calendar(kind) => kind,
            OccupancyKind::Held => BusyKind::Busy,
        },
        organizer: Some(Organizer {
            display_name: "Adele Vance".to_owned(),
            address: Some(adele().address),
        }),
    }
}

/// The event as a room's copy of it looks in a round of changes: with every field, since Graph lets
/// nobody choose there.
///
/// See <https://learn.microsoft.com/graph/api/resources/event>.
pub(super) fn event(busy: &BusyTime) -> Value {
    let (show_as, answer) = match busy.kind {
        BusyKind::Tentative => ("tentative", "tentativelyAccepted"),
        BusyKind::Busy => ("busy", "accepted"),
    };
    let (name, address) = ("Adele Vance", adele().address.to_string());
    let person = |name: &str, address: &str| json!({ "name": name, "address": address });
    let attendee = |kind: &str, response: &str, name: &str, address: &str| {
        json!({
            "type": kind,
            "status": { "response": response, "time": "2026-11-20T08:00:00Z" },
            "emailAddress": person(name, address),
        })
    };
    let location = json!({
        "displayName": "Harbour House 1.01", "locationType": "default",
        "uniqueId": "Harbour House 1.01", "uniqueIdType": "private",
    });
    json!({
        "@odata.etag": "W/\"YWwR1v0zMkW1s9hCAjpcQAAF5MQ2xw==\"",
        "id": busy.event_id,
        "createdDateTime": "2026-11-19T14:12:33.1240000Z",
        "lastModifiedDateTime": "2026-11-19T14:12:39.8190000Z",
        "changeKey": "YWwR1v0zMkW1s9hCAjpcQAAF5MQ2xw==",
        "categories": [], "transactionId": null,
        "originalStartTimeZone": "W. Europe Standard Time",
        "originalEndTimeZone": "W. Europe Standard Time",
        "iCalUId": busy.ical_uid,
        "reminderMinutesBeforeStart": 15, "isReminderOn": false, "hasAttachments": false,
        "subject": name, "bodyPreview": "", "importance": "normal", "sensitivity": "normal",
        "isAllDay": false, "isCancelled": false, "isOrganizer": false, "responseRequested": true,
        "seriesMasterId": null, "showAs": show_as, "type": "singleInstance",
        "webLink": format!("https://outlook.office365.com/owa/?itemid={}&exvsurl=1&path=/calendar/item", busy.event_id),
        "onlineMeetingUrl": null, "isOnlineMeeting": false, "onlineMeetingProvider": "unknown",
        "allowNewTimeProposals": true, "isDraft": false, "hideAttendees": false,
        "recurrence": null, "onlineMeeting": null,
        "responseStatus": { "response": answer, "time": "2026-11-19T14:12:39Z" },
        "body": { "contentType": "html", "content": "" },
        "start": moment(busy.range.start()), "end": moment(busy.range.end()),
        "location": &location, "locations": [&location],
        "attendees": [
            attendee("required", "accepted", "Alex Wilber", "alex.wilber@contoso.com"),
            attendee("required", "none", "Diego Siciliani", "diego.siciliani@contoso.com"),
            attendee("resource", answer, "Room", "room@contoso.com"),
        ],
        "organizer": { "emailAddress": person(name, &address) },
    })
}

fn moment(at: Instant) -> Value {
    let utc =
        jiff::Timestamp::from_millisecond(at.0).map(|at| at.to_zoned(jiff::tz::TimeZone::UTC));
    let local = utc.map_or_else(|_| String::new(), |utc| utc.datetime().to_string());
    json!({ "dateTime": format!("{local}.0000000"), "timeZone": "UTC" })
}
