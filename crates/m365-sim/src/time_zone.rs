//! Time zone names as Outlook uses them: Windows names and IANA names, both accepted everywhere.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};

use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};

/// Common Windows zone names and a place that keeps that time. Not complete; IANA names always work.
const WINDOWS_ZONES: &[(&str, &str)] = &[
    ("Dateline Standard Time", "Etc/GMT+12"),
    ("Hawaiian Standard Time", "Pacific/Honolulu"),
    ("Alaskan Standard Time", "America/Anchorage"),
    ("Pacific Standard Time", "America/Los_Angeles"),
    ("Mountain Standard Time", "America/Denver"),
    ("US Mountain Standard Time", "America/Phoenix"),
    ("Central Standard Time", "America/Chicago"),
    ("Central America Standard Time", "America/Guatemala"),
    ("Central Standard Time (Mexico)", "America/Mexico_City"),
    ("Canada Central Standard Time", "America/Regina"),
    ("Eastern Standard Time", "America/New_York"),
    ("US Eastern Standard Time", "America/Indiana/Indianapolis"),
    ("SA Pacific Standard Time", "America/Bogota"),
    ("Atlantic Standard Time", "America/Halifax"),
    ("Newfoundland Standard Time", "America/St_Johns"),
    ("E. South America Standard Time", "America/Sao_Paulo"),
    ("Argentina Standard Time", "America/Argentina/Buenos_Aires"),
    ("Azores Standard Time", "Atlantic/Azores"),
    ("GMT Standard Time", "Europe/London"),
    ("Greenwich Standard Time", "Atlantic/Reykjavik"),
    ("Morocco Standard Time", "Africa/Casablanca"),
    ("W. Europe Standard Time", "Europe/Berlin"),
    ("Central Europe Standard Time", "Europe/Budapest"),
    ("Central European Standard Time", "Europe/Warsaw"),
    ("Romance Standard Time", "Europe/Paris"),
    ("W. Central Africa Standard Time", "Africa/Lagos"),
    ("GTB Standard Time", "Europe/Bucharest"),
    ("E. Europe Standard Time", "Europe/Chisinau"),
    ("FLE Standard Time", "Europe/Kyiv"),
    ("South Africa Standard Time", "Africa/Johannesburg"),
    ("Israel Standard Time", "Asia/Jerusalem"),
    ("Egypt Standard Time", "Africa/Cairo"),
    ("Turkey Standard Time", "Europe/Istanbul"),
    ("Russian Standard Time", "Europe/Moscow"),
    ("Arab Standard Time", "Asia/Riyadh"),
    ("Arabian Standard Time", "Asia/Dubai"),
    ("Iran Standard Time", "Asia/Tehran"),
    ("Pakistan Standard Time", "Asia/Karachi"),
    ("India Standard Time", "Asia/Kolkata"),
    ("Nepal Standard Time", "Asia/Kathmandu"),
    ("Bangladesh Standard Time", "Asia/Dhaka"),
    ("SE Asia Standard Time", "Asia/Bangkok"),
    ("China Standard Time", "Asia/Shanghai"),
    ("Singapore Standard Time", "Asia/Singapore"),
    ("Taipei Standard Time", "Asia/Taipei"),
    ("W. Australia Standard Time", "Australia/Perth"),
    ("Tokyo Standard Time", "Asia/Tokyo"),
    ("Korea Standard Time", "Asia/Seoul"),
    ("AUS Central Standard Time", "Australia/Darwin"),
    ("AUS Eastern Standard Time", "Australia/Sydney"),
    ("E. Australia Standard Time", "Australia/Brisbane"),
    ("New Zealand Standard Time", "Pacific/Auckland"),
];

/// The zone of this name; `None` when it is neither a Windows name we know nor an IANA name.
pub(crate) fn lookup(name: &str) -> Option<TimeZone> {
    if ["utc", "tzone://microsoft/utc", "coordinated universal time"]
        .contains(&name.to_lowercase().as_str())
    {
        return Some(TimeZone::UTC);
    }
    let iana = WINDOWS_ZONES
        .iter()
        .find(|(windows, _)| windows.eq_ignore_ascii_case(name))
        .map_or(name, |(_, iana)| iana);
    TimeZone::get(iana).ok()
}

/// The zone of this name, or UTC. For names that were checked when they came in.
pub(crate) fn known(name: &str) -> TimeZone {
    lookup(name).unwrap_or(TimeZone::UTC)
}

/// The one copy of a zone's name that every moment written in it shares. Only names that lead to a zone come here, so
/// that there is an end to them.
fn shared_name(name: &str) -> Arc<str> {
    static NAMES: Mutex<BTreeSet<Arc<str>>> = Mutex::new(BTreeSet::new());
    let mut names = NAMES.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(known) = names.get(name) {
        return Arc::clone(known);
    }
    let new: Arc<str> = Arc::from(name);
    names.insert(Arc::clone(&new));
    new
}

/// A moment and the zone it was written in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Moment {
    pub(crate) at: Timestamp,
    /// The name as the client wrote it.
    pub(crate) zone: Arc<str>,
}

impl Moment {
    /// A moment written in a zone; `None` when there is no such zone.
    pub(crate) fn at(at: Timestamp, zone: &str) -> Option<Self> {
        lookup(zone)?;
        Some(Self {
            at,
            zone: shared_name(zone),
        })
    }

    /// The moment of a local time; a local time that is skipped by the clock change is taken one hour later.
    pub(crate) fn local(local: DateTime, zone: &str) -> Option<Self> {
        let at = lookup(zone)?
            .to_ambiguous_zoned(local)
            .compatible()
            .ok()?
            .timestamp();
        Some(Self {
            at,
            zone: shared_name(zone),
        })
    }

    pub(crate) fn zoned(&self) -> Zoned {
        self.at.to_zoned(known(&self.zone))
    }

    pub(crate) fn date(&self) -> Date {
        self.zoned().date()
    }
}

/// A local date and time in Graph's form: seven decimals, no offset.
pub(crate) fn graph_local(local: DateTime) -> String {
    format!(
        "{}.{:07}",
        local.strftime("%Y-%m-%dT%H:%M:%S"),
        local.subsec_nanosecond() / 100
    )
}

/// A moment in UTC in Graph's form for `Edm.DateTimeOffset`.
pub(crate) fn graph_utc(at: Timestamp) -> String {
    format!("{}Z", graph_local(at.to_zoned(TimeZone::UTC).datetime()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_windows_name_leads_to_a_zone() {
        for (windows, _) in WINDOWS_ZONES {
            assert!(lookup(windows).is_some(), "{windows}");
        }
    }

    #[test]
    fn local_times_are_written_with_seven_decimals() {
        let local: DateTime = "2026-11-20T09:00:00.125".parse().unwrap();
        assert_eq!(graph_local(local), "2026-11-20T09:00:00.1250000");
    }
}
