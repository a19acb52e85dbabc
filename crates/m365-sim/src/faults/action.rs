//! What faults do.

use serde::{Deserialize, Serialize};

use super::FaultMatch;
use crate::message::Call;

/// An hour: what is later than that belongs to no test.
const DELAY_MS_MAX: u64 = 3_600_000;
/// A hundred years.
const SKEW_MS_MAX: u64 = 100 * 366 * 86_400_000;
/// A year.
const RETRY_AFTER_SECONDS_MAX: f64 = 31_536_000.0;

/// What a fault does.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(
    rename_all = "camelCase",
    rename_all_fields = "camelCase",
    deny_unknown_fields,
    tag = "kind"
)]
pub enum FaultAction {
    /// Answers with this status and error code instead.
    Status {
        /// The HTTP status.
        status: u16,
        /// The error code in the body, such as `TooManyRequests`.
        code: String,
        /// The message in the body; `None` is a neutral sentence.
        #[serde(default)]
        message: Option<String>,
        /// The `Retry-After` header, in seconds, also fractions of them; `None` leaves it out.
        #[serde(default)]
        retry_after_seconds: Option<f64>,
    },
    /// Answers as usual, later.
    Delay {
        /// By how much.
        delay_ms: u64,
        /// By up to so much more, at random.
        #[serde(default)]
        jitter_ms: u64,
    },
    /// Closes the connection without an answer, and does nothing.
    DropConnection,
    /// Does what was asked, and closes the connection without an answer.
    LoseAnswer,
    /// Does what was asked, announces the whole answer, and closes the connection after so many bytes of its body.
    TruncateBody {
        /// How many bytes arrive.
        keep_bytes: usize,
    },
    /// In a free/busy answer, puts an error in the place of each mailbox matched.
    ScheduleError {
        /// Exchange's response code, such as `5006`.
        response_code: String,
        /// The text beside it.
        message: String,
    },
    /// Answers a request that follows changes with 410, as when its cursor has expired. First rounds are left alone.
    ExpireCursor,
    /// Answers by a clock that differs from the simulator's, which also is the `Date` of the answer.
    ClockSkew {
        /// How far it is ahead, or behind when negative.
        skew_ms: i64,
    },
    /// Does not post a notification of a change.
    LoseNotification,
    /// Posts a notification of a change twice.
    DuplicateNotification,
    /// Posts a notification of a change after the next one that waits for the same subscription, if there is one.
    DelayNotification,
}

impl FaultAction {
    /// Whether it is done to notifications, not to requests.
    pub(super) const fn is_for_notifications(&self) -> bool {
        matches!(
            self,
            Self::LoseNotification | Self::DuplicateNotification | Self::DelayNotification
        )
    }

    /// Whether it is done to a request as a whole, and makes sense with this one.
    pub(super) fn is_for(&self, call: &Call) -> bool {
        match self {
            Self::ExpireCursor => ["$deltatoken", "$skiptoken"]
                .iter()
                .any(|cursor| call.query_value(cursor).is_some()),
            Self::ScheduleError { .. } => false,
            _ => !self.is_for_notifications(),
        }
    }

    /// Whether its numbers are in range, and it can meet what is matched.
    pub(super) fn check(&self, matches: &FaultMatch) -> Result<(), &'static str> {
        match self {
            Self::Status { status, .. } if !(300..=599).contains(status) => {
                Err("status has to be from 300 to 599")
            }
            Self::Status {
                retry_after_seconds: Some(seconds),
                ..
            } if !(0.0..=RETRY_AFTER_SECONDS_MAX).contains(seconds) => {
                Err("retryAfterSeconds has to be from 0 to 31536000")
            }
            Self::Delay {
                delay_ms,
                jitter_ms,
            } if *delay_ms > DELAY_MS_MAX || *jitter_ms > DELAY_MS_MAX => {
                Err("delayMs and jitterMs have to be from 0 to 3600000")
            }
            Self::ClockSkew { skew_ms } if skew_ms.unsigned_abs() > SKEW_MS_MAX => {
                Err("skewMs has to be within a hundred years")
            }
            _ if self.is_for_notifications()
                && (matches.method.is_some() || matches.path.is_some()) =>
            {
                Err("a fault of notifications is matched by mailbox only, without method and path")
            }
            _ => Ok(()),
        }
    }
}
