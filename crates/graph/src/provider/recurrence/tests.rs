use serde_json::{Value, json};

use super::*;

/// An hour from ten in Berlin, on 24 November 2026, a Tuesday.
fn event(pattern: Value, range: Value) -> Repeating {
    let at = |hour: u32| json!({ "dateTime": format!("2026-11-24T{hour}:00:00.0000000"), "timeZone": "Europe/Berlin" });
    let event = json!({
        "start": at(10), "end": at(11), "recurrence": { "pattern": pattern, "range": range },
    });
    serde_json::from_value(event).unwrap()
}

fn no_end() -> Value {
    json!({ "type": "noEnd", "startDate": "2026-11-24" })
}

fn day(text: &str) -> i64 {
    day_of_text(text).unwrap()
}

/// Pattern, interval and the day it is counted from.
fn read_pattern(pattern: Value) -> Result<(Pattern, i64, String), NotUnderstood> {
    let (series, _) = read(&event(pattern, no_end()))?;
    Ok((series.pattern, series.interval, date_text(series.first_day)))
}

#[test]
fn every_pattern_of_graph_is_read() {
    let monday_and_sunday = Weekdays(0b100_0001);
    let last = |days| Pattern::MonthlyWeekday {
        days,
        nth: Nth::Last,
    };
    for (told, pattern, interval, first_day) in [
        (
            json!({ "type": "daily", "interval": 3 }),
            Pattern::Daily,
            3,
            "2026-11-24",
        ),
        (
            // Every property, as Graph writes what it has; the word with a capital, as in Microsoft's example.
            json!({ "type": "weekly", "interval": 2, "month": 0, "dayOfMonth": 0, "daysOfWeek": ["Monday", "sunday"],
                "firstDayOfWeek": "monday", "index": "first" }),
            Pattern::Weekly {
                days: monday_and_sunday,
                first_weekday: 0,
            },
            2,
            "2026-11-24",
        ),
        (
            json!({ "type": "weekly", "interval": 1, "daysOfWeek": ["tuesday"] }),
            Pattern::Weekly {
                days: Weekdays(0b10),
                first_weekday: 6,
            },
            1,
            "2026-11-24",
        ),
        (
            json!({ "type": "absoluteMonthly", "interval": 2, "dayOfMonth": 31 }),
            Pattern::MonthlyDay(31),
            2,
            "2026-11-24",
        ),
        (
            json!({ "type": "relativeMonthly", "interval": 1, "daysOfWeek": ["friday"], "index": "last" }),
            last(Weekdays(0b1_0000)),
            1,
            "2026-11-24",
        ),
        (
            json!({ "type": "absoluteYearly", "interval": 1, "month": 11, "dayOfMonth": 24 }),
            Pattern::MonthlyDay(24),
            12,
            "2026-11-24",
        ),
        (
            // March of every other year from 2026 on: that of 2026 is over.
            json!({ "type": "relativeYearly", "interval": 2, "month": 3, "daysOfWeek": ["friday"], "index": "last" }),
            last(Weekdays(0b1_0000)),
            24,
            "2028-03-01",
        ),
    ] {
        let expected = (pattern, interval, first_day.to_owned());
        assert_eq!(read_pattern(told.clone()), Ok(expected), "{told}");
    }
}

#[test]
fn what_is_not_understood_is_named_and_not_guessed() {
    for (told, part) in [
        (json!({ "type": "lunar", "interval": 1 }), "type"),
        (json!({ "type": "daily" }), "interval"),
        (
            json!({ "type": "weekly", "interval": 1 }),
            "days of the week",
        ),
        (
            json!({ "type": "weekly", "interval": 1, "daysOfWeek": ["someday"] }),
            "days of the week",
        ),
        (
            json!({ "type": "absoluteMonthly", "interval": 1, "dayOfMonth": 0 }),
            "day of the month",
        ),
        (
            json!({ "type": "absoluteYearly", "interval": 1, "dayOfMonth": 1, "month": 13 }),
            "month",
        ),
        (
            json!({ "type": "relativeMonthly", "interval": 1, "daysOfWeek": ["monday"], "index": "fifth" }),
            "index",
        ),
    ] {
        assert_eq!(
            read_pattern(told.clone()),
            Err(NotUnderstood(part)),
            "{told}"
        );
    }
    let daily = || json!({ "type": "daily", "interval": 1 });
    for (range, part) in [
        (
            json!({ "type": "noEnd", "startDate": "soon" }),
            "start date",
        ),
        (
            json!({ "type": "endDate", "startDate": "2026-11-24" }),
            "end date",
        ),
        (
            json!({ "type": "numbered", "startDate": "2026-11-24", "numberOfOccurrences": 0 }),
            "number of dates",
        ),
        (
            json!({ "type": "sometimes", "startDate": "2026-11-24" }),
            "range",
        ),
        (
            json!({ "type": "noEnd", "startDate": "2026-11-24", "recurrenceTimeZone": "tzone://Microsoft/Custom" }),
            "time zone",
        ),
    ] {
        assert_eq!(read(&event(daily(), range)), Err(NotUnderstood(part)));
    }
    let mut backwards = event(daily(), no_end());
    std::mem::swap(&mut backwards.start, &mut backwards.end);
    assert_eq!(read(&backwards), Err(NotUnderstood("end")));
}

