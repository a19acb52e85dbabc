//! What happened, step by step, kept in memory and shown when a day fails.

use std::sync::Arc;

use booking::time::Instant;
use parking_lot::Mutex;

/// The steps of one day.
#[derive(Clone, Debug, Default)]
pub struct Log(Arc<Mutex<Vec<String>>>);

impl Log {
    pub(super) fn note(&self, now: Instant, what: &str) {
        let mut lines = self.0.lock();
        let at = jiff::Timestamp::from_millisecond(now.0).unwrap_or_default();
        let number = lines.len() + 1;
        lines.push(format!("{number:4} {at} {what}"));
    }

    /// How many steps.
    pub fn len(&self) -> usize {
        self.0.lock().len()
    }

    /// Whether nothing happened yet.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// All of them, a line each.
    pub fn text(&self) -> String {
        self.0.lock().join("\n")
    }
}
