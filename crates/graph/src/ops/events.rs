//! Events, one at a time.

use http::{Method, Request};
use jiff::Timestamp;
use serde::Serialize;
use url::Url;

use super::calendar_view::append_window;
use crate::error::GraphError;
use crate::operation::{Mailbox, Nothing, Operation, PREFER_UTC, Repeat, bare, json};
use crate::page::{Listed as _, Page};
use crate::types::{DraftEvent, DraftSeries, Event, Salvaged};

/// Creates an event and sends the invitations. Repeating it with the same transaction id makes no second event.
///
/// See <https://learn.microsoft.com/graph/api/user-post-events>.
#[derive(Clone, Debug)]
pub struct CreateEvent {
    /// The organizer.
    pub mailbox: Mailbox,
    /// The event.
    pub draft: DraftEvent,
}

impl Operation for CreateEvent {
    const METHOD: Method = Method::POST;
    // The transaction id makes a repeat harmless.
    const REPEAT: Repeat = Repeat::Safe;
    type Response = Event;

    fn mailbox(&self) -> Option<&Mailbox> {
        Some(&self.mailbox)
    }

    fn build(&self, base: &Url) -> Result<Request<Vec<u8>>, GraphError> {
        let url = self.mailbox.endpoint(base, &["events"]);
        json::<Self>(&url, PREFER_UTC, &self.draft)
    }
}

/// Creates an event that repeats and sends the invitations. Repeating it with the same transaction id makes no second one.
///
/// See <https://learn.microsoft.com/graph/api/user-post-events>.
#[derive(Clone, Debug)]
pub struct CreateSeries {
    /// The organizer.
    pub mailbox: Mailbox,
    /// The event.
    pub draft: DraftSeries,
}

impl Operation for CreateSeries {
    const METHOD: Method = Method::POST;
    // The transaction id makes a repeat harmless.
    const REPEAT: Repeat = Repeat::Safe;
    type Response = Event;

    fn mailbox(&self) -> Option<&Mailbox> {
        Some(&self.mailbox)
    }

    fn build(&self, base: &Url) -> Result<Request<Vec<u8>>, GraphError> {
        let url = self.mailbox.endpoint(base, &["events"]);
        json::<Self>(&url, PREFER_UTC, &self.draft)
    }
}

/// Reads one event.
///
/// See <https://learn.microsoft.com/graph/api/event-get>.
#[derive(Clone, Debug)]
pub struct GetEvent {
    /// Whose copy.
    pub mailbox: Mailbox,
    /// Id of that copy.
    pub id: String,
    /// The fields wanted, comma separated.
    pub select: &'static str,
}

impl Operation for GetEvent {
    const METHOD: Method = Method::GET;
    const REPEAT: Repeat = Repeat::Safe;
    type Response = Event;

    fn mailbox(&self) -> Option<&Mailbox> {
        Some(&self.mailbox)
    }

    fn build(&self, base: &Url) -> Result<Request<Vec<u8>>, GraphError> {
        let mut url = self.mailbox.endpoint(base, &["events", &self.id]);
        url.query_pairs_mut().append_pair("$select", self.select);
        bare::<Self>(&url, PREFER_UTC)
    }
}

/// The occurrences of a series that touch the window, first page.
///
/// See <https://learn.microsoft.com/graph/api/event-list-instances>.
#[derive(Clone, Debug)]
pub struct ListInstances {
    /// Whose copy.
    pub mailbox: Mailbox,
    /// Id of the series master.
    pub master_id: String,
    /// Start of the window.
    pub start: Timestamp,
    /// End of the window.
    pub end: Timestamp,
    /// The fields wanted, comma separated.
    pub select: &'static str,
    /// Occurrences per page.
    pub per_page: u32,
}

impl Operation for ListInstances {
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
        let segments = ["events", self.master_id.as_str(), "instances"];
        let mut url = self.mailbox.endpoint(base, &segments);
        append_window(&mut url, self.start, self.end);
        url.query_pairs_mut()
            .append_pair("$select", self.select)
            .append_pair("$top", &self.per_page.to_string());
        bare::<Self>(&url, PREFER_UTC)
    }
}

/// Calls an event off and tells everybody invited. Only its organizer can.
///
/// See <https://learn.microsoft.com/graph/api/event-cancel>.
#[derive(Clone, Debug)]
pub struct CancelEvent {
    /// The organizer.
    pub mailbox: Mailbox,
    /// Id of the organizer's copy.
    pub id: String,
    /// What everybody is told.
    pub comment: String,
}

#[derive(Serialize)]
struct CancelBody<'a> {
    comment: &'a str,
}

impl Operation for CancelEvent {
    const METHOD: Method = Method::POST;
    // Harmless to repeat: the second time there is nothing left to cancel, which callers take as success.
    const REPEAT: Repeat = Repeat::Safe;
    type Response = Nothing;

    fn mailbox(&self) -> Option<&Mailbox> {
        Some(&self.mailbox)
    }

    fn build(&self, base: &Url) -> Result<Request<Vec<u8>>, GraphError> {
        let url = self.mailbox.endpoint(base, &["events", &self.id, "cancel"]);
        let body = CancelBody {
            comment: &self.comment,
        };
        json::<Self>(&url, "", &body)
    }
}

/// Deletes one mailbox's copy. An organizer's deletion cancels the meeting, without a comment.
///
/// See <https://learn.microsoft.com/graph/api/event-delete>.
#[derive(Clone, Debug)]
pub struct DeleteEvent {
    /// Whose copy.
    pub mailbox: Mailbox,
    /// Id of that copy.
    pub id: String,
}

impl Operation for DeleteEvent {
    const METHOD: Method = Method::DELETE;
    const REPEAT: Repeat = Repeat::Safe;
    type Response = Nothing;

    fn mailbox(&self) -> Option<&Mailbox> {
        Some(&self.mailbox)
    }

    fn build(&self, base: &Url) -> Result<Request<Vec<u8>>, GraphError> {
        let url = self.mailbox.endpoint(base, &["events", &self.id]);
        bare::<Self>(&url, "")
    }
}
