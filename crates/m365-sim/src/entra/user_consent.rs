//! What people themselves consent to when they sign in.
//! <https://learn.microsoft.com/entra/identity-platform/application-consent-experience>
//!
//! Who is asked for permissions that nobody consented to yet sees them listed and accepts or goes back. What needs an
//! administrator is refused to everybody else, and the application is told nothing.

use super::authorize::{is_administrator, send_refusal, sign_in};
use super::consentable;
use super::error::EntraError;
use super::sign_in_page::{self, Question};
use super::visit::{Visit, Wanted};
use crate::message::Reply;

/// Signs somebody in who consented to everything, or asks them first, or takes their answer.
pub(super) fn sign_in_with_consent(
    visit: &Visit<'_>,
    wanted: Wanted,
    person: String,
) -> Result<Reply, EntraError> {
    let permissions = to_consent_to(visit, &wanted, &person);
    if permissions.is_empty() {
        return Ok(sign_in(visit, wanted, person));
    }
    let is_admin = is_administrator(&visit.shared.world(), &person);
    let is_theirs = |name: &String| consentable::is_for_people(name, visit.user_consent);
    if !is_admin && !permissions.iter().all(is_theirs) {
        return Err(EntraError::NoAdministrator);
    }
    match visit.parameters.get("consent") {
        Some("accept") => {
            let mut world = visit.shared.world();
            let tenant = world.tenant_mut(visit.tenant);
            if let Some(app) = tenant.and_then(|tenant| tenant.app_mut(visit.app.client_id)) {
                app.grant_to(&person, &permissions);
            }
            drop(world);
            Ok(sign_in(visit, wanted, person))
        }
        Some(_) => Ok(send_refusal(&visit.parameters, &EntraError::Declined)),
        None => Ok(page(visit, &permissions, &person)),
    }
}

/// Whether a person, or an administrator, consented to all that is asked for.
pub(super) fn is_consented(visit: &Visit<'_>, wanted: &Wanted, person: &str) -> bool {
    let app = visit.app.for_person(person);
    wanted.asked.missing(&app).is_empty()
}

/// What a person has to be asked about: what nobody consented to, or all of it where the application wants it so.
fn to_consent_to(visit: &Visit<'_>, wanted: &Wanted, person: &str) -> Vec<String> {
    let app = visit.app.for_person(person);
    if visit.parameters.get("prompt") == Some("consent") {
        wanted.asked.meant(&app)
    } else {
        wanted.asked.missing(&app)
    }
}

fn page(visit: &Visit<'_>, permissions: &[String], person: &str) -> Reply {
    let lead = format!(
        "{} would like, for {person}, to use these permissions.",
        visit.app.display_name
    );
    let permissions: Vec<(String, &'static str)> = permissions
        .iter()
        .map(|name| (name.clone(), "for who is signed in"))
        .collect();
    let question = Question {
        tenant: &visit.tenant_name,
        heading: "Permissions requested",
        lead: &lead,
        permissions: &permissions,
    };
    sign_in_page::accept(&question, person, &visit.parameters)
}
