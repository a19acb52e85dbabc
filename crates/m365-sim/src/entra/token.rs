//! The token endpoint: client credentials, authorization code with PKCE, refresh token, on-behalf-of.
//! <https://learn.microsoft.com/entra/identity-platform/v2-oauth2-client-creds-grant-flow>
//! <https://learn.microsoft.com/entra/identity-platform/v2-oauth2-auth-code-flow>
//! <https://learn.microsoft.com/entra/identity-platform/v2-oauth2-on-behalf-of-flow>

use http::StatusCode;
use jiff::Timestamp;
use serde_json::json;
use uuid::Uuid;

use super::claims::{Claims, TOKEN_SECONDS};
use super::client_proof::Client;
use super::error::EntraError;
use super::expiring::{Bad, Ending};
use super::grants::{RefreshGrant, Revocation, Revoked, refresh_token_end};
use super::issue::{Wishes, issue};
use super::pkce;
use super::platform::Sender;
use super::resolve_tenant;
use super::scopes::{self, Asked};
use crate::message::{Call, Reply};
use crate::scenario::{AppRegistration, Platform};
use crate::shared::Shared;
use crate::world::Mailbox;

/// The fields of a token request and the app that sent it; what it shows of itself is right.
struct Request<'a> {
    shared: &'a Shared,
    tenant: Uuid,
    app: AppRegistration,
    sender: Sender<'a>,
    form: Vec<(String, String)>,
}

/// Whom a delegated token is for, and what it was got with.
struct Delegation<'a> {
    person: &'a str,
    scope: &'a str,
    nonce: Option<String>,
    platform: Platform,
    /// When the refresh token stops working that this one is got with; `None` for other grants.
    ends: Option<Timestamp>,
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
    let sender = Sender {
        shown: client.shown(&app, shared, tenant_id, tenant)?,
        origin: call.header("origin"),
    };
    sender.check_secrecy()?;
    let request = Request {
        shared,
        tenant: tenant_id,
        app,
        sender,
        form,
    };
    match request.field("grant_type")? {
        "client_credentials" if super::is_open(tenant) => Err(EntraError::NoTenant),
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
        self.sender.check_shown()?;
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
        let now = self.shared.clock.now();
        let taken = self.shared.world().grants.take_code(code, now);
        let platform = match &taken {
            Ok(grant) => grant.platform,
            Err(Bad::Ended(grant, _)) => grant.platform,
            Err(Bad::Unknown) => self.app.untold_platform(),
        };
        self.sender.check_platform(platform)?;
        let grant = taken.map_err(|bad| match bad {
            Bad::Unknown => EntraError::BadCode,
            Bad::Ended(_, Ending::Used) => EntraError::RedeemedCode,
            Bad::Ended(_, Ending::Expired) => EntraError::ExpiredCode,
        })?;
        if grant.tenant != self.tenant {
            return Err(EntraError::ForeignTenantsCode);
        }
        if grant.client_id != self.app.client_id
            || grant.redirect_uri != self.field("redirect_uri")?
        {
            return Err(EntraError::BadCode);
        }
        let platform = self.sender.narrowed(platform);
        if platform == Platform::SinglePage && grant.challenge.is_none() {
            return Err(EntraError::ChallengeNeeded);
        }
        pkce::check(grant.challenge.as_ref(), self.field("code_verifier").ok())?;
        self.delegated(&Delegation {
            person: &grant.person,
            scope: self.scope_of_code(&grant.scope)?,
            nonce: grant.nonce.clone(),
            platform,
            ends: None,
        })
    }

    /// The scope a code is redeemed for: the one it was asked for with, unless the request names another. A code may
    /// be for several resources, a token is for one.
    fn scope_of_code<'a>(&'a self, of_code: &'a str) -> Result<&'a str, EntraError> {
        if let Ok(scope) = self.field("scope") {
            return Ok(scope);
        }
        let asked = Asked::read(&self.app, &self.shared.public_url, of_code)?;
        if asked.has_several_resources() {
            return Err(EntraError::ScopeNeeded);
        }
        Ok(of_code)
    }

    fn refresh_token(&self) -> Result<Reply, EntraError> {
        let token = self.field("refresh_token")?;
        let now = self.shared.clock.now();
        let found = {
            let mut world = self.shared.world();
            world.grants.refresh_token(token, now).cloned()
        };
        let platform = match &found {
            Ok(grant) => grant.platform,
            Err(Bad::Ended(grant, _)) => grant.platform,
            Err(Bad::Unknown) => self.app.untold_platform(),
        };
        self.sender.check_platform(platform)?;
        let grant = found.map_err(|bad| match bad {
            Bad::Unknown => EntraError::BadRefreshToken,
            Bad::Ended(grant, _) => {
                let issued = grant.issued;
                if platform == Platform::SinglePage {
                    EntraError::SinglePageGrantOver { issued }
                } else {
                    EntraError::InactiveGrant { issued }
                }
            }
        })?;
        if grant.tenant != self.tenant || grant.client_id != self.app.client_id {
            return Err(EntraError::BadRefreshToken);
        }
        if let Some(revoked) = grant.revoked {
            return Err(EntraError::RevokedGrant {
                issued: grant.issued,
                revoked,
            });
        }
        self.delegated(&Delegation {
            person: &grant.person,
            scope: self.field("scope").unwrap_or(&grant.scope),
            nonce: None,
            platform,
            ends: Some(grant.ends),
        })
    }

    fn on_behalf_of(&self) -> Result<Reply, EntraError> {
        self.sender.check_shown()?;
        if self.field("requested_token_use")? != "on_behalf_of" {
            return Err(EntraError::MalformedRequest("requested_token_use"));
        }
        let assertion = self
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
        self.delegated(&Delegation {
            person,
            scope: self.field("scope")?,
            nonce: None,
            platform: Platform::Web,
            ends: None,
        })
    }

    fn delegated(&self, wanted: &Delegation<'_>) -> Result<Reply, EntraError> {
        let app = self.app.for_person(wanted.person);
        let granted = scopes::delegated(&app, &self.shared.public_url, wanted.scope)?;
        let wishes = Wishes::of(self.field("claims").ok(), wanted.nonce.clone());
        let issued = issue(self.shared, &app, wanted.person, &granted, wishes)?;
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
            body["refresh_token"] = json!(self.new_refresh_token(wanted));
        }
        if self.field("client_info").is_ok_and(|wanted| wanted == "1") {
            body["client_info"] = json!(issued.client_info);
        }
        Ok(Reply::json(StatusCode::OK, &body))
    }

    fn new_refresh_token(&self, wanted: &Delegation<'_>) -> String {
        let now = self.shared.clock.now();
        let token = self.shared.secret();
        let grant = RefreshGrant {
            tenant: self.tenant,
            client_id: self.app.client_id,
            person: wanted.person.to_owned(),
            scope: wanted.scope.to_owned(),
            issued: now,
            platform: wanted.platform,
            ends: refresh_token_end(wanted.platform, wanted.ends, now),
            revoked: None,
        };
        let mut world = self.shared.world();
        world.grants.add_refresh_token(token.clone(), grant, now);
        token
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
