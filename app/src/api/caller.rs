//! Who is asking, and what a server function can reach.
//!
//! A function that was called from outside runs within a [`Call`]; one that a page calls while it is rendered finds the
//! same in Leptos' context. Calls have no context of Leptos' own, because making one costs more than most answers do.

use std::cell::Cell;
use std::sync::Arc;

use booking::BookingError;
use booking::person::{Caller, Person};
use engine::Engine;
use http::StatusCode;
use leptos::prelude::*;

use super::ApiError;

tokio::task_local! {
    static CALL: Call;
}

/// A server function called from outside.
#[derive(Debug)]
pub struct Call {
    engine: Arc<Engine>,
    caller: Caller,
    /// `None`: nothing went wrong yet.
    status: Cell<Option<StatusCode>>,
}

impl Call {
    /// A call by this caller.
    pub const fn new(engine: Arc<Engine>, caller: Caller) -> Self {
        Self {
            engine,
            caller,
            status: Cell::new(None),
        }
    }

    /// Runs the function, and gives the status of the [`ApiError`] it ended with. `None`: it ended with none.
    pub async fn run<T>(self, function: impl Future<Output = T>) -> (T, Option<StatusCode>) {
        let answered = async {
            let answer = function.await;
            (answer, CALL.with(|call| call.status.get()))
        };
        CALL.scope(self, answered).await
    }
}

/// Has the call that is under way answered with this status; a page that could not be filled is an answered page.
pub(super) fn answer_with(status: StatusCode) {
    // An error is none here: it says that a page is being rendered.
    let _page = CALL.try_with(|call| call.status.set(Some(status)));
}

/// The engine.
pub fn engine() -> Arc<Engine> {
    CALL.try_with(|call| Arc::clone(&call.engine))
        .unwrap_or_else(|_| expect_context::<Arc<Engine>>())
}

/// Who is asking; [`Caller::Anonymous`] when nobody signed in.
pub fn caller() -> Caller {
    CALL.try_with(|call| call.caller.clone())
        .unwrap_or_else(|_| caller_of_page())
}

fn caller_of_page() -> Caller {
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
