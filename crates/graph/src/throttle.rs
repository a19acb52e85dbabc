//! What keeps us within Graph's limits: a wait that a whole connection shares, and lanes per mailbox.
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

/// A wait shared by all requests of a connection.
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

/// One lane per mailbox, each [`REQUESTS_PER_MAILBOX_MAX`] wide.
#[derive(Debug)]
pub struct Lanes<K> {
    lanes: Mutex<HashMap<K, Arc<Semaphore>>>,
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

    /// The mailbox's lane. Whoever holds a permit of it may have one request under way.
    pub fn lane(&self, key: K) -> Arc<Semaphore> {
        let mut lanes = self.lanes.lock().unwrap_or_else(PoisonError::into_inner);
        if lanes.len() >= LANES_MAX {
            lanes.retain(|_, lane| Arc::strong_count(lane) > 1);
        }
        let lane = lanes
            .entry(key)
            .or_insert_with(|| Arc::new(Semaphore::new(REQUESTS_PER_MAILBOX_MAX)));
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
        let held: Vec<_> = (0..4).map(|_| lane.try_acquire().unwrap()).collect();
        assert!(lanes.lane("room1").try_acquire().is_err());
        assert!(lanes.lane("room2").try_acquire().is_ok());
        drop(held);
        assert!(lanes.lane("room1").try_acquire().is_ok());
    }
}
