//! When a mailbox is taken.

use jiff::Timestamp;

use super::World;
use super::item::Item;
use super::mailbox::Mailbox;

/// One stretch of taken time.
#[derive(Debug, Clone)]
pub(crate) struct BusyBlock<'a> {
    pub(crate) start: Timestamp,
    pub(crate) end: Timestamp,
    pub(crate) item: &'a Item,
}

impl Mailbox {
    /// Everything that takes time in `from..to`, in order of time.
    pub(crate) fn busy_blocks(&self, from: Timestamp, to: Timestamp) -> Vec<BusyBlock<'_>> {
        let mut blocks: Vec<BusyBlock<'_>> = self
            .items
            .values()
            .filter(|item| item.blocks_time())
            .flat_map(|item| {
                item.occurrences(from, to)
                    .into_iter()
                    .map(move |occurrence| BusyBlock {
                        start: occurrence.start.at,
                        end: occurrence.end.at,
                        item,
                    })
            })
            .collect();
        blocks.sort_by_key(|block| (block.start, block.end, block.item.change));
        blocks
    }
}

impl World {
    /// The rooms of a tenant, in order of address.
    pub(crate) fn rooms(&self, tenant: uuid::Uuid) -> impl Iterator<Item = &Mailbox> {
        self.mailboxes
            .values()
            .filter(move |mailbox| mailbox.tenant == tenant && mailbox.room().is_some())
    }
}
