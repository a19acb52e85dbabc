//! Microsoft Graph v1.0, as far as room calendars need it.
//!
//! An [`Operation`] is a value that knows its request and its answer and does no I/O. [`GraphClient`] sends it with a
//! token from [`GraphAccess`], waits when Graph asks for it, and decodes. [`GraphProvider`] puts operations together
//! into what the product calls a calendar provider; `provider` is the only module that knows the product.
//!
//! ```
//! use graph::Operation;
//! use graph::ops::places::ListRooms;
//! use url::Url;
//!
//! let base = Url::parse("https://graph.microsoft.com/v1.0/").expect("a base address");
//! let request = ListRooms { per_page: 100 }.build(&base).expect("a request");
//! assert_eq!(request.method(), "GET");
//! assert_eq!(request.uri().path(), "/v1.0/places/microsoft.graph.room");
//! // client.send(&Identity::Application, &ListRooms { per_page: 100 }).await? is then a Page<Room>.
//! ```
//!
//! | to learn about | open |
//! |---|---|
//! | adding an endpoint | [`operation`], then one file in [`ops`] |
//! | whose token is used, and how it is renewed | [`access`] |
//! | several calls in one request | [`batch`] |
//! | when a request is repeated | [`retry`] |
//! | how many requests run at once, and the wait they share | [`throttle`], [`places`], [`budget`] |
//! | how several processes share what one application may ask | [`client`], its `sharing` |
//! | what a failure says | [`error`] |
//! | notifications that Graph posts to us | [`notification`] |
//! | how calendars are read and written for the product | [`provider`] |

pub mod access;
pub mod ambient;
mod answer;
pub mod batch;
pub mod budget;
pub mod client;
pub mod cloud;
pub mod error;
pub mod notification;
pub mod operation;
pub mod ops;
pub mod page;
pub mod places;
pub mod provider;
pub mod retry;
pub mod throttle;
pub mod types;

pub use access::{Certificate, CertificateError, Credential, GraphAccess, Identity, PersonKey};
pub use answer::Answered;
pub use client::GraphClient;
pub use error::GraphError;
pub use operation::Operation;
pub use page::Page;
pub use provider::{BookingAccess, BookingMailbox, GraphConfig, GraphProvider};
