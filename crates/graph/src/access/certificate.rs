//! A certificate as the application's credential: what Entra ID knows is the certificate, what we prove is that its
//! private key is ours, by signing an assertion for each token that is asked for.
//!
//! See <https://learn.microsoft.com/entra/identity-platform/certificate-credentials>.

use std::sync::Arc;

use aws_lc_rs::digest::{self, Algorithm};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{KeyPair as _, RSA_PSS_SHA256, RsaKeyPair};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;
use rustls_pki_types::pem::{self, PemObject as _};
use rustls_pki_types::{CertificateDer, PrivateKeyDer};
use secrecy::{ExposeSecret, SecretString};
use serde::Serialize;
use url::Url;
use uuid::Uuid;

/// How long an assertion is good for, in seconds; it is used at once.
const ASSERTION_SECONDS: i64 = 600;

/// A certificate that is registered with the application, and its private key.
#[derive(Clone)]
pub struct Certificate {
    pem: SecretString,
    der: CertificateDer<'static>,
    key: Arc<RsaKeyPair>,
    valid_from: Timestamp,
    valid_until: Timestamp,
}

/// A certificate cannot be the application's credential. Each sentence says what to do.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum CertificateError {
    /// There is no certificate in the text.
    #[error(
        "there is no certificate in it: it should hold “-----BEGIN CERTIFICATE-----”; `openssl x509 -inform der -in \
         FILE` writes one in this form"
    )]
    NoCertificate,
    /// What says that it is a certificate is none.
    #[error("the certificate in it cannot be read; export it again, as PEM")]
    Certificate,
    /// There is no private key in the text.
    #[error("there is no private key in it: it should hold “-----BEGIN PRIVATE KEY-----”")]
    NoKey,
    /// The key needs a password.
    #[error(
        "its private key is encrypted; `openssl pkcs8 -in FILE` asks for the password and writes it without. It is \
         sealed before it is kept"
    )]
    EncryptedKey,
    /// The key is of a kind that Entra ID does not take.
    #[error("its private key is no RSA key of 2,048 to 8,192 bits; Entra ID takes no other")]
    Key,
    /// The key is another certificate's.
    #[error("the private key is not that of the certificate; take both from the same export")]
    ForeignKey,
    /// Signing failed, which the operating system's randomness alone can bring about.
    #[error("an assertion could not be signed")]
    Signing,
}

#[derive(Serialize)]
struct Header<'a> {
    alg: &'a str,
    typ: &'a str,
    #[serde(rename = "x5t#S256")]
    x5t_s256: &'a str,
}

#[derive(Serialize)]
struct Claims<'a> {
    aud: &'a str,
    iss: &'a str,
    sub: &'a str,
    jti: Uuid,
    iat: i64,
    nbf: i64,
    exp: i64,
}

impl Certificate {
    /// Reads the first certificate and the first private key of a text in PEM.
    ///
    /// # Errors
    /// [`CertificateError`] naming what is missing or wrong.
    pub fn read(pem: SecretString) -> Result<Self, CertificateError> {
        let text = pem.expose_secret().as_bytes();
        let der = CertificateDer::from_pem_slice(text).map_err(|error| match error {
            pem::Error::NoItemsFound => CertificateError::NoCertificate,
            _ => CertificateError::Certificate,
        })?;
        let (rest, certificate) =
            x509_parser::parse_x509_certificate(&der).map_err(|_| CertificateError::Certificate)?;
        if !rest.is_empty() {
            return Err(CertificateError::Certificate);
        }
        let key = key(pem.expose_secret())?;
        let public = &certificate.public_key().subject_public_key.data;
        if key.public_key().as_ref() != public.as_ref() {
            return Err(CertificateError::ForeignKey);
        }
        let validity = certificate.validity();
        let instant =
            |seconds| Timestamp::from_second(seconds).map_err(|_| CertificateError::Certificate);
        let valid_from = instant(validity.not_before.timestamp())?;
        let valid_until = instant(validity.not_after.timestamp())?;
        Ok(Self {
            key: Arc::new(key),
            valid_from,
            valid_until,
            der,
            pem,
        })
    }

    /// Both as they were read, for keeping.
    pub fn pem(&self) -> &SecretString {
        &self.pem
    }

    /// When it begins to be valid.
    pub fn valid_from(&self) -> Timestamp {
        self.valid_from
    }

    /// When it ends; Entra ID takes no assertion from then on.
    pub fn valid_until(&self) -> Timestamp {
        self.valid_until
    }

    /// The thumbprint under which the Entra admin centre lists it: SHA-1 in hexadecimal digits.
    pub fn thumbprint(&self) -> String {
        let hashed = self.hashed(&digest::SHA1_FOR_LEGACY_USE_ONLY);
        hashed
            .as_ref()
            .iter()
            .map(|byte| format!("{byte:02X}"))
            .collect()
    }

    fn hashed(&self, algorithm: &'static Algorithm) -> digest::Digest {
        digest::digest(algorithm, &self.der)
    }

    /// A signed assertion that we are this application, good once and for ten minutes from `now`.
    ///
    /// `token_url` is where it is sent; Entra ID takes none that is meant for another address, or another cloud.
    ///
    /// # Errors
    /// [`CertificateError::Signing`].
    pub(super) fn assertion(
        &self,
        token_url: &Url,
        client_id: &str,
        now: Timestamp,
        id: Uuid,
    ) -> Result<SecretString, CertificateError> {
        let x5t_s256 = URL_SAFE_NO_PAD.encode(self.hashed(&digest::SHA256));
        let header = Header {
            alg: "PS256",
            typ: "JWT",
            x5t_s256: &x5t_s256,
        };
        let now = now.as_second();
        let claims = Claims {
            aud: token_url.as_str(),
            iss: client_id,
            sub: client_id,
            jti: id,
            iat: now,
            nbf: now,
            exp: now.saturating_add(ASSERTION_SECONDS),
        };
        let signed = format!("{}.{}", part(&header)?, part(&claims)?);
        let mut signature = vec![0; self.key.public_modulus_len()];
        self.key
            .sign(
                &RSA_PSS_SHA256,
                &SystemRandom::new(),
                signed.as_bytes(),
                &mut signature,
            )
            .map_err(|_| CertificateError::Signing)?;
        let signature = URL_SAFE_NO_PAD.encode(signature);
        Ok(SecretString::from(format!("{signed}.{signature}")))
    }
}

