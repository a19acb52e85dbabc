//! Follows the pages of a collection to their end, within bounds: whoever answers must not decide how long that is.

use std::collections::HashSet;

use tokio::time::Instant;

use super::GraphClient;
use crate::access::Identity;
use crate::answer::Answered;
use crate::error::GraphError;
use crate::operation::Operation;
use crate::page::{FollowLink, Listed, Page};

/// Most pages that [`GraphClient::all_pages`] follows.
const PAGES_MAX: usize = 500;
/// Most bytes that it reads in all.
const BYTES_MAX: usize = 64 * 1024 * 1024;

impl GraphClient {
    /// Sends an operation and follows its pages to the end; what is on each.
    ///
    /// # Errors
    /// As [`GraphClient::send`], or when the pages do not end, are too large together, or take longer than
    /// [`crate::retry::RetryPolicy::pages_max`].
    pub async fn all_pages<O, T>(
        &self,
        who: &Identity,
        operation: &O,
        prefer: &str,
    ) -> Result<Vec<Answered<Vec<T>>>, GraphError>
    where
        O: Operation<Response = Page<T>>,
        T: Listed,
    {
        let started = Instant::now();
        let mut followed = HashSet::new();
        let mut pages = Vec::new();
        let mut bytes = 0;
        let mut answer = self.exchange(who, operation).await?;
        loop {
            bytes += answer.body.len();
            let Answered { body, request_id } = answer.answered(T::page)?;
            pages.push(Answered {
                body: body.value,
                request_id: request_id.clone(),
            });
            let Some(link) = body.next_link else {
                return Ok(pages);
            };
            if bytes > BYTES_MAX {
                return Err(GraphError::TooLarge {
                    request_id,
                    max_bytes: BYTES_MAX,
                });
            }
            let endless = |why| GraphError::PagesEndless {
                request_id: request_id.clone(),
                why,
            };
            if pages.len() >= PAGES_MAX {
                return Err(endless("there are more than 500"));
            }
            if !followed.insert(link.clone()) {
                return Err(endless("a link leads back to a page that was read"));
            }
            if started.elapsed() >= self.policy.pages_max {
                return Err(GraphError::PagesSlow {
                    pages: pages.len(),
                    within: self.policy.pages_max,
                });
            }
            let follow = FollowLink::<T>::new(&link, operation.mailbox().cloned(), prefer);
            let next = self.exchange(who, &follow).await;
            answer = next.map_err(|error| error.of_request(request_id.as_deref()))?;
        }
    }
}
