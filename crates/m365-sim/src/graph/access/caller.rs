//! What a token proves, and what its bearer may do in one mailbox.

use std::borrow::Cow;

use http::StatusCode;
use uuid::Uuid;

use super::super::error::GraphError;
use super::permissions::Whom;
use crate::entra::claims::{Claims, GRAPH_AUDIENCE, issuer};
use crate::entra::grants::Revocation;
use crate::entra::keys::Unreadable;
use crate::entra::token::revocation;
use crate::message::Call;
use crate::scenario::Readings;
use crate::shared::Shared;
use crate::world::World;

/// The permissions that an application access policy limits begin so.
const LIMITED: [&str; 4] = ["Calendars.", "Contacts.", "Mail.", "MailboxSettings."];

/// What a token proves.
#[derive(Debug, Clone)]
pub(crate) struct Caller {
    pub(crate) tenant: Uuid,
    /// The client id.
    pub(crate) app: Uuid,
    /// The service principal's or person's object id.
    pub(crate) object: Uuid,
    kind: CallerKind,
    /// What the token says, without what a policy takes away in this mailbox.
    consented: Vec<String>,
    /// What roles in Exchange add in this mailbox.
    by_role: Vec<&'static str>,
    /// Whether an application access policy took something away.
    is_blocked: bool,
    /// Whether roles in Exchange are enough to subscribe to changes.
    subscribes_by_role: bool,
}

#[derive(Debug, Clone)]
enum CallerKind {
    App,
    Person { address: String },
}

impl Caller {
    /// The signed-in person's address; `None` for an app acting as itself.
    pub(crate) fn person_address(&self) -> Option<&str> {
        match &self.kind {
            CallerKind::Person { address } => Some(address),
            CallerKind::App => None,
        }
    }

    pub(crate) fn is_app(&self) -> bool {
        matches!(self.kind, CallerKind::App)
    }

    pub(super) fn whom(&self) -> Whom {
        match self.kind {
            CallerKind::App => Whom::Apps,
            CallerKind::Person { .. } => Whom::People,
        }
    }

    /// Whether one of these permissions holds.
    pub(crate) fn has(&self, permissions: &[&str]) -> bool {
        let by_role = self.by_role.iter().any(|held| names(permissions, held));
        by_role || self.has_by_consent(permissions)
    }

    /// Whether bodies of events may be shown; the ReadBasic permissions leave them out.
    pub(crate) fn reads_bodies(&self) -> bool {
        self.has(&[
            "Calendars.Read",
            "Calendars.ReadWrite",
            "Calendars.Read.Shared",
            "Calendars.ReadWrite.Shared",
        ])
    }

    /// The same caller in this mailbox: with the roles Exchange gives it there, and without what an application access
    /// policy keeps it from. Who acts for a person is not limited so.
    pub(crate) fn in_mailbox(&self, world: &World, mailbox: &str) -> Cow<'_, Self> {
        let tenant = world.tenant(self.tenant).filter(|_| self.is_app());
        let access = tenant.and_then(|tenant| tenant.exchange_access(self.app, world.clock.now()));
        let Some(access) = access.filter(|access| access.limits_or_adds()) else {
            return Cow::Borrowed(self);
        };
        let mut here = self.clone();
        if access.blocks(mailbox) {
            here.is_blocked = true;
            here.consented
                .retain(|held| !LIMITED.iter().any(|limited| held.starts_with(limited)));
        }
        here.subscribes_by_role = access.roles_cover_subscriptions;
        here.by_role = access.permissions_in(mailbox);
        Cow::Owned(here)
    }

    /// The same caller with no more than is consented to now.
    pub(crate) fn with_present_consent(&self, world: &World) -> Self {
        let mut now = self.clone();
        let tenant = world.tenant(self.tenant);
        let app = tenant.and_then(|tenant| tenant.app(self.app));
        let present = app.map_or_else(Vec::new, |app| match &self.kind {
            CallerKind::App => app.application_permissions.clone(),
            CallerKind::Person { address } => app.for_person(address).delegated_permissions,
        });
        now.consented.retain(|held| present.contains(held));
        now
    }

    /// Whether one of these permissions is enough to subscribe to changes.
    pub(super) fn may_subscribe(&self, permissions: &[&str]) -> bool {
        self.has_by_consent(permissions) || (self.subscribes_by_role && self.has(permissions))
    }

    fn has_by_consent(&self, permissions: &[&str]) -> bool {
        self.consented.iter().any(|held| names(permissions, held))
    }

    /// What somebody without the permission is told.
    pub(crate) fn refusal(&self, readings: &Readings) -> GraphError {
        if self.is_blocked {
            GraphError::blocked_by_policy(readings.policy_refusal)
        } else {
            GraphError::access_denied()
        }
    }
}

