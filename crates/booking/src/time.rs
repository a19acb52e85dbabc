//! Instants in whole milliseconds UTC, half-open ranges, and the clock everybody must be handed.

pub mod civil;

use std::fmt;

use serde::{Deserialize, Serialize};

/// Milliseconds since 1970-01-01T00:00:00Z.
#[derive(
    Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Instant(pub i64);

/// Milliseconds in a second.
pub const SECOND_MS: i64 = 1_000;
/// Milliseconds in a minute.
pub const MINUTE_MS: i64 = 60 * SECOND_MS;
/// Milliseconds in an hour.
pub const HOUR_MS: i64 = 60 * MINUTE_MS;
/// Milliseconds in a day of 24 hours.
pub const DAY_MS: i64 = 24 * HOUR_MS;

impl Instant {
    /// This instant moved by so many milliseconds (negative: earlier), saturating at the ends.
    pub const fn plus_ms(self, ms: i64) -> Self {
        Self(self.0.saturating_add(ms))
    }

    /// Milliseconds from `earlier` to this instant; negative if `earlier` is later.
    pub const fn since_ms(self, earlier: Self) -> i64 {
        self.0.saturating_sub(earlier.0)
    }
}

/// A span of time from `start` up to, but not including, `end`; never empty.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(try_from = "RawRange")]
pub struct TimeRange {
    start: Instant,
    end: Instant,
}

#[derive(Deserialize)]
struct RawRange {
    start: Instant,
    end: Instant,
}

/// The end is not after the start.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("the end must be after the start")]
pub struct EmptyRange;

impl TimeRange {
    /// A range, if it is not empty.
    ///
    /// # Errors
    /// [`EmptyRange`] when `end` is not after `start`.
    pub const fn new(start: Instant, end: Instant) -> Result<Self, EmptyRange> {
        if start.0 < end.0 {
            Ok(Self { start, end })
        } else {
            Err(EmptyRange)
        }
    }

    /// First instant inside.
    pub const fn start(self) -> Instant {
        self.start
    }

    /// First instant after.
    pub const fn end(self) -> Instant {
        self.end
    }

    /// Length in milliseconds; always positive.
    pub const fn duration_ms(self) -> i64 {
        self.end.0 - self.start.0
    }

    /// Whether the two share any time. Ranges that only touch do not.
    pub const fn overlaps(self, other: Self) -> bool {
        self.start.0 < other.end.0 && other.start.0 < self.end.0
    }

    /// Whether the instant lies inside.
    pub const fn contains(self, instant: Instant) -> bool {
        self.start.0 <= instant.0 && instant.0 < self.end.0
    }

    /// The range moved by so many milliseconds.
    pub const fn shifted_ms(self, ms: i64) -> Self {
        Self {
            start: self.start.plus_ms(ms),
            end: self.end.plus_ms(ms),
        }
    }
}

/// A range that somebody sent is none.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum BadRange {
    /// It is empty or reversed.
    #[error(transparent)]
    Empty(#[from] EmptyRange),
    /// It lies where no calendar reaches: sums of such times would overflow.
    #[error("a time must lie between the years 1970 and 9999")]
    OutOfReach,
}

/// The first instant of the year 10000.
const BEYOND: Instant = Instant(253_402_300_800_000);

impl TryFrom<RawRange> for TimeRange {
    type Error = BadRange;

    fn try_from(raw: RawRange) -> Result<Self, Self::Error> {
        if raw.start < Instant(0) || raw.end > BEYOND {
            return Err(BadRange::OutOfReach);
        }
        Ok(Self::new(raw.start, raw.end)?)
    }
}

/// The IANA name of a time zone, such as `Europe/Helsinki`.
///
/// Only a name: who needs the rules of the zone looks them up on the server, because their table
/// is too large for the browser.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ZoneName(pub String);

impl ZoneName {
    /// Coordinated universal time.
    pub fn utc() -> Self {
        Self("UTC".to_owned())
    }
}

impl fmt::Display for ZoneName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The only source of “now”.
pub trait Clock: Send + Sync {
    /// The present instant.
    fn now(&self) -> Instant;
}

/// A clock that moves only when a test moves it.
#[cfg(any(test, feature = "testing"))]
#[derive(Debug)]
pub struct MockClock(std::sync::atomic::AtomicI64);

#[cfg(any(test, feature = "testing"))]
impl MockClock {
    /// A clock standing at the instant.
    pub const fn at(now: Instant) -> Self {
        Self(std::sync::atomic::AtomicI64::new(now.0))
    }

    /// Moves the clock on.
    pub fn advance_ms(&self, ms: i64) {
        self.0.fetch_add(ms, std::sync::atomic::Ordering::SeqCst);
    }

    /// Sets the clock.
    pub fn set(&self, now: Instant) {
        self.0.store(now.0, std::sync::atomic::Ordering::SeqCst);
    }
}

#[cfg(any(test, feature = "testing"))]
impl Clock for MockClock {
    fn now(&self) -> Instant {
        Instant(self.0.load(std::sync::atomic::Ordering::SeqCst))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn range(start: i64, end: i64) -> TimeRange {
        TimeRange::new(Instant(start), Instant(end)).unwrap()
    }

    #[test]
    fn ranges_that_only_touch_do_not_overlap() {
        assert!(!range(0, 10).overlaps(range(10, 20)));
        assert!(range(0, 11).overlaps(range(10, 20)));
        assert!(range(12, 13).overlaps(range(10, 20)));
    }

    #[test]
    fn reversed_and_empty_ranges_are_refused_even_from_json() {
        assert_eq!(TimeRange::new(Instant(5), Instant(5)), Err(EmptyRange));
        let reversed = serde_json::from_str::<TimeRange>(r#"{"start":9,"end":3}"#);
        assert!(
            reversed
                .unwrap_err()
                .to_string()
                .contains("end must be after")
        );
        let endless = format!(r#"{{"start":{},"end":{}}}"#, i64::MIN, i64::MAX);
        let endless = serde_json::from_str::<TimeRange>(&endless);
        assert!(endless.unwrap_err().to_string().contains("years 1970"));
    }
}
