use super::*;
use crate::recurrence::{Nth, Pattern, Weekdays};
use crate::time::HOUR_MS;
use crate::time::civil::{date_text, day_of_text};

fn day(text: &str) -> i64 {
    day_of_text(text).unwrap()
}

/// Ten to eleven.
fn series(pattern: Pattern, interval: i64, first_day: &str, end: End) -> Series {
    Series {
        pattern,
        interval,
        first_day: day(first_day),
        end,
        start_minute: 10 * 60,
        length_minutes: 60,
    }
}

fn until(last: &str) -> End {
    End::On(day(last))
}

fn weekly(days: u8, first_weekday: u8) -> Pattern {
    Pattern::Weekly {
        days: Weekdays(days),
        first_weekday,
    }
}

/// The days on which the series falls, seen from its first day, at UTC.
fn days_of(series: Series) -> Vec<String> {
    let dates = series.dates(Instant(series.first_day * DAY_MS), |_| 0);
    let day = |range: &TimeRange| date_text(range.start().0.div_euclid(DAY_MS));
    dates.ranges.iter().map(day).collect()
}

#[test]
fn a_daily_series_falls_on_every_so_many_days_up_to_its_last() {
    let series = series(Pattern::Daily, 2, "2026-02-26", until("2026-03-04"));
    assert_eq!(
        days_of(series),
        ["2026-02-26", "2026-02-28", "2026-03-02", "2026-03-04"]
    );
}

#[test]
fn every_other_week_counts_weeks_and_not_days() {
    // 2026-11-25 is a Wednesday; Monday and Wednesday of every other week.
    let series = series(weekly(0b101, 0), 2, "2026-11-25", until("2026-12-21"));
    assert_eq!(
        days_of(series),
        ["2026-11-25", "2026-12-07", "2026-12-09", "2026-12-21"]
    );
}

#[test]
fn a_week_that_starts_on_sunday_pairs_sunday_with_the_monday_after() {
    // 2026-11-22 is a Sunday.
    let sundays = series(weekly(0b100_0001, 6), 2, "2026-11-22", until("2026-12-08"));
    assert_eq!(
        days_of(sundays),
        ["2026-11-22", "2026-11-23", "2026-12-06", "2026-12-07"]
    );
    let mondays = series(weekly(0b100_0001, 0), 2, "2026-11-22", until("2026-12-08"));
    assert_eq!(days_of(mondays), ["2026-11-22", "2026-11-30", "2026-12-06"]);
}

#[test]
fn the_thirty_first_is_the_last_day_of_shorter_months() {
    let series = series(
        Pattern::MonthlyDay(31),
        1,
        "2027-01-31",
        until("2027-04-30"),
    );
    assert_eq!(
        days_of(series),
        ["2027-01-31", "2027-02-28", "2027-03-31", "2027-04-30"]
    );
}

#[test]
fn the_twenty_ninth_of_february_is_the_twenty_eighth_of_other_years() {
    let yearly = series(Pattern::MonthlyDay(29), 12, "2027-02-28", End::Never);
    let from = |now: &str| yearly.dates(Instant(day(now) * DAY_MS), |_| 0).ranges[0];
    let starts = |now: &str| date_text(from(now).start().0.div_euclid(DAY_MS));
    assert_eq!(starts("2027-02-01"), "2027-02-28");
    assert_eq!(starts("2027-03-01"), "2028-02-29");
    assert_eq!(starts("2028-03-01"), "2029-02-28");
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
    let fourth_friday = Pattern::MonthlyWeekday {
        days: Weekdays(0b1_0000),
        nth: Nth::Number(4),
    };
    let days_of = |pattern| days_of(series(pattern, 1, "2026-11-01", until("2027-01-31")));
    assert_eq!(
        days_of(second_tuesday),
        ["2026-11-10", "2026-12-08", "2027-01-12"]
    );
    assert_eq!(
        days_of(last_weekday),
        ["2026-11-30", "2026-12-31", "2027-01-29"]
    );
    // January has a fifth Friday, which is not the fourth.
    assert_eq!(
        days_of(fourth_friday),
        ["2026-11-27", "2026-12-25", "2027-01-22"]
    );
}

