//! Words about how a series repeats.

use booking::recurrence::Weekdays;
use booking::time::civil::{civil_from_days, month_length, weekday};

use crate::text::clock::{self, MONTHS, WEEKDAYS};

/// What an interval counts.
pub const DAY: &str = "day";
/// What an interval counts.
pub const WEEK: &str = "week";
/// What an interval counts.
pub const MONTH: &str = "month";
/// What an interval counts.
pub const YEAR: &str = "year";

const NTH: [&str; 5] = ["first", "second", "third", "fourth", "fifth"];
const DAYS_A_WEEK: i64 = 7;

/// `Tuesday`; 0 is Monday.
pub fn weekday_name(weekday: u8) -> &'static str {
    WEEKDAYS.get(usize::from(weekday)).copied().unwrap_or("")
}

/// `Tue`; 0 is Monday.
pub fn weekday_short(weekday: u8) -> &'static str {
    weekday_name(weekday).get(..3).unwrap_or("")
}

/// How a series may repeat that starts on a given day.
pub mod repeats {
    use super::{DAYS_A_WEEK, MONTHS, NTH, civil_from_days, weekday, weekday_name};

    /// Every so many days.
    pub const DAILY: &str = "Daily";
    /// On weekdays.
    pub const WEEKLY: &str = "Weekly";

    /// By months.
    pub const MONTHLY: &str = "Monthly";
    /// By years.
    pub const YEARLY: &str = "Yearly";

    /// `on day 24`.
    pub fn on_day(first_day: i64) -> String {
        format!("on day {}", civil_from_days(first_day).2)
    }

    /// `on the fourth Tuesday`.
    pub fn on_nth(first_day: i64) -> String {
        let week = (i64::from(civil_from_days(first_day).2) - 1) / DAYS_A_WEEK;
        let nth = usize::try_from(week).ok().and_then(|week| NTH.get(week));
        format!(
            "on the {} {}",
            nth.copied().unwrap_or("last"),
            weekday_name(weekday(first_day))
        )
    }

    /// `on the last Tuesday`.
    pub fn on_last(first_day: i64) -> String {
        format!("on the last {}", weekday_name(weekday(first_day)))
    }

    /// `on 24 November`.
    pub fn on_date(first_day: i64) -> String {
        let (_, month, day) = civil_from_days(first_day);
        format!("on {day} {}", MONTHS[usize::from(month) - 1])
    }
}

/// Field: every how many of these: `Every (weeks)`.
pub fn interval(unit: &str) -> String {
    format!("Every ({unit}s)")
}

/// `Every week`, `Every 3 weeks`.
pub fn every(count: u32, unit: &str) -> String {
    if count == 1 {
        format!("Every {unit}")
    } else {
        format!("Every {count} {unit}s")
    }
}

/// `on Tuesday and Thursday`.
pub fn on_weekdays(days: Weekdays) -> String {
    let names: Vec<&str> = (0..7_u8)
        .filter(|day| days.0 & (1 << day) != 0)
        .map(weekday_name)
        .collect();
    match names.split_last() {
        None => String::new(),
        Some((last, [])) => format!("on {last}"),
        Some((last, first)) => format!("on {} and {last}", first.join(", ")),
    }
}

/// `24 November 2026`.
pub fn full_date(day: i64) -> String {
    let (year, month, of_month) = civil_from_days(day);
    format!("{of_month} {} {year}", MONTHS[usize::from(month) - 1])
}

/// Whether a day is among the last seven of its month.
pub const fn is_in_last_week(day: i64) -> bool {
    civil_from_days(day).2 as i64 + DAYS_A_WEEK > month_length(day) as i64
}

/// Says when it all takes place: `Every 2 weeks on Tuesday, 10:00–11:00`.
pub fn summary(every: &str, on: &str, from: &str, to: &str) -> String {
    let time = |text: &str| clock::minute_of_day(text).map(clock::time_told);
    let (from, to) = (time(from).unwrap_or_default(), time(to).unwrap_or_default());
    let space = if on.is_empty() { "" } else { " " };
    format!("{every}{space}{on}, {from}–{to}")
}

#[cfg(test)]
mod tests {
    use booking::time::civil::days_from_civil;

    use super::*;

    #[test]
    fn how_a_series_may_repeat_is_told_by_its_first_day() {
        let day = days_from_civil(2026, 11, 24);
        assert_eq!(repeats::on_day(day), "on day 24");
        assert_eq!(repeats::on_nth(day), "on the fourth Tuesday");
        assert_eq!(repeats::on_last(day), "on the last Tuesday");
        assert_eq!(repeats::on_date(day), "on 24 November");
        assert!(is_in_last_week(day));
        assert!(!is_in_last_week(day - 7));
    }

    #[test]
    fn weekdays_are_listed_as_a_sentence() {
        assert_eq!(on_weekdays(Weekdays(0b10)), "on Tuesday");
        assert_eq!(
            on_weekdays(Weekdays(0b1_0101)),
            "on Monday, Wednesday and Friday"
        );
    }
}
