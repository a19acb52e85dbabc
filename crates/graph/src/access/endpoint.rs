//! The identity provider's token endpoint.
//!
//! See <https://learn.microsoft.com/entra/identity-platform/v2-oauth2-auth-code-flow>.

use std::sync::Arc;
use std::time::Duration;

use http::StatusCode;
use jiff::{SignedDuration, Timestamp};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use url::Url;

use super::Credential;
use crate::ambient::Ambient;
use crate::answer::Answer;
use crate::error::{GraphError, Peer, SignInRefusal};
use crate::retry::retry_after;

/// Largest answer that is read.
const BODY_BYTES_MAX: usize = 1024 * 1024;
/// Longest time the identity provider may take.
const REQUEST_TIME_MAX: Duration = Duration::from_secs(15);

/// What a token is asked for with.
pub(super) enum Grant<'a> {
    /// The application's own permissions.
    ClientCredentials { scope: &'a str },
    /// A person's lasting permission.
    RefreshToken {
        refresh_token: &'a SecretString,
        scope: &'a str,
    },
    /// A token for our own application that a person's client showed us.
    OnBehalfOf {
        assertion: &'a SecretString,
        scope: &'a str,
    },
}

impl<'a> Grant<'a> {
    fn fields(&self) -> Vec<(&'static str, &'a str)> {
        match self {
            Self::ClientCredentials { scope } => {
                vec![("grant_type", "client_credentials"), ("scope", scope)]
            }
            Self::RefreshToken {
                refresh_token,
                scope,
            } => vec![
                ("grant_type", "refresh_token"),
                ("refresh_token", refresh_token.expose_secret()),
                ("scope", scope),
            ],
            Self::OnBehalfOf { assertion, scope } => vec![
                ("grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer"),
                ("assertion", assertion.expose_secret()),
                ("requested_token_use", "on_behalf_of"),
                ("scope", scope),
            ],
        }
    }
}

/// What the identity provider gives.
#[derive(Deserialize)]
pub(super) struct TokenAnswer {
    /// For requests to Graph.
    pub(super) access_token: SecretString,
    /// The access token's life in seconds.
    #[serde(rename = "expires_in")]
    pub(super) expires_in_s: i64,
    /// For the next access token. `None`: keep using the old one, if there was one.
    pub(super) refresh_token: Option<SecretString>,
}

/// No token is believed to last longer, in seconds; Microsoft's last 28 hours at most.
///
/// See <https://learn.microsoft.com/entra/identity-platform/app-resilience-continuous-access-evaluation>.
const LIFE_SECONDS_MAX: i64 = 48 * 3_600;

impl TokenAnswer {
    /// When the access token ends, if the answer came now.
    pub(super) fn expires(&self, now: Timestamp) -> Timestamp {
        let life = SignedDuration::from_secs(self.expires_in_s.clamp(0, LIFE_SECONDS_MAX));
        now.checked_add(life).unwrap_or(Timestamp::MAX)
    }
}

/// Where tokens are had, and by whom.
pub(super) struct TokenEndpoint {
    pub(super) http: reqwest::Client,
    pub(super) url: Url,
    pub(super) client_id: String,
    pub(super) credential: Credential,
    pub(super) ambient: Arc<dyn Ambient>,
}

impl TokenEndpoint {
    /// Exchanges a grant for a token.
    pub(super) async fn exchange(&self, grant: &Grant<'_>) -> Result<TokenAnswer, GraphError> {
        let now = self.ambient.now();
        let proof = self
            .credential
            .proof(&self.url, &self.client_id, now, self.ambient.uuid())?;
        let mut form = grant.fields();
        form.push(("client_id", &self.client_id));
        form.extend(
            proof
                .iter()
                .map(|(name, value)| (*name, value.expose_secret())),
        );
        let request = self
            .http
            .post(self.url.clone())
            .timeout(REQUEST_TIME_MAX)
            .form(&form);
        let response = request.send().await.map_err(unreachable)?;
        told(grant, &Answer::read(response, BODY_BYTES_MAX).await?, now)
    }
}

/// What an answer says, which depends on what was asked with.
fn told(grant: &Grant<'_>, answer: &Answer, now: Timestamp) -> Result<TokenAnswer, GraphError> {
    let status = answer.status;
    if status.is_success() {
        return answer.decode();
    }
    if status.is_server_error() || status == StatusCode::TOO_MANY_REQUESTS {
        let after = retry_after(&answer.headers, now);
        return Err(GraphError::SignInUnavailable { status, after });
    }
    let refusal = SignInRefusal::read(&answer.body);
    Err(match grant {
        Grant::RefreshToken { .. } | Grant::OnBehalfOf { .. } if refusal.grant_is_lost() => {
            GraphError::SignInRefused(refusal)
        }
        _ => GraphError::ApplicationRefused(refusal),
    })
}

fn unreachable(error: reqwest::Error) -> GraphError {
    GraphError::Unreachable(Peer::SignIn, error.without_url())
}

/// When the token of such an answer ends, for tests with any answer.
#[cfg(test)]
pub(crate) fn token_answer(
    status: StatusCode,
    body: Vec<u8>,
    now: Timestamp,
) -> Result<Timestamp, GraphError> {
    let answer = Answer {
        status,
        headers: http::HeaderMap::new(),
        body,
    };
    let grant = Grant::ClientCredentials { scope: "" };
    told(&grant, &answer, now).map(|answer| answer.expires(now))
}
