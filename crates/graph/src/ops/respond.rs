//! Answering invitations.

use http::{Method, Request};
use serde::Serialize;
use url::Url;

use crate::error::GraphError;
use crate::operation::{Mailbox, Nothing, Operation, Repeat, json};

/// Declines an invitation in the name of a mailbox that was invited, and tells the organizer.
///
/// See <https://learn.microsoft.com/graph/api/event-decline>.
#[derive(Clone, Debug)]
pub struct DeclineEvent {
    /// Who was invited.
    pub mailbox: Mailbox,
    /// Id of that mailbox's copy.
    pub id: String,
    /// What the organizer is told.
    pub comment: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct DeclineBody {
    comment: &'static str,
    send_response: bool,
}

impl Operation for DeclineEvent {
    const METHOD: Method = Method::POST;
    // What was declined leaves the calendar: a repeat finds nothing.
    const REPEAT: Repeat = Repeat::Safe;
    type Response = Nothing;

    fn mailbox(&self) -> Option<&Mailbox> {
        Some(&self.mailbox)
    }

    fn build(&self, base: &Url) -> Result<Request<Vec<u8>>, GraphError> {
        let segments = ["events", self.id.as_str(), "decline"];
        let url = self.mailbox.endpoint(base, &segments);
        let body = DeclineBody {
            comment: self.comment,
            send_response: true,
        };
        json::<Self>(&url, "", &body)
    }
}
