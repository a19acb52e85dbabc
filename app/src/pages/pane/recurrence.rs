//! Outlook's words for how an appointment repeats.
//!
//! <https://learn.microsoft.com/javascript/api/outlook/office.recurrence>

use booking::recurrence::{End, Nth, Pattern, Series, Weekdays};
use booking::time::civil::day_of_text;

use crate::text::clock;

/// Whether an appointment repeats.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(super) enum Repeats {
    /// It takes place once, or is one meeting of a series, opened by itself.
    #[default]
    No,
    /// It repeats like this.
    As(Series),
    /// It repeats in a way that is not known here.
    Unknown,
}

/// A recurrence in Outlook's words; empty or `None` where it has none.
#[derive(Clone, PartialEq, Debug, Default)]
pub(super) struct Told {
    /// `daily`, `weekday`, `weekly`, `monthly` or `yearly`.
    pub(super) kind: String,
    /// Every how many days, weeks, months or years.
    pub(super) interval: Option<f64>,
    /// `mon`, `tue` …, for `weekly`.
    pub(super) days: Vec<String>,
    /// `mon` …, `day`, `weekdayDay`, `weekendDay`, with a week number.
    pub(super) day_of_week: String,
    /// `first` … `fourth`, `last`.
    pub(super) week_number: String,
    /// 1 to 31.
    pub(super) day_of_month: Option<f64>,
    /// `jan` …, for `yearly`.
    pub(super) month: String,
    /// Where a week starts, such as `sun`.
    pub(super) first_day_of_week: String,
    /// `2026-11-24`.
    pub(super) start_date: String,
    /// As the start. Empty: it never ends.
    pub(super) end_date: String,
    /// `T10:00:00.000`.
    pub(super) start_time: String,
    /// How long a meeting lasts, in minutes.
    pub(super) minutes: Option<f64>,
}

impl Told {
    /// The series that is meant.
    pub(super) fn repeats(&self) -> Repeats {
        self.series().map_or(Repeats::Unknown, Repeats::As)
    }

    fn series(&self) -> Option<Series> {
        let interval = whole(self.interval).unwrap_or(1);
        let (pattern, interval) = match self.kind.as_str() {
            "daily" => (Pattern::Daily, interval),
            "weekday" => (self.weekly(Weekdays::WORK), 1),
            "weekly" => {
                let days = self.days.iter().map(|word| weekdays(word));
                let days = days.reduce(|all, one| Some(Weekdays(all?.0 | one?.0)))??;
                (self.weekly(days), interval)
            }
            "monthly" => (self.monthly()?, interval),
            "yearly" => {
                // A series starts with its first meeting; where it does not, we do not guess.
                let start_month = self.start_date.split('-').nth(1)?.parse::<usize>().ok()?;
                (self.month == *MONTHS.get(start_month.checked_sub(1)?)?).then_some(())?;
                (self.monthly()?, interval * 12)
            }
            _ => return None,
        };
        let end = match self.end_date.as_str() {
            "" => End::Never,
            date => End::On(day_of_text(date)?),
        };
        Some(Series {
            pattern,
            interval,
            first_day: day_of_text(&self.start_date)?,
            end,
            start_minute: minute_of_day(&self.start_time)?,
            length_minutes: whole(self.minutes)?,
        })
    }

    fn weekly(&self, days: Weekdays) -> Pattern {
        let first = weekday_number(&self.first_day_of_week);
        Pattern::Weekly {
            days,
            // Outlook's own default.
            first_weekday: first.unwrap_or(6),
        }
    }

    fn monthly(&self) -> Option<Pattern> {
        if let Some(day) = whole(self.day_of_month) {
            return Some(Pattern::MonthlyDay(u8::try_from(day).ok()?));
        }
        let nth = match self.week_number.as_str() {
            "first" => Nth::Number(1),
            "second" => Nth::Number(2),
            "third" => Nth::Number(3),
            "fourth" => Nth::Number(4),
            "last" => Nth::Last,
            _ => return None,
        };
        let days = weekdays(&self.day_of_week)?;
        Some(Pattern::MonthlyWeekday { days, nth })
    }
}

const WEEKDAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
const MONTHS: [&str; 12] = [
    "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
];

fn weekday_number(word: &str) -> Option<u8> {
    let number = WEEKDAYS.iter().position(|one| *one == word)?;
    u8::try_from(number).ok()
}

fn weekdays(word: &str) -> Option<Weekdays> {
    match word {
        "day" => Some(Weekdays::ALL),
        "weekdayDay" => Some(Weekdays::WORK),
        "weekendDay" => Some(Weekdays::WEEKEND),
        _ => weekday_number(word).map(|number| Weekdays(1 << number)),
    }
}

/// A whole number of at least one.
fn whole(number: Option<f64>) -> Option<i64> {
    number.filter(|number| *number >= 1.0).map(|it| it as i64)
}

fn minute_of_day(time: &str) -> Option<i64> {
    let (hours_and_minutes, _) = time.strip_prefix('T')?.rsplit_once(':')?;
    clock::minute_of_day(hours_and_minutes).map(i64::from)
}

#[cfg(test)]
mod tests {
    use booking::time::civil::days_from_civil;

    use super::*;

    fn told(kind: &str) -> Told {
        Told {
            kind: kind.to_owned(),
            interval: Some(1.0),
            start_date: "2026-11-24".to_owned(),
            end_date: "2027-02-09".to_owned(),
            start_time: "T10:30:00.000".to_owned(),
            minutes: Some(45.0),
            ..Told::default()
        }
    }

    #[test]
    fn a_weekly_recurrence_is_read_with_its_days_and_times() {
        let told = Told {
            days: vec!["tue".to_owned(), "thu".to_owned()],
            first_day_of_week: "mon".to_owned(),
            ..told("weekly")
        };
        assert_eq!(
            told.repeats(),
            Repeats::As(Series {
                pattern: Pattern::Weekly {
                    days: Weekdays(0b1010),
                    first_weekday: 0
                },
                interval: 1,
                first_day: days_from_civil(2026, 11, 24),
                end: End::On(days_from_civil(2027, 2, 9)),
                start_minute: 630,
                length_minutes: 45,
            })
        );
    }

    #[test]
    fn months_and_years_are_read_by_day_or_by_weekday() {
        let by_day = Told {
            day_of_month: Some(24.0),
            month: "nov".to_owned(),
            ..told("yearly")
        };
        let Repeats::As(yearly) = by_day.repeats() else {
            panic!("a yearly series");
        };
        assert_eq!(
            (yearly.interval, yearly.pattern),
            (12, Pattern::MonthlyDay(24))
        );
        let by_weekday = Told {
            week_number: "last".to_owned(),
            day_of_week: "weekdayDay".to_owned(),
            ..told("monthly")
        };
        let Repeats::As(monthly) = by_weekday.repeats() else {
            panic!("a monthly series");
        };
        let last_weekday = Pattern::MonthlyWeekday {
            days: Weekdays::WORK,
            nth: Nth::Last,
        };
        assert_eq!(monthly.pattern, last_weekday);
    }

    #[test]
    fn a_recurrence_that_is_not_understood_is_not_guessed() {
        let no_time = Told {
            start_time: String::new(),
            ..told("daily")
        };
        let other_month = Told {
            day_of_month: Some(1.0),
            month: "dec".to_owned(),
            ..told("yearly")
        };
        for told in [told("lunar"), told("weekly"), no_time, other_month] {
            assert_eq!(told.repeats(), Repeats::Unknown, "{told:?}");
        }
    }
}
