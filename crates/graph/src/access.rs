//! Whose token a request carries, and how tokens are had.
//!
//! The application itself gets tokens by its credential, a secret or a certificate. For a person, a refresh token is exchanged; it comes from
//! the person's sign-in or from the token that the Outlook pane showed us (on-behalf-of), and is kept elsewhere. The booking mailbox may act
//! as a service account, which is a person nobody is: its refresh token is had and kept like any other, but when it is lost, an
//! administrator has to sign the account in again, not whoever wanted the room.
//! Access tokens live in memory only, one slot per identity: whoever finds a slot empty or nearly expired renews it. The
//! others use the old token while it works; else they wait for the result and share it, also when it is a failure.

mod certificate;
mod credential;
mod endpoint;
mod slots;

use std::sync::Arc;

use async_trait::async_trait;
use jiff::SignedDuration;
use secrecy::{ExposeSecret, SecretString};
use tokio::time::Instant;
use url::Url;
use uuid::Uuid;

use crate::ambient::Ambient;
use crate::error::{GraphError, Peer};

pub use certificate::{Certificate, CertificateError};
pub use credential::Credential;
#[cfg(test)]
pub(crate) use endpoint::token_answer;

use endpoint::{Grant, TokenAnswer, TokenEndpoint};
use slots::{Slots, Token};

/// A token with less than this left is renewed.
const RENEW_BEFORE_EXPIRY: SignedDuration = SignedDuration::from_mins(5);

/// In whose name a request is sent.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Identity {
    /// The application, with its own permissions.
    Application,
    /// A person, with the permissions they delegated.
    Person(PersonKey),
    /// A person in calendars that others share with them, which needs a permission of its own.
    Delegate(PersonKey),
    /// The booking mailbox's own account, with the permissions it delegated when it was signed in.
    ServiceAccount(PersonKey),
}

/// A person as the `tid` and `oid` claims name them.
///
/// See <https://learn.microsoft.com/entra/identity-platform/access-token-claims-reference>.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct PersonKey {
    /// The person's tenant.
    pub tenant: Uuid,
    /// The person in that tenant.
    pub object: Uuid,
}

/// Where people's refresh tokens are kept.
#[async_trait]
pub trait RefreshTokens: Send + Sync {
    /// The person's refresh token. `None`: there is none.
    async fn load(&self, person: PersonKey) -> Result<Option<SecretString>, GraphError>;
    /// Keeps a newer one.
    async fn keep(&self, person: PersonKey, token: &SecretString) -> Result<(), GraphError>;
    /// Forgets it, because it is worth nothing any more.
    async fn forget(&self, person: PersonKey) -> Result<(), GraphError>;
}

/// The application's registration in one tenant.
#[derive(Clone, Debug)]
pub struct Registration {
    /// The identity provider's origin, such as `https://login.microsoftonline.com`.
    pub login_url: Url,
    /// The tenant's id or domain.
    pub tenant: String,
    /// The application (client) id.
    pub client_id: String,
    /// What the application proves itself with.
    pub credential: Credential,
    /// The origin that names Graph in scopes, such as `https://graph.microsoft.com`, without a slash at the end.
    pub resource: String,
}

/// Gives tokens for one connection.
pub struct GraphAccess {
    endpoint: TokenEndpoint,
    refresh_tokens: Arc<dyn RefreshTokens>,
    ambient: Arc<dyn Ambient>,
    slots: Slots,
    application_scope: String,
    person_scope: String,
    delegate_scope: String,
}

impl GraphAccess {
    /// Access by this registration.
    ///
    /// # Errors
    /// [`GraphError::Configuration`] when the identity provider's address cannot be used.
    pub fn new(
        registration: Registration,
        http: reqwest::Client,
        ambient: Arc<dyn Ambient>,
        refresh_tokens: Arc<dyn RefreshTokens>,
    ) -> Result<Self, GraphError> {
        let mut url = registration.login_url;
        url.path_segments_mut()
            .map_err(|()| GraphError::Configuration(Peer::SignIn))?
            .pop_if_empty()
            .extend([registration.tenant.as_str(), "oauth2", "v2.0", "token"]);
        Ok(Self {
            endpoint: TokenEndpoint {
                http,
                url,
                client_id: registration.client_id,
                credential: registration.credential,
                ambient: Arc::clone(&ambient),
            },
            refresh_tokens,
            ambient,
            slots: Slots::default(),
            application_scope: format!("{}/.default", registration.resource),
            person_scope: format!(
                "{}/Calendars.ReadWrite offline_access",
                registration.resource
            ),
            delegate_scope: format!(
                "{}/Calendars.ReadWrite.Shared offline_access",
                registration.resource
            ),
        })
    }

