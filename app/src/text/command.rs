//! What buttons, links and fields are called.

/// Adds the room to the draft in Outlook.
pub const ADD: &str = "Add";
/// Places a reservation.
pub const BOOK: &str = "Book";
/// Takes a reservation back.
pub const CANCEL_RESERVATION: &str = "Cancel";
/// The second click that really takes it back.
pub const CONFIRM_CANCEL: &str = "Yes, cancel it";
/// Leaves everything as it is.
pub const KEEP: &str = "Keep it";
/// Closes a dialog without doing anything.
pub const BACK: &str = "Back";
/// Closes something that says all is done.
pub const CLOSE: &str = "Close";
/// Does again what did not work.
pub const TRY_AGAIN: &str = "Try again";
/// Leads to the search as it is at first, out of an address that leads nowhere.
pub const START_OVER: &str = "Start over with an empty search";
/// Leads to the sign-in.
pub const SIGN_IN: &str = "Sign in";
/// Ends the session.
pub const SIGN_OUT: &str = "Sign out";
/// Puts the room in the place of the one in the draft: a draft has one room.
pub const SWAP: &str = "Swap";
/// Takes the room out of the draft.
pub const REMOVE: &str = "Remove";
/// Leads from a declined reservation to the search, at the same time.
pub const FIND_ANOTHER: &str = "Find another room at that time";
/// Leads to the page of one reservation, where its time and room are changed.
pub const CHANGE_RESERVATION: &str = "Change";
/// Field: which room.
pub const ROOM: &str = "Room";
/// Opens the fields of what is asked for.
pub const CHANGE: &str = "Change what is asked for";
/// Closes them.
pub const DONE: &str = "Done";
/// Jumps over the header.
pub const SKIP_TO_CONTENT: &str = "Skip to the content";
/// Jumps over what is asked for.
pub const SKIP_TO_ROOMS: &str = "Skip to the rooms";

/// Field: the day.
pub const DAY: &str = "Day";
/// Said when the end does not come after the start.
pub const TIMES_REVERSED: &str = "The end must be after the start.";

/// Field: start of the meeting.
pub const FROM: &str = "From";
/// Field: end of the meeting.
pub const TO: &str = "To";
/// Field: people who will sit in the room.
pub const PEOPLE: &str = "People in the room";
/// Field: which building.
pub const BUILDING: &str = "Building";
/// Field: what the meeting is about.
pub const SUBJECT: &str = "Subject";
/// Under the subject: it may stay empty.
pub const SUBJECT_HINT: &str = "Shown in your calendar. You may leave it empty.";
/// Filter: reachable without steps.
pub const STEP_FREE: &str = "Step-free";

/// Book, with the time it is for: `Book 10:00–11:00`.
pub fn book_span(span: &str) -> String {
    format!("Book {span}")
}

/// Add, for screen readers: `Add room 1066`.
pub fn add_room(number: &str) -> String {
    format!("Add room {number}")
}

/// Swap, for screen readers: `Swap: add room 1066, remove room 1070`.
pub fn swap_room(number: &str, old: &str) -> String {
    format!("Swap: add room {number}, remove room {old}")
}

/// Remove, for screen readers: `Remove room 1066`.
pub fn remove_room(number: &str) -> String {
    format!("Remove room {number}")
}

/// The button beside a room's refusal: `Swap to 1066`.
pub fn swap_to(number: &str) -> String {
    format!("Swap to {number}")
}

/// Book, for screen readers: `Book room 1066`.
pub fn book_room(number: &str) -> String {
    format!("Book room {number}")
}

/// A filter and how many rooms it would leave, for screen readers.
pub fn filter_leaves(filter: &str, rooms: u32) -> String {
    format!("{filter}, leaves {}", super::room::rooms(rooms))
}

/// The filter chip of one floor: `Floor 1`.
pub fn floor(label: &str) -> String {
    format!("Floor {label}")
}
