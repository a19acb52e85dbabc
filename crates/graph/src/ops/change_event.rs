//! Changing an event.

use http::{HeaderValue, Method, Request, header};
use url::Url;

use crate::error::GraphError;
use crate::operation::{Mailbox, Nothing, Operation, Repeat, json};
use crate::types::EventPatch;

/// Changes an event in its organizer's calendar, as long as nobody has changed it since it was read; those invited are
/// told. A change of the attendees alone is told to those only who come or leave.
///
/// See <https://learn.microsoft.com/graph/api/event-update>.
#[derive(Clone, Debug)]
pub struct ChangeEvent {
    /// The organizer.
    pub mailbox: Mailbox,
    /// Id of the organizer's copy.
    pub id: String,
    /// The mark of the version that was read. Another one is refused with 412.
    pub etag: String,
    /// What changes.
    pub patch: EventPatch,
}

impl Operation for ChangeEvent {
    const METHOD: Method = Method::PATCH;
    // What was carried out has another mark, so that a repeat is refused.
    const REPEAT: Repeat = Repeat::Safe;
    type Response = Nothing;

    fn mailbox(&self) -> Option<&Mailbox> {
        Some(&self.mailbox)
    }

    fn build(&self, base: &Url) -> Result<Request<Vec<u8>>, GraphError> {
        let url = self.mailbox.endpoint(base, &["events", &self.id]);
        let mut request = json::<Self>(&url, "", &self.patch)?;
        let etag = HeaderValue::from_str(&self.etag).map_err(http::Error::from)?;
        request.headers_mut().insert(header::IF_MATCH, etag);
        Ok(request)
    }
}
