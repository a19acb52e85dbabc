//! What a failed call means to the product: which class of [`ProviderError`] it is.

use std::sync::Arc;

use booking::provider::ProviderError;
use http::StatusCode;

use crate::error::{ErrorAnswer, GraphError};

/// Codes that say a sync cursor is worth nothing any more, whatever the status beside them.
const CURSOR_CODES: [&str; 4] = [
    "SyncStateNotFound",
    "SyncStateInvalid",
    "resyncRequired",
    "fullSyncRequired",
];

/// Graph's code for an id that names nothing it knows, such as one of a mailbox that was moved since: the thing is not
/// there, although the status says that the request is wrong.
const MALFORMED_ID: &str = "ErrorInvalidIdMalformed";

/// Graph's code for an event that is not there (any more).
const EVENT_GONE: &str = "ErrorItemNotFound";

/// Whether an event is gone, by Exchange's own word: a proxy's 404, a missing mailbox or an id that names nothing (any
/// more) say nothing about it, and taking them for it would leave the room booked, or show it as free.
pub(super) fn is_gone(error: &GraphError) -> bool {
    not_found(error) == Some(EVENT_GONE)
}

/// The code of an answer that something is not there. `None`: it is another failure.
pub(super) fn not_found(error: &GraphError) -> Option<&str> {
    match error {
        GraphError::Answer(answer) if answer.status == StatusCode::NOT_FOUND => {
            Some(answer.code.as_str())
        }
        _ => None,
    }
}

/// Classes a failure. `doing` is what was being attempted, for the context.
pub(super) fn provider_error(doing: &'static str, error: GraphError) -> ProviderError {
    match error {
        GraphError::Answer(answer) => from_answer(doing, *answer),
        GraphError::Throttled { after, by } => ProviderError::Retry {
            after: Some(after),
            context: format!("{doing}: {by}"),
        },
        GraphError::SignInUnavailable { status, after } => ProviderError::Retry {
            after,
            context: format!("{doing}: the identity provider answered {status}"),
        },
        GraphError::SignInFailing { after, why } => ProviderError::Retry {
            after,
            context: format!("{doing}: the identity provider failed a moment ago ({why})"),
        },
        GraphError::Unreachable(peer, _) => ProviderError::Retry {
            after: None,
            context: format!("{doing}: no answer from {peer}"),
        },
        GraphError::Truncated { .. }
        | GraphError::StepUnanswered
        | GraphError::PagesSlow { .. }
        | GraphError::NoPlace { .. } => ProviderError::Retry {
            after: None,
            context: format!("{doing}: {error}"),
        },
        GraphError::SignInRefused(refusal) => ProviderError::SignInBroken {
            context: format!("{doing}: {refusal}"),
        },
        GraphError::ApplicationRefused(_)
        | GraphError::ApplicationUnauthorized(_)
        | GraphError::Certificate(_) => ProviderError::ApplicationRefused {
            context: format!("{doing}: {error}"),
        },
        GraphError::ServiceAccountSignedOut(why) => ProviderError::ServiceAccountSignedOut {
            context: format!("{doing}: {why}"),
        },
        GraphError::NoGrant | GraphError::NotLasting => ProviderError::SignInBroken {
            context: format!("{doing}: {error}"),
        },
        GraphError::Keeper(source) => match source.downcast::<ProviderError>() {
            Ok(error) => *error,
            Err(source) => fault(doing, GraphError::Keeper(source)),
        },
        other => fault(doing, other),
    }
}

