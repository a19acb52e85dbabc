//! How the mirrors of rooms stand, in words.

use booking::mirror::{
    Checks, LagShown, MirrorState, MirrorTotals, Reading, RoomHealth, SyncRun, Watch,
};
use booking::rooms_overview::{Only, Order};
use booking::time::Instant;

use crate::text::{freshness, room};

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

/// `38 rooms: 36 in sync, 1 behind, 1 cannot be read. The oldest was read 40 s ago. Changes take 1 s, 95 of 100 at most 5 s.`
pub fn summary(totals: &MirrorTotals, now: Instant) -> String {
    let parts: Vec<String> = [
        (totals.in_sync, "in sync"),
        (totals.late, "behind"),
        (totals.waiting, "not read yet"),
        (totals.failing, "cannot be read"),
    ]
    .into_iter()
    .filter(|(count, word)| *count > 0 || *word == "in sync")
    .map(|(count, word)| format!("{count} {word}"))
    .collect();
    let mut line = format!("{}: {}.", room::rooms(totals.rooms), parts.join(", "));
    if let Some(at) = totals.in_sync_as_of {
        let age = freshness::age(now.since_ms(at));
        line.push_str(&format!(" The oldest was read {age}."));
    }
    if totals.lag.samples > 0 {
        line.push_str(&format!(" Changes take {}.", lag(&totals.lag)));
    }
    line
}

/// What full checks of all rooms have found so far. Empty: there were none.
pub fn checks(totals: &MirrorTotals) -> String {
    match (totals.checks, totals.found) {
        (0, _) => String::new(),
        (checks, 0) => format!("{}, none found a difference.", full_checks(checks)),
        (checks, found) => format!(
            "{} found {}; {} repaired.",
            full_checks(checks),
            differences(found),
            totals.repaired
        ),
    }
}

fn full_checks(count: u32) -> String {
    match count {
        1 => "1 full check".to_owned(),
        _ => format!("{count} full checks"),
    }
}

fn differences(count: u32) -> String {
    match count {
        1 => "1 difference".to_owned(),
        _ => format!("{count} differences"),
    }
}

/// What is good to know about how a room stands: why it cannot be read, or what of it can. Empty: nothing.
pub fn why(health: &RoomHealth) -> String {
    let mut sentences = Vec::new();
    if let Some(error) = &health.last_error {
        sentences.push(as_sentence(error));
    }
    if health.reading == Reading::FreeBusyOnly {
        sentences.push("Free and busy only: no organizers.".to_owned());
    }
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
    let took = |ms: Option<i64>| ms.map_or_else(|| "more than an hour".to_owned(), duration);
    format!(
        "{}, 95 of 100 at most {}",
        took(lag.p50_ms),
        took(lag.p95_ms)
    )
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

/// How we learn of changes.
pub fn watch(watch: &Watch, now: Instant) -> String {
    match watch {
        Watch::Pushed { until } => {
            let left = until.since_ms(now).max(0);
            format!("Microsoft notifies us, for {} yet", duration(left))
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

/// When the whole calendar was compared last.
pub fn check(checks: &Checks, now: Instant) -> String {
    checks.at.map_or_else(
        || "Not yet".to_owned(),
        |at| freshness::age(now.since_ms(at)),
    )
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

/// All rooms are being read: said once.
pub fn reading_all(total: u32) -> String {
    format!("Reading {}.", room::rooms(total))
}

/// How far reading all rooms is, or what came of it and when.
pub fn run(run: &SyncRun, now: Instant) -> String {
    if run.is_running() {
        let failed = match run.failed {
            0 => String::new(),
            count => format!(", {count} could not be"),
        };
        format!("{} of {} read{failed}.", run.done, run.total)
    } else {
        let age = freshness::age(now.since_ms(run.started_at));
        format!("Asked for {age}: {}", result(run))
    }
}

/// What came of reading all rooms.
pub fn result(run: &SyncRun) -> String {
    match run.failed {
        0 => format!("all {} were read.", room::rooms(run.total)),
        failed => format!(
            "{} of {} were read, {failed} could not be. What failed is tried again by itself.",
            run.done,
            room::rooms(run.total)
        ),
    }
}

/// `Rooms 51 to 100 of 1000`.
pub fn span(first: u32, last: u32, all: u32) -> String {
    match all {
        0..=1 => room::rooms(all),
        _ => format!("Rooms {first} to {last} of {all}"),
    }
}

#[cfg(test)]
mod tests {
    use booking::mirror::PolledBecause;

    use super::*;

    const NOW: Instant = Instant(1_800_000_000_000);

    #[test]
    fn all_rooms_are_told_of_in_one_line_that_names_only_what_there_is() {
        let totals = MirrorTotals {
            rooms: 38,
            in_sync: 36,
            late: 1,
            failing: 1,
            in_sync_as_of: Some(NOW.plus_ms(-40_000)),
            lag: LagShown {
                samples: 9,
                p50_ms: Some(700),
                p95_ms: Some(5_000),
            },
            ..MirrorTotals::default()
        };
        assert_eq!(
            summary(&totals, NOW),
            "38 rooms: 36 in sync, 1 behind, 1 cannot be read. The oldest was read 40 s ago. \
             Changes take 0.7 s, 95 of 100 at most 5 s."
        );
        assert_eq!(checks(&totals), "");
        let found = MirrorTotals {
            checks: 40,
            found: 1,
            repaired: 1,
            ..totals
        };
        assert_eq!(
            checks(&found),
            "40 full checks found 1 difference; 1 repaired."
        );
    }

    #[test]
    fn reading_all_rooms_is_told_while_it_goes_on_and_when_it_is_over() {
        let going = SyncRun {
            room: None,
            started_at: NOW,
            total: 40,
            done: 12,
            failed: 1,
        };
        let soon = NOW.plus_ms(3_000);
        assert_eq!(run(&going, soon), "12 of 40 read, 1 could not be.");
        let over = SyncRun { done: 39, ..going };
        assert_eq!(
            run(&over, soon),
            "Asked for 3 s ago: 39 of 40 rooms were read, 1 could not be. What failed is tried again by itself."
        );
        let whole = SyncRun {
            done: 40,
            failed: 0,
            ..going
        };
        assert_eq!(
            run(&whole, soon),
            "Asked for 3 s ago: all 40 rooms were read."
        );
    }

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
