//! An administrator's consent to what an application asks for.
//! <https://learn.microsoft.com/entra/identity-platform/v2-admin-consent>
//!
//! The page lists the permissions asked for: all of the registration at the older endpoint and for `.default`, otherwise
//! what `scope` names. Choosing an administrator consents to all of them, going back declines; anybody else is told that
//! an administrator is needed, and the application is told nothing.

use http::Method;

use super::authorize::{
    error_page, is_administrator, known_person, people_of, send_back, send_refusal,
};
use super::error::EntraError;
use super::scopes::Asked;
use super::sign_in_page::{self, Question};
use super::visit::Visit;
use crate::message::{Call, Reply};
use crate::scenario::AppRegistration;
use crate::shared::Shared;

const AS_ITSELF: &str = "as itself";
const FOR_PEOPLE: &str = "for who is signed in";

/// The two endpoints, which differ in what they ask for and say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Endpoint {
    /// `/{tenant}/adminconsent`
    V1,
    /// `/{tenant}/v2.0/adminconsent`
    V2,
}

/// What an administrator is asked for.
enum Request {
    /// All that the registration has.
    Everything,
    /// Delegated permissions by name.
    Delegated(Vec<String>),
}

/// Answers either endpoint: GET shows the page, POST is the decision.
pub(super) fn handle(
    shared: &Shared,
    tenant: &str,
    call: &Call,
    endpoint: Endpoint,
) -> Result<Reply, EntraError> {
    let answered = Visit::read(shared, tenant, call).and_then(|visit| {
        let request = request(&visit, endpoint)?;
        if call.method == Method::POST {
            decide(&visit, &request, endpoint)
        } else {
            Ok(page(&visit, &request))
        }
    });
    Ok(answered.unwrap_or_else(|error| error_page(&error)))
}

fn request(visit: &Visit<'_>, endpoint: Endpoint) -> Result<Request, EntraError> {
    if endpoint == Endpoint::V1 {
        return Ok(Request::Everything);
    }
    let scope = visit.parameters.get("scope");
    let scope = scope.ok_or(EntraError::MalformedRequest("scope"))?;
    let asked = Asked::read(&visit.app, &visit.shared.public_url, scope)?;
    Ok(if asked.has_default() {
        Request::Everything
    } else {
        Request::Delegated(asked.named())
    })
}

fn decide(visit: &Visit<'_>, request: &Request, endpoint: Endpoint) -> Result<Reply, EntraError> {
    let Some(person) = visit.parameters.get("person") else {
        return Ok(declined(visit, endpoint));
    };
    let address = known_person(visit.shared, visit.tenant, person)
        .ok_or_else(|| EntraError::ForeignPerson(person.to_owned()))?;
    consent(visit, request, &address)?;
    let tenant = visit.tenant.to_string();
    let mut fields = vec![("admin_consent", "True"), ("tenant", tenant.as_str())];
    if endpoint == Endpoint::V2 {
        fields.extend(visit.parameters.get("scope").map(|scope| ("scope", scope)));
    }
    Ok(send_back(&visit.parameters, &fields))
}

fn declined(visit: &Visit<'_>, endpoint: Endpoint) -> Reply {
    if endpoint == Endpoint::V1 {
        return send_refusal(&visit.parameters, &EntraError::Declined);
    }
    let (_, text) = EntraError::Declined.for_page();
    let fields = [
        ("admin_consent", "True"),
        ("error", "consent_required"),
        ("error_description", text.as_str()),
    ];
    send_back(&visit.parameters, &fields)
}

fn consent(visit: &Visit<'_>, request: &Request, address: &str) -> Result<(), EntraError> {
    let mut world = visit.shared.world();
    if !is_administrator(&world, address) {
        return Err(EntraError::NoAdministrator);
    }
    let tenant = world.tenant_mut(visit.tenant);
    if let Some(app) = tenant.and_then(|tenant| tenant.app_mut(visit.app.client_id)) {
        match request {
            Request::Everything => app.grant_requested(),
            Request::Delegated(permissions) => app.grant_delegated(permissions),
        }
    }
    Ok(())
}

/// Each permission asked for, and in whose name it is used.
fn listed(app: &AppRegistration, request: &Request) -> Vec<(String, &'static str)> {
    let named = |names: &[String], whose| -> Vec<(String, &'static str)> {
        names.iter().map(|name| (name.clone(), whose)).collect()
    };
    match request {
        Request::Delegated(permissions) => named(permissions, FOR_PEOPLE),
        Request::Everything => [
            named(&app.requested_application_permissions, AS_ITSELF),
            named(&app.application_permissions, AS_ITSELF),
            named(&app.requested_delegated_permissions, FOR_PEOPLE),
            named(&app.delegated_permissions, FOR_PEOPLE),
        ]
        .concat(),
    }
}

fn page(visit: &Visit<'_>, request: &Request) -> Reply {
    let permissions = listed(&visit.app, request);
    let lead = format!(
        "{} asks for these permissions for your organization.",
        visit.app.display_name
    );
    let question = Question {
        tenant: &visit.tenant_name,
        heading: "Permissions requested",
        lead: &lead,
        permissions: &permissions,
    };
    let world = visit.shared.world();
    let mut people = people_of(&world, visit.tenant);
    people.sort_by_key(|person| person.display_name.clone());
    sign_in_page::choose_person(&question, &people, &visit.parameters)
}
