//! How the mirrors of rooms stand, in words.

mod all_rooms;
mod file;
mod one_room;

use booking::mirror::MirrorState;
use booking::rooms_overview::{Only, Order};
use booking::time::Instant;

use crate::text::{freshness, room};

pub use all_rooms::{checks, reading_all, result, run, summary};
pub use file::{HEAD, line};
pub use one_room::{as_of, check, fingerprint, found, heard, held, lag, took, watch, why};

/// Heading of the page.
pub const TITLE: &str = "Sync of rooms";
/// No room is linked.
pub const NO_ROOMS: &str = "No room is linked to a mailbox yet.";
/// What to do then.
pub const NO_ROOMS_HINT: &str = "Whoever runs the server links rooms with “etage link-rooms”; they are read by themselves from then on.";
/// The filters leave no room.
pub const NONE_MATCH: &str = "No room matches.";
/// What to do then.
pub const NONE_MATCH_HINT: &str = "Try another word or fewer filters.";
/// Takes the filters off.
pub const SHOW_ALL: &str = "Show all rooms";

/// Field: words in names.
pub const SEARCH: &str = "Number, name or mailbox";
/// Names the filters by how rooms stand.
pub const STATES: &str = "How rooms stand";
/// Choice: no building in particular.
pub const ALL_BUILDINGS: &str = "All buildings";
/// Field: what comes first.
pub const ORDER: &str = "Order";

/// Column: how the mirror stands.
pub const STATE: &str = "State";
/// Column: as of when the mirror is true.
pub const AGE: &str = "In sync as of";
/// Column: how long changes take.
pub const LAG: &str = "Changes take";
/// Column: how we learn of changes.
pub const WATCH: &str = "Notifications";
/// Column: the last comparison of the whole calendar.
pub const CHECK: &str = "Last full check";
/// Column: a hash of what calendar and mirror had in common then.
pub const FINGERPRINT: &str = "Fingerprint";
/// Column: what can be done.
pub const ACT: &str = "Sync";
/// Names the way through the pages.
pub const PAGES: &str = "Pages";
/// The page before.
pub const EARLIER: &str = "Previous";
/// The page after.
pub const LATER: &str = "Next";

/// Reads one room.
pub const SYNC: &str = "Sync now";
/// Reads all rooms.
pub const SYNC_ALL: &str = "Sync all rooms now";
/// While they are being read.
pub const SYNCING_ALL: &str = "Reading all rooms";
/// A room is being read.
pub const READING: &str = "Being read";
/// A room was read.
pub const READ: &str = "Read, and in sync";
/// A room could not be read.
pub const NOT_READ: &str = "Could not be read";

/// Reads one room, for screen readers: `Sync room 1066 now`.
pub fn sync_room(number: &str) -> String {
    format!("Sync {} now", room::name(number).to_lowercase())
}

/// How a mirror stands.
pub const fn state(state: MirrorState) -> &'static str {
    match state {
        MirrorState::Waiting => "Being read for the first time",
        MirrorState::InSync => "In sync",
        MirrorState::Late => "Behind",
        MirrorState::Failing => "Cannot be read",
    }
}

/// The word for it in `data-state` attributes; never translated.
pub const fn state_key(state: MirrorState) -> &'static str {
    match state {
        MirrorState::Waiting => "waiting",
        MirrorState::InSync => "in_sync",
        MirrorState::Late => "late",
        MirrorState::Failing => "failing",
    }
}

/// The filter for rooms that stand so.
pub const fn only(only: Only) -> &'static str {
    match only {
        Only::Failing => "Cannot be read",
        Only::Late => "Behind",
        Only::Waiting => "Not read yet",
        Only::InSync => "In sync",
        Only::Polled => "Polled",
        Only::FreeBusyOnly => "Free and busy only",
    }
}

/// The order by which a list stands, as its column is called.
pub const fn order(order: Order) -> &'static str {
    match order {
        Order::Room => "Room",
        Order::State => STATE,
        Order::Age => AGE,
        Order::Lag => LAG,
        Order::Check => CHECK,
    }
}

/// `Rooms 51 to 100 of 1000`.
pub fn span(first: u32, last: u32, all: u32) -> String {
    match all {
        0..=1 => room::rooms(all),
        _ => format!("Rooms {first} to {last} of {all}"),
    }
}

/// `As they stood 3 s ago`: how old what is shown is.
pub fn read_at(at: Instant, now: Instant) -> String {
    format!("As they stood {}", freshness::age(now.since_ms(at)))
}

/// `Download 38 rooms as CSV`: all that match, on whatever page they are.
pub fn download(matching: u32) -> String {
    format!("Download {} as CSV", room::rooms(matching))
}
