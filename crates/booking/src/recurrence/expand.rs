//! The times of a series.

use super::pattern::{End, Series};
use super::wall::shown;
use crate::rules::HORIZON_DAYS;
use crate::search::OCCURRENCES_MAX;
use crate::time::{DAY_MS, Instant, MINUTE_MS, TimeRange};

/// The dates of a series that are still to come.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Dates {
    /// Their times, in order; at most [`OCCURRENCES_MAX`].
    pub ranges: Vec<TimeRange>,
    /// There are more than can be asked for or booked.
    pub are_more: bool,
}

impl Series {
    /// The dates from `now` on, as far ahead as rooms can be booked.
    ///
    /// `ahead`: by how many minutes the clocks of the series' zone are ahead of UTC at an instant.
    pub fn dates(&self, now: Instant, ahead: impl Fn(Instant) -> i32) -> Dates {
        let today = now.0.div_euclid(DAY_MS);
        let horizon = now.plus_ms(HORIZON_DAYS * DAY_MS);
        let furthest = today + HORIZON_DAYS + 1;
        // Two days back: a zone may be a day behind.
        let soonest = self.first_day.max(today - 2);
        let (from, last, mut left) = match self.end {
            End::Never => (soonest, i64::MAX, u32::MAX),
            End::On(last) => (soonest, last, u32::MAX),
            // Those that are over are counted too.
            End::After(count) => (self.first_day, i64::MAX, count),
        };
        let mut dates = Dates {
            ranges: Vec::new(),
            are_more: false,
        };
        for day in (from..=last.min(furthest)).filter(|day| self.falls_on(*day)) {
            if left == 0 {
                return dates;
            }
            left -= 1;
            let Some(range) = (day >= soonest).then(|| self.on(day, &ahead)).flatten() else {
                continue;
            };
            if range.start() < now {
                continue;
            }
            if range.end() > horizon || dates.ranges.len() == OCCURRENCES_MAX {
                dates.are_more = true;
                return dates;
            }
            dates.ranges.push(range);
        }
        dates.are_more = left > 0 && last > furthest;
        dates
    }

    /// When it takes place on that day. Both ends are by the clocks on the wall, so a night in which these change is
    /// longer or shorter; only where they skip the start does the end move on with it. `None`: it has no length.
    fn on(&self, day: i64, ahead: impl Fn(Instant) -> i32) -> Option<TimeRange> {
        let start = shown(day, self.start_minute, &ahead);
        let end = if start.is_skipped {
            start.at.plus_ms(self.length_minutes * MINUTE_MS)
        } else {
            shown(day, self.start_minute + self.length_minutes, &ahead).at
        };
        TimeRange::new(start.at, end).ok()
    }
}

#[cfg(test)]
mod tests;
