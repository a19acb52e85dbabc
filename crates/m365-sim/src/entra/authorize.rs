//! The authorization endpoint: checks the request, lets somebody sign in and sends them back with a code.
//! <https://learn.microsoft.com/entra/identity-platform/v2-oauth2-auth-code-flow>
//!
//! There are no passwords: choosing a person is signing in. `prompt=none` works when `login_hint` names a person, as
//! single sign-on would, and answers `login_required` otherwise.

use http::{Method, StatusCode};
use uuid::Uuid;

use super::error::EntraError;
use super::grants::{self, CodeGrant};
use super::sign_in_page::{self, Question};
use super::{resolve_tenant, scopes};
use crate::message::{Call, Reply};
use crate::scenario::AppRegistration;
use crate::shared::Shared;
use crate::world::{Mailbox, World};

/// The parameters of an authorization request, carried from the page to the form post unchanged.
pub(super) struct Parameters(pub(super) Vec<(String, String)>);

impl Parameters {
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.0
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.as_str())
    }
}

/// Answers `/{tenant}/oauth2/v2.0/authorize`: GET shows the page, POST is a click on a person.
pub(super) fn handle(shared: &Shared, tenant: &str, call: &Call) -> Result<Reply, EntraError> {
    let parameters = Parameters(if call.method == Method::POST {
        call.form()
    } else {
        call.query.clone()
    });
    let client_id = parameters.get("client_id").unwrap_or_default().to_owned();
    let parsed = Uuid::try_parse(&client_id).ok();
    let (tenant_id, tenant_name, app) = {
        let world = shared.world();
        let tenant = match resolve_tenant(&world, tenant, parsed) {
            Ok(tenant) => tenant,
            Err(error) => return Ok(error_page(&error)),
        };
        (
            tenant.id,
            tenant.display_name.clone(),
            parsed.and_then(|id| tenant.app(id)).cloned(),
        )
    };
    let Some(app) = app else {
        return Ok(error_page(&EntraError::UnknownApp(client_id)));
    };
    let redirect_uri = parameters
        .get("redirect_uri")
        .unwrap_or_default()
        .to_owned();
    if !app.redirect_uris.contains(&redirect_uri) {
        return Ok(error_page(&EntraError::RedirectMismatch(redirect_uri)));
    }
    if let Some(error) = refusal(shared, &app, &parameters) {
        return Ok(send_refusal(&parameters, &error));
    }
    let hinted = parameters
        .get("login_hint")
        .and_then(|hint| known_person(shared, tenant_id, hint));
    let chosen = parameters
        .get("person")
        .and_then(|address| known_person(shared, tenant_id, address));
    match (call.method == Method::POST, parameters.get("prompt")) {
        (true, _) => match chosen {
            Some(person) if !app.lets_in(&person) => {
                let error = EntraError::NotAssigned(app.display_name);
                Ok(error_page(&error))
            }
            Some(person) => Ok(sign_in(shared, tenant_id, &app, &parameters, person)),
            None => Ok(send_refusal(&parameters, &EntraError::Declined)),
        },
        (false, Some("none")) => match hinted {
            Some(person) if app.lets_in(&person) => {
                Ok(sign_in(shared, tenant_id, &app, &parameters, person))
            }
            _ => Ok(send_refusal(&parameters, &EntraError::NobodySignedIn)),
        },
        (false, _) => Ok(page(
            shared,
            tenant_id,
            &tenant_name,
            &app,
            &parameters,
            hinted.as_deref(),
        )),
    }
}

/// Sends somebody back to the client with a refusal.
pub(super) fn send_refusal(parameters: &Parameters, error: &EntraError) -> Reply {
    let (error, text) = error.for_page();
    send_back(
        parameters,
        &[("error", error), ("error_description", &text)],
    )
}

