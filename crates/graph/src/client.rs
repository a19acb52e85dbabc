//! Sends operations: token, lane, wait, request, repeat, decode.

mod batches;
mod owners;
mod pages;
mod sharing;

use std::sync::Arc;
use std::time::Duration;

use http::{HeaderValue, StatusCode, header};
use secrecy::{ExposeSecret, SecretString};
use tokio::sync::SemaphorePermit;
use tokio::time::Instant;
use url::Url;

use crate::access::{GraphAccess, Identity, PersonKey};
use crate::ambient::Ambient;
use crate::answer::{Answer, Answered};
use crate::budget::Budget;
use crate::error::{ErrorAnswer, GraphError, Peer, Throttle};
use crate::operation::{Mailbox, Operation};
use crate::retry::{
    Outcome, RetryPolicy, Spent, Verdict, WaitScope, judge, retry_after, spread, wait_scope,
};
use crate::throttle::{Lane, Lanes, Limits, SharedWait};

use owners::{Owners, Whose};

pub use batches::Steps;
pub use sharing::AskedWait;

/// Longest time one request may take, the body included. getSchedule is known to take 20 s.
const REQUEST_TIME_MAX: Duration = Duration::from_secs(30);
/// Largest body that is read.
const BODY_BYTES_MAX: usize = 16 * 1024 * 1024;

/// Graph, as one connection sees it.
pub struct GraphClient {
    http: reqwest::Client,
    base: Url,
    access: Arc<GraphAccess>,
    ambient: Arc<dyn Ambient>,
    policy: RetryPolicy,
    wait: SharedWait,
    budget: Budget,
    lanes: Lanes<Whose>,
    owners: Owners,
}

impl GraphClient {
    /// A client for the Graph at `graph_url`, an origin such as `https://graph.microsoft.com`; the version is added.
    ///
    /// # Errors
    /// [`GraphError::Configuration`] when the address cannot be a base.
    pub fn new(
        graph_url: &Url,
        http: reqwest::Client,
        access: Arc<GraphAccess>,
        ambient: Arc<dyn Ambient>,
    ) -> Result<Self, GraphError> {
        Ok(Self {
            http,
            base: versioned(graph_url)?,
            access,
            ambient,
            policy: RetryPolicy::default(),
            wait: SharedWait::default(),
            budget: Budget::new(Limits::default().per_application),
            lanes: Lanes::new(Limits::default().per_mailbox),
            owners: Owners::default(),
        })
    }

    /// The same with other limits than those that Microsoft documents.
    #[must_use]
    pub fn with_limits(mut self, limits: Limits) -> Self {
        self.budget = Budget::new(limits.per_application);
        self.lanes = Lanes::new(limits.per_mailbox);
        self
    }

    /// The same, spending something else than usual on a call.
    #[must_use]
    pub fn with_policy(mut self, policy: RetryPolicy) -> Self {
        self.policy = policy;
        self
    }

    /// The same, knowing that this account's mailbox has this address: its own requests and those of others to the address
    /// keep one limit.
    #[must_use]
    pub fn with_address_of(mut self, account: PersonKey, address: &str) -> Self {
        self.owners.know(account.object, address);
        self
    }

    /// The address below which all of Graph lies, version included.
    pub fn base(&self) -> &Url {
        &self.base
    }

    /// Sends an operation as somebody and decodes the answer.
    ///
    /// Repeats when Graph asks for it, within the policy; a token that is refused is renewed once.
    ///
    /// # Errors
    /// As in [`GraphError`].
    pub async fn send<O: Operation>(
        &self,
        who: &Identity,
        operation: &O,
    ) -> Result<O::Response, GraphError> {
        Ok(self.answer_to(who, operation).await?.body)
    }

    /// As [`GraphClient::send`], with Microsoft's name for the request beside the answer.
    ///
    /// # Errors
    /// As [`GraphClient::send`].
    pub async fn answer_to<O: Operation>(
        &self,
        who: &Identity,
        operation: &O,
    ) -> Result<Answered<O::Response>, GraphError> {
        self.exchange(who, operation).await?.answered(O::read)
    }

