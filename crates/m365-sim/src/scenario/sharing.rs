//! Who else may open a calendar, and how far.

use serde::{Deserialize, Serialize};

/// Somebody a calendar is shared with. In JSON an address alone is one who may write.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "ShareForm")]
#[serde(rename_all = "camelCase")]
pub struct Share {
    /// Their address.
    pub address: String,
    /// How far they may go, given a `.Shared` permission.
    pub level: ShareLevel,
}

/// What somebody may do in a calendar that is shared with them.
/// <https://learn.microsoft.com/graph/outlook-share-or-delegate-calendar>
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum ShareLevel {
    /// Sees the events.
    Read,
    /// Makes and changes them, too.
    #[default]
    Write,
    /// The same, and gets what is sent to the owner about meetings.
    Delegate,
}

/// The two forms in JSON.
#[derive(Deserialize)]
#[serde(untagged)]
enum ShareForm {
    Address(String),
    Full(FullShare),
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct FullShare {
    address: String,
    #[serde(default)]
    level: ShareLevel,
}

impl From<ShareForm> for Share {
    fn from(form: ShareForm) -> Self {
        match form {
            ShareForm::Address(address) => address.as_str().into(),
            ShareForm::Full(FullShare { address, level }) => Self { address, level },
        }
    }
}

impl From<&str> for Share {
    /// Somebody who may write.
    fn from(address: &str) -> Self {
        Self {
            address: address.to_owned(),
            level: ShareLevel::default(),
        }
    }
}

impl Share {
    /// Somebody who may go so far.
    #[must_use]
    pub fn with(address: &str, level: ShareLevel) -> Self {
        Self {
            level,
            ..address.into()
        }
    }
}
