//! Rooms whose events cannot be read but whose schedule can, as those whose mailboxes are not in the cloud.
//!
//! The blocks of the schedule are mirrored as they are: the room is shown as taken, by nobody known.

use booking::event::{BusyKind, BusyTime};
use booking::ids::MailboxAddress;
use booking::provider::EventChange;
use booking::provider::{CalendarProvider, ProviderError, RoomResponse, ScheduleItem};
use booking::time::{DAY_MS, HOUR_MS, Instant, TimeRange};
use store::sync_state::RoomSync;

/// The longest stretch that one question about schedules may cover; Graph allows less than 62 days.
const STRETCH_MS_MAX: i64 = 60 * DAY_MS;

/// Whether an error keeps only the events from us, perhaps.
pub(super) const fn is_about_events(error: &ProviderError) -> bool {
    matches!(
        error,
        ProviderError::NotFound { .. }
            | ProviderError::Mailbox { .. }
            | ProviderError::Denied { .. }
            | ProviderError::Unsupported { .. }
    )
}

/// Whether it is time to try whether a room's events can be read again: once in every hour.
pub(super) const fn is_time_for_events(state: &RoomSync, now: Instant) -> bool {
    match state.synced_at {
        Some(at) => at.0.div_euclid(HOUR_MS) != now.0.div_euclid(HOUR_MS),
        None => true,
    }
}

/// When the room is taken within the window, by its schedule.
///
/// # Errors
/// [`ProviderError::Retry`] when it cannot be read now. Otherwise this is no way either: then `why` its events cannot be
/// read, if that was tried just now.
pub(super) async fn read(
    provider: &dyn CalendarProvider,
    mailbox: &MailboxAddress,
    window: TimeRange,
    why: Option<ProviderError>,
) -> Result<Vec<EventChange>, ProviderError> {
    let mut blocks = Vec::new();
    for stretch in stretches(window) {
        let rooms = std::slice::from_ref(mailbox);
        let told = match provider.busy_times(rooms, stretch).await {
            Ok(told) => told,
            Err(error @ ProviderError::Retry { .. }) => return Err(error),
            Err(error) => return Err(why.unwrap_or(error)),
        };
        match told.into_iter().next().map(|told| told.schedule) {
            Some(Ok(items)) => blocks.extend(items),
            Some(Err(error)) => return Err(why.unwrap_or_else(|| unreadable(&error.code))),
            None => return Err(why.unwrap_or_else(|| unreadable("no answer"))),
        }
    }
    // One that reaches over the edge of a stretch is told twice, and is written once.
    Ok(blocks
        .into_iter()
        .map(|item| EventChange::Busy(block(item), RoomResponse::Accepted))
        .collect())
}

/// Its words may name addresses; its code does not.
fn unreadable(code: &str) -> ProviderError {
    ProviderError::NotFound {
        context: format!("the room's schedule cannot be read ({code})"),
    }
}

fn stretches(window: TimeRange) -> Vec<TimeRange> {
    let mut stretches = Vec::new();
    let mut start = window.start();
    while let Ok(stretch) = TimeRange::new(start, window.end().min(start.plus_ms(STRETCH_MS_MAX))) {
        stretches.push(stretch);
        start = stretch.end();
    }
    stretches
}

/// A schedule names no events, so a block is known by what it is.
fn block(item: ScheduleItem) -> BusyTime {
    let kind = match item.kind {
        BusyKind::Tentative => "tentative",
        BusyKind::Busy => "busy",
    };
    let (start, end) = (item.range.start().0, item.range.end().0);
    BusyTime {
        event_id: format!("free/busy {start} {end} {kind}"),
        ical_uid: None,
        series_id: None,
        range: item.range,
        kind: item.kind,
        organizer: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_window_is_asked_about_in_stretches_that_graph_allows_and_without_a_gap() {
        let window = TimeRange::new(Instant(5), Instant(5 + 403 * DAY_MS)).unwrap();
        let stretches = stretches(window);
        assert_eq!(stretches.len(), 7);
        assert_eq!(stretches[0].start(), window.start());
        assert_eq!(stretches[6].end(), window.end());
        assert!(
            stretches
                .windows(2)
                .all(|pair| pair[0].end() == pair[1].start())
        );
        assert!(
            stretches
                .iter()
                .all(|one| one.duration_ms() <= STRETCH_MS_MAX)
        );
    }
}
