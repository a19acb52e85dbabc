//! Words about how a series repeats.

use booking::recurrence::{Nth, Pattern, Series, Weekdays};
use booking::time::civil::{civil_from_days, month_length};

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
const MONTHS_A_YEAR: u32 = 12;
const DAY_MINUTES: i64 = 24 * 60;

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
    use booking::recurrence::{Nth, Weekdays};
    use booking::time::civil::{civil_from_days, weekday};

    use super::{DAYS_A_WEEK, MONTHS};

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
        let week = (civil_from_days(first_day).2 - 1) / DAYS_A_WEEK as u8;
        super::on_nth(weekday_of(first_day), Nth::Number(week + 1))
    }

    /// `on the last Tuesday`.
    pub fn on_last(first_day: i64) -> String {
        super::on_nth(weekday_of(first_day), Nth::Last)
    }

    const fn weekday_of(day: i64) -> Weekdays {
        Weekdays(1 << weekday(day))
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
    format!("on {}", listed(days, "and"))
}

/// `on the fourth Tuesday`, `on the last Monday or Tuesday`.
fn on_nth(days: Weekdays, nth: Nth) -> String {
    let nth = match nth {
        Nth::Number(number) => NTH.get(usize::from(number).wrapping_sub(1)),
        Nth::Last => None,
    };
    format!("on the {} {}", nth.unwrap_or(&"last"), listed(days, "or"))
}

fn listed(days: Weekdays, joined_by: &str) -> String {
    let names: Vec<&str> = (0..7_u8)
        .filter(|day| days.0 & (1 << day) != 0)
        .map(weekday_name)
        .collect();
    match names.split_last() {
        None => String::new(),
        Some((last, [])) => (*last).to_owned(),
        Some((last, first)) => format!("{} {joined_by} {last}", first.join(", ")),
    }
}

/// Whether a day is among the last seven of its month.
pub const fn is_in_last_week(day: i64) -> bool {
    civil_from_days(day).2 as i64 + DAYS_A_WEEK > month_length(day) as i64
}

/// When a series takes place: `Every 2 weeks on Tuesday, 10:00–11:00`.
pub fn told(series: &Series) -> String {
    let months = u32::try_from(series.interval).unwrap_or(1);
    let (count, unit, on) = match series.pattern {
        Pattern::Daily => (months, DAY, String::new()),
        Pattern::Weekly { days, .. } => (months, WEEK, on_weekdays(days)),
        Pattern::MonthlyDay(_) if months % MONTHS_A_YEAR == 0 => {
            let on = repeats::on_date(series.first_day);
            (months / MONTHS_A_YEAR, YEAR, on)
        }
        Pattern::MonthlyDay(_) => (months, MONTH, repeats::on_day(series.first_day)),
        Pattern::MonthlyWeekday { days, nth } => (months, MONTH, on_nth(days, nth)),
    };
    let space = if on.is_empty() { "" } else { " " };
    let time = |minute: i64| {
        let of_day = minute.rem_euclid(DAY_MINUTES);
        clock::time_told(u16::try_from(of_day).unwrap_or_default())
    };
    format!(
        "{}{space}{on}, {}–{}",
        every(count, unit),
        time(series.start_minute),
        time(series.start_minute + series.length_minutes)
    )
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
    fn a_series_is_told_in_a_line() {
        let series = |pattern, interval| Series {
            pattern,
            interval,
            first_day: days_from_civil(2026, 11, 24),
            end: booking::recurrence::End::Never,
            start_minute: 22 * 60,
            length_minutes: 180,
        };
        let days = Weekdays(0b11);
        let nth = Nth::Last;
        assert_eq!(told(&series(Pattern::Daily, 1)), "Every day, 22:00–1:00");
        assert_eq!(
            told(&series(Pattern::MonthlyDay(24), 12)),
            "Every year on 24 November, 22:00–1:00"
        );
        assert_eq!(
            told(&series(Pattern::MonthlyWeekday { days, nth }, 3)),
            "Every 3 months on the last Monday or Tuesday, 22:00–1:00"
        );
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
