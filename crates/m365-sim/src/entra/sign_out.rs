//! Where people go when they sign out.
//! <https://learn.microsoft.com/entra/identity-platform/v2-protocols-oidc#send-a-sign-out-request>

use uuid::Uuid;

use super::error::EntraError;
use super::sign_in_page;
use super::visit::Parameters;
use crate::message::{Call, Reply};
use crate::shared::Shared;
use crate::world::Tenant;

/// Answers `/{tenant}/oauth2/v2.0/logout`, by GET and POST: leads on to an address that an application of the tenant is
/// registered with. Who comes with any other stays on our own page.
pub(super) fn handle(shared: &Shared, tenant: &str, call: &Call) -> Result<Reply, EntraError> {
    let parameters = Parameters::of(call);
    let client_id = parameters.get("client_id");
    let client_id = client_id.and_then(|id| Uuid::try_parse(id).ok());
    let world = shared.world();
    let is_open = ["common", "organizations"].contains(&tenant);
    let named = world.find_tenant(tenant).map(|tenant| tenant.id);
    if named.is_none() && !is_open {
        return Err(EntraError::UnknownTenant(tenant.to_owned()));
    }
    let mut tenants = world
        .tenants
        .iter()
        .filter(|one| is_open || Some(one.id) == named);
    let address = parameters
        .get("post_logout_redirect_uri")
        .filter(|address| tenants.any(|tenant| is_registered(tenant, client_id, address)));
    Ok(address.map_or_else(sign_in_page::signed_out, Reply::redirect))
}

fn is_registered(tenant: &Tenant, client_id: Option<Uuid>, address: &str) -> bool {
    let apps = tenant.apps.iter();
    let mut meant = apps.filter(|app| client_id.is_none_or(|id| app.client_id == id));
    meant.any(|app| app.all_redirect_uris().any(|known| known == address))
}
