//! What a server function says when it cannot do what was asked.

use booking::rules::Refusal;
use serde::{Deserialize, Serialize};
use server_fn::error::{FromServerFnError, ServerFnErrorErr};

use crate::text::problem;

use super::wire::Wire;

/// An error as a person can be told it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, thiserror::Error)]
#[error("{message}")]
pub struct ApiError {
    /// A stable word for programs, such as `refused` or `sign_in_needed`.
    pub code: String,
    /// A sentence that says what is, then what to do.
    pub message: String,
    /// Every reason the rules gave, when `code` is `refused`.
    #[serde(default)]
    pub refusals: Vec<Refusal>,
    /// What to tell support; the server's log names it too. `None`: nothing unexpected happened.
    #[serde(default)]
    pub incident: Option<String>,
}

/// [`ApiError::code`] when the caller must sign in first.
pub const SIGN_IN_NEEDED: &str = "sign_in_needed";

impl ApiError {
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
        Self {
            code: code.to_owned(),
            message,
            refusals: Vec::new(),
            incident: None,
        }
    }
}

#[cfg(feature = "ssr")]
mod from_engine {
    use super::ApiError;
    use booking::BookingError;

    impl From<engine::Error> for ApiError {
        /// The one place where an engine error becomes words; what is not the person's to mend is
        /// logged here, once, under an incident id.
        fn from(error: engine::Error) -> Self {
            match error {
                engine::Error::Booking(error) => Self {
                    code: error.code().to_owned(),
                    message: error.to_string(),
                    refusals: match error {
                        BookingError::Refused(refusals) => refusals,
                        _ => Vec::new(),
                    },
                    incident: None,
                },
                other => {
                    let incident = other.incident();
                    tracing::error!(
                        incident,
                        error = &other as &dyn std::error::Error,
                        "a request failed for a reason the person cannot mend"
                    );
                    Self {
                        code: other.code().to_owned(),
                        message: other.sentence(),
                        refusals: Vec::new(),
                        incident: Some(incident),
                    }
                }
            }
        }
    }
}
