//! `/sign-in`, `/sign-in/callback`, `/sign-out`: the portal's way to the identity provider and back.

use app::text::problem;
use axum::Extension;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{Html, IntoResponse, Redirect, Response};
use axum_extra::extract::CookieJar;
use axum_extra::extract::cookie::{Cookie, SameSite};
use booking::person::Caller;
use booking::time::SECOND_MS;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Deserialize;
use url::Url;

use crate::sign_in::{OidcError, SESSION_COOKIE, SIGN_IN_MS_MAX, SignedIn};
use crate::state::AppState;

/// Lives only between leaving and coming back.
const REMEMBER_COOKIE: &str = "etage_signing_in";
const REMEMBER_SECONDS: i64 = SIGN_IN_MS_MAX / SECOND_MS;
const SESSION_SECONDS: i64 = 14 * 24 * 3600;

/// Where to go afterwards.
#[derive(Debug, Deserialize)]
pub struct Start {
    /// A path of our own. Absent or foreign: the front page.
    #[serde(rename = "return")]
    return_to: Option<String>,
}

/// What the identity provider sends back.
#[derive(Debug, Deserialize)]
pub struct Callback {
    code: Option<String>,
    state: Option<String>,
    error: Option<String>,
}

/// `GET /sign-in`: off to the identity provider.
pub async fn start(
    State(state): State<AppState>,
    headers: HeaderMap,
    jar: CookieJar,
    Query(query): Query<Start>,
) -> Response {
    let return_to = own_path(query.return_to.as_deref());
    let redirect = redirect_url(&state, &headers);
    match state.sign_in.start(&redirect, return_to).await {
        Ok(start) => {
            let cookie = cookie(&redirect, REMEMBER_COOKIE, start.cookie, REMEMBER_SECONDS);
            (jar.add(cookie), Redirect::to(start.url.as_str())).into_response()
        }
        Err(error) => failed(&error, return_to),
    }
}

/// `GET /sign-in/callback`: back again.
pub async fn callback(
    State(state): State<AppState>,
    headers: HeaderMap,
    jar: CookieJar,
    Query(query): Query<Callback>,
) -> Response {
    let remembered = jar
        .get(REMEMBER_COOKIE)
        .and_then(|cookie| state.sign_in.remembered(cookie.value()));
    let jar = jar.remove(Cookie::build(REMEMBER_COOKIE).path("/"));
    let return_to = own_path(remembered.as_ref().map(|it| it.return_to.as_str())).to_owned();
    let (Some(remembered), Some(code), Some(returned)) = (remembered, query.code, query.state)
    else {
        let why = if query.error.is_some() {
            "Microsoft did not sign you in."
        } else {
            "The sign-in took too long or was started in another window."
        };
        let page = page(StatusCode::BAD_REQUEST, why, "Try again", &return_to);
        return (jar, page).into_response();
    };
    let redirect = redirect_url(&state, &headers);
    match state
        .sign_in
        .finish(&redirect, remembered, &returned, code)
        .await
    {
        Ok(signed_in) => {
            go_on(&state, &signed_in).await;
            let session = cookie(&redirect, SESSION_COOKIE, signed_in.cookie, SESSION_SECONDS);
            (jar.add(session), Redirect::to(&return_to)).into_response()
        }
        Err(error) => (jar, failed(&error, &return_to)).into_response(),
    }
}

/// What waited for the person's permission goes on now.
async fn go_on(state: &AppState, signed_in: &SignedIn) {
    if let Err(error) = state.engine.permission_given(signed_in.person.id).await {
        tracing::error!(
            error = &error as &dyn std::error::Error,
            "what waited for a person's permission could not be hastened; it is tried in its turn"
        );
    }
}

/// `POST /sign-out`: ends the session; not for a page of another site, which counts as a stranger.
pub async fn sign_out(
    State(state): State<AppState>,
    Extension(caller): Extension<Caller>,
    jar: CookieJar,
) -> Response {
    let Some(person) = caller.person() else {
        return Redirect::to("/").into_response();
    };
    if let Some(cookie) = jar.get(SESSION_COOKIE)
        && let Err(error) = state.sign_in.end_session(cookie.value()).await
    {
        tracing::error!(
            error = &error as &dyn std::error::Error,
            "a session could not be ended"
        );
    }
    state.streams.end(person.id);
    let jar = jar.remove(Cookie::build(SESSION_COOKIE).path("/"));
    (jar, Redirect::to("/")).into_response()
}

