//! When a mailbox is taken.

use jiff::civil::Time;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use super::World;
use super::item::Item;
use super::mailbox::Mailbox;
use super::occurrence::{Occurrence, Shown};
use crate::time_zone::{Moment, known};

/// How far the days of an all-day event can be from its moments, zone against zone.
const ALL_DAY_SLACK: SignedDuration = SignedDuration::from_hours(26);

/// One stretch of taken time.
#[derive(Debug, Clone)]
pub(crate) struct BusyBlock<'a> {
    pub(crate) start: Timestamp,
    pub(crate) end: Timestamp,
    /// What takes it: the item, or the exception of a series as an item by itself.
    pub(crate) item: Shown<'a>,
    /// The appearance in time that takes it.
    pub(crate) occurrence: Occurrence,
}

/// The time that is asked about, and how far around it an event can be whose days reach into it.
#[derive(Debug, Clone, Copy)]
struct Window {
    from: Timestamp,
    to: Timestamp,
    earliest: Timestamp,
    latest: Timestamp,
}

impl Window {
    fn new(from: Timestamp, to: Timestamp) -> Self {
        Self {
            from,
            to,
            earliest: from.saturating_sub(ALL_DAY_SLACK).unwrap_or(from),
            latest: to.saturating_add(ALL_DAY_SLACK).unwrap_or(to),
        }
    }

    fn overlaps(&self, block: &BusyBlock<'_>) -> bool {
        block.start < self.to && block.end > self.from
    }
}

impl Mailbox {
    /// Everything that takes time in `from..to`, in order of time.
    pub(crate) fn busy_blocks(&self, from: Timestamp, to: Timestamp) -> Vec<BusyBlock<'_>> {
        let window = Window::new(from, to);
        let mut blocks: Vec<BusyBlock<'_>> = self
            .items
            .near(window.earliest, window.latest)
            .filter(|item| item.blocks_time() || !item.overrides.is_empty())
            .flat_map(|item| self.blocks_within(item, window))
            .filter(|block| block.item.blocks_time())
            .collect();
        blocks.sort_by_key(|block| (block.start, block.end, block.item.change));
        blocks
    }

    /// The time that an item takes here in `from..to` if it takes any, in order of time. An all-day event takes the days
    /// of this mailbox's zone, whatever zone it was written in.
    pub(crate) fn blocks_of<'a>(
        &self,
        item: &'a Item,
        from: Timestamp,
        to: Timestamp,
    ) -> impl Iterator<Item = BusyBlock<'a>> {
        self.blocks_within(item, Window::new(from, to))
    }

    fn blocks_within<'a>(
        &self,
        item: &'a Item,
        window: Window,
    ) -> impl Iterator<Item = BusyBlock<'a>> {
        item.occurrences(window.earliest, window.latest)
            .map(|occurrence| self.block(item, occurrence))
            .filter(move |block| window.overlaps(block))
    }

    fn block<'a>(&self, item: &'a Item, occurrence: Occurrence) -> BusyBlock<'a> {
        let shown = item.at_appearance(&occurrence);
        let at = |moment: &Moment| {
            if shown.content.is_all_day {
                midnight(moment, &known(&self.time_zone))
            } else {
                moment.at
            }
        };
        BusyBlock {
            start: at(&occurrence.start),
            end: at(&occurrence.end),
            item: shown,
            occurrence,
        }
    }
}

/// When the day that begins at `moment` in its own zone begins in another.
fn midnight(moment: &Moment, zone: &TimeZone) -> Timestamp {
    let local = moment.date().to_datetime(Time::midnight());
    zone.to_ambiguous_zoned(local)
        .compatible()
        .map_or(moment.at, |zoned| zoned.timestamp())
}

impl World {
    /// The rooms of a tenant, in order of address.
    pub(crate) fn rooms(&self, tenant: uuid::Uuid) -> impl Iterator<Item = &Mailbox> {
        self.mailboxes.values().filter(move |mailbox| {
            mailbox.tenant == tenant && mailbox.room().is_some() && mailbox.exists()
        })
    }
}
