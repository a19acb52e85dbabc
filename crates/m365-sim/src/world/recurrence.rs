//! Repeating events: which dates a pattern gives. Daily, weekly, monthly and yearly patterns are served, absolute and
//! relative. <https://learn.microsoft.com/graph/api/resources/patternedrecurrence>

use std::ops::RangeInclusive;

use jiff::Span;
use jiff::civil::{Date, Weekday};

/// The largest `numberOfOccurrences`. Series that end by date or never have no such limit.
pub(crate) const OCCURRENCES_MAX: u32 = 999;
/// No series is followed over more repetitions than this: centuries of days.
const PERIODS_MAX: i64 = 200_000;

/// A pattern and how long it lasts.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Recurrence {
    pub(crate) pattern: Pattern,
    /// Every how many days, weeks, months or years; at least 1.
    pub(crate) interval: u32,
    pub(crate) start_date: Date,
    pub(crate) range: Range,
    /// The zone whose days and clock the pattern follows; `None` is that of the event's start.
    pub(crate) time_zone: Option<String>,
}

/// The shape of the repetition.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Pattern {
    Daily,
    Weekly {
        days: Vec<Weekday>,
        first_day: Weekday,
    },
    AbsoluteMonthly {
        day: i8,
    },
    RelativeMonthly {
        days: Vec<Weekday>,
        index: WeekIndex,
    },
    AbsoluteYearly {
        month: i8,
        day: i8,
    },
    RelativeYearly {
        month: i8,
        days: Vec<Weekday>,
        index: WeekIndex,
    },
}

/// Which one of a month.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum WeekIndex {
    First,
    Second,
    Third,
    Fourth,
    Last,
}

/// When the repetition stops.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Range {
    EndDate(Date),
    NoEnd,
    Numbered(u32),
}

impl Recurrence {
    /// The local start dates in `within`, in order; the series begins on `first`.
    pub(crate) fn dates(&self, first: Date, within: &RangeInclusive<Date>) -> Vec<Date> {
        let first = first.max(self.start_date);
        let (mut last, mut left) = (*within.end(), u32::MAX);
        match self.range {
            Range::EndDate(date) => last = last.min(date),
            Range::Numbered(number) => left = number.min(OCCURRENCES_MAX),
            Range::NoEnd => {}
        }
        let mut dates = Vec::new();
        let over = match self.range {
            // Those before have to be counted.
            Range::Numbered(_) => 0,
            Range::EndDate(_) | Range::NoEnd => self.periods_before(first, *within.start()),
        };
        for number in over..over + PERIODS_MAX {
            let (period_start, mut in_period) = self.period(first, number);
            if period_start > last {
                break;
            }
            in_period.sort_unstable();
            in_period.dedup();
            for date in in_period.into_iter().filter(|date| *date >= first) {
                if date > last || left == 0 {
                    return dates;
                }
                left -= 1;
                if date >= *within.start() {
                    dates.push(date);
                }
            }
        }
        dates
    }

    /// Whether the pattern puts an occurrence on `date`.
    pub(crate) fn falls_on(&self, first: Date, date: Date) -> bool {
        !self.dates(first, &(date..=date)).is_empty()
    }

    /// The first date of the series on or after `first`; `None` when the pattern gives none within its range.
    pub(crate) fn first_date(&self, first: Date) -> Option<Date> {
        // Every pattern that repeats at all does so within its interval; yearly ones are the longest.
        let years = i64::from(self.interval).clamp(1, 1_000) + 1;
        let horizon = first.saturating_add(Span::new().years(years));
        self.dates(first, &(first..=horizon)).first().copied()
    }

    /// The last date of the series; `None` when it has no end.
    pub(crate) fn last_date(&self, first: Date) -> Option<Date> {
        match self.range {
            Range::NoEnd => None,
            Range::EndDate(date) => self.dates(first, &(first..=date)).last().copied(),
            Range::Numbered(_) => self.dates(first, &(first..=Date::MAX)).last().copied(),
        }
    }

    /// So many repetitions at least are over before `date`.
    fn periods_before(&self, first: Date, date: Date) -> i64 {
        let days_max = match self.pattern {
            Pattern::Daily => 1,
            Pattern::Weekly { .. } => 7,
            Pattern::AbsoluteMonthly { .. } | Pattern::RelativeMonthly { .. } => 31,
            Pattern::AbsoluteYearly { .. } | Pattern::RelativeYearly { .. } => 366,
        };
        let days = date.duration_since(first).as_hours() / 24;
        // One less: a repetition begins before its first date, at the start of a week, month or year.
        (days / (days_max * i64::from(self.interval.max(1))) - 2).max(0)
    }

