//! What a failed call means to the product: which class of [`ProviderError`] it is.

use std::sync::Arc;

use booking::provider::{MailboxFault, MailboxRole, ProviderError};
use http::StatusCode;

use crate::access::Identity;
use crate::error::{ErrorAnswer, GraphError};
use crate::operation::Mailbox;

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

/// Graph's code for a mailbox that the caller may not open, or not for that.
const ACCESS_DENIED: &str = "ErrorAccessDenied";

/// Exchange's code for an address in a question about schedules that nobody has, as it was seen: it is documented nowhere.
///
/// See <https://github.com/microsoftgraph/microsoft-graph-docs/issues/11225>.
const UNKNOWN_ADDRESS: &str = "5009";

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
        GraphError::ConsentMissing(refusal) => ProviderError::Denied {
            context: format!("{doing}: {refusal}"),
        },
        GraphError::ApplicationRefused(refusal) if refusal.tenant_is_gone() => {
            ProviderError::TenantGone {
                context: format!("{doing}: {refusal}"),
            }
        }
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

/// Classes the failure of a call that works on a mailbox: what is wrong with that mailbox is told apart from what is wrong
/// with an event in it.
pub(super) fn mailbox_error(
    whose: MailboxRole,
    doing: &'static str,
    error: GraphError,
) -> ProviderError {
    if let GraphError::Answer(answer) = &error
        && let Some(fault) = mailbox_fault(answer)
        // Who lacks a right in their own mailbox lacks consent, which is no setting of that mailbox.
        && (whose, fault) != (MailboxRole::Person, MailboxFault::NotGranted)
    {
        return ProviderError::Mailbox {
            whose,
            fault,
            context: format!("{doing}: {answer}"),
        };
    }
    provider_error(doing, error)
}

/// Whose mailbox somebody works on with this token, who is no reader of a room.
pub(super) const fn whose(who: &Identity, mailbox: &Mailbox) -> MailboxRole {
    match (who, mailbox) {
        (Identity::Person(_), _) => MailboxRole::Person,
        (Identity::Delegate(_), _) => MailboxRole::Owner,
        (Identity::Application | Identity::ServiceAccount(_), _) => MailboxRole::Booking,
    }
}

/// What an answer says of the mailbox itself. `None`: it is about something else.
///
/// A missing licence, a mailbox that is switched off and one on the organisation's own servers have the same code, see
/// <https://learn.microsoft.com/graph/hybrid-rest-support>.
pub(super) fn mailbox_fault(answer: &ErrorAnswer) -> Option<MailboxFault> {
    match (answer.status, answer.code.as_str()) {
        (StatusCode::FORBIDDEN, _) if is_access_policy(answer) => Some(MailboxFault::KeptOut),
        (StatusCode::FORBIDDEN, ACCESS_DENIED) => Some(MailboxFault::NotGranted),
        (StatusCode::NOT_FOUND, "ErrorNonExistentMailbox" | "MailboxNotSupportedForRESTAPI") => {
            Some(MailboxFault::Missing)
        }
        (StatusCode::NOT_FOUND, "MailboxNotEnabledForRESTAPI") => Some(MailboxFault::Elsewhere),
        (
            StatusCode::NOT_FOUND,
            "ErrorInvalidUser" | "ResourceNotFound" | "Request_ResourceNotFound",
        ) => Some(MailboxFault::Unknown),
        _ => None,
    }
}

