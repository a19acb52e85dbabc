//! What events can be looked up by. <https://learn.microsoft.com/graph/api/resources/event#properties>

use serde_json::{Value, json};

use super::error::GraphError;
use super::filter::Filter;
use crate::message::Call;

/// Reads `$filter` over events; `None` when there is none.
pub(super) fn of(call: &Call) -> Result<Option<Filter>, GraphError> {
    let like = like();
    let properties: Vec<&str> = like
        .as_object()
        .into_iter()
        .flat_map(|event| event.keys().map(String::as_str))
        .collect();
    let filter = Filter::of(call, &properties)?;
    filter.map(|filter| filter.fitting(&like)).transpose()
}

/// An event that has a value of its type for everything that can be looked up.
fn like() -> Value {
    let time = json!({ "dateTime": "", "timeZone": "" });
    let contact = json!({ "name": "", "address": "" });
    json!({
        "attendees": [{
            "type": "", "status": { "response": "", "time": "" }, "emailAddress": contact,
        }],
        "categories": [""],
        "createdDateTime": "",
        "end": time,
        "iCalUId": "",
        "id": "",
        "importance": "",
        "isAllDay": true,
        "isCancelled": true,
        "isOrganizer": true,
        "lastModifiedDateTime": "",
        "location": {
            "displayName": "", "locationEmailAddress": "", "locationUri": "", "locationType": "", "uniqueId": "",
        },
        "organizer": { "emailAddress": contact },
        "sensitivity": "",
        "seriesMasterId": "",
        "showAs": "",
        "start": time,
        "subject": "",
        "type": "",
    })
}
