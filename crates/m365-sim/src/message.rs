//! Requests and answers in the plain form every face of the simulator works with.

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
use percent_encoding::percent_decode_str;
use serde::Serialize;
use serde_json::Value;

/// One request, body already read.
#[derive(Debug, Clone)]
pub(crate) struct Call {
    pub(crate) method: Method,
    /// The path as sent, percent-encoded.
    pub(crate) path: String,
    /// Decoded query pairs, in order.
    pub(crate) query: Vec<(String, String)>,
    /// The query as sent.
    pub(crate) raw_query: Option<String>,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
    /// Whether it came inside a `$batch`.
    pub(crate) is_batched: bool,
}

impl Call {
    pub(crate) fn new(method: Method, target: &str, headers: HeaderMap, body: Bytes) -> Self {
        let (path, raw_query) = match target.split_once('?') {
            Some((path, query)) => (path.to_owned(), Some(query.to_owned())),
            None => (target.to_owned(), None),
        };
        let query = raw_query.as_deref().map(decode_form).unwrap_or_default();
        Self {
            method,
            path,
            query,
            raw_query,
            headers,
            body,
            is_batched: false,
        }
    }

    /// Path and query as sent.
    pub(crate) fn target(&self) -> String {
        match &self.raw_query {
            Some(query) => format!("{}?{query}", self.path),
            None => self.path.clone(),
        }
    }

    /// The segments of the path, as [`path_segments`] gives them.
    pub(crate) fn segments(&self) -> Vec<String> {
        path_segments(&self.path)
    }

    /// The first query value of this name; names are compared without case, as OData services do.
    pub(crate) fn query_value(&self, name: &str) -> Option<&str> {
        self.query
            .iter()
            .find(|(key, _)| key.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    /// The body as JSON; `None` when it is empty or no JSON.
    pub(crate) fn json(&self) -> Option<Value> {
        serde_json::from_slice(&self.body).ok()
    }

    /// The body as form fields.
    pub(crate) fn form(&self) -> Vec<(String, String)> {
        decode_form(&String::from_utf8_lossy(&self.body))
    }
}

/// The decoded, non-empty segments of a path. A key in parentheses, `events('x')`, is a segment of its own, as in
/// `events/x`. <https://docs.oasis-open.org/odata/odata/v4.01/odata-v4.01-part2-url-conventions.html>
pub(crate) fn path_segments(path: &str) -> Vec<String> {
    let mut segments = Vec::new();
    for segment in path.split('/').filter(|segment| !segment.is_empty()) {
        let decoded = percent_decode_str(segment).decode_utf8_lossy();
        let keyed = decoded
            .strip_suffix("')")
            .and_then(|keyed| keyed.split_once("('"))
            .filter(|(name, _)| !name.is_empty());
        match keyed {
            Some((name, key)) => {
                segments.extend([name.to_owned(), key.replace("''", "'")]);
            }
            None => segments.push(decoded.into_owned()),
        }
    }
    segments
}

fn decode_form(text: &str) -> Vec<(String, String)> {
    url::form_urlencoded::parse(text.as_bytes())
        .into_owned()
        .collect()
}

/// What there is room for in an answer from the start, so that few of them grow on the way.
const JSON_BYTES_USUAL: usize = 4 * 1024;

/// One answer.
#[derive(Debug, Clone)]
pub(crate) struct Reply {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
    /// After how many bytes of the body the connection breaks. `None`: it does not.
    pub(crate) breaks_after: Option<usize>,
}

impl Reply {
    pub(crate) fn empty(status: StatusCode) -> Self {
        Self {
            status,
            headers: HeaderMap::new(),
            body: Bytes::new(),
            breaks_after: None,
        }
    }

    pub(crate) fn json(status: StatusCode, body: &impl Serialize) -> Self {
        let mut text = Vec::with_capacity(JSON_BYTES_USUAL);
        if serde_json::to_writer(&mut text, body).is_err() {
            text.clear();
        }
        Self::with_type(status, "application/json; charset=utf-8", text)
    }

    pub(crate) fn text(status: StatusCode, body: String) -> Self {
        Self::with_type(status, "text/plain", body)
    }

    pub(crate) fn html(body: String) -> Self {
        Self::with_type(StatusCode::OK, "text/html; charset=utf-8", body)
    }

    pub(crate) fn script(body: &'static str) -> Self {
        Self::with_type(StatusCode::OK, "text/javascript; charset=utf-8", body)
    }

    pub(crate) fn redirect(location: &str) -> Self {
        Self::empty(StatusCode::FOUND).header("location", location)
    }

    /// Any text of any kind.
    pub(crate) fn with_type(
        status: StatusCode,
        content_type: &'static str,
        body: impl Into<Bytes>,
    ) -> Self {
        let mut reply = Self {
            status,
            headers: HeaderMap::new(),
            body: body.into(),
            breaks_after: None,
        };
        reply.headers.insert(
            http::header::CONTENT_TYPE,
            HeaderValue::from_static(content_type),
        );
        reply
    }

    /// Adds a header; a value that is no legal header text is left out.
    pub(crate) fn header(mut self, name: &'static str, value: &str) -> Self {
        if let Ok(value) = HeaderValue::from_str(value) {
            self.headers.insert(HeaderName::from_static(name), value);
        }
        self
    }

    pub(crate) fn json_body(&self) -> Option<Value> {
        serde_json::from_slice(&self.body).ok()
    }
}
