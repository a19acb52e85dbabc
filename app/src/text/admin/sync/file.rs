//! The table of rooms as a file for spreadsheets: a line for each room, times in UTC and durations in milliseconds.

use booking::mirror::{Reading, RoomHealth, Watch};
use booking::time::Instant;

use super::{one_room, state};

/// What stands above each column.
pub const HEAD: [&str; 20] = [
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
    "Fingerprint",
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
        fingerprint(room),
        room.checks.found.to_string(),
        room.checks.repaired.to_string(),
        optional(room.failed_at),
    ]
}

/// Also why there is none.
fn fingerprint(room: &RoomHealth) -> String {
    match room.reading {
        Reading::Events => one_room::fingerprint(room),
        Reading::FreeBusyOnly => one_room::NOT_COMPARED.to_owned(),
    }
}

fn took(room: &RoomHealth, ms: Option<i64>) -> String {
    match ms {
        Some(ms) => ms.to_string(),
        None if room.lag.samples > 0 => "more than an hour".to_owned(),
        None => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use booking::ids::{BuildingId, MailboxAddress, RoomId};
    use booking::mirror::{Checks, Fingerprint, LagShown, MirrorState, PolledBecause, PushTrust};
    use uuid::Uuid;

    use super::*;

    fn compared(reading: Reading) -> RoomHealth {
        RoomHealth {
            room: RoomId(Uuid::from_u128(1)),
            building: BuildingId(Uuid::from_u128(2)),
            number: "1.04".to_owned(),
            name: "Lake".to_owned(),
            mailbox: MailboxAddress::parse("lake@contoso.com").unwrap(),
            state: MirrorState::InSync,
            in_sync_as_of: None,
            reading,
            watch: Watch::Polled {
                because: PolledBecause::NotYet,
                said: None,
            },
            trust: PushTrust::default(),
            notified_at: None,
            next_poll_at: Instant(0),
            lag: LagShown::default(),
            checks: Checks {
                at: Some(Instant(0)),
                fingerprint: Some(Fingerprint(0xfeed)),
                ..Checks::default()
            },
            last_error: None,
            what_to_run: None,
            failed_at: None,
            asked: None,
            held_until: None,
        }
    }

    #[test]
    fn a_room_has_its_fingerprint_or_why_it_has_none() {
        let at = HEAD.iter().position(|head| *head == "Fingerprint").unwrap();
        let told =
            |reading| line("Harbour House", &compared(reading), |_| String::new())[at].clone();
        assert_eq!(told(Reading::Events), "0000000000000000000000000000feed");
        assert_eq!(
            told(Reading::FreeBusyOnly),
            "Not compared: free and busy only"
        );
    }
}
