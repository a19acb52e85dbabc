//! A local date and time and the zone it is in.

use jiff::civil::{Date, DateTime, Time};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::windows_zone::iana_name;
use crate::error::{GraphError, excerpt};

/// A date and time as events carry them: `2026-11-20T09:00:00.0000000` in some zone.
///
/// See <https://learn.microsoft.com/graph/api/resources/datetimetimezone>.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DateTimeTimeZone {
    /// The local date and time, with or without a fraction; no offset.
    pub date_time: String,
    /// The zone's name, Windows or IANA. `None`: UTC.
    pub time_zone: Option<String>,
}

impl DateTimeTimeZone {
    /// The instant in UTC.
    pub fn utc(instant: Timestamp) -> Self {
        let local = TimeZone::UTC.to_datetime(instant);
        Self {
            date_time: local.strftime("%Y-%m-%dT%H:%M:%S").to_string(),
            time_zone: Some("UTC".to_owned()),
        }
    }

    /// The instant in a zone, so that Outlook shows the event in the building's time.
    ///
    /// In the hour that the clocks go through twice, a local time names two instants; the second is then written in
    /// UTC, because the right hour matters more than the zone it is shown in.
    ///
    /// # Errors
    /// [`GraphError::Time`] when the zone is not known.
    pub fn local(instant: Timestamp, zone_name: &str) -> Result<Self, GraphError> {
        let zone = zone(zone_name)?;
        let local = zone.to_datetime(instant);
        if zone.to_timestamp(local).ok() != Some(instant) {
            return Ok(Self::utc(instant));
        }
        Ok(Self {
            date_time: local.strftime("%Y-%m-%dT%H:%M:%S").to_string(),
            time_zone: Some(zone_name.to_owned()),
        })
    }

    /// The instant this names; what lies beyond the times that can be counted is cut to them.
    ///
    /// # Errors
    /// [`GraphError::Time`] when it cannot be read, or its zone is not known.
    pub fn instant(&self) -> Result<Timestamp, GraphError> {
        self.instant_in(self.time_zone.as_deref().unwrap_or("UTC"))
    }

    /// The instant that the local time names in another zone than the one that stands beside it. Needed for all-day
    /// events, which come as midnight in whatever zone is asked for.
    ///
    /// # Errors
    /// [`GraphError::Time`] when it cannot be read, or the zone is not known.
    pub fn instant_in(&self, zone_name: &str) -> Result<Timestamp, GraphError> {
        Ok(counted(&zone(zone_name)?, local(&self.date_time)?))
    }

    /// What the clocks of that zone show at the instant this names. Where it is written in that zone, it stays as it is
    /// written, though the clocks may skip it.
    ///
    /// # Errors
    /// [`GraphError::Time`] when it cannot be read, or a zone is not known.
    pub fn civil_in(&self, zone_name: &str) -> Result<DateTime, GraphError> {
        let own_name = self.time_zone.as_deref().unwrap_or("UTC");
        if iana_name(own_name).is_some_and(|own| iana_name(zone_name) == Some(own)) {
            return local(&self.date_time);
        }
        Ok(zone(zone_name)?.to_datetime(self.instant()?))
    }

    /// Between which instants the one lies that this names, by what of it can be read: its day where the time is none,
    /// and any place on earth where the zone is not known. `None`: nothing of it can be read.
    pub fn reach(&self, zone_name: &str) -> Option<(Timestamp, Timestamp)> {
        let zone = zone(zone_name);
        let text = self.date_time.strip_suffix('Z').unwrap_or(&self.date_time);
        let (first, last) = match (text.parse::<DateTime>(), text.get(..DATE_CHARS)) {
            (Ok(local), _) => (local, local),
            (Err(_), Some(day)) => {
                let day: Date = day.parse().ok()?;
                let next = day.tomorrow().unwrap_or(Date::MAX);
                (
                    day.to_datetime(Time::midnight()),
                    next.to_datetime(Time::midnight()),
                )
            }
            (Err(_), None) => return None,
        };
        match zone {
            Ok(zone) => Some((counted(&zone, first), counted(&zone, last))),
            Err(_) => Some((
                around(counted(&TimeZone::UTC, first), -EARLIEST_ZONE_HOURS),
                around(counted(&TimeZone::UTC, last), LATEST_ZONE_HOURS),
            )),
        }
    }
}

/// Length of `2026-11-20`.
const DATE_CHARS: usize = 10;
/// Nowhere are clocks further before UTC than this.
const EARLIEST_ZONE_HOURS: i64 = 14;
/// Nowhere are clocks further behind UTC than this.
const LATEST_ZONE_HOURS: i64 = 12;

/// The instant of a local time. Exchange keeps events up to the last day of the year 9999, which is beyond what a
/// timestamp counts.
fn counted(zone: &TimeZone, local: DateTime) -> Timestamp {
    let end = if local.year() < 1 {
        Timestamp::MIN
    } else {
        Timestamp::MAX
    };
    zone.to_timestamp(local).unwrap_or(end)
}