/// What the code beside one room's schedule says of its mailbox. `None`: nothing that lasts.
pub(super) fn schedule_fault(code: &str) -> Option<MailboxFault> {
    (code == UNKNOWN_ADDRESS).then_some(MailboxFault::Unknown)
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

/// Whether access was refused by an application access policy. Microsoft writes its sign in one way, some quote it in
/// another, and neither is sure to keep its capitals.
///
/// See <https://learn.microsoft.com/graph/auth-limit-mailbox-access>.
fn is_access_policy(answer: &ErrorAnswer) -> bool {
    let message = answer.message.to_lowercase();
    [
        "raop",
        "rapo",
        "accesspolicy",
        "access policy",
        "access to odata is disabled",
    ]
    .iter()
    .any(|sign| message.contains(sign))
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
    use crate::error::SignInRefusal;

    fn answer(status: u16, code: &str, message: &str) -> Box<ErrorAnswer> {
        Box::new(ErrorAnswer {
            status: StatusCode::from_u16(status).unwrap(),
            code: code.to_owned(),
            message: message.to_owned(),
            request_id: Some("r-1".to_owned()),
            retry_after: None,
        })
    }

    fn class(status: u16, code: &str, message: &str) -> ProviderError {
        provider_error("testing", GraphError::Answer(answer(status, code, message)))
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

    fn in_mailbox(whose: MailboxRole, status: u16, code: &str, message: &str) -> ProviderError {
        mailbox_error(
            whose,
            "testing",
            GraphError::Answer(answer(status, code, message)),
        )
    }

    #[test]
    fn what_is_wrong_with_a_mailbox_is_told_apart_from_what_is_wrong_in_it() {
        use MailboxFault::{Elsewhere, KeptOut, Missing, NotGranted, Unknown};
        const DENIED: &str = "ErrorAccessDenied";
        let cases = [
            (
                403,
                DENIED,
                "[RAOP] : Blocked by tenant configured AppOnly AccessPolicy settings.",
                Some(KeptOut),
            ),
            (403, DENIED, "[RAPO] : Blocked.", Some(KeptOut)),
            (403, DENIED, "[raop] : blocked.", Some(KeptOut)),
            (403, DENIED, "Access to OData is disabled.", Some(KeptOut)),
            (
                403,
                "",
                "access to odata is DISABLED: [rapo]",
                Some(KeptOut),
            ),
            (
                403,
                DENIED,
                "Access is denied. Check credentials and try again.",
                Some(NotGranted),
            ),
            (
                403,
                "Authorization_RequestDenied",
                "Insufficient privileges",
                None,
            ),
            (404, "ErrorNonExistentMailbox", "", Some(Missing)),
            (404, "MailboxNotSupportedForRESTAPI", "", Some(Missing)),
            (404, "MailboxNotEnabledForRESTAPI", "", Some(Elsewhere)),
            (404, "ErrorInvalidUser", "", Some(Unknown)),
            (404, "ResourceNotFound", "", Some(Unknown)),
            (404, "Request_ResourceNotFound", "", Some(Unknown)),
            (404, "ErrorItemNotFound", "", None),
            (429, "ApplicationThrottled", "", None),
        ];
        for (status, code, message, expected) in cases {
            let found = match in_mailbox(MailboxRole::Room, status, code, message) {
                ProviderError::Mailbox { fault, whose, .. } => {
                    assert_eq!(whose, MailboxRole::Room);
                    Some(fault)
                }
                _ => None,
            };
            assert_eq!(found, expected, "{status} {code} {message}");
        }
        let own = in_mailbox(MailboxRole::Person, 403, DENIED, "Access is denied.");
        assert!(matches!(own, ProviderError::Denied { .. }), "{own}");
        let blocked = in_mailbox(MailboxRole::Person, 403, DENIED, "[RAPO]").to_string();
        assert_eq!(
            blocked,
            "a policy of the tenant keeps the application out of the person's mailbox: testing: 403 \
             ErrorAccessDenied: [RAPO] (request id r-1)"
        );
    }

    #[test]
    fn a_tenant_that_is_gone_is_no_application_that_is_refused() {
        let class = |error: &str, code: i64| {
            let refusal = SignInRefusal {
                error: error.to_owned(),
                error_codes: vec![code],
                correlation_id: None,
            };
            provider_error("testing", GraphError::ApplicationRefused(refusal))
        };
        for (error, code) in [
            ("invalid_request", 90_002),
            ("unauthorized_client", 700_016),
            ("invalid_client", 7_000_229),
        ] {
            let error = class(error, code);
            assert!(matches!(error, ProviderError::TenantGone { .. }), "{error}");
        }
        let secret = class("invalid_client", 7_000_222);
        assert!(
            matches!(secret, ProviderError::ApplicationRefused { .. }),
            "{secret}"
        );
    }
}
