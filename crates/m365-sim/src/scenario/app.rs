//! Applications as a tenant knows them.

use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{ExchangeAccess, PersonalConsent, Secret, unusable};
use crate::error::SimError;

/// An app registration together with the consent an administrator gave it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AppRegistration {
    /// The application (client) id.
    pub client_id: Uuid,
    /// The name shown when signing in.
    pub display_name: String,
    /// Client secrets; with neither these nor certificates the app is a public client.
    #[serde(default)]
    pub secrets: Vec<Secret>,
    /// Certificates, PEM, whose keys may sign client assertions instead.
    #[serde(default)]
    pub certificates: Vec<String>,
    /// Exact redirect addresses of servers, on `localhost` with any port; of a public client, those of either kind below.
    #[serde(default)]
    pub redirect_uris: Vec<String>,
    /// Exact redirect addresses of pages that redeem codes themselves.
    #[serde(default)]
    pub spa_redirect_uris: Vec<String>,
    /// Exact redirect addresses of programs on people's devices.
    #[serde(default)]
    pub public_client_redirect_uris: Vec<String>,
    /// Application permissions consented to, such as `Calendars.Read`.
    #[serde(default)]
    pub application_permissions: Vec<String>,
    /// Delegated permissions consented to.
    #[serde(default)]
    pub delegated_permissions: Vec<String>,
    /// Application permissions that it asks for and no administrator has consented to yet.
    #[serde(default)]
    pub requested_application_permissions: Vec<String>,
    /// Delegated permissions that it asks for and no administrator has consented to yet.
    #[serde(default)]
    pub requested_delegated_permissions: Vec<String>,
    /// What people consented to for themselves.
    #[serde(default)]
    pub personal_consents: Vec<PersonalConsent>,
    /// Scopes this app itself exposes, such as `access_as_user`.
    #[serde(default)]
    pub scopes: Vec<String>,
    /// The application id URI its own scopes are asked for with; `None` is `api://{clientId}`.
    #[serde(default)]
    pub application_id_uri: Option<String>,
    /// The form of access tokens for its own scopes; Graph's are of version 2.
    #[serde(default)]
    pub access_token_version: AccessTokenVersion,
    /// Its app roles and who has them.
    #[serde(default)]
    pub app_roles: Vec<AppRole>,
    /// Who may sign in to it besides those with an app role, by address; `None` is everybody in the tenant.
    #[serde(default)]
    pub assigned_people: Option<Vec<String>>,
    /// What Exchange's own settings give it, and keep it from, when it acts as itself.
    #[serde(default)]
    pub exchange_access: ExchangeAccess,
}

/// What an administrator consents to; `None` leaves it as it is.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Consent {
    /// Application permissions.
    pub application_permissions: Option<Vec<String>>,
    /// Delegated permissions.
    pub delegated_permissions: Option<Vec<String>>,
}

/// The form of access tokens. <https://learn.microsoft.com/entra/identity-platform/access-tokens#token-formats>
///
/// In JSON 1 or 2. Microsoft's own default for a new registration is 1; here it is 2, which clients should ask for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(try_from = "u8", into = "u8")]
pub enum AccessTokenVersion {
    /// For the application id URI, by the issuer of version 1, with `appid` and `upn`.
    V1,
    /// For the client id, with `azp` and `preferred_username`.
    #[default]
    V2,
}

impl TryFrom<u8> for AccessTokenVersion {
    type Error = String;

    fn try_from(version: u8) -> Result<Self, Self::Error> {
        match version {
            1 => Ok(Self::V1),
            2 => Ok(Self::V2),
            other => Err(format!(
                "there are access tokens of versions 1 and 2, not {other}"
            )),
        }
    }
}

impl From<AccessTokenVersion> for u8 {
    fn from(version: AccessTokenVersion) -> Self {
        match version {
            AccessTokenVersion::V1 => 1,
            AccessTokenVersion::V2 => 2,
        }
    }
}

/// A role within an application.
/// <https://learn.microsoft.com/entra/identity-platform/howto-add-app-roles-in-apps>
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AppRole {
    /// The name in the `roles` claim, such as `Rooms.Manage`.
    pub value: String,
    /// The addresses of those who have it.
    #[serde(default)]
    pub people: Vec<String>,
}

impl AppRegistration {
    /// What its own scopes are asked for with.
    pub(crate) fn resource_uri(&self) -> String {
        self.application_id_uri
            .clone()
            .unwrap_or_else(|| format!("api://{}", self.client_id))
    }

    /// The app roles of a person, for the `roles` claim; `None` for who has none.
    pub(crate) fn roles_of(&self, person: &str) -> Option<Vec<String>> {
        let held = self
            .app_roles
            .iter()
            .filter(|role| has_address(&role.people, person));
        let names: Vec<String> = held.map(|role| role.value.clone()).collect();
        Some(names).filter(|names| !names.is_empty())
    }

    /// Whether a person may sign in to it.
    pub(crate) fn lets_in(&self, person: &str) -> bool {
        self.assigned_people
            .as_ref()
            .is_none_or(|people| has_address(people, person) || self.roles_of(person).is_some())
    }

    /// How it shows who it is: 0 not at all, 1 by secret, 2 by certificate, as `appidacr` says it.
    pub(crate) fn authentication_class(&self) -> &'static str {
        match (self.secrets.is_empty(), self.certificates.is_empty()) {
            (false, _) => "1",
            (true, false) => "2",
            (true, true) => "0",
        }
    }

    /// Refuses what cannot be used: certificates that are none, addresses of two kinds, roles that do not
    /// exist.
    pub(super) fn check(&self) -> Result<(), SimError> {
        for pem in &self.certificates {
            CertificateDer::from_pem_slice(pem.as_bytes()).map_err(|_| {
                unusable(
                    "certificate",
                    &self.display_name,
                    "it is no PEM certificate",
                )
            })?;
        }
        self.check_redirects()?;
        self.exchange_access.check()
    }

    /// Whether it has nothing to show who it is by, as apps in browsers have not.
    #[must_use]
    pub fn is_public(&self) -> bool {
        self.secrets.is_empty() && self.certificates.is_empty()
    }
}

fn has_address(addresses: &[String], address: &str) -> bool {
    addresses
        .iter()
        .any(|one| one.eq_ignore_ascii_case(address))
}
