//! Sign-in to the portal: OpenID Connect, authorization code with PKCE.
//!
//! See <https://learn.microsoft.com/entra/identity-platform/v2-oauth2-auth-code-flow>.
//! Beside who the person is, sign-in brings the lasting permission to write in their calendar.

use std::time::Duration;

use booking::ids::MailboxAddress;
use booking::person::{Person, PersonId};
use graph::error::TENANT_GONE;
use openidconnect::core::{
    CoreAuthDisplay, CoreAuthPrompt, CoreErrorResponseType, CoreGenderClaim, CoreJsonWebKey,
    CoreJweContentEncryptionAlgorithm, CoreJwsSigningAlgorithm, CoreResponseType,
    CoreRevocableToken, CoreRevocationErrorResponse, CoreTokenIntrospectionResponse, CoreTokenType,
};
use openidconnect::{
    AdditionalClaims, AuthenticationFlow, AuthorizationCode, ClaimsVerificationError, Client,
    ClientId, CsrfToken, EmptyExtraTokenFields, EndpointMaybeSet, EndpointNotSet, EndpointSet,
    IdTokenFields, Nonce, OAuth2TokenResponse, PkceCodeChallenge, PkceCodeVerifier, RedirectUrl,
    RequestTokenError, Scope, SignatureVerificationError, StandardErrorResponse,
    StandardTokenResponse, TokenResponse,
};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use store::StoreError;
use url::Url;
use uuid::Uuid;

use super::metadata::{KEPT_MS, KEPT_MS_FOR_NEW_KEY};
use super::remembered::Remembered;
use super::session::random_text;
use super::{SignIn, Tenant};

/// What stands before each of the identity provider's numbers.
const NUMBER_SIGN: &str = "AADSTS";
/// What we ask of the identity provider itself.
const SCOPES: [&str; 3] = ["profile", "email", "offline_access"];
/// What we ask to do for the person, of Graph.
const GRAPH_SCOPE: &str = "Calendars.ReadWrite";

/// Claims of Entra beyond the standard ones.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct EntraClaims {
    tid: Uuid,
    oid: Uuid,
}

impl AdditionalClaims for EntraClaims {}

type Fields = IdTokenFields<
    EntraClaims,
    EmptyExtraTokenFields,
    CoreGenderClaim,
    CoreJweContentEncryptionAlgorithm,
    CoreJwsSigningAlgorithm,
>;

type EntraClient = Client<
    EntraClaims,
    CoreAuthDisplay,
    CoreGenderClaim,
    CoreJweContentEncryptionAlgorithm,
    CoreJsonWebKey,
    CoreAuthPrompt,
    StandardErrorResponse<CoreErrorResponseType>,
    StandardTokenResponse<Fields, CoreTokenType>,
    CoreTokenIntrospectionResponse,
    CoreRevocableToken,
    CoreRevocationErrorResponse,
    EndpointSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointMaybeSet,
    EndpointMaybeSet,
>;