/// Checks the bearer token: ours, for Graph, current, of a tenant we have.
pub(crate) fn authenticate(shared: &Shared, call: &Call) -> Result<Caller, GraphError> {
    let claims = shared.keys.read(bearer(call)?).map_err(|why| match why {
        Unreadable::Malformed => {
            refused("IDX14100: JWT is not well formed, or its signature is invalid.")
        }
        Unreadable::UnknownKey(id) => refused(format!(
            "IDX10501: Signature validation failed. Unable to match key: kid: '{id}'."
        )),
    })?;
    if claims.aud != GRAPH_AUDIENCE {
        return Err(refused(
            "Access token validation failure. Invalid audience.",
        ));
    }
    if !claims.is_current(shared.clock.now()) {
        return Err(refused("Lifetime validation failed, the token is expired."));
    }
    if claims.iss != issuer(shared, claims.tid) || shared.world().tenant(claims.tid).is_none() {
        return Err(refused("Access token validation failure. Invalid issuer."));
    }
    check_sign_in(shared, &claims)?;
    let app = claims
        .azp
        .ok_or_else(|| refused("Access token validation failure."))?;
    let (kind, consented) = match (&claims.scp, &claims.preferred_username) {
        (Some(scopes), Some(address)) => {
            let scopes = scopes.split_whitespace().map(str::to_owned).collect();
            let address = address.clone();
            (CallerKind::Person { address }, scopes)
        }
        _ => (CallerKind::App, claims.roles.clone().unwrap_or_default()),
    };
    Ok(Caller {
        tenant: claims.tid,
        app,
        object: claims.oid,
        kind,
        consented,
        by_role: Vec::new(),
        is_blocked: false,
        subscribes_by_role: false,
    })
}

fn names(permissions: &[&str], held: &str) -> bool {
    permissions
        .iter()
        .any(|wanted| wanted.eq_ignore_ascii_case(held))
}

/// Refuses a token whose sign-in was revoked, with a challenge where its client takes one.
fn check_sign_in(shared: &Shared, claims: &Claims) -> Result<(), GraphError> {
    let person = claims.user_name().unwrap_or_default();
    let Some(revoked) = revocation(shared, person, claims.sid) else {
        return Ok(());
    };
    match revoked.revocation {
        _ if claims.xms_cc.is_some() => Err(GraphError::challenge(revoked.at)),
        Revocation::Everything => Err(refused(
            "The sign-in this access token is from was revoked.",
        )),
        Revocation::RefreshTokens => Ok(()),
    }
}

fn bearer(call: &Call) -> Result<&str, GraphError> {
    let header = call.header("authorization").unwrap_or_default();
    header
        .get(..7)
        .filter(|scheme| scheme.eq_ignore_ascii_case("bearer "))
        .and_then(|_| header.get(7..))
        .map(str::trim)
        .ok_or_else(|| refused("Access token is empty."))
}

fn refused(message: impl Into<Cow<'static, str>>) -> GraphError {
    GraphError::new(
        StatusCode::UNAUTHORIZED,
        "InvalidAuthenticationToken",
        message,
    )
}
