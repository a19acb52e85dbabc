//! The token endpoint: client credentials, authorization code with PKCE, refresh token, on-behalf-of.
//! <https://learn.microsoft.com/entra/identity-platform/v2-oauth2-client-creds-grant-flow>
//! <https://learn.microsoft.com/entra/identity-platform/v2-oauth2-auth-code-flow>
//! <https://learn.microsoft.com/entra/identity-platform/v2-oauth2-on-behalf-of-flow>

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use http::StatusCode;
use jiff::Timestamp;
use serde_json::json;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::claims::{Claims, TOKEN_SECONDS};
use super::client_proof::Client;
use super::error::EntraError;
use super::grants::{BadCode, RefreshGrant, Revocation, Revoked};
use super::issue::{Wishes, issue};
use super::resolve_tenant;
use super::scopes;
use crate::message::{Call, Reply};
use crate::scenario::AppRegistration;
use crate::shared::Shared;
use crate::world::Mailbox;

/// The fields of a token request and the app that sent it, already authenticated.
struct Request<'a> {
    shared: &'a Shared,
    tenant: Uuid,
    app: AppRegistration,
    form: Vec<(String, String)>,
}

/// Answers `/{tenant}/oauth2/v2.0/token`.
pub(super) fn handle(shared: &Shared, tenant: &str, call: &Call) -> Result<Reply, EntraError> {
    let form = call.form();
    let client = Client::read(call, &form)?;
    let parsed = Uuid::try_parse(&client.id).ok();
    let (tenant_id, app) = {
        let world = shared.world();
        let tenant = resolve_tenant(&world, tenant, parsed)?;
        let app = parsed.and_then(|id| tenant.app(id)).cloned();
        let unknown = || EntraError::UnknownApp(client.id.clone());
        (tenant.id, app.ok_or_else(unknown)?)
    };
    client.is(&app, shared, tenant_id, tenant)?;
    let request = Request {
        shared,
        tenant: tenant_id,
        app,
        form,
    };
    match request.field("grant_type")? {
        "client_credentials" => request.client_credentials(),
        "authorization_code" => request.authorization_code(),
        "refresh_token" => request.refresh_token(),
        "urn:ietf:params:oauth:grant-type:jwt-bearer" => request.on_behalf_of(),
        other => Err(EntraError::UnknownGrant(other.to_owned())),
    }
}

