//! Refusals in Entra's own form. <https://learn.microsoft.com/entra/identity-platform/reference-error-codes>

use http::StatusCode;
use jiff::Timestamp;
use serde_json::json;
use uuid::Uuid;

use super::keys::NoKey;
use crate::message::Reply;
use crate::shared::Shared;
use crate::time_zone::graph_utc;

/// Why Entra refuses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum EntraError {
    UnknownTenant(String),
    /// The path leaves open which tenant is meant, and nobody signed in.
    NoTenant,
    UnknownApp(String),
    WrongSecret,
    ExpiredSecret(Uuid),
    MissingSecret,
    CredentialOfPublicClient,
    MalformedAssertion,
    UnknownCertificate,
    WrongAssertionSignature,
    ForeignAssertion,
    WrongAssertionAudience,
    StaleAssertion,
    CertificateOutOfTime,
    /// A page asked, of this origin, for what pages do not get.
    FromPage(String),
    /// What was sent to a page is asked for by something else.
    FromNoPage,
    ChallengeNeeded,
    MalformedRequest(&'static str),
    UnknownGrant(String),
    BadCode,
    ForeignTenantsCode,
    RedeemedCode,
    ExpiredCode,
    BadVerifier,
    BadRefreshToken,
    RevokedGrant {
        issued: Timestamp,
        revoked: Timestamp,
    },
    InactiveGrant {
        issued: Timestamp,
    },
    SinglePageGrantOver {
        issued: Timestamp,
    },
    BadAssertion,
    ExpiredAssertion,
    NoConsent(String),
    /// Consent is missing, and no page may be shown; the application's id.
    ConsentNeeded(String),
    /// An administrator let only some people in; the application's name.
    NotAssigned(String),
    /// Nobody is signed in, and no page may be shown.
    NobodySignedIn,
    Declined,
    UnknownResource(String),
    InvalidScope(String),
    CombinedScopes(String),
    SeveralResources(String),
    ScopeNeeded,
    UnsupportedResponseType(String),
    UnsupportedResponseMode(String),
    BadChallengeMethod,
    BadChallengeSize,
    RedirectMismatch(String),
    UnknownPerson(String),
    DeletedPerson(String),
    ForeignPerson(String),
    NoAdministrator,
    NoSigningKey,
}

impl From<NoKey> for EntraError {
    fn from(_: NoKey) -> Self {
        Self::NoSigningKey
    }
}

impl EntraError {
    /// Status, OAuth error and AADSTS number.
    fn codes(&self) -> (StatusCode, &'static str, u32) {
        let bad = StatusCode::BAD_REQUEST;
        match self {
            Self::UnknownTenant(_) => (bad, "invalid_request", 90002),
            Self::NoTenant => (bad, "invalid_request", 50059),
            Self::UnknownApp(_) => (bad, "unauthorized_client", 700_016),
            Self::WrongSecret => (StatusCode::UNAUTHORIZED, "invalid_client", 7_000_215),
            Self::ExpiredSecret(_) => (StatusCode::UNAUTHORIZED, "invalid_client", 7_000_222),
            Self::MissingSecret => (StatusCode::UNAUTHORIZED, "invalid_client", 7_000_218),
            Self::CredentialOfPublicClient => (StatusCode::UNAUTHORIZED, "invalid_client", 700_025),
            Self::MalformedAssertion => (bad, "invalid_client", 50027),
            Self::UnknownCertificate | Self::WrongAssertionSignature => {
                (StatusCode::UNAUTHORIZED, "invalid_client", 700_027)
            }
            Self::ForeignAssertion => (StatusCode::UNAUTHORIZED, "invalid_client", 700_021),
            Self::WrongAssertionAudience => (StatusCode::UNAUTHORIZED, "invalid_client", 700_023),
            Self::StaleAssertion => (StatusCode::UNAUTHORIZED, "invalid_client", 700_024),
            Self::CertificateOutOfTime => (StatusCode::UNAUTHORIZED, "invalid_client", 1_000_502),
            Self::FromPage(_) => (bad, "invalid_request", 9_002_326),
            Self::FromNoPage => (bad, "invalid_request", 9_002_327),
            Self::ChallengeNeeded => (bad, "invalid_request", 9_002_325),
            Self::MalformedRequest(_) => (bad, "invalid_request", 900_144),
            Self::UnknownGrant(_) => (bad, "unsupported_grant_type", 70003),
            Self::ExpiredCode => (bad, "invalid_grant", 70008),
            Self::RedeemedCode => (bad, "invalid_grant", 54005),
            Self::BadVerifier => (bad, "invalid_grant", 501_481),
            Self::RevokedGrant { .. } => (bad, "invalid_grant", 50173),
            Self::InactiveGrant { .. } => (bad, "invalid_grant", 700_082),
            Self::SinglePageGrantOver { .. } => (bad, "invalid_grant", 700_084),
            Self::ForeignTenantsCode => (bad, "invalid_grant", 700_005),
            Self::BadCode | Self::BadRefreshToken => (bad, "invalid_grant", 9_002_313),
            Self::BadAssertion => (bad, "invalid_grant", 50013),
            Self::ExpiredAssertion => (bad, "invalid_grant", 500_133),
            Self::NoConsent(_) => (bad, "invalid_grant", 65001),
            Self::ConsentNeeded(_) => (bad, "interaction_required", 65001),
            Self::NotAssigned(_) => (bad, "invalid_grant", 50105),
            Self::NobodySignedIn => (bad, "login_required", 50058),
            Self::Declined => (bad, "access_denied", 65004),
            Self::UnknownResource(_) => (bad, "invalid_resource", 500_011),
            Self::InvalidScope(_) | Self::CombinedScopes(_) => (bad, "invalid_scope", 70011),
            Self::SeveralResources(_) => (bad, "invalid_request", 28000),
            Self::ScopeNeeded => (bad, "invalid_request", 28003),
            Self::UnsupportedResponseType(_) => (bad, "unsupported_response_type", 70005),
            Self::UnsupportedResponseMode(_) => (bad, "invalid_request", 70007),
            Self::BadChallengeMethod => (bad, "invalid_request", 50149),
            Self::BadChallengeSize => (bad, "invalid_request", 501_491),
            Self::RedirectMismatch(_) => (bad, "invalid_request", 50011),
            Self::UnknownPerson(_) => (bad, "invalid_grant", 50034),
            Self::DeletedPerson(_) => (bad, "invalid_grant", 500_341),
            Self::ForeignPerson(_) => (bad, "invalid_request", 50020),
            Self::NoAdministrator => (bad, "access_denied", 90094),
            Self::NoSigningKey => (StatusCode::INTERNAL_SERVER_ERROR, "server_error", 50000),
        }
    }

