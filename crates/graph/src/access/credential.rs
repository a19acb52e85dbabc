//! What the application proves itself with when it asks for tokens: a secret, or a certificate.

use jiff::Timestamp;
use secrecy::{ExposeSecret, SecretString};
use url::Url;
use uuid::Uuid;

use super::certificate::{Certificate, CertificateError};

/// The application's credential, as it is registered in Entra ID.
#[derive(Clone, Debug)]
pub enum Credential {
    /// A client secret.
    Secret(SecretString),
    /// A certificate, whose private key signs.
    Certificate(Certificate),
}

/// How a kept credential that is a certificate is told from one that is a secret.
const PEM_SIGN: &str = "-----BEGIN ";
const ASSERTION_TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

impl Credential {
    /// Out of the text that [`Credential::to_kept`] made.
    ///
    /// # Errors
    /// [`CertificateError`] when it is a certificate, and a broken one.
    pub fn from_kept(text: &SecretString) -> Result<Self, CertificateError> {
        if text.expose_secret().contains(PEM_SIGN) {
            Certificate::read(text.clone()).map(Self::Certificate)
        } else {
            Ok(Self::Secret(text.clone()))
        }
    }

    /// All of it in one text, to be sealed and kept.
    pub fn to_kept(&self) -> SecretString {
        match self {
            Self::Secret(secret) => secret.clone(),
            Self::Certificate(certificate) => certificate.pem().clone(),
        }
    }

    /// The form fields that prove to `token_url` that we are this application, beside its `client_id`. They are for
    /// one request, sent about `now`; `id` must not have been used before.
    ///
    /// # Errors
    /// [`CertificateError::Signing`].
    pub fn proof(
        &self,
        token_url: &Url,
        client_id: &str,
        now: Timestamp,
        id: Uuid,
    ) -> Result<Vec<(&'static str, SecretString)>, CertificateError> {
        Ok(match self {
            Self::Secret(secret) => vec![("client_secret", secret.clone())],
            Self::Certificate(certificate) => {
                let assertion = certificate.assertion(token_url, client_id, now, id)?;
                vec![
                    ("client_assertion_type", SecretString::from(ASSERTION_TYPE)),
                    ("client_assertion", assertion),
                ]
            }
        })
    }
}
