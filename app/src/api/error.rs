//! What a server function says when it cannot do what was asked.

use booking::BookingError;
use booking::rules::Refusal;
use booking::series::RefusedDate;
use serde::{Deserialize, Serialize};
use server_fn::error::{FromServerFnError, ServerFnErrorErr};

use crate::text::problem;

use super::wire::Wire;

/// An error as a person can be told it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, thiserror::Error)]
#[error("{}", self.sentence())]
pub struct ApiError {
    /// A stable word for programs, such as `refused` or `sign_in_needed`.
    pub code: String,
    /// A sentence that says what is, then what to do.
    pub message: String,
    /// Every reason the rules gave, when `code` is `refused`.
    #[serde(default)]
    pub refusals: Vec<Refusal>,
    /// Which dates of a series were refused, and why each, when `code` is `refused` and it was a series.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub dates: Vec<RefusedDate>,
    /// What to tell support; the server's log names it too. `None`: nothing unexpected happened.
    #[serde(default)]
    pub incident: Option<String>,
}

/// [`ApiError::code`] when the caller must sign in first.
pub const SIGN_IN_NEEDED: &str = "sign_in_needed";

/// [`ApiError::code`] when the caller's role does not allow it.
pub const ADMIN_NEEDED: &str = "admin_needed";

impl ApiError {
    /// What a person is told, with the number to give to support where there is one.
    pub fn sentence(&self) -> String {
        match &self.incident {
            Some(incident) => problem::with_incident(&self.message, incident),
            None => self.message.clone(),
        }
    }

    /// The browser has no source of randomness, so it cannot name what it asks for.
    pub fn no_randomness() -> Self {
        Self {
            code: "no_randomness".to_owned(),
            message: problem::NO_RANDOMNESS.to_owned(),
            refusals: Vec::new(),
            dates: Vec::new(),
            incident: None,
        }
    }

    /// Nobody is signed in.
    pub fn sign_in_needed() -> Self {
        Self {
            code: SIGN_IN_NEEDED.to_owned(),
            message: BookingError::SignInNeeded.to_string(),
            refusals: Vec::new(),
            dates: Vec::new(),
            incident: None,
        }
    }

    /// The tenant gives out tokens that are not taken, so that signing in again does not help.
    #[cfg(feature = "ssr")]
    pub fn token_version(incident: String) -> Self {
        Self {
            code: "token_version".to_owned(),
            message: problem::TOKEN_VERSION.to_owned(),
            refusals: Vec::new(),
            dates: Vec::new(),
            incident: Some(incident),
        }
    }

    /// Whether only administrators may do this.
    pub fn needs_admin(&self) -> bool {
        self.code == ADMIN_NEEDED
    }

    /// Whether signing in would help.
    pub fn needs_sign_in(&self) -> bool {
        self.code == SIGN_IN_NEEDED
    }
}

impl FromServerFnError for ApiError {
    type Encoder = Wire;

    /// What happens between browser and server function: no network, or nonsense in the body.
    fn from_server_fn_error(error: ServerFnErrorErr) -> Self {
        let (code, message) = match error {
            ServerFnErrorErr::Request(_) => ("offline", problem::OFFLINE.to_owned()),
            ServerFnErrorErr::Args(what)
            | ServerFnErrorErr::MissingArg(what)
            | ServerFnErrorErr::Deserialization(what) => {
                ("bad_request", problem::bad_request(&what))
            }
            _ => ("unexpected", problem::UNREADABLE.to_owned()),
        };
        let error = Self {
            code: code.to_owned(),
            message,
            refusals: Vec::new(),
            dates: Vec::new(),
            incident: None,
        };
        #[cfg(feature = "ssr")]
        status::answer_with(&error);
        error
    }
}

/// The HTTP status an error travels with.
#[cfg(feature = "ssr")]
mod status {
    use http::StatusCode;

    use super::ApiError;
    use crate::api::caller;

    /// Sets it on the answer to the call that is under way.
    pub(super) fn answer_with(error: &ApiError) {
        caller::answer_with(of(&error.code));
    }

    fn of(code: &str) -> StatusCode {
        match code {
            "bad_request" => StatusCode::BAD_REQUEST,
            super::SIGN_IN_NEEDED => StatusCode::UNAUTHORIZED,
            "not_yours" | "not_delegate" | super::ADMIN_NEEDED => StatusCode::FORBIDDEN,
            "link_used" | "link_expired" => StatusCode::GONE,
            "not_found" | "link_unknown" => StatusCode::NOT_FOUND,
            "refused" | "too_many_holds" | "held_too_long" | "wrong_state" | "cannot_change" => {
                StatusCode::CONFLICT
            }
            "exchange_slow" | "throttled" => StatusCode::SERVICE_UNAVAILABLE,
            "exchange_denied" | "exchange_failed" | "mailbox_blocked" | "no_mailbox"
            | "mailbox_elsewhere" | "unknown_address" | "tenant_gone" => StatusCode::BAD_GATEWAY,
            _ => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }
}

#[cfg(feature = "ssr")]
mod from_engine {
    use super::{ApiError, BookingError};

    impl From<engine::Error> for ApiError {
        /// The one place where an engine error becomes words; what is not the person's to mend is
        /// logged here, once, under an incident id.
        fn from(error: engine::Error) -> Self {
            let error = match error {
                engine::Error::Booking(error) => {
                    let (code, message) = (error.code().to_owned(), error.to_string());
                    let (refusals, dates) = match error {
                        BookingError::Refused(refusals) => (refusals, Vec::new()),
                        BookingError::SeriesRefused(dates) => (Vec::new(), dates),
                        _ => (Vec::new(), Vec::new()),
                    };
                    Self {
                        code,
                        message,
                        refusals,
                        dates,
                        incident: None,
                    }
                }
                other => {
                    let incident = engine::incident();
                    tracing::error!(
                        incident,
                        error = &other as &dyn std::error::Error,
                        "a request failed for a reason the person cannot mend"
                    );
                    Self {
                        code: other.code().to_owned(),
                        message: other.sentence(),
                        refusals: Vec::new(),
                        dates: Vec::new(),
                        incident: Some(incident),
                    }
                }
            };
            super::status::answer_with(&error);
            error
        }
    }
}
