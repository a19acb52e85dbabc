//! One call of Graph as a value: it builds its request and names its answer, and does no I/O.

use http::{Method, Request, header};
use serde::Serialize;
use serde::de::DeserializeOwned;
use url::Url;

use crate::error::GraphError;

/// One call of Graph.
pub trait Operation: Sync {
    /// The HTTP method.
    const METHOD: Method;

    /// Whether the call may be sent again when it is not known what became of it. Every operation says it itself, so that
    /// none that makes something is repeated by oversight.
    const REPEAT: Repeat;

    /// The answer's body. An empty body is read as JSON `null`; calls without an answer use [`Nothing`].
    type Response: DeserializeOwned;

    /// The mailbox whose calendar this works on, for the limit on concurrent requests. `None`: no mailbox.
    fn mailbox(&self) -> Option<&Mailbox> {
        None
    }

    /// Reads the answer's body.
    ///
    /// # Errors
    /// When it is not what was expected.
    fn read(body: &[u8]) -> serde_json::Result<Self::Response> {
        serde_json::from_slice(body)
    }

    /// The request, without the token.
    ///
    /// # Errors
    /// When the request cannot be put into HTTP or JSON.
    fn build(&self, base: &Url) -> Result<Request<Vec<u8>>, GraphError>;
}

/// Whether sending a call twice does the same as sending it once.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Repeat {
    /// It does.
    Safe,
    /// It does not: repeat only after an answer that says the first was not carried out.
    OnlyIfRefused,
}

/// The answer of calls that have none; anything is accepted.
pub type Nothing = serde::de::IgnoredAny;

/// Whose calendar an operation works on.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum Mailbox {
    /// The signed-in person's; needs that person's token.
    Me,
    /// The one with this address or object id.
    Address(String),
}

impl Mailbox {
    /// The address of something inside the mailbox, such as `["calendar", "getSchedule"]`.
    pub fn endpoint(&self, base: &Url, segments: &[&str]) -> Url {
        let owner = match self {
            Self::Me => vec!["me"],
            Self::Address(address) => vec!["users", address.as_str()],
        };
        endpoint(base, &[owner.as_slice(), segments].concat())
    }
}

/// The address of a resource below the base; every segment is percent-encoded as needed.
pub fn endpoint(base: &Url, segments: &[&str]) -> Url {
    let mut url = base.clone();
    // Addresses that cannot have segments are refused when the client is made.
    if let Ok(mut path) = url.path_segments_mut() {
        path.pop_if_empty().extend(segments);
    }
    url
}

/// Asks for ids that stay with an item when it moves, in every answer and for everything that is made.
///
/// See <https://learn.microsoft.com/graph/outlook-immutable-id>.
const PREFER_IMMUTABLE_IDS: &str = r#"IdType="ImmutableId""#;

/// A request without a body. `prefer` is what it prefers besides immutable ids; it may be empty.
///
/// # Errors
/// When the address or the header cannot be put into HTTP.
pub fn bare<O: Operation>(url: &Url, prefer: &str) -> Result<Request<Vec<u8>>, GraphError> {
    let preferred = if prefer.is_empty() {
        PREFER_IMMUTABLE_IDS.to_owned()
    } else {
        format!("{prefer}, {PREFER_IMMUTABLE_IDS}")
    };
    let request = Request::builder()
        .method(O::METHOD)
        .uri(url.as_str())
        .header(header::ACCEPT, "application/json")
        .header("prefer", preferred);
    Ok(request.body(Vec::new())?)
}

/// A request with a JSON body.
///
/// # Errors
/// When the address or the body cannot be put into HTTP and JSON.
pub fn json<O: Operation>(
    url: &Url,
    prefer: &str,
    body: &impl Serialize,
) -> Result<Request<Vec<u8>>, GraphError> {
    let mut request = bare::<O>(url, prefer)?;
    *request.body_mut() = serde_json::to_vec(body).map_err(GraphError::Encode)?;
    let json = header::HeaderValue::from_static("application/json");
    request.headers_mut().insert(header::CONTENT_TYPE, json);
    Ok(request)
}

/// Asks for start and end in UTC, whatever zone the event was written in.
///
/// See <https://learn.microsoft.com/graph/api/user-list-events#request-headers>.
pub const PREFER_UTC: &str = r#"outlook.timezone="UTC""#;
