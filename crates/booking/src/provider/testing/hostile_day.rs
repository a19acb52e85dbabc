//! A day on which the calendar system throttles, fails and loses connections by chance.
//!
//! Chance is drawn for each method and what it is about by itself: a seed brings the same day in whatever order rooms
//! that are read at the same time have their turn.

use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use super::Call;
use crate::provider::ProviderError;
use crate::random::SeededRandom;
use crate::time::{Clock, Instant, SECOND_MS};

/// Of a hundred calls, how many are throttled.
const THROTTLED: u64 = 10;
/// Of a hundred calls, how many fail in the service.
const FAILING: u64 = 5;
/// Of a hundred calls, how many lose their connection before anything is done, and how many after.
const LOST: u64 = 1;
/// The longest wait that throttling asks for.
const WAIT_SECONDS_MAX: u64 = 2;

/// Whether what was done is told.
#[must_use]
#[derive(Clone, Copy, Debug)]
pub(super) enum Answer {
    Arrives,
    /// It was done, but the connection is lost before that is told.
    IsLost,
}

impl Answer {
    pub(super) fn bring<T>(self, told: T) -> Result<T, ProviderError> {
        match self {
            Self::Arrives => Ok(told),
            Self::IsLost => Err(again(None, "the connection was lost")),
        }
    }
}

pub(super) struct HostileDay {
    seed: u64,
    clock: Arc<dyn Clock>,
    calls: HashMap<(Call, String), Luck>,
}

/// What becomes of the calls of one method about one thing.
struct Luck {
    random: SeededRandom,
    /// Nothing is answered before then.
    throttled_until: Instant,
}

impl HostileDay {
    pub(super) fn new(seed: u64, clock: Arc<dyn Clock>) -> Self {
        Self {
            seed,
            clock,
            calls: HashMap::new(),
        }
    }

    /// Decides about a call before anything comes of it.
    pub(super) fn meet(
        &mut self,
        call: Call,
        about: &dyn fmt::Display,
    ) -> Result<Answer, ProviderError> {
        let now = self.clock.now();
        let subject = (call, about.to_string());
        let seed = self.seed;
        let luck = (self.calls.entry(subject)).or_insert_with_key(|subject| Luck {
            random: SeededRandom::new(seed_of(seed, subject)),
            throttled_until: now,
        });
        if now < luck.throttled_until {
            return Err(throttled(luck.throttled_until.since_ms(now)));
        }
        let drawn = luck.random.next_u64() % 100;
        let (throttling, failing, lost) =
            (THROTTLED, THROTTLED + FAILING, THROTTLED + FAILING + LOST);
        if drawn < throttling {
            let seconds = 1 + luck.random.next_u64() % WAIT_SECONDS_MAX;
            let wait_ms = seconds.cast_signed() * SECOND_MS;
            luck.throttled_until = now.plus_ms(wait_ms);
            Err(throttled(wait_ms))
        } else if drawn < failing {
            Err(again(None, "the service failed"))
        } else if drawn < lost {
            Err(again(None, "the connection was refused"))
        } else if drawn < lost + LOST {
            Ok(Answer::IsLost)
        } else {
            Ok(Answer::Arrives)
        }
    }
}

impl fmt::Debug for HostileDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { seed, .. } = self;
        write!(f, "HostileDay({seed})")
    }
}

fn seed_of(seed: u64, (call, about): &(Call, String)) -> u64 {
    let name = format!("{call:?} {about}");
    name.bytes().fold(seed, |mixed, byte| {
        SeededRandom::new(mixed ^ u64::from(byte)).next_u64()
    })
}

fn throttled(wait_ms: i64) -> ProviderError {
    let wait = Duration::from_millis(wait_ms.unsigned_abs());
    again(Some(wait), "too many requests")
}

fn again(after: Option<Duration>, context: &str) -> ProviderError {
    ProviderError::Retry {
        after,
        context: context.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::MockClock;

    fn told(day: &mut HostileDay, about: &str) -> String {
        format!("{:?}", day.meet(Call::Changes, &about))
    }

    #[test]
    fn a_seed_brings_each_subject_the_same_in_whatever_order_they_are_asked_about() {
        let clock = Arc::new(MockClock::at(Instant(0)));
        let mut one = HostileDay::new(7, clock.clone());
        let mut other = HostileDay::new(7, clock.clone());
        for _ in 0..200 {
            let (a, b) = (told(&mut one, "a"), told(&mut one, "b"));
            let (b_first, a_second) = (told(&mut other, "b"), told(&mut other, "a"));
            assert_eq!((a, b), (a_second, b_first));
            clock.advance_ms(10 * SECOND_MS);
        }
    }

    #[test]
    fn of_many_calls_as_many_are_struck_as_is_said() {
        let clock = Arc::new(MockClock::at(Instant(0)));
        let mut day = HostileDay::new(1, clock.clone());
        let (mut throttled, mut failed, mut lost) = (0, 0, 0);
        for _ in 0..10_000 {
            match day.meet(Call::CreateEvent, &"one") {
                Err(ProviderError::Retry { after: Some(_), .. }) => throttled += 1,
                Err(_) => failed += 1,
                Ok(Answer::IsLost) => lost += 1,
                Ok(Answer::Arrives) => {}
            }
            clock.advance_ms(10 * SECOND_MS);
        }
        assert!((900..1_100).contains(&throttled), "{throttled}");
        assert!((500..700).contains(&failed), "{failed}");
        assert!((60..140).contains(&lost), "{lost}");
    }

    #[test]
    fn who_was_told_when_to_ask_again_is_not_answered_before() {
        let clock = Arc::new(MockClock::at(Instant(0)));
        let mut day = HostileDay::new(3, clock.clone());
        let wait = loop {
            match day.meet(Call::Changes, &"one") {
                Err(ProviderError::Retry {
                    after: Some(wait), ..
                }) => break wait,
                _ => clock.advance_ms(10 * SECOND_MS),
            }
        };
        let wait_ms = i64::try_from(wait.as_millis()).unwrap();
        clock.advance_ms(wait_ms - 1);
        assert!(matches!(
            day.meet(Call::Changes, &"one"),
            Err(ProviderError::Retry { after: Some(left), .. }) if left == Duration::from_millis(1)
        ));
    }
}
