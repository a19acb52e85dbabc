//! Going back to how things were.
//!
//! A snapshot holds what the tenants hold and what is still to happen: calendars, subscriptions, delta state, codes and
//! refresh tokens, consents, room settings, queued steps, faults with their counts, and by how much the clock was moved.
//! Not in it are the request log and the counting of requests for throttling, which are about the clients, and the
//! signing keys, so that access tokens stay good. What names things does not go back either: an id, a change key or a
//! sign-in of the time in between is never given to something else.
//!
//! A clock that runs goes on running: what goes back is only how far it was moved by hand. One that stands still goes
//! back to the moment it showed.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::clock::ClockState;
use crate::faults::Rules;
use crate::shared::Shared;
use crate::world::World;

/// A copy of a campus takes some hundred megabytes; more snapshots than these are a loop that forgot to delete.
pub(crate) const SNAPSHOTS_MAX: usize = 16;

/// How things were at one moment in one simulator.
#[derive(Debug, Clone)]
pub struct Snapshot {
    pub(crate) world: World,
    pub(crate) clock: ClockState,
    pub(crate) faults: Rules,
}

impl Snapshot {
    pub(crate) fn take(shared: &Shared) -> Self {
        // One after the other: a request that looks for a fault locks the world while it holds the faults.
        let faults = shared.faults.state();
        Self {
            faults,
            clock: shared.clock.state(),
            world: shared.world().clone(),
        }
    }

    /// Makes everything as it was. Delta tokens of the time in between are not good any more.
    pub(crate) fn restore(&self, shared: &Shared) {
        shared.faults.put_back(self.faults.clone());
        let mut world = shared.world();
        let mut restored = self.world.clone();
        let last_change = restored.change;
        restored.sync.branch_from(&world.sync, last_change);
        restored.change = last_change.max(world.change);
        restored.random = world.random.clone();
        restored.grants.branch_from(&world.grants);
        *world = restored;
        shared.clock.put_back(self.clock.clone());
        world.steps.wake();
    }
}

/// The snapshots kept for the remote control, by number.
#[derive(Debug, Default)]
pub(crate) struct Snapshots(Mutex<BTreeMap<u64, Snapshot>>);

impl Snapshots {
    /// Those kept, for as long as the guard lives.
    pub(crate) fn kept(&self) -> MutexGuard<'_, BTreeMap<u64, Snapshot>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
