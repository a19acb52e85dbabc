//! Refusals in Graph's form. <https://learn.microsoft.com/graph/errors>

use std::borrow::Cow;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::StatusCode;
use jiff::Timestamp;
use serde_json::json;

use crate::message::Reply;
use crate::scenario::PolicyRefusal;
use crate::world::MeetingError;
use crate::world::item::Response;

/// A refusal: status, code and sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct GraphError {
    status: StatusCode,
    code: Cow<'static, str>,
    message: Cow<'static, str>,
    /// The claims a new token has to be asked for with, where that would help.
    claims: Option<String>,
}

impl GraphError {
    pub(crate) fn new(
        status: StatusCode,
        code: impl Into<Cow<'static, str>>,
        message: impl Into<Cow<'static, str>>,
    ) -> Self {
        Self {
            status,
            code: code.into(),
            message: message.into(),
            claims: None,
        }
    }

    pub(crate) fn bad_request(code: &'static str, message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, code, message)
    }

    /// A token that was good until its sign-in was revoked, then, of a client that knows what to do about it.
    /// <https://learn.microsoft.com/entra/identity-platform/claims-challenge>
    pub(crate) fn challenge(revoked: Timestamp) -> Self {
        let not_before = revoked.as_second().to_string();
        let claims =
            json!({ "access_token": { "nbf": { "essential": true, "value": not_before } } });
        Self {
            claims: Some(STANDARD.encode(claims.to_string())),
            ..Self::new(
                StatusCode::UNAUTHORIZED,
                "InvalidAuthenticationToken",
                "Continuous access evaluation resulted in challenge with result: InteractionRequired and code: TokenIssuedBeforeRevocationTimestamp",
            )
        }
    }

    pub(crate) fn access_denied() -> Self {
        Self::new(
            StatusCode::FORBIDDEN,
            "ErrorAccessDenied",
            "Access is denied. Check credentials and try again.",
        )
    }

    /// An application access policy keeps the application out of the mailbox.
    pub(crate) fn blocked_by_policy(told: PolicyRefusal) -> Self {
        let message = match told {
            PolicyRefusal::NamesPolicy => {
                "Access to OData is disabled: [RAOP] : Blocked by tenant configured AppOnly AccessPolicy settings."
            }
            PolicyRefusal::Plain => "Access to OData is disabled.",
        };
        Self::new(StatusCode::FORBIDDEN, "ErrorAccessDenied", message)
    }

    /// An id that is none.
    pub(crate) fn malformed_id() -> Self {
        Self::bad_request("ErrorInvalidIdMalformed", "Id is malformed.")
    }

    pub(crate) fn item_not_found() -> Self {
        Self::new(
            StatusCode::NOT_FOUND,
            "ErrorItemNotFound",
            "The specified object was not found in the store.",
        )
    }

    /// The mailbox is gone, or on the organisation's own servers.
    pub(crate) fn mailbox_not_enabled() -> Self {
        Self::new(
            StatusCode::NOT_FOUND,
            "MailboxNotEnabledForRESTAPI",
            "The mailbox is either inactive, soft-deleted, or is hosted on-premise.",
        )
    }

    /// A documented operation, or a property in a place, that is not served.
    pub(crate) fn not_implemented() -> Self {
        Self::new(
            StatusCode::NOT_IMPLEMENTED,
            "NotImplemented",
            "This operation target is not yet supported.",
        )
    }

    /// A time zone that is neither one of Windows nor of the IANA database.
    pub(crate) fn unknown_zone(name: &str) -> Self {
        Self::bad_request(
            "TimeZoneNotSupportedException",
            format!(
                "A valid TimeZone value must be specified. The following TimeZone value is not supported: '{name}'."
            ),
        )
    }

    pub(crate) fn unreadable_body(reason: impl std::fmt::Display) -> Self {
        Self::new(
            StatusCode::BAD_REQUEST,
            "RequestBodyRead",
            format!("The request body cannot be read: {reason}."),
        )
    }
}

impl From<MeetingError> for GraphError {
    fn from(error: MeetingError) -> Self {
        match error {
            MeetingError::ItemNotFound => Self::item_not_found(),
            MeetingError::NotOrganizer => Self::bad_request(
                "ErrorInvalidRequest",
                "Your request can't be completed. You need to be an organizer to cancel a meeting.",
            ),
            MeetingError::CrossesNeighbour => Self::bad_request(
                "ErrorOccurrenceCrossingBoundary",
                "Modified occurrence is crossing or overlapping adjacent occurrence.",
            ),
            MeetingError::Cancelled(response) => Self::bad_request(
                match response {
                    Response::Accepted => "ErrorCalendarIsCancelledForAccept",
                    Response::Declined => "ErrorCalendarIsCancelledForDecline",
                    _ => "ErrorCalendarIsCancelledForTentative",
                },
                "The meeting has been canceled.",
            ),
            MeetingError::OrganizerCannotRespond => Self::bad_request(
                "ErrorInvalidRequest",
                "Your request can't be completed. You can't respond to this meeting because you're the meeting organizer.",
            ),
        }
    }
}

impl From<GraphError> for Reply {
    fn from(error: GraphError) -> Self {
        let reply = Reply::json(
            error.status,
            &json!({ "error": { "code": error.code, "message": error.message } }),
        );
        if error.status != StatusCode::UNAUTHORIZED {
            return reply;
        }
        let challenge = match error.claims {
            Some(claims) => format!(
                "Bearer realm=\"\", client_id=\"00000003-0000-0000-c000-000000000000\", error=\"insufficient_claims\", claims=\"{claims}\""
            ),
            None => "Bearer realm=\"\", error=\"invalid_token\"".to_owned(),
        };
        reply.header("www-authenticate", &challenge)
    }
}

/// Puts the inner error with its ids and time into an error body; other bodies stay as they are.
pub(super) fn complete(
    mut reply: Reply,
    now: Timestamp,
    request_id: &str,
    client_request_id: &str,
) -> Reply {
    if !reply.status.is_client_error() && !reply.status.is_server_error() {
        return reply;
    }
    if let Some(mut body) = reply.json_body() {
        body["error"]["innerError"] = json!({
            "date": now.strftime("%Y-%m-%dT%H:%M:%S").to_string(),
            "request-id": request_id,
            "client-request-id": client_request_id,
        });
        reply.body = serde_json::to_vec(&body).unwrap_or_default().into();
    }
    reply
}
