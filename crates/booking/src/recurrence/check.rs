//! Whether what somebody sent is a series at all.

use super::pattern::{End, Nth, Pattern, Series};
use crate::rules::DURATION_DAYS_MAX;
use crate::time::civil::day_of_text;

const DAY_MINUTES: i64 = 24 * 60;
/// More than anybody repeats by, in days, weeks or months.
const INTERVAL_MAX: i64 = 999;

/// Why something is no series; each says how to mend it.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum BadPattern {
    /// Every 0 weeks, or every 1,000.
    #[error(
        "A series repeats every 1 to {INTERVAL_MAX} days, weeks or months. Choose a number between these."
    )]
    Interval,
    /// No weekday, or one there is not.
    #[error("No day of the week is chosen. Choose at least one.")]
    NoWeekday,
    /// A day of the month that no month has, or a fifth Monday.
    #[error(
        "No month has that day. Choose a day from 1 to 31, or the first to the fourth or last of some weekdays."
    )]
    NoSuchDay,
    /// The time of day is none.
    #[error("A date of a series starts between 00:00 and 23:59. Choose a time of day.")]
    Start,
    /// No length, or more than a room can be had for.
    #[error(
        "A date of a series lasts from one minute to {DURATION_DAYS_MAX} days. Choose another end."
    )]
    Length,
    /// A first day beyond all calendars.
    #[error("The first day has to lie between the years 1970 and 9999. Choose another one.")]
    FirstDay,
    /// It ends before it begins.
    #[error("The series ends before its first date. Choose a later end, or at least one date.")]
    EndsBefore,
}

impl Series {
    /// Whether it is one that can be expanded: every part within its range, and at least one date before it ends.
    ///
    /// # Errors
    /// The first [`BadPattern`].
    pub fn check(&self) -> Result<(), BadPattern> {
        let unless = |is_good: bool, bad| if is_good { Ok(()) } else { Err(bad) };
        let last_day = day_of_text("9999-12-31").unwrap_or(i64::MAX);
        unless(
            (1..=INTERVAL_MAX).contains(&self.interval),
            BadPattern::Interval,
        )?;
        unless(
            (0..=last_day).contains(&self.first_day),
            BadPattern::FirstDay,
        )?;
        unless(
            (0..DAY_MINUTES).contains(&self.start_minute),
            BadPattern::Start,
        )?;
        unless(
            (1..=DURATION_DAYS_MAX * DAY_MINUTES).contains(&self.length_minutes),
            BadPattern::Length,
        )?;
        match self.pattern {
            Pattern::Daily => {}
            Pattern::Weekly {
                days,
                first_weekday,
            } => unless(days.is_some() && first_weekday < 7, BadPattern::NoWeekday)?,
            Pattern::MonthlyDay(day) => unless((1..=31).contains(&day), BadPattern::NoSuchDay)?,
            Pattern::MonthlyWeekday { days, nth } => {
                unless(days.is_some(), BadPattern::NoWeekday)?;
                let is_in_every_month = match nth {
                    Nth::Number(number) => (1..=4).contains(&number),
                    Nth::Last => true,
                };
                unless(is_in_every_month, BadPattern::NoSuchDay)?;
            }
        }
        let has_dates = self.end != End::After(0) && self.first_date().is_some();
        unless(has_dates, BadPattern::EndsBefore)
    }
}

#[cfg(test)]
mod tests {
    use super::super::Weekdays;
    use super::*;

    fn weekly() -> Series {
        Series {
            pattern: Pattern::Weekly {
                days: Weekdays(1),
                first_weekday: 0,
            },
            interval: 1,
            first_day: 20_000,
            end: End::After(3),
            start_minute: 600,
            length_minutes: 60,
        }
    }

    #[test]
    fn what_is_no_series_is_told_by_the_part_that_is_wrong() {
        let days = Weekdays(0b1000_0000);
        let first_weekday = 0;
        let on = |pattern| Series {
            pattern,
            ..weekly()
        };
        let table = [
            (weekly(), Ok(())),
            (
                Series {
                    interval: 0,
                    ..weekly()
                },
                Err(BadPattern::Interval),
            ),
            (
                on(Pattern::Weekly {
                    days,
                    first_weekday,
                }),
                Err(BadPattern::NoWeekday),
            ),
            (on(Pattern::MonthlyDay(0)), Err(BadPattern::NoSuchDay)),
            (
                on(Pattern::MonthlyWeekday {
                    days: Weekdays::WORK,
                    nth: Nth::Number(5),
                }),
                Err(BadPattern::NoSuchDay),
            ),
            (
                Series {
                    start_minute: 1_440,
                    ..weekly()
                },
                Err(BadPattern::Start),
            ),
            (
                Series {
                    length_minutes: 0,
                    ..weekly()
                },
                Err(BadPattern::Length),
            ),
            (
                Series {
                    first_day: i64::MAX,
                    ..weekly()
                },
                Err(BadPattern::FirstDay),
            ),
            (
                Series {
                    end: End::On(19_999),
                    ..weekly()
                },
                Err(BadPattern::EndsBefore),
            ),
            (
                Series {
                    end: End::After(0),
                    ..weekly()
                },
                Err(BadPattern::EndsBefore),
            ),
        ];
        for (series, told) in table {
            assert_eq!(series.check(), told, "{series:?}");
        }
    }
}
