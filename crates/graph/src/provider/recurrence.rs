//! Graph's words for a repeating event into the product's, and back.

use booking::recurrence::{End, Nth, Pattern, Series, Weekdays};
use booking::time::ZoneName;
use booking::time::civil::{civil_from_days, date_text, day_of_text, days_from_civil};
use jiff::civil::DateTime;

use crate::types::windows_zone::iana_name;
use crate::types::{
    DateTimeTimeZone, PatternedRecurrence, RecurrencePattern, RecurrenceRange, Repeating,
};

/// A repeating event has a part that is not understood. It is not guessed.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("the {0} of the repeating event cannot be understood")]
pub struct NotUnderstood(pub &'static str);

/// The series that is meant and the zone on whose walls it is told.
///
/// # Errors
/// [`NotUnderstood`] names the part.
pub fn read(event: &Repeating) -> Result<(Series, ZoneName), NotUnderstood> {
    let PatternedRecurrence { pattern, range } = &event.recurrence;
    let own_zone = event.start.time_zone.as_deref().unwrap_or("UTC");
    // Whole days are those of the zone they are written in, whatever zone the pattern names.
    let named = range.recurrence_time_zone.as_deref();
    let named = named.filter(|name| !name.is_empty() && event.is_all_day != Some(true));
    let zone = iana_name(named.unwrap_or(own_zone)).ok_or(NotUnderstood("time zone"))?;
    let minute = |time: &DateTimeTimeZone, part| {
        let local = time.civil_in(zone).map_err(|_| NotUnderstood(part))?;
        wall_minute(local).ok_or(NotUnderstood(part))
    };
    let (start, end) = (minute(&event.start, "start")?, minute(&event.end, "end")?);
    let first_day = day_of_text(&range.start_date).ok_or(NotUnderstood("start date"))?;
    let (pattern, interval, first_day) = pattern_of(pattern, first_day)?;
    let series = Series {
        pattern,
        interval,
        first_day,
        end: end_of(range)?,
        start_minute: start.rem_euclid(DAY_MINUTES),
        length_minutes: end - start,
    };
    if series.length_minutes < 1 {
        return Err(NotUnderstood("end"));
    }
    Ok((series, ZoneName(zone.to_owned())))
}

/// The series as an event that begins with its first date. `None`: it has none.
pub fn write(series: &Series, zone: &ZoneName) -> Option<Repeating> {
    let first = series.first_date()?;
    let at = |minute: i64| DateTimeTimeZone {
        date_time: wall_text(first, minute),
        time_zone: Some(zone.0.clone()),
    };
    let (kind, end_date, count) = match series.end {
        End::Never => ("noEnd", None, None),
        End::On(last) => ("endDate", Some(date_text(last)), None),
        End::After(count) => ("numbered", None, i32::try_from(count).ok()),
    };
    Some(Repeating {
        start: at(series.start_minute),
        end: at(series.start_minute + series.length_minutes),
        is_all_day: None,
        recurrence: PatternedRecurrence {
            pattern: written_pattern(series, first),
            range: RecurrenceRange {
                kind: kind.to_owned(),
                start_date: date_text(first),
                end_date,
                number_of_occurrences: count,
                recurrence_time_zone: Some(zone.0.clone()),
            },
        },
    })
}

const DAY_MINUTES: i64 = 24 * 60;
const YEAR_MONTHS: i64 = 12;
/// In the order of [`Weekdays`].
const WEEKDAYS: [&str; 7] = [
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
];
const INDEXES: [(&str, Nth); 5] = [
    ("first", Nth::Number(1)),
    ("second", Nth::Number(2)),
    ("third", Nth::Number(3)),
    ("fourth", Nth::Number(4)),
    ("last", Nth::Last),
];

/// The pattern, its interval, and the day from which it is counted; `first_day` is that of the event's start.
fn pattern_of(
    told: &RecurrencePattern,
    first_day: i64,
) -> Result<(Pattern, i64, i64), NotUnderstood> {
    let interval = i64::from(told.interval);
    if interval < 1 {
        return Err(NotUnderstood("interval"));
    }
    let of_year = || {
        let first_day = first_of_year(told.month, interval, first_day)?;
        Ok((interval * YEAR_MONTHS, first_day))
    };
    let kind = told.kind.to_ascii_lowercase();
    let pattern = match kind.as_str() {
        "daily" => Pattern::Daily,
        "weekly" => Pattern::Weekly {
            days: days_of(told)?,
            first_weekday: match told.first_day_of_week.as_deref() {
                None => weekday_number("sunday"),
                Some(name) => weekday_number(name),
            }
            .ok_or(NotUnderstood("first day of the week"))?,
        },
        "absolutemonthly" | "absoluteyearly" => {
            let day = told.day_of_month.and_then(|day| u8::try_from(day).ok());
            let day = day.filter(|day| (1..=31).contains(day));
            Pattern::MonthlyDay(day.ok_or(NotUnderstood("day of the month"))?)
        }
        "relativemonthly" | "relativeyearly" => Pattern::MonthlyWeekday {
            days: days_of(told)?,
            nth: nth_of(told)?,
        },
        _ => return Err(NotUnderstood("type")),
    };
    let (interval, first_day) = if kind.ends_with("yearly") {
        of_year()?
    } else {
        (interval, first_day)
    };
    Ok((pattern, interval, first_day))
}

/// The first day on or after `first_day` that lies in the month of a yearly series, in a year that is its turn.
fn first_of_year(month: Option<i32>, years: i64, first_day: i64) -> Result<i64, NotUnderstood> {
    let (year, own_month, _) = civil_from_days(first_day);
    let month = match month.filter(|month| *month != 0) {
        None => own_month,
        Some(month) => u8::try_from(month)
            .ok()
            .filter(|month| (1..=12).contains(month))
            .ok_or(NotUnderstood("month"))?,
    };
    let year = if month < own_month {
        year + years
    } else {
        year
    };
    Ok(first_day.max(days_from_civil(year, month, 1)))
}

fn end_of(range: &RecurrenceRange) -> Result<End, NotUnderstood> {
    match range.kind.to_ascii_lowercase().as_str() {
        "noend" => Ok(End::Never),
        "enddate" => {
            let last = range.end_date.as_deref().and_then(day_of_text);
            last.map(End::On).ok_or(NotUnderstood("end date"))
        }
        "numbered" => {
            let count = range.number_of_occurrences;
            let count = count.and_then(|count| u32::try_from(count).ok());
            let count = count.filter(|count| *count > 0);
            count
                .map(End::After)
                .ok_or(NotUnderstood("number of dates"))
        }
        _ => Err(NotUnderstood("range")),
    }
}

fn days_of(told: &RecurrencePattern) -> Result<Weekdays, NotUnderstood> {
    let names = told.days_of_week.iter().flatten();
    let days = names.map(|name| weekday_number(name).map(|number| 1 << number));
    let days = days.reduce(|all, one| Some(all? | one?)).flatten();
    days.map(Weekdays).ok_or(NotUnderstood("days of the week"))
}

fn nth_of(told: &RecurrencePattern) -> Result<Nth, NotUnderstood> {
    let Some(name) = told.index.as_deref() else {
        return Ok(Nth::Number(1));
    };
    let mut known = INDEXES.iter();
    let found = known.find(|(known, _)| known.eq_ignore_ascii_case(name));
    found.map(|(_, nth)| *nth).ok_or(NotUnderstood("index"))
}

fn weekday_number(name: &str) -> Option<u8> {
    let known = |known: &&str| known.eq_ignore_ascii_case(name);
    let number = WEEKDAYS.iter().position(known)?;
    u8::try_from(number).ok()
}

/// Minutes since midnight of 1970-01-01 on the same wall. `None`: it does not lie on a minute.
fn wall_minute(local: DateTime) -> Option<i64> {
    let is_whole = local.second() == 0 && local.subsec_nanosecond() == 0;
    let month = u8::try_from(local.month()).ok()?;
    let day = days_from_civil(
        i64::from(local.year()),
        month,
        u8::try_from(local.day()).ok()?,
    );
    let minute = i64::from(local.hour()) * 60 + i64::from(local.minute());
    is_whole.then_some(day * DAY_MINUTES + minute)
}

/// `2026-11-24T10:30:00`.
fn wall_text(day: i64, minute: i64) -> String {
    let date = date_text(day + minute.div_euclid(DAY_MINUTES));
    let minute = minute.rem_euclid(DAY_MINUTES);
    format!("{date}T{:02}:{:02}:00", minute / 60, minute % 60)
}

/// `first`: the day of its first date, in whose month a yearly series takes place.
fn written_pattern(series: &Series, first: i64) -> RecurrencePattern {
    let is_monthly = matches!(
        series.pattern,
        Pattern::MonthlyDay(_) | Pattern::MonthlyWeekday { .. }
    );
    let is_yearly = is_monthly && series.interval % YEAR_MONTHS == 0;
    let (units, month) = if is_yearly {
        let month = i32::from(civil_from_days(first).1);
        (series.interval / YEAR_MONTHS, Some(month))
    } else {
        (series.interval, None)
    };
    let pattern = RecurrencePattern {
        interval: i32::try_from(units).unwrap_or(i32::MAX),
        month,
        ..RecurrencePattern::default()
    };
    match series.pattern {
        Pattern::Daily => RecurrencePattern {
            kind: "daily".to_owned(),
            ..pattern
        },
        Pattern::Weekly {
            days,
            first_weekday,
        } => RecurrencePattern {
            kind: "weekly".to_owned(),
            days_of_week: Some(names_of(days)),
            first_day_of_week: Some(WEEKDAYS[usize::from(first_weekday) % 7].to_owned()),
            ..pattern
        },
        Pattern::MonthlyDay(day) => RecurrencePattern {
            kind: of_months("absolute", is_yearly),
            day_of_month: Some(i32::from(day)),
            ..pattern
        },
        Pattern::MonthlyWeekday { days, nth } => RecurrencePattern {
            kind: of_months("relative", is_yearly),
            days_of_week: Some(names_of(days)),
            index: INDEXES
                .iter()
                .find(|(_, known)| *known == nth)
                .map(|(name, _)| (*name).to_owned()),
            ..pattern
        },
    }
}

fn of_months(kind: &str, is_yearly: bool) -> String {
    format!("{kind}{}", if is_yearly { "Yearly" } else { "Monthly" })
}

fn names_of(days: Weekdays) -> Vec<String> {
    let names = WEEKDAYS.iter().enumerate();
    let chosen = names.filter(|(number, _)| days.0 & (1 << number) != 0);
    chosen.map(|(_, name)| (*name).to_owned()).collect()
}

#[cfg(test)]
mod tests;
