//! The page for people: what is in the tenants, what was asked of them, and everything the remote control can do.
//!
//! Plain files, embedded, without a build step. Nothing is loaded from elsewhere, and no script or style can be put into
//! the page through the names and subjects that it shows.

use http::StatusCode;

use super::{Outcome, Refusal};
use crate::message::Reply;

const JAVASCRIPT: &str = "text/javascript; charset=utf-8";

/// Name, content type and text of every file but the page itself.
const FILES: [(&str, &str, &str); 8] = [
    (
        "page.css",
        "text/css; charset=utf-8",
        include_str!("page/page.css"),
    ),
    ("main.js", JAVASCRIPT, include_str!("page/main.js")),
    ("elements.js", JAVASCRIPT, include_str!("page/elements.js")),
    (
        "calendars.js",
        JAVASCRIPT,
        include_str!("page/calendars.js"),
    ),
    ("event.js", JAVASCRIPT, include_str!("page/event.js")),
    ("requests.js", JAVASCRIPT, include_str!("page/requests.js")),
    ("faults.js", JAVASCRIPT, include_str!("page/faults.js")),
    ("time.js", JAVASCRIPT, include_str!("page/time.js")),
];

const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; \
     base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// `GET /_sim/`
pub(super) fn show() -> Outcome {
    let page = Reply::html(include_str!("page/index.html").to_owned());
    Ok(guarded(page))
}

/// `GET /_sim/page/{name}`
pub(super) fn file(name: &str) -> Outcome {
    let found = FILES.iter().find(|(known, ..)| *known == name);
    let (_, content_type, text) =
        found.ok_or_else(|| Refusal::not_found(format!("the page has no file {name}")))?;
    Ok(guarded(Reply::with_type(
        StatusCode::OK,
        content_type,
        *text,
    )))
}

fn guarded(reply: Reply) -> Reply {
    reply
        .header("content-security-policy", POLICY)
        .header("x-content-type-options", "nosniff")
        .header("referrer-policy", "no-referrer")
        .header("cache-control", "no-cache")
}
