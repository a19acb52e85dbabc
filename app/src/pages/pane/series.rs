//! When a repeating appointment takes place: Outlook's pattern as exact times.
//!
//! The pattern is told in the wall time of a zone; the zone comes in as a function from an instant
//! to the minutes by which its clocks are ahead of UTC, so that clock changes are right and
//! nothing here asks the browser. Moved and cancelled meetings of a series are not known here.
//!
//! <https://learn.microsoft.com/javascript/api/outlook/office.recurrence>

use booking::rules::HORIZON_DAYS;
use booking::search::OCCURRENCES_MAX;
use booking::time::{DAY_MS, Instant, MINUTE_MS, TimeRange};

use crate::text::clock::{civil_from_days, days_from_civil};

/// A set of weekdays; bit 0 is Monday, as in [`weekday`].
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(super) struct Weekdays(pub(super) u8);

impl Weekdays {
    /// Monday to Friday.
    pub(super) const WORK: Self = Self(0b001_1111);

    const fn has(self, day: i64) -> bool {
        self.0 & (1 << weekday(day)) != 0
    }
}

/// Which of several such days in a month.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Nth {
    /// The first is 1, the fourth 4.
    Number(u8),
    /// The last one.
    Last,
}

/// The days on which a series falls.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Pattern {
    /// Every so many days.
    Daily,
    /// On these days of every so many weeks.
    Weekly {
        /// On which days.
        days: Weekdays,
        /// Where a week starts; 0 is Monday.
        first_weekday: u8,
    },
    /// On that day of every so many months; the last one of shorter months.
    MonthlyDay(u8),
    /// On the first (…, last) of these weekdays of every so many months.
    MonthlyWeekday {
        /// On which days.
        days: Weekdays,
        /// Which of them.
        nth: Nth,
    },
}

/// A series. Days are counted from 1970-01-01.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Series {
    /// On which days.
    pub(super) pattern: Pattern,
    /// Every how many days, weeks or months; at least 1.
    pub(super) interval: i64,
    /// The day it starts; for months also the month that is counted from.
    pub(super) first_day: i64,
    /// The last day on which it may fall. `None`: it never ends.
    pub(super) last_day: Option<i64>,
    /// When a meeting starts, in minutes since midnight of its day.
    pub(super) start_minute: i64,
    /// How long a meeting lasts, in minutes; at least 1.
    pub(super) length_minutes: i64,
}

/// The meetings of a series that are still to come.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Meetings {
    /// Their times, in order; at most [`OCCURRENCES_MAX`].
    pub(super) ranges: Vec<TimeRange>,
    /// There are more than can be asked for or booked.
    pub(super) are_more: bool,
}

impl Series {
    /// The meetings from `now` on, as far ahead as rooms can be booked.
    pub(super) fn meetings(self, now: Instant, ahead: impl Fn(Instant) -> i32) -> Meetings {
        let today = now.0.div_euclid(DAY_MS);
        let horizon = now.plus_ms(HORIZON_DAYS * DAY_MS);
        let end = today + HORIZON_DAYS + 1;
        let last = self.last_day.unwrap_or(i64::MAX);
        let mut meetings = Meetings {
            ranges: Vec::new(),
            are_more: false,
        };
        // Two days back: a zone may be a day behind, and a meeting run over midnight.
        for day in self.first_day.max(today - 2)..=last.min(end) {
            if !self.falls_on(day) {
                continue;
            }
            let start = self.start_on(day, &ahead);
            let Ok(range) = TimeRange::new(start, start.plus_ms(self.length_minutes * MINUTE_MS))
            else {
                continue;
            };
            if range.start() < now {
                continue;
            }
            if range.end() > horizon || meetings.ranges.len() == OCCURRENCES_MAX {
                meetings.are_more = true;
                break;
            }
            meetings.ranges.push(range);
        }
        meetings.are_more |= last > end;
        meetings
    }

    /// When the clocks show the time of the start on that day. A time that they skip is the one an
    /// hour later.
    fn start_on(self, day: i64, ahead: impl Fn(Instant) -> i32) -> Instant {
        let wall = Instant(day * DAY_MS + self.start_minute * MINUTE_MS);
        let behind = |at: Instant| wall.plus_ms(-i64::from(ahead(at)) * MINUTE_MS);
        // The offset is that of the instant looked for: the second guess is right.
        behind(behind(wall))
    }

    fn falls_on(self, day: i64) -> bool {
        let every = self.interval.max(1);
        match self.pattern {
            Pattern::Daily => (day - self.first_day) % every == 0,
            Pattern::Weekly {
                days,
                first_weekday,
            } => {
                let week = |day: i64| (day + 3 - i64::from(first_weekday)).div_euclid(7);
                days.has(day) && (week(day) - week(self.first_day)) % every == 0
            }
            Pattern::MonthlyDay(wanted) => {
                let (_, _, of_month) = civil_from_days(day);
                self.is_in_month(day) && of_month == wanted.min(month_length(day))
            }
            Pattern::MonthlyWeekday { days, nth } => {
                self.is_in_month(day) && days.has(day) && is_nth(day, days, nth)
            }
        }
    }

    fn is_in_month(self, day: i64) -> bool {
        (month(day) - month(self.first_day)) % self.interval.max(1) == 0
    }
}

/// 0 is Monday.
const fn weekday(day: i64) -> i64 {
    // 1970-01-01 was a Thursday.
    (day + 3).rem_euclid(7)
}

/// Months since the year 0.
fn month(day: i64) -> i64 {
    let (year, month, _) = civil_from_days(day);
    year * 12 + i64::from(month) - 1
}

