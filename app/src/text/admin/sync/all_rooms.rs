//! How all rooms stand together, and how far reading them all is.

use booking::mirror::{MirrorTotals, SyncRun};
use booking::time::Instant;

use super::one_room::{differences, lag, left};
use crate::text::{freshness, room};

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
        let held = match run.held {
            0 => String::new(),
            count => format!(", {count} wait as Microsoft asked"),
        };
        return format!("{} of {} read{failed}{held}.", run.done, run.total);
    }
    let age = freshness::age(now.since_ms(run.started_at));
    let held = run.held_until.map_or_else(String::new, |until| {
        format!(" That wait ends in {}.", left(until, now))
    });
    format!("Asked for {age}: {}{held}", result(run))
}

/// What came of reading all rooms.
pub fn result(run: &SyncRun) -> String {
    if run.failed + run.held == 0 {
        return format!("all {} were read.", room::rooms(run.total));
    }
    let failed = match run.failed {
        0 => String::new(),
        count => format!(", {count} could not be"),
    };
    let mut told = format!(
        "{} of {} were read{failed}.",
        run.done,
        room::rooms(run.total)
    );
    if run.failed > 0 {
        told.push_str(" What failed is tried again by itself.");
    }
    match run.held {
        0 => {}
        1 => told.push_str(" 1 is left alone as Microsoft asked, and read by itself after that."),
        count => told.push_str(&format!(
            " {count} are left alone as Microsoft asked, and read by themselves after that."
        )),
    }
    told
}

#[cfg(test)]
mod tests {
    use booking::mirror::LagShown;

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
            held: 0,
            held_until: None,
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
    fn rooms_that_microsoft_has_us_leave_alone_are_told_with_until_when() {
        let held = SyncRun {
            room: None,
            started_at: NOW,
            total: 40,
            done: 30,
            failed: 0,
            held: 4,
            held_until: Some(NOW.plus_ms(43_000)),
        };
        let soon = NOW.plus_ms(3_000);
        assert_eq!(
            run(&held, soon),
            "30 of 40 read, 4 wait as Microsoft asked."
        );
        let over = SyncRun { done: 36, ..held };
        assert_eq!(
            run(&over, soon),
            "Asked for 3 s ago: 36 of 40 rooms were read. 4 are left alone as Microsoft asked, and read by \
             themselves after that. That wait ends in 40 s."
        );
    }
}
