//! Which stretches of time a question to Exchange covers.

use booking::time::{DAY_MS, HOUR_MS, Instant, TimeRange};

/// The longest stretch one question to Exchange may cover; Graph allows less than 62 days.
const WINDOW_MS_MAX: i64 = 60 * DAY_MS;

/// The stretches to ask about: the asked times with some hours around, so that “free until” and
/// the next free time can be told, and so that neighbouring questions share an answer.
pub(super) fn windows(ranges: &[TimeRange]) -> Vec<TimeRange> {
    let mut windows: Vec<(i64, i64)> = Vec::new();
    for range in ranges {
        let start = range.start().0.div_euclid(HOUR_MS) * HOUR_MS - 2 * HOUR_MS;
        let end = (range.end().0.div_euclid(HOUR_MS) + 1) * HOUR_MS + 5 * HOUR_MS;
        match windows.last_mut() {
            Some(last) if end - last.0 <= WINDOW_MS_MAX => last.1 = last.1.max(end),
            _ => windows.push((start, end)),
        }
    }
    windows
        .into_iter()
        .filter_map(|(start, end)| TimeRange::new(Instant(start), Instant(end)).ok())
        .collect()
}
