//! When a request is repeated: a pure function of the answer and of what was spent already.
//!
//! What is repeated here is bounded to seconds, since somebody may be waiting. A job that failed all the same is
//! repeated by whoever promised it.

use std::time::Duration;

use http::{HeaderMap, StatusCode, header};
use jiff::Timestamp;
use jiff::fmt::rfc2822;

use crate::error::ErrorAnswer;
use crate::operation::Repeat;

/// How much may be spent on one call.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct RetryPolicy {
    /// Requests in all, the first included.
    pub attempts_max: u32,
    /// Of these, how many may go when answers are lost: a service that is down must not keep anybody long.
    pub unanswered_max: u32,
    /// From the first request to the start of the last. A request for a token, which takes fifteen seconds at most, is not
    /// cut short by it: a refresh token that was renewed meanwhile would be lost.
    pub total_max: Duration,
    /// From the first request of a collection to that of its last page.
    pub pages_max: Duration,
    /// First wait when the answer names none; doubles each time.
    pub backoff_first: Duration,
}

impl Default for RetryPolicy {
    fn default() -> Self {
        Self {
            attempts_max: 5,
            unanswered_max: 3,
            total_max: Duration::from_secs(30),
            pages_max: Duration::from_secs(90),
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
    },
    /// The answer stands.
    GiveUp,
}

/// Who has to wait.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum WaitScope {
    /// Every request to the same mailbox, since that is what Exchange counts.
    Mailbox,
    /// Every request of the connection.
    Connection,
    /// This request alone.
    Request,
}

/// How Exchange names limits of one mailbox, as in `MailboxConcurrency`; in small letters. The code beside it,
/// `ApplicationThrottled`, stands there for limits of the whole application too.
const MAILBOX_SIGNS: [&str; 2] = ["mailbox", "incomingbytes"];

/// Who has to wait after a refusal, by its cause: see `docs/decisions/0004-who-waits-when-graph-says-wait.md`.
pub fn wait_scope(refusal: &ErrorAnswer) -> WaitScope {
    let told = refusal.message.to_lowercase();
    let is_of_mailbox = MAILBOX_SIGNS.iter().any(|sign| told.contains(sign));
    match refusal.status {
        StatusCode::TOO_MANY_REQUESTS if is_of_mailbox => WaitScope::Mailbox,
        StatusCode::TOO_MANY_REQUESTS => WaitScope::Connection,
        StatusCode::SERVICE_UNAVAILABLE if refusal.retry_after.is_some() => WaitScope::Connection,
        _ => WaitScope::Request,
    }
}

/// What was spent on a call so far.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Spent {
    /// Requests sent, at least 1.
    pub attempts: u32,
    /// Time since the first.
    pub time: Duration,
    /// A random byte that spreads waits.
    pub jitter: u8,
}

/// What became of a request.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Outcome {
    /// Graph answered with this error, asking for this wait.
    Refused {
        /// HTTP status.
        status: StatusCode,
        /// `Retry-After`. `None`: it asked for none.
        asked: Option<Duration>,
    },
    /// No answer came, or only a part of one: what was done is not known.
    Unknown,
}

/// Judges what became of a request.
///
/// 429 is repeated for every operation, as is a 503 that names a wait: both say that nothing was done. Other failures of
/// the service, a 503 without a wait among them, and answers that were lost leave that open, so they are repeated only
/// where repeating is harmless.
/// See <https://learn.microsoft.com/graph/throttling> and
/// <https://learn.microsoft.com/graph/best-practices-concept#handling-expected-errors>.
pub fn judge(policy: &RetryPolicy, spent: Spent, repeat: Repeat, outcome: Outcome) -> Verdict {
    let (status, asked) = match outcome {
        Outcome::Refused { status, asked } => (Some(status), asked),
        Outcome::Unknown => (None, None),
    };
    let is_repeated = match status {
        Some(StatusCode::TOO_MANY_REQUESTS) => true,
        Some(StatusCode::SERVICE_UNAVAILABLE) if asked.is_some() => true,
        Some(
            StatusCode::SERVICE_UNAVAILABLE
            | StatusCode::INTERNAL_SERVER_ERROR
            | StatusCode::BAD_GATEWAY
            | StatusCode::GATEWAY_TIMEOUT,
        )
        | None => repeat == Repeat::Safe,
        _ => false,
    };
    if !is_repeated {
        return Verdict::GiveUp;
    }
    let after = asked.map_or_else(
        || backoff(policy, spent),
        |asked| spread(asked, spent.jitter),
    );
    let attempts_max = match outcome {
        Outcome::Refused { .. } => policy.attempts_max,
        Outcome::Unknown => policy.unanswered_max.min(policy.attempts_max),
    };
    if spent.attempts >= attempts_max || spent.time.saturating_add(after) > policy.total_max {
        return Verdict::GiveUp;
    }
    Verdict::Retry { after }
}

/// A wait that was asked for, longer by up to an eighth, so that those who wait for the same do not come back at once.
pub fn spread(asked: Duration, jitter: u8) -> Duration {
    asked.saturating_add((asked / 2_048).saturating_mul(u32::from(jitter)))
}

