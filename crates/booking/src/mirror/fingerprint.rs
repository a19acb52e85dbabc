//! A short word for the contents of a calendar.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::event::{BusyKind, BusyTime};

/// A hash over (UID, start, end, kind) of busy times, in whatever order they come. Equal contents have equal hashes, also
/// in other versions of this program; against somebody who wants two calendars to look alike it is no proof (FNV-1a).
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Fingerprint(pub u128);

/// Not 32 hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("a fingerprint is 32 hexadecimal digits")]
pub struct NoFingerprint;

const BASIS: u128 = 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d;
const PRIME: u128 = 0x0000_0000_0100_0000_0000_0000_0000_013b;

impl Fingerprint {
    /// Of these busy times. An event whose UID the calendar leaves out is known by its id.
    pub fn of<'a>(busy: impl IntoIterator<Item = &'a BusyTime>) -> Self {
        let mut told: Vec<(i64, i64, u8, &str)> = busy.into_iter().map(told).collect();
        told.sort_unstable();
        let mut hash = BASIS;
        let mut take = |bytes: &[u8]| {
            for byte in bytes {
                hash = (hash ^ u128::from(*byte)).wrapping_mul(PRIME);
            }
        };
        for (start, end, kind, uid) in told {
            take(&start.to_be_bytes());
            take(&end.to_be_bytes());
            take(&[kind]);
            take(uid.as_bytes());
            // No byte of UTF-8, so that no two lists run into the same bytes.
            take(&[0xff]);
        }
        Self(hash)
    }
}

fn told(busy: &BusyTime) -> (i64, i64, u8, &str) {
    let uid = busy.ical_uid.as_deref().unwrap_or(&busy.event_id);
    let kind = match busy.kind {
        BusyKind::Tentative => 1,
        BusyKind::Busy => 2,
    };
    (busy.range.start().0, busy.range.end().0, kind, uid)
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:032x}", self.0)
    }
}

impl FromStr for Fingerprint {
    type Err = NoFingerprint;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let is_hexadecimal = text.len() == 32 && text.bytes().all(|one| one.is_ascii_hexdigit());
        let read = u128::from_str_radix(text, 16)
            .ok()
            .filter(|_| is_hexadecimal);
        read.map(Self).ok_or(NoFingerprint)
    }
}

impl From<Fingerprint> for String {
    fn from(fingerprint: Fingerprint) -> Self {
        fingerprint.to_string()
    }
}

impl TryFrom<String> for Fingerprint {
    type Error = NoFingerprint;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::{Instant, TimeRange};

    fn busy(id: &str, start: i64) -> BusyTime {
        BusyTime {
            event_id: id.to_owned(),
            ical_uid: Some(format!("uid-{id}")),
            series_id: None,
            range: TimeRange::new(Instant(start), Instant(start + 10)).unwrap(),
            kind: BusyKind::Busy,
            organizer: None,
        }
    }

    #[test]
    fn neither_order_nor_what_a_room_is_not_taken_by_counts() {
        let (one, mut other) = (busy("a", 0), busy("b", 20));
        let both = Fingerprint::of([&one, &other]);
        other.organizer = None;
        other.series_id = Some("series".to_owned());
        assert_eq!(Fingerprint::of([&other, &one]), both);
        assert_eq!(both.to_string().parse(), Ok(both));
    }

    #[test]
    fn another_time_kind_or_uid_and_one_more_or_less_each_count() {
        let one = busy("a", 0);
        let whole = Fingerprint::of([&one]);
        let mut later = one.clone();
        later.range = later.range.shifted_ms(1);
        let mut asked = one.clone();
        asked.kind = BusyKind::Tentative;
        let mut renamed = one.clone();
        renamed.ical_uid = Some("uid-b".to_owned());
        for other in [&later, &asked, &renamed] {
            assert_ne!(Fingerprint::of([other]), whole);
        }
        assert_ne!(Fingerprint::of([&one, &one]), whole);
        assert_ne!(Fingerprint::of([]), whole);
    }

    /// What was kept by an older version must still compare.
    #[test]
    fn a_fingerprint_is_the_same_in_every_version() {
        assert_eq!(
            Fingerprint::of([]).to_string(),
            "6c62272e07bb014262b821756295c58d"
        );
        for text in ["", "xyz", "+c62272e07bb014262b821756295c58d"] {
            assert_eq!(text.parse::<Fingerprint>(), Err(NoFingerprint));
        }
    }
}
