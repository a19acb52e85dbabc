//! Which pages may call from a browser. <https://fetch.spec.whatwg.org/#http-cors-protocol>
//!
//! Graph and Entra answer pages of any origin, since they ask for tokens and codes. The remote control asks for nothing and
//! hands out tokens, so it answers only pages that belong to this simulator: its own, those of this machine, and those that
//! applications of the scenario redirect to. What no browser sends has no origin and is always answered.

use http::{HeaderValue, StatusCode};
use serde_json::json;
use url::{Host, Url};

use crate::message::{Call, Reply};
use crate::shared::Shared;

/// Lets pages of any origin read an answer.
pub(crate) fn open_to_all(reply: Reply) -> Reply {
    open_to(reply, HeaderValue::from_static("*"))
}

/// Lets the page that asked read an answer of the remote control.
pub(crate) fn open_to_asker(call: &Call, mut reply: Reply) -> Reply {
    reply
        .headers
        .append(http::header::VARY, HeaderValue::from_static("origin"));
    match call.headers.get(http::header::ORIGIN) {
        Some(origin) => open_to(reply, origin.clone()),
        None => reply,
    }
}

/// The answer to a page that has no business with the remote control; `None` for those that have.
pub(crate) fn refused(shared: &Shared, call: &Call) -> Option<Reply> {
    let origin = call.headers.get(http::header::ORIGIN)?;
    let origin = origin.to_str().unwrap_or_default();
    if is_trusted(shared, origin) {
        return None;
    }
    let error = format!(
        "pages of {origin:?} may not use the remote control: serve the page from localhost, give its address as \
         --public-url, or register it as a redirect URI of an application"
    );
    Some(Reply::json(
        StatusCode::FORBIDDEN,
        &json!({ "error": error }),
    ))
}

fn is_trusted(shared: &Shared, origin: &str) -> bool {
    let Ok(asker) = Url::parse(origin) else {
        return false;
    };
    let is_same = |known: &str| Url::parse(known).is_ok_and(|url| url.origin() == asker.origin());
    if is_of_this_machine(&asker) || is_same(&shared.public_url) {
        return true;
    }
    let world = shared.world();
    let mut apps = world.tenants.iter().flat_map(|tenant| &tenant.apps);
    apps.any(|app| app.all_redirect_uris().any(is_same))
}

fn is_of_this_machine(asker: &Url) -> bool {
    match asker.host() {
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

fn open_to(mut reply: Reply, origin: HeaderValue) -> Reply {
    let headers = &mut reply.headers;
    headers.insert("access-control-allow-origin", origin);
    for (name, value) in [
        ("access-control-allow-headers", "*, Authorization"),
        (
            "access-control-allow-methods",
            "GET, POST, PATCH, PUT, DELETE, OPTIONS",
        ),
        ("access-control-expose-headers", "*"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    reply
}
