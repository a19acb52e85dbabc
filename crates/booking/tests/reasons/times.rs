//! The smallest change of a time, by trying every one.

use booking::rules::Refusal;
use booking::search::change::Change;
use booking::time::{HOUR_MS, MINUTE_MS, TimeRange};

use super::facts;
use super::office::{Case, STEP_MS};

/// How far a time is moved before other days are looked at.
const AROUND_MS: i64 = 4 * HOUR_MS;

/// The change, where the room is taken and trying is soon done: the meeting is short, the rules allow it, and there is
/// something for it within hours. `None`: this says nothing.
pub fn smallest(case: &Case, stated: &[Refusal]) -> Option<Change> {
    let first = *case.wanted.ranges.first()?;
    let is_small = first.duration_ms() <= 3 * HOUR_MS && !stated.is_empty();
    let is_taken = |one: &Refusal| matches!(one, Refusal::Taken { .. } | Refusal::Held { .. });
    let is_of_rules = |one: &Refusal| {
        use Refusal::{InThePast, TooFarAhead, TooLong, TooSmall};
        let of_time = matches!(one, InThePast | TooFarAhead { .. } | TooLong { .. });
        of_time || matches!(one, TooSmall { seats: 0, .. })
    };
    if !is_small || !stated.iter().any(is_taken) || stated.iter().any(is_of_rules) {
        return None;
    }
    let moved = (1..=AROUND_MS / STEP_MS)
        .flat_map(|steps| [steps, -steps])
        .map(|steps| steps * STEP_MS)
        .find(|by_ms| may_start(case, *by_ms) && is_free(case, *by_ms, *by_ms));
    let kept = longest_part(case);
    let lost = |part: TimeRange| first.duration_ms() - part.duration_ms();
    let moves = |by_ms: i64| Change::FreeAt {
        start: first.start().plus_ms(by_ms),
    };
    match (moved, kept) {
        (Some(by_ms), Some(part)) if by_ms.abs() > lost(part) => {
            Some(Change::Shorter { range: part })
        }
        (Some(by_ms), _) => Some(moves(by_ms)),
        (None, Some(part)) if lost(part) <= AROUND_MS => Some(Change::Shorter { range: part }),
        (None, _) => None,
    }
}

/// Nobody is sent back to before the next quarter of an hour.
fn may_start(case: &Case, by_ms: i64) -> bool {
    let start = case.wanted.ranges[0].start().plus_ms(by_ms);
    let quarter_ms = 15 * MINUTE_MS;
    by_ms > 0 || start.0 >= (case.now.0 + quarter_ms - 1) / quarter_ms * quarter_ms
}

fn longest_part(case: &Case) -> Option<TimeRange> {
    let first = case.wanted.ranges[0];
    let steps = first.duration_ms() / STEP_MS;
    let mut best: Option<TimeRange> = None;
    for from in 0..steps {
        for to in from + 1..=steps {
            let (from_ms, to_ms) = (from * STEP_MS, (to - steps) * STEP_MS);
            let part =
                TimeRange::new(first.start().plus_ms(from_ms), first.end().plus_ms(to_ms)).unwrap();
            let kept_ms = part.duration_ms();
            let is_worth_it = kept_ms >= 15 * MINUTE_MS && 2 * kept_ms >= first.duration_ms();
            let is_better = best.is_none_or(|best| kept_ms > best.duration_ms());
            if is_worth_it && is_better && is_free(case, from_ms, to_ms) {
                best = Some(part);
            }
        }
    }
    best
}

/// Whether every range, its start and its end moved by so much, is free and allowed.
fn is_free(case: &Case, start_ms: i64, end_ms: i64) -> bool {
    let mut changed = case.clone();
    for range in &mut changed.wanted.ranges {
        let (start, end) = (range.start().plus_ms(start_ms), range.end().plus_ms(end_ms));
        *range = TimeRange::new(start, end).unwrap();
    }
    let thinkable = [
        Refusal::InThePast,
        Refusal::TooFarAhead { days_max: 400 },
        Refusal::TooLong { days_max: 60 },
    ];
    let ranges = &changed.wanted.ranges;
    let is_met = changed.occupancies.iter().any(|one| {
        let apart = |range: &TimeRange| {
            one.range.end() <= range.start() || range.end() <= one.range.start()
        };
        !ranges.iter().all(apart)
    });
    !is_met && !thinkable.iter().any(|one| facts::holds(one, &changed))
}
