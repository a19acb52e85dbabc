//! One application's limits, kept by several processes: each takes its part, and what one is asked to wait all wait.

use std::num::NonZeroU32;
use std::time::Duration;

use super::GraphClient;
use super::owners::Whose;

/// A wait that Graph asked for.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct AskedWait {
    /// Whose requests wait, in a form that other processes understand; empty: all.
    pub whose: String,
    /// For so long yet.
    pub left: Duration,
}

impl GraphClient {
    /// From now on, this process keeps to its part of what so many have together.
    pub fn share_among(&self, processes: NonZeroU32) {
        self.budget.divide(processes);
        self.lanes.divide(processes);
    }

    /// What Graph has asked to wait since the last time, for others to be told.
    pub fn take_asked_waits(&self) -> Vec<AskedWait> {
        let everybody = self.wait.take_news().map(|left| AskedWait {
            whose: String::new(),
            left,
        });
        let of_mailboxes = self.lanes.take_news().into_iter();
        let of_mailboxes = of_mailboxes.map(|(whose, left)| AskedWait {
            whose: whose.to_string(),
            left,
        });
        everybody.into_iter().chain(of_mailboxes).collect()
    }

    /// For how long yet Graph has asked those of this connection to leave this mailbox, or all, alone. `None`: it has not.
    pub fn asked_to_wait(&self, mailbox: &str) -> Option<Duration> {
        let whose = Whose::Address(mailbox.to_lowercase());
        let lane = self.lanes.lane(whose, self.ambient.now());
        let left = self.wait.left().max(lane.wait.left());
        Some(left).filter(|left| !left.is_zero())
    }

    /// Waits as another process was asked to. What this one does not understand it does not wait for.
    pub fn keep_asked_wait(&self, wait: &AskedWait) {
        if wait.whose.is_empty() {
            self.wait.keep(wait.left);
        } else if let Some(whose) = Whose::read(&wait.whose) {
            let lane = self.lanes.lane(whose, self.ambient.now());
            lane.wait.keep(wait.left);
        }
    }
}
