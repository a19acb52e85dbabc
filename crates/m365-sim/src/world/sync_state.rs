//! Which delta tokens are good, also when the world goes back to what it was.
//!
//! Tokens count changes, and after going back those in between never were. So every stretch of time has a name of its
//! own, its epoch. A token of an earlier stretch is good as far as that stretch and this one are the same.

use uuid::Uuid;

use crate::random::derived_id;

/// The present epoch and those that led to it.
#[derive(Debug, Clone)]
pub(crate) struct SyncState {
    pub(crate) epoch: Uuid,
    /// Earlier epochs, and the last change of each that is part of the present.
    earlier: Vec<(Uuid, u64)>,
    /// How often the world went back. It never goes back itself.
    returns: u64,
}

impl SyncState {
    pub(crate) fn new(epoch: Uuid) -> Self {
        Self {
            epoch,
            earlier: Vec::new(),
            returns: 0,
        }
    }

    /// Forgets every token handed out so far.
    pub(crate) fn expire(&mut self, epoch: Uuid) {
        self.epoch = epoch;
        self.earlier.clear();
    }

    /// Whether a token of this epoch, whose holder knows of no change after `change`, can be gone on with.
    pub(crate) fn knows(&self, epoch: Uuid, change: u64) -> bool {
        let mut earlier = self.earlier.iter();
        epoch == self.epoch || earlier.any(|(known, last)| *known == epoch && change <= *last)
    }

    /// Begins a new epoch after `last_change`, coming from a world that is left behind.
    pub(crate) fn branch_from(&mut self, left: &Self, last_change: u64) {
        self.returns = left.returns + 1;
        self.earlier.push((self.epoch, last_change));
        self.epoch = derived_id(self.returns, "epoch", &self.epoch.to_string());
    }
}
