//! How the browser reaches the server functions.
//!
//! Inside Outlook the pane is a third-party frame: no ordinary cookie is sent and storage may
//! throw. So the pane's token lives in memory only and goes out as a bearer header here.

use std::sync::RwLock;

use server_fn::client::Client;
use server_fn::client::browser::BrowserClient;
use server_fn::error::FromServerFnError;
use server_fn::request::browser::BrowserRequest;
use server_fn::response::browser::BrowserResponse;

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

impl<InputError, OutputError> Client<ApiError, InputError, OutputError> for ApiClient
where
    InputError: FromServerFnError,
    OutputError: FromServerFnError,
{
    type Request = BrowserRequest;
    type Response = BrowserResponse;

    fn send(
        request: Self::Request,
    ) -> impl Future<Output = Result<Self::Response, ApiError>> + Send {
        if let Some(token) = token() {
            request
                .headers()
                .append("Authorization", &format!("Bearer {token}"));
        }
        <BrowserClient as Client<ApiError, InputError, OutputError>>::send(request)
    }

    fn open_websocket(
        path: &str,
    ) -> impl Future<
        Output = Result<
            (
                impl futures::Stream<Item = Result<server_fn::Bytes, server_fn::Bytes>> + Send + 'static,
                impl futures::Sink<server_fn::Bytes> + Send + 'static,
            ),
            ApiError,
        >,
    > + Send {
        <BrowserClient as Client<ApiError, InputError, OutputError>>::open_websocket(path)
    }

    fn spawn(future: impl Future<Output = ()> + Send + 'static) {
        <BrowserClient as Client<ApiError, InputError, OutputError>>::spawn(future);
    }
}
