//! What can go wrong between us and Graph. Nothing here holds a token, a request body or an address of a person.

mod sign_in_refusal;

use std::time::Duration;

use http::{HeaderMap, StatusCode};
use serde::Deserialize;

use crate::access::CertificateError;
pub use sign_in_refusal::{SignInRefusal, TENANT_GONE};

/// A call of Graph, or of the identity provider in front of it, failed.
#[derive(Debug, thiserror::Error)]
pub enum GraphError {
    /// Graph answered with an error.
    #[error("Graph answered {0}")]
    Answer(Box<ErrorAnswer>),
    /// The wait before this request is longer than a call may take; it was not sent.
    #[error("{by}; requests wait for another {} ms", after.as_millis())]
    Throttled {
        /// What is left of the wait.
        after: Duration,
        /// Who makes it wait.
        by: Throttle,
    },
    /// Other requests to the same mailbox held all its places for as long as a call may take; it was not sent.
    #[error("other requests to the same mailbox were in the way for {} ms", waited.as_millis())]
    NoPlace {
        /// How long it waited for a place.
        waited: Duration,
    },
    /// No answer came: no connection, or none in time. The address is left out, because links hold cursors.
    #[error("no answer from {0}")]
    Unreachable(Peer, #[source] reqwest::Error),
    /// An answer began, and broke off or did not end in time (request id {request_id:?}).
    #[error("the answer broke off after {read_bytes} bytes (request id {request_id:?})")]
    Truncated {
        /// Microsoft's name for the request. `None`: it gave none.
        request_id: Option<String>,
        /// How much of the body had come.
        read_bytes: usize,
        /// How the connection ended.
        #[source]
        source: reqwest::Error,
    },
    /// The answer is larger than any answer to this may be (request id {request_id:?}).
    #[error("the answer is larger than {max_bytes} bytes (request id {request_id:?})")]
    TooLarge {
        /// Microsoft's name for the request. `None`: it gave none, or it is many pages that are too large.
        request_id: Option<String>,
        /// The limit.
        max_bytes: usize,
    },
    /// The answer is not what Graph's contract says (request id {request_id:?}).
    #[error("the answer cannot be read (request id {request_id:?})")]
    Decode {
        /// Microsoft's name for the request. `None`: it gave none.
        request_id: Option<String>,
        /// What was wrong with it.
        #[source]
        source: serde_json::Error,
    },
    /// The pages of an answer do not end (request id of the last one {request_id:?}).
    #[error("the pages of the answer do not end: {why} (request id {request_id:?})")]
    PagesEndless {
        /// Microsoft's name for the request of the last page. `None`: it gave none.
        request_id: Option<String>,
        /// How that is known.
        why: &'static str,
    },
    /// Pages came for so long that reading on was given up.
    #[error("{pages} pages of the answer came in {} s, and more follow", within.as_secs())]
    PagesSlow {
        /// How many came.
        pages: usize,
        /// The time for all of them.
        within: Duration,
    },
    /// The answer to a batch says nothing of one of its steps.
    #[error("the answer to a batch leaves out a step")]
    StepUnanswered,
    /// A date and time, or a zone we were asked to write in, is not known.
    #[error("“{text}” is not a date, time or time zone that is understood")]
    Time {
        /// What stands in its place, at most [`WORD_CHARS_MAX`] characters of it.
        text: String,
    },
    /// The identity provider refuses to give a token for a person, who must sign in or consent again.
    #[error("sign-in refused: {0}")]
    SignInRefused(SignInRefusal),
    /// The identity provider refuses the application: an administrator must mend its secret, registration or consent.
    #[error("sign-in of the application refused: {0}")]
    ApplicationRefused(SignInRefusal),
    /// Nobody has consented to a further permission that this needs; what was consented to is as good as before.
    #[error("a permission is missing: {0}")]
    ConsentMissing(SignInRefusal),
    /// The application's certificate cannot be used.
    #[error("the application's certificate cannot be used")]
    Certificate(#[from] CertificateError),
    /// Graph takes no token of the application, not even a fresh one.
    #[error("Graph takes no token of the application: {0}")]
    ApplicationUnauthorized(Box<ErrorAnswer>),
    /// The identity provider cannot answer at the moment.
    #[error("the identity provider answered {status}")]
    SignInUnavailable {
        /// HTTP status.
        status: StatusCode,
        /// How long it asks to wait. `None`: it did not say.
        after: Option<Duration>,
    },
    /// The identity provider did not answer somebody else who asked for the same token a moment ago; it was not asked again.
    #[error("the identity provider gave no token a moment ago: {why}")]
    SignInFailing {
        /// What is left of the wait it asked for. `None`: it asked for none.
        after: Option<Duration>,
        /// What became of that request.
        why: String,
    },
    /// The person gave us no permission, or it was lost.
    #[error("there is no permission to act as this person")]
    NoGrant,
    /// The booking mailbox's service account delegates nothing (any more): it must be signed in again, by an administrator.
    #[error("the booking mailbox's service account must be signed in again: {0}")]
    ServiceAccountSignedOut(#[source] Box<GraphError>),
    /// The permission that the person gave ends with the hour, since no refresh token came with it.
    #[error("the identity provider gave no refresh token; offline_access is not granted")]
    NotLasting,
    /// The place where people's permissions are kept failed.
    #[error("people's permissions cannot be read or kept")]
    Keeper(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// A link leads away from the configured Graph (request id {request_id:?}).
    #[error("a link leads away from the configured Graph (request id {request_id:?})")]
    ForeignLink {
        /// Microsoft's name for the request whose answer holds it. `None`: it gave none, or the link was kept.
        request_id: Option<String>,
    },
    /// The request cannot be written as HTTP.
    #[error("the request cannot be written as HTTP")]
    Request(#[from] http::Error),
    /// The request cannot be written as JSON.
    #[error("the request cannot be written as JSON")]
    Encode(#[source] serde_json::Error),
    /// A configured address cannot be a base for others.
    #[error("the configured address of {0} cannot be used")]
    Configuration(Peer),
}

impl GraphError {
    /// The same about what stood in an answer to this request, unless it names one already.
    #[must_use]
    pub fn of_request(mut self, id: Option<&str>) -> Self {
        if let Self::ForeignLink { request_id } = &mut self {
            *request_id = request_id.take().or_else(|| id.map(str::to_owned));
        }
        self
    }
}

/// Who makes requests wait.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Throttle {
    /// Graph, by an answer to an earlier request.
    Graph,
    /// We ourselves, because Graph's documented limit is reached.
    OwnBudget,
}

impl std::fmt::Display for Throttle {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Graph => "Graph asked for a pause",
            Self::OwnBudget => "Graph's limit of requests is reached",
        })
    }
}

/// Who was being talked to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Peer {
    /// Microsoft Graph.
    Graph,
    /// The identity provider.
    SignIn,
}

impl std::fmt::Display for Peer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Graph => "Graph",
            Self::SignIn => "the identity provider",
        })
    }
}

