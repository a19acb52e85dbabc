//! What keeps us within Graph's limits: lanes per mailbox, each with its own wait and budget, and a wait and a budget of
//! the whole connection. Exchange counts per application *and mailbox*: one busy mailbox must not hold up the rest.
//!
//! See <https://learn.microsoft.com/graph/throttling-limits>.

use std::collections::HashMap;
use std::hash::Hash;
use std::num::NonZeroU32;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use jiff::Timestamp;
use tokio::time::Instant;

use crate::budget::{Allowance, Budget, PER_APPLICATION, PER_MAILBOX};
use crate::places::Places;

/// What one application may ask of Graph.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Limits {
    /// Requests to one mailbox.
    pub per_mailbox: Allowance,
    /// Requests to all of Graph.
    pub per_application: Allowance,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            per_mailbox: PER_MAILBOX,
            per_application: PER_APPLICATION,
        }
    }
}

/// Graph serves at most this many requests of one application to one mailbox at a time.
pub const REQUESTS_PER_MAILBOX_MAX: usize = 4;

/// Longest wait that is kept: a day. Exchange asks for minutes; an answer that asks for years must not stop a connection for
/// as long. What is longer is said in the log.
pub const SHARED_WAIT_MAX: Duration = Duration::from_secs(86_400);

/// A wait shared by all requests it stands before.
#[derive(Debug, Default)]
pub struct SharedWait {
    until: Mutex<Option<Instant>>,
    /// Graph told us since others were told.
    is_news: AtomicBool,
}

impl SharedWait {
    /// Makes everybody wait this long from now, at most [`SHARED_WAIT_MAX`], unless they wait longer already.
    pub fn extend(&self, by: Duration) {
        if by > SHARED_WAIT_MAX {
            tracing::warn!(
                asked_s = by.as_secs(),
                kept_s = SHARED_WAIT_MAX.as_secs(),
                "Graph asks for a pause of more than a day; only a day is kept."
            );
        }
        self.keep(by);
        self.is_news.store(true, Ordering::Relaxed);
    }

    /// The same, where others of us were told.
    pub fn keep(&self, by: Duration) {
        let until = Instant::now() + by.min(SHARED_WAIT_MAX);
        let mut current = self.until.lock().unwrap_or_else(PoisonError::into_inner);
        *current = Some(current.map_or(until, |earlier| earlier.max(until)));
    }

    /// What is left of it, if others have not been told yet; from then on they have.
    pub fn take_news(&self) -> Option<Duration> {
        let is_news = self.is_news.swap(false, Ordering::Relaxed);
        Some(self.left()).filter(|left| is_news && !left.is_zero())
    }

    /// What is left of the wait; zero when there is none.
    pub fn left(&self) -> Duration {
        let current = self.until.lock().unwrap_or_else(PoisonError::into_inner);
        current.map_or(Duration::ZERO, |until| {
            until.saturating_duration_since(Instant::now())
        })
    }
}

/// The way to one mailbox, [`REQUESTS_PER_MAILBOX_MAX`] wide for all processes together.
#[derive(Debug)]
pub struct Lane {
    /// Whoever holds one may have one request under way.
    pub places: Places,
    /// What this mailbox asked everybody to wait.
    pub wait: SharedWait,
    /// What is spent of the mailbox's allowance.
    pub budget: Budget,
}

impl Lane {
    fn new(allowance: Allowance) -> Self {
        Self {
            places: Places::new(REQUESTS_PER_MAILBOX_MAX),
            wait: SharedWait::default(),
            budget: Budget::new(allowance),
        }
    }

    fn divide(&self, processes: NonZeroU32) {
        self.places.set_width(places_of(processes));
        self.budget.divide(processes);
    }

    fn is_worth_keeping(&self, now: Timestamp) -> bool {
        !self.wait.left().is_zero() || self.budget.is_worth_keeping(now)
    }
}

/// Requests that one of so many processes may have under way to one mailbox. With more than
/// [`REQUESTS_PER_MAILBOX_MAX`] processes each still has one, which is too many together.
fn places_of(processes: NonZeroU32) -> usize {
    (REQUESTS_PER_MAILBOX_MAX / processes.get() as usize).max(1)
}

/// One lane per mailbox.
#[derive(Debug)]
pub struct Lanes<K> {
    allowance: Allowance,
    known: Mutex<Known<K>>,
}

#[derive(Debug)]
struct Known<K> {
    lanes: HashMap<K, Arc<Lane>>,
    /// Who share them, this process included.
    processes: NonZeroU32,
    /// So many lanes are looked through for some that nobody needs.
    swept_at: usize,
}

/// Up to so many lanes are kept without looking whether anybody needs them.
const LANES_KEPT: usize = 1_024;

