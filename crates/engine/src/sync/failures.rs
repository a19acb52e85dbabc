//! How long what failed waits before it is tried again: longer each time.

use std::collections::HashMap;

use booking::ids::RoomId;
use booking::time::Instant;
use parking_lot::Mutex;

/// What failed for which rooms. Only a brake: losing it costs a question.
#[derive(Debug, Default)]
pub(crate) struct Failures(Mutex<HashMap<RoomId, Failure>>);

/// One failure, or several in a row.
#[derive(Clone, Copy, Default, Debug)]
pub(super) struct Failure {
    /// How many came before it, without any success between.
    pub(super) before: u32,
    /// Not before then.
    pub(super) due_at: Instant,
}

/// The pause after a first failure and the longest there is, in milliseconds; each is twice the one before.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pauses {
    pub(super) first_ms: i64,
    pub(super) longest_ms: i64,
}

impl Pauses {
    /// Always the same, because the other side named it or nothing is gained by asking sooner.
    pub(super) const fn of(ms: i64) -> Self {
        Self {
            first_ms: ms,
            longest_ms: ms,
        }
    }

    /// The pause after one more failure than these in a row.
    pub(super) fn after(self, failures: u32) -> i64 {
        let doubled_ms = self.first_ms << failures.min(20);
        doubled_ms.min(self.longest_ms)
    }
}

impl Failures {
    /// Notes one.
    pub(super) fn note(&self, room: RoomId, now: Instant, pauses: Pauses) -> Failure {
        let mut failures = self.0.lock();
        let before = failures.get(&room).map_or(0, |last| last.before + 1);
        let failure = Failure {
            before,
            due_at: now.plus_ms(pauses.after(before)),
        };
        failures.insert(room, failure);
        failure
    }

    /// Whether it failed the last time.
    pub(super) fn has(&self, room: RoomId) -> bool {
        self.0.lock().contains_key(&room)
    }

    /// It worked. Whether it had failed before.
    pub(super) fn end(&self, room: RoomId) -> bool {
        self.0.lock().remove(&room).is_some()
    }
}