    /// The answer that says the operation is done, not decoded yet.
    async fn exchange<O: Operation>(
        &self,
        who: &Identity,
        operation: &O,
    ) -> Result<Answer, GraphError> {
        let started = Instant::now();
        let mut attempts = 0;
        let mut token_renewed = false;
        let lane = self.lane(who, operation.mailbox());
        let lane = lane.as_deref();
        loop {
            attempts += 1;
            let token = self.access.token(who).await?;
            let place = self.enter(lane, 1, started).await?;
            let sent = self.attempt(operation, &token).await;
            drop(place);
            let spent = Spent {
                attempts,
                time: started.elapsed(),
                jitter: self.jitter(),
            };
            match sent {
                Ok(answer) if answer.status.is_success() => return Ok(answer),
                Ok(answer) if answer.status == StatusCode::UNAUTHORIZED && !token_renewed => {
                    token_renewed = true;
                    self.access.discard(who, &token);
                }
                Ok(answer) => {
                    let waited = self.wait_or_fail::<O>(lane, spent, &answer).await;
                    waited.map_err(|error| blamed_on(who, error))?;
                }
                Err(error) => self.wait_or_give_up::<O>(spent, error).await?,
            }
        }
    }

    async fn attempt<O: Operation>(
        &self,
        operation: &O,
        token: &SecretString,
    ) -> Result<Answer, GraphError> {
        let mut request = operation.build(&self.base)?;
        let mut bearer = HeaderValue::from_str(&format!("Bearer {}", token.expose_secret()))
            .map_err(http::Error::from)?;
        bearer.set_sensitive(true);
        request.headers_mut().insert(header::AUTHORIZATION, bearer);
        let id =
            HeaderValue::from_str(&self.ambient.uuid().to_string()).map_err(http::Error::from)?;
        request.headers_mut().insert("client-request-id", id);
        let mut request = reqwest::Request::try_from(request).map_err(unreachable)?;
        *request.timeout_mut() = Some(REQUEST_TIME_MAX);
        let response = self.http.execute(request).await.map_err(unreachable)?;
        Answer::read(response, BODY_BYTES_MAX).await
    }

    /// Waits for so many places in the mailbox's lane, for what Graph asked everybody to wait, and for the budgets, no longer
    /// than a call may take.
    async fn enter<'l>(
        &self,
        lane: Option<&'l Lane>,
        requests: u32,
        started: Instant,
    ) -> Result<Option<SemaphorePermit<'l>>, GraphError> {
        let place = self.place(lane, requests, started).await?;
        loop {
            let asked = lane.map_or(Duration::ZERO, |lane| lane.wait.left());
            let asked = asked.max(self.wait.left());
            let (after, by) = if asked.is_zero() {
                match self.spend(lane, requests) {
                    Ok(()) => return Ok(place),
                    Err(after) => (after, Throttle::OwnBudget),
                }
            } else {
                (asked, Throttle::Graph)
            };
            if started.elapsed().saturating_add(after) > self.policy.total_max {
                return Err(GraphError::Throttled { after, by });
            }
            tokio::time::sleep(spread(after, self.jitter())).await;
        }
    }

    /// So many places in the lane, or the error that others held them for as long as a call may take.
    async fn place<'l>(
        &self,
        lane: Option<&'l Lane>,
        requests: u32,
        started: Instant,
    ) -> Result<Option<SemaphorePermit<'l>>, GraphError> {
        let Some(lane) = lane else { return Ok(None) };
        let patience = self.policy.total_max.saturating_sub(started.elapsed());
        let places = lane.places.take(requests as usize);
        match tokio::time::timeout(patience, places).await {
            Ok(place) => Ok(place),
            Err(_) => Err(GraphError::NoPlace {
                waited: started.elapsed(),
            }),
        }
    }

    /// Spends of both budgets, or of none.
    fn spend(&self, lane: Option<&Lane>, requests: u32) -> Result<(), Duration> {
        let now = self.ambient.now();
        self.budget.spend(requests, now)?;
        let spent = lane.map_or(Ok(()), |lane| lane.budget.spend(requests, now));
        spent.inspect_err(|_| self.budget.give_back(requests, now))
    }

    /// The way to the mailbox. `None`: the request goes to none.
    fn lane(&self, who: &Identity, mailbox: Option<&Mailbox>) -> Option<Arc<Lane>> {
        let whose = self.owners.whose(who, mailbox?);
        Some(self.lanes.lane(whose, self.ambient.now()))
    }

    /// A random byte.
    fn jitter(&self) -> u8 {
        self.ambient.uuid().as_bytes()[0]
    }

    async fn wait_or_fail<O: Operation>(
        &self,
        lane: Option<&Lane>,
        spent: Spent,
        answer: &Answer,
    ) -> Result<(), GraphError> {
        let asked = retry_after(&answer.headers, self.ambient.now());
        let error = ErrorAnswer::read(answer.status, &answer.headers, &answer.body, asked);
        tracing::debug!(
            status = error.status.as_u16(),
            code = %error.code,
            request_id = error.request_id.as_deref(),
            attempt = spent.attempts,
            "Graph answered with an error."
        );
        let (verdict, after) = self.hold::<O>(lane, spent, &error);
        match verdict {
            Verdict::Retry { .. } => {
                tokio::time::sleep(after).await;
                Ok(())
            }
            Verdict::GiveUp => Err(GraphError::Answer(Box::new(error))),
        }
    }

    /// Makes everybody wait whom a refusal concerns, and says what becomes of the request itself and how long it waits
    /// beside that.
    fn hold<O: Operation>(
        &self,
        lane: Option<&Lane>,
        spent: Spent,
        refusal: &ErrorAnswer,
    ) -> (Verdict, Duration) {
        let outcome = Outcome::Refused {
            status: refusal.status,
            asked: refusal.retry_after,
        };
        let verdict = judge(&self.policy, spent, O::REPEAT, outcome);
        let after = match verdict {
            Verdict::Retry { after } => after,
            Verdict::GiveUp => refusal.retry_after.unwrap_or_default(),
        };
        // Others must wait even when this call gives up; each of them spreads the wait for itself.
        let shared = refusal.retry_after.unwrap_or(after);
        match wait_scope(refusal) {
            WaitScope::Mailbox => lane.map_or(&self.wait, |lane| &lane.wait).extend(shared),
            WaitScope::Connection => self.wait.extend(shared),
            WaitScope::Request => return (verdict, after),
        }
        (verdict, Duration::ZERO)
    }
}

