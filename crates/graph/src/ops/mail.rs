//! Sending mail.

use http::{Method, Request};
use url::Url;

use crate::error::GraphError;
use crate::operation::{Mailbox, Nothing, Operation, Repeat, json};
use crate::types::OutgoingMail;

/// Sends a message from a mailbox. Taken is not delivered: what becomes of it afterwards is told to the mailbox alone.
///
/// See <https://learn.microsoft.com/graph/api/user-sendmail>.
#[derive(Clone, Debug)]
pub struct SendMail {
    /// From whom.
    pub mailbox: Mailbox,
    /// The message, and whether it is kept.
    pub mail: OutgoingMail,
}

impl Operation for SendMail {
    const METHOD: Method = Method::POST;
    // Nothing ties two of the same together: a repeat is a second message.
    const REPEAT: Repeat = Repeat::OnlyIfRefused;
    type Response = Nothing;

    fn mailbox(&self) -> Option<&Mailbox> {
        Some(&self.mailbox)
    }

    fn build(&self, base: &Url) -> Result<Request<Vec<u8>>, GraphError> {
        let url = self.mailbox.endpoint(base, &["sendMail"]);
        json::<Self>(&url, "", &self.mail)
    }
}