#[test]
fn a_series_of_so_many_dates_counts_those_that_are_over() {
    let counted = series(weekly(0b1010, 0), 1, "2026-11-24", End::After(5));
    let all = [
        "2026-11-24",
        "2026-11-26",
        "2026-12-01",
        "2026-12-03",
        "2026-12-08",
    ];
    assert_eq!(days_of(counted), all);
    let later = counted.dates(Instant(day("2026-12-02") * DAY_MS), |_| 0);
    assert_eq!((later.ranges.len(), later.are_more), (2, false));
    // Twelve hundred days do not fit.
    let long = series(Pattern::Daily, 1, "2026-11-24", End::After(1_200));
    let dates = long.dates(Instant(day("2026-11-24") * DAY_MS), |_| 0);
    assert!(dates.are_more && dates.ranges.len() == OCCURRENCES_MAX);
}

#[test]
fn a_series_begins_with_the_first_day_of_its_pattern() {
    let first = |pattern, interval, end| {
        let series = series(pattern, interval, "2026-11-25", end);
        series.first_date().map(date_text)
    };
    // A Wednesday; the Monday of its own week is over, so that of the week after the next one is the first.
    assert_eq!(first(weekly(0b1, 0), 2, End::Never).unwrap(), "2026-12-07");
    assert_eq!(first(Pattern::Daily, 9, End::Never).unwrap(), "2026-11-25");
    let yearly = first(Pattern::MonthlyDay(24), 12, End::Never);
    assert_eq!(yearly.unwrap(), "2027-11-24");
    assert_eq!(first(weekly(0b1, 0), 1, until("2026-11-29")), None);
}

/// Central Europe, where clocks go back on 2026-10-25 and on 2027-03-28 forward, both at 01:00 UTC.
fn in_berlin(at: Instant) -> i32 {
    let change = |text: &str| Instant(day(text) * DAY_MS + HOUR_MS);
    let is_winter = at >= change("2026-10-25") && at < change("2027-03-28");
    if is_winter { 60 } else { 120 }
}

/// Start in hours UTC and length in hours.
fn hours(range: &TimeRange) -> (i64, i64) {
    let start = range.start().0.rem_euclid(DAY_MS) / HOUR_MS;
    (start, range.duration_ms() / HOUR_MS)
}

#[test]
fn the_wall_clock_stays_when_the_clocks_change() {
    let series = series(Pattern::Daily, 1, "2026-10-24", until("2026-10-26"));
    let dates = series.dates(Instant(series.first_day * DAY_MS), in_berlin);
    let hours: Vec<(i64, i64)> = dates.ranges.iter().map(hours).collect();
    assert_eq!(hours, [(8, 1), (9, 1), (9, 1)]);
    assert!(!dates.are_more);
}

#[test]
fn a_night_in_which_the_clocks_change_ends_when_the_wall_says() {
    let mut nights = series(Pattern::Daily, 1, "2027-03-26", End::After(3));
    (nights.start_minute, nights.length_minutes) = (22 * 60, 8 * 60);
    let dates = nights.dates(Instant(nights.first_day * DAY_MS), in_berlin);
    let hours: Vec<(i64, i64)> = dates.ranges.iter().map(hours).collect();
    assert_eq!(hours, [(21, 8), (21, 7), (20, 8)]);
}

#[test]
fn a_series_without_end_stops_at_the_horizon() {
    let now = Instant(day("2026-11-20") * DAY_MS);
    let dates = series(weekly(0b1, 0), 1, "2020-01-01", End::Never).dates(now, |_| 0);
    assert_eq!(dates.ranges.len(), 57);
    assert!(dates.are_more);
    assert!(dates.ranges.iter().all(|range| range.start() >= now));
    let daily = series(Pattern::Daily, 1, "2020-01-01", End::Never).dates(now, |_| 0);
    assert_eq!(daily.ranges.len(), OCCURRENCES_MAX);
    assert!(daily.are_more);
}
