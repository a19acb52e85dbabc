//! On which days a series falls.

use serde::{Deserialize, Serialize};

use crate::time::civil::{civil_from_days, month_length, month_number, weekday};

/// A set of weekdays; bit 0 is Monday.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Weekdays(pub u8);

impl Weekdays {
    /// Monday to Friday.
    pub const WORK: Self = Self(0b001_1111);
    /// Saturday and Sunday.
    pub const WEEKEND: Self = Self(0b110_0000);
    /// Every day.
    pub const ALL: Self = Self(0b111_1111);

    /// Whether there is any, and nothing but weekdays.
    pub const fn is_some(self) -> bool {
        self.0 != 0 && self.0 & !Self::ALL.0 == 0
    }

    /// Whether the day, counted from 1970-01-01, is one of them.
    pub const fn has(self, day: i64) -> bool {
        self.0 & (1 << weekday(day)) != 0
    }
}

/// Which of several such days in a month.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Nth {
    /// The first is 1, the fourth 4.
    Number(u8),
    /// The last one.
    Last,
}

/// The days on which a series falls. A series by years is one by months with an interval of twelve times as many.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Pattern {
    /// Every so many days.
    Daily,
    /// On these days of every so many weeks.
    Weekly {
        /// On which days; at least one.
        days: Weekdays,
        /// Where a week starts; 0 is Monday.
        first_weekday: u8,
    },
    /// On that day of every so many months; the last one of shorter months.
    MonthlyDay(u8),
    /// On the first (…, last) of these weekdays of every so many months.
    MonthlyWeekday {
        /// On which days; at least one.
        days: Weekdays,
        /// Which of them.
        nth: Nth,
    },
}

/// Where a series ends.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum End {
    /// Nowhere.
    Never,
    /// With the last date that is not after this day, counted from 1970-01-01.
    On(i64),
    /// After so many dates; at least 1.
    After(u32),
}

/// A series. Days are counted from 1970-01-01.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Series {
    /// On which days.
    pub pattern: Pattern,
    /// Every how many days, weeks or months; at least 1.
    pub interval: i64,
    /// The day from which it goes and from which days, weeks and months are counted. Its first date is the first day
    /// of the pattern from here on.
    pub first_day: i64,
    /// Where it ends.
    pub end: End,
    /// When a date starts, in minutes since midnight of its day.
    pub start_minute: i64,
    /// How much later it ends by the clocks on the wall, in minutes; at least 1.
    pub length_minutes: i64,
}

/// More months than there are in the calendar.
const MONTHS_MAX: i64 = 12 * 10_000;
const MONTH_DAYS_MAX: i64 = 31;

impl Series {
    /// The day of its first date. `None`: it has none before it ends.
    pub fn first_date(&self) -> Option<i64> {
        // Every pattern has a date in each month, week or day that is its turn.
        let months = self.interval.clamp(1, MONTHS_MAX) + 1;
        let until = self.first_day + months * MONTH_DAYS_MAX;
        let until = match self.end {
            End::On(last) => until.min(last),
            End::Never | End::After(_) => until,
        };
        (self.first_day..=until).find(|day| self.falls_on(*day))
    }

    /// Whether the pattern, without regard to its end, has a date on that day, which is not before
    /// [`first_day`](Self::first_day).
    pub(super) fn falls_on(&self, day: i64) -> bool {
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
                of_month == wanted.min(month_length(day)) && self.is_in_month(day)
            }
            Pattern::MonthlyWeekday { days, nth } => {
                days.has(day) && self.is_in_month(day) && is_nth(day, days, nth)
            }
        }
    }

    fn is_in_month(&self, day: i64) -> bool {
        (month_number(day) - month_number(self.first_day)) % self.interval.max(1) == 0
    }
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
