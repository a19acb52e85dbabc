//! Free and busy of many mailboxes at once.

use http::{Method, Request};
use jiff::Timestamp;
use serde::Serialize;
use url::Url;

use crate::error::GraphError;
use crate::operation::{Mailbox, Operation, PREFER_UTC, Repeat, json};
use crate::page::Page;
use crate::types::{DateTimeTimeZone, ScheduleInformation};

/// Most mailboxes in one question.
pub const MAILBOXES_MAX: usize = 20;
/// Longest window, in days.
pub const WINDOW_DAYS_MAX: i64 = 62;

/// Asks when mailboxes are busy, through one mailbox's eyes.
///
/// See <https://learn.microsoft.com/graph/api/calendar-getschedule>.
#[derive(Clone, Debug)]
pub struct GetSchedule {
    /// Through whose eyes.
    pub mailbox: Mailbox,
    /// Addresses, at most [`MAILBOXES_MAX`].
    pub schedules: Vec<String>,
    /// Start of the window.
    pub start: Timestamp,
    /// End of the window, less than [`WINDOW_DAYS_MAX`] days after its start.
    pub end: Timestamp,
    /// Minutes that one digit of the availability view stands for, 5 to 1,440.
    pub interval_min: u32,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ScheduleQuestion<'a> {
    schedules: &'a [String],
    start_time: DateTimeTimeZone,
    end_time: DateTimeTimeZone,
    availability_view_interval: u32,
}

impl Operation for GetSchedule {
    const METHOD: Method = Method::POST;
    const REPEAT: Repeat = Repeat::Safe;
    type Response = Page<ScheduleInformation>;

    fn mailbox(&self) -> Option<&Mailbox> {
        Some(&self.mailbox)
    }

    fn build(&self, base: &Url) -> Result<Request<Vec<u8>>, GraphError> {
        let url = self.mailbox.endpoint(base, &["calendar", "getSchedule"]);
        let question = ScheduleQuestion {
            schedules: &self.schedules,
            start_time: DateTimeTimeZone::utc(self.start),
            end_time: DateTimeTimeZone::utc(self.end),
            availability_view_interval: self.interval_min,
        };
        json::<Self>(&url, PREFER_UTC, &question)
    }
}
