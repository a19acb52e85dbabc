//! What a time on the wall is as an instant.

use crate::time::{DAY_MS, Instant, MINUTE_MS};

/// An instant found by what the clocks show.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Shown {
    /// The instant.
    pub(super) at: Instant,
    /// The clocks never show the time; it is taken as much later as they skip.
    pub(super) is_skipped: bool,
}

/// When the clocks show that many minutes since midnight of a day. Of two such instants it is the first one, as in
/// Outlook.
///
/// `ahead`: by how many minutes the clocks are ahead of UTC at an instant. Clocks are taken to change at most once
/// within two days.
pub(super) fn shown(day: i64, minute: i64, ahead: impl Fn(Instant) -> i32) -> Shown {
    let wall = Instant(day * DAY_MS + minute * MINUTE_MS);
    let ahead_ms = |at: Instant| i64::from(ahead(at)) * MINUTE_MS;
    // Clocks are within half a day of UTC or little more, so a day before and after lie on either side of it.
    let before = wall.plus_ms(-ahead_ms(wall.plus_ms(-DAY_MS)));
    let after = wall.plus_ms(-ahead_ms(wall.plus_ms(DAY_MS)));
    if before == after {
        return Shown {
            at: before,
            is_skipped: false,
        };
    }
    let shows_it = |at: &Instant| at.plus_ms(ahead_ms(*at)) == wall;
    let first = [before, after].into_iter().filter(shows_it).min();
    Shown {
        // By the clocks of before the change, it lies after the change by what was left of it.
        at: first.unwrap_or(before),
        is_skipped: first.is_none(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::HOUR_MS;
    use crate::time::civil::days_from_civil;

    /// Clocks that are so many minutes ahead before and after noon UTC of that day.
    fn changing(day: i64, before: i32, after: i32) -> impl Fn(Instant) -> i32 {
        let change = Instant(day * DAY_MS + 12 * HOUR_MS);
        move |at| if at < change { before } else { after }
    }

    /// Minutes since midnight UTC of the day.
    fn minute(day: i64, shown: Shown) -> (i64, bool) {
        let since = shown.at.since_ms(Instant(day * DAY_MS));
        (since / MINUTE_MS, shown.is_skipped)
    }

    #[test]
    fn a_time_that_is_skipped_moves_on_by_what_is_skipped() {
        let day = days_from_civil(2027, 3, 28);
        // At noon UTC the clocks go from 13:00 to 14:00, or from 22:30 to 23:00.
        for (before, after, skipped, at) in [(60, 120, 810, 750), (630, 660, 1_365, 735)] {
            let ahead = changing(day, before, after);
            let found = shown(day, skipped, &ahead);
            assert_eq!(minute(day, found), (at, true), "{before} to {after}");
            let earlier = shown(day, skipped - 60, &ahead);
            assert_eq!(
                minute(day, earlier),
                (skipped - 60 - i64::from(before), false)
            );
            let later = shown(day, skipped + 60, &ahead);
            assert_eq!(minute(day, later), (skipped + 60 - i64::from(after), false));
        }
    }

    #[test]
    fn a_time_that_is_shown_twice_is_the_first_one() {
        let day = days_from_civil(2026, 10, 25);
        for (before, after, twice) in [(120, 60, 810), (660, 630, 1_360), (-240, -300, 450)] {
            let found = shown(day, twice, changing(day, before, after));
            assert_eq!(minute(day, found), (twice - i64::from(before), false));
        }
    }
}
