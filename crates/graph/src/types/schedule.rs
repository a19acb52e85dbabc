//! Free and busy, as getSchedule tells it.

use serde::Deserialize;

use super::{DateTimeTimeZone, FreeBusyStatus, Salvaged};

/// The schedule of one mailbox.
///
/// See <https://learn.microsoft.com/graph/api/resources/scheduleinformation>.
#[derive(Clone, PartialEq, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ScheduleInformation {
    /// The address that was asked about.
    #[serde(default)]
    pub schedule_id: String,
    /// One digit per interval: 0 free, 1 tentative, 2 busy, 3 out of office, 4 working elsewhere.
    pub availability_view: Option<String>,
    /// The intervals that are not free. `None`: only the view is shown to us.
    pub schedule_items: Option<Vec<Salvaged<ScheduleItem>>>,
    /// Why this mailbox's schedule cannot be told.
    pub error: Option<FreeBusyError>,
}

/// An interval.
///
/// See <https://learn.microsoft.com/graph/api/resources/scheduleitem>.
#[derive(Clone, PartialEq, Debug, Default, Deserialize)]
pub struct ScheduleItem {
    /// How firmly it is taken.
    pub status: Option<FreeBusyStatus>,
    /// Start. `None`: it cannot be read.
    pub start: Option<DateTimeTimeZone>,
    /// End, not included. `None`: it cannot be read.
    pub end: Option<DateTimeTimeZone>,
}

/// Why one mailbox's schedule cannot be told.
///
/// See <https://learn.microsoft.com/graph/api/resources/freebusyerror>.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct FreeBusyError {
    /// Sentence.
    pub message: Option<String>,
    /// Code, such as `5009` for an address nobody has.
    pub response_code: Option<String>,
}
