//! Local times to instants. The browser has no table of zones; the server has.

use booking::error::{BadRequest, BookingError};
use booking::recurrence::{Dates, Series};
use booking::search::{OCCURRENCES_MAX, RoomQuery, Wanted, When};
use booking::time::{EmptyRange, Instant, TimeRange, ZoneName};
use jiff::Timestamp;
use jiff::civil::{Date, Time};
use jiff::tz::{AmbiguousOffset, TimeZone};

/// The ranges that are meant, in order of time; never empty.
///
/// # Errors
/// [`BadRequest`] naming the part that cannot be read, is reversed, or does not exist on that day.
pub fn resolve(when: &When, zone: &ZoneName) -> Result<Vec<TimeRange>, BookingError> {
    match when {
        When::Local { date, from, to } => {
            let zone = time_zone(zone);
            let start = instant(date, from, &zone)?;
            let end = instant(date, to, &zone)?;
            Ok(vec![TimeRange::new(start, end).map_err(reversed)?])
        }
        When::Exact { ranges } => {
            let mut ranges = ranges.clone();
            ranges.sort();
            if ranges.is_empty() || ranges.len() > OCCURRENCES_MAX {
                let message = format!("{} times; between 1 and {OCCURRENCES_MAX}", ranges.len());
                return Err(BookingError::BadRequest(BadRequest::Time(message)));
            }
            Ok(ranges)
        }
    }
}

/// The question with its times resolved.
///
/// # Errors
/// As [`resolve`].
pub fn wanted(query: &RoomQuery, zone: &ZoneName) -> Result<Wanted, BookingError> {
    Ok(Wanted {
        floor: query.floor,
        ranges: resolve(&query.when, zone)?,
        people: query.people.max(1),
        equipment: query.equipment,
        step_free: query.step_free,
    })
}

/// Minutes by which the zone's clocks are ahead of UTC at that instant.
pub fn utc_offset_minutes(zone: &ZoneName, at: Instant) -> i32 {
    offset_minutes(&time_zone(zone), at)
}

/// When a series takes place that is told on the walls of that zone, from `now` on and as far ahead as rooms can be
/// booked.
pub fn series_dates(series: &Series, zone: &ZoneName, now: Instant) -> Dates {
    let zone = time_zone(zone);
    series.dates(now, |at| offset_minutes(&zone, at))
}

/// The rules of a zone; those of UTC for a name nobody knows, so that a wrong import shows wrong
/// hours and not a broken page.
pub fn time_zone(zone: &ZoneName) -> TimeZone {
    TimeZone::get(&zone.0).unwrap_or(TimeZone::UTC)
}

/// The quarters of an hour between these hours of a day. One that the clocks skip is the hour after.
///
/// # Errors
/// [`BadRequest::Time`] for a date that cannot be read.
pub fn quarters(
    date: &str,
    hours: std::ops::Range<i8>,
    zone: &ZoneName,
) -> Result<Vec<TimeRange>, BookingError> {
    const QUARTER_MS: i64 = 15 * booking::time::MINUTE_MS;
    let unreadable = || {
        let shown = date.chars().take(40).collect();
        BookingError::BadRequest(BadRequest::Time(shown))
    };
    let day: Date = date.parse().map_err(|_| unreadable())?;
    let zone = time_zone(zone);
    let mut quarters = Vec::new();
    for hour in hours {
        let start = zone
            .to_ambiguous_timestamp(day.at(hour, 0, 0, 0))
            .compatible()
            .map_err(|_| unreadable())?;
        for quarter in 0..4 {
            let start = Instant(start.as_millisecond() + quarter * QUARTER_MS);
            quarters.extend(TimeRange::new(start, start.plus_ms(QUARTER_MS)));
        }
    }
    Ok(quarters)
}

/// The day on the wall of this zone that an instant is part of, from midnight to midnight; where the clocks skip
/// midnight, from when they show a time again.
///
/// # Errors
/// [`BadRequest::Time`] for an instant beyond the calendar.
pub fn day_of(at: Instant, zone: &ZoneName) -> Result<TimeRange, BookingError> {
    let beyond = || BookingError::BadRequest(BadRequest::Time(at.0.to_string()));
    let at = Timestamp::from_millisecond(at.0).map_err(|_| beyond())?;
    let midnight = at.to_zoned(time_zone(zone)).start_of_day();
    let start = midnight.map_err(|_| beyond())?;
    let end = start.tomorrow().and_then(|next| next.start_of_day());
    let end = end.map_err(|_| beyond())?;
    let instant = |zoned: &jiff::Zoned| Instant(zoned.timestamp().as_millisecond());
    TimeRange::new(instant(&start), instant(&end)).map_err(|_| beyond())
}

/// A time as the walls of a zone show it, `Tue 24 Nov, 10:00–11:00`; with both dates where it goes over midnight.
pub(crate) fn told(range: TimeRange, zone: &ZoneName) -> String {
    let Some((start, end)) = on_wall(range, zone) else {
        return String::new();
    };
    let (date, time) = ("%a %-d %b", "%-H:%M");
    if start.date() == end.date() {
        let (date, from) = (start.strftime(date), start.strftime(time));
        format!("{date}, {from}–{}", end.strftime(time))
    } else {
        let both = "%a %-d %b %-H:%M";
        format!("{}–{}", start.strftime(both), end.strftime(both))
    }
}

