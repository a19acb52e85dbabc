//! What tokens say. <https://learn.microsoft.com/entra/identity-platform/access-token-claims-reference>

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::shared::Shared;
use crate::world::Mailbox;

/// The audience of Graph tokens.
pub(crate) const GRAPH_AUDIENCE: &str = "https://graph.microsoft.com";
/// The life of access and ID tokens.
pub(crate) const TOKEN_SECONDS: i64 = 3_599;

/// The claims of an access token (`scp` or `roles`) or an ID token (`nonce`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Claims {
    pub(crate) aud: String,
    pub(crate) iss: String,
    pub(crate) iat: i64,
    pub(crate) nbf: i64,
    pub(crate) exp: i64,
    pub(crate) tid: Uuid,
    pub(crate) oid: Uuid,
    pub(crate) sub: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) azp: Option<Uuid>,
    pub(crate) ver: String,
    /// The client id and how the client showed who it is, as tokens of version 1 have them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) appid: Option<Uuid>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) appidacr: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) scp: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) roles: Option<Vec<String>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) idtyp: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) name: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) preferred_username: Option<String>,
    /// The user principal name, twice, as tokens of version 1 have it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) upn: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) unique_name: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) email: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) nonce: Option<String>,
    /// The sign-in it comes from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) sid: Option<Uuid>,
    /// What the client said it can do, where that matters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) xms_cc: Option<Vec<String>>,
    pub(crate) uti: String,
}

impl Claims {
    fn new(shared: &Shared, audience: &str, tenant: Uuid, subject: Uuid, uti: String) -> Self {
        let now = shared.clock.now().as_second();
        Self {
            aud: audience.to_owned(),
            iss: issuer(shared, tenant),
            iat: now,
            nbf: now,
            exp: now + TOKEN_SECONDS,
            tid: tenant,
            oid: subject,
            sub: subject.to_string(),
            azp: None,
            appid: None,
            appidacr: None,
            ver: "2.0".to_owned(),
            scp: None,
            roles: None,
            idtyp: None,
            name: None,
            preferred_username: None,
            upn: None,
            unique_name: None,
            email: None,
            nonce: None,
            sid: None,
            xms_cc: None,
            uti,
        }
    }

    /// An access token for an app acting as itself.
    pub(crate) fn for_app(
        shared: &Shared,
        tenant: Uuid,
        app: Uuid,
        roles: Vec<String>,
        uti: String,
    ) -> Self {
        // The service principal's id differs from the client id; any stable id does.
        let principal = crate::random::derived_id(0, "servicePrincipal", &format!("{tenant}{app}"));
        Self {
            azp: Some(app),
            // Who has none has no such claim: an application whose rights are all in Exchange, for one.
            roles: Some(roles).filter(|roles| !roles.is_empty()),
            idtyp: Some("app".to_owned()),
            ..Self::new(shared, GRAPH_AUDIENCE, tenant, principal, uti)
        }
    }

    /// An access token for an app acting for a person.
    pub(crate) fn delegated(
        shared: &Shared,
        person: &Mailbox,
        app: Uuid,
        audience: &str,
        scopes: &[String],
        uti: String,
    ) -> Self {
        Self {
            azp: Some(app),
            scp: Some(scopes.join(" ")),
            ..Self::about(shared, person, app, audience, uti)
        }
    }

    /// An ID token.
    pub(crate) fn identity(
        shared: &Shared,
        person: &Mailbox,
        app: Uuid,
        nonce: Option<String>,
        uti: String,
    ) -> Self {
        Self {
            nonce,
            ..Self::about(shared, person, app, &app.to_string(), uti)
        }
    }

    fn about(shared: &Shared, person: &Mailbox, app: Uuid, audience: &str, uti: String) -> Self {
        // `sub` is pairwise: the same person has another one in every app.
        let pairwise = crate::random::derived_id(0, "subject", &format!("{}{app}", person.id));
        Self {
            sub: pairwise.to_string(),
            name: Some(person.display_name.clone()),
            preferred_username: Some(person.address.clone()),
            email: Some(person.address.clone()),
            ..Self::new(shared, audience, person.tenant, person.id, uti)
        }
    }

    /// The same facts in the form of version 1.
    pub(crate) fn into_version_1(self, shared: &Shared, audience: String, class: &str) -> Self {
        Self {
            aud: audience,
            iss: issuer_version_1(shared, self.tid),
            ver: "1.0".to_owned(),
            azp: None,
            appid: self.azp,
            appidacr: Some(class.to_owned()),
            upn: self.preferred_username.clone(),
            unique_name: self.preferred_username,
            preferred_username: None,
            ..self
        }
    }

    /// The user principal name, in the form of either version.
    pub(crate) fn user_name(&self) -> Option<&str> {
        self.preferred_username.as_deref().or(self.upn.as_deref())
    }

    pub(crate) fn is_current(&self, now: Timestamp) -> bool {
        // Five minutes of skew, as Microsoft's own libraries allow.
        self.nbf - 300 <= now.as_second() && now.as_second() < self.exp
    }
}

/// The issuer of a tenant's tokens of version 1: `https://sts.windows.net/{tenant}/` in the service, whose host is this
/// origin here.
pub(crate) fn issuer_version_1(shared: &Shared, tenant: Uuid) -> String {
    format!("{}/{tenant}/", shared.public_url)
}

/// The issuer of a tenant's tokens.
pub(crate) fn issuer(shared: &Shared, tenant: Uuid) -> String {
    format!("{}/{tenant}/v2.0", shared.public_url)
}
