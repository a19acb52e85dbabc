//! The smallest change with which one room would be free and fit.
//!
//! Each reason that has nothing to do with time has one change that does away with it and with nothing else: exactly as
//! many people as there are seats, exactly the equipment that is missing left out. For everything that stands in the way
//! of the time there is one change together. Either the time is moved as it is, or a part of it is kept; whichever moves
//! or loses fewer minutes, moving before losing, later before earlier, because people are more often held up than early.
//! Times are whole minutes, as fields have them.
//!
//! A time is moved by up to [`AROUND_MS`] either way. A single time for which that does not do goes to the same time of
//! one of the next [`DAYS_MAX`] days, and else to wherever there is room. One that is too long is cut first.
//!
//! This looks at far more of a calendar than a search does, so it is asked for single rooms, once it is known what stands
//! against them.

use super::Wanted;
use super::change::Change;
use crate::rules::{DURATION_DAYS_MAX, HORIZON_DAYS, Refusal, time_refusals};
use crate::time::{DAY_MS, HOUR_MS, Instant, MINUTE_MS, TimeRange};

/// How far a time is moved either way before other days are looked at.
pub const AROUND_MS: i64 = 4 * HOUR_MS;

/// On how many days after the one asked for the same time of day is tried.
pub const DAYS_MAX: i64 = 7;

/// A part of the time that is shorter than this is not worth having; nor one of less than half.
pub const PART_MS_MIN: i64 = 15 * MINUTE_MS;

/// A time that has to wait for now begins with a quarter of an hour.
const QUARTER_MS: i64 = 15 * MINUTE_MS;

/// Tells what takes the room within a stretch of time, in any order. It may tell more.
pub type Taken<'a> = dyn Fn(TimeRange) -> Vec<TimeRange> + 'a;

/// Changes which together leave nothing of `refusals`, each needed. Empty: there are no refusals, or nothing would help,
/// as where a room without seats is too small or one is taken as far ahead as anybody may ask.
pub fn remedy(
    refusals: &[Refusal],
    wanted: &Wanted,
    now: Instant,
    taken: &Taken<'_>,
) -> Vec<Change> {
    let mut changes = Vec::new();
    let mut needs_time = false;
    for refusal in refusals {
        let change = match *refusal {
            Refusal::NotLinked => Change::Linked,
            Refusal::ScheduleUnreadable => Change::ReadAgain,
            Refusal::TooSmall { seats: 0, .. } => return Vec::new(),
            Refusal::TooSmall { seats, .. } => Change::ForFewer { people: seats },
            Refusal::Lacks { equipment } => Change::Without { equipment },
            Refusal::NotStepFree => Change::WithSteps,
            Refusal::InThePast
            | Refusal::TooFarAhead { .. }
            | Refusal::TooLong { .. }
            | Refusal::Taken { .. }
            | Refusal::Held { .. } => {
                needs_time = true;
                continue;
            }
        };
        changes.push(change);
    }
    if !needs_time {
        return changes;
    }
    let mut of_time = match other_time(&wanted.ranges, now, taken) {
        Some(change) => vec![change],
        None => cut_and_moved(&wanted.ranges, now, taken),
    };
    if of_time.is_empty() {
        return Vec::new();
    }
    of_time.extend(changes);
    of_time
}

fn other_time(ranges: &[TimeRange], now: Instant, taken: &Taken<'_>) -> Option<Change> {
    let first = ranges.first()?;
    let moved = Bounds::of(ranges, now).and_then(|bounds| moved_ms(ranges, bounds, taken));
    let part = part(ranges, now, taken);
    let lost_ms = |part: TimeRange| first.duration_ms() - part.duration_ms();
    match (moved, part) {
        (Some(by_ms), Some(part)) if lost_ms(part) < by_ms.abs() => {
            Some(Change::Shorter { range: part })
        }
        (Some(by_ms), _) => Some(Change::FreeAt {
            start: first.start().plus_ms(by_ms),
        }),
        (None, part) => part.map(|range| Change::Shorter { range }),
    }
}

