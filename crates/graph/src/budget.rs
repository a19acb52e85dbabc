//! How many requests may begin within a stretch of time: Microsoft's limits, kept by ourselves, since whoever runs into
//! them is made to wait longer than whoever stays below.
//!
//! See <https://learn.microsoft.com/graph/throttling-limits>.

use std::collections::VecDeque;
use std::num::NonZeroU32;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use jiff::Timestamp;

/// So many requests within any stretch of time of this length.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Allowance {
    /// Requests that may begin within the window.
    pub requests_max: u32,
    /// The window's length, at least [`PARTS`] milliseconds.
    pub window: Duration,
}

/// Of one application to one mailbox.
///
/// See <https://learn.microsoft.com/graph/throttling-limits#outlook-service-limits>.
pub const PER_MAILBOX: Allowance = Allowance {
    requests_max: 10_000,
    window: Duration::from_secs(600),
};

/// Of one application to all of Graph. The limit is for all its tenants; each connection keeps it by itself, since an
/// application is registered in one tenant.
///
/// See <https://learn.microsoft.com/graph/throttling-limits>, global limits.
pub const PER_APPLICATION: Allowance = Allowance {
    requests_max: 130_000,
    window: Duration::from_secs(10),
};

/// Requests are counted by the part of the window they begin in, not one by one: what is remembered has a bound, and
/// the last part of a window counts a little too long.
pub const PARTS: u32 = 60;

/// What is spent of an allowance.
#[derive(Debug)]
pub struct Budget {
    allowance: Allowance,
    /// Who share it, this process included.
    processes: AtomicU32,
    spent: Mutex<VecDeque<Part>>,
}

/// The requests that began within one part of time; `number` counts parts since 1970.
#[derive(Clone, Copy, Debug)]
struct Part {
    number: i64,
    requests: u32,
}

impl Budget {
    /// Nothing spent yet.
    pub fn new(allowance: Allowance) -> Self {
        Self {
            allowance,
            processes: AtomicU32::new(1),
            spent: Mutex::default(),
        }
    }

    /// From now on, this process spends no more than its part of what so many have together.
    pub fn divide(&self, processes: NonZeroU32) {
        self.processes.store(processes.get(), Ordering::Relaxed);
    }

    fn requests_max(&self) -> u32 {
        let part = self.allowance.requests_max / self.processes.load(Ordering::Relaxed).max(1);
        // Where there are more processes than requests, each still has to get on.
        part.max(self.allowance.requests_max.min(1))
    }

    /// Spends so many requests.
    ///
    /// # Errors
    /// How long to wait before there may be as many to spend; nothing was spent then.
    pub fn spend(&self, requests: u32, now: Timestamp) -> Result<(), Duration> {
        let number = self.number(now);
        let mut spent = self.spent.lock().unwrap_or_else(PoisonError::into_inner);
        forget(&mut spent, number);
        if sum(&spent).saturating_add(requests) <= self.requests_max() {
            match spent.back_mut() {
                Some(part) if part.number == number => part.requests += requests,
                _ => spent.push_back(Part { number, requests }),
            }
            return Ok(());
        }
        // Where nothing is allowed at all there is no first part, and a whole window is as good an answer as any.
        let Some(first) = spent.front() else {
            return Err(self.allowance.window);
        };
        let free_at = first.number.saturating_add(i64::from(PARTS) + 1);
        let wait_ms = free_at
            .saturating_mul(self.part_ms())
            .saturating_sub(now.as_millisecond());
        Err(Duration::from_millis(u64::try_from(wait_ms).unwrap_or(0)))
    }

    /// Gives back what was spent at `now` for requests that did not begin after all.
    pub fn give_back(&self, requests: u32, now: Timestamp) {
        let number = self.number(now);
        let mut spent = self.spent.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(part) = spent.iter_mut().find(|part| part.number == number) {
            part.requests = part.requests.saturating_sub(requests);
        }
    }

    /// Whether anything is spent, so that it must not be forgotten.
    pub fn is_worth_keeping(&self, now: Timestamp) -> bool {
        let number = self.number(now);
        let mut spent = self.spent.lock().unwrap_or_else(PoisonError::into_inner);
        forget(&mut spent, number);
        sum(&spent) > 0
    }

    fn part_ms(&self) -> i64 {
        let window_ms = i64::try_from(self.allowance.window.as_millis()).unwrap_or(i64::MAX);
        (window_ms / i64::from(PARTS)).max(1)
    }

    fn number(&self, now: Timestamp) -> i64 {
        now.as_millisecond().div_euclid(self.part_ms())
    }
}

/// Forgets what is over, and everything when the clock was set back: nobody shall wait for a time that was never real.
fn forget(spent: &mut VecDeque<Part>, number: i64) {
    if spent.back().is_some_and(|part| part.number > number) {
        spent.clear();
    }
    while spent
        .front()
        .is_some_and(|part| part.number + i64::from(PARTS) < number)
    {
        spent.pop_front();
    }
}

fn sum(spent: &VecDeque<Part>) -> u32 {
    spent.iter().map(|part| part.requests).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_second(1_795_420_800 + seconds).unwrap()
    }

    #[test]
    fn so_many_requests_begin_within_any_window_and_the_wait_for_the_next_is_told() {
        let budget = Budget::new(PER_MAILBOX);
        for request in 0..10_000 {
            assert_eq!(budget.spend(1, at(request / 100)), Ok(()), "{request}");
        }
        // The first part ends 10 s after its beginning, and is counted for 600 s from then on.
        assert_eq!(budget.spend(1, at(100)), Err(Duration::from_secs(510)));
        assert_eq!(budget.spend(1, at(609)), Err(Duration::from_secs(1)));
        // What began within the first part, and no more, may begin again.
        let again = (0..2_000)
            .filter(|_| budget.spend(1, at(610)).is_ok())
            .count();
        assert_eq!(again, 1_000);
    }

    #[test]
    fn processes_that_share_it_spend_a_part_each() {
        let budget = Budget::new(Allowance {
            requests_max: 10,
            ..PER_MAILBOX
        });
        budget.divide(NonZeroU32::new(3).unwrap());
        let spent = (0..10).filter(|_| budget.spend(1, at(0)).is_ok()).count();
        assert_eq!(spent, 3);
        budget.divide(NonZeroU32::new(20).unwrap());
        assert_eq!(budget.spend(1, at(611)), Ok(()));
        assert!(budget.spend(1, at(611)).is_err());
        budget.divide(NonZeroU32::MIN);
        assert_eq!(budget.spend(9, at(611)), Ok(()));
    }

    #[test]
    fn what_is_remembered_has_a_bound_and_a_clock_set_back_holds_nobody_up() {
        let budget = Budget::new(Allowance {
            requests_max: 1_000,
            ..PER_MAILBOX
        });
        for second in 0..10_000 {
            assert_eq!(budget.spend(1, at(second)), Ok(()), "{second}");
        }
        assert!(budget.spent.lock().unwrap().len() <= 62);
        while budget.spend(1, at(10_000)).is_ok() {}
        assert!(budget.is_worth_keeping(at(10_000)));
        assert!(!budget.is_worth_keeping(at(-10_000)));
        assert_eq!(budget.spend(1, at(-10_000)), Ok(()));
    }
}
