//! Tokens for people: what goes into them, and how long they are good.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

use super::claims::{Claims, GRAPH_AUDIENCE, TOKEN_SECONDS};
use super::error::EntraError;
use super::scopes::{Granted, Resource};
use crate::options::AccessEvaluation;
use crate::scenario::{AccessTokenVersion, AppRegistration};
use crate::shared::Shared;
use crate::world::Mailbox;

/// The life of tokens that can be called back at any time. Microsoft's are good for 20 to 28 hours.
const EVALUATED_TOKEN_SECONDS: i64 = 86_399;
/// What a client that takes claims challenges says of itself.
const TAKES_CHALLENGES: &str = "CP1";

/// What a client asks for besides scopes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Wishes {
    /// Comes back in the ID token.
    pub(crate) nonce: Option<String>,
    /// Whether it says that it takes claims challenges.
    /// <https://learn.microsoft.com/entra/identity-platform/claims-challenge>
    pub(crate) takes_challenges: bool,
}

impl Wishes {
    /// Out of the `claims` parameter; one that is no JSON asks for nothing.
    pub(crate) fn of(claims: Option<&str>, nonce: Option<String>) -> Self {
        let claims: Value = claims
            .and_then(|text| serde_json::from_str(text).ok())
            .unwrap_or_default();
        let capabilities = claims.pointer("/access_token/xms_cc/values");
        let mut capabilities = capabilities.and_then(Value::as_array).into_iter().flatten();
        Self {
            nonce,
            takes_challenges: capabilities.any(|one| {
                one.as_str()
                    .is_some_and(|one| one.eq_ignore_ascii_case(TAKES_CHALLENGES))
            }),
        }
    }
}

/// Tokens for a person, before they are put into an answer.
pub(crate) struct Issued {
    pub(crate) access_token: String,
    pub(crate) id_token: String,
    /// The life of the access token, in seconds.
    pub(crate) expires_in: i64,
    /// Scopes in the form the token answer lists them.
    pub(crate) scope: String,
    pub(crate) client_info: String,
}

/// Signs tokens for a person.
pub(crate) fn issue(
    shared: &Shared,
    app: &AppRegistration,
    person: &str,
    granted: &Granted,
    wishes: Wishes,
) -> Result<Issued, EntraError> {
    let (first, second) = (shared.secret(), shared.secret());
    let world = shared.world();
    let person = world
        .mailbox(person)
        .ok_or_else(|| EntraError::UnknownPerson(person.to_owned()))?;
    if !person.exists() {
        return Err(EntraError::DeletedPerson(person.address.clone()));
    }
    if !app.lets_in(&person.address) {
        return Err(EntraError::NotAssigned(app.display_name.clone()));
    }
    let is_evaluated = wishes.takes_challenges
        && granted.resource == Resource::Graph
        && shared.access_evaluation == AccessEvaluation::Continuous;
    let expires_in = if is_evaluated {
        EVALUATED_TOKEN_SECONDS
    } else {
        TOKEN_SECONDS
    };
    let mut access = access_claims(shared, app, person, granted, first);
    access.sid = Some(world.grants.session(&person.address));
    access.exp = access.iat + expires_in;
    access.xms_cc = is_evaluated.then(|| vec![TAKES_CHALLENGES.to_owned()]);
    let mut identity = Claims::identity(shared, person, app.client_id, wishes.nonce, second);
    identity.roles = app.roles_of(&person.address);
    let prefix = match granted.resource {
        Resource::Graph => String::new(),
        Resource::OwnApp => format!("{}/", app.resource_uri()),
    };
    let names: Vec<String> = granted
        .permissions
        .iter()
        .map(|name| format!("{prefix}{name}"))
        .collect();
    let client_info = json!({ "uid": person.id, "utid": person.tenant }).to_string();
    Ok(Issued {
        access_token: shared.keys.sign(&access)?,
        id_token: shared.keys.sign(&identity)?,
        expires_in,
        scope: names.join(" "),
        client_info: URL_SAFE_NO_PAD.encode(client_info),
    })
}

fn access_claims(
    shared: &Shared,
    app: &AppRegistration,
    person: &Mailbox,
    granted: &Granted,
    uti: String,
) -> Claims {
    let id = app.client_id;
    let scopes = &granted.permissions;
    if granted.resource == Resource::Graph {
        return Claims::delegated(shared, person, id, GRAPH_AUDIENCE, scopes, uti);
    }
    let own = Claims {
        roles: app.roles_of(&person.address),
        ..Claims::delegated(shared, person, id, &id.to_string(), scopes, uti)
    };
    match app.access_token_version {
        AccessTokenVersion::V2 => own,
        AccessTokenVersion::V1 => {
            let class = app.authentication_class();
            own.into_version_1(shared, app.resource_uri(), class)
        }
    }
}
