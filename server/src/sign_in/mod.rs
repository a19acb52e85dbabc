//! Who is asking: a session cookie from the portal, or a bearer token from the Outlook pane.
//!
//! Either ends as a [`Caller`](booking::person::Caller) in the request's extensions, put there by
//! [`identify()`]. Nobody else looks at cookies or tokens.

mod adoptions;
mod grants;
mod identify;
mod keys;
mod metadata;
mod oidc;
mod pane_token;
mod remembered;
mod session;

use std::sync::Arc;

use booking::ids::ConnectionId;
use booking::time::Clock;
use graph::Credential;
use store::Store;
use url::Url;
use uuid::Uuid;

pub use grants::StoredGrants;
pub use identify::{identify, person};
pub use oidc::{OidcError, SignInStart, SignedIn};
pub use pane_token::SCOPE as PANE_SCOPE;
pub use remembered::{Remembered, SIGN_IN_MS_MAX};
pub use session::SESSION_COOKIE;

use adoptions::Adoptions;
use keys::SigningKeys;
use metadata::ProviderMetadata;

/// A tenant whose people may sign in.
#[derive(Clone, Debug)]
pub struct Tenant {
    /// The connection it belongs to.
    pub connection: ConnectionId,
    /// Its id, the `tid` claim.
    pub tenant: Uuid,
    /// Our application's id in it.
    pub client_id: String,
    /// What our application proves itself with.
    pub credential: Credential,
}

/// Sessions and tokens of people.
pub struct SignIn {
    tenants: Vec<Tenant>,
    login_url: Url,
    graph_resource: String,
    http: reqwest::Client,
    store: Store,
    clock: Arc<dyn Clock>,
    random: Arc<dyn booking::random::Random>,
    keys: SigningKeys,
    metadata: ProviderMetadata,
    sessions: session::SessionCache,
    tokens: pane_token::TokenCache,
    adoptions: Adoptions,
}

impl SignIn {
    /// For these tenants; none is a server that nobody can sign in to yet. `graph_resource`: the
    /// origin that names Graph in scopes.
    pub fn new(
        tenants: Vec<Tenant>,
        login_url: Url,
        graph_resource: String,
        http: reqwest::Client,
        store: Store,
        clock: Arc<dyn Clock>,
        random: Arc<dyn booking::random::Random>,
    ) -> Self {
        Self {
            keys: SigningKeys::new(login_url.clone(), http.clone(), Arc::clone(&clock)),
            metadata: ProviderMetadata::new(http.clone(), Arc::clone(&clock)),
            sessions: session::SessionCache::new(),
            tokens: pane_token::TokenCache::new(),
            adoptions: Adoptions::new(),
            tenants,
            login_url,
            graph_resource,
            http,
            store,
            clock,
            random,
        }
    }

    /// The tenant that sign-in goes to. `None`: no connection yet.
    pub fn first_tenant(&self) -> Option<&Tenant> {
        self.tenants.first()
    }

    fn tenant(&self, id: Uuid) -> Option<&Tenant> {
        self.tenants.iter().find(|one| one.tenant == id)
    }

    /// The exact issuer of a tenant's tokens.
    fn issuer(&self, tenant: Uuid) -> String {
        let base = self.login_url.as_str().trim_end_matches('/');
        format!("{base}/{tenant}/v2.0")
    }
}

impl std::fmt::Debug for SignIn {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SignIn")
            .field("login_url", &self.login_url.as_str())
            .field("tenants", &self.tenants.len())
            .finish_non_exhaustive()
    }
}