impl std::fmt::Debug for Certificate {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Certificate")
            .field("thumbprint", &self.thumbprint())
            .field("valid_until", &self.valid_until)
            .finish_non_exhaustive()
    }
}

fn key(pem: &str) -> Result<RsaKeyPair, CertificateError> {
    let key = match PrivateKeyDer::from_pem_slice(pem.as_bytes()) {
        Ok(key) => key,
        Err(_) if pem.contains("ENCRYPTED") => return Err(CertificateError::EncryptedKey),
        Err(pem::Error::NoItemsFound) => return Err(CertificateError::NoKey),
        Err(_) => return Err(CertificateError::Key),
    };
    let key = match &key {
        PrivateKeyDer::Pkcs8(der) => RsaKeyPair::from_pkcs8(der.secret_pkcs8_der()),
        PrivateKeyDer::Pkcs1(der) => RsaKeyPair::from_der(der.secret_pkcs1_der()),
        _ => return Err(CertificateError::Key),
    };
    key.map_err(|_| CertificateError::Key)
}

fn part(value: &impl Serialize) -> Result<String, CertificateError> {
    let text = serde_json::to_vec(value).map_err(|_| CertificateError::Signing)?;
    Ok(URL_SAFE_NO_PAD.encode(text))
}

#[cfg(test)]
mod tests {
    use rcgen::{CertificateParams, KeyPair, PKCS_ECDSA_P256_SHA256, PKCS_RSA_SHA256};

    use super::*;

    /// A certificate and its key, as PEM.
    fn made(algorithm: &'static rcgen::SignatureAlgorithm) -> (String, String) {
        let key = KeyPair::generate_for(algorithm).unwrap();
        let mut params = CertificateParams::new(Vec::<String>::new()).unwrap();
        params.not_after = rcgen::date_time_ymd(2027, 3, 1);
        (params.self_signed(&key).unwrap().pem(), key.serialize_pem())
    }

    fn read(text: &str) -> Result<Certificate, CertificateError> {
        Certificate::read(SecretString::from(text))
    }

    #[test]
    fn what_is_wrong_with_a_certificate_or_its_key_is_named() {
        let (certificate, key) = made(&PKCS_RSA_SHA256);
        let (elliptic, elliptic_key) = made(&PKCS_ECDSA_P256_SHA256);
        let (_, foreign) = made(&PKCS_RSA_SHA256);
        let encrypted = key.replace("PRIVATE KEY", "ENCRYPTED PRIVATE KEY");
        let damaged = certificate.replacen("MII", "MIA", 1);
        for (text, expected) in [
            (String::new(), CertificateError::NoCertificate),
            (key.clone(), CertificateError::NoCertificate),
            (format!("{damaged}{key}"), CertificateError::Certificate),
            (certificate.clone(), CertificateError::NoKey),
            (
                format!("{certificate}{encrypted}"),
                CertificateError::EncryptedKey,
            ),
            (format!("{elliptic}{elliptic_key}"), CertificateError::Key),
            (
                format!("{certificate}{foreign}"),
                CertificateError::ForeignKey,
            ),
        ] {
            assert_eq!(read(&text).unwrap_err(), expected);
        }
        assert!(read(&format!("{key}\n{certificate}")).is_ok());
    }

    #[test]
    fn an_assertion_is_meant_for_the_authority_of_the_cloud_it_is_sent_to() {
        let (certificate, key) = made(&PKCS_RSA_SHA256);
        let read = read(&format!("{certificate}{key}")).unwrap();
        assert_eq!(read.valid_until(), "2027-03-01T00:00:00Z".parse().unwrap());
        let url = Url::parse("https://login.microsoftonline.us/t/oauth2/v2.0/token").unwrap();
        let now: Timestamp = "2026-11-20T09:00:00Z".parse().unwrap();
        let made = read
            .assertion(&url, "app", now, Uuid::from_u128(1))
            .unwrap();
        let parts: Vec<&str> = made.expose_secret().split('.').collect();
        let json = |part: &str| {
            let bytes = URL_SAFE_NO_PAD.decode(part).unwrap();
            serde_json::from_slice::<serde_json::Value>(&bytes).unwrap()
        };
        assert_eq!(json(parts[0])["alg"], "PS256");
        let claims = json(parts[1]);
        assert_eq!(claims["aud"], url.as_str());
        let life = claims["exp"].as_i64().unwrap() - claims["nbf"].as_i64().unwrap();
        assert_eq!(life, ASSERTION_SECONDS);
        let again = read
            .assertion(&url, "app", now, Uuid::from_u128(2))
            .unwrap();
        assert_ne!(again.expose_secret(), made.expose_secret());
    }

    #[test]
    fn a_private_key_is_never_shown() {
        let (certificate, key) = made(&PKCS_RSA_SHA256);
        let shown = format!("{:?}", read(&format!("{certificate}{key}")).unwrap());
        let line = key.lines().nth(3).unwrap();
        assert!(
            !shown.contains(line) && shown.contains("thumbprint"),
            "{shown}"
        );
    }
}
