//! Applications as a tenant knows them.

use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{ExchangeAccess, unusable};
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
    pub secrets: Vec<String>,
    /// Certificates, PEM, whose keys may sign client assertions instead.
    #[serde(default)]
    pub certificates: Vec<String>,
    /// Exact redirect addresses.
    #[serde(default)]
    pub redirect_uris: Vec<String>,
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
    /// Scopes this app itself exposes, such as `access_as_user`.
    #[serde(default)]
    pub scopes: Vec<String>,
    /// The application id URI its own scopes are asked for with; `None` is `api://{clientId}`.
    #[serde(default)]
    pub application_id_uri: Option<String>,
    /// What Exchange's own settings give it, and keep it from, when it acts as itself.
    #[serde(default)]
    pub exchange_access: ExchangeAccess,
}

impl AppRegistration {
    /// What an administrator's consent does: everything asked for is had from now on.
    pub(crate) fn grant_requested(&mut self) {
        let asked = [
            (
                &mut self.requested_application_permissions,
                &mut self.application_permissions,
            ),
            (
                &mut self.requested_delegated_permissions,
                &mut self.delegated_permissions,
            ),
        ];
        for (requested, consented) in asked {
            for permission in requested.drain(..) {
                if !consented.contains(&permission) {
                    consented.push(permission);
                }
            }
        }
    }

    /// Refuses what cannot be used: certificates that are none, roles that do not exist.
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
        self.exchange_access.check()
    }

    /// Whether it has nothing to show who it is by, as apps in browsers have not.
    #[must_use]
    pub fn is_public(&self) -> bool {
        self.secrets.is_empty() && self.certificates.is_empty()
    }
}
