//! The key tokens are signed with.
//!
//! One key serves all simulators of a process: making one takes a noticeable time, and nothing depends on two
//! simulators having different ones, since every token names its issuer.

use std::sync::{Arc, OnceLock};

use aws_lc_rs::encoding::AsDer;
use aws_lc_rs::rsa::{KeyPair, KeySize};
use aws_lc_rs::signature::KeyPair as _;
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::error::SimError;

/// An RSA key in the forms needed to sign, to check and to publish.
pub(crate) struct SigningKeys {
    key_id: String,
    modulus: String,
    exponent: String,
    encoding: EncodingKey,
    decoding: DecodingKey,
}

impl SigningKeys {
    /// The key of this process, made when first asked for.
    pub(crate) fn of_this_process() -> Result<Arc<Self>, SimError> {
        static KEYS: OnceLock<Arc<SigningKeys>> = OnceLock::new();
        if let Some(keys) = KEYS.get() {
            return Ok(Arc::clone(keys));
        }
        let made = Arc::new(Self::generate().ok_or(SimError::SigningKey)?);
        Ok(Arc::clone(KEYS.get_or_init(|| made)))
    }

    fn generate() -> Option<Self> {
        let pair = KeyPair::generate(KeySize::Rsa2048).ok()?;
        let private = pair.as_der().ok()?;
        let pem = format!(
            "-----BEGIN PRIVATE KEY-----\n{}\n-----END PRIVATE KEY-----\n",
            STANDARD.encode(private.as_ref())
        );
        let public = pair.public_key();
        let modulus = URL_SAFE_NO_PAD.encode(public.modulus().big_endian_without_leading_zero());
        let exponent = URL_SAFE_NO_PAD.encode(public.exponent().big_endian_without_leading_zero());
        Some(Self {
            key_id: URL_SAFE_NO_PAD.encode(&Sha256::digest(&modulus)[..20]),
            encoding: EncodingKey::from_rsa_pem(pem.as_bytes()).ok()?,
            decoding: DecodingKey::from_rsa_components(&modulus, &exponent).ok()?,
            modulus,
            exponent,
        })
    }

    /// Signs claims as a JWT; the empty string when they cannot be serialized, which no claims of ours can.
    pub(crate) fn sign(&self, claims: &impl Serialize) -> String {
        let mut header = Header::new(Algorithm::RS256);
        header.kid = Some(self.key_id.clone());
        jsonwebtoken::encode(&header, claims, &self.encoding).unwrap_or_default()
    }

    /// The claims of a token signed with this key. Times and audience are left to the caller: they are judged by the
    /// simulator's clock.
    pub(crate) fn read<T: DeserializeOwned + Clone>(&self, token: &str) -> Option<T> {
        let mut validation = Validation::new(Algorithm::RS256);
        validation.validate_exp = false;
        validation.validate_nbf = false;
        validation.validate_aud = false;
        validation.required_spec_claims.clear();
        jsonwebtoken::decode::<T>(token, &self.decoding, &validation)
            .ok()
            .map(|token| token.claims)
    }

    /// The published key set. <https://datatracker.ietf.org/doc/html/rfc7517>
    pub(crate) fn json_web_keys(&self) -> Value {
        json!({ "keys": [{
            "kty": "RSA", "use": "sig", "alg": "RS256", "kid": self.key_id, "x5t": self.key_id,
            "n": self.modulus, "e": self.exponent,
        }] })
    }
}
