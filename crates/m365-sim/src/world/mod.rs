//! What is in the tenants and what happens to it.
//!
//! One [`World`] sits behind one mutex, which is never held while waiting for I/O: simplicity is worth more here than
//! parallelism. Every change of a mailbox takes the next number of one counter; delta tokens, etags and the order of
//! notifications all come from that counter.
//!
//! A meeting is not one record. As in Exchange, the organizer and every invited mailbox hold their own copy
//! ([`item::Item`]), joined by the calendar UID alone. `meetings` is what owners do, `delivery` what the other mailboxes
//! get of it, `responses` what comes back, `occurrence` how single meetings of a series differ from it.

mod check_in;
mod copies;
mod delivery;
mod directory;
mod free_busy;
pub(crate) mod item;
mod items;
mod load;
mod mail;
mod mailbox;
mod meetings;
pub(crate) mod occurrence;
pub(crate) mod recurrence;
pub(crate) mod responses;
mod subscription_life;
mod sync_state;
mod view;

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;
use uuid::Uuid;

pub(crate) use check_in::CheckIn;
pub(crate) use copies::{ItemRef, Part};
pub(crate) use directory::{Holder, Room, RoomList, Tenant};
pub(crate) use free_busy::BusyBlock;
pub use mail::LetterView;
use mail::Letters;
pub(crate) use mailbox::{ItemChange, Mailbox, Transaction};
pub(crate) use meetings::MeetingError;
pub(crate) use sync_state::SyncState;
pub use view::{AttendeeView, EventView};

use crate::clock::SimClock;
use crate::entra::grants::Grants;
use crate::graph::DeltaQuirks;
use crate::graph::subscriptions::Subscription;
use crate::notify::endpoint_health::EndpointHealth;
use crate::random::Random;
use crate::scenario::Readings;
use crate::stepping::StepQueue;

/// All state that a request can change.
#[derive(Debug, Clone)]
pub(crate) struct World {
    pub(crate) clock: Arc<SimClock>,
    pub(crate) random: Random,
    pub(crate) tenants: Vec<Tenant>,
    /// By lower-case address.
    pub(crate) mailboxes: BTreeMap<String, Mailbox>,
    pub(crate) subscriptions: BTreeMap<Uuid, Subscription>,
    /// What was sent.
    pub(crate) letters: Letters,
    pub(crate) grants: Grants,
    pub(crate) steps: StepQueue,
    /// The number of the last change.
    pub(crate) change: u64,
    /// Which delta tokens are still good.
    pub(crate) sync: SyncState,
    pub(crate) delta: DeltaQuirks,
    pub(crate) readings: Readings,
    /// When what applications may do changes, or has changed since subscriptions were last held against it.
    pub(crate) access_changes: Vec<Timestamp>,
    /// How the receivers of notifications do, by host and port.
    pub(crate) endpoints: BTreeMap<String, EndpointHealth>,
}

impl World {
    /// The number for the next change.
    pub(crate) fn next_change(&mut self) -> u64 {
        self.change += 1;
        self.change
    }

    pub(crate) fn mailbox(&self, address: &str) -> Option<&Mailbox> {
        self.mailboxes.get(&address.to_lowercase())
    }

    pub(crate) fn mailbox_mut(&mut self, address: &str) -> Option<&mut Mailbox> {
        self.mailboxes.get_mut(&address.to_lowercase())
    }

    /// The mailbox of this tenant with this address or directory object id.
    pub(crate) fn find_mailbox(&self, tenant: Uuid, name: &str) -> Option<&Mailbox> {
        let found = match self.mailbox(name) {
            Some(mailbox) => Some(mailbox),
            None => {
                let id = Uuid::try_parse(name).ok()?;
                self.mailboxes.values().find(|mailbox| mailbox.id == id)
            }
        };
        found.filter(|mailbox| mailbox.tenant == tenant)
    }

    pub(crate) fn tenant(&self, id: Uuid) -> Option<&Tenant> {
        self.tenants.iter().find(|tenant| tenant.id == id)
    }

    pub(crate) fn tenant_mut(&mut self, id: Uuid) -> Option<&mut Tenant> {
        self.tenants.iter_mut().find(|tenant| tenant.id == id)
    }

    /// The tenant of this id or domain.
    pub(crate) fn find_tenant(&self, name: &str) -> Option<&Tenant> {
        self.tenants.iter().find(|tenant| {
            tenant.domain.eq_ignore_ascii_case(name)
                || tenant.id.to_string().eq_ignore_ascii_case(name)
        })
    }
}
