//! Time zone names as Outlook uses them: Windows names and IANA names, both accepted everywhere.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};

use jiff::civil::{Date, DateTime, Time};
use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};
use serde::{Serialize, Serializer};

/// Every time zone of Windows and the place it is named for, from west to east. UTC is known by more names.
/// <https://github.com/unicode-org/cldr/blob/main/common/supplemental/windowsZones.xml>
const WINDOWS_ZONES: &[(&str, &str)] = &[
    ("Dateline Standard Time", "Etc/GMT+12"),
    ("UTC-11", "Etc/GMT+11"),
    ("Aleutian Standard Time", "America/Adak"),
    ("Hawaiian Standard Time", "Pacific/Honolulu"),
    ("Marquesas Standard Time", "Pacific/Marquesas"),
    ("Alaskan Standard Time", "America/Anchorage"),
    ("UTC-09", "Etc/GMT+9"),
    ("Pacific Standard Time (Mexico)", "America/Tijuana"),
    ("UTC-08", "Etc/GMT+8"),
    ("Pacific Standard Time", "America/Los_Angeles"),
    ("US Mountain Standard Time", "America/Phoenix"),
    ("Mountain Standard Time (Mexico)", "America/Mazatlan"),
    ("Mountain Standard Time", "America/Denver"),
    ("Yukon Standard Time", "America/Whitehorse"),
    ("Central America Standard Time", "America/Guatemala"),
    ("Central Standard Time", "America/Chicago"),
    ("Easter Island Standard Time", "Pacific/Easter"),
    ("Central Standard Time (Mexico)", "America/Mexico_City"),
    ("Canada Central Standard Time", "America/Regina"),
    ("SA Pacific Standard Time", "America/Bogota"),
    ("Eastern Standard Time (Mexico)", "America/Cancun"),
    ("Eastern Standard Time", "America/New_York"),
    ("Haiti Standard Time", "America/Port-au-Prince"),
    ("Cuba Standard Time", "America/Havana"),
    ("US Eastern Standard Time", "America/Indiana/Indianapolis"),
    ("Turks And Caicos Standard Time", "America/Grand_Turk"),
    ("Paraguay Standard Time", "America/Asuncion"),
    ("Atlantic Standard Time", "America/Halifax"),
    ("Venezuela Standard Time", "America/Caracas"),
    ("Central Brazilian Standard Time", "America/Cuiaba"),
    ("SA Western Standard Time", "America/La_Paz"),
    ("Pacific SA Standard Time", "America/Santiago"),
    ("Newfoundland Standard Time", "America/St_Johns"),
    ("Tocantins Standard Time", "America/Araguaina"),
    ("E. South America Standard Time", "America/Sao_Paulo"),
    ("SA Eastern Standard Time", "America/Cayenne"),
    ("Argentina Standard Time", "America/Argentina/Buenos_Aires"),
    ("Greenland Standard Time", "America/Nuuk"),
    ("Montevideo Standard Time", "America/Montevideo"),
    ("Magallanes Standard Time", "America/Punta_Arenas"),
    ("Saint Pierre Standard Time", "America/Miquelon"),
    ("Bahia Standard Time", "America/Bahia"),
    ("UTC-02", "Etc/GMT+2"),
    ("Azores Standard Time", "Atlantic/Azores"),
    ("Cape Verde Standard Time", "Atlantic/Cape_Verde"),
    ("GMT Standard Time", "Europe/London"),
    ("Greenwich Standard Time", "Atlantic/Reykjavik"),
    ("Sao Tome Standard Time", "Africa/Sao_Tome"),
    ("Morocco Standard Time", "Africa/Casablanca"),
    ("W. Europe Standard Time", "Europe/Berlin"),
    ("Central Europe Standard Time", "Europe/Budapest"),
    ("Romance Standard Time", "Europe/Paris"),
    ("Central European Standard Time", "Europe/Warsaw"),
    ("W. Central Africa Standard Time", "Africa/Lagos"),
    ("Jordan Standard Time", "Asia/Amman"),
    ("GTB Standard Time", "Europe/Bucharest"),
    ("Middle East Standard Time", "Asia/Beirut"),
    ("Egypt Standard Time", "Africa/Cairo"),
    ("E. Europe Standard Time", "Europe/Chisinau"),
    ("Syria Standard Time", "Asia/Damascus"),
    ("West Bank Standard Time", "Asia/Hebron"),
    ("South Africa Standard Time", "Africa/Johannesburg"),
    ("FLE Standard Time", "Europe/Kyiv"),
    ("Israel Standard Time", "Asia/Jerusalem"),
    ("South Sudan Standard Time", "Africa/Juba"),
    ("Kaliningrad Standard Time", "Europe/Kaliningrad"),
    ("Sudan Standard Time", "Africa/Khartoum"),
    ("Libya Standard Time", "Africa/Tripoli"),
    ("Namibia Standard Time", "Africa/Windhoek"),
    ("Arabic Standard Time", "Asia/Baghdad"),
    ("Turkey Standard Time", "Europe/Istanbul"),
    ("Arab Standard Time", "Asia/Riyadh"),
    ("Belarus Standard Time", "Europe/Minsk"),
    ("Russian Standard Time", "Europe/Moscow"),
    ("E. Africa Standard Time", "Africa/Nairobi"),
    ("Iran Standard Time", "Asia/Tehran"),
    ("Arabian Standard Time", "Asia/Dubai"),
    ("Astrakhan Standard Time", "Europe/Astrakhan"),
    ("Azerbaijan Standard Time", "Asia/Baku"),
    ("Russia Time Zone 3", "Europe/Samara"),
    ("Mauritius Standard Time", "Indian/Mauritius"),
    ("Saratov Standard Time", "Europe/Saratov"),
    ("Georgian Standard Time", "Asia/Tbilisi"),
    ("Volgograd Standard Time", "Europe/Volgograd"),
    ("Caucasus Standard Time", "Asia/Yerevan"),
    ("Afghanistan Standard Time", "Asia/Kabul"),
    ("West Asia Standard Time", "Asia/Tashkent"),
    ("Ekaterinburg Standard Time", "Asia/Yekaterinburg"),
    ("Pakistan Standard Time", "Asia/Karachi"),
    ("Qyzylorda Standard Time", "Asia/Qyzylorda"),
    ("India Standard Time", "Asia/Kolkata"),
    ("Sri Lanka Standard Time", "Asia/Colombo"),
    ("Nepal Standard Time", "Asia/Kathmandu"),
    ("Central Asia Standard Time", "Asia/Bishkek"),
    ("Bangladesh Standard Time", "Asia/Dhaka"),
    ("Omsk Standard Time", "Asia/Omsk"),
    ("Myanmar Standard Time", "Asia/Yangon"),
    ("SE Asia Standard Time", "Asia/Bangkok"),
    ("Altai Standard Time", "Asia/Barnaul"),
    ("W. Mongolia Standard Time", "Asia/Hovd"),
    ("North Asia Standard Time", "Asia/Krasnoyarsk"),
    ("N. Central Asia Standard Time", "Asia/Novosibirsk"),
    ("Tomsk Standard Time", "Asia/Tomsk"),
    ("China Standard Time", "Asia/Shanghai"),
    ("North Asia East Standard Time", "Asia/Irkutsk"),
    ("Singapore Standard Time", "Asia/Singapore"),
    ("W. Australia Standard Time", "Australia/Perth"),
    ("Taipei Standard Time", "Asia/Taipei"),
    ("Ulaanbaatar Standard Time", "Asia/Ulaanbaatar"),
    ("Aus Central W. Standard Time", "Australia/Eucla"),
    ("Transbaikal Standard Time", "Asia/Chita"),
    ("Tokyo Standard Time", "Asia/Tokyo"),
    ("North Korea Standard Time", "Asia/Pyongyang"),
    ("Korea Standard Time", "Asia/Seoul"),
    ("Yakutsk Standard Time", "Asia/Yakutsk"),
    ("Cen. Australia Standard Time", "Australia/Adelaide"),
    ("AUS Central Standard Time", "Australia/Darwin"),
    ("E. Australia Standard Time", "Australia/Brisbane"),
    ("AUS Eastern Standard Time", "Australia/Sydney"),
    ("West Pacific Standard Time", "Pacific/Port_Moresby"),
    ("Tasmania Standard Time", "Australia/Hobart"),
    ("Vladivostok Standard Time", "Asia/Vladivostok"),
    ("Lord Howe Standard Time", "Australia/Lord_Howe"),
    ("Bougainville Standard Time", "Pacific/Bougainville"),
    ("Russia Time Zone 10", "Asia/Srednekolymsk"),
    ("Magadan Standard Time", "Asia/Magadan"),
    ("Norfolk Standard Time", "Pacific/Norfolk"),
    ("Sakhalin Standard Time", "Asia/Sakhalin"),
    ("Central Pacific Standard Time", "Pacific/Guadalcanal"),
    ("Russia Time Zone 11", "Asia/Kamchatka"),
    ("New Zealand Standard Time", "Pacific/Auckland"),
    ("UTC+12", "Etc/GMT-12"),
    ("Fiji Standard Time", "Pacific/Fiji"),
    ("Chatham Islands Standard Time", "Pacific/Chatham"),
    ("UTC+13", "Etc/GMT-13"),
    ("Tonga Standard Time", "Pacific/Tongatapu"),
    ("Samoa Standard Time", "Pacific/Apia"),
    ("Line Islands Standard Time", "Pacific/Kiritimati"),
];

