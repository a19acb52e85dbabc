//! Where an event is, as clients write it. <https://learn.microsoft.com/graph/api/resources/location>

use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::error::GraphError;

/// A location with the properties it may have. `locationType` and the unique id are the service's own: read and dropped.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(
    rename_all = "camelCase",
    default,
    expecting = "a location with its properties"
)]
pub(super) struct LocationInput {
    display_name: Option<String>,
    location_email_address: Option<String>,
    location_uri: Option<String>,
    address: Option<Map<String, Value>>,
    coordinates: Option<Map<String, Value>>,
    #[serde(rename = "locationType")]
    _location_type: Option<String>,
    #[serde(rename = "uniqueId")]
    _unique_id: Option<String>,
    #[serde(rename = "uniqueIdType")]
    _unique_id_type: Option<String>,
    #[serde(flatten)]
    rest: Map<String, Value>,
}

impl LocationInput {
    /// As Exchange keeps it when the API wrote it, with the `locationType` `default`. `None`: it says nothing. An error
    /// when it has a property that locations have not.
    pub(super) fn kept(&self) -> Result<Option<Value>, GraphError> {
        if let Some(name) = self.rest.keys().find(|name| !name.contains('@')) {
            let message =
                format!("The property '{name}' does not exist on type 'microsoft.graph.location'.");
            return Err(GraphError::bad_request("RequestBodyRead", message));
        }
        let name = self.display_name.as_deref().unwrap_or_default();
        let texts = [
            ("locationEmailAddress", &self.location_email_address),
            ("locationUri", &self.location_uri),
        ];
        let objects = [
            ("address", &self.address),
            ("coordinates", &self.coordinates),
        ];
        let mut kept = json!({
            "displayName": name, "locationType": "default", "uniqueId": name, "uniqueIdType": "private",
        });
        let mut is_empty = name.is_empty();
        let texts = texts.into_iter().filter_map(|(name, text)| {
            let text = text.as_deref().filter(|text| !text.is_empty())?;
            Some((name, json!(text)))
        });
        let objects = objects.into_iter().filter_map(|(name, object)| {
            let object = object.as_ref().filter(|object| !object.is_empty())?;
            Some((name, json!(object)))
        });
        for (name, value) in texts.chain(objects) {
            kept[name] = value;
            is_empty = false;
        }
        Ok((!is_empty).then_some(kept))
    }
}
