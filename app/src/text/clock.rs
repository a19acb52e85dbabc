//! Dates and times of day as a building's wall clock shows them.
//!
//! The server asks its zone table, the browser asks `Intl`; everything after the offset is the
//! same code on both sides, so first paint and hydration write the same letters.

use booking::time::civil::civil_from_days;
use booking::time::{DAY_MS, Instant, MINUTE_MS, TimeRange, ZoneName};

/// A moment as the wall clock of a zone shows it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct WallTime {
    /// Such as 2026.
    pub year: i64,
    /// 1 to 12.
    pub month: u8,
    /// 1 to 31.
    pub day: u8,
    /// 0 is Monday, 6 is Sunday.
    pub weekday: u8,
    /// 0 to 23.
    pub hour: u8,
    /// 0 to 59.
    pub minute: u8,
}

/// Weekdays, Monday first.
pub(super) const WEEKDAYS: [&str; 7] = [
    "Monday",
    "Tuesday",
    "Wednesday",
    "Thursday",
    "Friday",
    "Saturday",
    "Sunday",
];
/// Months, January first.
pub(super) const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

impl WallTime {
    /// What the clocks of `zone` show at that instant.
    pub fn of(instant: Instant, zone: &ZoneName) -> Self {
        Self::with_offset(instant, offset_minutes(instant, zone))
    }

    /// What a clock shows that is so many minutes ahead of UTC.
    pub fn with_offset(instant: Instant, offset_minutes: i32) -> Self {
        let minutes = instant.0.div_euclid(MINUTE_MS) + i64::from(offset_minutes);
        let days = minutes.div_euclid(24 * 60);
        let minute_of_day = minutes.rem_euclid(24 * 60);
        let (year, month, day) = civil_from_days(days);
        Self {
            year,
            month,
            day,
            // 1970-01-01 was a Thursday.
            weekday: (days + 3).rem_euclid(7) as u8,
            hour: (minute_of_day / 60) as u8,
            minute: (minute_of_day % 60) as u8,
        }
    }

    /// `10:30`.
    pub fn time(self) -> String {
        format!("{}:{:02}", self.hour, self.minute)
    }

    /// `10:30` with two digits for the hour, as fields and URLs want it.
    pub fn time_field(self) -> String {
        format!("{:02}:{:02}", self.hour, self.minute)
    }

