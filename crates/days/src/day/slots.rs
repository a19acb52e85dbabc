//! When things take place: mostly soon and on top of each other, now and then where it hurts.

use booking::time::{DAY_MS, HOUR_MS, Instant, MINUTE_MS, TimeRange};
use jiff::civil::Date;

use super::draw::Draw;
use crate::office::ZONE;
use crate::world::{WINDOW_DAYS, World};

const HALF_HOUR_MS: i64 = 30 * MINUTE_MS;

/// A time for a meeting of anybody's.
pub(super) fn meeting(world: &World, draw: &Draw) -> TimeRange {
    let now = world.now();
    let length = draw.between(1, 4) * HALF_HOUR_MS;
    let day = now.0 - now.0.rem_euclid(DAY_MS);
    let start = match draw.below(20) {
        // At either end of what is mirrored, to the millisecond.
        0 | 1 => edge(world, draw).plus_ms(draw.one_of(&[-length, -HALF_HOUR_MS, 0, -1, 1])),
        // Over midnight.
        2 => Instant(day + draw.between(1, 4) * DAY_MS - HALF_HOUR_MS),
        // Over right now.
        3 => now.plus_ms(-draw.between(0, 3) * HALF_HOUR_MS),
        // Somewhere far.
        4 | 5 => now.plus_ms(draw.between(3, WINDOW_DAYS + 2) * DAY_MS),
        _ => soon(now, draw),
    };
    let length = if draw.percent(4) { 3 * DAY_MS } else { length };
    TimeRange::new(start, start.plus_ms(length)).expect("a length above nothing")
}

/// A time that can be booked in Etage.
pub(super) fn booking(world: &World, draw: &Draw) -> TimeRange {
    let now = world.now();
    let start = if draw.percent(10) {
        now.plus_ms(draw.between(3, WINDOW_DAYS - 4) * DAY_MS)
    } else {
        soon(now, draw)
    };
    let length = draw.between(1, 3) * HALF_HOUR_MS;
    TimeRange::new(start, start.plus_ms(length)).expect("a length above nothing")
}

/// A half hour of the next day or so.
fn soon(now: Instant, draw: &Draw) -> Instant {
    let half = now.0 - now.0.rem_euclid(HALF_HOUR_MS);
    Instant(half + draw.between(1, 40) * HALF_HOUR_MS)
}

/// Where the window of the mirror begins or ends, as it would be if it were made now or was made at the day's start.
fn edge(world: &World, draw: &Draw) -> Instant {
    let made = draw.one_of(&[world.now(), world.began()]);
    let at = draw.one_of(&[-DAY_MS, WINDOW_DAYS * DAY_MS]);
    made.plus_ms(at)
}

/// The day on the office's wall so many days from now.
pub(super) fn date(world: &World, days: i64) -> Date {
    let at = world.now().plus_ms(days * DAY_MS + HOUR_MS);
    let at = jiff::Timestamp::from_millisecond(at.0).expect("a time within the calendar");
    at.in_tz(ZONE).expect("a zone that is known").date()
}
