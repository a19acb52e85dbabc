//! Refusals in Entra's own form. <https://learn.microsoft.com/entra/identity-platform/reference-error-codes>

use http::StatusCode;
use serde_json::json;

use super::keys::NoKey;
use crate::message::Reply;
use crate::shared::Shared;
use crate::time_zone::graph_utc;

/// Why Entra refuses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum EntraError {
    UnknownTenant(String),
    UnknownApp(String),
    WrongSecret,
    MissingSecret,
    MalformedAssertion,
    UnknownCertificate,
    WrongAssertionSignature,
    ForeignAssertion,
    WrongAssertionAudience,
    StaleAssertion,
    MalformedRequest(&'static str),
    UnknownGrant(String),
    BadCode,
    ExpiredCode,
    BadVerifier,
    BadRefreshToken,
    BadAssertion,
    NoConsent(String),
    UnknownResource(String),
    RedirectMismatch(String),
    UnknownPerson(String),
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
            Self::UnknownApp(_) => (bad, "unauthorized_client", 700_016),
            Self::WrongSecret => (StatusCode::UNAUTHORIZED, "invalid_client", 7_000_215),
            Self::MissingSecret => (StatusCode::UNAUTHORIZED, "invalid_client", 7_000_218),
            Self::MalformedAssertion => (bad, "invalid_client", 50027),
            Self::UnknownCertificate | Self::WrongAssertionSignature => {
                (StatusCode::UNAUTHORIZED, "invalid_client", 700_027)
            }
            Self::ForeignAssertion => (StatusCode::UNAUTHORIZED, "invalid_client", 700_021),
            Self::WrongAssertionAudience => (StatusCode::UNAUTHORIZED, "invalid_client", 700_023),
            Self::StaleAssertion => (StatusCode::UNAUTHORIZED, "invalid_client", 700_024),
            Self::MalformedRequest(_) => (bad, "invalid_request", 900_144),
            Self::UnknownGrant(_) => (bad, "unsupported_grant_type", 70003),
            Self::ExpiredCode => (bad, "invalid_grant", 70008),
            Self::BadVerifier => (bad, "invalid_grant", 50148),
            Self::BadCode | Self::BadRefreshToken => (bad, "invalid_grant", 9_002_313),
            Self::BadAssertion => (bad, "invalid_grant", 50013),
            Self::NoConsent(_) => (bad, "invalid_grant", 65001),
            Self::UnknownResource(_) => (bad, "invalid_resource", 500_011),
            Self::RedirectMismatch(_) => (bad, "invalid_request", 50011),
            Self::UnknownPerson(_) => (bad, "invalid_grant", 50034),
            Self::ForeignPerson(_) => (bad, "invalid_request", 50020),
            Self::NoAdministrator => (bad, "access_denied", 90094),
            Self::NoSigningKey => (StatusCode::INTERNAL_SERVER_ERROR, "server_error", 50000),
        }
    }

    /// The sentence after the number.
    fn text(&self) -> String {
        match self {
            Self::UnknownTenant(name) => format!("Tenant '{name}' not found. Check to make sure you have the correct tenant ID and are signing into the correct cloud."),
            Self::UnknownApp(id) => format!("Application with identifier '{id}' was not found in the directory."),
            Self::WrongSecret => "Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client secret ID.".to_owned(),
            Self::MissingSecret => "The request body must contain the following parameter: 'client_assertion' or 'client_secret'.".to_owned(),
            Self::MalformedAssertion => "JWT token is invalid or malformed.".to_owned(),
            Self::UnknownCertificate => "The certificate with identifier used to sign the client assertion is not registered on application. [Reason - The key was not found.]".to_owned(),
            Self::WrongAssertionSignature => "Client assertion failed signature validation. [Reason - The provided signature value did not match the expected signature value.]".to_owned(),
            Self::ForeignAssertion => "Client assertion application identifier doesn't match 'client_id' parameter.".to_owned(),
            Self::WrongAssertionAudience => "Client assertion audience claim does not match Realm issuer.".to_owned(),
            Self::StaleAssertion => "Client assertion is not within its valid time range.".to_owned(),
            Self::MalformedRequest(parameter) => format!("The request body must contain the following parameter: '{parameter}'."),
            Self::UnknownGrant(grant) => format!("The app requested an unsupported grant type '{grant}'."),
            Self::ExpiredCode => "The provided authorization code or refresh token has expired due to inactivity. Send a new interactive authorization request for this user and resource.".to_owned(),
            Self::BadVerifier => "The code_verifier does not match the code_challenge supplied in the authorization request for PKCE.".to_owned(),
            Self::BadCode | Self::BadRefreshToken => "Invalid request. Request is malformed or invalid.".to_owned(),
            Self::BadAssertion => "Assertion failed signature validation or is not meant for this application.".to_owned(),
            Self::NoConsent(scope) => format!("The user or administrator has not consented to use the application for '{scope}'. Send an interactive authorization request for this user and resource."),
            Self::UnknownResource(name) => format!("The resource principal named '{name}' was not found in the tenant."),
            Self::RedirectMismatch(uri) => format!("The redirect URI '{uri}' specified in the request does not match the redirect URIs configured for the application."),
            Self::ForeignPerson(name) => format!("User account '{name}' does not exist in this tenant and cannot access the application in it. The account needs to be added as an external user in the tenant first. Sign out and sign in again with a different account."),
            Self::NoAdministrator => "An administrator of the organization must grant consent: the application needs permissions that only an administrator can grant.".to_owned(),
            Self::NoSigningKey => "There's an issue with the sign-in service.".to_owned(),
            Self::UnknownPerson(name) => format!("The user account '{name}' does not exist in the directory."),
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
