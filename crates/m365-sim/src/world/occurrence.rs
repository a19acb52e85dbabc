//! The occurrences of a series, and what makes single ones of them differ from the pattern.
//!
//! As in Exchange, a series is one item. An occurrence that was changed, answered or cancelled by itself is an exception:
//! the item keeps only the properties in which it differs, so that the others go on following the series.
//! <https://learn.microsoft.com/graph/outlook-schedule-recurring-events>

use std::collections::BTreeSet;
use std::ops::Deref;
use std::sync::Arc;

use jiff::civil::Date;
use jiff::tz::{AmbiguousOffset, TimeZone};
use jiff::{SignedDuration, Span, Timestamp};

use super::item::{Attendee, Content, Item, Response};
use super::recurrence::Recurrence;
use crate::time_zone::{Moment, known};

/// How far an occurrence can be from where the pattern has it in UTC, because of zones and all-day events, in days.
const SLACK_DAYS: i64 = 2;
/// What is shorter than any day does not reach the next one's occurrence.
const SAFE_HOURS: i64 = 20;
/// How far occurrences are held against each other: longer than any year.
const OVERLAP_DAYS: i64 = 400;

/// One appearance of an item in time: the item itself, or an occurrence of a series.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Occurrence {
    pub(crate) start: Moment,
    pub(crate) end: Moment,
    /// The local start date the pattern gave it; `None` for an event that is no series.
    pub(crate) date: Option<Date>,
    /// True when it differs from the pattern in anything.
    pub(crate) is_exception: bool,
}

/// An item as one of its appearances shows it.
#[derive(Debug, Clone)]
pub(crate) enum Shown<'a> {
    /// As it is kept.
    Kept(&'a Item),
    /// An exception of a series, as an item by itself; in a box, so that the many others are not as large.
    Exception(Box<Item>),
}

impl Deref for Shown<'_> {
    type Target = Item;

    fn deref(&self) -> &Item {
        match self {
            Self::Kept(item) => item,
            Self::Exception(item) => item,
        }
    }
}

/// What became of one occurrence in one mailbox.
#[derive(Debug, Clone)]
pub(crate) enum Override {
    /// It is not in this calendar any more: deleted, declined, or cancelled by the organizer here.
    Removed,
    Changed(Box<Change>),
}

/// Declares [`Change`] from the properties of an [`Item`] that an occurrence may have of its own.
macro_rules! change {
    ($($name:ident: $kind:ty = $($place:ident).+;)*) => {
        /// The properties in which an exception differs from its series; `None` follows the series.
        #[derive(Debug, Clone, Default)]
        pub(crate) struct Change {
            $($name: Option<$kind>,)*
        }

        impl Change {
            /// What to write into `base` to get `wanted`; `None` when nothing.
            fn between(base: &Item, wanted: &Item) -> Option<Self> {
                let mut differs = false;
                let change = Self {
                    $($name: (base.$($place).+ != wanted.$($place).+).then(|| {
                        differs = true;
                        wanted.$($place).+.clone()
                    }),)*
                };
                differs.then_some(change)
            }

            fn write_into(&self, item: &mut Item) {
                $(if let Some(value) = &self.$name {
                    item.$($place).+.clone_from(value);
                })*
            }
        }
    };
}

change! {
    subject: String = content.subject;
    body_type: &'static str = content.body_type;
    body: String = content.body;
    start: Moment = content.start;
    end: Moment = content.end;
    is_all_day: bool = content.is_all_day;
    offered_show_as: &'static str = content.show_as;
    sensitivity: &'static str = content.sensitivity;
    importance: &'static str = content.importance;
    locations: Arc<[serde_json::Value]> = content.locations;
    attendees: Vec<Attendee> = content.attendees;
    response_requested: bool = content.response_requested;
    hide_attendees: bool = content.hide_attendees;
    allow_new_time_proposals: bool = content.allow_new_time_proposals;
    online_meeting_provider: Option<&'static str> = content.online_meeting_provider;
    show_as: &'static str = show_as;
    response: Response = response;
    answered: Option<Timestamp> = answered;
    is_cancelled: bool = is_cancelled;
    categories: Vec<String> = categories;
    reminder_minutes: i32 = reminder_minutes;
    is_reminder_on: bool = is_reminder_on;
    extended: Vec<serde_json::Value> = extended;
}

impl Content {
    /// The zone whose days and clock a series follows. All-day events keep to the days of their own zone.
    pub(crate) fn series_zone(&self) -> TimeZone {
        let named = self
            .recurrence
            .as_ref()
            .and_then(|recurrence| recurrence.time_zone.as_deref())
            .filter(|_| !self.is_all_day);
        known(named.unwrap_or(&self.start.zone))
    }

