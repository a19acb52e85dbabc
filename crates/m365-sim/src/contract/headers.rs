//! The headers every answer of Graph carries.
//! <https://learn.microsoft.com/graph/best-practices-concept#reliability-and-support>,
//! <https://learn.microsoft.com/graph/throttling>

use http::HeaderMap;

use crate::exchange::Exchange;

/// What is wrong with the headers of an answer.
pub(super) fn problems(exchange: &Exchange) -> Vec<String> {
    let identity = [
        missing(exchange, "request-id"),
        missing(exchange, "client-request-id"),
        not_echoed(exchange),
        waiting(exchange),
        content_type(exchange),
    ];
    identity
        .into_iter()
        .flatten()
        .chain(preferences(exchange))
        .collect()
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

fn missing(exchange: &Exchange, name: &str) -> Option<String> {
    let has_it = text(&exchange.response_headers, name).is_some_and(|value| !value.is_empty());
    (!has_it).then(|| format!("the header '{name}' is missing"))
}

fn not_echoed(exchange: &Exchange) -> Option<String> {
    let sent = text(&exchange.request_headers, "client-request-id")?;
    let echoed = text(&exchange.response_headers, "client-request-id");
    (echoed != Some(sent)).then(|| "'client-request-id' is not the one sent".to_owned())
}

/// An injected fault may leave the time to wait out; the limits may not.
fn waiting(exchange: &Exchange) -> Option<String> {
    if exchange.status != 429 || exchange.faulted {
        return None;
    }
    let seconds = text(&exchange.response_headers, "retry-after")
        .and_then(|seconds| seconds.parse::<f64>().ok())
        .filter(|seconds| *seconds >= 0.0);
    seconds
        .is_none()
        .then(|| "429 without seconds in 'retry-after'".to_owned())
}

fn content_type(exchange: &Exchange) -> Option<String> {
    exchange.response_json.as_ref()?;
    let path = exchange.target.split('?').next().unwrap_or_default();
    let is_count = exchange.status == 200 && path.to_lowercase().ends_with("/$count");
    let wanted = if is_count {
        "text/plain"
    } else {
        "application/json"
    };
    let sent = text(&exchange.response_headers, "content-type").unwrap_or_default();
    (!sent.starts_with(wanted)).then(|| format!("the content type is '{sent}', not '{wanted}'"))
}

/// Only what was preferred can have been applied. <https://www.rfc-editor.org/rfc/rfc7240#section-3>
fn preferences(exchange: &Exchange) -> Vec<String> {
    let preferred = listed(&exchange.request_headers, "prefer");
    let applied = listed(&exchange.response_headers, "preference-applied");
    applied
        .into_iter()
        .filter(|one| !preferred.contains(one))
        .map(|one| format!("'{one}' was applied and not preferred"))
        .collect()
}

/// Preferences as `name=value`, in lower case and without quotes.
fn listed(headers: &HeaderMap, name: &str) -> Vec<String> {
    let values = headers.get_all(name).iter();
    let values = values.filter_map(|value| value.to_str().ok());
    values
        .flat_map(|value| value.split([',', ';']))
        .map(|one| {
            let (name, value) = one.split_once('=').unwrap_or((one, ""));
            let value = value.trim().trim_matches('"');
            format!("{}={value}", name.trim()).to_lowercase()
        })
        .collect()
}
