//! How true the mirror of a room is, for whoever looks at the room: one quiet line, and what is behind it.

use booking::mirror::{LagShown, MirrorState, PolledBecause, Reading, RoomMirror};
use booking::time::Instant;

use super::admin::sync::took;
use super::freshness;

/// `In sync as of 40 s ago · notified · compared 3 h ago`.
pub fn line(mirror: &RoomMirror, reading: Reading, now: Instant) -> String {
    let age = |at: Instant| freshness::age(now.since_ms(at));
    let standing = match (mirror.state, mirror.in_sync_as_of.map(age)) {
        (MirrorState::Failing, None) => "Cannot be read".to_owned(),
        (_, None) => "Not read yet".to_owned(),
        (MirrorState::Failing, Some(age)) => format!("Cannot be read now, last read {age}"),
        (MirrorState::Late, Some(age)) => format!("Behind, last read {age}"),
        (MirrorState::InSync | MirrorState::Waiting, Some(age)) => format!("In sync as of {age}"),
    };
    let watch = mirror.polled.map_or_else(
        || "notified".to_owned(),
        |because| format!("polled: {}", why(because)),
    );
    let compared = match (reading, mirror.checked_at) {
        (Reading::FreeBusyOnly, _) => "not compared: free and busy only".to_owned(),
        (Reading::Events, Some(at)) => format!("compared {}", age(at)),
        (Reading::Events, None) => "not compared yet".to_owned(),
    };
    [standing, watch, compared].join(" · ")
}

/// `95 of 100 changes were shown within 5 s.`
pub fn lag(lag: &LagShown) -> String {
    match (lag.samples, lag.p95_ms) {
        (0, _) => "How long its changes take was not measured yet.".to_owned(),
        (_, Some(_)) => format!("95 of 100 changes were shown within {}.", took(lag.p95_ms)),
        (_, None) => "Some changes took more than an hour to be shown.".to_owned(),
    }
}

/// For somebody who can do nothing about it.
const fn why(because: PolledBecause) -> &'static str {
    match because {
        PolledBecause::SwitchedOff => "notifications are off",
        PolledBecause::NotYet => "not subscribed yet",
        PolledBecause::Limit => "too many subscriptions",
        PolledBecause::Permission => "not permitted to subscribe",
        PolledBecause::Application => "Microsoft refuses Etage",
        PolledBecause::ServiceAccount => "the service account is signed out",
        PolledBecause::Hybrid => "not in Exchange Online",
        PolledBecause::Unsupported => "its calendar cannot notify",
        PolledBecause::Failing => "subscribing fails",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Instant = Instant(1_800_000_000_000);

    fn mirror() -> RoomMirror {
        RoomMirror {
            state: MirrorState::InSync,
            in_sync_as_of: Some(NOW.plus_ms(-40_000)),
            polled: None,
            checked_at: Some(NOW.plus_ms(-3 * 3_600_000)),
            lag: LagShown {
                samples: 9,
                p50_ms: Some(1_000),
                p95_ms: Some(5_000),
            },
        }
    }

    #[test]
    fn a_room_says_as_of_when_how_changes_are_learnt_of_and_when_it_was_compared() {
        let mut mirror = mirror();
        let told = |mirror: &RoomMirror, reading| line(mirror, reading, NOW);
        assert_eq!(
            told(&mirror, Reading::Events),
            "In sync as of 40 s ago · notified · compared 3 h ago"
        );
        mirror.polled = Some(PolledBecause::Hybrid);
        assert_eq!(
            told(&mirror, Reading::FreeBusyOnly),
            "In sync as of 40 s ago · polled: not in Exchange Online · not compared: free and busy only"
        );
        mirror.state = MirrorState::Failing;
        mirror.checked_at = None;
        assert_eq!(
            told(&mirror, Reading::Events),
            "Cannot be read now, last read 40 s ago · polled: not in Exchange Online · not compared yet"
        );
    }

    #[test]
    fn how_long_changes_take_is_told_where_it_is_known() {
        assert_eq!(
            lag(&mirror().lag),
            "95 of 100 changes were shown within 5 s."
        );
        let long = LagShown {
            samples: 1,
            ..LagShown::default()
        };
        assert_eq!(
            lag(&long),
            "Some changes took more than an hour to be shown."
        );
        assert!(lag(&LagShown::default()).contains("not measured yet"));
    }
}