#[test]
fn a_series_is_told_in_the_zone_that_its_pattern_names() {
    // Graph gives times in UTC unless asked otherwise; Lord Howe is eleven hours ahead in November.
    let mut event = event(
        json!({ "type": "daily", "interval": 1 }),
        json!({ "type": "noEnd", "startDate": "2026-11-24", "recurrenceTimeZone": "Lord Howe Standard Time" }),
    );
    let utc = |text: &str| DateTimeTimeZone {
        date_time: text.to_owned(),
        time_zone: Some("UTC".to_owned()),
    };
    (event.start, event.end) = (utc("2026-11-23T15:15:00"), utc("2026-11-23T16:00:00"));
    let (series, zone) = read(&event).unwrap();
    assert_eq!(zone.0, "Australia/Lord_Howe");
    assert_eq!(
        (series.start_minute, series.length_minutes),
        (2 * 60 + 15, 45)
    );
    // Whole days are those of the zone they are written in.
    event.is_all_day = Some(true);
    (event.start, event.end) = (utc("2026-11-24T00:00:00"), utc("2026-11-25T00:00:00"));
    let (series, zone) = read(&event).unwrap();
    assert_eq!(zone.0, "UTC");
    assert_eq!((series.start_minute, series.length_minutes), (0, 24 * 60));
}

#[test]
fn what_is_written_is_read_as_the_same_series() {
    let weekly = |days| Pattern::Weekly {
        days: Weekdays(days),
        first_weekday: 0,
    };
    let third_workday = Pattern::MonthlyWeekday {
        days: Weekdays::WORK,
        nth: Nth::Number(3),
    };
    let zone = ZoneName("Asia/Kolkata".to_owned());
    let first = "2026-11-24";
    for (pattern, interval, first_day) in [
        (Pattern::Daily, 2, first),
        (weekly(0b1010), 3, first),
        (Pattern::MonthlyDay(24), 5, first),
        (Pattern::MonthlyDay(29), 12, "2027-02-28"),
        (third_workday, 1, "2026-12-03"),
        (third_workday, 24, "2026-12-03"),
    ] {
        for end in [End::Never, End::After(7), End::On(day("2030-01-01"))] {
            let series = Series {
                pattern,
                interval,
                first_day: day(first_day),
                end,
                start_minute: 23 * 60 + 15,
                length_minutes: 90,
            };
            let written = write(&series, &zone).unwrap();
            assert_eq!(read(&written), Ok((series, zone.clone())));
            let read_back: Repeating =
                serde_json::from_value(serde_json::to_value(&written).unwrap()).unwrap();
            assert_eq!(read_back, written);
        }
    }
}

#[test]
fn a_series_is_written_from_its_first_date_on_and_by_years_where_it_is_by_years() {
    let series = Series {
        pattern: Pattern::MonthlyDay(15),
        interval: 12,
        first_day: day("2026-11-24"),
        end: End::After(3),
        start_minute: 23 * 60 + 30,
        length_minutes: 60,
    };
    let written = write(&series, &ZoneName("America/New_York".to_owned())).unwrap();
    let expected = json!({
        "start": { "dateTime": "2027-11-15T23:30:00", "timeZone": "America/New_York" },
        "end": { "dateTime": "2027-11-16T00:30:00", "timeZone": "America/New_York" },
        "recurrence": {
            "pattern": { "type": "absoluteYearly", "interval": 1, "month": 11, "dayOfMonth": 15 },
            "range": {
                "type": "numbered", "startDate": "2027-11-15", "numberOfOccurrences": 3,
                "recurrenceTimeZone": "America/New_York",
            },
        },
    });
    assert_eq!(serde_json::to_value(&written).unwrap(), expected);
    let over = Series {
        end: End::On(day("2026-12-24")),
        ..series
    };
    assert_eq!(write(&over, &ZoneName::utc()), None);
}
