//! What a client asks for and what was consented to.

use super::error::EntraError;
use crate::scenario::AppRegistration;

/// OpenID Connect's own scopes: they belong to no resource.
const OPEN_ID_SCOPES: [&str; 4] = ["openid", "profile", "email", "offline_access"];

/// Everything consented to, or asked for in the registration.
const DEFAULT: &str = ".default";

/// A scope parameter, read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Asked {
    /// As it came.
    text: String,
    /// Those of resources, in the order asked for.
    scopes: Vec<(Resource, String)>,
    has_openid: bool,
    has_offline_access: bool,
}

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

impl Asked {
    /// Reads a delegated scope parameter. `origin` is the simulator's own: like a national cloud's Graph host, it names
    /// Graph too.
    ///
    /// `.default` stands alone: <https://learn.microsoft.com/entra/identity-platform/scopes-oidc#the-default-scope>
    pub(crate) fn read(
        app: &AppRegistration,
        origin: &str,
        text: &str,
    ) -> Result<Self, EntraError> {
        let names = || text.split_whitespace();
        let of_resources = names().filter(|name| !OPEN_ID_SCOPES.contains(name));
        let scopes: Vec<(Resource, String)> = of_resources
            .map(|scope| split(app, origin, scope).map(|(whose, name)| (whose, name.to_owned())))
            .collect::<Result<_, _>>()?;
        let is_default = |(_, name): &(Resource, String)| name == DEFAULT;
        if scopes.iter().any(is_default) && !scopes.iter().all(is_default) {
            return Err(EntraError::CombinedScopes(text.to_owned()));
        }
        Ok(Self {
            text: text.to_owned(),
            scopes,
            has_openid: names().any(|name| name == "openid"),
            has_offline_access: names().any(|name| name == "offline_access"),
        })
    }

    /// Whether more than one resource is asked for, which people may consent to at once but no token is for.
    pub(crate) fn has_several_resources(&self) -> bool {
        self.scopes
            .iter()
            .any(|(resource, _)| *resource != self.resource())
    }

    /// The permissions of Graph that are named, without `.default`.
    pub(crate) fn named(&self) -> Vec<String> {
        let graph = self
            .scopes
            .iter()
            .filter(|(whose, name)| *whose == Resource::Graph && name != DEFAULT);
        graph.map(|(_, name)| name.clone()).collect()
    }

    /// Whether all that the registration has of Graph is asked for.
    pub(crate) fn has_default(&self) -> bool {
        self.scopes
            .iter()
            .any(|(whose, name)| *whose == Resource::Graph && name == DEFAULT)
    }

    /// The permissions of Graph that nobody consented to. `.default` takes what there is, and all that the registration
    /// asks for where there is nothing.
    pub(crate) fn missing(&self, app: &AppRegistration) -> Vec<String> {
        if self.has_default() {
            let has_none = without_open_id(&app.delegated_permissions).next().is_none();
            let requested = without_open_id(&app.requested_delegated_permissions);
            return requested.filter(|_| has_none).cloned().collect();
        }
        let mut missing = self.named();
        missing.retain(|name| find(&app.delegated_permissions, name).is_none());
        missing
    }

    /// Every permission of Graph that is meant, consented to or not.
    pub(crate) fn meant(&self, app: &AppRegistration) -> Vec<String> {
        if self.has_default() {
            without_open_id(&app.all_delegated()).cloned().collect()
        } else {
            self.named()
        }
    }

    /// The scopes of the application itself that it does not have: nobody can consent to those.
    pub(crate) fn unknown_own<'a>(&'a self, app: &AppRegistration) -> Option<&'a str> {
        let own = self
            .scopes
            .iter()
            .filter(|(whose, name)| *whose == Resource::OwnApp && name != DEFAULT);
        own.map(|(_, name)| name.as_str())
            .find(|name| find(&app.scopes, name).is_none())
    }

    /// What of it a token is for, held against the consent there is.
    fn granted(&self, app: &AppRegistration) -> Result<Granted, EntraError> {
        if self.has_several_resources() {
            return Err(EntraError::SeveralResources(self.text.clone()));
        }
        let resource = self.resource();
        let consented = match resource {
            Resource::Graph => &app.delegated_permissions,
            Resource::OwnApp => &app.scopes,
        };
        let mut permissions = Vec::new();
        for (_, name) in &self.scopes {
            if name == DEFAULT {
                permissions.extend(without_open_id(consented).cloned());
                continue;
            }
            let found = find(consented, name);
            let found = found.ok_or_else(|| EntraError::NoConsent(name.clone()))?;
            permissions.push(found.clone());
        }
        Ok(Granted {
            resource,
            permissions,
            has_openid: self.has_openid,
            has_offline_access: self.has_offline_access,
        })
    }

    fn resource(&self) -> Resource {
        let first = self.scopes.first();
        first.map_or(Resource::Graph, |(resource, _)| *resource)
    }
}

/// Reads a delegated scope parameter against an app's consent.
pub(crate) fn delegated(
    app: &AppRegistration,
    origin: &str,
    text: &str,
) -> Result<Granted, EntraError> {
    Asked::read(app, origin, text)?.granted(app)
}

/// The application permissions a `.default` request gives.
pub(crate) fn application(
    app: &AppRegistration,
    origin: &str,
    text: &str,
) -> Result<Vec<String>, EntraError> {
    let mut scopes = text.split_whitespace();
    let (Some(scope), None) = (scopes.next(), scopes.next()) else {
        return Err(EntraError::InvalidScope(text.to_owned()));
    };
    match split(app, origin, scope)? {
        (Resource::Graph, DEFAULT) => Ok(app.application_permissions.clone()),
        (Resource::Graph, _) => Err(EntraError::InvalidScope(text.to_owned())),
        _ => Err(EntraError::UnknownResource(text.to_owned())),
    }
}

fn without_open_id(names: &[String]) -> impl Iterator<Item = &String> {
    names
        .iter()
        .filter(|name| !OPEN_ID_SCOPES.contains(&name.as_str()))
}

fn find<'a>(names: &'a [String], name: &str) -> Option<&'a String> {
    names.iter().find(|known| known.eq_ignore_ascii_case(name))
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