    /// `2026-11-24`.
    pub fn date_field(self) -> String {
        format!("{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }

    /// `Tue 24 Nov`.
    pub fn short_date(self) -> String {
        format!(
            "{} {} {}",
            &WEEKDAYS[usize::from(self.weekday)][..3],
            self.day,
            &MONTHS[usize::from(self.month - 1)][..3]
        )
    }

    /// `Tuesday 24 November`.
    pub fn long_date(self) -> String {
        format!(
            "{} {} {}",
            WEEKDAYS[usize::from(self.weekday)],
            self.day,
            MONTHS[usize::from(self.month - 1)]
        )
    }

    /// Whether both are on the same day.
    pub fn same_day(self, other: Self) -> bool {
        (self.year, self.month, self.day) == (other.year, other.month, other.day)
    }
}

/// `10:30`.
pub fn time(instant: Instant, zone: &ZoneName) -> String {
    WallTime::of(instant, zone).time()
}

/// `10:00–11:00`, or with both dates when it runs over midnight.
pub fn span(range: TimeRange, zone: &ZoneName) -> String {
    let start = WallTime::of(range.start(), zone);
    let end = WallTime::of(range.end(), zone);
    if start.same_day(end) {
        format!("{}–{}", start.time(), end.time())
    } else {
        format!(
            "{} {}–{} {}",
            start.short_date(),
            start.time(),
            end.short_date(),
            end.time()
        )
    }
}

/// `Tue 24 Nov, 10:00–11:00`.
pub fn dated_span(range: TimeRange, zone: &ZoneName) -> String {
    let start = WallTime::of(range.start(), zone);
    if start.same_day(WallTime::of(range.end(), zone)) {
        format!("{}, {}", start.short_date(), span(range, zone))
    } else {
        span(range, zone)
    }
}

/// Said beside times where the person's own clock shows another time: `Times in Helsinki time`.
pub fn zone_note(zone: &ZoneName) -> String {
    let city = zone.0.rsplit('/').next().unwrap_or(&zone.0);
    format!("Times in {} time", city.replace('_', " "))
}

/// Whether the clock of the person's device shows another time than that of the zone.
#[cfg(all(feature = "hydrate", not(feature = "ssr")))]
pub fn differs_here(instant: Instant, zone: &ZoneName) -> bool {
    let date = js_sys::Date::new(&wasm_bindgen::JsValue::from_f64(instant.0 as f64));
    // JavaScript counts the minutes by which a clock is behind.
    -(date.get_timezone_offset() as i32) != offset_minutes(instant, zone)
}

/// The zone of the person's device. `None`: the browser does not tell.
#[cfg(all(feature = "hydrate", not(feature = "ssr")))]
pub fn device_zone() -> Option<ZoneName> {
    let format = js_sys::Intl::DateTimeFormat::new(&js_sys::Array::new(), &js_sys::Object::new());
    let name = js_sys::Reflect::get(
        &format.resolved_options(),
        &wasm_bindgen::JsValue::from_str("timeZone"),
    );
    name.ok()?.as_string().map(ZoneName)
}

/// The server does not know.
#[cfg(not(all(feature = "hydrate", not(feature = "ssr"))))]
pub const fn device_zone() -> Option<ZoneName> {
    None
}

/// Minutes since midnight of `10:30`. `None`: not a time of day.
pub fn minute_of_day(time: &str) -> Option<u16> {
    let (hour, minute) = time.split_once(':')?;
    let (hour, minute): (u16, u16) = (hour.parse().ok()?, minute.parse().ok()?);
    (hour < 24 && minute < 60).then_some(hour * 60 + minute)
}

/// `10:30` for the minutes since midnight; the last minute of the day for anything later.
pub fn time_of_minute(minute: u16) -> String {
    let minute = minute.min(24 * 60 - 1);
    format!("{:02}:{:02}", minute / 60, minute % 60)
}

/// `Tue 24 Nov` for a day counted from 1970-01-01.
pub fn short_day(day: i64) -> String {
    WallTime::with_offset(Instant(day * DAY_MS), 0).short_date()
}

/// `9:30` for the minutes since midnight, as people are told it.
pub fn time_told(minute: u16) -> String {
    format!("{}:{:02}", minute / 60, minute % 60)
}

/// By how many minutes the zone is ahead of UTC at that instant; 0 for a zone nobody knows.
#[cfg(feature = "ssr")]
pub(crate) fn offset_minutes(instant: Instant, zone: &ZoneName) -> i32 {
    let Ok(moment) = jiff::Timestamp::from_millisecond(instant.0) else {
        return 0;
    };
    jiff::tz::TimeZone::get(&zone.0).map_or(0, |zone| zone.to_offset(moment).seconds() / 60)
}

/// By how many minutes the zone is ahead of UTC at that instant; 0 for a zone the browser does
/// not know. Remembered per quarter of an hour, the finest step at which zones change.
#[cfg(all(feature = "hydrate", not(feature = "ssr")))]
pub(crate) fn offset_minutes(instant: Instant, zone: &ZoneName) -> i32 {
    use std::cell::RefCell;
    use std::collections::HashMap;

    thread_local! {
        static KNOWN: RefCell<HashMap<(String, i64), i32>> = RefCell::default();
    }
    /// More than a person can look at; then it starts afresh.
    const KNOWN_MAX: usize = 4_096;
    let quarter = instant.0.div_euclid(15 * MINUTE_MS);
    let key = (zone.0.clone(), quarter);
    if let Some(known) = KNOWN.with_borrow(|known| known.get(&key).copied()) {
        return known;
    }
    let offset = browser_offset_minutes(quarter * 15 * MINUTE_MS, zone).unwrap_or(0);
    KNOWN.with_borrow_mut(|known| {
        if known.len() >= KNOWN_MAX {
            known.clear();
        }
        known.insert(key, offset);
    });
    offset
}

#[cfg(all(feature = "hydrate", not(feature = "ssr")))]
fn browser_offset_minutes(ms: i64, zone: &ZoneName) -> Option<i32> {
    use wasm_bindgen::{JsCast, JsValue};

    let options = js_sys::Object::new();
    let set = |key: &str, value: &str| {
        js_sys::Reflect::set(&options, &JsValue::from_str(key), &JsValue::from_str(value)).ok()
    };
    set("timeZone", &zone.0)?;
    set("hourCycle", "h23")?;
    for (key, value) in [
        ("year", "numeric"),
        ("month", "2-digit"),
        ("day", "2-digit"),
        ("hour", "2-digit"),
        ("minute", "2-digit"),
    ] {
        set(key, value)?;
    }
    let date = js_sys::Date::new(&JsValue::from_f64(ms as f64));
    // Throws for a zone it does not know; `Reflect::apply` turns that into an `Err`.
    let to_text: js_sys::Function =
        js_sys::Reflect::get(&date, &JsValue::from_str("toLocaleString"))
            .ok()?
            .dyn_into()
            .ok()?;
    let arguments = js_sys::Array::of2(&JsValue::from_str("en-US"), &options);
    let text = js_sys::Reflect::apply(&to_text, &date, &arguments)
        .ok()?
        .as_string()?;
    // “11/24/2026, 10:00”
    let numbers: Vec<f64> = text
        .split(|c: char| !c.is_ascii_digit())
        // Through whole numbers: reading fractions takes tables that nothing else in the module needs.
        .filter_map(|digits| digits.parse::<u32>().ok())
        .map(f64::from)
        .collect();
    let [month, day, year, hour, minute] = numbers.try_into().ok()?;
    let wall_ms = js_sys::Date::utc(year, month - 1.0)
        + ((day - 1.0) * 24.0 * 60.0 + hour * 60.0 + minute) * MINUTE_MS as f64;
    Some(((wall_ms - ms as f64) / MINUTE_MS as f64) as i32)
}

/// Without a zone table every clock shows UTC.
#[cfg(not(any(feature = "ssr", feature = "hydrate")))]
pub(crate) fn offset_minutes(_instant: Instant, _zone: &ZoneName) -> i32 {
    0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_wall_clock_shows_the_day_the_weekday_and_the_time() {
        // 2026-11-24T08:30:00Z, two hours behind Helsinki.
        let shown = WallTime::with_offset(Instant(1_795_509_000_000), 120);
        assert_eq!(shown.long_date(), "Tuesday 24 November");
        assert_eq!(shown.short_date(), "Tue 24 Nov");
        assert_eq!(shown.time(), "10:30");
        assert_eq!(shown.date_field(), "2026-11-24");
    }

    #[test]
    fn a_zone_is_named_by_its_city() {
        let note = zone_note(&ZoneName("America/New_York".to_owned()));
        assert_eq!(note, "Times in New York time");
    }

    #[test]
    fn times_of_day_are_read_and_written() {
        assert_eq!(minute_of_day("10:30"), Some(630));
        assert_eq!(minute_of_day("24:00"), None);
        assert_eq!(minute_of_day("ten"), None);
        assert_eq!(time_of_minute(630), "10:30");
        assert_eq!(time_of_minute(1_440), "23:59");
    }
}