    /// An access token, from memory or new.
    ///
    /// # Errors
    /// [`GraphError::NoGrant`] and [`GraphError::SignInRefused`] when the person must act;
    /// [`GraphError::ServiceAccountSignedOut`] and [`GraphError::ApplicationRefused`] when an administrator must;
    /// [`GraphError::SignInUnavailable`], [`GraphError::SignInFailing`] and [`GraphError::Unreachable`] when it may work later.
    pub async fn token(&self, who: &Identity) -> Result<SecretString, GraphError> {
        let asked_at = Instant::now();
        let now = self.ambient.now();
        let slot = self.slots.slot(who, now);
        if let Some(text) = slot.lasting(now, RENEW_BEFORE_EXPIRY) {
            return Ok(text);
        }
        let _turn = match slot.renewing.try_lock() {
            Ok(turn) => turn,
            Err(_) => {
                if let Some(text) = slot.lasting(now, SignedDuration::ZERO) {
                    return Ok(text);
                }
                slot.renewing.lock().await
            }
        };
        let now = self.ambient.now();
        if let Some(text) = slot.lasting(now, RENEW_BEFORE_EXPIRY) {
            return Ok(text);
        }
        if let Some(spared) = slot.spared(asked_at, now) {
            return spared;
        }
        match self.renew(who).await {
            Ok(token) => {
                let text = token.text.clone();
                slot.fill(token);
                Ok(text)
            }
            // The old one still works for some minutes: better than failing now.
            Err(error) if may_pass(&error) => {
                slot.fail(&error);
                let old = slot.lasting(self.ambient.now(), SignedDuration::ZERO);
                old.ok_or(error)
            }
            Err(error) => {
                slot.refuse(&error);
                Err(error)
            }
        }
    }

    /// Forgets an access token that Graph refused, unless it has been renewed meanwhile.
    pub fn discard(&self, who: &Identity, refused: &SecretString) {
        let slot = self.slots.slot(who, self.ambient.now());
        slot.discard(refused);
    }

    /// Turns a token that was issued to us for a person into a lasting permission, and keeps it.
    ///
    /// See <https://learn.microsoft.com/entra/identity-platform/v2-oauth2-on-behalf-of-flow>.
    ///
    /// # Errors
    /// [`GraphError::SignInRefused`] when consent is missing or the token is not for us;
    /// [`GraphError::ApplicationRefused`] when our credential is; [`GraphError::NotLasting`] when no refresh token comes back.
    pub async fn adopt_assertion(
        &self,
        person: PersonKey,
        assertion: &SecretString,
    ) -> Result<(), GraphError> {
        let who = Identity::Person(person);
        let slot = self.slots.slot(&who, self.ambient.now());
        let _turn = slot.renewing.lock().await;
        let grant = Grant::OnBehalfOf {
            assertion,
            scope: &self.person_scope,
        };
        let answer = self.endpoint.exchange(&grant).await?;
        let refresh_token = answer
            .refresh_token
            .as_ref()
            .ok_or(GraphError::NotLasting)?;
        self.refresh_tokens.keep(person, refresh_token).await?;
        slot.fill(self.received(answer));
        Ok(())
    }

    async fn renew(&self, who: &Identity) -> Result<Token, GraphError> {
        let answer = match who {
            Identity::Application => {
                let grant = Grant::ClientCredentials {
                    scope: &self.application_scope,
                };
                self.endpoint.exchange(&grant).await?
            }
            Identity::Person(person) => self.refresh(*person, &self.person_scope).await?,
            Identity::Delegate(person) => self.refresh(*person, &self.delegate_scope).await?,
            Identity::ServiceAccount(account) => {
                let refreshed = self.refresh(*account, &self.person_scope).await;
                refreshed.map_err(of_service_account)?
            }
        };
        Ok(self.received(answer))
    }

    async fn refresh(&self, person: PersonKey, scope: &str) -> Result<TokenAnswer, GraphError> {
        let mut refused: Option<SecretString> = None;
        loop {
            let Some(refresh_token) = self.refresh_tokens.load(person).await? else {
                return Err(GraphError::NoGrant);
            };
            let grant = Grant::RefreshToken {
                refresh_token: &refresh_token,
                scope,
            };
            match self.endpoint.exchange(&grant).await {
                Ok(answer) => {
                    if let Some(rotated) = &answer.refresh_token {
                        self.refresh_tokens.keep(person, rotated).await?;
                    }
                    return Ok(answer);
                }
                // What the person did give is as good as before: it is a further permission that is not consented to.
                Err(GraphError::SignInRefused(refusal))
                    if refusal.lacks_consent() && scope == self.delegate_scope =>
                {
                    return Err(GraphError::ConsentMissing(refusal));
                }
                Err(GraphError::SignInRefused(refusal)) => {
                    // Another process may have rotated the token between our reading and our asking.
                    let newest = self.refresh_tokens.load(person).await?;
                    let replaced = newest.is_some_and(|newest| !same(&newest, &refresh_token));
                    if replaced && refused.is_none() {
                        refused = Some(refresh_token);
                        continue;
                    }
                    if !replaced {
                        self.refresh_tokens.forget(person).await?;
                    }
                    return Err(GraphError::SignInRefused(refusal));
                }
                Err(error) => return Err(error),
            }
        }
    }

    fn received(&self, answer: TokenAnswer) -> Token {
        Token {
            expires: answer.expires(self.ambient.now()),
            text: answer.access_token,
        }
    }
}

impl std::fmt::Debug for GraphAccess {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("GraphAccess").finish_non_exhaustive()
    }
}

fn same(one: &SecretString, other: &SecretString) -> bool {
    one.expose_secret() == other.expose_secret()
}

/// Nobody sits behind a service account who would see that it has to sign in.
fn of_service_account(error: GraphError) -> GraphError {
    match error {
        GraphError::NoGrant | GraphError::SignInRefused(_) => {
            GraphError::ServiceAccountSignedOut(Box::new(error))
        }
        other => other,
    }
}

fn may_pass(error: &GraphError) -> bool {
    matches!(
        error,
        GraphError::SignInUnavailable { .. }
            | GraphError::Unreachable(..)
            | GraphError::Truncated { .. }
            | GraphError::Keeper(_)
    )
}
