//! Puts the caller into each request.

use std::sync::Arc;

use app::api::ApiError;
use axum::Json;
use axum::extract::Request;
use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use booking::person::{Caller, Person};
use booking::provider::ProviderError;
use secrecy::SecretString;
use store::StoreError;

use super::SESSION_COOKIE;
use super::pane_token::TokenError;
use crate::state::AppState;

/// Why nobody can say who asks.
#[derive(Debug, thiserror::Error)]
pub enum Unidentified {
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The tenant gives out tokens of a kind that we do not take.
    #[error(transparent)]
    OldToken(TokenError),
}

/// Finds out who asks. A token or cookie that is not believed makes the caller anonymous: what
/// needs a person then says so itself, in words the page understands. Where it cannot be found out,
/// nobody is told to sign in: they may be signed in already.
pub async fn identify(state: AppState, mut request: Request, next: Next) -> Response {
    let caller = match person(&state, request.method(), request.headers()).await {
        Ok(Some(person)) => Caller::Person(person),
        Ok(None) => Caller::Anonymous,
        Err(error) => return unidentified(error, request.uri().path()),
    };
    request.extensions_mut().insert(caller);
    next.run(request).await
}

/// The person a request comes from. `None`: nobody we know.
///
/// # Errors
/// When the store fails, so that nobody can say, and when signing in again would bring the same token.
pub async fn person(
    state: &AppState,
    method: &Method,
    headers: &HeaderMap,
) -> Result<Option<Person>, Unidentified> {
    if let Some(token) = bearer(headers) {
        // In a box, because whoever comes with a cookie need not carry its many states along.
        return Box::pin(by_token(state, token)).await;
    }
    let Some(cookie) = session_cookie(headers) else {
        return Ok(None);
    };
    if method != Method::GET && !is_own_origin(state, headers) {
        tracing::warn!(
            "a request from a foreign page came with a session cookie and was not believed"
        );
        return Ok(None);
    }
    Ok(state.sign_in.session(cookie).await?)
}

/// A call is answered as a server function would, everything else in words.
fn unidentified(error: Unidentified, path: &str) -> Response {
    let (status, problem) = match error {
        Unidentified::Store(error) => (
            StatusCode::SERVICE_UNAVAILABLE,
            ApiError::from(engine::Error::from(error)),
        ),
        Unidentified::OldToken(error) => {
            let incident = engine::incident();
            tracing::error!(
                incident,
                error = &error as &dyn std::error::Error,
                "the tenant gives the pane tokens that are not taken"
            );
            (StatusCode::UNAUTHORIZED, ApiError::token_version(incident))
        }
    };
    if path.starts_with("/api/") {
        (status, Json(problem)).into_response()
    } else {
        (status, problem.sentence()).into_response()
    }
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    headers
        .get(header::AUTHORIZATION)?
        .to_str()
        .ok()?
        .strip_prefix("Bearer ")
}

/// What the session's cookie says; nothing in it is ever quoted or escaped. Of several the last one counts.
fn session_cookie(headers: &HeaderMap) -> Option<&str> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|cookies| cookies.to_str().ok())
        .flat_map(|cookies| cookies.split(';'))
        .filter_map(|cookie| cookie.trim().split_once('='))
        .filter(|(name, _)| *name == SESSION_COOKIE)
        .map(|(_, value)| value)
        .next_back()
}

async fn by_token(state: &AppState, token: &str) -> Result<Option<Person>, Unidentified> {
    let person = match state.sign_in.verify_pane_token(token).await {
        Ok(person) => person,
        Err(error @ TokenError::OldVersion) => return Err(Unidentified::OldToken(error)),
        Err(error) => {
            tracing::info!(
                error = &error as &dyn std::error::Error,
                "a bearer token was not believed"
            );
            return Ok(None);
        }
    };
    adopt(state, &person, token).await;
    Ok(Some(person))
}

/// A person's token gives us the lasting permission to read how rooms answered them.
async fn adopt(state: &AppState, person: &Person, token: &str) {
    let sign_in = Arc::clone(&state.sign_in);
    if !sign_in.adoptions.begin(person.id, sign_in.clock.now()) {
        return;
    }
    if let Err(error) = state.engine.store().upsert_person(person).await {
        tracing::error!(
            error = &error as &dyn std::error::Error,
            "a person could not be kept"
        );
        sign_in.adoptions.failed(person.id, sign_in.clock.now());
        return;
    }
    let Some(tenant) = sign_in.tenant(person.id.tenant) else {
        return;
    };
    let Some(provider) = state.engine.providers().get(tenant.connection).cloned() else {
        return;
    };
    let person = person.id;
    let assertion = SecretString::from(token);
    let engine = Arc::clone(&state.engine);
    tokio::spawn(async move {
        match provider.adopt_assertion(&person, &assertion).await {
            Ok(()) => {
                if let Err(error) = engine.permission_given(person).await {
                    tracing::error!(
                        error = &error as &dyn std::error::Error,
                        "what waited for a person's permission could not be hastened; it is tried in its turn"
                    );
                }
            }
            Err(ProviderError::Unsupported { .. }) => {}
            Err(error) => {
                sign_in.adoptions.failed(person, sign_in.clock.now());
                tracing::warn!(
                    error = &error as &dyn std::error::Error,
                    "the pane's permission could not be made lasting yet; answers show when the person signs in to \
                     the portal"
                );
            }
        }
    });
}

/// Browsers name the page a request comes from; a foreign one must not use the cookie.
fn is_own_origin(state: &AppState, headers: &HeaderMap) -> bool {
    let Some(origin) = headers
        .get(header::ORIGIN)
        .and_then(|one| one.to_str().ok())
    else {
        return headers
            .get("sec-fetch-site")
            .is_none_or(|site| site == "same-origin" || site == "none");
    };
    state.config.http.is_own(origin)
}
