//! Headings and sentences of whole pages.

use super::room;

/// The product.
pub const PRODUCT: &str = "Etage";
/// Heading of the search.
pub const FIND_A_ROOM: &str = "Find a room";
/// Title of the review page.
pub const REVIEW: &str = "Components in all states";
/// Heading over the best three.
pub const BEST: &str = "Best for this meeting";
/// Heading over rooms that a small change would open.
pub const WOULD_FIT_IF: &str = "Would fit if";
/// Heading over rooms that are free.
pub const FREE: &str = "Free";
/// Heading over rooms that are not to be had.
pub const NOT_FREE: &str = "Not free";
/// There is no such page.
pub const NOT_FOUND: &str = "There is no such page.";
/// The list of everything.
pub const ALL_ROOMS: &str = "All rooms";
/// Names the filter chips.
pub const FILTERS: &str = "Filters";
/// The page needs a person.
pub const SIGN_IN_NEEDED: &str = "Sign in to see which rooms are free.";
/// What signing in gives.
pub const SIGN_IN_HINT: &str = "You book with your own Microsoft account, as from Outlook.";
/// The first answer is on its way.
pub const SEARCHING: &str = "Looking for rooms";
/// The plan is on its way.
pub const LOADING_PLAN: &str = "Loading the plan";
/// No building is known.
pub const NO_BUILDING: &str = "There are no rooms yet.";
/// What to do then.
pub const NO_BUILDING_HINT: &str =
    "Rooms appear here by themselves once a connection to Microsoft 365 has read them.";
/// Nothing is free and fits.
pub const NO_HITS: &str = "No room is free and fits.";
/// What to do then.
pub const NO_HITS_HINT: &str = "Try another time, fewer filters or another floor.";

/// `16 rooms free and fitting`.
pub fn free_and_fitting(count: u32) -> String {
    match count {
        0 => NO_HITS.to_owned(),
        _ => format!("{} free and fitting", room::rooms(count)),
    }
}

/// `16 free · 22 not`.
pub fn free_of_all(free: u32, all: u32) -> String {
    format!("{free} free · {} not", all.saturating_sub(free))
}

/// The pane's own sentences.
pub mod pane {
    /// The pane is reading the draft.
    pub const READING_DRAFT: &str = "Reading your draft";
    /// Outlook did not give a token.
    pub const SIGN_IN_FAILED: &str =
        "Outlook did not sign you in. Check that you are online, then try again.";
    /// The pane was opened outside Outlook.
    pub const NOT_IN_OUTLOOK: &str =
        "This page belongs into Outlook. Open an appointment and choose Etage.";
    /// Under the card of a room that is in the draft.
    pub const ADDED: &str = "Added. The room answers when you send.";
    /// While Exchange and Outlook are asked.
    pub const ADDING: &str = "Adding";
    /// The room accepted.
    pub const ACCEPTED: &str = "Accepted";
    /// The room said no.
    pub const DECLINED: &str = "Declined";
    /// The room has not answered.
    pub const NO_ANSWER_YET: &str = "Sent. The room has not answered yet.";
    /// Outlook did not do it.
    pub const ADD_FAILED: &str =
        "Outlook did not add the room. Try again, or add it as an attendee yourself.";
    /// Outlook left the room in the draft.
    pub const REMOVE_FAILED: &str =
        "Outlook did not remove the room. Try again, or take it out of the form yourself.";
    /// Heading for somebody who only reads the appointment.
    pub const YOUR_ROOM: &str = "Your room";
    /// The appointment has no room that is known.
    pub const NO_ROOM: &str = "This meeting has no room on our plans.";
    /// What to do then.
    pub const NO_ROOM_HINT: &str = "See the location in the invitation, or ask whoever sent it.";
    /// The draft repeats, in a way that could not be followed.
    pub const FIRST_ONLY: &str = "This repeats. Etage looked at the first meeting only; \
        Exchange decides on the others.";
    /// The draft has no end after its start.
    pub const NO_TIME: &str = "Give the appointment a start and an end.";

    /// The room went away between looking and adding.
    pub fn just_taken(room: &str, reason: &str) -> String {
        format!("{room} is no longer free. {reason}")
    }

    /// Outlook did not give the draft the other time.
    pub const MOVE_FAILED: &str =
        "Outlook did not change the time. Change it in the form yourself.";

    /// The button that gives the draft another time: `Change the meeting: free at 11:00`.
    pub fn change_meeting(remedy: &str) -> String {
        let mut letters = remedy.chars();
        let first = letters.next().map(|first| first.to_lowercase().to_string());
        format!(
            "Change the meeting: {}{}",
            first.unwrap_or_default(),
            letters.as_str()
        )
    }

    /// The draft moved and the room is not free at the new time.
    pub fn moved_away(room: &str, reason: &str) -> String {
        format!("At the new time {room} is not free. {reason}")
    }

    /// The draft repeats: `This repeats. Rooms shown are free for all 12 meetings.`
    pub fn free_for_all(meetings: usize) -> String {
        if meetings == 1 {
            "This repeats. One meeting is still to come.".to_owned()
        } else {
            format!("This repeats. Rooms shown are free for all {meetings} meetings.")
        }
    }

    /// The draft repeats for longer than rooms can be booked.
    pub fn free_until(meetings: usize, day: &str) -> String {
        format!(
            "This repeats. Rooms shown are free for the next {meetings} meetings, until {day}; \
             Exchange decides on later ones."
        )
    }

    /// A room said no after sending: `Declined by Room 3078: it is taken then. Take 3081 on
    /// floor 3?`
    pub fn declined(room: &str, next: Option<&str>) -> String {
        let next = next.map_or_else(String::new, |next| format!(" Take {next}?"));
        format!("Declined by {room}: it is taken then.{next}")
    }

    /// The room to take instead, with its floor where that is another one.
    pub fn next_room(number: &str, other_floor: Option<&str>) -> String {
        other_floor.map_or_else(
            || format!("{number} on the same floor"),
            |floor| format!("{number} on floor {floor}"),
        )
    }
}
