//! The table of rooms as a file for spreadsheets: a line for each room, times in UTC and durations in milliseconds.

use booking::mirror::{Reading, RoomHealth, Watch};
use booking::time::Instant;

use super::{one_room, state};

/// What stands above each column.
pub const HEAD: [&str; 19] = [
    "Room",
    "Name",
    "Building",
    "Mailbox",
    "State",
    "Why",
    "In sync as of (UTC)",
    "What is read",
    "Notifications",
    "Why polled",
    "Last notification (UTC)",
    "Changes not announced",
    "Changes measured",
    "Half took at most (ms)",
    "95 of 100 took at most (ms)",
    "Last full check (UTC)",
    "Differences found",
    "Differences repaired",
    "Last failed (UTC)",
];

/// A room's line. `time` writes an instant. What is not known, or was never, is empty.
pub fn line(
    building: &str,
    room: &RoomHealth,
    time: impl Fn(Instant) -> String,
) -> [String; HEAD.len()] {
    let optional = |at: Option<Instant>| at.map(&time).unwrap_or_default();
    let (notifies, why_polled) = match &room.watch {
        Watch::Pushed { .. } => ("Notified", ""),
        Watch::Polled { because, .. } => ("Polled", because.sentence()),
    };
    let reading = match room.reading {
        Reading::Events => "Events",
        Reading::FreeBusyOnly => "Free and busy only",
    };
    [
        room.number.clone(),
        room.name.clone(),
        building.to_owned(),
        room.mailbox.to_string(),
        state(room.state).to_owned(),
        one_room::why(room),
        optional(room.in_sync_as_of),
        reading.to_owned(),
        notifies.to_owned(),
        why_polled.to_owned(),
        optional(room.notified_at),
        room.trust.missed.to_string(),
        room.lag.samples.to_string(),
        took(room, room.lag.p50_ms),
        took(room, room.lag.p95_ms),
        optional(room.checks.at),
        room.checks.found.to_string(),
        room.checks.repaired.to_string(),
        optional(room.failed_at),
    ]
}

fn took(room: &RoomHealth, ms: Option<i64>) -> String {
    match ms {
        Some(ms) => ms.to_string(),
        None if room.lag.samples > 0 => "more than an hour".to_owned(),
        None => String::new(),
    }
}