impl GraphClient {
    /// After a request without a whole answer.
    async fn wait_or_give_up<O: Operation>(
        &self,
        spent: Spent,
        error: GraphError,
    ) -> Result<(), GraphError> {
        let is_lost = matches!(
            error,
            GraphError::Unreachable(..) | GraphError::Truncated { .. }
        );
        match judge(&self.policy, spent, O::REPEAT, Outcome::Unknown) {
            Verdict::Retry { after } if is_lost => {
                tracing::debug!(attempt = spent.attempts, %error, "Graph's answer was lost.");
                tokio::time::sleep(after).await;
                Ok(())
            }
            _ => Err(error),
        }
    }
}

impl std::fmt::Debug for GraphClient {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("GraphClient")
            .field("base", &self.base.as_str())
            .finish_non_exhaustive()
    }
}

fn versioned(graph_url: &Url) -> Result<Url, GraphError> {
    let mut base = graph_url.clone();
    base.set_query(None);
    base.set_fragment(None);
    base.path_segments_mut()
        .map_err(|()| GraphError::Configuration(Peer::Graph))?
        .pop_if_empty()
        .extend(["v1.0", ""]);
    Ok(base)
}

/// A fresh token that is not taken is the trouble of whoever it was given to.
fn blamed_on(who: &Identity, error: GraphError) -> GraphError {
    match (who, error) {
        (Identity::Application, GraphError::Answer(answer))
            if answer.status == StatusCode::UNAUTHORIZED =>
        {
            GraphError::ApplicationUnauthorized(answer)
        }
        (Identity::ServiceAccount(_), GraphError::Answer(answer))
            if answer.status == StatusCode::UNAUTHORIZED =>
        {
            GraphError::ServiceAccountSignedOut(Box::new(GraphError::Answer(answer)))
        }
        (_, error) => error,
    }
}

/// The address is taken out of the error, because links hold cursors.
fn unreachable(error: reqwest::Error) -> GraphError {
    GraphError::Unreachable(Peer::Graph, error.without_url())
}
