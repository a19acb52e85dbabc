//! Calendars between two instants, series taken apart into occurrences.

use http::{Method, Request};
use jiff::Timestamp;
use url::Url;

use crate::error::GraphError;
use crate::operation::{Mailbox, Operation, PREFER_UTC, Repeat, bare};
use crate::page::{Listed as _, Page};
use crate::types::{Event, Salvaged};

/// `Prefer` of a round of changes: times in UTC, pages of 200. To be sent with every request of the round.
pub const PREFER_CHANGES: &str = r#"outlook.timezone="UTC", odata.maxpagesize=200"#;

/// Everything in a mailbox's calendar that touches the window, first page.
///
/// See <https://learn.microsoft.com/graph/api/user-list-calendarview>. The window may be at most 1,825 days long.
#[derive(Clone, Debug)]
pub struct CalendarView {
    /// Whose calendar.
    pub mailbox: Mailbox,
    /// Start of the window.
    pub start: Timestamp,
    /// End of the window.
    pub end: Timestamp,
    /// The fields wanted, comma separated.
    pub select: &'static str,
    /// Events per page.
    pub per_page: u32,
}

impl Operation for CalendarView {
    const METHOD: Method = Method::GET;
    const REPEAT: Repeat = Repeat::Safe;
    type Response = Page<Salvaged<Event>>;

    fn read(body: &[u8]) -> serde_json::Result<Self::Response> {
        Salvaged::page(body)
    }

    fn mailbox(&self) -> Option<&Mailbox> {
        Some(&self.mailbox)
    }

    fn build(&self, base: &Url) -> Result<Request<Vec<u8>>, GraphError> {
        let mut url = self.mailbox.endpoint(base, &["calendarView"]);
        append_window(&mut url, self.start, self.end);
        url.query_pairs_mut()
            .append_pair("$select", self.select)
            .append_pair("$top", &self.per_page.to_string());
        bare::<Self>(&url, PREFER_UTC)
    }
}

/// Starts a round of changes: everything in the window first, what changes in it later.
///
/// `$select` is not supported here, so fields that we do not want arrive too; they are dropped undecoded.
/// See <https://learn.microsoft.com/graph/api/event-delta>.
#[derive(Clone, Debug)]
pub struct CalendarViewDelta {
    /// Whose calendar.
    pub mailbox: Mailbox,
    /// Start of the window.
    pub start: Timestamp,
    /// End of the window.
    pub end: Timestamp,
}

impl Operation for CalendarViewDelta {
    const METHOD: Method = Method::GET;
    const REPEAT: Repeat = Repeat::Safe;
    type Response = Page<Salvaged<Event>>;

    fn read(body: &[u8]) -> serde_json::Result<Self::Response> {
        Salvaged::page(body)
    }

    fn mailbox(&self) -> Option<&Mailbox> {
        Some(&self.mailbox)
    }

    fn build(&self, base: &Url) -> Result<Request<Vec<u8>>, GraphError> {
        let mut url = self.mailbox.endpoint(base, &["calendarView", "delta"]);
        append_window(&mut url, self.start, self.end);
        bare::<Self>(&url, PREFER_CHANGES)
    }
}

pub(super) fn append_window(url: &mut Url, start: Timestamp, end: Timestamp) {
    url.query_pairs_mut()
        .append_pair("startDateTime", &start.to_string())
        .append_pair("endDateTime", &end.to_string());
}
