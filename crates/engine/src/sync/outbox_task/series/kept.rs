//! What a job that writes a series keeps from one run to the next.

use booking::ids::SeriesId;
use booking::time::{HOUR_MS, Instant, MINUTE_MS};
use serde::{Deserialize, Serialize};
use store::outbox::Job;

/// A series needs no more runs that write than this and one for each of its dates.
const WRITES_MIN: u32 = 8;

/// What a job that writes a series needs. The subject is kept only until the series stands.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub(crate) struct WriteSeries {
    /// The series.
    pub(crate) series: SeriesId,
    /// The event's subject; empty for a plain one.
    #[serde(default)]
    pub(crate) subject: String,
    /// Since when something that was written is not found. `None`: all of it is there.
    #[serde(default)]
    pub(super) missing_since: Option<Instant>,
    /// The dates that were taken out of the event, by number. None is taken out twice: what stands there afterwards was
    /// put there by somebody else.
    #[serde(default)]
    pub(super) taken_out: Vec<u32>,
    /// Runs that wrote something.
    #[serde(default)]
    pub(super) writes: u32,
}

impl WriteSeries {
    pub(crate) const fn new(series: SeriesId, subject: String) -> Self {
        Self {
            series,
            subject,
            missing_since: None,
            taken_out: Vec::new(),
            writes: 0,
        }
    }

    pub(crate) fn payload(&self) -> serde_json::Value {
        serde_json::json!({
            "series": self.series,
            "subject": self.subject,
            "missing_since": self.missing_since,
            "taken_out": self.taken_out,
            "writes": self.writes,
        })
    }

    /// The pause after a run that wrote something. What is written and does not show is written again ever more rarely.
    pub(super) fn pause_ms(&self, dates: usize) -> i64 {
        let expected = WRITES_MIN.saturating_add(u32::try_from(dates).unwrap_or(u32::MAX));
        match self.writes.checked_sub(expected) {
            None | Some(0) => 0,
            Some(many) => (MINUTE_MS << (many - 1).min(6)).min(HOUR_MS),
        }
    }

    /// `None`: the job says nothing of a series.
    pub(super) fn of(job: &Job) -> Option<Self> {
        serde_json::from_value(job.payload.clone()).ok()
    }
}
