//! The tenant's organisation.

use http::{Method, Request};
use url::Url;

use crate::error::GraphError;
use crate::operation::{Operation, Repeat, bare, endpoint};
use crate::page::Page;
use crate::types::Organization;

/// Reads the organisation; a collection of one. A cheap way to see whether a connection works.
///
/// See <https://learn.microsoft.com/graph/api/organization-list>.
#[derive(Clone, Copy, Debug)]
pub struct ListOrganization;

impl Operation for ListOrganization {
    const METHOD: Method = Method::GET;
    const REPEAT: Repeat = Repeat::Safe;
    type Response = Page<Organization>;

    fn build(&self, base: &Url) -> Result<Request<Vec<u8>>, GraphError> {
        let mut url = endpoint(base, &["organization"]);
        url.query_pairs_mut()
            .append_pair("$select", "id,displayName");
        bare::<Self>(&url, "")
    }
}
