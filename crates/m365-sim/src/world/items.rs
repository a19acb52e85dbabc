//! The items of a mailbox, found by id and by when they are.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};

use super::item::Item;
use super::occurrence::is_within;

/// A single event that lasts no longer is found by its start. Series and longer events are few, and always looked at.
const SHORT: SignedDuration = SignedDuration::from_hours(48);

/// Items with an index by time. Nobody changes an item in place, so a clone of all this shares them with the original.
#[derive(Debug, Clone, Default)]
pub(crate) struct Items {
    by_id: BTreeMap<String, Arc<Item>>,
    /// Short single events by their start, and by the number of their last change, which no two items share.
    short: BTreeMap<(Timestamp, u64), Arc<Item>>,
    /// The others by the number of their last change.
    other: BTreeMap<u64, Arc<Item>>,
}

impl Items {
    pub(crate) fn get(&self, id: &str) -> Option<&Item> {
        self.by_id.get(id).map(AsRef::as_ref)
    }

    pub(crate) fn len(&self) -> usize {
        self.by_id.len()
    }

    /// All of them, in order of id.
    pub(crate) fn values(&self) -> impl Iterator<Item = &Item> {
        self.by_id.values().map(AsRef::as_ref)
    }

    /// Every item that may appear in `from..to`: single events that overlap it, and whatever repeats.
    pub(crate) fn near(&self, from: Timestamp, to: Timestamp) -> impl Iterator<Item = &Item> {
        let earliest = from.saturating_sub(SHORT).unwrap_or(from);
        let short = self.short.range((earliest, 0)..(to.max(earliest), 0));
        short
            .map(|(_, item)| item.as_ref())
            .chain(self.other.values().map(AsRef::as_ref))
            .filter(move |item| {
                let content = &item.content;
                content.recurrence.is_some()
                    || is_within(content.start.at, content.end.at, from, to)
            })
    }

    /// Puts an item where one of the same id was, if there was one.
    pub(crate) fn insert(&mut self, item: Item) {
        self.remove(&item.id);
        let item = Arc::new(item);
        if is_short(&item) {
            self.short.insert(by_time(&item), Arc::clone(&item));
        } else {
            self.other.insert(item.change, Arc::clone(&item));
        }
        self.by_id.insert(item.id.clone(), item);
    }

    /// Takes an item out; `None` when there is none of this id.
    pub(crate) fn remove(&mut self, id: &str) -> Option<Arc<Item>> {
        let item = self.by_id.remove(id)?;
        if is_short(&item) {
            self.short.remove(&by_time(&item));
        } else {
            self.other.remove(&item.change);
        }
        Some(item)
    }
}

fn is_short(item: &Item) -> bool {
    let content = &item.content;
    let length = content.end.at.duration_since(content.start.at);
    content.recurrence.is_none() && length <= SHORT
}

fn by_time(item: &Item) -> (Timestamp, u64) {
    (item.content.start.at, item.change)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time_zone::Moment;
    use crate::world::item::Content;

    fn at(time: &str) -> Timestamp {
        format!("2026-11-{time}:00Z").parse().unwrap()
    }

    /// An event of this id, which also is the number of its change.
    fn event(id: u64, start: &str, end: &str) -> Item {
        let moment = |time| Moment::at(at(time), "UTC").unwrap();
        let mut item = Item::blank(Content::blank(moment(start), moment(end)));
        (item.id, item.change) = (id.to_string(), id);
        item
    }

    fn near(items: &Items, from: &str, to: &str) -> Vec<String> {
        let found = items.near(at(from), at(to));
        found.map(|item| item.id.clone()).collect()
    }

    #[test]
    fn single_events_are_found_by_time_however_long_they_are() {
        let mut items = Items::default();
        items.insert(event(1, "24T09:00", "24T10:00"));
        items.insert(event(2, "23T12:00", "25T12:00"));
        items.insert(event(3, "02T00:00", "30T00:00"));
        items.insert(event(4, "24T10:00", "24T11:00"));
        assert_eq!(near(&items, "24T09:30", "24T10:00"), ["2", "1", "3"]);
        assert_eq!(near(&items, "25T12:00", "25T13:00"), ["3"]);
        assert_eq!(near(&items, "24T11:00", "24T11:00"), ["2", "3"]);
    }

    #[test]
    fn what_moves_or_goes_leaves_the_place_in_time_where_it_was() {
        let mut items = Items::default();
        items.insert(event(1, "24T09:00", "24T10:00"));
        let mut moved = event(1, "24T12:00", "24T13:00");
        moved.change = 2;
        items.insert(moved);
        assert!(near(&items, "24T09:00", "24T10:00").is_empty());
        assert_eq!(near(&items, "24T12:00", "24T13:00"), ["1"]);
        let mut long = event(1, "01T00:00", "30T00:00");
        long.change = 3;
        items.insert(long);
        assert_eq!(
            (items.len(), near(&items, "24T12:00", "24T13:00").len()),
            (1, 1)
        );
        assert!(items.remove("1").is_some() && items.remove("1").is_none());
        assert!(near(&items, "24T12:00", "24T13:00").is_empty());
    }
}
