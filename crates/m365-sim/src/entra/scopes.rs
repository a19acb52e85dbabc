//! What a client asks for and what was consented to.

use super::error::EntraError;
use crate::scenario::AppRegistration;

/// OpenID Connect's own scopes: they belong to no resource.
const OPEN_ID_SCOPES: [&str; 4] = ["openid", "profile", "email", "offline_access"];

/// The outcome of a scope parameter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Granted {
    pub(crate) resource: Resource,
    /// Permission names of that resource, in the order asked for.
    pub(crate) permissions: Vec<String>,
    pub(crate) has_openid: bool,
    pub(crate) has_offline_access: bool,
}

/// Whose scopes they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Resource {
    Graph,
    /// The asking app itself, by its application id URI or client id.
    OwnApp,
}

/// Reads a delegated scope parameter against an app's consent. `origin` is the simulator's own: like a national cloud's
/// Graph host, it names Graph too.
pub(crate) fn delegated(
    app: &AppRegistration,
    origin: &str,
    text: &str,
) -> Result<Granted, EntraError> {
    let mut granted = Granted {
        resource: Resource::Graph,
        permissions: Vec::new(),
        has_openid: false,
        has_offline_access: false,
    };
    for scope in text.split_whitespace() {
        granted.has_openid |= scope == "openid";
        granted.has_offline_access |= scope == "offline_access";
        if OPEN_ID_SCOPES.contains(&scope) {
            continue;
        }
        let (resource, name) = split(app, origin, scope)?;
        let consented = match resource {
            Resource::Graph => &app.delegated_permissions,
            Resource::OwnApp => &app.scopes,
        };
        granted.resource = resource;
        if name == ".default" {
            let all = consented
                .iter()
                .filter(|name| !OPEN_ID_SCOPES.contains(&name.as_str()));
            granted.permissions.extend(all.cloned());
            continue;
        }
        let found = consented
            .iter()
            .find(|known| known.eq_ignore_ascii_case(name));
        let found = found.ok_or_else(|| EntraError::NoConsent(name.to_owned()))?;
        granted.permissions.push(found.clone());
    }
    Ok(granted)
}

/// The application permissions a `.default` request gives.
pub(crate) fn application(
    app: &AppRegistration,
    origin: &str,
    text: &str,
) -> Result<Vec<String>, EntraError> {
    match split(app, origin, text.trim())? {
        (Resource::Graph, ".default") => Ok(app.application_permissions.clone()),
        (Resource::Graph, _) => Err(EntraError::InvalidScope(text.to_owned())),
        _ => Err(EntraError::UnknownResource(text.to_owned())),
    }
}

fn split<'a>(
    app: &AppRegistration,
    origin: &str,
    scope: &'a str,
) -> Result<(Resource, &'a str), EntraError> {
    let Some((resource, name)) = scope.rsplit_once('/') else {
        return Ok((Resource::Graph, scope));
    };
    let client_id = app.client_id.to_string();
    let own_uri = app.resource_uri();
    let is_graph = [super::claims::GRAPH_AUDIENCE, origin].contains(&resource)
        || resource == "00000003-0000-0000-c000-000000000000";
    if is_graph {
        Ok((Resource::Graph, name))
    } else if resource == own_uri
        || resource == client_id
        || resource == format!("api://{client_id}")
    {
        Ok((Resource::OwnApp, name))
    } else {
        Err(EntraError::UnknownResource(resource.to_owned()))
    }
}
