//! The authorization endpoint: checks the request, lets somebody sign in and sends them back with a code.
//! <https://learn.microsoft.com/entra/identity-platform/v2-oauth2-auth-code-flow>
//!
//! There are no passwords: choosing a person is signing in. `prompt=none` works when `login_hint` names a person, as
//! single sign-on would, and answers `login_required` otherwise; `interaction_required` when consent is missing.

use http::{Method, StatusCode};
use uuid::Uuid;

use super::error::EntraError;
use super::grants::CodeGrant;
use super::sign_in_page::{self, Question};
use super::user_consent::{is_consented, sign_in_with_consent};
use super::visit::{Parameters, Visit, Wanted};
use crate::message::{Call, Reply};
use crate::shared::Shared;
use crate::world::{Holder, Mailbox, World};

/// Answers `/{tenant}/oauth2/v2.0/authorize`: GET shows the page, POST is a click on a person.
pub(super) fn handle(shared: &Shared, tenant: &str, call: &Call) -> Result<Reply, EntraError> {
    let visit = match Visit::read(shared, tenant, call) {
        Ok(visit) => visit,
        Err(error) => return Ok(error_page(&error)),
    };
    let wanted = match visit.wanted() {
        Ok(wanted) => wanted,
        Err(error) => return Ok(send_refusal(&visit.parameters, &error)),
    };
    let named = |parameter| {
        let address = visit.parameters.get(parameter)?;
        known_person(shared, visit.tenant, address)
    };
    if call.method == Method::POST {
        return Ok(chosen(&visit, wanted, named("person")));
    }
    let hinted = named("login_hint");
    if visit.parameters.get("prompt") == Some("none") {
        return Ok(silent(&visit, wanted, hinted));
    }
    Ok(page(&visit, hinted.as_deref()))
}

/// What follows on a click: on a person, or on Cancel.
fn chosen(visit: &Visit<'_>, wanted: Wanted, person: Option<String>) -> Reply {
    let Some(person) = person else {
        return send_refusal(&visit.parameters, &EntraError::Declined);
    };
    if !visit.app.lets_in(&person) {
        return error_page(&EntraError::NotAssigned(visit.app.display_name.clone()));
    }
    sign_in_with_consent(visit, wanted, person).unwrap_or_else(|error| error_page(&error))
}

/// What happens without any page.
fn silent(visit: &Visit<'_>, wanted: Wanted, hinted: Option<String>) -> Reply {
    let person = hinted.filter(|person| visit.app.lets_in(person));
    let Some(person) = person else {
        return send_refusal(&visit.parameters, &EntraError::NobodySignedIn);
    };
    if !is_consented(visit, &wanted, &person) {
        let app = visit.app.client_id.to_string();
        return send_refusal(&visit.parameters, &EntraError::ConsentNeeded(app));
    }
    sign_in(visit, wanted, person)
}

/// Sends somebody back to the client with a refusal.
pub(super) fn send_refusal(parameters: &Parameters, error: &EntraError) -> Reply {
    let (error, text) = error.for_page();
    send_back(
        parameters,
        &[("error", error), ("error_description", &text)],
    )
}

/// Sends somebody back to the client with a code.
pub(super) fn sign_in(visit: &Visit<'_>, wanted: Wanted, person: String) -> Reply {
    let owned = |name| visit.parameters.get(name).map(str::to_owned);
    let shared = visit.shared;
    let code = shared.secret();
    let grant = CodeGrant {
        tenant: visit.tenant,
        client_id: visit.app.client_id,
        redirect_uri: owned("redirect_uri").unwrap_or_default(),
        platform: visit.platform,
        person,
        scope: owned("scope").unwrap_or_default(),
        nonce: owned("nonce"),
        challenge: wanted.challenge,
    };
    let now = shared.clock.now();
    shared.world().grants.add_code(code.clone(), grant, now);
    send_back(&visit.parameters, &[("code", &code)])
}

/// Sends somebody back to the client with these fields and its state, in the way it asked for.
pub(super) fn send_back(parameters: &Parameters, fields: &[(&str, &str)]) -> Reply {
    let state = parameters.get("state").map(|state| ("state", state));
    let fields: Vec<(&str, &str)> = fields.iter().copied().chain(state).collect();
    let redirect_uri = parameters.get("redirect_uri").unwrap_or_default();
    if parameters.get("response_mode") == Some("form_post") {
        return sign_in_page::post_back(redirect_uri, &fields);
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

/// Whether somebody may consent for the whole organisation.
pub(super) fn is_administrator(world: &World, address: &str) -> bool {
    world
        .mailbox(address)
        .is_some_and(|mailbox| matches!(&mailbox.holder, Holder::Person(person) if person.is_admin))
}

/// Everybody of a tenant who could sign in, in no order.
pub(super) fn people_of(world: &World, tenant: Uuid) -> Vec<&Mailbox> {
    world
        .mailboxes
        .values()
        .filter(|mailbox| mailbox.tenant == tenant && mailbox.exists() && mailbox.room().is_none())
        .collect()
}

fn page(visit: &Visit<'_>, hinted: Option<&str>) -> Reply {
    let world = visit.shared.world();
    let mut people = people_of(&world, visit.tenant);
    people.sort_by_key(|person| {
        (
            Some(person.address.as_str()) != hinted,
            person.display_name.clone(),
        )
    });
    let lead = format!("to continue to {}", visit.app.display_name);
    let question = Question {
        tenant: &visit.tenant_name,
        heading: "Pick an account",
        lead: &lead,
        permissions: &[],
    };
    sign_in_page::choose_person(&question, &people, &visit.parameters)
}

pub(super) fn error_page(error: &EntraError) -> Reply {
    let (_, text) = error.for_page();
    let mut reply = sign_in_page::refused(&text);
    reply.status = StatusCode::BAD_REQUEST;
    reply
}
