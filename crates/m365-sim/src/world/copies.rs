//! The copies in the mailboxes: finding, storing and removing them. Nothing here tells other mailboxes.

use jiff::civil::Date;

use super::World;
use super::item::Item;
use super::mailbox::ItemChange;
use super::meetings::MeetingError;

/// A copy of an event: which mailbox, which id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ItemRef {
    pub(crate) mailbox: String,
    pub(crate) id: String,
}

/// An event in a mailbox, or one occurrence of a series there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Part {
    pub(crate) at: ItemRef,
    /// The date the pattern gave the occurrence; `None` means the whole event.
    pub(crate) date: Option<Date>,
}

impl Part {
    pub(crate) fn whole(at: ItemRef) -> Self {
        Self { at, date: None }
    }
}

impl World {
    pub(crate) fn item(&self, at: &ItemRef) -> Option<&Item> {
        self.mailbox(&at.mailbox)?.items.get(&at.id)
    }

    /// The event, or the occurrence as an item by itself; `None` when it is gone.
    pub(crate) fn shown(&self, part: &Part) -> Option<Item> {
        let item = self.item(&part.at)?;
        match part.date {
            None => Some(item.clone()),
            Some(date) => item.at(date),
        }
    }

    /// Where a mailbox keeps its copy of a meeting. Nothing reaches those in mailboxes that are gone.
    pub(crate) fn copy_at(&self, mailbox: &str, ical_uid: &str) -> Option<ItemRef> {
        let reached = self.mailbox(mailbox).filter(|mailbox| mailbox.exists());
        let copy = reached?.copy_of(ical_uid)?;
        Some(ItemRef {
            mailbox: mailbox.to_lowercase(),
            id: copy.id.clone(),
        })
    }

    /// Where a mailbox keeps what `sent`, an item of the organizer's, is about. One occurrence is a part of the
    /// mailbox's series, or an item by itself in a mailbox that was invited to nothing else.
    pub(crate) fn part_at(&self, mailbox: &str, sent: &Item) -> Option<Part> {
        let in_series = sent.occurrence_of.as_ref().and_then(|(series, date)| {
            Some(Part {
                at: self.copy_at(mailbox, series)?,
                date: Some(*date),
            })
        });
        in_series.or_else(|| self.copy_at(mailbox, &sent.ical_uid).map(Part::whole))
    }

    /// Changes an event or one occurrence in its own mailbox only.
    pub(crate) fn edit(
        &mut self,
        part: &Part,
        change: impl FnOnce(&mut Item),
    ) -> Result<(), MeetingError> {
        let mut edited = self.shown(part).ok_or(MeetingError::ItemNotFound)?;
        change(&mut edited);
        self.write(part, edited)
    }

    /// Stores an event, or what one occurrence is to be like.
    pub(crate) fn write(&mut self, part: &Part, shown: Item) -> Result<(), MeetingError> {
        let stored = match part.date {
            None => shown,
            Some(date) => {
                let mut series = self
                    .item(&part.at)
                    .cloned()
                    .ok_or(MeetingError::ItemNotFound)?;
                series.put(date, &shown);
                series
            }
        };
        self.record(&part.at.mailbox, stored, ItemChange::Updated);
        Ok(())
    }

    /// Takes an event or one occurrence out of its own mailbox only.
    pub(crate) fn take_out(&mut self, part: &Part) {
        match (part.date, self.item(&part.at).cloned()) {
            (Some(date), Some(mut series)) => {
                series.take_out(date);
                self.record(&part.at.mailbox, series, ItemChange::Updated);
            }
            _ => self.erase(&part.at),
        }
    }

    /// Stores an item under a new change number and tells the subscribers.
    pub(crate) fn record(&mut self, mailbox: &str, mut item: Item, kind: ItemChange) {
        item.change = self.next_change();
        item.modified = self.clock.now();
        self.announce(mailbox, &item, kind);
        if let Some(mailbox) = self.mailbox_mut(mailbox) {
            mailbox.items.insert(item);
        }
    }

    /// Removes an item, leaves its tombstone and tells the subscribers.
    pub(crate) fn erase(&mut self, at: &ItemRef) {
        let change = self.next_change();
        let removed = self.mailbox_mut(&at.mailbox).and_then(|mailbox| {
            mailbox.removed.add(change, at.id.clone());
            mailbox.items.remove(&at.id)
        });
        if let Some(item) = removed {
            self.announce(&at.mailbox, &item, ItemChange::Deleted);
        }
    }
}
