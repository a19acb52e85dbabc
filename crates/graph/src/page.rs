//! Collections that come in pages.

use std::marker::PhantomData;

use http::{Method, Request};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use url::Url;

use crate::error::GraphError;
use crate::operation::{Mailbox, Operation, Repeat, bare};

/// A page of a collection, or of a round of changes.
///
/// See <https://learn.microsoft.com/graph/paging> and
/// <https://learn.microsoft.com/graph/delta-query-overview>.
#[derive(Clone, PartialEq, Debug, Deserialize)]
pub struct Page<T> {
    /// What is on the page; may be empty although more follows.
    pub value: Vec<T>,
    /// Where the next page is. `None`: this was the last.
    #[serde(rename = "@odata.nextLink")]
    pub next_link: Option<String>,
    /// Where to ask for later changes; only on the last page of a round. `None`: not a round, or not its end.
    #[serde(rename = "@odata.deltaLink")]
    pub delta_link: Option<String>,
}

/// What lists are made of.
pub trait Listed: DeserializeOwned {
    /// Reads a page of such.
    ///
    /// # Errors
    /// When the body is no page, or a member of it is not what it should be.
    fn page(body: &[u8]) -> serde_json::Result<Page<Self>> {
        serde_json::from_slice(body)
    }
}

/// Reads on at a link that Graph gave, verbatim.
#[derive(Clone, Debug)]
pub struct FollowLink<T> {
    link: String,
    mailbox: Option<Mailbox>,
    prefer: String,
    item: PhantomData<fn() -> T>,
}

impl<T> FollowLink<T> {
    /// Follows the link with the same `Prefer` header that the first request had, since links do not carry it.
    pub fn new(link: &str, mailbox: Option<Mailbox>, prefer: &str) -> Self {
        Self {
            link: link.to_owned(),
            mailbox,
            prefer: prefer.to_owned(),
            item: PhantomData,
        }
    }
}

impl<T: Listed> Operation for FollowLink<T> {
    const METHOD: Method = Method::GET;
    const REPEAT: Repeat = Repeat::Safe;
    type Response = Page<T>;

    fn mailbox(&self) -> Option<&Mailbox> {
        self.mailbox.as_ref()
    }

    fn read(body: &[u8]) -> serde_json::Result<Self::Response> {
        T::page(body)
    }

    fn build(&self, base: &Url) -> Result<Request<Vec<u8>>, GraphError> {
        let link = own_link(base, &self.link)?;
        bare::<Self>(&link, &self.prefer)
    }
}

/// The link, if it leads to the Graph that was configured: the token must not be sent anywhere else.
///
/// # Errors
/// [`GraphError::ForeignLink`] when it leads elsewhere or is no address at all.
pub fn own_link(base: &Url, link: &str) -> Result<Url, GraphError> {
    let foreign = || GraphError::ForeignLink { request_id: None };
    let url = Url::parse(link).map_err(|_| foreign())?;
    let plain = url.username().is_empty() && url.password().is_none();
    if plain && url.origin() == base.origin() && url.path().starts_with(base.path()) {
        Ok(url)
    } else {
        Err(foreign())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_to_another_host_scheme_port_or_api_is_not_followed() {
        let base = Url::parse("https://graph.microsoft.com/v1.0/").unwrap();
        let good = "https://graph.microsoft.com/v1.0/users/r@contoso.com/calendarView/delta()?$deltatoken=a";
        assert_eq!(own_link(&base, good).unwrap().as_str(), good);
        for bad in [
            "https://graph.contoso.com/v1.0/users",
            "http://graph.microsoft.com/v1.0/users",
            "https://graph.microsoft.com:8443/v1.0/users",
            "https://graph.microsoft.com/beta/users",
            "https://graph.microsoft.com@contoso.com/v1.0/users",
            "https://x:y@graph.microsoft.com/v1.0/users",
            "not an address",
        ] {
            assert!(
                matches!(own_link(&base, bad), Err(GraphError::ForeignLink { .. })),
                "{bad}"
            );
        }
    }

    #[test]
    fn an_empty_page_with_a_next_link_is_not_the_end() {
        let page: Page<serde_json::Value> = serde_json::from_str(
            r#"{"value":[],"@odata.nextLink":"https://graph.microsoft.com/v1.0/x"}"#,
        )
        .unwrap();
        assert!(page.value.is_empty() && page.next_link.is_some() && page.delta_link.is_none());
    }
}