    /// The day a moment belongs to in a series.
    pub(crate) fn series_date(&self, at: Timestamp) -> Date {
        at.to_zoned(self.series_zone()).date()
    }

    /// Where the pattern puts the occurrence of `date`, which is not checked against the pattern.
    fn slot(&self, date: Date) -> Option<(Moment, Moment)> {
        let zone = self.series_zone();
        let start = self.start.at.to_zoned(zone.clone()).datetime();
        let end = self.end.at.to_zoned(zone.clone()).datetime();
        let days = start.date().until(end.date()).ok()?;
        let first = zone.to_ambiguous_zoned(date.to_datetime(start.time()));
        let last = date.checked_add(days).ok()?.to_datetime(end.time());
        let is_skipped = matches!(first.offset(), AmbiguousOffset::Gap { .. });
        let begins = first.compatible().ok()?.timestamp();
        let ends = if is_skipped && !self.is_all_day {
            // The clock skips the start, which moves on: the end goes with it.
            begins.checked_add(start.duration_until(end)).ok()?
        } else {
            let local = zone.to_ambiguous_zoned(last);
            local.compatible().ok()?.timestamp()
        };
        let named = |at, like: &Moment| Moment {
            at,
            zone: like.zone.clone(),
        };
        Some((named(begins, &self.start), named(ends, &self.end)))
    }

    /// Whether an occurrence goes on when the next one begins.
    pub(crate) fn overlaps_itself(&self) -> bool {
        let Some(recurrence) = &self.recurrence else {
            return false;
        };
        let length = self.end.at.duration_since(self.start.at);
        if length <= SignedDuration::from_hours(SAFE_HOURS) {
            return false;
        }
        let first = self.series_date(self.start.at);
        let horizon = first.saturating_add(Span::new().days(OVERLAP_DAYS));
        let dates = recurrence.dates(first, &(first..=horizon));
        let slots: Vec<_> = dates.iter().filter_map(|date| self.slot(*date)).collect();
        slots.windows(2).any(|pair| pair[0].1.at > pair[1].0.at)
    }

    /// Moves start and end of a series to the first date of its pattern, where Exchange shows them. Returns `None` when
    /// the pattern has no date at all.
    pub(crate) fn settle_on_pattern(&mut self) -> Option<()> {
        let Some(recurrence) = &self.recurrence else {
            return Some(());
        };
        let first = recurrence.first_date(self.series_date(self.start.at))?;
        (self.start, self.end) = self.slot(first)?;
        if let Some(recurrence) = &mut self.recurrence {
            recurrence.start_date = first;
        }
        Some(())
    }
}

/// Whether any of a stretch of time is in `from..to`. One without length is where it begins.
pub(super) fn is_within(start: Timestamp, end: Timestamp, from: Timestamp, to: Timestamp) -> bool {
    start < to && (end > from || start == from)
}

impl Item {
    /// The appearances that overlap `from..to`, in order of time, cancelled ones too.
    pub(crate) fn occurrences(
        &self,
        from: Timestamp,
        to: Timestamp,
    ) -> impl Iterator<Item = Occurrence> {
        let Content {
            start,
            end,
            recurrence,
            ..
        } = &self.content;
        let is_only = recurrence.is_none() && is_within(start.at, end.at, from, to);
        let only = is_only.then(|| Occurrence {
            start: start.clone(),
            end: end.clone(),
            date: None,
            is_exception: false,
        });
        let of_series = recurrence
            .as_ref()
            .map(|recurrence| self.occurrences_of_series(recurrence, from, to));
        only.into_iter().chain(of_series.into_iter().flatten())
    }

    fn occurrences_of_series(
        &self,
        recurrence: &Recurrence,
        from: Timestamp,
        to: Timestamp,
    ) -> Vec<Occurrence> {
        let overlaps =
            |occurrence: &Occurrence| is_within(occurrence.start.at, occurrence.end.at, from, to);
        let first = self.content.series_date(self.content.start.at);
        let length = self.content.end.at.duration_since(self.content.start.at);
        let reach = SLACK_DAYS + length.as_hours() / 24;
        let day = |at: Timestamp, days: i64| {
            let date = at.to_zoned(TimeZone::UTC).date();
            date.saturating_add(Span::new().days(days))
        };
        let dates = recurrence.dates(first, &(day(from, -reach)..=day(to, SLACK_DAYS)));
        // A moved occurrence can be anywhere, wherever the pattern had it.
        let all: BTreeSet<Date> = dates
            .into_iter()
            .chain(self.overrides.keys().copied())
            .collect();
        let mut found: Vec<Occurrence> = all
            .into_iter()
            .filter_map(|date| self.appearance(date))
            .filter(overlaps)
            .collect();
        found.sort_by_key(|occurrence| occurrence.start.at);
        found
    }

