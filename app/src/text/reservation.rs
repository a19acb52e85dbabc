//! Words about reservations and their life.

use booking::reservation::{CalendarFault, NotMoved, ReservationState, StateNote};
use booking::room::Room;
use booking::time::TimeRange;

use super::clock;
use super::problem::with_incident;

/// The state of a reservation of one's own, with the room it is about.
pub fn state(state: ReservationState, room: &str) -> String {
    match state {
        ReservationState::Held => "Being sent to Exchange".to_owned(),
        ReservationState::Submitted => "Waiting for the room's answer".to_owned(),
        ReservationState::Confirmed => "Accepted".to_owned(),
        ReservationState::CheckedIn => "Checked in".to_owned(),
        ReservationState::Ended => "Over".to_owned(),
        ReservationState::Declined => format!("Declined by {room}"),
        ReservationState::Cancelled => "Cancelled".to_owned(),
        ReservationState::Released => "Released, because nobody came".to_owned(),
        ReservationState::Expired => "Given up".to_owned(),
    }
}

/// State and reason in one: `Declined by Room 3078: it is taken then.`
pub fn story(state: ReservationState, why: Option<&StateNote>, room: &str) -> String {
    match (state, why) {
        (ReservationState::Declined, Some(StateNote::DeclinedByRoom)) => {
            format!("Declined by {room}: it is taken then, or takes no reservation for that time.")
        }
        (ReservationState::Declined, Some(StateNote::DeclinedLate)) => {
            format!("Declined by {room}, after it had accepted. The meeting has no room now.")
        }
        (ReservationState::Declined, Some(StateNote::NoneInstead { asked })) => match asked {
            0 | 1 => format!("Declined by {room}, and no other room that would do is free then."),
            _ => format!(
                "Declined by {asked} rooms, {room} the last, and no other that would do is free then."
            ),
        },
        (ReservationState::Declined, Some(StateNote::SignInAgain)) => {
            "Not booked: Microsoft no longer let us act for you. Sign in again, then book the room once more."
                .to_owned()
        }
        (ReservationState::Declined, Some(StateNote::DeclinedHere { by_admin })) => {
            let who = if *by_admin { "An administrator gave" } else { "You gave" };
            format!("{who} {room} back: it has declined, and the meeting stays in the calendar.")
        }
        // These say all there is: the bare state would be half the truth.
        (_, Some(why)) if is_whole_story(why) => note(why),
        (state, Some(why)) => format!("{}. {}", self::state(state, room), note(why)),
        (state, None) => format!("{}.", self::state(state, room)),
    }
}

const fn is_whole_story(why: &StateNote) -> bool {
    matches!(why, StateNote::RefusedByCalendar { .. }) || why.is_about_cancelling()
}

/// Why it ended as it did, or what it waits for.
fn note(note: &StateNote) -> String {
    match note {
        StateNote::DeclinedByRoom | StateNote::DeclinedLate | StateNote::DeclinedHere { .. } => {
            "The room is taken then, or takes no reservation for that time.".to_owned()
        }
        StateNote::Declining { .. } => {
            "The room was asked to decline, and has not said that it has. If it still stands in a minute, ask once more."
                .to_owned()
        }
        StateNote::RefusedByCalendar {
            fault: why,
            incident,
        } => {
            let told = format!("Not booked: {}.", fault(*why));
            match incident {
                Some(incident) => with_incident(&told, incident),
                None => told,
            }
        }
        StateNote::SignInAgain => {
            "Microsoft no longer lets us act for you. Sign in again, and it goes on by itself."
                .to_owned()
        }
        StateNote::CancellationWaiting { fault: why } => {
            format!(
                "Cancelled here, but not yet in Exchange: {}. It is tried again by itself.",
                fault(*why)
            )
        }
        StateNote::CancellationFailed {
            fault: why,
            incident,
        } => {
            let told = format!(
                "Not cancelled in Exchange: {}. The meeting stands, and the room with it. Cancel once more, or in Outlook.",
                fault(*why)
            );
            with_incident(&told, incident)
        }
        StateNote::HoldLapsed => "It was only kept while the draft was open.".to_owned(),
        StateNote::GoneFromCalendar => "It was cancelled or moved in Outlook.".to_owned(),
        StateNote::NotMoved { because } => not_moved(*because).to_owned(),
        StateNote::Swapped { instead_of } => format!(
            "{} said no, so this room was taken, as you asked.",
            super::room::name(instead_of)
        ),
        StateNote::NoneInstead { .. } => "No other room that would do is free then.".to_owned(),
        StateNote::Unknown => "Reload the page to see why.".to_owned(),
    }
}

