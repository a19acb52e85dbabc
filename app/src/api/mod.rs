//! The public surface: every server function lives in this folder.
//!
//! Each is: who is asking, call the engine, map the error. Arguments travel as JSON to a fixed
//! path, so that tests, logs and rate limits can name it. Assume a stranger calls every one.
//!
//! The browser sends requests through [`client::ApiClient`], which adds the pane's bearer token
//! where there is one; the portal is known by its session cookie.

pub mod admin;
#[cfg(feature = "ssr")]
pub mod caller;
pub mod client;
pub mod error;
pub mod live;
pub mod reservations;
pub mod rooms;
pub mod series;
pub mod session;
pub mod wire;

pub use error::ApiError;