/// The wait that `Retry-After` asks for: seconds, with a fraction or without, or a date. `None`: it asks for none, for one
/// that is over, or in no way that is understood; then the wait is ours to choose.
pub fn retry_after(headers: &HeaderMap, now: Timestamp) -> Option<Duration> {
    let text = headers.get(header::RETRY_AFTER)?.to_str().ok()?.trim();
    if let Ok(seconds) = text.parse::<f64>() {
        let asked = Duration::try_from_secs_f64(seconds).ok();
        return asked.filter(|asked| !asked.is_zero());
    }
    let until = rfc2822::DateTimeParser::new().parse_timestamp(text).ok()?;
    let asked = Duration::try_from(until.duration_since(now)).ok();
    asked.filter(|asked| !asked.is_zero())
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
    fn what_is_repeated_and_within_which_attempts_and_time() {
        const SAFE: Repeat = Repeat::Safe;
        const UNSAFE: Repeat = Repeat::OnlyIfRefused;
        let policy = RetryPolicy::default();
        let asked = Duration::from_secs(1);
        let refused = |status| Outcome::Refused {
            status: StatusCode::from_u16(status).unwrap(),
            asked: Some(asked),
        };
        let unnamed = Outcome::Refused {
            status: StatusCode::SERVICE_UNAVAILABLE,
            asked: None,
        };
        assert_eq!(
            judge(&policy, spent(1, 0), UNSAFE, unnamed),
            Verdict::GiveUp
        );
        let unnamed = judge(&policy, spent(1, 0), SAFE, unnamed);
        assert!(matches!(unnamed, Verdict::Retry { .. }), "{unnamed:?}");
        let (first, last) = (spent(1, 0), spent(policy.attempts_max, 0));
        for (outcome, repeat, spent, is_repeated) in [
            (refused(429), SAFE, first, true),
            (refused(429), UNSAFE, first, true),
            (refused(503), UNSAFE, first, true),
            (refused(504), SAFE, first, true),
            (refused(500), SAFE, first, true),
            (refused(502), SAFE, first, true),
            (refused(504), UNSAFE, first, false),
            (refused(500), UNSAFE, first, false),
            (Outcome::Unknown, UNSAFE, first, false),
            (refused(429), SAFE, last, false),
            (
                Outcome::Unknown,
                SAFE,
                spent(policy.unanswered_max, 0),
                false,
            ),
            (refused(429), SAFE, spent(1, 29_500), false),
            (refused(501), SAFE, first, false),
            (refused(404), SAFE, first, false),
        ] {
            let expected = if is_repeated {
                Verdict::Retry { after: asked }
            } else {
                Verdict::GiveUp
            };
            let verdict = judge(&policy, spent, repeat, outcome);
            assert_eq!(verdict, expected, "{outcome:?} {repeat:?} {spent:?}");
        }
        let lost = judge(&policy, first, SAFE, Outcome::Unknown);
        assert!(matches!(lost, Verdict::Retry { .. }), "{lost:?}");
        let long = Outcome::Refused {
            status: StatusCode::TOO_MANY_REQUESTS,
            asked: Some(Duration::from_secs(600)),
        };
        assert_eq!(judge(&policy, first, SAFE, long), Verdict::GiveUp);
    }

    #[test]
    fn who_waits_is_decided_by_the_cause_of_a_refusal() {
        let refusal = |status, code: &str, message: &str, after_s: Option<u64>| ErrorAnswer {
            status: StatusCode::from_u16(status).unwrap(),
            code: code.to_owned(),
            message: message.to_owned(),
            request_id: None,
            retry_after: after_s.map(Duration::from_secs),
        };
        let concurrency = "Application is over its MailboxConcurrency limit.";
        let requests = "Application is over its limit of requests.";
        let bytes = "Application is over its IncomingBytes limit.";
        for (refusal, scope) in [
            (
                refusal(429, "ApplicationThrottled", "", Some(1)),
                WaitScope::Connection,
            ),
            (
                refusal(429, "ApplicationThrottled", concurrency, Some(1)),
                WaitScope::Mailbox,
            ),
            (
                refusal(429, "ApplicationThrottled", requests, Some(1)),
                WaitScope::Connection,
            ),
            (
                refusal(429, "ApplicationThrottled", bytes, Some(1)),
                WaitScope::Mailbox,
            ),
            (
                refusal(429, "TooManyRequests", concurrency, None),
                WaitScope::Mailbox,
            ),
            (
                refusal(429, "TooManyRequests", "", Some(1)),
                WaitScope::Connection,
            ),
            (refusal(429, "", "", None), WaitScope::Connection),
            (refusal(503, "", "", Some(1)), WaitScope::Connection),
            (refusal(503, "", "", None), WaitScope::Request),
            (refusal(500, "", concurrency, Some(1)), WaitScope::Request),
        ] {
            assert_eq!(wait_scope(&refusal), scope, "{refusal:?}");
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
    fn a_wait_that_was_asked_for_is_never_shortened_and_a_little_longer_for_some() {
        let asked = Duration::from_secs(8);
        assert_eq!(spread(asked, 0), asked);
        let longest = spread(asked, 255);
        assert!(longest > asked && longest < Duration::from_secs(9));
        assert_eq!(spread(Duration::MAX, 255), Duration::MAX);
    }

    #[test]
    fn retry_after_is_read_as_seconds_fraction_or_date() {
        let now: Timestamp = "2015-10-21T07:27:50Z".parse().unwrap();
        let table = [
            ("1", Some(1_000)),
            ("2.128", Some(2_128)),
            ("0", None),
            ("-5", None),
            ("inf", None),
            ("Wed, 21 Oct 2015 07:28:00 GMT", Some(10_000)),
            ("Wed, 21 Oct 2015 07:27:00 GMT", None),
            ("soon", None),
            ("NaN", None),
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
