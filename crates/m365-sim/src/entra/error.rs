//! Refusals in Entra's own form. <https://learn.microsoft.com/entra/identity-platform/reference-error-codes>

use http::StatusCode;
use serde_json::json;

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
}

impl EntraError {
    /// Status, OAuth error, AADSTS number and text.
    fn parts(&self) -> (StatusCode, &'static str, u32, String) {
        let bad = StatusCode::BAD_REQUEST;
        match self {
            Self::UnknownTenant(name) => (
                bad,
                "invalid_request",
                90002,
                format!("Tenant '{name}' not found. Check to make sure you have the correct tenant ID and are signing into the correct cloud."),
            ),
            Self::UnknownApp(id) => (
                bad,
                "unauthorized_client",
                700_016,
                format!("Application with identifier '{id}' was not found in the directory."),
            ),
            Self::WrongSecret => (
                StatusCode::UNAUTHORIZED,
                "invalid_client",
                7_000_215,
                "Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client secret ID.".to_owned(),
            ),
            Self::MissingSecret => (
                StatusCode::UNAUTHORIZED,
                "invalid_client",
                7_000_218,
                "The request body must contain the following parameter: 'client_assertion' or 'client_secret'.".to_owned(),
            ),
            Self::MalformedRequest(parameter) => (
                bad,
                "invalid_request",
                900_144,
                format!("The request body must contain the following parameter: '{parameter}'."),
            ),
            Self::UnknownGrant(grant) => (
                bad,
                "unsupported_grant_type",
                70003,
                format!("The app requested an unsupported grant type '{grant}'."),
            ),
            Self::BadCode => {
                (bad, "invalid_grant", 9_002_313, "Invalid request. Request is malformed or invalid.".to_owned())
            }
            Self::ExpiredCode => (
                bad,
                "invalid_grant",
                70008,
                "The provided authorization code or refresh token has expired due to inactivity. Send a new interactive authorization request for this user and resource.".to_owned(),
            ),
            Self::BadVerifier => (
                bad,
                "invalid_grant",
                50148,
                "The code_verifier does not match the code_challenge supplied in the authorization request for PKCE.".to_owned(),
            ),
            Self::BadRefreshToken => {
                (bad, "invalid_grant", 9_002_313, "Invalid request. Request is malformed or invalid.".to_owned())
            }
            Self::BadAssertion => (
                bad,
                "invalid_grant",
                50013,
                "Assertion failed signature validation or is not meant for this application.".to_owned(),
            ),
            Self::NoConsent(scope) => (
                bad,
                "invalid_grant",
                65001,
                format!("The user or administrator has not consented to use the application for '{scope}'. Send an interactive authorization request for this user and resource."),
            ),
            Self::UnknownResource(name) => (
                bad,
                "invalid_resource",
                500_011,
                format!("The resource principal named '{name}' was not found in the tenant."),
            ),
            Self::RedirectMismatch(uri) => (
                bad,
                "invalid_request",
                50011,
                format!("The redirect URI '{uri}' specified in the request does not match the redirect URIs configured for the application."),
            ),
            Self::UnknownPerson(name) => (
                bad,
                "invalid_grant",
                50034,
                format!("The user account '{name}' does not exist in the directory."),
            ),
        }
    }

    /// The OAuth error and the text with its AADSTS number, for redirects and pages.
    pub(crate) fn for_page(&self) -> (&'static str, String) {
        let (_, error, number, text) = self.parts();
        (error, format!("AADSTS{number}: {text}"))
    }

    pub(crate) fn into_reply(self, shared: &Shared) -> Reply {
        let (status, error, number, text) = self.parts();
        let mut world = shared.world();
        let (trace, correlation) = (world.random.uuid(), world.random.uuid());
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