/// Why nobody could be signed in.
#[derive(Debug, thiserror::Error)]
pub enum OidcError {
    /// There is no connection yet.
    #[error("no tenant is connected")]
    NoTenant,
    /// The identity provider cannot be reached or answers nonsense.
    #[error("the identity provider could not be asked: {context}")]
    Provider {
        /// What was asked and what it said, without secrets.
        context: String,
    },
    /// The identity provider does not take the code or what came with it: it is too old, was used
    /// before, or our application is not set up as it should be.
    #[error("the identity provider refused the sign-in: {context}")]
    Refused {
        /// What it said, without secrets.
        context: String,
    },
    /// The tenant is not there any more, or no longer knows our application: it has to be connected anew.
    #[error("the tenant is gone, or knows the application no more: {context}")]
    TenantGone {
        /// What the identity provider said, without secrets.
        context: String,
    },
    /// What came back is not what was asked for.
    #[error("the sign-in came back wrong: {0}")]
    Mismatch(&'static str),
    /// The ID token is not believed: it was signed by somebody else, is for somebody else, too old,
    /// or of another sign-in.
    #[error("the ID token is not valid")]
    IdToken(#[from] ClaimsVerificationError),
    /// The store failed.
    #[error("the session could not be kept")]
    Store(#[from] StoreError),
}

/// Where to send the person, and what their browser is to remember until they are back.
#[derive(Debug)]
pub struct SignInStart {
    /// The identity provider's page.
    pub url: Url,
    /// Goes into a short-lived cookie, and comes back with the person: [`SignIn::remembered`] reads it.
    pub cookie: String,
}

/// Somebody has signed in.
#[derive(Debug)]
pub struct SignedIn {
    /// Who.
    pub person: Person,
    /// The session cookie.
    pub cookie: String,
}

impl SignIn {
    /// Begins a sign-in that comes back to `redirect`.
    ///
    /// # Errors
    /// [`OidcError::NoTenant`], [`OidcError::Provider`].
    pub async fn start(&self, redirect: &Url, return_to: &str) -> Result<SignInStart, OidcError> {
        let tenant = self.first_tenant().ok_or(OidcError::NoTenant)?;
        let client = self.oidc_client(tenant, redirect, KEPT_MS).await?;
        let state = random_text(self.random.as_ref());
        let nonce = random_text(self.random.as_ref());
        let verifier = random_text(self.random.as_ref());
        let challenge =
            PkceCodeChallenge::from_code_verifier_sha256(&PkceCodeVerifier::new(verifier.clone()));
        let (csrf, nonce_text) = (state.clone(), nonce.clone());
        let (url, _, _) = client
            .authorize_url(
                AuthenticationFlow::<CoreResponseType>::AuthorizationCode,
                move || CsrfToken::new(csrf),
                move || Nonce::new(nonce_text),
            )
            .add_scopes(SCOPES.map(|scope| Scope::new(scope.to_owned())))
            .add_scope(Scope::new(format!("{}/{GRAPH_SCOPE}", self.graph_resource)))
            .set_pkce_challenge(challenge)
            .url();
        let remembered = Remembered {
            state,
            nonce,
            verifier,
            begun_at: self.clock.now(),
            return_to: return_to.to_owned(),
        };
        let cookie = remembered
            .seal(self.store.sealing_key(), self.random.as_ref())
            .map_err(StoreError::from)?;
        Ok(SignInStart { url, cookie })
    }

    /// What a sign-in that was begun here gave the browser. `None`: it is another's, or too old.
    pub fn remembered(&self, cookie: &str) -> Option<Remembered> {
        Remembered::unseal(cookie, self.store.sealing_key(), self.clock.now())
    }

    /// Ends a sign-in: checks what came back, keeps person and permission, begins a session.
    ///
    /// # Errors
    /// [`OidcError`] saying what was wrong.
    pub async fn finish(
        &self,
        redirect: &Url,
        remembered: Remembered,
        state: &str,
        code: String,
    ) -> Result<SignedIn, OidcError> {
        if state != remembered.state {
            return Err(OidcError::Mismatch("state"));
        }
        let tenant = self.first_tenant().ok_or(OidcError::NoTenant)?;
        let client = self.oidc_client(tenant, redirect, KEPT_MS).await?;
        let http = |request| send(self.http.clone(), request);
        let mut exchange = client
            .exchange_code(AuthorizationCode::new(code))
            .map_err(|error| provider(&error))?
            .set_pkce_verifier(PkceCodeVerifier::new(remembered.verifier));
        for (name, value) in self.proof(tenant, &client)? {
            exchange = exchange.add_extra_param(name, value.expose_secret().to_owned());
        }
        let tokens = exchange
            .request_async(&http)
            .await
            .map_err(|error| match &error {
                RequestTokenError::ServerResponse(_) => refused(with_causes(&error)),
                _ => provider(&error),
            })?;
        let id_token = tokens
            .id_token()
            .ok_or(OidcError::Mismatch("no ID token"))?;
        let nonce = Nonce::new(remembered.nonce);
        let claims = match id_token.claims(&client.id_token_verifier(), &nonce) {
            // The identity provider may sign with a key that it did not have when it was asked.
            Err(ClaimsVerificationError::SignatureVerification(
                SignatureVerificationError::NoMatchingKey,
            )) => {
                let client = self
                    .oidc_client(tenant, redirect, KEPT_MS_FOR_NEW_KEY)
                    .await?;
                id_token.claims(&client.id_token_verifier(), &nonce)
            }
            checked => checked,
        }?;
        let entra = claims.additional_claims();
        if entra.tid != tenant.tenant {
            return Err(OidcError::Mismatch("tenant"));
        }
        let username = claims
            .preferred_username()
            .ok_or(OidcError::Mismatch("no user name"))?;
        let address = MailboxAddress::parse(username.as_str())
            .map_err(|_| OidcError::Mismatch("user name"))?;
        let person = Person {
            id: PersonId {
                tenant: entra.tid,
                object: entra.oid,
            },
            display_name: claims
                .name()
                .and_then(|name| name.get(None))
                .map_or_else(|| address.to_string(), |name| name.as_str().to_owned()),
            address,
        };
        let now = self.clock.now();
        self.store.upsert_person(&person).await?;
        if let Some(refresh) = tokens.refresh_token() {
            let refresh = SecretString::from(refresh.secret().as_str());
            self.store
                .put_grant(person.id, &refresh, now, self.random.as_ref())
                .await?;
        }
        let cookie = self.begin_session(&person).await?;
        Ok(SignedIn { person, cookie })
    }

    /// `kept_ms`: how long ago the identity provider may have told of itself.
    async fn oidc_client(
        &self,
        tenant: &Tenant,
        redirect: &Url,
        kept_ms: i64,
    ) -> Result<EntraClient, OidcError> {
        let issuer = self.issuer(tenant.tenant);
        let metadata = self.metadata.of(tenant.tenant, &issuer, kept_ms).await?;
        let client = Client::from_provider_metadata(
            metadata,
            ClientId::new(tenant.client_id.clone()),
            // Whatever proves who we are goes along with the one request that needs it.
            None,
        );
        Ok(client.set_redirect_uri(RedirectUrl::from_url(redirect.clone())))
    }

    /// The form fields that prove our application to the tenant's token endpoint.
    fn proof(
        &self,
        tenant: &Tenant,
        client: &EntraClient,
    ) -> Result<Vec<(&'static str, SecretString)>, OidcError> {
        let url = client
            .token_uri()
            .ok_or(OidcError::Mismatch("no token endpoint"))?;
        let now = jiff::Timestamp::from_millisecond(self.clock.now().0)
            .map_err(|_| OidcError::Mismatch("the time"))?;
        let proof = tenant
            .credential
            .proof(url.url(), &tenant.client_id, now, self.random.uuid());
        proof.map_err(|error| provider(&error))
    }
}

/// The person waits before an empty page meanwhile, and ours would be cut off at 30 s without a word.
const ANSWER_TIME_MAX: Duration = Duration::from_secs(8);

/// Lets the library speak through our own client.
pub(super) async fn send(
    http: reqwest::Client,
    request: openidconnect::HttpRequest,
) -> Result<openidconnect::HttpResponse, reqwest::Error> {
    let mut request = reqwest::Request::try_from(request)?;
    *request.timeout_mut() = Some(ANSWER_TIME_MAX);
    let answer = http.execute(request).await?;
    let status = answer.status();
    let headers = answer.headers().clone();
    let body = answer.bytes().await?.to_vec();
    let mut response = openidconnect::HttpResponse::new(body);
    *response.status_mut() = status;
    *response.headers_mut() = headers;
    Ok(response)
}

pub(super) fn provider(error: &dyn std::error::Error) -> OidcError {
    OidcError::Provider {
        context: with_causes(error),
    }
}

/// The identity provider has answered, and says no.
pub(super) fn refused(context: String) -> OidcError {
    if tenant_is_gone(&context) {
        OidcError::TenantGone { context }
    } else {
        OidcError::Refused { context }
    }
}

/// Whether one of the numbers in the identity provider's words is that of a tenant that is gone.
fn tenant_is_gone(words: &str) -> bool {
    each_number(words).any(|number| TENANT_GONE.contains(&number))
}

/// The identity provider's numbers, out of words of its that may name somebody.
pub(super) fn numbers(words: &str) -> String {
    let numbers = each_number(words).map(|number| format!("{NUMBER_SIGN}{number}"));
    numbers.collect::<Vec<_>>().join(" ")
}

fn each_number(words: &str) -> impl Iterator<Item = i64> {
    words.split(NUMBER_SIGN).skip(1).filter_map(|rest| {
        let end = rest.find(|c: char| !c.is_ascii_digit());
        rest[..end.unwrap_or(rest.len())].parse().ok()
    })
}

/// The library's errors carry no secrets, only what the provider said.
fn with_causes(error: &dyn std::error::Error) -> String {
    let mut context = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        context.push_str(": ");
        context.push_str(&cause.to_string());
        source = cause.source();
    }
    context
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tenant_that_is_gone_is_told_from_a_sign_in_that_is_refused() {
        let told = |number: &str| {
            refused(format!(
                "Server returned error response: invalid_client: {NUMBER_SIGN}{number}: The application is not there."
            ))
        };
        for number in ["90002", "700016", "7000229"] {
            let error = told(number);
            assert!(matches!(error, OidcError::TenantGone { .. }), "{error}");
        }
        for number in ["7000215", "70008", "7000161", ""] {
            let error = told(number);
            assert!(matches!(error, OidcError::Refused { .. }), "{error}");
        }
    }
}
