//! Somebody sent to the authorization endpoint by an application: what it asks for, checked.

use http::Method;
use uuid::Uuid;

use super::error::EntraError;
use super::pkce::Challenge;
use super::resolve_tenant;
use super::scopes::Asked;
use crate::message::Call;
use crate::scenario::{AppRegistration, Platform, UserConsent};
use crate::shared::Shared;

/// The parameters of a request, carried from a page to its form post unchanged.
pub(super) struct Parameters(pub(super) Vec<(String, String)>);

impl Parameters {
    /// Of the address, or of the form that a page posts.
    pub(super) fn of(call: &Call) -> Self {
        Self(if call.method == Method::POST {
            call.form()
        } else {
            call.query.clone()
        })
    }

    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.0
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.as_str())
    }
}

/// Which application sends somebody to which tenant, and where it wants them back.
pub(super) struct Visit<'a> {
    pub(super) shared: &'a Shared,
    pub(super) tenant: Uuid,
    pub(super) tenant_name: String,
    pub(super) user_consent: UserConsent,
    pub(super) app: AppRegistration,
    pub(super) platform: Platform,
    pub(super) parameters: Parameters,
}

/// What an authorization request asks for.
pub(super) struct Wanted {
    pub(super) asked: Asked,
    pub(super) challenge: Option<Challenge>,
}

impl<'a> Visit<'a> {
    /// Reads what all such requests have: the application and a registered address. What is wrong with these is told
    /// to the person alone.
    pub(super) fn read(shared: &'a Shared, tenant: &str, call: &Call) -> Result<Self, EntraError> {
        let parameters = Parameters::of(call);
        let client_id = parameters.get("client_id").unwrap_or_default();
        let parsed = Uuid::try_parse(client_id).ok();
        let world = shared.world();
        let tenant = resolve_tenant(&world, tenant, parsed)?;
        let app = parsed.and_then(|id| tenant.app(id)).cloned();
        let app = app.ok_or_else(|| EntraError::UnknownApp(client_id.to_owned()))?;
        let redirect_uri = parameters.get("redirect_uri").unwrap_or_default();
        let platform = app
            .platform(redirect_uri)
            .ok_or_else(|| EntraError::RedirectMismatch(redirect_uri.to_owned()))?;
        Ok(Self {
            shared,
            tenant: tenant.id,
            tenant_name: tenant.display_name.clone(),
            user_consent: tenant.user_consent,
            app,
            platform,
            parameters,
        })
    }

    /// Reads the rest of an authorization request. What is wrong with it is told to the client.
    pub(super) fn wanted(&self) -> Result<Wanted, EntraError> {
        let response_type = self.parameters.get("response_type").unwrap_or_default();
        if response_type != "code" {
            let error = EntraError::UnsupportedResponseType(response_type.to_owned());
            return Err(error);
        }
        let mode = self.parameters.get("response_mode").unwrap_or("query");
        if !["query", "fragment", "form_post"].contains(&mode) {
            return Err(EntraError::UnsupportedResponseMode(mode.to_owned()));
        }
        let challenge = Challenge::read(&self.parameters)?;
        if challenge.is_none() && self.platform == Platform::SinglePage {
            return Err(EntraError::ChallengeNeeded);
        }
        let scope = self.parameters.get("scope").unwrap_or_default();
        let asked = Asked::read(&self.app, &self.shared.public_url, scope)?;
        match asked.unknown_own(&self.app) {
            Some(unknown) => Err(EntraError::NoConsent(unknown.to_owned())),
            None => Ok(Wanted { asked, challenge }),
        }
    }
}
