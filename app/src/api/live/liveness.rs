//! Whether changes reach the page as they happen, and what there is to tell where they do not.

use booking::time::Instant;

/// Attempts in a row without a line before the page says that it is not live: one or two are a network that blinks.
#[cfg(any(feature = "hydrate", test))]
const FAILURES_UNTOLD: u32 = 2;

/// Why the server gives the page no updates.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Refusal {
    /// Nobody is signed in any more.
    SignedOut,
    /// Its own sentence says why, and what to do.
    Says(String),
}

/// Whether changes reach the page as they happen.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Liveness {
    /// What the server said to the last attempt. `None`: it refused nothing.
    pub refusal: Option<Refusal>,
    /// By the clock of the device, when the last line came, once several attempts in a row brought none. `None`: the
    /// page is live, or may be so again in a moment.
    pub down_since: Option<Instant>,
}

/// What became of the attempts to listen. Moments are those of the device's clock.
#[cfg(any(feature = "hydrate", test))]
#[derive(Debug)]
pub(super) struct Attempts {
    heard_at: Instant,
    reached_at: Instant,
    failed: u32,
    refusal: Option<Refusal>,
}

#[cfg(any(feature = "hydrate", test))]
impl Attempts {
    /// None yet. What the page shows is as of now.
    pub(super) const fn new(now: Instant) -> Self {
        Self {
            heard_at: now,
            reached_at: now,
            failed: 0,
            refusal: None,
        }
    }

    /// The server took one, and has not written its line yet.
    pub(super) const fn reached(&mut self, now: Instant) {
        self.reached_at = now;
    }

    /// A line came.
    pub(super) fn heard(&mut self, now: Instant) {
        *self = Self::new(now);
    }

    /// One brought no line. `refusal`: what the server said. `None`: it was not reached, or something else broke.
    pub(super) fn failed(&mut self, refusal: Option<Refusal>) {
        self.failed = self.failed.saturating_add(1);
        self.refusal = refusal;
    }

    /// How long nothing has come from the server, in milliseconds; negative where the device's clock was set back.
    pub(super) fn quiet_ms(&self, now: Instant) -> i64 {
        now.since_ms(self.heard_at.max(self.reached_at))
    }

    /// What there is to tell.
    pub(super) fn liveness(&self) -> Liveness {
        Liveness {
            refusal: self.refusal.clone(),
            down_since: (self.failed > FAILURES_UNTOLD).then_some(self.heard_at),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_third_attempt_in_a_row_without_a_line_tells_since_when_and_a_line_takes_it_back() {
        let mut attempts = Attempts::new(Instant(1_000));
        attempts.heard(Instant(5_000));
        attempts.failed(None);
        attempts.failed(None);
        assert_eq!(attempts.liveness(), Liveness::default());
        attempts.failed(None);
        let down_since = Some(Instant(5_000));
        assert_eq!(attempts.liveness().down_since, down_since);
        assert_eq!(attempts.quiet_ms(Instant(65_000)), 60_000);
        attempts.reached(Instant(64_000));
        assert_eq!(attempts.quiet_ms(Instant(65_000)), 1_000);
        assert_eq!(attempts.liveness().down_since, down_since);
        attempts.heard(Instant(70_000));
        assert_eq!(attempts.liveness(), Liveness::default());
    }

    #[test]
    fn a_refusal_is_told_at_once_and_only_as_long_as_it_is_the_last_word() {
        let mut attempts = Attempts::new(Instant(0));
        attempts.failed(Some(Refusal::SignedOut));
        let refusal = Some(Refusal::SignedOut);
        assert_eq!(attempts.liveness().refusal, refusal);
        attempts.failed(None);
        assert_eq!(attempts.liveness().refusal, None);
    }
}
