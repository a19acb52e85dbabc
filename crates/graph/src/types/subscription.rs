//! Subscriptions.

use jiff::Timestamp;
use serde::Deserialize;

/// Graph's promise to notify until a time.
///
/// See <https://learn.microsoft.com/graph/api/resources/subscription>.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Subscription {
    /// Its id.
    pub id: String,
    /// When it ends; may differ from what was asked for.
    pub expiration_date_time: Timestamp,
}