/// An error answer of Graph.
///
/// See <https://learn.microsoft.com/graph/errors>.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ErrorAnswer {
    /// HTTP status.
    pub status: StatusCode,
    /// Microsoft's word for it, such as `ErrorItemNotFound`; may be empty, at most [`WORD_CHARS_MAX`] characters, with
    /// addresses taken out.
    pub code: String,
    /// Microsoft's sentence, at most [`MESSAGE_CHARS_MAX`] characters, with addresses taken out.
    pub message: String,
    /// Microsoft's name for the request. `None`: it gave none.
    pub request_id: Option<String>,
    /// How long it asks to wait. `None`: it did not say.
    pub retry_after: Option<Duration>,
}

/// Longest sentence kept of an error answer.
pub const MESSAGE_CHARS_MAX: usize = 300;
/// Longest code, request id or value kept of an answer.
pub const WORD_CHARS_MAX: usize = 100;

impl std::fmt::Display for ErrorAnswer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}", self.status.as_u16(), self.code)?;
        if !self.message.is_empty() {
            write!(f, ": {}", self.message)?;
        }
        match &self.request_id {
            Some(id) => write!(f, " (request id {id})"),
            None => Ok(()),
        }
    }
}

#[derive(Deserialize)]
struct ErrorBody {
    error: ErrorDetail,
}

#[derive(Deserialize, Default)]
struct ErrorDetail {
    #[serde(default)]
    code: Option<String>,
    #[serde(default)]
    message: Option<String>,
}

