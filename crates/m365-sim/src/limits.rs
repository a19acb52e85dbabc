//! What Exchange serves one application in one mailbox: so many requests at once, and so many in ten minutes.
//! <https://learn.microsoft.com/graph/throttling-limits#outlook-service-limits>

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use http::StatusCode;
use jiff::Timestamp;
use serde::Serialize;
use uuid::Uuid;

use crate::graph::error::GraphError;
use crate::message::Reply;

/// The limits of one application in one mailbox, as Microsoft documents them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Throttle {
    /// Requests under way at a time.
    pub at_once: u32,
    /// Requests begun within the window.
    pub in_window: u32,
    /// How long the window is, in seconds.
    pub window_seconds: u32,
}

impl Default for Throttle {
    fn default() -> Self {
        Self {
            at_once: 4,
            in_window: 10_000,
            window_seconds: 600,
        }
    }
}

/// Requests are counted by stretches of this many seconds, not one by one.
const STRETCH_SECONDS: i64 = 10;

/// Who asks, and whose mailbox it asks about.
type Key = (Uuid, String);

/// The requests of all applications to all mailboxes.
#[derive(Debug)]
pub(crate) struct Limits {
    throttle: Throttle,
    lanes: Mutex<HashMap<Key, Lane>>,
}

/// The requests of one application to one mailbox.
#[derive(Debug, Default)]
struct Lane {
    under_way: u32,
    /// Starts of stretches and how many requests began in each, oldest first.
    begun: VecDeque<(i64, u32)>,
}

/// One request under way; it ends with this.
pub(crate) struct Place {
    limits: Arc<Limits>,
    key: Key,
}

/// Why a request is not served now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Throttled {
    /// Too many are under way.
    AtOnce,
    /// Too many were begun; it can be tried again in so many seconds.
    InWindow { seconds: i64 },
}

impl Limits {
    pub(crate) fn new(throttle: Throttle) -> Self {
        Self {
            throttle,
            lanes: Mutex::default(),
        }
    }

    pub(crate) const fn throttle(&self) -> Throttle {
        self.throttle
    }

    /// Lets a request in, or says why not.
    pub(crate) fn enter(
        self: &Arc<Self>,
        app: Uuid,
        mailbox: &str,
        now: Timestamp,
    ) -> Result<Place, Throttled> {
        let key = (app, mailbox.to_lowercase());
        let mut lanes = self.lanes();
        let lane = lanes.entry(key.clone()).or_default();
        if lane.under_way >= self.throttle.at_once {
            return Err(Throttled::AtOnce);
        }
        let second = now.as_second();
        let window = i64::from(self.throttle.window_seconds);
        lane.forget_before(second - window);
        lane.forget_after(second);
        if lane.count() >= self.throttle.in_window {
            let oldest = lane.begun.front().map_or(second, |(start, _)| *start);
            let seconds = (oldest + STRETCH_SECONDS + window - second).max(1);
            return Err(Throttled::InWindow { seconds });
        }
        lane.under_way += 1;
        lane.note(second);
        drop(lanes);
        Ok(Place {
            limits: Arc::clone(self),
            key,
        })
    }

    fn lanes(&self) -> MutexGuard<'_, HashMap<Key, Lane>> {
        self.lanes.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Lane {
    fn forget_before(&mut self, second: i64) {
        while let Some((start, _)) = self.begun.front()
            && start + STRETCH_SECONDS <= second
        {
            self.begun.pop_front();
        }
    }

    /// Forgets what has not been when the clock was set back.
    fn forget_after(&mut self, second: i64) {
        self.begun.retain(|(start, _)| *start <= second);
    }

    fn count(&self) -> u32 {
        self.begun.iter().map(|(_, count)| count).sum()
    }

    fn note(&mut self, second: i64) {
        let start = second - second.rem_euclid(STRETCH_SECONDS);
        match self.begun.back_mut() {
            Some((last, count)) if *last == start => *count += 1,
            _ => self.begun.push_back((start, 1)),
        }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        if let Some(lane) = self.limits.lanes().get_mut(&self.key) {
            lane.under_way -= 1;
        }
    }
}

impl From<Throttled> for Reply {
    fn from(throttled: Throttled) -> Self {
        let (code, message, seconds) = match throttled {
            Throttled::AtOnce => (
                "ApplicationThrottled",
                "Application is over its MailboxConcurrency limit.",
                1,
            ),
            Throttled::InWindow { seconds } => (
                "ApplicationThrottled",
                "Application is over its request limit for this mailbox.",
                seconds,
            ),
        };
        let error = GraphError::new(StatusCode::TOO_MANY_REQUESTS, code, message);
        Self::from(error).header("retry-after", &seconds.to_string())
    }
}