impl Request<'_> {
    fn field(&self, name: &'static str) -> Result<&str, EntraError> {
        let found = self.form.iter().find(|(key, _)| key == name);
        found
            .map(|(_, value)| value.as_str())
            .ok_or(EntraError::MalformedRequest(name))
    }

    fn client_credentials(&self) -> Result<Reply, EntraError> {
        if self.app.is_public() {
            return Err(EntraError::MissingSecret);
        }
        let roles = scopes::application(&self.app, &self.shared.public_url, self.field("scope")?)?;
        let uti = self.shared.secret();
        let claims = Claims::for_app(self.shared, self.tenant, self.app.client_id, roles, uti);
        Ok(Reply::json(
            StatusCode::OK,
            &json!({
                "token_type": "Bearer",
                "expires_in": TOKEN_SECONDS,
                "ext_expires_in": TOKEN_SECONDS,
                "access_token": self.shared.keys.sign(&claims)?,
            }),
        ))
    }

    fn authorization_code(&self) -> Result<Reply, EntraError> {
        let code = self.field("code")?;
        let grant = self
            .shared
            .world()
            .grants
            .take_code(code)
            .map_err(|bad| match bad {
                BadCode::Unknown => EntraError::BadCode,
                BadCode::Redeemed => EntraError::RedeemedCode,
            })?;
        if grant.tenant != self.tenant
            || grant.client_id != self.app.client_id
            || grant.redirect_uri != self.field("redirect_uri")?
        {
            return Err(EntraError::BadCode);
        }
        if grant.expires <= self.shared.clock.now() {
            return Err(EntraError::ExpiredCode);
        }
        if let Some(challenge) = &grant.challenge {
            let verifier = self.field("code_verifier")?;
            if URL_SAFE_NO_PAD.encode(Sha256::digest(verifier)) != *challenge {
                return Err(EntraError::BadVerifier);
            }
        }
        let scope = self.field("scope").unwrap_or(&grant.scope);
        self.delegated(&grant.person, scope, grant.nonce.clone())
    }

    fn refresh_token(&self) -> Result<Reply, EntraError> {
        let token = self.field("refresh_token")?;
        let grant = self
            .shared
            .world()
            .grants
            .refresh_token(token)
            .cloned()
            .ok_or(EntraError::BadRefreshToken)?;
        if grant.tenant != self.tenant || grant.client_id != self.app.client_id {
            return Err(EntraError::BadRefreshToken);
        }
        if let Some(revoked) = grant.revoked {
            return Err(EntraError::RevokedGrant {
                issued: grant.issued,
                revoked,
            });
        }
        if grant.is_inactive(self.shared.clock.now()) {
            return Err(EntraError::InactiveGrant {
                issued: grant.issued,
            });
        }
        self.delegated(
            &grant.person,
            self.field("scope").unwrap_or(&grant.scope),
            None,
        )
    }

    fn on_behalf_of(&self) -> Result<Reply, EntraError> {
        if self.field("requested_token_use")? != "on_behalf_of" {
            return Err(EntraError::MalformedRequest("requested_token_use"));
        }
        let assertion: Claims = self
            .shared
            .keys
            .read(self.field("assertion")?)
            .map_err(|_| EntraError::BadAssertion)?;
        let ourselves = [self.app.client_id.to_string(), self.app.resource_uri()];
        let is_for_us = ourselves.contains(&assertion.aud)
            && assertion.tid == self.tenant
            && assertion.scp.is_some();
        let person = assertion
            .user_name()
            .filter(|_| is_for_us)
            .ok_or(EntraError::BadAssertion)?;
        if !assertion.is_current(self.shared.clock.now()) {
            return Err(EntraError::ExpiredAssertion);
        }
        if let Some(revoked) = revocation(self.shared, person, assertion.sid) {
            return Err(EntraError::RevokedGrant {
                issued: Timestamp::from_second(assertion.iat).unwrap_or_default(),
                revoked: revoked.at,
            });
        }
        self.delegated(person, self.field("scope")?, None)
    }

    fn delegated(
        &self,
        person: &str,
        scope: &str,
        nonce: Option<String>,
    ) -> Result<Reply, EntraError> {
        let granted = scopes::delegated(&self.app, &self.shared.public_url, scope)?;
        let wishes = Wishes::of(self.field("claims").ok(), nonce);
        let issued = issue(self.shared, &self.app, person, &granted, wishes)?;
        let mut body = json!({
            "token_type": "Bearer",
            "scope": issued.scope,
            "expires_in": issued.expires_in,
            "ext_expires_in": issued.expires_in,
            "access_token": issued.access_token,
        });
        if granted.has_openid {
            body["id_token"] = json!(issued.id_token);
        }
        if granted.has_offline_access {
            let mut world = self.shared.world();
            let token = self.shared.secret();
            let (client_id, person, scope) =
                (self.app.client_id, person.to_owned(), scope.to_owned());
            world.grants.add_refresh_token(
                token.clone(),
                RefreshGrant {
                    tenant: self.tenant,
                    client_id,
                    person,
                    scope,
                    issued: self.shared.clock.now(),
                    revoked: None,
                },
            );
            body["refresh_token"] = json!(token);
        }
        if self.field("client_info").is_ok_and(|wanted| wanted == "1") {
            body["client_info"] = json!(issued.client_info);
        }
        Ok(Reply::json(StatusCode::OK, &body))
    }
}

/// What ended the sign-in a token comes from; `None` when it goes on, and for tokens of no sign-in. Deleting a person
/// ends all of theirs.
pub(crate) fn revocation(shared: &Shared, person: &str, session: Option<Uuid>) -> Option<Revoked> {
    let session = session?;
    let world = shared.world();
    if world.mailbox(person).is_some_and(Mailbox::exists) {
        return world.grants.revoked(person, session);
    }
    Some(Revoked {
        at: shared.clock.now(),
        revocation: Revocation::Everything,
    })
}
