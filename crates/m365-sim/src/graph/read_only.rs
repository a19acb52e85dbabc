//! The properties of events and messages that only the service writes, or that have no effect here. Clients that write
//! back what they read send them; they are dropped, but have to be what Microsoft says they are.
//! <https://learn.microsoft.com/graph/api/resources/event#properties>,
//! <https://learn.microsoft.com/graph/api/resources/message#properties>

use serde_json::{Map, Value};

use super::error::GraphError;

#[derive(Debug, Clone, Copy)]
enum Kind {
    Text,
    Truth,
    Object,
    List,
}

const OF_EVENTS: [(&str, Kind); 24] = [
    ("id", Kind::Text),
    ("bodyPreview", Kind::Text),
    ("changeKey", Kind::Text),
    ("createdDateTime", Kind::Text),
    ("lastModifiedDateTime", Kind::Text),
    ("hasAttachments", Kind::Truth),
    ("iCalUId", Kind::Text),
    ("isCancelled", Kind::Truth),
    ("isDraft", Kind::Truth),
    ("isOrganizer", Kind::Truth),
    ("onlineMeeting", Kind::Object),
    ("onlineMeetingUrl", Kind::Text),
    ("organizer", Kind::Object),
    ("originalStart", Kind::Text),
    ("originalStartTimeZone", Kind::Text),
    ("originalEndTimeZone", Kind::Text),
    ("responseStatus", Kind::Object),
    ("seriesMasterId", Kind::Text),
    ("type", Kind::Text),
    ("webLink", Kind::Text),
    ("attachments", Kind::List),
    ("extensions", Kind::List),
    ("occurrenceId", Kind::Text),
    ("cancelledOccurrences", Kind::List),
];

const OF_MESSAGES: [(&str, Kind); 26] = [
    ("bodyPreview", Kind::Text),
    ("categories", Kind::List),
    ("changeKey", Kind::Text),
    ("conversationId", Kind::Text),
    ("conversationIndex", Kind::Text),
    ("createdDateTime", Kind::Text),
    ("flag", Kind::Object),
    ("hasAttachments", Kind::Truth),
    ("id", Kind::Text),
    ("inferenceClassification", Kind::Text),
    ("internetMessageHeaders", Kind::List),
    ("internetMessageId", Kind::Text),
    ("isDeliveryReceiptRequested", Kind::Truth),
    ("isDraft", Kind::Truth),
    ("isRead", Kind::Truth),
    ("isReadReceiptRequested", Kind::Truth),
    ("lastModifiedDateTime", Kind::Text),
    ("parentFolderId", Kind::Text),
    ("receivedDateTime", Kind::Text),
    ("replyTo", Kind::List),
    ("sentDateTime", Kind::Text),
    ("uniqueBody", Kind::Object),
    ("webLink", Kind::Text),
    ("extensions", Kind::List),
    ("singleValueExtendedProperties", Kind::List),
    ("multiValueExtendedProperties", Kind::List),
];

/// Refuses what is no property of an event, and what is of another kind. `null` is of each.
pub(super) fn check_event(rest: &Map<String, Value>) -> Result<(), GraphError> {
    check(rest, &OF_EVENTS, "event")
}

/// The same of a message.
pub(super) fn check_message(rest: &Map<String, Value>) -> Result<(), GraphError> {
    check(rest, &OF_MESSAGES, "message")
}

fn check(
    rest: &Map<String, Value>,
    properties: &[(&str, Kind)],
    of: &str,
) -> Result<(), GraphError> {
    for (name, value) in rest.iter().filter(|(name, _)| !name.contains('@')) {
        let known = properties.iter().find(|(known, _)| known == name);
        let Some((_, kind)) = known else {
            let message =
                format!("The property '{name}' does not exist on type 'microsoft.graph.{of}'.");
            return Err(GraphError::bad_request("RequestBodyRead", message));
        };
        if !kind.holds(value) {
            return Err(GraphError::unreadable_body(format!(
                "'{name}' is not of the type that Microsoft documents for it"
            )));
        }
    }
    Ok(())
}

impl Kind {
    fn holds(self, value: &Value) -> bool {
        let is_quoted = |text: &str| ["true", "false"].contains(&text.to_lowercase().as_str());
        match self {
            _ if value.is_null() => true,
            Self::Text => value.is_string(),
            Self::Truth => value.is_boolean() || value.as_str().is_some_and(is_quoted),
            Self::Object => value.is_object(),
            Self::List => value.is_array(),
        }
    }
}
