//! Clients that show who they are by signing, instead of sending a secret.
//! <https://learn.microsoft.com/entra/identity-platform/certificate-credentials>
//!
//! MSAL signs with PS256 and names the certificate by `x5t#S256`; older code signs with RS256 and names it by `x5t`.
//!
//! An assertion may be used until it ends, and may end as late as it likes: the page says so of `exp`. Its `jti` has to
//! be there, but may come again.

use std::time::Duration;

use aws_lc_rs::digest;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, SignatureVerificationAlgorithm, UnixTime};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use uuid::Uuid;
use webpki::aws_lc_rs::{RSA_PKCS1_2048_8192_SHA256, RSA_PSS_2048_8192_SHA256_LEGACY_KEY};
use webpki::{EndEntityCert, KeyUsage};

use super::error::EntraError;
use crate::scenario::AppRegistration;

/// The only `client_assertion_type` there is.
pub(super) const TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// Seconds by which a client's clock may be wrong.
const SKEW_SECONDS: f64 = 300.0;

#[derive(Deserialize)]
struct Header {
    alg: String,
    x5t: Option<String>,
    #[serde(rename = "x5t#S256")]
    x5t_s256: Option<String>,
}

/// Times are seconds and may be fractions: MSAL for Python sends them so.
#[derive(Deserialize)]
struct Claims {
    iss: String,
    sub: String,
    aud: String,
    jti: String,
    exp: f64,
    #[serde(default)]
    nbf: f64,
}

/// Accepts or refuses an assertion of an app. `audiences`: whom it may be meant for.
pub(super) fn check(
    assertion: &str,
    app: &AppRegistration,
    audiences: &[String],
    now: Timestamp,
) -> Result<(), EntraError> {
    let (signed, signature) = assertion
        .rsplit_once('.')
        .ok_or(EntraError::MalformedAssertion)?;
    let (header, claims) = signed
        .split_once('.')
        .ok_or(EntraError::MalformedAssertion)?;
    let signature = URL_SAFE_NO_PAD
        .decode(signature)
        .map_err(|_| EntraError::MalformedAssertion)?;
    check_signature(&read(header)?, signed.as_bytes(), &signature, app, now)?;
    check_claims(&read(claims)?, app.client_id, audiences, now)
}

fn read<T: DeserializeOwned>(part: &str) -> Result<T, EntraError> {
    let bytes = URL_SAFE_NO_PAD
        .decode(part)
        .map_err(|_| EntraError::MalformedAssertion)?;
    serde_json::from_slice(&bytes).map_err(|_| EntraError::MalformedAssertion)
}

fn check_signature(
    header: &Header,
    signed: &[u8],
    signature: &[u8],
    app: &AppRegistration,
    now: Timestamp,
) -> Result<(), EntraError> {
    let algorithm: &dyn SignatureVerificationAlgorithm = match header.alg.as_str() {
        "PS256" => RSA_PSS_2048_8192_SHA256_LEGACY_KEY,
        "RS256" => RSA_PKCS1_2048_8192_SHA256,
        _ => return Err(EntraError::MalformedAssertion),
    };
    let known = app
        .certificates
        .iter()
        .filter_map(|pem| CertificateDer::from_pem_slice(pem.as_bytes()).ok())
        .find(|certificate| is_named(certificate, header))
        .ok_or(EntraError::UnknownCertificate)?;
    let certificate =
        EndEntityCert::try_from(&known).map_err(|_| EntraError::WrongAssertionSignature)?;
    certificate
        .verify_signature(algorithm, signed, signature)
        .map_err(|_| EntraError::WrongAssertionSignature)?;
    if is_of_now(&certificate, now) {
        Ok(())
    } else {
        Err(EntraError::CertificateOutOfTime)
    }
}

/// Whether a certificate has begun and has not ended. Who issued it does not matter: most sign themselves.
fn is_of_now(certificate: &EndEntityCert<'_>, now: Timestamp) -> bool {
    let seconds = u64::try_from(now.as_second()).unwrap_or_default();
    let now = UnixTime::since_unix_epoch(Duration::from_secs(seconds));
    // Its time is looked at first, before anything that could not be found without issuers.
    let judged =
        certificate.verify_for_usage(&[], &[], &[], now, KeyUsage::client_auth(), None, None);
    !matches!(
        judged,
        Err(webpki::Error::CertExpired { .. } | webpki::Error::CertNotValidYet { .. })
    )
}

/// Whether a header means this certificate.
fn is_named(certificate: &CertificateDer<'_>, header: &Header) -> bool {
    let thumbprint = |algorithm| {
        let digest = digest::digest(algorithm, certificate);
        URL_SAFE_NO_PAD.encode(digest)
    };
    let is = |named: &Option<String>, algorithm| {
        named
            .as_deref()
            .is_some_and(|named| named.trim_end_matches('=') == thumbprint(algorithm))
    };
    is(&header.x5t_s256, &digest::SHA256) || is(&header.x5t, &digest::SHA1_FOR_LEGACY_USE_ONLY)
}

fn check_claims(
    claims: &Claims,
    client_id: Uuid,
    audiences: &[String],
    now: Timestamp,
) -> Result<(), EntraError> {
    let is_client = |text: &str| Uuid::try_parse(text).is_ok_and(|id| id == client_id);
    if !is_client(&claims.iss) || !is_client(&claims.sub) {
        return Err(EntraError::ForeignAssertion);
    }
    if claims.jti.is_empty() {
        return Err(EntraError::MalformedAssertion);
    }
    if !audiences.contains(&claims.aud) {
        return Err(EntraError::WrongAssertionAudience);
    }
    let now = now.as_second() as f64;
    if claims.nbf - SKEW_SECONDS > now || claims.exp + SKEW_SECONDS <= now {
        return Err(EntraError::StaleAssertion);
    }
    Ok(())
}
