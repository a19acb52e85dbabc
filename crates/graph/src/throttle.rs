//! What keeps us within Graph's limits: lanes per mailbox, each with its own wait, and a wait of the whole connection for
//! requests that go to no mailbox. Exchange counts per application *and mailbox*: one busy mailbox must not hold up the rest.
//!
//! See <https://learn.microsoft.com/graph/throttling-limits>.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::Semaphore;
use tokio::time::Instant;

/// Graph serves at most this many requests of one application to one mailbox at a time.
pub const REQUESTS_PER_MAILBOX_MAX: usize = 4;

/// Longest wait that is kept, whatever was asked for; a longer one would outlive most reasons for it.
pub const SHARED_WAIT_MAX: Duration = Duration::from_secs(600);

/// A wait shared by all requests it stands before.
#[derive(Debug, Default)]
pub struct SharedWait {
    until: Mutex<Option<Instant>>,
}

impl SharedWait {
    /// Makes everybody wait this long from now, at most [`SHARED_WAIT_MAX`], unless they wait longer already.
    pub fn extend(&self, by: Duration) {
        let Some(until) = Instant::now().checked_add(by.min(SHARED_WAIT_MAX)) else {
            return;
        };
        let mut current = self.until.lock().unwrap_or_else(PoisonError::into_inner);
        *current = Some(current.map_or(until, |earlier| earlier.max(until)));
    }

    /// What is left of the wait; zero when there is none.
    pub fn left(&self) -> Duration {
        let current = self.until.lock().unwrap_or_else(PoisonError::into_inner);
        current.map_or(Duration::ZERO, |until| {
            until.saturating_duration_since(Instant::now())
        })
    }

    /// Waits until nobody has to wait any more, or hands back what is left when that is longer than `max`.
    ///
    /// # Errors
    /// The rest of the wait.
    pub async fn pass(&self, max: Duration) -> Result<(), Duration> {
        let patience = Instant::now() + max;
        // The wait may have grown meanwhile, hence the loop.
        loop {
            let left = self.left();
            if left.is_zero() {
                return Ok(());
            }
            if Instant::now() + left > patience {
                return Err(left);
            }
            tokio::time::sleep(left).await;
        }
    }
}

/// The way to one mailbox, [`REQUESTS_PER_MAILBOX_MAX`] wide.
#[derive(Debug)]
pub struct Lane {
    /// Whoever holds a permit may have one request under way.
    pub places: Arc<Semaphore>,
    /// What this mailbox asked everybody to wait.
    pub wait: SharedWait,
}

/// One lane per mailbox.
#[derive(Debug)]
pub struct Lanes<K> {
    lanes: Mutex<HashMap<K, Arc<Lane>>>,
}

/// Lanes nobody is in are dropped when there are more than this.
const LANES_MAX: usize = 1_024;

impl<K: Eq + Hash> Lanes<K> {
    /// No lanes yet.
    pub fn new() -> Self {
        Self {
            lanes: Mutex::new(HashMap::new()),
        }
    }

    /// The mailbox's lane.
    pub fn lane(&self, key: K) -> Arc<Lane> {
        let mut lanes = self.lanes.lock().unwrap_or_else(PoisonError::into_inner);
        if lanes.len() >= LANES_MAX {
            lanes.retain(|_, lane| Arc::strong_count(lane) > 1 || !lane.wait.left().is_zero());
        }
        let lane = lanes.entry(key).or_insert_with(|| {
            Arc::new(Lane {
                places: Arc::new(Semaphore::new(REQUESTS_PER_MAILBOX_MAX)),
                wait: SharedWait::default(),
            })
        });
        Arc::clone(lane)
    }
}

impl<K: Eq + Hash> Default for Lanes<K> {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_wait_longer_than_patience_is_handed_back_at_once() {
        let wait = SharedWait::default();
        wait.extend(Duration::from_secs(60));
        let left = wait.pass(Duration::from_secs(1)).await.unwrap_err();
        assert!(left > Duration::from_secs(50));
    }

    #[tokio::test]
    async fn a_shorter_wait_does_not_cut_a_longer_one() {
        let wait = SharedWait::default();
        wait.extend(Duration::from_secs(60));
        wait.extend(Duration::ZERO);
        assert!(wait.left() > Duration::from_secs(50));
    }

    #[tokio::test]
    async fn a_mailbox_has_four_places_and_another_mailbox_its_own() {
        let lanes = Lanes::new();
        let lane = lanes.lane("room1");
        let held: Vec<_> = (0..4).map(|_| lane.places.try_acquire().unwrap()).collect();
        assert!(lanes.lane("room1").places.try_acquire().is_err());
        assert!(lanes.lane("room2").places.try_acquire().is_ok());
        drop(held);
        assert!(lanes.lane("room1").places.try_acquire().is_ok());
    }
}
