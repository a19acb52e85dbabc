//! How the mirror of one room stands.

use booking::mirror::{Checks, LagShown, Reading, RoomHealth, Watch};
use booking::time::Instant;

use crate::text::freshness;

/// Of blocks without names there is nothing that a second reading could be compared with.
pub(super) const NOT_COMPARED: &str = "Not compared: free and busy only";

/// What is good to know about how a room stands: why it cannot be read, or what of it can, and what would help. Empty:
/// nothing.
pub fn why(health: &RoomHealth) -> String {
    let mut sentences = Vec::new();
    if let Some(error) = &health.last_error {
        sentences.push(as_sentence(error));
    }
    if health.reading == Reading::FreeBusyOnly {
        sentences.push("Free and busy only: no organizers.".to_owned());
    }
    sentences.extend(health.what_to_run.clone());
    sentences.join(" ")
}

/// With a capital at its front and a stop at its end.
fn as_sentence(text: &str) -> String {
    let mut letters = text.trim().chars();
    let first: String = letters
        .next()
        .into_iter()
        .flat_map(char::to_uppercase)
        .collect();
    let mut sentence = first + letters.as_str();
    if !sentence.ends_with(['.', '!', '?']) {
        sentence.push('.');
    }
    sentence
}

/// `40 s ago`.
pub fn as_of(health: &RoomHealth, now: Instant) -> String {
    health.in_sync_as_of.map_or_else(
        || "Never read".to_owned(),
        |at| freshness::age(now.since_ms(at)),
    )
}

/// `1 s, 95 of 100 at most 5 s`.
pub fn lag(lag: &LagShown) -> String {
    if lag.samples == 0 {
        return "Not measured yet".to_owned();
    }
    format!(
        "{}, 95 of 100 at most {}",
        took(lag.p50_ms),
        took(lag.p95_ms)
    )
}

/// `5 s`: as long as something took at most. `None`: longer than is measured.
pub fn took(ms: Option<i64>) -> String {
    ms.map_or_else(|| "more than an hour".to_owned(), duration)
}

/// `0.7 s`, `12 s`, `4 min`, `2 h`, `2 days`.
fn duration(ms: i64) -> String {
    match ms {
        ..1_000 => format!("0.{} s", (ms.max(100)) / 100),
        1_000..60_000 => format!("{} s", ms / 1_000),
        60_000..3_600_000 => format!("{} min", ms / 60_000),
        3_600_000..172_800_000 => format!("{} h", ms / 3_600_000),
        _ => format!("{} days", ms / 86_400_000),
    }
}

/// How long it is until then, as `40 s`.
pub(super) fn left(until: Instant, now: Instant) -> String {
    duration(until.since_ms(now).max(0))
}

/// `Microsoft asked us to wait, for 40 s yet`. Empty: it did not.
pub fn held(health: &RoomHealth, now: Instant) -> String {
    health.held_until.map_or_else(String::new, |until| {
        format!("Microsoft asked us to wait, for {} yet", left(until, now))
    })
}

/// How we learn of changes.
pub fn watch(watch: &Watch, now: Instant) -> String {
    match watch {
        Watch::Pushed { until } => {
            format!("Microsoft notifies us, for {} yet", left(*until, now))
        }
        Watch::Polled { because, .. } => format!("Polled. {}", because.sentence()),
    }
}

/// When a notification came last, and how many were missed; or why the calendar system sends none, in its own words.
/// Empty: nothing is known.
pub fn heard(health: &RoomHealth, now: Instant) -> String {
    let mut heard = match (&health.watch, health.notified_at) {
        (Watch::Polled { said, .. }, _) => {
            return said.as_deref().map(as_sentence).unwrap_or_default();
        }
        (Watch::Pushed { .. }, None) => "No change was told yet.".to_owned(),
        (Watch::Pushed { .. }, Some(at)) => {
            format!("The last came {}.", freshness::age(now.since_ms(at)))
        }
    };
    match health.trust.missed {
        0 => {}
        1 => heard.push_str(" 1 change was found that none had announced."),
        missed => heard.push_str(&format!(
            " {missed} changes were found that none had announced."
        )),
    }
    heard
}

/// When the whole calendar was compared last, or why it is not.
pub fn check(health: &RoomHealth, now: Instant) -> String {
    match (health.reading, health.checks.at) {
        (Reading::FreeBusyOnly, _) => NOT_COMPARED.to_owned(),
        (Reading::Events, Some(at)) => freshness::age(now.since_ms(at)),
        (Reading::Events, None) => "Not yet".to_owned(),
    }
}

/// What calendar and mirror had in common after it, as 32 digits. Empty: they were never compared.
pub fn fingerprint(health: &RoomHealth) -> String {
    match (health.reading, health.checks.fingerprint) {
        (Reading::Events, Some(fingerprint)) => fingerprint.to_string(),
        (Reading::FreeBusyOnly, _) | (Reading::Events, None) => String::new(),
    }
}

/// What such comparisons have found. Empty: there was none yet.
pub fn found(checks: &Checks, now: Instant) -> String {
    match (checks.at, checks.found_at) {
        (None, _) => String::new(),
        (Some(_), None) => "Found nothing wrong".to_owned(),
        (Some(_), Some(at)) => format!(
            "{} found, the last {}; {} repaired",
            differences(checks.found),
            freshness::age(now.since_ms(at)),
            checks.repaired
        ),
    }
}

pub(super) fn differences(count: u32) -> String {
    match count {
        1 => "1 difference".to_owned(),
        _ => format!("{count} differences"),
    }
}

#[cfg(test)]
mod tests {
    use booking::mirror::PolledBecause;

    use super::*;

    const NOW: Instant = Instant(1_800_000_000_000);

    #[test]
    fn a_room_that_does_not_notify_says_why() {
        let polled = Watch::Polled {
            because: PolledBecause::SwitchedOff,
            said: None,
        };
        assert!(watch(&polled, NOW).starts_with("Polled. Etage has no https address"));
        let pushed = Watch::Pushed {
            until: NOW.plus_ms(50 * 3_600_000),
        };
        assert_eq!(watch(&pushed, NOW), "Microsoft notifies us, for 2 days yet");
        assert_eq!(
            as_sentence("the calendar system denies this"),
            "The calendar system denies this."
        );
    }
}
