//! The organization. <https://learn.microsoft.com/graph/api/resources/organization>

use http::StatusCode;
use serde_json::{Value, json};

use super::error::GraphError;
use super::{Context, Outcome, paging, query};
use crate::message::Reply;
use crate::world::Tenant;

/// `GET /organization`
pub(super) fn list(context: &Context<'_>) -> Outcome {
    let organization = context
        .shared
        .world()
        .tenant(context.caller.tenant)
        .map(entity);
    paging::page(
        context,
        "organization",
        organization.into_iter().collect(),
        100,
    )
}

/// `GET /organization/{id}`
pub(super) fn get(context: &Context<'_>, id: &str) -> Outcome {
    let world = context.shared.world();
    let tenant = world
        .tenant(context.caller.tenant)
        .filter(|tenant| tenant.id.to_string() == id);
    let tenant = tenant.ok_or_else(|| {
        let message = format!("Resource '{id}' does not exist or one of its queried reference-property objects are not present.");
        GraphError::new(StatusCode::NOT_FOUND, "Request_ResourceNotFound", message)
    })?;
    Ok(Reply::json(
        StatusCode::OK,
        &query::select(context.call, entity(tenant)),
    ))
}

fn entity(tenant: &Tenant) -> Value {
    json!({
        "id": tenant.id,
        "displayName": tenant.display_name,
        "tenantType": "AAD",
        "countryLetterCode": null,
        "createdDateTime": "2020-01-15T08:00:00Z",
        "technicalNotificationMails": [],
        "verifiedDomains": [{
            "capabilities": "Email, OfficeCommunicationsOnline",
            "isDefault": true, "isInitial": true, "name": tenant.domain, "type": "Managed",
        }],
    })
}