/// A fault of the request that can be told to the client itself.
fn refusal(shared: &Shared, app: &AppRegistration, parameters: &Parameters) -> Option<EntraError> {
    let response_type = parameters.get("response_type").unwrap_or_default();
    if response_type != "code" {
        let error = EntraError::UnsupportedResponseType(response_type.to_owned());
        return Some(error);
    }
    if parameters.get("code_challenge").is_some()
        && parameters.get("code_challenge_method") != Some("S256")
    {
        return Some(EntraError::BadChallengeMethod);
    }
    let mode = parameters.get("response_mode").unwrap_or("query");
    if !["query", "fragment", "form_post"].contains(&mode) {
        return Some(EntraError::UnsupportedResponseMode(mode.to_owned()));
    }
    let scope = parameters.get("scope").unwrap_or_default();
    scopes::delegated(app, &shared.public_url, scope).err()
}

fn sign_in(
    shared: &Shared,
    tenant: Uuid,
    app: &AppRegistration,
    parameters: &Parameters,
    person: String,
) -> Reply {
    let owned = |name| parameters.get(name).map(str::to_owned);
    let code = shared.secret();
    let grant = CodeGrant {
        tenant,
        client_id: app.client_id,
        redirect_uri: owned("redirect_uri").unwrap_or_default(),
        person,
        scope: owned("scope").unwrap_or_default(),
        nonce: owned("nonce"),
        challenge: owned("code_challenge"),
        expires: grants::code_expiry(shared.clock.now()),
    };
    shared.world().grants.add_code(code.clone(), grant);
    send_back(parameters, &[("code", &code)])
}

/// Sends somebody back to the client with these fields and its state, in the way it asked for.
pub(super) fn send_back(parameters: &Parameters, fields: &[(&str, &str)]) -> Reply {
    let state = parameters.get("state").map(|state| ("state", state));
    let fields: Vec<(&str, &str)> = fields.iter().copied().chain(state).collect();
    let redirect_uri = parameters.get("redirect_uri").unwrap_or_default();
    if parameters.get("response_mode") == Some("form_post") {
        return Reply::html(sign_in_page::post_back(redirect_uri, &fields));
    }
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    query.extend_pairs(fields);
    let separator = match parameters.get("response_mode") {
        Some("fragment") => '#',
        _ if redirect_uri.contains('?') => '&',
        _ => '?',
    };
    Reply::redirect(&format!("{redirect_uri}{separator}{}", query.finish()))
}

/// The address of somebody who could sign in; a deleted person is not one.
pub(super) fn known_person(shared: &Shared, tenant: Uuid, address: &str) -> Option<String> {
    let world = shared.world();
    let found = world
        .find_mailbox(tenant, address)
        .filter(|mailbox| mailbox.exists() && mailbox.room().is_none());
    found.map(|mailbox| mailbox.address.clone())
}

/// Everybody of a tenant who could sign in, in no order.
pub(super) fn people_of(world: &World, tenant: Uuid) -> Vec<&Mailbox> {
    world
        .mailboxes
        .values()
        .filter(|mailbox| mailbox.tenant == tenant && mailbox.exists() && mailbox.room().is_none())
        .collect()
}

fn page(
    shared: &Shared,
    tenant: Uuid,
    tenant_name: &str,
    app: &AppRegistration,
    parameters: &Parameters,
    hinted: Option<&str>,
) -> Reply {
    let world = shared.world();
    let mut people = people_of(&world, tenant);
    people.sort_by_key(|person| {
        (
            Some(person.address.as_str()) != hinted,
            person.display_name.clone(),
        )
    });
    let lead = format!("to continue to {}", app.display_name);
    let question = Question {
        tenant: tenant_name,
        heading: "Pick an account",
        lead: &lead,
        permissions: &[],
    };
    Reply::html(sign_in_page::choose_person(&question, &people, parameters))
}

pub(super) fn error_page(error: &EntraError) -> Reply {
    let (_, text) = error.for_page();
    let mut reply = Reply::html(sign_in_page::refused(&text));
    reply.status = StatusCode::BAD_REQUEST;
    reply
}
