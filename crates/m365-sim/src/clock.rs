//! The simulator's own clock: what "now" means in tokens, booking windows and expiry times.
//!
//! It is apart from the clocks of the clients under test on purpose, as Microsoft's is. It can be moved at any time;
//! in Explicit mode it moves only then.

use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use jiff::{SignedDuration, Timestamp};

tokio::task_local! {
    /// By how much the clock of whoever works on the present request differs.
    static SKEW: SignedDuration;
}

/// Does work by a clock that is ahead by `skew`, or behind when it is negative.
pub(crate) async fn skewed<T>(skew: SignedDuration, work: impl Future<Output = T>) -> T {
    SKEW.scope(skew, work).await
}

/// A clock that starts at a chosen moment and either runs with real time or stands still, which can be changed.
#[derive(Debug)]
pub struct SimClock {
    state: Mutex<ClockState>,
}

/// What a clock shows and since when; with it the clock can be made to show the same again.
#[derive(Debug, Clone)]
pub(crate) struct ClockState {
    base: Timestamp,
    read_at: Instant,
    runs: bool,
}

impl SimClock {
    /// A clock showing `start`, or the machine's time when `None`. When `runs`, it goes on from there by itself.
    pub(crate) fn new(start: Option<Timestamp>, runs: bool) -> Self {
        let base = start.unwrap_or_else(machine_time);
        Self {
            state: Mutex::new(ClockState {
                base,
                read_at: Instant::now(),
                runs,
            }),
        }
    }

    /// What the clock shows.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        let state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let shown = Self::shown(&state);
        let skew = SKEW.try_with(|skew| *skew).unwrap_or_default();
        shown.checked_add(skew).unwrap_or(shown)
    }

    /// Moves the clock forward (or back, when negative), as far as time goes.
    pub fn advance(&self, by: SignedDuration) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let end = if by.is_negative() {
            Timestamp::MIN
        } else {
            Timestamp::MAX
        };
        state.base = Self::shown(&state).checked_add(by).unwrap_or(end);
        state.read_at = Instant::now();
    }

    /// Sets the clock to a moment.
    pub fn set(&self, to: Timestamp) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        (state.base, state.read_at) = (to, Instant::now());
    }

    /// Lets the clock run from what it shows, or stand there.
    pub(crate) fn set_running(&self, runs: bool) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.base = Self::shown(&state);
        (state.read_at, state.runs) = (Instant::now(), runs);
    }

    pub(crate) fn state(&self) -> ClockState {
        let state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.clone()
    }

    /// Takes back every move since `state` was asked for.
    pub(crate) fn put_back(&self, state: ClockState) {
        *self.state.lock().unwrap_or_else(PoisonError::into_inner) = state;
    }

    /// What the clock would show if it had not been moved since `state` was asked for.
    pub(crate) fn shown_by(state: &ClockState) -> Timestamp {
        Self::shown(state)
    }

    fn shown(state: &ClockState) -> Timestamp {
        if !state.runs {
            return state.base;
        }
        let elapsed =
            SignedDuration::try_from(state.read_at.elapsed()).unwrap_or(SignedDuration::MAX);
        state.base.checked_add(elapsed).unwrap_or(Timestamp::MAX)
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "this is the one place where the simulator reads the machine's clock"
)]
fn machine_time() -> Timestamp {
    Timestamp::now()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_standing_clock_moves_only_when_told() {
        let start: Timestamp = "2026-11-20T08:00:00Z".parse().unwrap();
        let clock = SimClock::new(Some(start), false);
        assert_eq!(clock.now(), start);
        clock.advance(SignedDuration::from_mins(5));
        assert_eq!(clock.now(), "2026-11-20T08:05:00Z".parse().unwrap());
    }
}
