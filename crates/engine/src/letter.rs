//! What people are told by letter: that their room declined after all, and what they can do. Nothing of the meeting
//! itself: not its subject, nor who was invited.

use booking::ids::MailboxAddress;
use booking::provider::Letter;
use booking::time::{TimeRange, ZoneName};
use std::fmt::Write as _;

use crate::instead::Offer;
use crate::when;

/// A reservation that has lost its room.
#[derive(Clone, Debug)]
pub(crate) struct Lost {
    /// The room's name.
    pub(crate) room: String,
    /// Where it is.
    pub(crate) building: String,
    pub(crate) range: TimeRange,
    pub(crate) zone: ZoneName,
    /// The meeting is still in its organizer's calendar.
    pub(crate) stays: bool,
    /// Rooms that would do.
    pub(crate) instead: Vec<Offer>,
}

/// One letter about all of them; at least one. `origin`: the portal's, without a slash at the end.
pub(crate) fn about(to: MailboxAddress, origin: &str, lost: &[Lost]) -> Letter {
    let subject = match lost {
        [one] => format!(
            "{} declined: {}",
            one.room,
            when::told(one.range, &one.zone)
        ),
        several => format!("Rooms declined {} of your reservations", several.len()),
    };
    let mut text = String::new();
    for one in lost {
        tell(&mut text, origin, one);
    }
    let _infallible = write!(
        text,
        "All your reservations: {origin}/reservations\n\nEtage tells you of this once.\n"
    );
    Letter { to, subject, text }
}

fn tell(text: &mut String, origin: &str, one: &Lost) {
    let Lost { room, building, .. } = one;
    let when = when::told(one.range, &one.zone);
    let city = one.zone.0.rsplit('/').next().unwrap_or_default();
    let city = city.replace('_', " ");
    let rest = if one.stays {
        "The meeting is still in your calendar, without a room."
    } else {
        "What Etage had put into your calendar for it is taken out."
    };
    let mut tell = |line: std::fmt::Arguments<'_>| {
        let _infallible = writeln!(text, "{line}");
    };
    tell(format_args!(
        "{room} in {building} has declined your reservation of {when} ({city} time)."
    ));
    tell(format_args!("{rest}\n"));
    if one.instead.is_empty() {
        tell(format_args!("No other room that would do was free then.\n"));
        return;
    }
    tell(format_args!("Free then, when this was written:"));
    for offer in &one.instead {
        let Offer { name, path, .. } = offer;
        match offer.seats {
            Some(seats) => tell(format_args!("- {name}, {seats} seats: {origin}{path}")),
            None => tell(format_args!("- {name}: {origin}{path}")),
        }
    }
    tell(format_args!(""));
}

#[cfg(test)]
mod tests {
    use super::*;
    use booking::time::{HOUR_MS, Instant};

    fn lost(stays: bool, instead: Vec<Offer>) -> Lost {
        let start = Instant(1_795_507_200_000);
        Lost {
            room: "Room 1066".to_owned(),
            building: "Harbour House".to_owned(),
            range: TimeRange::new(start, start.plus_ms(HOUR_MS)).unwrap(),
            zone: ZoneName("Europe/Helsinki".to_owned()),
            stays,
            instead,
        }
    }

    #[test]
    fn a_letter_names_room_time_and_what_is_free_and_nothing_of_the_meeting() {
        let to = MailboxAddress::parse("ada@contoso.com").unwrap();
        let offer = Offer {
            number: "1070".to_owned(),
            name: "Room 1070".to_owned(),
            seats: Some(8),
            path: "/?room=1".to_owned(),
        };
        let letter = about(to, "https://rooms.contoso.com", &[lost(true, vec![offer])]);
        assert_eq!(
            letter.subject,
            "Room 1066 declined: Tue 24 Nov, 10:00–11:00"
        );
        assert_eq!(
            letter.text,
            "Room 1066 in Harbour House has declined your reservation of Tue 24 Nov, 10:00–11:00 (Helsinki time).\n\
             The meeting is still in your calendar, without a room.\n\n\
             Free then, when this was written:\n\
             - Room 1070, 8 seats: https://rooms.contoso.com/?room=1\n\n\
             All your reservations: https://rooms.contoso.com/reservations\n\n\
             Etage tells you of this once.\n"
        );
    }

    #[test]
    fn several_are_told_in_one() {
        let to = MailboxAddress::parse("ada@contoso.com").unwrap();
        let both = [lost(false, Vec::new()), lost(true, Vec::new())];
        let letter = about(to, "https://rooms.contoso.com", &both);
        assert_eq!(letter.subject, "Rooms declined 2 of your reservations");
        let none = letter
            .text
            .matches("No other room that would do was free then.");
        assert_eq!(none.count(), 2);
        assert!(letter.text.contains("is taken out"), "{}", letter.text);
    }
}