fn month_length(day: i64) -> u8 {
    let (year, month, _) = civil_from_days(day);
    let next = if month == 12 {
        days_from_civil(year + 1, 1, 1)
    } else {
        days_from_civil(year, month + 1, 1)
    };
    civil_from_days(next - 1).2
}

fn is_nth(day: i64, days: Weekdays, nth: Nth) -> bool {
    let of_month = i64::from(civil_from_days(day).2);
    match nth {
        Nth::Number(number) => {
            let before = (1..of_month).filter(|back| days.has(day - back)).count();
            before + 1 == usize::from(number)
        }
        Nth::Last => {
            let left = i64::from(month_length(day)) - of_month;
            !(1..=left).any(|further| days.has(day + further))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::clock::WallTime;

    fn day(year: i64, month: u8, of_month: u8) -> i64 {
        days_from_civil(year, month, of_month)
    }

    fn series(pattern: Pattern, interval: i64, first_day: i64, last_day: Option<i64>) -> Series {
        Series {
            pattern,
            interval,
            first_day,
            last_day,
            start_minute: 10 * 60,
            length_minutes: 60,
        }
    }

    fn weekly(days: u8) -> Pattern {
        Pattern::Weekly {
            days: Weekdays(days),
            first_weekday: 0,
        }
    }

    /// The days on which the series falls, seen from its first day, at UTC.
    fn days_of(series: Series) -> Vec<String> {
        let now = Instant(series.first_day * DAY_MS);
        let meetings = series.meetings(now, |_| 0);
        let date = |range: &TimeRange| WallTime::with_offset(range.start(), 0).date_field();
        meetings.ranges.iter().map(date).collect()
    }

    #[test]
    fn a_daily_series_falls_on_every_so_many_days_up_to_its_last() {
        let series = series(Pattern::Daily, 2, day(2026, 2, 26), Some(day(2026, 3, 4)));
        assert_eq!(
            days_of(series),
            ["2026-02-26", "2026-02-28", "2026-03-02", "2026-03-04"]
        );
    }

    #[test]
    fn every_other_week_counts_weeks_and_not_days() {
        // 2026-11-25 is a Wednesday; Monday and Wednesday of every other week.
        let series = series(weekly(0b101), 2, day(2026, 11, 25), Some(day(2026, 12, 21)));
        assert_eq!(
            days_of(series),
            ["2026-11-25", "2026-12-07", "2026-12-09", "2026-12-21"]
        );
    }

    #[test]
    fn a_week_that_starts_on_sunday_pairs_sunday_with_the_monday_after() {
        let pattern = Pattern::Weekly {
            days: Weekdays(0b100_0001),
            first_weekday: 6,
        };
        // 2026-11-22 is a Sunday.
        let series = series(pattern, 2, day(2026, 11, 22), Some(day(2026, 12, 8)));
        assert_eq!(
            days_of(series),
            ["2026-11-22", "2026-11-23", "2026-12-06", "2026-12-07"]
        );
    }

    #[test]
    fn the_thirty_first_is_the_last_day_of_shorter_months() {
        let series = series(
            Pattern::MonthlyDay(31),
            1,
            day(2027, 1, 31),
            Some(day(2027, 4, 30)),
        );
        assert_eq!(
            days_of(series),
            ["2027-01-31", "2027-02-28", "2027-03-31", "2027-04-30"]
        );
    }

    #[test]
    fn the_second_tuesday_and_the_last_weekday_of_a_month_are_found() {
        let second_tuesday = Pattern::MonthlyWeekday {
            days: Weekdays(0b10),
            nth: Nth::Number(2),
        };
        let last_weekday = Pattern::MonthlyWeekday {
            days: Weekdays::WORK,
            nth: Nth::Last,
        };
        let (from, to) = (day(2026, 11, 1), Some(day(2027, 1, 31)));
        assert_eq!(
            days_of(series(second_tuesday, 1, from, to)),
            ["2026-11-10", "2026-12-08", "2027-01-12"]
        );
        assert_eq!(
            days_of(series(last_weekday, 1, from, to)),
            ["2026-11-30", "2026-12-31", "2027-01-29"]
        );
    }

    #[test]
    fn the_wall_clock_stays_when_the_clocks_change() {
        // Central Europe: clocks went back on 2026-10-25 at 01:00 UTC.
        let change = Instant(day(2026, 10, 25) * DAY_MS + 60 * MINUTE_MS);
        let ahead = |at: Instant| if at < change { 120 } else { 60 };
        let first = day(2026, 10, 24);
        let series = series(Pattern::Daily, 1, first, Some(first + 2));
        let meetings = series.meetings(Instant(first * DAY_MS), ahead);
        let hours: Vec<i64> = meetings
            .ranges
            .iter()
            .map(|range| range.start().0.rem_euclid(DAY_MS) / (60 * MINUTE_MS))
            .collect();
        assert_eq!(hours, [8, 9, 9]);
        assert!(!meetings.are_more);
    }

    #[test]
    fn a_series_without_end_stops_where_rooms_can_no_longer_be_booked() {
        let first = day(2020, 1, 1);
        let now = Instant(day(2026, 11, 20) * DAY_MS);
        let meetings = series(weekly(0b1), 1, first, None).meetings(now, |_| 0);
        assert_eq!(meetings.ranges.len(), 57);
        assert!(meetings.are_more);
        assert!(meetings.ranges.iter().all(|range| range.start() >= now));
        let daily = series(Pattern::Daily, 1, first, None).meetings(now, |_| 0);
        assert!(daily.ranges.len() <= OCCURRENCES_MAX);
    }
}