/// A single time that is too long, cut to what the rules allow and moved; empty where that is not it.
fn cut_and_moved(ranges: &[TimeRange], now: Instant, taken: &Taken<'_>) -> Vec<Change> {
    let [only] = ranges else {
        return Vec::new();
    };
    let start = only.start();
    let cut = TimeRange::new(start, start.plus_ms(DURATION_DAYS_MAX * DAY_MS));
    let Some(cut) = cut.ok().filter(|_| is_too_long(*only)) else {
        return Vec::new();
    };
    let moved = Bounds::of(&[cut], now).and_then(|bounds| moved_ms(&[cut], bounds, taken));
    moved.map_or_else(Vec::new, |by_ms| {
        let start = start.plus_ms(by_ms);
        vec![Change::Shorter { range: cut }, Change::FreeAt { start }]
    })
}

/// By how much the rules let a time be moved, in milliseconds, both included.
#[derive(Clone, Copy)]
struct Bounds {
    least_ms: i64,
    most_ms: i64,
}

impl Bounds {
    /// `None`: the rules allow it nowhere.
    fn of(ranges: &[TimeRange], now: Instant) -> Option<Self> {
        let first = ranges.first()?.start();
        let last = ranges.iter().map(|range| range.end()).max()?;
        if ranges.iter().any(|range| is_too_long(*range)) {
            return None;
        }
        let until_now_ms = next_quarter(now).since_ms(first);
        let is_past = ranges.iter().any(|range| is_past(*range, now));
        let bounds = Self {
            // What begins at this moment may be put off, but not be sent back.
            least_ms: if is_past {
                until_now_ms
            } else {
                until_now_ms.min(0)
            },
            most_ms: horizon(now).since_ms(last),
        };
        (bounds.least_ms <= bounds.most_ms).then_some(bounds)
    }

    fn around(self, by_ms: i64) -> Self {
        Self {
            least_ms: self.least_ms.max(by_ms - AROUND_MS),
            most_ms: self.most_ms.min(by_ms + AROUND_MS),
        }
    }

    const fn contains(self, by_ms: i64) -> bool {
        self.least_ms <= by_ms && by_ms <= self.most_ms
    }
}

fn moved_ms(ranges: &[TimeRange], bounds: Bounds, taken: &Taken<'_>) -> Option<i64> {
    let nearest_ms = 0.clamp(bounds.least_ms, bounds.most_ms);
    if let Some(by_ms) = smallest_move(ranges, bounds.around(nearest_ms), taken) {
        return Some(by_ms);
    }
    let [only] = ranges else {
        return None;
    };
    let onward = if nearest_ms < 0 { -DAY_MS } else { DAY_MS };
    let same_time = (1..=DAYS_MAX)
        .map(|days| minute_from(only.start(), nearest_ms + days * onward))
        .find(|by_ms| {
            let there = only.shifted_ms(*by_ms);
            bounds.contains(*by_ms) && !taken(there).iter().any(|one| one.overlaps(there))
        });
    same_time.or_else(|| smallest_move(ranges, bounds, taken))
}

/// The least by which all ranges can be moved together to where nothing takes the room.
fn smallest_move(ranges: &[TimeRange], bounds: Bounds, taken: &Taken<'_>) -> Option<i64> {
    let first = ranges.first()?.start();
    let barred = barred_moves(ranges, bounds, taken);
    let mut later_ms = minute_from(first, bounds.least_ms.max(0));
    for (from_ms, to_ms) in &barred {
        if *from_ms < later_ms && later_ms < *to_ms {
            later_ms = minute_from(first, *to_ms);
        }
    }
    let mut earlier_ms = minute_until(first, bounds.most_ms.min(0));
    for (from_ms, to_ms) in barred.iter().rev() {
        if *from_ms < earlier_ms && earlier_ms < *to_ms {
            earlier_ms = minute_until(first, *from_ms);
        }
    }
    [later_ms, earlier_ms]
        .into_iter()
        .filter(|by_ms| bounds.contains(*by_ms))
        .min_by_key(|by_ms| by_ms.abs())
}

/// The moves with which some range would meet something, as merged open spans in rising order.
fn barred_moves(ranges: &[TimeRange], bounds: Bounds, taken: &Taken<'_>) -> Vec<(i64, i64)> {
    let mut barred = Vec::new();
    for range in ranges {
        let from = range.start().plus_ms(bounds.least_ms);
        let to = range.end().plus_ms(bounds.most_ms);
        let Ok(reach) = TimeRange::new(from, to) else {
            continue;
        };
        barred.extend(taken(reach).into_iter().map(|one| {
            (
                one.start().since_ms(range.end()),
                one.end().since_ms(range.start()),
            )
        }));
    }
    merged(barred)
}