    /// The sentence after the number.
    fn text(&self) -> String {
        match self {
            Self::NoTenant => "No tenant-identifying information found in either the request or implied by any provided credentials. Name the tenant in the path.".to_owned(),
            Self::UnknownTenant(name) => format!("Tenant '{name}' not found. Check to make sure you have the correct tenant ID and are signing into the correct cloud."),
            Self::UnknownApp(id) => format!("Application with identifier '{id}' was not found in the directory."),
            Self::WrongSecret => "Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client secret ID.".to_owned(),
            Self::ExpiredSecret(app) => format!("The provided client secret keys for app '{app}' are expired. Create new keys for the app, or consider using certificate credentials for added security."),
            Self::CredentialOfPublicClient => "Client is public so neither 'client_assertion' nor 'client_secret' should be presented.".to_owned(),
            Self::MissingSecret => "The request body must contain the following parameter: 'client_assertion' or 'client_secret'.".to_owned(),
            Self::MalformedAssertion => "JWT token is invalid or malformed.".to_owned(),
            Self::UnknownCertificate => "The certificate with identifier used to sign the client assertion is not registered on application. [Reason - The key was not found.]".to_owned(),
            Self::WrongAssertionSignature => "Client assertion failed signature validation. [Reason - The provided signature value did not match the expected signature value.]".to_owned(),
            Self::ForeignAssertion => "Client assertion application identifier doesn't match 'client_id' parameter.".to_owned(),
            Self::WrongAssertionAudience => "Client assertion audience claim does not match Realm issuer.".to_owned(),
            Self::StaleAssertion => "Client assertion is not within its valid time range.".to_owned(),
            Self::CertificateOutOfTime => "The provided certificate is not within its specified validity window.".to_owned(),
            Self::FromPage(origin) => format!("Cross-origin token redemption is permitted only for the 'Single-Page Application' client-type. Request origin: '{origin}'."),
            Self::FromNoPage => "Tokens issued for the 'Single-Page Application' client-type may only be redeemed via cross-origin requests.".to_owned(),
            Self::ChallengeNeeded => "Proof Key for Code Exchange is required for cross-origin authorization code redemption.".to_owned(),
            Self::MalformedRequest(parameter) => format!("The request body must contain the following parameter: '{parameter}'."),
            Self::UnknownGrant(grant) => format!("The app requested an unsupported grant type '{grant}'."),
            Self::ExpiredCode => "The provided authorization code or refresh token has expired due to inactivity. Send a new interactive authorization request for this user and resource.".to_owned(),
            Self::RedeemedCode => "OAuth2 Authorization code was already redeemed, please retry with a new valid code or use an existing refresh token.".to_owned(),
            Self::RevokedGrant { issued, revoked } => format!("The provided grant has expired due to it being revoked, a fresh auth token is needed. The user might have changed or reset their password. The grant was issued on '{issued}' and the TokensValidFrom date (before which tokens are not valid) for this user is '{revoked}'."),
            Self::InactiveGrant { issued } => format!("The refresh token has expired due to inactivity. The token was issued on {issued} and was inactive for 90.00:00:00."),
            Self::SinglePageGrantOver { issued } => format!("The refresh token was issued to a single page app (SPA), and therefore has a fixed, limited lifetime of 1.00:00:00, which can't be extended. It is now expired and a new sign in request must be sent by the SPA to the sign in page. The token was issued on {issued}."),
            Self::ForeignTenantsCode => "Provided Authorization Code is intended to use against other tenant, thus rejected. OAuth2 Authorization Code must be redeemed against same tenant it was acquired for.".to_owned(),
            Self::BadVerifier => "The Code_Verifier does not match the code_challenge supplied in the authorization request for PKCE.".to_owned(),
            Self::BadCode | Self::BadRefreshToken => "Invalid request. Request is malformed or invalid.".to_owned(),
            Self::BadAssertion => "Assertion failed signature validation or is not meant for this application.".to_owned(),
            Self::ExpiredAssertion => "Assertion is not within its valid time range. Ensure that the access token is not expired before using it for user assertion, or request a new token.".to_owned(),
            Self::NotAssigned(app) => format!("Your administrator has configured the application {app} to block users unless they are specifically granted ('assigned') access to the application."),
            Self::NobodySignedIn => "A silent sign-in request was sent but no user is signed in.".to_owned(),
            Self::Declined => "User declined to consent to access the app.".to_owned(),
            Self::NoConsent(scope) => format!("The user or administrator has not consented to use the application for '{scope}'. Send an interactive authorization request for this user and resource."),
            Self::ConsentNeeded(app) => format!("The user or administrator has not consented to use the application with ID '{app}'. Send an interactive authorization request for this user and resource."),
            Self::UnknownResource(name) => format!("The resource principal named '{name}' was not found in the tenant."),
            Self::InvalidScope(scope) => format!("The provided value for the input parameter 'scope' is not valid. The scope {scope} is not valid: client credentials take a resource with /.default."),
            Self::CombinedScopes(scope) => format!("The provided value for the input parameter 'scope' is not valid. The scope {scope} is not valid. .default scope can't be combined with resource-specific scopes."),
            Self::SeveralResources(scope) => format!("Provided value for the input parameter scope is not valid because it contains more than one resource. Scope {scope} is not valid."),
            Self::ScopeNeeded => "Provided value for the input parameter scope can't be empty when requesting an access token using the provided authorization code. Specify a valid scope.".to_owned(),
            Self::UnsupportedResponseType(kind) => format!("The response type '{kind}' is not supported; 'code' is."),
            Self::UnsupportedResponseMode(mode) => format!("The response mode '{mode}' is not supported; 'query', 'fragment' and 'form_post' are."),
            Self::BadChallengeMethod => "Invalid Code_Challenge_method parameter: 'S256' and 'plain' are supported.".to_owned(),
            Self::BadChallengeSize => "Invalid size of Code_Challenge parameter.".to_owned(),
            Self::RedirectMismatch(uri) => format!("The redirect URI '{uri}' specified in the request does not match the redirect URIs configured for the application."),
            Self::ForeignPerson(name) => format!("User account '{name}' does not exist in this tenant and cannot access the application in it. The account needs to be added as an external user in the tenant first. Sign out and sign in again with a different account."),
            Self::NoAdministrator => "An administrator of the organization must grant consent: the application needs permissions that only an administrator can grant.".to_owned(),
            Self::NoSigningKey => "There's an issue with the sign-in service.".to_owned(),
            Self::UnknownPerson(name) => format!("The user account '{name}' does not exist in the directory."),
            Self::DeletedPerson(name) => format!("The user account '{name}' has been deleted from the directory. To sign into this application, the account must be added to the directory."),
        }
    }