/// What became of a change that was asked for.
const fn not_moved(because: NotMoved) -> &'static str {
    match because {
        NotMoved::Declined => "The room declined the change, so it stays as it was.",
        NotMoved::Refused => "Exchange did not take the change, so it stays as it was.",
        NotMoved::ChangedInOutlook => {
            "It was changed in Outlook at the same time, and that counts."
        }
    }
}

/// Why Exchange did not do it, as the second half of a sentence.
const fn fault(fault: CalendarFault) -> &'static str {
    match fault {
        CalendarFault::SignInAgain => "you have to sign in again first",
        CalendarFault::Denied => "it does not allow us to; ask your administrator",
        CalendarFault::Silent => "it does not answer",
        CalendarFault::KeptOut => {
            "a policy keeps Etage out of your mailbox; ask your administrator"
        }
        CalendarFault::NoRight => {
            "you may not book in that calendar (any more); ask its owner to share it with you"
        }
        CalendarFault::NoLicence => {
            "you have no mailbox in Exchange Online; ask your administrator for a licence"
        }
        CalendarFault::Elsewhere => {
            "your mailbox is not in Exchange Online; invite the room in Outlook instead"
        }
        CalendarFault::UnknownAddress => "it does not know your address; ask your administrator",
        CalendarFault::TenantGone => {
            "Etage is no longer connected to your organisation; ask your administrator"
        }
        CalendarFault::NoMailbox => "it does not find the mailbox",
        CalendarFault::Unexpected => "its answer made no sense to us",
    }
}

/// The state of a room that is kept for a draft: the person sends it, not we.
pub const KEPT_FOR_DRAFT: &str = "Kept for your invitation in Outlook until you send it.";
/// Heading of the page.
pub const MINE: &str = "My reservations";
/// Nobody is signed in any more.
pub const SIGN_IN_NEEDED: &str = "Sign in to see how your reservations stand now.";
/// Heading: those to come.
pub const UPCOMING: &str = "Upcoming";
/// Heading: those that are over.
pub const PAST: &str = "Past and declined";
/// There are none.
pub const NONE: &str = "You have no reservations.";
/// What to do then.
pub const NONE_HINT: &str = "Find a room on the plan and book it; it shows up here.";
/// Asks before a reservation is taken back.
pub const CANCEL_QUESTION: &str = "The invitation is withdrawn and the room is free again.";
/// The button while it works.
pub const CANCELLING: &str = "Cancelling";
/// Opens the field for somebody else's address.
pub const FOR_SOMEBODY: &str = "Book for somebody else";
/// That field.
pub const OWNER: &str = "Their address";
/// What is good to know of it.
pub const OWNER_HINT: &str =
    "It stands in their calendar; they must have shared it with you in Outlook.";

/// Whom it was placed for.
pub fn placed_for(owner: &str) -> String {
    format!("For {owner}")
}

/// The tick that has the next best room taken without asking again.
pub const SWAP: &str = "If it says no, take the next best room";
/// The button while it works.
pub const BOOKING: &str = "Booking";

/// Heading and title of the page of one of them.
pub const ONE: &str = "My reservation";
/// The button that gives it the chosen time and room.
pub const CHANGE: &str = "Change";
/// The button while it works.
pub const CHANGING: &str = "Changing";
/// Said instead of the fields that could not hold it.
pub const SEVERAL_DAYS: &str =
    "It goes on over midnight. Change its time in Outlook; it shows here by itself.";
