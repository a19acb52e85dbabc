//! The discovery document. <https://learn.microsoft.com/entra/identity-platform/v2-protocols-oidc>

use http::StatusCode;
use serde_json::{Value, json};

use super::error::EntraError;
use super::{claims, resolve_tenant};
use crate::message::Reply;
use crate::shared::Shared;

/// Answers `/{tenant}/.well-known/openid-configuration`, for who checks access tokens of version 1. Sign-in itself is
/// served in version 2 alone, so its endpoints are those.
pub(super) fn configuration_version_1(shared: &Shared, name: &str) -> Result<Reply, EntraError> {
    let tenant = resolve_tenant(&shared.world(), name, None)?.id;
    let mut document = document(shared, name)?;
    document["issuer"] = json!(claims::issuer_version_1(shared, tenant));
    document["jwks_uri"] = json!(format!("{}/{tenant}/discovery/keys", shared.public_url));
    Ok(Reply::json(StatusCode::OK, &document))
}

/// Answers `/{tenant}/v2.0/.well-known/openid-configuration`.
pub(super) fn configuration(shared: &Shared, name: &str) -> Result<Reply, EntraError> {
    Ok(Reply::json(StatusCode::OK, &document(shared, name)?))
}

fn document(shared: &Shared, name: &str) -> Result<Value, EntraError> {
    let tenant = resolve_tenant(&shared.world(), name, None)?.id;
    let is_open = ["common", "organizations"].contains(&name);
    let issuer = if is_open {
        format!("{}/{{tenantid}}/v2.0", shared.public_url)
    } else {
        claims::issuer(shared, tenant)
    };
    let segment = if is_open {
        name.to_owned()
    } else {
        tenant.to_string()
    };
    let base = format!("{}/{segment}", shared.public_url);
    Ok(json!({
            "issuer": issuer,
            "authorization_endpoint": format!("{base}/oauth2/v2.0/authorize"),
            "token_endpoint": format!("{base}/oauth2/v2.0/token"),
            "end_session_endpoint": format!("{base}/oauth2/v2.0/logout"),
            "jwks_uri": format!("{base}/discovery/v2.0/keys"),
            "userinfo_endpoint": format!("{}/v1.0/me", shared.public_url),
            "response_types_supported": ["code"],
            "response_modes_supported": ["query", "fragment", "form_post"],
            "subject_types_supported": ["pairwise"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "scopes_supported": ["openid", "profile", "email", "offline_access"],
            "token_endpoint_auth_methods_supported": [
                "client_secret_post", "private_key_jwt", "client_secret_basic"
            ],
            "code_challenge_methods_supported": ["S256", "plain"],
            "claims_supported": [
                "sub", "iss", "aud", "exp", "iat", "nonce", "preferred_username", "name", "tid", "oid", "ver", "email"
            ],
            "tenant_region_scope": "EU",
            "cloud_instance_name": "microsoftonline.com",
            "msgraph_host": "graph.microsoft.com",
    }))
}
