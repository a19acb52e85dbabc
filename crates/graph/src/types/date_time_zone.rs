//! A local date and time and the zone it is in.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

use crate::error::GraphError;

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
    /// [`GraphError::Time`] when the zone is not an IANA name.
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

    /// The instant this names.
    ///
    /// # Errors
    /// [`GraphError::Time`] when it cannot be read, or its zone is not UTC nor an IANA name. Requests ask for UTC, so
    /// a Windows zone name here means that the request did not.
    pub fn instant(&self) -> Result<Timestamp, GraphError> {
        self.instant_in(self.time_zone.as_deref().unwrap_or("UTC"))
    }

    /// The instant that the local time names in another zone than the one that stands beside it. Needed for all-day
    /// events, which come as midnight in whatever zone is asked for.
    ///
    /// # Errors
    /// [`GraphError::Time`] when it cannot be read, or the zone is not UTC nor an IANA name.
    pub fn instant_in(&self, zone_name: &str) -> Result<Timestamp, GraphError> {
        let unreadable = || unknown(&self.date_time);
        let text = self.date_time.strip_suffix('Z').unwrap_or(&self.date_time);
        let local: DateTime = text.parse().map_err(|_| unreadable())?;
        zone(zone_name)?
            .to_timestamp(local)
            .map_err(|_| unreadable())
    }
}

fn zone(name: &str) -> Result<TimeZone, GraphError> {
    if matches!(name, "UTC" | "Etc/UTC" | "tzone://Microsoft/Utc") {
        return Ok(TimeZone::UTC);
    }
    TimeZone::get(name).map_err(|_| unknown(name))
}

fn unknown(text: &str) -> GraphError {
    GraphError::Time {
        text: text.to_owned(),
        request_id: None,
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
