//! Calendars, read afresh from Graph's calendarView, by nothing that Etage uses.

use booking::event::BusyKind;
use booking::ids::MailboxAddress;
use booking::reservation::Reservation;
use booking::room::Room;
use booking::time::{Instant, TimeRange};
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use serde_json::Value;

use super::{Judge, Taken};
use crate::office::ZONE;
use crate::world::World;

/// Events per page.
const PAGE: u32 = 500;

impl Judge {
    /// What takes the room's time within the window, in order.
    pub(crate) async fn calendar(
        &self,
        world: &World,
        room: &Room,
        window: TimeRange,
    ) -> Vec<Taken> {
        let events = self.view(world, mailbox_of(room), window).await;
        let mut taken: Vec<_> = events.iter().filter_map(read).collect();
        taken.sort();
        taken
    }

    /// How the room answered, by the organizer's calendar, where every occurrence of a series has its own UID. `None`: no
    /// event of that UID within the window invites the room.
    pub(crate) async fn answer(
        &self,
        world: &World,
        reservation: &Reservation,
        window: TimeRange,
    ) -> Option<String> {
        let uid = &reservation.event.as_ref()?.ical_uid;
        let room = world
            .rooms
            .iter()
            .find(|room| room.id == reservation.room)?;
        let organizer = reservation.person.address.as_str();
        let events = self.view(world, organizer, window).await;
        let event = events
            .iter()
            .find(|event| event["iCalUId"] == uid.as_str() && event["isCancelled"] != true)?;
        let attendees = event["attendees"].as_array()?;
        let is_room = |one: &&Value| {
            let address = one["emailAddress"]["address"].as_str();
            address.is_some_and(|text| text.eq_ignore_ascii_case(mailbox_of(room)))
        };
        let answer = &attendees.iter().find(is_room)?["status"]["response"];
        answer.as_str().map(str::to_owned)
    }

    async fn view(&self, world: &World, mailbox: &str, window: TimeRange) -> Vec<Value> {
        let token = self.token(world.now()).await;
        let mut link = Some(format!(
            "{}/v1.0/users/{mailbox}/calendarView?startDateTime={}&endDateTime={}&$top={PAGE}",
            self.origin,
            utc(window.start()),
            utc(window.end()),
        ));
        let mut events = Vec::new();
        while let Some(url) = link.take() {
            let answer = self.http.get(url).bearer_auth(&token).send().await.unwrap();
            let status = answer.status();
            let mut page: Value = answer.json().await.unwrap();
            assert!(status.is_success(), "reading {mailbox}: {status} {page}");
            link = page["@odata.nextLink"].as_str().map(str::to_owned);
            if let Value::Array(those) = page["value"].take() {
                events.extend(those);
            }
        }
        events
    }
}

fn mailbox_of(room: &Room) -> &str {
    let link = room.link.as_ref();
    link.expect("every room has a mailbox").mailbox.as_str()
}

/// `None`: it takes no time.
fn read(event: &Value) -> Option<Taken> {
    let is_off = event["isCancelled"] == true || event["responseStatus"]["response"] == "declined";
    let kind = match event["showAs"].as_str() {
        Some("free" | "workingElsewhere") => return None,
        Some("tentative") => BusyKind::Tentative,
        _ => BusyKind::Busy,
    };
    let is_all_day = event["isAllDay"] == true;
    let (start, end) = (
        moment(&event["start"], is_all_day),
        moment(&event["end"], is_all_day),
    );
    let organizer = event["organizer"]["emailAddress"]["address"].as_str();
    (!is_off && start < end).then(|| Taken {
        start,
        end,
        uid: event["iCalUId"].as_str().unwrap_or_default().to_owned(),
        kind,
        organizer: organizer.and_then(|text| MailboxAddress::parse(text).ok()),
    })
}

/// A time without `Prefer` is UTC; an all-day event's is a day on the office's wall.
fn moment(side: &Value, is_all_day: bool) -> Instant {
    let text = side["dateTime"].as_str().unwrap();
    let local: DateTime = text.parse().unwrap();
    let zone = if is_all_day {
        TimeZone::get(ZONE).unwrap()
    } else {
        TimeZone::UTC
    };
    let zoned = local.to_zoned(zone).unwrap();
    Instant(zoned.timestamp().as_millisecond())
}

fn utc(at: Instant) -> String {
    jiff::Timestamp::from_millisecond(at.0).unwrap().to_string()
}