    /// The first day of the `number`-th repetition and the dates in it.
    fn period(&self, first: Date, number: i64) -> (Date, Vec<Date>) {
        let step = number.saturating_mul(i64::from(self.interval.max(1)));
        let months = |by: i64| {
            first
                .first_of_month()
                .saturating_add(Span::new().months(by.min(100_000)))
        };
        match &self.pattern {
            Pattern::Daily => {
                let date = first.saturating_add(Span::new().days(step.min(1_000_000)));
                (date, vec![date])
            }
            Pattern::Weekly { days, first_day } => {
                let back = first.weekday().since(*first_day);
                let week = first
                    .saturating_add(Span::new().days((step * 7 - i64::from(back)).min(1_000_000)));
                let date =
                    |day: &Weekday| week.saturating_add(Span::new().days(day.since(*first_day)));
                (week, days.iter().map(date).collect())
            }
            Pattern::AbsoluteMonthly { day } => {
                let month = months(step);
                (month, vec![day_of_month(month, *day)])
            }
            Pattern::RelativeMonthly { days, index } => {
                let month = months(step);
                (
                    month,
                    indexed_day(month, days, *index).into_iter().collect(),
                )
            }
            Pattern::AbsoluteYearly { month, day } => {
                let month = month_of_year(months(step * 12), *month);
                (month, vec![day_of_month(month, *day)])
            }
            Pattern::RelativeYearly { month, days, index } => {
                let month = month_of_year(months(step * 12), *month);
                (
                    month,
                    indexed_day(month, days, *index).into_iter().collect(),
                )
            }
        }
    }
}

/// A day that the month does not have falls on its last one.
fn day_of_month(month: Date, day: i8) -> Date {
    month
        .with()
        .day(day.clamp(1, month.days_in_month()))
        .build()
        .unwrap_or(month)
}

fn month_of_year(year: Date, month: i8) -> Date {
    year.with()
        .month(month.clamp(1, 12))
        .day(1)
        .build()
        .unwrap_or(year)
}

/// The first, second … or last day of the month that is one of `days`.
fn indexed_day(month: Date, days: &[Weekday], index: WeekIndex) -> Option<Date> {
    let mut matching = (1..=month.days_in_month())
        .filter_map(|day| month.with().day(day).build().ok())
        .filter(|date| days.contains(&date.weekday()));
    match index {
        WeekIndex::First => matching.next(),
        WeekIndex::Second => matching.nth(1),
        WeekIndex::Third => matching.nth(2),
        WeekIndex::Fourth => matching.nth(3),
        WeekIndex::Last => matching.next_back(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dates(pattern: Pattern, interval: u32, range: Range, first: &str) -> Vec<String> {
        let first: Date = first.parse().unwrap();
        let recurrence = Recurrence {
            pattern,
            interval,
            start_date: first,
            range,
            time_zone: None,
        };
        let until: Date = "2027-12-31".parse().unwrap();
        recurrence
            .dates(first, &(first..=until))
            .into_iter()
            .map(|date| date.to_string())
            .collect()
    }

    #[test]
    fn a_weekly_series_counts_every_named_day() {
        let pattern = Pattern::Weekly {
            days: vec![Weekday::Tuesday, Weekday::Thursday],
            first_day: Weekday::Sunday,
        };
        assert_eq!(
            dates(pattern, 2, Range::Numbered(4), "2026-11-24"),
            ["2026-11-24", "2026-11-26", "2026-12-08", "2026-12-10"]
        );
    }

    #[test]
    fn a_daily_series_stops_on_its_end_date() {
        let end = Range::EndDate("2026-11-28".parse().unwrap());
        assert_eq!(
            dates(Pattern::Daily, 2, end, "2026-11-24"),
            ["2026-11-24", "2026-11-26", "2026-11-28"]
        );
    }

    #[test]
    fn the_thirty_first_falls_on_the_last_day_of_shorter_months() {
        let pattern = Pattern::AbsoluteMonthly { day: 31 };
        assert_eq!(
            dates(pattern, 1, Range::Numbered(3), "2026-12-31"),
            ["2026-12-31", "2027-01-31", "2027-02-28"]
        );
    }

    #[test]
    fn the_last_weekday_of_a_month_is_found() {
        let pattern = Pattern::RelativeMonthly {
            days: vec![Weekday::Friday],
            index: WeekIndex::Last,
        };
        assert_eq!(
            dates(pattern, 1, Range::Numbered(2), "2026-11-27"),
            ["2026-11-27", "2026-12-25"]
        );
    }

    #[test]
    fn a_series_without_end_reaches_every_window() {
        let first: Date = "2020-01-01".parse().unwrap();
        let daily = Recurrence {
            pattern: Pattern::Daily,
            interval: 1,
            start_date: first,
            range: Range::NoEnd,
            time_zone: None,
        };
        let window = "2030-06-01".parse().unwrap()..="2030-06-03".parse().unwrap();
        assert_eq!(daily.dates(first, &window).len(), 3);
        assert_eq!(daily.last_date(first), None);
    }

    #[test]
    fn the_first_date_is_the_first_on_the_pattern() {
        let wednesday: Date = "2026-11-25".parse().unwrap();
        let weekly = Recurrence {
            pattern: Pattern::Weekly {
                days: vec![Weekday::Monday],
                first_day: Weekday::Sunday,
            },
            interval: 1,
            start_date: wednesday,
            range: Range::NoEnd,
            time_zone: None,
        };
        assert_eq!(
            weekly.first_date(wednesday),
            Some("2026-11-30".parse().unwrap())
        );
        assert!(weekly.falls_on(wednesday, "2026-12-07".parse().unwrap()));
        assert!(!weekly.falls_on(wednesday, "2026-12-08".parse().unwrap()));
    }
}