/// What Outlook calls UTC.
const UTC_NAMES: [&str; 3] = ["UTC", "tzone://Microsoft/Utc", "Coordinated Universal Time"];

/// The zone of this name; `None` when it is neither a Windows name nor an IANA name.
pub(crate) fn lookup(name: &str) -> Option<TimeZone> {
    if of_utc(name).is_some() {
        return Some(TimeZone::UTC);
    }
    let iana = of_windows(name).map_or(name, |(_, iana)| iana);
    TimeZone::get(iana).ok()
}

/// The Windows zone of this name and the place it is named for.
fn of_windows(name: &str) -> Option<(&'static str, &'static str)> {
    let mut zones = WINDOWS_ZONES.iter().copied();
    zones.find(|(windows, _)| windows.eq_ignore_ascii_case(name))
}

/// A name of UTC as Outlook spells it.
fn of_utc(name: &str) -> Option<&'static str> {
    let mut names = UTC_NAMES.into_iter();
    names.find(|known| known.eq_ignore_ascii_case(name))
}

/// The zone of this name, or UTC. For names that were checked when they came in.
pub(crate) fn known(name: &str) -> TimeZone {
    lookup(name).unwrap_or(TimeZone::UTC)
}

/// The one copy of a zone's name that every moment written in it shares, in its usual spelling. Only names that lead to a
/// zone come here, so that there is an end to them.
fn shared_name(name: &str, zone: &TimeZone) -> Arc<str> {
    let usual = of_utc(name).or_else(|| of_windows(name).map(|(windows, _)| windows));
    let name = usual.or(zone.iana_name()).unwrap_or(name);
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
    /// The name that the client wrote, in its usual spelling.
    pub(crate) zone: Arc<str>,
}

