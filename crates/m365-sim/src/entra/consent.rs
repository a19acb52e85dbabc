//! An administrator's consent to what an application asks for.
//! <https://learn.microsoft.com/entra/identity-platform/v2-admin-consent>
//!
//! The page lists the permissions asked for. Choosing an administrator consents to all of them, going back declines;
//! anybody else is told that an administrator is needed, and the application is told nothing.

use http::Method;
use uuid::Uuid;

use super::authorize::{Parameters, error_page, known_person, people_of, send_back, send_refusal};
use super::error::EntraError;
use super::resolve_tenant;
use super::sign_in_page::{self, Question};
use crate::message::{Call, Reply};
use crate::scenario::AppRegistration;
use crate::shared::Shared;
use crate::world::Holder;

/// Answers `/{tenant}/adminconsent` and `/{tenant}/v2.0/adminconsent`: GET shows the page, POST is the decision.
pub(super) fn handle(shared: &Shared, tenant: &str, call: &Call) -> Result<Reply, EntraError> {
    let parameters = Parameters(if call.method == Method::POST {
        call.form()
    } else {
        call.query.clone()
    });
    let answered = answer(shared, tenant, call, &parameters);
    Ok(answered.unwrap_or_else(|error| error_page(&error)))
}

fn answer(
    shared: &Shared,
    tenant: &str,
    call: &Call,
    parameters: &Parameters,
) -> Result<Reply, EntraError> {
    let client_id = parameters.get("client_id").unwrap_or_default();
    let parsed = Uuid::try_parse(client_id).ok();
    let (tenant, tenant_name, app) = {
        let world = shared.world();
        let tenant = resolve_tenant(&world, tenant, parsed)?;
        let app = parsed.and_then(|id| tenant.app(id)).cloned();
        let app = app.ok_or_else(|| EntraError::UnknownApp(client_id.to_owned()))?;
        (tenant.id, tenant.display_name.clone(), app)
    };
    let redirect_uri = parameters.get("redirect_uri").unwrap_or_default();
    if !app.redirect_uris.iter().any(|known| known == redirect_uri) {
        return Err(EntraError::RedirectMismatch(redirect_uri.to_owned()));
    }
    if call.method != Method::POST {
        return Ok(page(shared, tenant, &tenant_name, &app, parameters));
    }
    let Some(person) = parameters.get("person") else {
        return Ok(send_refusal(parameters, &EntraError::Declined));
    };
    let address = known_person(shared, tenant, person)
        .ok_or_else(|| EntraError::ForeignPerson(person.to_owned()))?;
    consent(shared, tenant, &app, &address)?;
    let tenant = tenant.to_string();
    Ok(send_back(
        parameters,
        &[("admin_consent", "True"), ("tenant", &tenant)],
    ))
}

fn consent(
    shared: &Shared,
    tenant: Uuid,
    app: &AppRegistration,
    address: &str,
) -> Result<(), EntraError> {
    let mut world = shared.world();
    let is_admin = world.mailbox(address).is_some_and(
        |mailbox| matches!(&mailbox.holder, Holder::Person(person) if person.is_admin),
    );
    if !is_admin {
        return Err(EntraError::NoAdministrator);
    }
    let apps = world
        .tenants
        .iter_mut()
        .filter(|one| one.id == tenant)
        .flat_map(|one| &mut one.apps);
    for one in apps.filter(|one| one.client_id == app.client_id) {
        one.grant_requested();
    }
    Ok(())
}

fn page(
    shared: &Shared,
    tenant: Uuid,
    tenant_name: &str,
    app: &AppRegistration,
    parameters: &Parameters,
) -> Reply {
    let named = |names: &[String], whose| -> Vec<(String, &'static str)> {
        names.iter().map(|name| (name.clone(), whose)).collect()
    };
    let permissions = [
        named(&app.requested_application_permissions, "as itself"),
        named(&app.application_permissions, "as itself"),
        named(&app.requested_delegated_permissions, "for who is signed in"),
        named(&app.delegated_permissions, "for who is signed in"),
    ]
    .concat();
    let lead = format!(
        "{} asks for these permissions for your organization.",
        app.display_name
    );
    let question = Question {
        tenant: tenant_name,
        heading: "Permissions requested",
        lead: &lead,
        permissions: &permissions,
    };
    let world = shared.world();
    let mut people = people_of(&world, tenant);
    people.sort_by_key(|person| person.display_name.clone());
    Reply::html(sign_in_page::choose_person(&question, &people, parameters))
}
