//! The properties of an event that only the service writes, or that have no effect here. Clients that write back what
//! they read send them; they are dropped, but have to be what Microsoft says they are.
//! <https://learn.microsoft.com/graph/api/resources/event#properties>

use serde_json::{Map, Value};

use super::error::GraphError;

#[derive(Debug, Clone, Copy)]
enum Kind {
    Text,
    Truth,
    Object,
    List,
}

const PROPERTIES: [(&str, Kind); 24] = [
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

/// Refuses what is none of these properties, and those of another kind. `null` is of each.
pub(super) fn check(rest: &Map<String, Value>) -> Result<(), GraphError> {
    for (name, value) in rest.iter().filter(|(name, _)| !name.contains('@')) {
        let known = PROPERTIES.iter().find(|(known, _)| known == name);
        let Some((_, kind)) = known else {
            let message =
                format!("The property '{name}' does not exist on type 'microsoft.graph.event'.");
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
