//! The organization. <https://learn.microsoft.com/graph/api/resources/organization>

use http::StatusCode;
use serde_json::{Value, json};

use super::error::GraphError;
use super::paging::PageSize;
use super::{Context, Outcome, paging, query};
use crate::message::Reply;
use crate::world::Tenant;

/// The permissions that show more than a name.
const READING_ALL: [&str; 4] = [
    "Directory.Read.All",
    "Directory.ReadWrite.All",
    "Organization.Read.All",
    "Organization.ReadWrite.All",
];

/// `GET /organization`
pub(super) fn list(context: &Context<'_>) -> Outcome {
    let organization = context
        .shared
        .world()
        .tenant(context.caller.tenant)
        .map(|tenant| entity(context, tenant));
    paging::page(
        context,
        "organization",
        organization.into_iter().collect(),
        PageSize::Usual(100),
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
        &query::select(context.call, entity(context, tenant)),
    ))
}

/// Who has no more than `User.Read` sees three properties, as the page of the method says.
fn entity(context: &Context<'_>, tenant: &Tenant) -> Value {
    let reads_all = context.caller.has(&READING_ALL);
    json!({
        "id": tenant.id,
        "displayName": tenant.display_name,
        "tenantType": reads_all.then_some("AAD"),
        "countryLetterCode": null,
        "createdDateTime": reads_all.then_some("2020-01-15T08:00:00Z"),
        "technicalNotificationMails": [],
        "verifiedDomains": [{
            "capabilities": "Email, OfficeCommunicationsOnline",
            "isDefault": true, "isInitial": true, "name": tenant.domain, "type": "Managed",
        }],
    })
}
