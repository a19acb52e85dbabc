//! Graph's words into the product's.

use booking::event::{BusyKind, BusyTime, Organizer};
use booking::ids::MailboxAddress;
use booking::provider::RoomResponse;
use booking::time::{Instant, TimeRange};
use jiff::Timestamp;

use crate::error::GraphError;
use crate::types::windows_zone::iana_name;
use crate::types::{Event, FreeBusyStatus, Recipient, ResponseStatus, ResponseType};

/// The instant as a timestamp; instants beyond year 9999 are cut to it.
pub(super) fn timestamp(instant: Instant) -> Timestamp {
    let end = if instant.0 < 0 {
        Timestamp::MIN
    } else {
        Timestamp::MAX
    };
    Timestamp::from_millisecond(instant.0).unwrap_or(end)
}

/// The timestamp as an instant, cut to whole milliseconds.
pub(super) fn instant(timestamp: Timestamp) -> Instant {
    Instant(timestamp.as_millisecond())
}

/// When the event is. `None`: it takes no time at all, or does not say when.
///
/// All-day events come as midnight in whatever zone was asked for, while Exchange blocks the day of the zone they were
/// written in: that zone is taken, if it is known.
pub(super) fn range(event: &Event) -> Result<Option<TimeRange>, GraphError> {
    let (Some(start), Some(end)) = (&event.start, &event.end) else {
        return Ok(None);
    };
    let day_zone = event
        .original_start_time_zone
        .as_deref()
        .filter(|_| event.is_all_day == Some(true))
        .and_then(iana_name);
    let (start, end) = match day_zone {
        Some(zone) => (start.instant_in(zone)?, end.instant_in(zone)?),
        None => (start.instant()?, end.instant()?),
    };
    Ok(TimeRange::new(instant(start), instant(end)).ok())
}

/// How firmly the event takes the room. `None`: it does not.
pub(super) fn busy_kind(event: &Event) -> Option<BusyKind> {
    if event.is_cancelled == Some(true) {
        return None;
    }
    kind_of(event.show_as)
}

/// How firmly time shown like this is taken; an unknown word counts as taken, to be on the safe side.
pub(super) fn kind_of(status: Option<FreeBusyStatus>) -> Option<BusyKind> {
    match status {
        Some(FreeBusyStatus::Free | FreeBusyStatus::WorkingElsewhere) => None,
        Some(FreeBusyStatus::Tentative) => Some(BusyKind::Tentative),
        Some(FreeBusyStatus::Busy | FreeBusyStatus::Oof | FreeBusyStatus::Unknown) | None => {
            Some(BusyKind::Busy)
        }
    }
}

/// What the answer means. A room that is organizer itself was booked directly, which is a yes.
pub(super) fn response(status: Option<&ResponseStatus>) -> RoomResponse {
    match status.and_then(|status| status.response) {
        Some(ResponseType::Accepted | ResponseType::Organizer) => RoomResponse::Accepted,
        Some(ResponseType::TentativelyAccepted) => RoomResponse::Tentative,
        Some(ResponseType::Declined) => RoomResponse::Declined,
        Some(ResponseType::None | ResponseType::NotResponded | ResponseType::Unknown) | None => {
            RoomResponse::None
        }
    }
}

/// How the room answered, by the organizer's copy. `None`: the room is not invited.
pub(super) fn room_response(event: &Event, room: &MailboxAddress) -> Option<RoomResponse> {
    let attendee = event.attendees.iter().flatten().find(|attendee| {
        let address = attendee.email_address.as_ref();
        address
            .and_then(|address| address.address.as_deref())
            .and_then(|address| MailboxAddress::parse(address).ok())
            .is_some_and(|address| address == *room)
    })?;
    Some(response(attendee.status.as_ref()))
}