/// Only paths of our own: `//elsewhere` and `https://elsewhere` would send people to strangers.
fn own_path(path: Option<&str>) -> &str {
    path.filter(|path| {
        path.starts_with('/') && !path.starts_with("//") && !path.contains(['\\', '\n', '\r', '\t'])
    })
    .unwrap_or("/")
}

/// The callback under the name the browser used for us, if it is one of ours.
fn redirect_url(state: &AppState, headers: &HeaderMap) -> Url {
    let host = headers.get(header::HOST).and_then(|one| one.to_str().ok());
    let http = &state.config.http;
    let used = http.origins().find(|origin| {
        let named = match origin.port() {
            Some(port) => format!("{}:{port}", origin.host_str().unwrap_or_default()),
            None => origin.host_str().unwrap_or_default().to_owned(),
        };
        Some(named.as_str()) == host
    });
    let mut url = used.unwrap_or(&http.origin).clone();
    url.set_path("/sign-in/callback");
    url
}

fn cookie(redirect: &Url, name: &'static str, value: String, seconds: i64) -> Cookie<'static> {
    let mut cookie = Cookie::new(name, value);
    cookie.set_path("/");
    cookie.set_http_only(true);
    cookie.set_same_site(SameSite::Lax);
    cookie.set_secure(redirect.scheme() == "https");
    cookie.set_max_age(time::Duration::seconds(seconds));
    cookie
}

fn failed(error: &OidcError, return_to: &str) -> Response {
    let incident = engine::incident();
    tracing::error!(
        incident,
        error = error as &dyn std::error::Error,
        "somebody could not be signed in"
    );
    let (status, sentence, action) = match error {
        OidcError::NoTenant => (
            StatusCode::SERVICE_UNAVAILABLE,
            "This server is not connected to Microsoft 365 yet. Ask your administrator to run “etage connect”, then restart the server.",
            "Look again",
        ),
        OidcError::Mismatch(_) | OidcError::IdToken(_) => (
            StatusCode::BAD_REQUEST,
            "The sign-in came back differently from how it was started.",
            "Try again",
        ),
        OidcError::TenantGone { .. } => (
            StatusCode::BAD_GATEWAY,
            "Microsoft knows Etage no more in your organisation: it was taken out, or the organisation was closed. Give your administrator the incident number: Etage has to be connected again (etage connect).",
            "Look again",
        ),
        OidcError::Refused { .. } => (
            StatusCode::BAD_REQUEST,
            "Microsoft did not accept the sign-in; it may have taken too long. If trying again does not help, give your administrator the incident number.",
            "Try again",
        ),
        OidcError::Provider { .. } => (
            StatusCode::BAD_GATEWAY,
            "Microsoft's sign-in does not answer at the moment.",
            "Try again",
        ),
        OidcError::Store(_) => (
            StatusCode::INTERNAL_SERVER_ERROR,
            "Something on our side failed. If trying again does not help, give your administrator the incident number.",
            "Try again",
        ),
    };
    let sentence = problem::with_incident(sentence, &incident);
    page(status, &sentence, action, return_to)
}

/// `return_to`: a path of our own.
fn page(status: StatusCode, sentence: &str, action: &str, return_to: &str) -> Response {
    let return_to = utf8_percent_encode(return_to, NON_ALPHANUMERIC);
    let html = format!(
        "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width\">\
         <meta name=\"color-scheme\" content=\"light dark\">\
         <link rel=\"icon\" href=\"/favicon.svg\" type=\"image/svg+xml\"><title>Sign in - Etage</title>\
         <body style=\"font:16px system-ui;margin:4rem auto;max-width:28rem;padding:0 1rem\">\
         <h1 style=\"font-size:1.25rem\">You are not signed in</h1><p>{sentence}</p>\
         <p><a href=\"/sign-in?return={return_to}\">{action}</a></p>"
    );
    (status, Html(html)).into_response()
}