    /// The occurrence that the pattern puts on `date`, unless it was taken out.
    pub(crate) fn occurrence_on(&self, date: Date) -> Option<Occurrence> {
        let first = self.content.series_date(self.content.start.at);
        let recurrence = self.content.recurrence.as_ref()?;
        if self.overrides.contains_key(&date) || recurrence.falls_on(first, date) {
            self.appearance(date)
        } else {
            None
        }
    }

    fn appearance(&self, date: Date) -> Option<Occurrence> {
        let (start, end) = self.content.slot(date)?;
        let (start, end, is_exception) = match self.overrides.get(&date) {
            None => (start, end, false),
            Some(Override::Removed) => return None,
            Some(Override::Changed(change)) => (
                change.start.clone().unwrap_or(start),
                change.end.clone().unwrap_or(end),
                true,
            ),
        };
        Some(Occurrence {
            start,
            end,
            date: Some(date),
            is_exception,
        })
    }

    /// Where the pattern has the occurrence of `date`, wherever it was moved.
    pub(crate) fn original_start(&self, date: Date) -> Option<Moment> {
        self.content.slot(date).map(|(start, _)| start)
    }

    /// One occurrence as an item by itself; `None` when it was taken out. `date` is not checked against the pattern.
    pub(crate) fn at(&self, date: Date) -> Option<Self> {
        let mut one = self.as_patterned(date)?;
        match self.overrides.get(&date) {
            None => {}
            Some(Override::Removed) => return None,
            Some(Override::Changed(change)) => change.write_into(&mut one),
        }
        Some(one)
    }

    /// The item of one appearance: a view of its own where it differs from the series.
    pub(crate) fn at_appearance(&self, occurrence: &Occurrence) -> Shown<'_> {
        let one = occurrence
            .date
            .filter(|_| occurrence.is_exception)
            .and_then(|date| self.at(date));
        one.map_or(Shown::Kept(self), |one| Shown::Exception(Box::new(one)))
    }

    /// Makes the occurrence of `date` be like `wanted`, also when it had been taken out.
    pub(crate) fn put(&mut self, date: Date, wanted: &Self) {
        let Some(base) = self.as_patterned(date) else {
            return;
        };
        match Change::between(&base, wanted) {
            None => self.overrides.remove(&date),
            Some(change) => self
                .overrides
                .insert(date, Override::Changed(Box::new(change))),
        };
    }

    /// Takes the occurrence of `date` out of this calendar.
    pub(crate) fn take_out(&mut self, date: Date) {
        self.overrides.insert(date, Override::Removed);
    }

    /// Forgets what became of occurrences that the pattern has no longer.
    pub(crate) fn drop_stray_overrides(&mut self) {
        let first = self.content.series_date(self.content.start.at);
        let recurrence = self.content.recurrence.as_ref();
        self.overrides.retain(|date, _| {
            recurrence.is_some_and(|recurrence| recurrence.falls_on(first, *date))
        });
    }

    /// The occurrence of `date` as the series has it, whatever became of it.
    fn as_patterned(&self, date: Date) -> Option<Self> {
        let (start, end) = self.content.slot(date)?;
        let mut one = self.clone();
        one.overrides.clear();
        one.content.recurrence = None;
        (one.content.start, one.content.end) = (start, end);
        one.ical_uid = occurrence_uid(&self.ical_uid, date);
        one.occurrence_of = Some((self.ical_uid.clone(), date));
        Some(one)
    }
}

/// The UID of one occurrence: the series' UID with the date in it.
fn occurrence_uid(series: &str, date: Date) -> String {
    let (head, tail) = series.split_at(series.len().min(32));
    format!(
        "{head}{:04X}{:02X}{:02X}{}",
        date.year(),
        date.month(),
        date.day(),
        tail.get(8..).unwrap_or_default()
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_occurrence_has_its_own_uid() {
        let uid = "040000008200E00074C5B7101A82E00800000000ABCDEF";
        let first = occurrence_uid(uid, "2026-11-24".parse().unwrap());
        let second = occurrence_uid(uid, "2026-11-25".parse().unwrap());
        assert_ne!(first, second);
        assert_eq!(first.len(), uid.len());
    }
}
