//! Who is asking. The server's sign-in layer has put the [`Caller`] into the request already.

use std::sync::Arc;

use booking::BookingError;
use booking::person::{Caller, Person};
use engine::Engine;
use leptos::prelude::*;

use super::ApiError;

/// The engine, which the server provides to every request.
pub fn engine() -> Arc<Engine> {
    expect_context::<Arc<Engine>>()
}

/// Who is asking; [`Caller::Anonymous`] when nobody signed in.
pub fn caller() -> Caller {
    // Looked at in its place: a copy of the parts would copy every header.
    with_context(|parts: &http::request::Parts| parts.extensions.get::<Caller>().cloned())
        .flatten()
        .unwrap_or(Caller::Anonymous)
}

/// The signed-in person.
///
/// # Errors
/// `sign_in_needed` when there is none.
pub fn person() -> Result<Person, ApiError> {
    match caller() {
        Caller::Person(person) => Ok(person),
        Caller::Anonymous => Err(engine::Error::from(BookingError::SignInNeeded).into()),
    }
}