impl ErrorAnswer {
    /// Reads an error answer; a body that is not Graph's (a proxy's, say) leaves code and message empty.
    pub fn read(
        status: StatusCode,
        headers: &HeaderMap,
        body: &[u8],
        retry_after: Option<Duration>,
    ) -> Self {
        let detail = serde_json::from_slice::<ErrorBody>(body)
            .map(|body| body.error)
            .unwrap_or_default();
        Self {
            status,
            code: excerpt(&detail.code.unwrap_or_default()),
            message: sentence(&detail.message.unwrap_or_default()),
            request_id: request_id(headers),
            retry_after,
        }
    }
}

/// Microsoft's name for a request, from the answer's headers: Graph's, or Entra ID's.
pub fn request_id(headers: &HeaderMap) -> Option<String> {
    let named = headers
        .get("request-id")
        .or_else(|| headers.get("x-ms-request-id"));
    named?.to_str().ok().map(excerpt)
}

/// A decoding error may quote a value, and values here are tokens and names: its kind and place are kept.
pub(crate) fn without_values(error: &serde_json::Error) -> serde_json::Error {
    let kind = error.classify();
    let (line, column) = (error.line(), error.column());
    serde::de::Error::custom(format!("{kind:?} error at line {line}, column {column}"))
}

/// What is kept of Microsoft's sentence, at most [`MESSAGE_CHARS_MAX`] characters of it.
pub(crate) fn sentence(text: &str) -> String {
    without_addresses(text, MESSAGE_CHARS_MAX)
}

/// What is kept of a code, a name or a value in an answer, at most [`WORD_CHARS_MAX`] characters of it.
pub(crate) fn excerpt(text: &str) -> String {
    without_addresses(text, WORD_CHARS_MAX)
}

/// The text with every word that holds an `@`, plain or as in a link, replaced, since Graph likes to repeat addresses.
/// No more of it is read than what can be kept, and the word that begins there.
fn without_addresses(text: &str, chars_max: usize) -> String {
    let mut kept = String::new();
    for word in text.split_whitespace() {
        if !kept.is_empty() {
            kept.push(' ');
        }
        let names_somebody = word.contains('@') || word.contains("%40");
        kept.push_str(if names_somebody { "(address)" } else { word });
        if kept.chars().nth(chars_max).is_some() {
            return kept.chars().take(chars_max).collect();
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_answer_keeps_code_and_request_id_and_drops_addresses() {
        let mut headers = HeaderMap::new();
        headers.insert("request-id", "r-1".parse().unwrap());
        let body = br#"{"error":{"code":"ErrorInvalidUser","message":"The user 'nobody@contoso.com' is invalid."}}"#;
        let answer = ErrorAnswer::read(StatusCode::NOT_FOUND, &headers, body, None);
        assert_eq!(
            answer.to_string(),
            "404 ErrorInvalidUser: The user (address) is invalid. (request id r-1)"
        );
    }

    #[test]
    fn whatever_an_answer_holds_little_of_it_and_no_address_is_kept() {
        let long = "x".repeat(1 << 20);
        let mut headers = HeaderMap::new();
        headers.insert("request-id", "r".repeat(5_000).parse().unwrap());
        let body = serde_json::json!({"error": {
            "code": format!("ada@contoso.com {long}"),
            "message": format!("See /users/ada%40contoso.com/events {long}"),
        }});
        let body = serde_json::to_vec(&body).unwrap();
        let answer = ErrorAnswer::read(StatusCode::NOT_FOUND, &headers, &body, None);
        assert!(answer.to_string().len() < 600, "{answer}");
        let time = crate::types::DateTimeTimeZone {
            date_time: format!("ada@contoso.com {long}"),
            time_zone: None,
        };
        let time = time.instant().unwrap_err().to_string();
        let body = serde_json::json!({
            "error": format!("ada@contoso.com {long}"),
            "error_codes": vec![1; 100_000],
            "correlation_id": long,
        });
        let refusal = SignInRefusal::read(&serde_json::to_vec(&body).unwrap()).to_string();
        assert!(time.len() < 300 && refusal.len() < 400, "{time} {refusal}");
        for text in [answer.to_string(), time, refusal] {
            assert!(!text.contains("contoso"), "{text}");
        }
    }

    #[test]
    fn a_body_that_is_not_graphs_still_makes_an_error() {
        let answer = ErrorAnswer::read(StatusCode::BAD_GATEWAY, &HeaderMap::new(), b"<html>", None);
        assert_eq!(answer.to_string(), "502 ");
    }
}
