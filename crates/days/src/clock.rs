//! Clocks of processes that do not show quite the same.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use booking::time::{Clock, Instant, MockClock};

/// The clock of one process: the world's, ahead by some milliseconds or behind.
#[derive(Debug)]
pub(crate) struct SkewedClock {
    true_time: Arc<MockClock>,
    ahead_ms: AtomicI64,
}

impl SkewedClock {
    pub(crate) const fn new(true_time: Arc<MockClock>) -> Self {
        Self {
            true_time,
            ahead_ms: AtomicI64::new(0),
        }
    }

    pub(crate) fn set_ahead_ms(&self, ms: i64) {
        self.ahead_ms.store(ms, Ordering::Relaxed);
    }
}

impl Clock for SkewedClock {
    fn now(&self) -> Instant {
        self.true_time
            .now()
            .plus_ms(self.ahead_ms.load(Ordering::Relaxed))
    }
}
