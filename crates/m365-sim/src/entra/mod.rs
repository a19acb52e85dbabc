//! Entra ID as clients see it: discovery, keys, sign-in pages, tokens.
//! <https://learn.microsoft.com/entra/identity-platform/v2-protocols>
//!
//! A tenant is named by its id or its domain. `common` and `organizations` work where a tenant can be told from the
//! rest of the request: the only tenant there is, or the one that knows the client id. An
//! application that acts as itself has to name it.
//! <https://learn.microsoft.com/entra/identity-platform/v2-oauth2-client-creds-grant-flow>

mod authorize;
pub(crate) mod claims;
mod client_assertion;
mod client_proof;
mod consent;
mod consentable;
mod discovery;
pub(crate) mod error;
mod expiring;
pub(crate) mod grants;
pub(crate) mod issue;
pub(crate) mod keys;
mod pkce;
mod platform;
pub(crate) mod scopes;
mod sign_in_page;
mod sign_out;
pub(crate) mod token;
mod user_consent;
mod verified_tokens;
mod visit;

use http::{Method, StatusCode};
use uuid::Uuid;

use crate::message::{Call, Reply};
use crate::shared::Shared;
use crate::world::{Tenant, World};
use consent::Endpoint;
use error::EntraError;

/// Answers one request to the Entra part of the origin.
pub(crate) fn handle(shared: &Shared, call: &Call) -> Reply {
    let segments = call.segments();
    let names: Vec<&str> = segments.iter().map(String::as_str).collect();
    let Some((tenant, rest)) = names.split_first() else {
        return not_found();
    };
    let is_get = call.method == Method::GET;
    let result = match rest {
        ["v2.0", ".well-known", "openid-configuration"] if is_get => {
            discovery::configuration(shared, tenant)
        }
        [".well-known", "openid-configuration"] if is_get => {
            discovery::configuration_version_1(shared, tenant)
        }
        ["discovery", "v2.0", "keys"] | ["discovery", "keys"] if is_get => published_keys(shared),
        ["oauth2", "v2.0", "token"] if call.method == Method::POST => {
            token::handle(shared, tenant, call)
        }
        ["oauth2", "v2.0", "authorize"] => authorize::handle(shared, tenant, call),
        ["adminconsent"] => consent::handle(shared, tenant, call, Endpoint::V1),
        ["v2.0", "adminconsent"] => consent::handle(shared, tenant, call, Endpoint::V2),
        ["oauth2", "v2.0", "logout"] => sign_out::handle(shared, tenant, call),
        _ => return not_found(),
    };
    result.unwrap_or_else(|error| error.into_reply(shared))
}

/// The tenant of a path, or one that knows the app when the path leaves it open.
fn resolve_tenant<'a>(
    world: &'a World,
    name: &str,
    client_id: Option<Uuid>,
) -> Result<&'a Tenant, EntraError> {
    let found = if is_open(name) {
        let knowing = world
            .tenants
            .iter()
            .find(|tenant| client_id.is_some_and(|id| tenant.app(id).is_some()));
        knowing.or(world.tenants.first())
    } else {
        world.find_tenant(name)
    };
    found.ok_or_else(|| EntraError::UnknownTenant(name.to_owned()))
}

/// Whether a path leaves open which tenant is meant.
fn is_open(tenant: &str) -> bool {
    ["common", "organizations"].contains(&tenant)
}

fn published_keys(shared: &Shared) -> Result<Reply, EntraError> {
    Ok(Reply::json(StatusCode::OK, &shared.keys.json_web_keys()?))
}

fn not_found() -> Reply {
    Reply::empty(StatusCode::NOT_FOUND)
}
