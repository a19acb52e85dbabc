//! Client secrets.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// A client secret. In JSON the text alone, or `{"value": …, "expires": …}`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Form", into = "Form")]
pub struct Secret {
    /// The text a client sends.
    pub value: String,
    /// From when on it is refused; `None` is never.
    pub expires: Option<Timestamp>,
}

impl From<&str> for Secret {
    fn from(value: &str) -> Self {
        Self {
            value: value.to_owned(),
            expires: None,
        }
    }
}

#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum Form {
    Plain(String),
    Expiring(Expiring),
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Expiring {
    value: String,
    expires: Timestamp,
}

impl From<Form> for Secret {
    fn from(form: Form) -> Self {
        match form {
            Form::Plain(value) => Self {
                value,
                expires: None,
            },
            Form::Expiring(Expiring { value, expires }) => Self {
                value,
                expires: Some(expires),
            },
        }
    }
}

impl From<Secret> for Form {
    fn from(Secret { value, expires }: Secret) -> Self {
        match expires {
            None => Self::Plain(value),
            Some(expires) => Self::Expiring(Expiring { value, expires }),
        }
    }
}
