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
}

impl Failures {
    /// Notes one.
    pub(super) fn note(&self, room: RoomId, now: Instant, pauses: Pauses) -> Failure {
        let mut failures = self.0.lock();
        let before = failures.get(&room).map_or(0, |last| last.before + 1);
        let doubled_ms = pauses.first_ms << before.min(20);
        let pause_ms = doubled_ms.min(pauses.longest_ms);
        let failure = Failure {
            before,
            due_at: now.plus_ms(pause_ms),
        };
        failures.insert(room, failure);
        failure
    }

    /// Whether it is time to try.
    pub(super) fn is_due(&self, room: RoomId, now: Instant) -> bool {
        let failures = self.0.lock();
        failures.get(&room).is_none_or(|last| last.due_at <= now)
    }

    /// It worked. Whether it had failed before.
    pub(super) fn end(&self, room: RoomId) -> bool {
        self.0.lock().remove(&room).is_some()
    }
}