/// Leads to where the meeting can be changed.
pub const OPEN_IN_OUTLOOK: &str = "Open in Outlook";
/// Heading of the ways to give it back.
pub const GIVE_BACK: &str = "No longer needed?";
/// Takes the room out of the meeting.
pub const GIVE_BACK_ROOM: &str = "Give back only the room";
/// Takes the meeting back with the room.
pub const CANCEL_MEETING: &str = "Cancel the meeting";
/// Asks before the room is given back.
pub const GIVE_BACK_QUESTION: &str =
    "The room is free again. The meeting stays in your calendar, without it.";
/// The button that has the room decline.
pub const DECLINE_ROOM: &str = "Have the room decline";
/// Asks before it does.
pub const DECLINE_QUESTION: &str = "The room declines and is free again. The meeting stays in the calendar as it is, with the room's no.";
/// The person is sure.
pub const CONFIRM_DECLINE: &str = "Yes, have it decline";
/// The person is sure.
pub const CONFIRM_GIVE_BACK: &str = "Yes, give it back";

/// Told after placing, by where the reservation stands.
pub fn placed(state: ReservationState, room: &str, when: &str) -> String {
    match state {
        ReservationState::Confirmed | ReservationState::CheckedIn => {
            format!("{room} is reserved for you, {when}.")
        }
        ReservationState::Declined => {
            format!("{room} declined: it is taken then, or takes no reservation for that time.")
        }
        ReservationState::Held => {
            format!(
                "{room} is kept for you. Exchange has not answered yet; it is sent as soon as it does."
            )
        }
        _ => format!("Sent. Waiting for {room} to answer."),
    }
}

/// What there is to know of it, a line each, to be copied or taken along.
pub fn details(room: &Room, building: &str, floor: &str, range: TimeRange) -> String {
    let floor = super::room::floor(floor).to_lowercase();
    let when = clock::dated_span(range, &room.zone);
    let zone = clock::zone_note(&room.zone);
    format!("{}\n{building}, {floor}\n{when}\n{zone}\n", room.name)
}

/// Opens what can be copied.
pub const DETAILS: &str = "Details to copy";
/// Leads to the file for other calendars.
pub const CALENDAR_FILE: &str = "File for other calendars";
/// Leads to a room that would do in the place of one that said no.
pub fn book_instead(number: &str) -> String {
    format!("Book {number}")
}

/// Said before the room that was taken in its place.
pub fn said_no(room: &str) -> String {
    format!("{room} said no.")
}

/// The next best room, after one said no.
pub fn take_instead(number: &str) -> String {
    format!("Take {number} instead?")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_room_that_declined_is_named_with_the_reason() {
        let told = |state, note: Option<StateNote>| story(state, note.as_ref(), "Room 3078");
        assert_eq!(
            told(ReservationState::Declined, Some(StateNote::DeclinedByRoom)),
            "Declined by Room 3078: it is taken then, or takes no reservation for that time."
        );
        assert_eq!(
            told(ReservationState::Held, Some(StateNote::SignInAgain)),
            "Being sent to Exchange. Microsoft no longer lets us act for you. Sign in again, and it goes on by itself."
        );
        let failed = StateNote::CancellationFailed {
            fault: CalendarFault::Denied,
            incident: "0A1B-2C3D".to_owned(),
        };
        assert_eq!(
            told(ReservationState::Cancelled, Some(failed)),
            "Not cancelled in Exchange: it does not allow us to; ask your administrator. \
             The meeting stands, and the room with it. Cancel once more, or in Outlook. (Incident 0A1B-2C3D)"
        );
        let swapped = StateNote::Swapped {
            instead_of: "1066".to_owned(),
        };
        assert_eq!(
            told(ReservationState::Confirmed, Some(swapped)),
            "Accepted. Room 1066 said no, so this room was taken, as you asked."
        );
        assert_eq!(
            told(
                ReservationState::Declined,
                Some(StateNote::NoneInstead { asked: 3 })
            ),
            "Declined by 3 rooms, Room 3078 the last, and no other that would do is free then."
        );
        assert_eq!(
            told(ReservationState::Declined, Some(StateNote::DeclinedLate)),
            "Declined by Room 3078, after it had accepted. The meeting has no room now."
        );
        assert_eq!(
            told(ReservationState::Submitted, None),
            "Waiting for the room's answer."
        );
    }
}