impl<K: Eq + Hash + Clone> Lanes<K> {
    /// No lanes yet; each will have this allowance.
    pub fn new(allowance: Allowance) -> Self {
        Self {
            allowance,
            known: Mutex::new(Known {
                lanes: HashMap::new(),
                processes: NonZeroU32::MIN,
                swept_at: LANES_KEPT,
            }),
        }
    }

    /// The mailbox's lane. One that somebody is in, that has to wait or of whose allowance something is spent is never
    /// forgotten; that bounds their number to the mailboxes asked within a window.
    pub fn lane(&self, key: K, now: Timestamp) -> Arc<Lane> {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(lane) = known.lanes.get(&key) {
            return Arc::clone(lane);
        }
        if known.lanes.len() >= known.swept_at {
            let lanes = &mut known.lanes;
            lanes.retain(|_, lane| Arc::strong_count(lane) > 1 || lane.is_worth_keeping(now));
            known.swept_at = (2 * known.lanes.len()).max(LANES_KEPT);
        }
        let lane = Arc::new(Lane::new(self.allowance));
        lane.divide(known.processes);
        known.lanes.insert(key, Arc::clone(&lane));
        lane
    }

    /// From now on, this process keeps to its part of what so many have together.
    pub fn divide(&self, processes: NonZeroU32) {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if known.processes != processes {
            known.processes = processes;
            for lane in known.lanes.values() {
                lane.divide(processes);
            }
        }
    }

    /// How many places a lane has for this process.
    pub fn width(&self) -> usize {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        places_of(known.processes)
    }

    /// Mailboxes that asked for a wait of which others have not been told, and what is left of it.
    pub fn take_news(&self) -> Vec<(K, Duration)> {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let lanes = known.lanes.iter();
        lanes
            .filter_map(|(key, lane)| Some((key.clone(), lane.wait.take_news()?)))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use futures::FutureExt;

    use super::*;

    #[tokio::test]
    async fn a_shorter_wait_does_not_cut_a_longer_one() {
        let wait = SharedWait::default();
        wait.extend(Duration::from_secs(60));
        wait.extend(Duration::ZERO);
        assert!(wait.left() > Duration::from_secs(50));
    }

    #[test]
    fn what_is_spent_of_a_mailbox_is_remembered_however_many_others_are_asked() {
        let lanes = Lanes::new(Allowance {
            requests_max: 10,
            ..PER_MAILBOX
        });
        let now = Timestamp::UNIX_EPOCH;
        lanes.lane(0, now).budget.spend(4, now).unwrap();
        for mailbox in 1..=4 * LANES_KEPT {
            lanes.lane(mailbox, now);
        }
        assert!(lanes.lane(0, now).budget.spend(7, now).is_err());
        let kept = lanes.known.lock().unwrap().lanes.len();
        assert!(kept <= LANES_KEPT, "{kept}");
    }

    #[tokio::test]
    async fn a_mailbox_has_four_places_and_another_mailbox_its_own() {
        let lanes = Lanes::new(PER_MAILBOX);
        let now = Timestamp::UNIX_EPOCH;
        let lane = lanes.lane("room1", now);
        let held: Vec<_> = (0..4)
            .map(|_| lane.places.take(1).now_or_never().unwrap())
            .collect();
        assert!(
            lanes
                .lane("room1", now)
                .places
                .take(1)
                .now_or_never()
                .is_none()
        );
        assert!(
            lanes
                .lane("room2", now)
                .places
                .take(1)
                .now_or_never()
                .is_some()
        );
        drop(held);
        assert!(
            lanes
                .lane("room1", now)
                .places
                .take(1)
                .now_or_never()
                .is_some()
        );
    }

    #[tokio::test]
    async fn processes_that_share_the_lanes_have_a_part_of_each_old_and_new() {
        let lanes = Lanes::new(PER_MAILBOX);
        let now = Timestamp::UNIX_EPOCH;
        let free = |mailbox| {
            let lane = lanes.lane(mailbox, now);
            let taken = (0..5).map_while(|_| lane.places.take(1).now_or_never());
            taken.collect::<Vec<_>>().len()
        };
        assert_eq!(free("old"), 4);
        for (processes, places) in [(2, 2), (3, 1), (9, 1), (1, 4)] {
            lanes.divide(NonZeroU32::new(processes).unwrap());
            assert_eq!((free("old"), lanes.width()), (places, places));
            assert_eq!(free(&*format!("new {processes}").leak()), places);
        }
    }

    #[test]
    fn what_a_mailbox_asked_is_news_once_and_never_where_others_told_it() {
        let lanes = Lanes::new(PER_MAILBOX);
        let now = Timestamp::UNIX_EPOCH;
        let minute = Duration::from_secs(60);
        lanes.lane("told by others", now).wait.keep(minute);
        lanes.lane("asked", now).wait.extend(minute);
        let news = lanes.take_news();
        assert_eq!(news.len(), 1);
        assert_eq!(news[0].0, "asked");
        assert!(news[0].1 > Duration::from_secs(50));
        assert_eq!(lanes.take_news(), []);
    }
}
