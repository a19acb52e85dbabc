//! Graph's words into the product's.

use booking::event::{BusyKind, BusyTime, Organizer};
use booking::ids::MailboxAddress;
use booking::provider::RoomResponse;
use booking::time::{DAY_MS, Instant, TimeRange};
use jiff::Timestamp;

use crate::types::windows_zone::iana_name;
use crate::types::{
    DateTimeTimeZone, Event, FreeBusyStatus, Recipient, ResponseStatus, ResponseType,
};

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

/// When something takes time, as far as that can be read.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum When {
    /// Then. `None`: it takes no time at all.
    Known(Option<TimeRange>),
    /// A part of it cannot be read: this is what it may take at most. `None`: no part can be read.
    InPart(Option<TimeRange>),
}

impl When {
    /// All that it may take. `None`: nothing, as far as is known.
    pub(super) fn at_most(self) -> Option<TimeRange> {
        let (Self::Known(range) | Self::InPart(range)) = self;
        range
    }
}

/// How long something is taken to last whose start or end cannot be read: rooms take nothing longer unless they are told to.
///
/// See <https://learn.microsoft.com/powershell/module/exchange/set-calendarprocessing>, `MaximumDurationInMinutes`.
const UNKNOWN_LENGTH_MS: i64 = DAY_MS;

/// When the event is.
///
/// All-day events come as midnight in whatever zone was asked for, while Exchange blocks the day of the zone they were
/// written in: that zone is taken, if it is known.
pub(super) fn when(event: &Event) -> When {
    let day_zone = event
        .original_start_time_zone
        .as_deref()
        .filter(|_| event.is_all_day == Some(true))
        .and_then(iana_name);
    between(event.start.as_ref(), event.end.as_ref(), day_zone)
}

/// What lies between the two, in this zone instead of their own if there is one.
pub(super) fn between(
    start: Option<&DateTimeTimeZone>,
    end: Option<&DateTimeTimeZone>,
    zone: Option<&str>,
) -> When {
    let reach = |edge: Option<&DateTimeTimeZone>| {
        let edge = edge?;
        let own = edge.time_zone.as_deref().unwrap_or("UTC");
        let (first, last) = edge.reach(zone.unwrap_or(own))?;
        Some((instant(first), instant(last)))
    };
    let range = |start, end| TimeRange::new(start, end).ok();
    match (reach(start), reach(end)) {
        (Some((start, same)), Some((end, last))) if start == same && end == last => {
            When::Known(range(start, end))
        }
        (Some((start, _)), Some((_, end))) => When::InPart(range(start, end)),
        (Some((start, last)), None) => When::InPart(range(start, last.plus_ms(UNKNOWN_LENGTH_MS))),
        (None, Some((first, end))) => When::InPart(range(first.plus_ms(-UNKNOWN_LENGTH_MS), end)),
        (None, None) => When::InPart(None),
    }
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

/// What an event does to a room.
#[derive(Debug)]
pub(super) struct Taken {
    /// When it takes the room, and how the room answered. `None`: it does not, as far as is known.
    pub(super) busy: Option<(BusyTime, RoomResponse)>,
    /// Whether its time cannot be read, or only in part; then the room counts as taken for all of what it may be.
    pub(super) is_unclear: bool,
}

/// The event as busy time of a room.
pub(super) fn taken(event: &Event, series_id: Option<&str>) -> Taken {
    let Some(kind) = busy_kind(event) else {
        return Taken {
            busy: None,
            is_unclear: false,
        };
    };
    let when = when(event);
    let busy = when.at_most().map(|range| BusyTime {
        event_id: event.id.clone(),
        ical_uid: event.ical_uid.clone(),
        series_id: series_id.map(str::to_owned),
        range,
        kind,
        organizer: event.organizer.as_ref().and_then(organizer),
    });
    Taken {
        busy: busy.map(|busy| (busy, response(event.response_status.as_ref()))),
        is_unclear: matches!(when, When::InPart(_)),
    }
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
        let When::Known(Some(range)) = when(&day) else {
            panic!("{:?}", when(&day))
        };
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
        let taken = taken(&event, None);
        assert!(taken.busy.is_none() && !taken.is_unclear, "{taken:?}");
    }

    #[test]
    fn what_is_known_in_part_is_taken_for_all_it_may_be_and_the_end_of_days_is_known() {
        let at = |text: &str| instant(text.parse().unwrap());
        let times = |start: &str, end: &str, zone: &str| {
            let edge = |text: &str| format!(r#"{{"dateTime":"{text}","timeZone":"{zone}"}}"#);
            when(&event(&format!(
                r#"{{"start":{},"end":{}}}"#,
                edge(start),
                edge(end)
            )))
        };
        let in_part = |start, end| When::InPart(TimeRange::new(at(start), at(end)).ok());
        let (nine, ten) = ("2026-11-23T09:00:00.0000000", "2026-11-23T10:00:00.0000000");
        let for_ever = times(nine, "9999-12-31T00:00:00.0000000", "UTC");
        assert!(matches!(for_ever, When::Known(Some(_))), "{for_ever:?}");
        assert_eq!(
            times(nine, ten, "Lower Wossing Time"),
            in_part("2026-11-22T19:00:00Z", "2026-11-23T22:00:00Z")
        );
        assert_eq!(
            times(nine, "soon", "UTC"),
            in_part("2026-11-23T09:00:00Z", "2026-11-24T09:00:00Z")
        );
        assert_eq!(
            times("?", ten, "UTC"),
            in_part("2026-11-22T10:00:00Z", "2026-11-23T10:00:00Z")
        );
        assert_eq!(
            times("2026-11-23T25:00:00", "2026-11-23T26:00:00", "UTC"),
            in_part("2026-11-23T00:00:00Z", "2026-11-24T00:00:00Z")
        );
        assert_eq!(times("?", "soon", "UTC"), When::InPart(None));
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
