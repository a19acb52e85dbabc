//! People and resource mailboxes in the directory.

use http::{Method, Request};
use url::Url;

use crate::error::GraphError;
use crate::operation::{Mailbox, Operation, Repeat, bare};
use crate::types::User;

/// Reads one entry of the directory.
///
/// See <https://learn.microsoft.com/graph/api/user-get>.
#[derive(Clone, Debug)]
pub struct GetUser {
    /// Whose.
    pub mailbox: Mailbox,
}

impl Operation for GetUser {
    const METHOD: Method = Method::GET;
    const REPEAT: Repeat = Repeat::Safe;
    type Response = User;

    fn build(&self, base: &Url) -> Result<Request<Vec<u8>>, GraphError> {
        let mut url = self.mailbox.endpoint(base, &[]);
        url.query_pairs_mut()
            .append_pair("$select", "id,displayName,mail,userPrincipalName");
        bare::<Self>(&url, "")
    }
}
