//! Booleans as clients write them. The service was seen to take them in quotes: O365 for Python sends
//! `"isOnlineMeeting": "false"`.

use serde::de::Error as _;
use serde::{Deserialize, Deserializer};
use serde_json::Value;

/// The booleans of an event.
const OF_EVENTS: [&str; 6] = [
    "allowNewTimeProposals",
    "hideAttendees",
    "isAllDay",
    "isOnlineMeeting",
    "isReminderOn",
    "responseRequested",
];

/// A boolean, with or without quotes; nothing and `null` are `None`.
pub(super) fn truth<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<bool>, D::Error> {
    match Option::<Value>::deserialize(deserializer)? {
        None | Some(Value::Null) => Ok(None),
        Some(Value::Bool(truth)) => Ok(Some(truth)),
        Some(Value::String(text)) if text.eq_ignore_ascii_case("true") => Ok(Some(true)),
        Some(Value::String(text)) if text.eq_ignore_ascii_case("false") => Ok(Some(false)),
        Some(other) => Err(D::Error::custom(format!(
            "{other} is neither true nor false"
        ))),
    }
}

/// The first boolean of an event that is written in quotes.
pub(super) fn quoted(event: &Value) -> Option<&'static str> {
    OF_EVENTS.into_iter().find(|name| event[*name].is_string())
}