impl Moment {
    /// A moment written in a zone; `None` when there is no such zone.
    pub(crate) fn at(at: Timestamp, zone: &str) -> Option<Self> {
        let zone = shared_name(zone, &lookup(zone)?);
        Some(Self { at, zone })
    }

    /// The moment of a local time; a local time that is skipped by the clock change is taken one hour later.
    pub(crate) fn local(local: DateTime, zone: &str) -> Option<Self> {
        let found = lookup(zone)?;
        let zoned = found.to_ambiguous_zoned(local).compatible().ok()?;
        Some(Self {
            at: zoned.timestamp(),
            zone: shared_name(zone, &found),
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
#[derive(Debug, Clone, Copy)]
pub(crate) struct LocalText {
    /// With a place for the sign of years before the first.
    text: [u8; 28],
    is_negative: bool,
}

impl LocalText {
    pub(crate) fn of(local: DateTime) -> Self {
        let mut text = *b"-0000-00-00T00:00:00.0000000";
        let (date, time) = text.split_at_mut(12);
        write_digits(&mut date[1..5], local.year().unsigned_abs().into());
        write_digits(&mut date[6..8], local.month().unsigned_abs().into());
        write_digits(&mut date[9..11], local.day().unsigned_abs().into());
        write_time(time, local.time());
        Self {
            text,
            is_negative: local.year() < 0,
        }
    }

    pub(crate) fn as_str(&self) -> &str {
        let start = usize::from(!self.is_negative);
        str::from_utf8(&self.text[start..]).unwrap_or_default()
    }
}

impl Serialize for LocalText {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

/// A time of day in Graph's form for `Edm.TimeOfDay`: seven decimals.
pub(crate) fn graph_time(time: Time) -> String {
    let mut text = *b"00:00:00.0000000";
    write_time(&mut text, time);
    str::from_utf8(&text).unwrap_or_default().to_owned()
}

fn write_time(text: &mut [u8], time: Time) {
    write_digits(&mut text[..2], time.hour().unsigned_abs().into());
    write_digits(&mut text[3..5], time.minute().unsigned_abs().into());
    write_digits(&mut text[6..8], time.second().unsigned_abs().into());
    let tenth_micros = time.subsec_nanosecond().unsigned_abs() / 100;
    write_digits(&mut text[9..], tenth_micros);
}

/// Fills a field with a number, zeros in front. `format!` and `strftime` take many times as long, and one free/busy answer
/// holds hundreds of numbers.
fn write_digits(field: &mut [u8], mut number: u32) {
    for digit in field.iter_mut().rev() {
        *digit = b'0' + (number % 10) as u8;
        number /= 10;
    }
}

/// A moment in UTC in Graph's form for `Edm.DateTimeOffset`.
pub(crate) fn graph_utc(at: Timestamp) -> String {
    let local = LocalText::of(TimeZone::UTC.to_datetime(at));
    [local.as_str(), "Z"].concat()
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
        assert_eq!(LocalText::of(local).as_str(), "2026-11-20T09:00:00.1250000");
        let early: DateTime = "0987-06-05T23:59:58.0000002".parse().unwrap();
        assert_eq!(LocalText::of(early).as_str(), "0987-06-05T23:59:58.0000002");
        let before: DateTime = "-000012-06-05T04:03:02".parse().unwrap();
        assert_eq!(
            LocalText::of(before).as_str(),
            "-0012-06-05T04:03:02.0000000"
        );
    }
}
