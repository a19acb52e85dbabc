//! One mailbox: its owner, its calendar and what was deleted from it.

use std::collections::VecDeque;

use uuid::Uuid;

use super::check_in::CheckIn;
use super::directory::{Holder, Room};
use super::item::{Contact, Item};
use super::items::Items;
use crate::scenario::{MailboxState, Share, ShareLevel, WorkingHours};

/// How many deletions a mailbox remembers.
const TOMBSTONES_MAX: usize = 10_000;
/// How many transactions a mailbox remembers.
const TRANSACTIONS_MAX: usize = 10_000;

/// What happened to an item, in the words of change notifications.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ItemChange {
    Created,
    Updated,
    Deleted,
}

impl ItemChange {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Created => "created",
            Self::Updated => "updated",
            Self::Deleted => "deleted",
        }
    }
}

/// A mailbox with its primary (and only) calendar.
#[derive(Debug, Clone)]
pub(crate) struct Mailbox {
    /// The directory object's id.
    pub(crate) id: Uuid,
    pub(crate) tenant: Uuid,
    pub(crate) display_name: String,
    pub(crate) address: String,
    /// Both together, as events show them.
    pub(crate) contact: Contact,
    pub(crate) time_zone: String,
    /// Those who may open the calendar with `.Shared` permission.
    pub(crate) shared_with: Vec<Share>,
    pub(crate) holder: Holder,
    pub(crate) state: MailboxState,
    pub(crate) working_hours: WorkingHours,
    pub(crate) items: Items,
    pub(crate) removed: Removed,
    /// Who checked in here.
    pub(crate) check_ins: Vec<CheckIn>,
    /// The `transactionId`s used to create events here.
    pub(crate) transactions: Transactions,
    /// The delta links that are still good, oldest first.
    pub(crate) delta_serials: VecDeque<u64>,
}

/// What was deleted from a mailbox.
#[derive(Debug, Clone, Default)]
pub(crate) struct Removed {
    /// Ids with the number of the change that removed them, oldest first.
    pub(crate) ids: VecDeque<(u64, String)>,
    /// What was removed by changes up to this number may be missing in `ids`.
    pub(crate) forgotten: u64,
}

impl Removed {
    pub(crate) fn add(&mut self, change: u64, id: String) {
        self.ids.push_back((change, id));
        if self.ids.len() > TOMBSTONES_MAX
            && let Some((oldest, _)) = self.ids.pop_front()
        {
            self.forgotten = oldest;
        }
    }
}

/// A request that created an event under an id chosen by its client.
/// <https://learn.microsoft.com/graph/api/resources/event>
#[derive(Debug, Clone)]
pub(crate) struct Transaction {
    /// The `transactionId`.
    pub(crate) id: String,
    /// The digest of the request's body.
    pub(crate) request: [u8; 32],
    /// The id of the event, which may be gone since.
    pub(crate) item: String,
}

/// The transactions of a mailbox that are remembered, oldest first.
#[derive(Debug, Clone, Default)]
pub(crate) struct Transactions(VecDeque<Transaction>);

impl Transactions {
    pub(crate) fn find(&self, id: &str) -> Option<&Transaction> {
        self.0.iter().find(|transaction| transaction.id == id)
    }

    pub(crate) fn add(&mut self, transaction: Transaction) {
        self.0.push_back(transaction);
        if self.0.len() > TRANSACTIONS_MAX {
            self.0.pop_front();
        }
    }
}

impl Mailbox {
    pub(crate) fn contact(&self) -> Contact {
        self.contact.clone()
    }

    /// Whether the directory knows it and mail reaches it.
    pub(crate) fn exists(&self) -> bool {
        self.state != MailboxState::SoftDeleted
    }

    /// Whether somebody else may open the calendar, given a `.Shared` permission.
    pub(crate) fn is_shared_with(&self, person: &str) -> bool {
        self.shared_level(person).is_some()
    }

    /// How far somebody else may go in the calendar. `None`: they may not open it.
    pub(crate) fn shared_level(&self, person: &str) -> Option<ShareLevel> {
        let delegates = self.room().map(|room| &room.processing.resource_delegates);
        let mut delegates = delegates.into_iter().flatten();
        if delegates.any(|delegate| delegate.eq_ignore_ascii_case(person)) {
            return Some(ShareLevel::Delegate);
        }
        let shares = self.shared_with.iter();
        let theirs = shares.filter(|share| share.address.eq_ignore_ascii_case(person));
        theirs.map(|share| share.level).max()
    }

    pub(crate) fn room(&self) -> Option<&Room> {
        match &self.holder {
            Holder::Room(room) => Some(room),
            Holder::Person(_) => None,
        }
    }

    pub(crate) fn room_mut(&mut self) -> Option<&mut Room> {
        match &mut self.holder {
            Holder::Room(room) => Some(room),
            Holder::Person(_) => None,
        }
    }

    /// The number of a new delta link. It pushes out older ones when more than `kept` would be good.
    pub(crate) fn new_delta_serial(&mut self, kept: usize) -> u64 {
        let serial = self.delta_serials.back().map_or(1, |last| last + 1);
        self.delta_serials.push_back(serial);
        while self.delta_serials.len() > kept.max(1) {
            self.delta_serials.pop_front();
        }
        serial
    }

    /// This mailbox's copy of a meeting.
    pub(crate) fn copy_of(&self, ical_uid: &str) -> Option<&Item> {
        let mut items = self.items.values();
        items.find(|item| item.ical_uid == ical_uid)
    }
}
