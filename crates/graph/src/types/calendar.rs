//! A calendar as a whole.

use serde::Deserialize;

/// What may be done with a calendar.
///
/// See <https://learn.microsoft.com/graph/api/resources/calendar>.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Calendar {
    /// Whether whoever asks may write in it. `None`: that is not told.
    #[serde(default)]
    pub can_edit: Option<bool>,
}