/// A time as the fields of a page take it: `2026-11-24`, `10:00` and `11:00`. `None`: it goes over midnight there.
pub(crate) fn fields(range: TimeRange, zone: &ZoneName) -> Option<(String, String, String)> {
    let (start, end) = on_wall(range, zone)?;
    let time = |at: &jiff::Zoned| at.strftime("%H:%M").to_string();
    let date = start.strftime("%Y-%m-%d").to_string();
    (start.date() == end.date()).then(|| (date, time(&start), time(&end)))
}

/// `None`: it is beyond the calendar.
fn on_wall(range: TimeRange, zone: &ZoneName) -> Option<(jiff::Zoned, jiff::Zoned)> {
    let zone = time_zone(zone);
    let at = |instant: Instant| {
        let at = Timestamp::from_millisecond(instant.0).ok()?;
        Some(at.to_zoned(zone.clone()))
    };
    Some((at(range.start())?, at(range.end())?))
}

/// Whether anybody knows this zone.
///
/// # Errors
/// When the name is in no table of zones.
pub fn known_zone(zone: &ZoneName) -> Result<(), jiff::Error> {
    TimeZone::get(&zone.0).map(drop)
}

fn offset_minutes(zone: &TimeZone, at: Instant) -> i32 {
    Timestamp::from_millisecond(at.0).map_or(0, |at| zone.to_offset(at).seconds() / 60)
}

fn reversed(_: EmptyRange) -> BookingError {
    BookingError::BadRequest(BadRequest::Reversed)
}

fn instant(date: &str, time: &str, zone: &TimeZone) -> Result<Instant, BookingError> {
    let unreadable = |text: &str| {
        let shown = text.chars().take(40).collect();
        BookingError::BadRequest(BadRequest::Time(shown))
    };
    let day: Date = date.parse().map_err(|_| unreadable(date))?;
    let clock: Time = time.parse().map_err(|_| unreadable(time))?;
    let ambiguous = zone.to_ambiguous_timestamp(day.to_datetime(clock));
    // A time that exists twice means the first one, as in Outlook; one that is skipped means nothing.
    if matches!(ambiguous.offset(), AmbiguousOffset::Gap { .. }) {
        return Err(BookingError::BadRequest(BadRequest::ClockChange(
            time.to_owned(),
        )));
    }
    ambiguous
        .earlier()
        .map(|timestamp| Instant(timestamp.as_millisecond()))
        .map_err(|_| unreadable(date))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn local(date: &str, from: &str, to: &str) -> When {
        When::Local {
            date: date.to_owned(),
            from: from.to_owned(),
            to: to.to_owned(),
        }
    }

    fn helsinki() -> ZoneName {
        ZoneName("Europe/Helsinki".to_owned())
    }

    #[test]
    fn wall_time_is_read_in_the_buildings_zone() {
        let ranges = resolve(&local("2026-11-24", "10:00", "11:30"), &helsinki()).unwrap();
        assert_eq!(ranges[0].start(), Instant(1_795_507_200_000));
        assert_eq!(ranges[0].duration_ms(), 90 * 60_000);
    }

    #[test]
    fn a_day_has_its_quarters_in_the_buildings_zone_on_either_side_of_a_clock_change() {
        for (date, first) in [
            ("2026-11-24", 1_795_496_400_000),
            ("2027-03-28", 1_806_206_400_000),
        ] {
            let quarters = quarters(date, 7..19, &helsinki()).unwrap();
            assert_eq!(quarters.len(), 48);
            assert_eq!(quarters[0].start(), Instant(first), "{date}");
        }
    }

    #[test]
    fn a_day_on_which_clocks_change_is_an_hour_longer_or_shorter() {
        let at = |text: &str| Instant(text.parse::<Timestamp>().unwrap().as_millisecond());
        for (time, start, hours) in [
            ("2026-11-24T21:59:59Z", "2026-11-23T22:00:00Z", 24),
            ("2026-11-24T22:00:00Z", "2026-11-24T22:00:00Z", 24),
            ("2027-03-28T12:00:00Z", "2027-03-27T22:00:00Z", 23),
            ("2026-10-25T12:00:00Z", "2026-10-24T21:00:00Z", 25),
        ] {
            let day = day_of(at(time), &helsinki()).unwrap();
            let expected = (at(start), hours * booking::time::HOUR_MS);
            assert_eq!((day.start(), day.duration_ms()), expected, "{time}");
        }
        assert!(day_of(Instant(i64::MAX), &helsinki()).is_err());
    }

    #[test]
    fn a_time_the_clocks_skip_is_refused_by_name() {
        let error = resolve(&local("2027-03-28", "03:30", "05:00"), &helsinki()).unwrap_err();
        assert!(error.to_string().contains("03:30"));
    }

    #[test]
    fn a_reversed_or_unreadable_time_says_what_is_wrong() {
        let reversed = resolve(&local("2026-11-24", "11:00", "10:00"), &helsinki()).unwrap_err();
        assert_eq!(reversed.to_string(), "The end must be after the start.");
        let unreadable = resolve(&local("24.11.", "10:00", "11:00"), &helsinki()).unwrap_err();
        assert!(unreadable.to_string().contains("24.11."));
    }
}
