//! What the pane knows of the appointment that is being written.

use booking::ids::MailboxAddress;
use booking::provider::RoomResponse;
use booking::recurrence::Dates;
use booking::search::When;
use booking::time::{Instant, TimeRange, ZoneName};

use super::recurrence::Repeats;
use crate::text::clock::WallTime;

/// Somebody invited.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Invited {
    /// Their address.
    pub(super) address: MailboxAddress,
    /// How they answered, as the organizer's copy says.
    pub(super) response: RoomResponse,
}

/// The appointment as Outlook shows it to the pane.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(super) struct Draft {
    /// When. `None`: the end does not come after the start.
    pub(super) range: Option<TimeRange>,
    /// Everybody invited, without the organizer; rooms may be among them.
    pub(super) invited: Vec<Invited>,
    /// Rooms in the location field.
    pub(super) locations: Vec<MailboxAddress>,
    /// Whether it repeats.
    pub(super) repeats: Repeats,
}

/// What is asked for a draft, and how much of it that is.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Asked {
    /// Its times.
    pub(super) when: When,
    /// How many of its meetings that covers.
    pub(super) covers: Covers,
}

/// How much of a draft a question covers.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Covers {
    /// It takes place once.
    Once,
    /// Every meeting still to come: so many.
    All(usize),
    /// So many meetings, up to this instant; later ones are too far ahead.
    Until(usize, Instant),
    /// The first meeting of a series that cannot be followed.
    FirstOnly,
}

impl Draft {
    /// The question to ask for it. `zones`: in which its times may be meant, the likeliest first;
    /// `ahead`: by how many minutes a zone's clocks are ahead of UTC. `None`: it has no time.
    pub(super) fn asked(
        &self,
        now: Instant,
        zones: &[ZoneName],
        ahead: impl Fn(Instant, &ZoneName) -> i32,
    ) -> Option<Asked> {
        let range = self.range?;
        let one = |covers| Asked {
            when: When::Exact {
                ranges: vec![range],
            },
            covers,
        };
        let series = match self.repeats {
            Repeats::No => return Some(one(Covers::Once)),
            Repeats::Unknown => return Some(one(Covers::FirstOnly)),
            Repeats::As(series) => series,
        };
        // Outlook names the zone in words of its own; the one in which the opened meeting starts
        // when the series does is the one that is meant.
        let is_meant = |zone: &&ZoneName| {
            let shown = WallTime::with_offset(range.start(), ahead(range.start(), zone));
            i64::from(shown.hour) * 60 + i64::from(shown.minute) == series.start_minute
        };
        let Some(zone) = zones.iter().find(is_meant) else {
            return Some(one(Covers::FirstOnly));
        };
        let Dates { ranges, are_more } = series.dates(now, |at| ahead(at, zone));
        let covers = match ranges.last() {
            // Nothing is to come: the answer will say that the time is over.
            None => return Some(one(Covers::Once)),
            Some(last) if are_more => Covers::Until(ranges.len(), last.start()),
            Some(_) => Covers::All(ranges.len()),
        };
        Some(Asked {
            when: When::Exact { ranges },
            covers,
        })
    }

    /// People who will come, with the organizer; `is_room` tells rooms among the invited.
    pub(super) fn people(&self, is_room: impl Fn(&MailboxAddress) -> bool) -> u32 {
        let guests = self
            .invited
            .iter()
            .filter(|one| !is_room(&one.address))
            .count();
        u32::try_from(guests).unwrap_or(u32::MAX).saturating_add(1)
    }

    /// The first of these rooms that is in the draft, as location or as attendee.
    pub(super) fn room(
        &self,
        is_room: impl Fn(&MailboxAddress) -> bool,
    ) -> Option<&MailboxAddress> {
        let invited = self.invited.iter().map(|one| &one.address);
        self.locations
            .iter()
            .chain(invited)
            .find(|address| is_room(address))
    }

    /// How that room answered, as far as the organizer's copy says.
    pub(super) fn response(&self, room: &MailboxAddress) -> RoomResponse {
        self.invited
            .iter()
            .find(|one| one.address == *room)
            .map_or(RoomResponse::None, |one| one.response)
    }
}

#[cfg(test)]
mod tests {
    use booking::recurrence::{End, Pattern, Series};

    use super::*;

    fn address(text: &str) -> MailboxAddress {
        MailboxAddress::parse(text).unwrap()
    }

    #[test]
    fn a_series_is_asked_for_in_the_zone_in_which_its_meeting_starts_when_it_says() {
        // 2026-11-24T08:30:00Z, a Tuesday; 10:30 two hours ahead.
        let start = Instant(1_795_509_000_000);
        let first_day = start.0.div_euclid(booking::time::DAY_MS);
        let draft = Draft {
            range: TimeRange::new(start, start.plus_ms(booking::time::HOUR_MS)).ok(),
            repeats: Repeats::As(Series {
                pattern: Pattern::Daily,
                interval: 7,
                first_day,
                end: End::On(first_day + 14),
                start_minute: 630,
                length_minutes: 60,
            }),
            ..Draft::default()
        };
        let zones = ["Europe/Berlin", "Europe/Helsinki"].map(|name| ZoneName(name.to_owned()));
        let ahead = |_: Instant, zone: &ZoneName| match zone.0.as_str() {
            "Europe/Berlin" => 60,
            _ => 120,
        };
        let asked = draft.asked(start.plus_ms(-1), &zones, ahead).unwrap();
        assert_eq!(asked.covers, Covers::All(3));
        let When::Exact { ranges } = asked.when else {
            panic!("exact times");
        };
        assert_eq!(ranges.first(), draft.range.as_ref());
        let unknown = draft.asked(start, &zones[..1], ahead).unwrap();
        assert_eq!(unknown.covers, Covers::FirstOnly);
    }

    #[test]
    fn the_organizer_sits_in_the_room_and_rooms_do_not() {
        let draft = Draft {
            invited: ["ada@contoso.com", "room1@contoso.com", "bo@contoso.com"]
                .map(|text| Invited {
                    address: address(text),
                    response: RoomResponse::None,
                })
                .to_vec(),
            ..Draft::default()
        };
        let is_room = |address: &MailboxAddress| address.as_str().starts_with("room");
        assert_eq!(draft.people(is_room), 3);
        assert_eq!(draft.room(is_room), Some(&address("room1@contoso.com")));
        assert_eq!(
            draft.response(&address("bo@contoso.com")),
            RoomResponse::None
        );
        assert_eq!(Draft::default().people(is_room), 1);
    }
}
