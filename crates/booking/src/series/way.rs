//! How a planned series is written, so that no reading of Exchange's settings makes a room decline all of it.

use serde::{Deserialize, Serialize};

use super::planned::WINDOW_DAYS_ASSUMED;
use crate::time::{DAY_MS, Instant};

/// How a series is written. Which is when is decided in `docs/decisions/0005-series.md`.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Way {
    /// The room is invited to the series.
    Plain,
    /// The room is invited to the series, declines the dates that are elsewhere, and each of them gets its own.
    Tolerated,
    /// The series is made without any room, and every date gets its room by itself.
    EachByItself,
}

/// What counts of a plan.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Shape {
    /// Dates that have a room.
    pub placed: u32,
    /// Of these, dates in another room than most.
    pub elsewhere: u32,
    /// Whether any date is at another time than the pattern has it.
    pub has_moved: bool,
    /// Start of the last date.
    pub last: Instant,
}

/// How a room answers a series, as far as that matters here.
///
/// See <https://learn.microsoft.com/powershell/module/exchangepowershell/set-calendarprocessing>.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct SeriesPolicy {
    /// `MaximumConflictInstances`.
    pub conflicts_max: u32,
    /// `ConflictPercentageAllowed`.
    pub conflicts_percent_max: u32,
    /// `BookingWindowInDays`: a series that runs past it is declined whole.
    pub window_days: u32,
    /// Whether somebody told these of the room. Otherwise they are Exchange's defaults.
    pub is_known: bool,
}

impl SeriesPolicy {
    /// Exchange's defaults, told by nobody.
    pub const ASSUMED: Self = Self {
        conflicts_max: 0,
        conflicts_percent_max: 0,
        window_days: WINDOW_DAYS_ASSUMED,
        is_known: false,
    };

    /// Whether a room like this lets itself be booked for that time; the edge of its window is.
    pub const fn reaches(&self, start: Instant, now: Instant) -> bool {
        start.since_ms(now) <= self.window_days as i64 * DAY_MS
    }
}

/// How a series of that shape is written, whose room of most dates is like this.
pub const fn way(shape: Shape, policy: SeriesPolicy, now: Instant) -> Way {
    // One date too far ahead, or at a time of its own, and the room could decline all of them.
    if shape.has_moved || !policy.reaches(shape.last, now) {
        return Way::EachByItself;
    }
    if shape.elsewhere == 0 {
        return Way::Plain;
    }
    let few = shape.elsewhere <= policy.conflicts_max;
    let rare =
        shape.elsewhere as u64 * 100 <= policy.conflicts_percent_max as u64 * shape.placed as u64;
    if policy.is_known && few && rare {
        Way::Tolerated
    } else {
        Way::EachByItself
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Instant = Instant(1_800_000_000_000);

    fn shape(placed: u32, elsewhere: u32) -> Shape {
        Shape {
            placed,
            elsewhere,
            has_moved: false,
            last: NOW.plus_ms(100 * DAY_MS),
        }
    }

    const TOLERANT: SeriesPolicy = SeriesPolicy {
        conflicts_max: 3,
        conflicts_percent_max: 25,
        window_days: 180,
        is_known: true,
    };

    /// covers part of: N-02
    #[test]
    fn a_room_is_invited_to_a_series_only_where_it_cannot_decline_the_whole() {
        let assumed = SeriesPolicy::ASSUMED;
        let guessed = SeriesPolicy {
            is_known: false,
            ..TOLERANT
        };
        let moved = Shape {
            has_moved: true,
            ..shape(12, 0)
        };
        let far = |days| Shape {
            last: NOW.plus_ms(days * DAY_MS),
            ..shape(12, 0)
        };
        let table = [
            (shape(12, 0), assumed, Way::Plain),
            (shape(12, 1), assumed, Way::EachByItself),
            (shape(12, 3), TOLERANT, Way::Tolerated),
            // Both thresholds: not more than three, and not more than a quarter.
            (shape(16, 4), TOLERANT, Way::EachByItself),
            (shape(11, 3), TOLERANT, Way::EachByItself),
            (shape(12, 3), guessed, Way::EachByItself),
            (moved, assumed, Way::EachByItself),
            (far(180), assumed, Way::Plain),
            (far(181), assumed, Way::EachByItself),
        ];
        for (shape, policy, expected) in table {
            assert_eq!(way(shape, policy, NOW), expected, "{shape:?} {policy:?}");
        }
    }
}
