//! When a request is repeated: a pure function of the answer and of what was spent already.
//!
//! Only answers that ask for it are repeated here, because only the client knows the wait. A job that failed is
//! repeated by whoever promised it.

use std::time::Duration;

use http::{HeaderMap, StatusCode, header};
use jiff::Timestamp;
use jiff::fmt::rfc2822;

use crate::operation::Repeat;

/// How much may be spent on one call.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct RetryPolicy {
    /// Requests in all, the first included.
    pub attempts_max: u32,
    /// From the first request to the start of the last.
    pub total_max: Duration,
    /// First wait when the answer names none; doubles each time.
    pub backoff_first: Duration,
}

impl Default for RetryPolicy {
    fn default() -> Self {
        Self {
            attempts_max: 4,
            total_max: Duration::from_secs(30),
            backoff_first: Duration::from_millis(500),
        }
    }
}

/// What to do after an answer.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Verdict {
    /// Send it again after this.
    Retry {
        /// The wait.
        after: Duration,
        /// Who has to wait.
        scope: WaitScope,
    },
    /// The answer stands.
    GiveUp,
}

/// Who has to wait.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum WaitScope {
    /// Every request to the same mailbox, since that is what Exchange counts.
    Lane,
    /// This request alone.
    Request,
}

/// What was spent on a call so far.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Spent {
    /// Requests sent, at least 1.
    pub attempts: u32,
    /// Time since the first.
    pub time: Duration,
    /// A random byte that spreads waits nobody prescribed.
    pub jitter: u8,
}

/// Judges an answer.
///
/// 429 is repeated for every operation, as is 503: both say that nothing was done. 504 leaves that open, so it is
/// repeated only where repeating is harmless.
/// See <https://learn.microsoft.com/graph/throttling>.
pub fn judge(
    policy: &RetryPolicy,
    spent: Spent,
    repeat: Repeat,
    status: StatusCode,
    asked: Option<Duration>,
) -> Verdict {
    let scope = match status {
        StatusCode::TOO_MANY_REQUESTS => WaitScope::Lane,
        StatusCode::SERVICE_UNAVAILABLE => WaitScope::Request,
        StatusCode::GATEWAY_TIMEOUT if repeat == Repeat::Safe => WaitScope::Request,
        _ => return Verdict::GiveUp,
    };
    let after = asked.unwrap_or_else(|| backoff(policy, spent));
    if spent.attempts >= policy.attempts_max || spent.time.saturating_add(after) > policy.total_max
    {
        return Verdict::GiveUp;
    }
    Verdict::Retry { after, scope }
}

/// The wait that `Retry-After` asks for: seconds, with a fraction or without, or a date. `None`: it asks for none, or
/// in no way that is understood.
pub fn retry_after(headers: &HeaderMap, now: Timestamp) -> Option<Duration> {
    let text = headers.get(header::RETRY_AFTER)?.to_str().ok()?.trim();
    if let Ok(seconds) = text.parse::<f64>() {
        return Duration::try_from_secs_f64(seconds.max(0.0)).ok();
    }
    let until = rfc2822::DateTimeParser::new().parse_timestamp(text).ok()?;
    Some(Duration::try_from(until.duration_since(now)).unwrap_or(Duration::ZERO))
}

fn backoff(policy: &RetryPolicy, spent: Spent) -> Duration {
    let doubled = policy
        .backoff_first
        .saturating_mul(1 << spent.attempts.saturating_sub(1).min(6));
    // Between half and all of it, so that many callers do not come back at once.
    doubled / 2 + doubled.mul_f64(f64::from(spent.jitter) / 512.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spent(attempts: u32, ms: u64) -> Spent {
        Spent {
            attempts,
            time: Duration::from_millis(ms),
            jitter: 0,
        }
    }

    #[test]
    fn only_answers_that_ask_for_it_are_repeated_within_attempts_and_time() {
        let policy = RetryPolicy::default();
        let one = Some(Duration::from_secs(1));
        let wait = |scope| Verdict::Retry {
            after: Duration::from_secs(1),
            scope,
        };
        let table = [
            (429, Repeat::Safe, spent(1, 0), one, wait(WaitScope::Lane)),
            (
                429,
                Repeat::OnlyIfRefused,
                spent(3, 0),
                one,
                wait(WaitScope::Lane),
            ),
            (
                503,
                Repeat::OnlyIfRefused,
                spent(1, 0),
                one,
                wait(WaitScope::Request),
            ),
            (
                504,
                Repeat::Safe,
                spent(1, 0),
                one,
                wait(WaitScope::Request),
            ),
            (
                504,
                Repeat::OnlyIfRefused,
                spent(1, 0),
                one,
                Verdict::GiveUp,
            ),
            (429, Repeat::Safe, spent(4, 0), one, Verdict::GiveUp),
            (429, Repeat::Safe, spent(1, 29_500), one, Verdict::GiveUp),
            (
                429,
                Repeat::Safe,
                spent(1, 0),
                Some(Duration::from_secs(600)),
                Verdict::GiveUp,
            ),
            (500, Repeat::Safe, spent(1, 0), one, Verdict::GiveUp),
            (404, Repeat::Safe, spent(1, 0), None, Verdict::GiveUp),
        ];
        for (status, repeat, spent, asked, verdict) in table {
            let status = StatusCode::from_u16(status).unwrap();
            assert_eq!(
                judge(&policy, spent, repeat, status, asked),
                verdict,
                "{status} {repeat:?} {spent:?}"
            );
        }
    }

    #[test]
    fn without_a_wait_named_the_backoff_doubles() {
        let policy = RetryPolicy::default();
        let waits = [1, 2, 3].map(|attempts| backoff(&policy, spent(attempts, 0)).as_millis());
        assert_eq!(waits, [250, 500, 1_000]);
        let late = Spent {
            jitter: 255,
            ..spent(1, 0)
        };
        assert!(backoff(&policy, late) < policy.backoff_first);
    }

    #[test]
    fn retry_after_is_read_as_seconds_fraction_or_date() {
        let now: Timestamp = "2015-10-21T07:27:50Z".parse().unwrap();
        let table = [
            ("1", Some(1_000)),
            ("2.128", Some(2_128)),
            ("0", Some(0)),
            ("-5", Some(0)),
            ("Wed, 21 Oct 2015 07:28:00 GMT", Some(10_000)),
            ("Wed, 21 Oct 2015 07:27:00 GMT", Some(0)),
            ("soon", None),
            ("NaN", Some(0)),
        ];
        for (text, expected_ms) in table {
            let mut headers = HeaderMap::new();
            headers.insert(header::RETRY_AFTER, text.parse().unwrap());
            let got = retry_after(&headers, now).map(|wait| wait.as_millis());
            assert_eq!(got, expected_ms, "{text}");
        }
        assert_eq!(retry_after(&HeaderMap::new(), now), None);
    }
}
