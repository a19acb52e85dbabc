//! Who said that a reserved room is in use.

use jiff::{Timestamp, ToSpan};

use super::free_busy::BusyBlock;
use super::mailbox::Mailbox;

/// A claim matters while its meeting runs; this is far longer.
const KEPT_HOURS: i64 = 24 * 30;
/// How far around now a meeting is looked for, in hours: people check in on the day.
const AROUND_HOURS: i64 = 24;

/// A claim of a meeting in a room.
#[derive(Debug, Clone)]
pub(crate) struct CheckIn {
    /// The calendar UID of the event or occurrence.
    pub(crate) event: String,
    /// In Graph's words.
    pub(crate) method: &'static str,
    pub(crate) at: Timestamp,
}

impl BusyBlock<'_> {
    /// The calendar UID of the event, or of the occurrence.
    pub(crate) fn ical_uid(&self) -> String {
        // An exception is shown as an item by itself already.
        let date = self
            .occurrence
            .date
            .filter(|_| self.item.content.recurrence.is_some());
        date.and_then(|date| self.item.at(date))
            .map_or_else(|| self.item.ical_uid.clone(), |one| one.ical_uid)
    }
}

impl Mailbox {
    /// Whether a meeting with this UID takes its time here about now.
    pub(crate) fn holds(&self, event: &str, now: Timestamp) -> bool {
        let around = AROUND_HOURS.hours();
        let from = now.saturating_sub(around).unwrap_or(now);
        let to = now.saturating_add(around).unwrap_or(now);
        let mut blocks = self.busy_blocks(from, to).into_iter();
        blocks.any(|block| block.ical_uid() == event)
    }

    pub(crate) fn add_check_in(&mut self, check_in: CheckIn) {
        let kept = check_in.at.saturating_sub(KEPT_HOURS.hours());
        let is_kept = |known: &CheckIn| {
            known.event != check_in.event && kept.as_ref().is_ok_and(|kept| known.at > *kept)
        };
        self.check_ins.retain(is_kept);
        self.check_ins.push(check_in);
    }
}
