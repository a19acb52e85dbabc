//! The calendar of a mailbox as a whole.

use http::{Method, Request};
use url::Url;

use crate::error::GraphError;
use crate::operation::{Mailbox, Operation, Repeat, bare};
use crate::types::Calendar;

/// Reads what may be done with a mailbox's calendar.
///
/// See <https://learn.microsoft.com/graph/api/calendar-get>.
#[derive(Clone, Debug)]
pub struct GetCalendar {
    /// Whose.
    pub mailbox: Mailbox,
}

impl Operation for GetCalendar {
    const METHOD: Method = Method::GET;
    const REPEAT: Repeat = Repeat::Safe;
    type Response = Calendar;

    fn mailbox(&self) -> Option<&Mailbox> {
        Some(&self.mailbox)
    }

    fn build(&self, base: &Url) -> Result<Request<Vec<u8>>, GraphError> {
        let mut url = self.mailbox.endpoint(base, &["calendar"]);
        url.query_pairs_mut().append_pair("$select", "canEdit");
        bare::<Self>(&url, "")
    }
}
