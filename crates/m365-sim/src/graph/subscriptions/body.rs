//! Subscriptions as clients write them. <https://learn.microsoft.com/graph/api/resources/subscription>
//!
//! What is not served is refused, not dropped: a client that asks for it has to know.

use http::StatusCode;
use serde::Deserialize;
use serde_json::Value;

use crate::graph::error::GraphError;

/// Both spellings are Microsoft's: the OpenAPI document has them without, the pages with an underscore.
const TLS_VERSIONS: [&str; 8] = ["v10", "v11", "v12", "v13", "v1_0", "v1_1", "v1_2", "v1_3"];

/// The properties of a subscription. Those that only the service writes are read and dropped.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub(super) struct SubscriptionInput {
    pub(super) resource: Option<String>,
    pub(super) change_type: Option<String>,
    pub(super) notification_url: Option<String>,
    pub(super) lifecycle_notification_url: Option<String>,
    pub(super) expiration_date_time: Option<String>,
    pub(super) client_state: Option<String>,
    pub(super) latest_supported_tls_version: Option<String>,
    include_resource_data: Option<bool>,
    encryption_certificate: Option<String>,
    encryption_certificate_id: Option<String>,
    notification_query_options: Option<String>,
    notification_url_app_id: Option<String>,
    #[serde(rename = "id")]
    _id: Option<String>,
    #[serde(rename = "applicationId")]
    _application_id: Option<String>,
    #[serde(rename = "creatorId")]
    _creator_id: Option<String>,
}

impl SubscriptionInput {
    /// Reads the body of a new subscription.
    pub(super) fn new(body: Option<Value>) -> Result<Self, GraphError> {
        let input = Self::read(body)?;
        let unserved = [
            (
                "includeResourceData",
                input.include_resource_data == Some(true),
            ),
            (
                "encryptionCertificate",
                input.encryption_certificate.is_some(),
            ),
            (
                "encryptionCertificateId",
                input.encryption_certificate_id.is_some(),
            ),
            (
                "notificationQueryOptions",
                input.notification_query_options.is_some(),
            ),
            (
                "notificationUrlAppId",
                input.notification_url_app_id.is_some(),
            ),
        ];
        if let Some((name, _)) = unserved.into_iter().find(|(_, is_asked)| *is_asked) {
            return Err(not_simulated(name));
        }
        let resource = input.resource.as_deref().unwrap_or_default();
        if resource.contains('?') {
            return Err(not_simulated("resource"));
        }
        let version = input.latest_supported_tls_version.as_deref();
        if let Some(version) = version.filter(|version| !TLS_VERSIONS.contains(version)) {
            return Err(GraphError::unreadable_body(format!(
                "'latestSupportedTlsVersion' is v1_0, v1_1, v1_2 or v1_3, not '{version}'"
            )));
        }
        Ok(input)
    }

    /// Reads the body of a renewal, which changes nothing but the end.
    /// <https://learn.microsoft.com/graph/api/subscription-update>
    pub(super) fn renewal(body: Option<Value>) -> Result<Self, GraphError> {
        let written = body.clone().unwrap_or_default();
        let mut written = written.as_object().into_iter().flatten();
        let other = written.find(|(name, value)| {
            !name.contains('@') && !value.is_null() && *name != "expirationDateTime"
        });
        if let Some((name, _)) = other {
            return Err(GraphError::bad_request(
                "InvalidRequest",
                format!(
                    "Of a subscription only 'expirationDateTime' can be changed here, not '{name}'."
                ),
            ));
        }
        Self::read(body)
    }

    fn read(body: Option<Value>) -> Result<Self, GraphError> {
        let mut body = body.ok_or_else(|| GraphError::unreadable_body("it is empty or no JSON"))?;
        if let Some(properties) = body.as_object_mut() {
            properties.retain(|name, _| !name.contains('@'));
        }
        serde_json::from_value(body).map_err(GraphError::unreadable_body)
    }
}

fn not_simulated(property: &str) -> GraphError {
    GraphError::new(
        StatusCode::NOT_IMPLEMENTED,
        "NotImplemented",
        format!(
            "Notifications with resource data, and of chosen events alone, are not simulated: see '{property}'."
        ),
    )
}