fn around(instant: Timestamp, hours: i64) -> Timestamp {
    let moved = instant.saturating_add(SignedDuration::from_hours(hours));
    moved.unwrap_or(instant)
}

fn local(date_time: &str) -> Result<DateTime, GraphError> {
    let text = date_time.strip_suffix('Z').unwrap_or(date_time);
    text.parse().map_err(|_| unknown(date_time))
}

fn zone(name: &str) -> Result<TimeZone, GraphError> {
    if matches!(name, "UTC" | "Etc/UTC" | "tzone://Microsoft/Utc") {
        return Ok(TimeZone::UTC);
    }
    TimeZone::get(iana_name(name).unwrap_or(name)).map_err(|_| unknown(name))
}

fn unknown(text: &str) -> GraphError {
    GraphError::Time {
        text: excerpt(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn read(date_time: &str, zone: Option<&str>) -> Result<Timestamp, GraphError> {
        let value = DateTimeTimeZone {
            date_time: date_time.to_owned(),
            time_zone: zone.map(str::to_owned),
        };
        value.instant()
    }

    #[test]
    fn seven_digits_of_fraction_and_no_zone_are_read() {
        let nine = at("2026-11-20T09:00:00Z");
        assert_eq!(
            read("2026-11-20T09:00:00.0000000", Some("UTC")).unwrap(),
            nine
        );
        assert_eq!(read("2026-11-20T09:00:00", None).unwrap(), nine);
        assert_eq!(
            read("2026-11-20T11:00:00.0000000", Some("Europe/Helsinki")).unwrap(),
            nine
        );
        assert_eq!(
            read("2026-11-20T09:00:00.1234567", Some("UTC")).unwrap(),
            at("2026-11-20T09:00:00.1234567Z")
        );
    }

    #[test]
    fn what_is_no_time_or_no_known_zone_is_an_error() {
        assert!(read("tomorrow", Some("UTC")).is_err());
        assert!(read("2026-11-20T09:00:00", Some("Lower Wossing Time")).is_err());
    }

    #[test]
    fn what_can_be_read_in_part_is_known_to_lie_between_two_instants() {
        let reach = |date_time: &str, zone: &str| {
            let value = DateTimeTimeZone {
                date_time: date_time.to_owned(),
                time_zone: None,
            };
            let reach = value.reach(zone)?;
            Some((reach.0.to_string(), reach.1.to_string()))
        };
        for (date_time, zone, first, last) in [
            (
                "2026-11-20T09:00:00.0000000",
                "UTC",
                "2026-11-20T09:00:00Z",
                "2026-11-20T09:00:00Z",
            ),
            (
                "2026-11-20T09:00:00",
                "Lower Wossing Time",
                "2026-11-19T19:00:00Z",
                "2026-11-20T21:00:00Z",
            ),
            (
                "2026-11-20T25:00:00",
                "UTC",
                "2026-11-20T00:00:00Z",
                "2026-11-21T00:00:00Z",
            ),
        ] {
            let expected = (first.to_owned(), last.to_owned());
            assert_eq!(reach(date_time, zone), Some(expected), "{date_time} {zone}");
        }
        for unreadable in [
            "tomorrow",
            "",
            "at some time of the year",
            "é".repeat(9).as_str(),
        ] {
            assert_eq!(reach(unreadable, "UTC"), None, "{unreadable}");
        }
        assert!(reach("9999-12-31T23:59:59", "nowhere").is_some());
    }

    #[test]
    fn the_end_of_all_days_is_read_and_so_is_a_windows_zone() {
        assert_eq!(
            read("9999-12-31T00:00:00.0000000", Some("UTC")).unwrap(),
            Timestamp::MAX
        );
        assert_eq!(
            read("2026-11-20T10:00:00", Some("W. Europe Standard Time")).unwrap(),
            at("2026-11-20T09:00:00Z")
        );
    }

    #[test]
    fn events_are_written_in_the_buildings_zone() {
        let written =
            DateTimeTimeZone::local(at("2026-07-01T09:30:00Z"), "Europe/Helsinki").unwrap();
        assert_eq!(written.date_time, "2026-07-01T12:30:00");
        assert_eq!(written.time_zone.as_deref(), Some("Europe/Helsinki"));
    }

    #[test]
    fn the_second_pass_of_a_repeated_hour_is_written_in_utc() {
        // Clocks in Berlin go from 03:00 back to 02:00 at 01:00 UTC on 25 October 2026.
        let first = DateTimeTimeZone::local(at("2026-10-25T00:30:00Z"), "Europe/Berlin").unwrap();
        assert_eq!(first.time_zone.as_deref(), Some("Europe/Berlin"));
        let second = DateTimeTimeZone::local(at("2026-10-25T01:30:00Z"), "Europe/Berlin").unwrap();
        assert_eq!(second, DateTimeTimeZone::utc(at("2026-10-25T01:30:00Z")));
    }
}
