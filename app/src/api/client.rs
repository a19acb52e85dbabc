//! How the browser reaches the server functions.
//!
//! Inside Outlook the pane is a third-party frame: no ordinary cookie is sent and storage may
//! throw. So the pane's token lives in memory only and goes out as a bearer header here.

use std::sync::RwLock;

#[cfg(feature = "hydrate")]
use super::ApiError;

/// The bearer token to send, kept in memory only. `None` in the portal, which has a session cookie.
static TOKEN: RwLock<Option<String>> = RwLock::new(None);

/// Sets the token that every later request carries.
pub fn set_token(token: Option<String>) {
    if let Ok(mut kept) = TOKEN.write() {
        *kept = token;
    }
}

/// The token requests carry now.
pub fn token() -> Option<String> {
    TOKEN.read().ok().and_then(|token| token.clone())
}

/// The browser's own client with the bearer header added.
#[derive(Debug)]
pub struct ApiClient;

#[cfg(feature = "hydrate")]
impl<InputStreamError, OutputStreamError>
    server_fn::client::Client<ApiError, InputStreamError, OutputStreamError> for ApiClient
where
    InputStreamError: server_fn::error::FromServerFnError,
    OutputStreamError: server_fn::error::FromServerFnError,
{
    type Request = server_fn::request::browser::BrowserRequest;
    type Response = server_fn::response::browser::BrowserResponse;

    async fn send(request: Self::Request) -> Result<Self::Response, ApiError> {
        if let Some(token) = token() {
            request
                .headers()
                .append("Authorization", &format!("Bearer {token}"));
        }
        <server_fn::client::browser::BrowserClient as server_fn::client::Client<
            ApiError,
            InputStreamError,
            OutputStreamError,
        >>::send(request)
        .await
    }

    async fn open_websocket(
        path: &str,
    ) -> Result<
        (
            impl futures::Stream<Item = Result<server_fn::Bytes, server_fn::Bytes>> + Send + 'static,
            impl futures::Sink<server_fn::Bytes> + Send + 'static,
        ),
        ApiError,
    > {
        <server_fn::client::browser::BrowserClient as server_fn::client::Client<
            ApiError,
            InputStreamError,
            OutputStreamError,
        >>::open_websocket(path)
        .await
    }

    fn spawn(future: impl Future<Output = ()> + Send + 'static) {
        <server_fn::client::browser::BrowserClient as server_fn::client::Client<
            ApiError,
            InputStreamError,
            OutputStreamError,
        >>::spawn(future);
    }
}
