//! Places.

use http::{Method, Request};
use url::Url;

use crate::error::GraphError;
use crate::operation::{Operation, Repeat, bare, endpoint};
use crate::page::Page;
use crate::types::Room;

/// The tenant's rooms, first page.
///
/// See <https://learn.microsoft.com/graph/api/place-list>.
#[derive(Clone, Copy, Debug)]
pub struct ListRooms {
    /// Rooms per page; Graph's own default is 100.
    pub per_page: u32,
}

impl Operation for ListRooms {
    const METHOD: Method = Method::GET;
    const REPEAT: Repeat = Repeat::Safe;
    type Response = Page<Room>;

    fn build(&self, base: &Url) -> Result<Request<Vec<u8>>, GraphError> {
        let mut url = endpoint(base, &["places", "microsoft.graph.room"]);
        url.query_pairs_mut()
            .append_pair("$top", &self.per_page.to_string());
        bare::<Self>(&url, "")
    }
}