/// The event as busy time of a room. `None`: it does not take the room.
pub(super) fn busy_time(
    event: &Event,
    series_id: Option<&str>,
) -> Result<Option<(BusyTime, RoomResponse)>, GraphError> {
    let (Some(kind), Some(range)) = (busy_kind(event), range(event)?) else {
        return Ok(None);
    };
    let busy = BusyTime {
        event_id: event.id.clone(),
        ical_uid: event.ical_uid.clone(),
        series_id: series_id.map(str::to_owned),
        range,
        kind,
        organizer: event.organizer.as_ref().and_then(organizer),
    };
    Ok(Some((busy, response(event.response_status.as_ref()))))
}

fn organizer(recipient: &Recipient) -> Option<Organizer> {
    let email = recipient.email_address.as_ref()?;
    let address = address_of(recipient);
    let display_name = email
        .name
        .clone()
        .filter(|name| !name.is_empty())
        .or_else(|| address.as_ref().map(ToString::to_string))?;
    Some(Organizer {
        display_name,
        address,
    })
}

/// The recipient's address. `None`: there is none, or it is not an SMTP address.
pub(super) fn address_of(recipient: &Recipient) -> Option<MailboxAddress> {
    let address = recipient.email_address.as_ref()?.address.as_deref()?;
    MailboxAddress::parse(address).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::DateTimeTimeZone;

    fn event(json: &str) -> Event {
        serde_json::from_str(json).unwrap()
    }

    #[test]
    fn cancelled_and_free_events_do_not_take_the_room() {
        let table = [
            (r#"{"showAs":"busy"}"#, Some(BusyKind::Busy)),
            (r#"{"showAs":"oof"}"#, Some(BusyKind::Busy)),
            (r#"{"showAs":"somethingNew"}"#, Some(BusyKind::Busy)),
            (r#"{}"#, Some(BusyKind::Busy)),
            (r#"{"showAs":"tentative"}"#, Some(BusyKind::Tentative)),
            (r#"{"showAs":"free"}"#, None),
            (r#"{"showAs":"workingElsewhere"}"#, None),
            (r#"{"showAs":"busy","isCancelled":true}"#, None),
        ];
        for (json, kind) in table {
            assert_eq!(busy_kind(&event(json)), kind, "{json}");
        }
    }

    #[test]
    fn an_all_day_event_takes_the_day_of_the_zone_it_was_written_in() {
        let day = event(
            r#"{"isAllDay":true,"originalStartTimeZone":"FLE Standard Time",
                "start":{"dateTime":"2026-11-20T00:00:00.0000000","timeZone":"UTC"},
                "end":{"dateTime":"2026-11-21T00:00:00.0000000","timeZone":"UTC"}}"#,
        );
        let range = range(&day).unwrap().unwrap();
        let start: Timestamp = "2026-11-19T22:00:00Z".parse().unwrap();
        assert_eq!(range.start(), instant(start));
        assert_eq!(range.duration_ms(), booking::time::DAY_MS);
    }

    #[test]
    fn an_event_without_length_takes_no_time() {
        let nine = DateTimeTimeZone {
            date_time: "2026-11-20T09:00:00.0000000".to_owned(),
            time_zone: Some("UTC".to_owned()),
        };
        let event = Event {
            start: Some(nine.clone()),
            end: Some(nine),
            ..Event::default()
        };
        assert_eq!(busy_time(&event, None).unwrap(), None);
    }

    #[test]
    fn the_room_is_told_by_its_address_in_any_case_and_type() {
        let event = event(
            r#"{"attendees":[{"type":"required","status":{"response":"accepted"},
                "emailAddress":{"name":"Room 1","address":"Room1@Contoso.com"}}]}"#,
        );
        let room = MailboxAddress::parse("room1@contoso.com").unwrap();
        assert_eq!(room_response(&event, &room), Some(RoomResponse::Accepted));
        let other = MailboxAddress::parse("room2@contoso.com").unwrap();
        assert_eq!(room_response(&event, &other), None);
    }
}
