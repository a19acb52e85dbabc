//! Series over clock changes, to the minute, against dates that jiff makes of the wall's own times.

use booking::recurrence::{End, Pattern, Series};
use booking::time::civil::day_of_text;
use booking::time::{Instant, TimeRange, ZoneName};
use engine::when::series_dates;
use jiff::civil::{Date, DateTime};
use jiff::tz::{AmbiguousOffset, TimeZone};
use jiff::{Timestamp, ToSpan};

/// Every day, so many minutes from this time on.
fn daily(first: &str, time: &str, minutes: i64, days: u32) -> Series {
    let (hour, minute) = time.split_once(':').unwrap();
    Series {
        pattern: Pattern::Daily,
        interval: 1,
        first_day: day_of_text(first).unwrap(),
        end: End::After(days),
        start_minute: hour.parse::<i64>().unwrap() * 60 + minute.parse::<i64>().unwrap(),
        length_minutes: minutes,
    }
}

/// The dates as instants in UTC, seen from the day before the first one.
fn dates(series: &Series, zone: &str) -> Vec<TimeRange> {
    let now = Instant((series.first_day - 1) * booking::time::DAY_MS);
    series_dates(series, &ZoneName(zone.to_owned()), now).ranges
}

fn told(ranges: &[TimeRange]) -> Vec<String> {
    let text = |at: Instant| {
        let at = Timestamp::from_millisecond(at.0).unwrap();
        at.strftime("%d %H:%M").to_string()
    };
    let span = |range: &TimeRange| format!("{}–{}", text(range.start()), text(range.end()));
    ranges.iter().map(span).collect()
}

/// What the wall says on each day: the start, or later by as much as the clocks skip; the end by the wall too, unless the
/// start was skipped, which keeps the length.
fn by_the_wall(series: &Series, zone: &str) -> Vec<TimeRange> {
    let zone = TimeZone::get(zone).unwrap();
    let midnight = |day: i64| {
        let first = Date::constant(1970, 1, 1).checked_add(day.days()).unwrap();
        first.to_datetime(jiff::civil::Time::midnight())
    };
    let at = |wall: DateTime| zone.to_ambiguous_timestamp(wall);
    let End::After(days) = series.end else {
        panic!("so many dates");
    };
    let date = |day: i64| {
        let start = midnight(day) + series.start_minute.minutes();
        let end = start + series.length_minutes.minutes();
        let begins = at(start).compatible().unwrap();
        let is_skipped = matches!(at(start).offset(), AmbiguousOffset::Gap { .. });
        let ends = if is_skipped {
            begins + series.length_minutes.minutes()
        } else {
            at(end).compatible().unwrap()
        };
        let instant = |at: Timestamp| Instant(at.as_millisecond());
        TimeRange::new(instant(begins), instant(ends)).unwrap()
    };
    (series.first_day..series.first_day + i64::from(days))
        .map(date)
        .collect()
}

/// A year of days at times on and around all changes of the clocks.
fn a_year_is_right_to_the_minute_in(zone: &str) {
    for time in [
        "00:00", "01:45", "02:00", "02:15", "02:30", "02:59", "03:00", "09:00", "23:30",
    ] {
        for minutes in [15, 30, 60, 90, 480] {
            let series = daily("2026-10-01", time, minutes, 380);
            assert_eq!(
                dates(&series, zone),
                by_the_wall(&series, zone),
                "{time} for {minutes}"
            );
        }
    }
}

/// covers part of: N-02 (four zones over clock changes: Europe/Berlin)
#[test]
fn a_series_keeps_to_the_wall_over_both_clock_changes_in_berlin() {
    // On 25 October 2026 half past two is there twice: the first one.
    let autumn = daily("2026-10-24", "02:30", 60, 3);
    let expected = [
        "24 00:30–24 01:30",
        "25 00:30–25 02:30",
        "26 01:30–26 02:30",
    ];
    assert_eq!(told(&dates(&autumn, "Europe/Berlin")), expected);
    // On 28 March 2027 it is skipped: an hour later, as long as ever.
    let spring = daily("2027-03-27", "02:30", 60, 3);
    let expected = [
        "27 01:30–27 02:30",
        "28 01:30–28 02:30",
        "29 00:30–29 01:30",
    ];
    assert_eq!(told(&dates(&spring, "Europe/Berlin")), expected);
    a_year_is_right_to_the_minute_in("Europe/Berlin");
}

/// covers part of: N-02 (four zones over clock changes: America/New_York)
#[test]
fn a_series_keeps_to_the_wall_over_both_clock_changes_in_new_york() {
    let autumn = daily("2026-10-31", "09:00", 45, 2);
    let expected = ["31 13:00–31 13:45", "01 14:00–01 14:45"];
    assert_eq!(told(&dates(&autumn, "America/New_York")), expected);
    let spring = daily("2027-03-13", "02:30", 30, 3);
    let expected = [
        "13 07:30–13 08:00",
        "14 07:30–14 08:00",
        "15 06:30–15 07:00",
    ];
    assert_eq!(told(&dates(&spring, "America/New_York")), expected);
    a_year_is_right_to_the_minute_in("America/New_York");
}

/// covers part of: N-02 (four zones over clock changes: Australia/Lord_Howe)
#[test]
fn a_series_keeps_to_the_wall_over_both_clock_changes_in_lord_howe() {
    // Clocks change by half an hour: on 4 October 2026 from 02:00 to 02:30, and on 4 April 2027 back to 01:30.
    let spring = daily("2026-10-03", "02:15", 30, 3);
    let expected = [
        "02 15:45–02 16:15",
        "03 15:45–03 16:15",
        "04 15:15–04 15:45",
    ];
    assert_eq!(told(&dates(&spring, "Australia/Lord_Howe")), expected);
    let autumn = daily("2027-04-03", "01:45", 30, 3);
    let expected = [
        "02 14:45–02 15:15",
        "03 14:45–03 15:45",
        "04 15:15–04 15:45",
    ];
    assert_eq!(told(&dates(&autumn, "Australia/Lord_Howe")), expected);
    a_year_is_right_to_the_minute_in("Australia/Lord_Howe");
}

/// covers part of: N-02 (four zones over clock changes: Asia/Kolkata, which has none)
#[test]
fn a_series_keeps_to_the_wall_all_year_in_kolkata() {
    let spring = daily("2027-03-27", "02:30", 60, 2);
    let expected = ["26 21:00–26 22:00", "27 21:00–27 22:00"];
    assert_eq!(told(&dates(&spring, "Asia/Kolkata")), expected);
    a_year_is_right_to_the_minute_in("Asia/Kolkata");
}
