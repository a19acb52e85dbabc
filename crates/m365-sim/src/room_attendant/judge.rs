//! What a room's settings make of one request.
//! <https://learn.microsoft.com/powershell/module/exchangepowershell/set-calendarprocessing>

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};

use crate::scenario::{BookingType, Processing};
use crate::time_zone::known;
use crate::world::item::{Item, Response};
use crate::world::{BusyBlock, Mailbox};

/// Everything a decision rests on.
pub(super) struct Hearing<'a> {
    /// The room's.
    pub(super) mailbox: &'a Mailbox,
    /// The request, of an event or of one occurrence.
    pub(super) item: &'a Item,
    pub(super) processing: &'a Processing,
    /// Whether the organizer is from another organisation.
    pub(super) is_external: bool,
    pub(super) now: Timestamp,
}

/// What is to be done with a request.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    Accept {
        /// The last date of a series that the room keeps; `None` keeps all of it.
        until: Option<Date>,
        /// The occurrences that are declined one by one.
        without: Vec<Date>,
    },
    Decline,
    /// A delegate has to decide.
    Pend,
}

/// Decides; see [`Processing`] for the rules.
pub(super) fn judge(hearing: &Hearing<'_>) -> Verdict {
    let processing = hearing.processing;
    let is_closed = processing.booking_type == BookingType::Reserved;
    if is_closed || (hearing.is_external && !processing.process_external_meeting_messages) {
        return Verdict::Decline;
    }
    let organizer = &hearing.item.organizer.address;
    let is_in = |addresses: &[String]| {
        let mut addresses = addresses.iter();
        addresses.any(|address| address.eq_ignore_ascii_case(organizer))
    };
    let may_ask = |everybody: bool, addresses: &[String]| {
        if everybody || is_in(addresses) {
            Verdict::Pend
        } else {
            Verdict::Decline
        }
    };
    let Some((until, without)) = hearing.in_policy() else {
        let everybody = processing.all_request_out_of_policy;
        return may_ask(everybody, &processing.request_out_of_policy);
    };
    if processing.all_book_in_policy || is_in(&processing.book_in_policy) {
        return Verdict::Accept { until, without };
    }
    may_ask(
        processing.all_request_in_policy,
        &processing.request_in_policy,
    )
}

impl Hearing<'_> {
    /// How much of the request can be accepted by the room's limits, as in [`Verdict::Accept`]; `None` when the request is
    /// out of policy.
    fn in_policy(&self) -> Option<(Option<Date>, Vec<Date>)> {
        let until = self.horizon()?;
        let last_moment = match until {
            Some(_) => self.window_end(),
            None => self.window_end().max(self.item.content.end.at),
        };
        let requested: Vec<BusyBlock<'_>> = self
            .mailbox
            .blocks_of(self.item, Timestamp::MIN, last_moment)
            .filter(|block| block.start <= last_moment)
            .collect();
        let is_fitting = requested
            .iter()
            .all(|block| self.is_short_enough(block) && self.is_within_hours(block));
        if requested.is_empty() || !is_fitting {
            return None;
        }
        let without = self.conflicting(&requested);
        self.tolerates(&without, requested.len())
            .then_some((until, without))
    }

    fn window_end(&self) -> Timestamp {
        let hours = i64::from(self.processing.booking_window_in_days) * 24;
        self.now
            .checked_add(SignedDuration::from_hours(hours))
            .unwrap_or(Timestamp::MAX)
    }

    /// The last date of a series that is too long for the booking window, where it is cut instead of refused. `None` is a
    /// request that the window, or the settings about series, refuse.
    fn horizon(&self) -> Option<Option<Date>> {
        let (item, window_end) = (self.item, self.window_end());
        if item.content.start.at > window_end {
            return None;
        }
        let Some(recurrence) = &item.content.recurrence else {
            return Some(None);
        };
        if !self.processing.allow_recurring_meetings {
            return None;
        }
        let first = item.content.series_date(item.content.start.at);
        let is_within = recurrence
            .last_date(first)
            .and_then(|last| item.original_start(last))
            .is_some_and(|last| last.at <= window_end);
        if is_within {
            return Some(None);
        }
        if self.processing.enforce_scheduling_horizon {
            return None;
        }
        let window = first..=item.content.series_date(window_end);
        let dates = recurrence.dates(first, &window);
        let kept = dates.into_iter().rev().find(|date| {
            let start = item.original_start(*date);
            start.is_some_and(|start| start.at <= window_end)
        });
        kept.map(Some)
    }

    fn is_short_enough(&self, block: &BusyBlock<'_>) -> bool {
        let max = i64::from(self.processing.maximum_duration_in_minutes);
        let (start, end) = (&block.occurrence.start, &block.occurrence.end);
        // A day is a day, also where the clock goes back on it.
        let length = if block.item.content.is_all_day {
            let (start, end) = (start.zoned().datetime(), end.zoned().datetime());
            end.duration_since(start)
        } else {
            end.at.duration_since(start.at)
        };
        max == 0 || length.as_mins() <= max
    }

    fn is_within_hours(&self, block: &BusyBlock<'_>) -> bool {
        if !self.processing.schedule_only_during_work_hours {
            return true;
        }
        let hours = &self.mailbox.working_hours;
        let zone = known(
            hours
                .time_zone
                .as_deref()
                .unwrap_or(&self.mailbox.time_zone),
        );
        let start = block.start.to_zoned(zone.clone()).datetime();
        let end = block.end.to_zoned(zone).datetime();
        let day = start.strftime("%A").to_string().to_lowercase();
        start.date() == end.date()
            && hours.days_of_week.contains(&day)
            && start.time() >= hours.start
            && end.time() <= hours.end
    }

    /// The dates of the requested occurrences that overlap something decided before. The only occurrence of an event that
    /// is no series counts with its own date.
    fn conflicting(&self, requested: &[BusyBlock<'_>]) -> Vec<Date> {
        let (Some(first), Some(last)) = (requested.first(), requested.last()) else {
            return Vec::new();
        };
        if self.processing.allow_conflicts {
            return Vec::new();
        }
        let taken: Vec<BusyBlock<'_>> = self
            .mailbox
            .busy_blocks(first.start, last.end)
            .into_iter()
            .filter(|block| {
                block.item.id != self.item.id && block.item.response != Response::NotResponded
            })
            .collect();
        requested
            .iter()
            .filter(|wanted| {
                let mut taken = taken.iter();
                taken.any(|block| wanted.start < block.end && wanted.end > block.start)
            })
            .map(|wanted| {
                let occurrence = &wanted.occurrence;
                occurrence.date.unwrap_or_else(|| occurrence.start.date())
            })
            .collect()
    }

    /// Whether a request of `count` meetings may be accepted without these.
    fn tolerates(&self, without: &[Date], count: usize) -> bool {
        let is_series = self.item.content.recurrence.is_some();
        let percentage = without.len() * 100;
        let (few, share) = (
            self.processing.maximum_conflict_instances as usize,
            self.processing.conflict_percentage_allowed as usize,
        );
        without.is_empty()
            || (is_series
                && without.len() < count
                && without.len() <= few
                && percentage <= share * count)
    }
}
