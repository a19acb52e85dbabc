//! How fast a receiver answers, and what comes of it.
//! <https://learn.microsoft.com/graph/change-notifications-delivery-webhooks>

use std::collections::VecDeque;
use std::time::Duration;

use jiff::{Timestamp, ToSpan};

/// An answer that takes longer is slow.
const SLOW: Duration = Duration::from_millis(2_900);
/// A host is judged by so many of its last answers, and not before it gave them.
const JUDGED_BY: usize = 100;
/// More slow answers among those make a host slow: what it is told comes late.
const SLOW_MAX: usize = 10;
/// More than these, and what it would be told is dropped. Microsoft says that worse hosts lose notifications.
const DROPPED_ABOVE: usize = 15;
/// After so long without an answer a host begins anew.
const FORGIVEN_AFTER_MIN: i64 = 10;

/// What a receiver has earned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Standing {
    Good,
    /// Its notifications wait a while.
    Slow,
    /// Its notifications are dropped.
    Dropped,
}

/// The last answers of one host.
#[derive(Debug, Clone, Default)]
pub(crate) struct EndpointHealth {
    /// Whether each was slow, oldest first.
    answers: VecDeque<bool>,
    last: Option<Timestamp>,
}

impl EndpointHealth {
    /// Notes how long an answer took, or was waited for in vain.
    pub(crate) fn note(&mut self, took: Duration, now: Timestamp) {
        if self.is_forgiven(now) {
            self.answers.clear();
        }
        self.answers.push_back(took > SLOW);
        if self.answers.len() > JUDGED_BY {
            self.answers.pop_front();
        }
        self.last = Some(now);
    }

    pub(crate) fn standing(&self, now: Timestamp) -> Standing {
        let slow = self.answers.iter().filter(|is_slow| **is_slow).count();
        match slow {
            _ if self.answers.len() < JUDGED_BY || self.is_forgiven(now) => Standing::Good,
            0..=SLOW_MAX => Standing::Good,
            _ if slow <= DROPPED_ABOVE => Standing::Slow,
            _ => Standing::Dropped,
        }
    }

    fn is_forgiven(&self, now: Timestamp) -> bool {
        let until = self
            .last
            .and_then(|last| last.checked_add(FORGIVEN_AFTER_MIN.minutes()).ok());
        until.is_some_and(|until| until <= now)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The standing of a host with so many slow answers among so many, so many minutes after the last.
    fn standing(slow: usize, all: usize, minutes: i64) -> Standing {
        let then: Timestamp = "2026-11-20T08:00:00Z".parse().unwrap();
        let mut health = EndpointHealth::default();
        for number in 0..all {
            let took = if number < slow { 3_000 } else { 100 };
            health.note(Duration::from_millis(took), then);
        }
        health.standing(then + minutes.minutes())
    }

    #[test]
    fn a_host_is_judged_by_its_last_hundred_answers() {
        assert_eq!(standing(99, 99, 0), Standing::Good);
        assert_eq!(standing(10, 100, 0), Standing::Good);
        assert_eq!(standing(11, 100, 0), Standing::Slow);
        assert_eq!(standing(15, 100, 0), Standing::Slow);
        assert_eq!(standing(16, 100, 0), Standing::Dropped);
        assert_eq!(standing(100, 200, 0), Standing::Good);
    }

    #[test]
    fn a_host_begins_anew_after_a_while() {
        assert_eq!(standing(100, 100, 9), Standing::Dropped);
        assert_eq!(standing(100, 100, 10), Standing::Good);
    }
}
