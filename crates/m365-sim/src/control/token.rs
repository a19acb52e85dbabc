//! Tokens without sign-in pages: what nested app authentication or Office single sign-on hands to an add-in.

use http::StatusCode;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{Outcome, Refusal, body};
use crate::entra::error::EntraError;
use crate::entra::issue::{self, Wishes};
use crate::entra::scopes;
use crate::message::{Call, Reply};
use crate::shared::Shared;
use crate::world::World;

/// Tokens for a person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct IssuedToken {
    /// The access token, a signed JWT.
    pub access_token: String,
    /// The ID token, a signed JWT.
    pub id_token: String,
    /// The life of both, in seconds.
    pub expires_in: i64,
    /// The scopes granted, as a token answer lists them.
    pub scope: String,
    /// Whom they are for, in MSAL's words.
    pub account: TokenAccount,
}

/// An account in MSAL's words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct TokenAccount {
    /// Object id and tenant id, joined by a dot.
    pub home_account_id: String,
    /// The person's object id.
    pub local_account_id: Uuid,
    /// The tenant id.
    pub tenant_id: Uuid,
    /// The user principal name.
    pub username: String,
    /// The name shown.
    pub name: String,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct TokenRequest {
    /// Id or domain; left out, the person's own tenant.
    #[serde(default)]
    tenant: Option<String>,
    person: String,
    client_id: Uuid,
    scopes: Vec<String>,
    #[serde(default)]
    nonce: Option<String>,
    /// As in a token request: JSON in a string.
    #[serde(default)]
    claims: Option<String>,
}

/// `POST /_sim/token`
pub(super) fn handle(shared: &Shared, call: &Call) -> Outcome {
    let request: TokenRequest = body(call)?;
    if let Some(tenant) = &request.tenant {
        let world = shared.world();
        let owner = world.mailbox(&request.person).map(|person| person.tenant);
        if world.find_tenant(tenant).map(|tenant| tenant.id) != owner {
            return Err(Refusal::bad_request(format!(
                "{} is not in tenant {tenant}",
                request.person
            )));
        }
    }
    let wishes = Wishes::of(request.claims.as_deref(), request.nonce);
    let issued = issue_wished(
        shared,
        &request.person,
        request.client_id,
        &request.scopes.join(" "),
        wishes,
    );
    issued
        .map(|token| Reply::json(StatusCode::OK, &token))
        .map_err(|error| Refusal::bad_request(error.to_string()))
}

/// Why no token is issued.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Unissued {
    #[error("there is no {0}")]
    Unknown(String),
    #[error("{}", .0.for_page().1)]
    Refused(EntraError),
}

impl From<EntraError> for Unissued {
    fn from(error: EntraError) -> Self {
        Self::Refused(error)
    }
}

/// Issues tokens, or says what stands in the way.
pub(crate) fn issue_for(
    shared: &Shared,
    person: &str,
    client_id: Uuid,
    scope: &str,
) -> Result<IssuedToken, Unissued> {
    issue_wished(shared, person, client_id, scope, Wishes::default())
}

/// The same, as a client wishes it.
pub(super) fn issue_wished(
    shared: &Shared,
    person: &str,
    client_id: Uuid,
    scope: &str,
    wishes: Wishes,
) -> Result<IssuedToken, Unissued> {
    let (account, app) = {
        let world = shared.world();
        let account = account(&world, person)
            .ok_or_else(|| Unissued::Unknown(format!("mailbox {person}")))?;
        let tenant = world.tenant(account.tenant_id);
        let app = tenant.and_then(|tenant| tenant.app(client_id));
        let app = app.map(|app| app.for_person(person));
        let app = app.ok_or_else(|| Unissued::Unknown(format!("app {client_id}")))?;
        (account, app)
    };
    let granted = scopes::delegated(&app, &shared.public_url, scope)?;
    let issued = issue::issue(shared, &app, person, &granted, wishes)?;
    Ok(IssuedToken {
        access_token: issued.access_token,
        id_token: issued.id_token,
        expires_in: issued.expires_in,
        scope: issued.scope,
        account,
    })
}

/// A person in MSAL's words; `None` for an unknown one.
pub(super) fn account(world: &World, person: &str) -> Option<TokenAccount> {
    let mailbox = world.mailbox(person)?;
    Some(TokenAccount {
        home_account_id: format!("{}.{}", mailbox.id, mailbox.tenant),
        local_account_id: mailbox.id,
        tenant_id: mailbox.tenant,
        username: mailbox.address.clone(),
        name: mailbox.display_name.clone(),
    })
}