fn from_answer(doing: &'static str, answer: ErrorAnswer) -> ProviderError {
    let context = format!("{doing}: {answer}");
    if answer.status == StatusCode::GONE || CURSOR_CODES.contains(&answer.code.as_str()) {
        return ProviderError::CursorExpired;
    }
    match answer.status {
        StatusCode::TOO_MANY_REQUESTS
        | StatusCode::REQUEST_TIMEOUT
        | StatusCode::INTERNAL_SERVER_ERROR
        | StatusCode::BAD_GATEWAY
        | StatusCode::SERVICE_UNAVAILABLE
        | StatusCode::GATEWAY_TIMEOUT => ProviderError::Retry {
            after: answer.retry_after,
            context,
        },
        StatusCode::UNAUTHORIZED => ProviderError::SignInBroken { context },
        StatusCode::FORBIDDEN if is_access_policy(&answer) => ProviderError::Denied {
            context: format!(
                "{context}. A policy of the tenant keeps this application out of the mailbox; \
                 changes of such a policy take up to two hours to work"
            ),
        },
        StatusCode::FORBIDDEN => ProviderError::Denied { context },
        // Graph always names what is not there: this came from something on the way to it.
        StatusCode::NOT_FOUND if answer.code.is_empty() => ProviderError::Retry {
            after: answer.retry_after,
            context,
        },
        StatusCode::NOT_FOUND => ProviderError::NotFound { context },
        StatusCode::BAD_REQUEST if answer.code == MALFORMED_ID => {
            ProviderError::NotFound { context }
        }
        StatusCode::CONFLICT | StatusCode::PRECONDITION_FAILED => {
            ProviderError::Conflict { context }
        }
        _ => fault(doing, GraphError::Answer(Box::new(answer))),
    }
}

/// Whether access was refused by RBAC for Applications or by an application access policy.
///
/// See <https://learn.microsoft.com/graph/auth-limit-mailbox-access>.
fn is_access_policy(answer: &ErrorAnswer) -> bool {
    ["RAOP", "AccessPolicy", "Access to OData is disabled"]
        .iter()
        .any(|sign| answer.message.contains(sign))
}

fn fault(doing: &'static str, error: GraphError) -> ProviderError {
    ProviderError::Bug {
        context: format!("{doing}: {error}"),
        source: Some(Arc::new(error)),
    }
}

/// An answer that leaves out what its contract promises.
pub(super) fn incomplete(doing: &'static str, missing: &'static str) -> ProviderError {
    ProviderError::Bug {
        context: format!("{doing}: the answer has no {missing}"),
        source: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn class(status: u16, code: &str, message: &str) -> ProviderError {
        let answer = ErrorAnswer {
            status: StatusCode::from_u16(status).unwrap(),
            code: code.to_owned(),
            message: message.to_owned(),
            request_id: Some("r-1".to_owned()),
            retry_after: None,
        };
        provider_error("testing", GraphError::Answer(Box::new(answer)))
    }

    #[test]
    fn every_answer_is_classed_by_what_to_do_next() {
        use ProviderError as E;
        // A 404 without a code is a proxy's.
        for status in [404, 408, 429, 500, 502, 503, 504] {
            assert!(matches!(class(status, "", ""), E::Retry { .. }), "{status}");
        }
        assert!(matches!(
            class(401, "InvalidAuthenticationToken", ""),
            E::SignInBroken { .. }
        ));
        assert!(matches!(
            class(403, "ErrorAccessDenied", ""),
            E::Denied { .. }
        ));
        assert!(matches!(
            class(404, "ErrorItemNotFound", ""),
            E::NotFound { .. }
        ));
        assert!(matches!(class(400, MALFORMED_ID, ""), E::NotFound { .. }));
        assert!(matches!(class(409, "", ""), E::Conflict { .. }));
        assert!(matches!(
            class(412, "ErrorIrresolvableConflict", ""),
            E::Conflict { .. }
        ));
        assert!(matches!(class(410, "", ""), E::CursorExpired));
        assert!(matches!(
            class(400, "SyncStateNotFound", ""),
            E::CursorExpired
        ));
        assert!(matches!(
            class(400, "ErrorInvalidRequest", ""),
            E::Bug { .. }
        ));
    }

    #[test]
    fn a_denial_by_policy_says_so_and_names_the_request() {
        let message = "[RAOP] : Blocked by tenant configured AppOnly AccessPolicy settings.";
        let text = class(403, "ErrorAccessDenied", message).to_string();
        assert!(
            text.contains("policy of the tenant") && text.contains("r-1"),
            "{text}"
        );
    }
}