/// The longest part, the earliest of equals, that could be had of every range. `None`: none that is worth it, or the
/// ranges are not equally long.
fn part(ranges: &[TimeRange], now: Instant, taken: &Taken<'_>) -> Option<TimeRange> {
    let first = *ranges.first()?;
    let length_ms = first.duration_ms();
    if ranges.iter().any(|range| range.duration_ms() != length_ms) {
        return None;
    }
    let mut barred = Vec::new();
    for range in ranges {
        let since_start = |instant: Instant| instant.since_ms(range.start());
        let taken = taken(*range).into_iter();
        barred.extend(taken.map(|one| (since_start(one.start()), since_start(one.end()))));
        if is_past(*range, now) {
            barred.push((i64::MIN, since_start(next_quarter(now))));
        }
        barred.push((since_start(horizon(now)), i64::MAX));
    }
    // What would be over by now is no part to have.
    let over_ms = ranges
        .iter()
        .map(|range| now.since_ms(range.start()))
        .max()?;
    let (from_ms, to_ms) = longest_gap(first, &merged(barred), over_ms)?;
    let start = first.start();
    let part = TimeRange::new(start.plus_ms(from_ms), start.plus_ms(to_ms)).ok()?;
    let half_ms = length_ms.min(DURATION_DAYS_MAX * DAY_MS) / 2;
    (part.duration_ms() >= half_ms.max(PART_MS_MIN)).then_some(part)
}

/// The longest stretch between barred ones that ends after `over_ms`, in milliseconds since the start of `whole`; no
/// longer than the rules allow.
fn longest_gap(whole: TimeRange, barred: &[(i64, i64)], over_ms: i64) -> Option<(i64, i64)> {
    let length_ms = whole.duration_ms();
    let end = (length_ms, length_ms);
    let mut from_ms = 0;
    let mut best: Option<(i64, i64)> = None;
    for (barred_from_ms, barred_to_ms) in barred.iter().copied().chain([end]) {
        let to_ms = minute_until_end(whole, barred_from_ms.clamp(0, length_ms))
            .min(from_ms + DURATION_DAYS_MAX * DAY_MS);
        let is_longer = best.is_none_or(|(from, to)| to_ms - from_ms > to - from);
        if to_ms > over_ms && is_longer {
            best = Some((from_ms, to_ms));
        }
        from_ms = minute_from(whole.start(), barred_to_ms.min(length_ms).max(from_ms));
    }
    best
}

/// Open spans in rising order, those that share time made one.
fn merged(mut spans: Vec<(i64, i64)>) -> Vec<(i64, i64)> {
    spans.sort_unstable();
    let mut merged: Vec<(i64, i64)> = Vec::with_capacity(spans.len());
    for (from, to) in spans {
        match merged.last_mut() {
            Some(last) if from < last.1 => last.1 = last.1.max(to),
            _ => merged.push((from, to)),
        }
    }
    merged
}

fn is_past(range: TimeRange, now: Instant) -> bool {
    time_refusals(range, now).contains(&Refusal::InThePast)
}

const fn is_too_long(range: TimeRange) -> bool {
    range.duration_ms() > DURATION_DAYS_MAX * DAY_MS
}

const fn horizon(now: Instant) -> Instant {
    now.plus_ms(HORIZON_DAYS * DAY_MS)
}

const fn next_quarter(now: Instant) -> Instant {
    Instant(rounded_up(now.0, QUARTER_MS))
}

/// So much after `start`, or a little more, so that a whole minute begins then; nothing stays nothing.
const fn minute_from(start: Instant, by_ms: i64) -> i64 {
    if by_ms == 0 {
        return 0;
    }
    rounded_up(start.0.saturating_add(by_ms), MINUTE_MS) - start.0
}

/// As [`minute_from`], or a little less.
const fn minute_until(start: Instant, by_ms: i64) -> i64 {
    if by_ms == 0 {
        return 0;
    }
    start.0.saturating_add(by_ms).div_euclid(MINUTE_MS) * MINUTE_MS - start.0
}

/// As [`minute_until`], but the end of the range stays as it is.
const fn minute_until_end(range: TimeRange, by_ms: i64) -> i64 {
    if by_ms == range.duration_ms() {
        return by_ms;
    }
    minute_until(range.start(), by_ms)
}

const fn rounded_up(ms: i64, step_ms: i64) -> i64 {
    ms.saturating_add(step_ms - 1).div_euclid(step_ms) * step_ms
}