    /// The OAuth error and the text with its AADSTS number, for redirects and pages.
    pub(crate) fn for_page(&self) -> (&'static str, String) {
        let ((_, error, number), text) = (self.codes(), self.text());
        (error, format!("AADSTS{number}: {text}"))
    }

    pub(crate) fn into_reply(self, shared: &Shared) -> Reply {
        let ((status, error, number), text) = (self.codes(), self.text());
        let (trace, correlation) = (shared.request_id(), shared.request_id());
        let timestamp = graph_utc(shared.clock.now()).replace('T', " ");
        let timestamp = format!("{}Z", timestamp.split('.').next().unwrap_or_default());
        Reply::json(
            status,
            &json!({
                "error": error,
                "error_description":
                    format!("AADSTS{number}: {text} Trace ID: {trace} Correlation ID: {correlation} Timestamp: {timestamp}"),
                "error_codes": [number],
                "timestamp": timestamp,
                "trace_id": trace,
                "correlation_id": correlation,
                "error_uri": format!("{}/error?code={number}", shared.public_url),
            }),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What clients and people look up, case by case: the OAuth error they branch on and the number they search for.
    #[test]
    fn every_refusal_has_its_documented_error_and_number() {
        let name = || "name".to_owned();
        let then = Timestamp::UNIX_EPOCH;
        let cases = [
            (EntraError::UnknownTenant(name()), "invalid_request", 90002),
            (
                EntraError::UnknownApp(name()),
                "unauthorized_client",
                700_016,
            ),
            (EntraError::WrongSecret, "invalid_client", 7_000_215),
            (
                EntraError::ExpiredSecret(Uuid::nil()),
                "invalid_client",
                7_000_222,
            ),
            (EntraError::MissingSecret, "invalid_client", 7_000_218),
            (
                EntraError::CredentialOfPublicClient,
                "invalid_client",
                700_025,
            ),
            (EntraError::MalformedAssertion, "invalid_client", 50027),
            (EntraError::UnknownCertificate, "invalid_client", 700_027),
            (
                EntraError::MalformedRequest("code"),
                "invalid_request",
                900_144,
            ),
            (
                EntraError::UnknownGrant(name()),
                "unsupported_grant_type",
                70003,
            ),
            (
                EntraError::CertificateOutOfTime,
                "invalid_client",
                1_000_502,
            ),
            (EntraError::FromPage(name()), "invalid_request", 9_002_326),
            (EntraError::FromNoPage, "invalid_request", 9_002_327),
            (EntraError::ChallengeNeeded, "invalid_request", 9_002_325),
            (EntraError::ForeignTenantsCode, "invalid_grant", 700_005),
            (EntraError::BadCode, "invalid_grant", 9_002_313),
            (EntraError::RedeemedCode, "invalid_grant", 54005),
            (EntraError::ExpiredCode, "invalid_grant", 70008),
            (EntraError::BadVerifier, "invalid_grant", 501_481),
            (
                EntraError::RevokedGrant {
                    issued: then,
                    revoked: then,
                },
                "invalid_grant",
                50173,
            ),
            (
                EntraError::InactiveGrant { issued: then },
                "invalid_grant",
                700_082,
            ),
            (
                EntraError::SinglePageGrantOver { issued: then },
                "invalid_grant",
                700_084,
            ),
            (EntraError::BadAssertion, "invalid_grant", 50013),
            (EntraError::ExpiredAssertion, "invalid_grant", 500_133),
            (EntraError::NoConsent(name()), "invalid_grant", 65001),
            (
                EntraError::ConsentNeeded(name()),
                "interaction_required",
                65001,
            ),
            (EntraError::NotAssigned(name()), "invalid_grant", 50105),
            (EntraError::NobodySignedIn, "login_required", 50058),
            (EntraError::Declined, "access_denied", 65004),
            (
                EntraError::UnknownResource(name()),
                "invalid_resource",
                500_011,
            ),
            (EntraError::InvalidScope(name()), "invalid_scope", 70011),
            (EntraError::CombinedScopes(name()), "invalid_scope", 70011),
            (
                EntraError::SeveralResources(name()),
                "invalid_request",
                28000,
            ),
            (EntraError::ScopeNeeded, "invalid_request", 28003),
            (
                EntraError::UnsupportedResponseType(name()),
                "unsupported_response_type",
                70005,
            ),
            (
                EntraError::UnsupportedResponseMode(name()),
                "invalid_request",
                70007,
            ),
            (EntraError::BadChallengeMethod, "invalid_request", 50149),
            (EntraError::BadChallengeSize, "invalid_request", 501_491),
            (
                EntraError::RedirectMismatch(name()),
                "invalid_request",
                50011,
            ),
            (EntraError::UnknownPerson(name()), "invalid_grant", 50034),
            (EntraError::DeletedPerson(name()), "invalid_grant", 500_341),
            (EntraError::ForeignPerson(name()), "invalid_request", 50020),
            (EntraError::NoAdministrator, "access_denied", 90094),
            (EntraError::NoSigningKey, "server_error", 50000),
        ];
        for (refusal, error, number) in cases {
            let (found, text) = refusal.for_page();
            assert_eq!(found, error, "{refusal:?}");
            assert!(text.starts_with(&format!("AADSTS{number}: ")), "{text}");
            assert!(text.len() > 30, "{text}");
        }
    }
}
