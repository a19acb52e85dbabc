//! The keys tokens are signed with, and how they are replaced.
//! <https://learn.microsoft.com/entra/identity-platform/signing-key-rollover>
//!
//! Making an RSA key takes a noticeable time, so none is made before one is needed, and all simulators of a process
//! begin with the same one: every token names its issuer, so nothing depends on two of them having different keys.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use aws_lc_rs::encoding::AsDer;
use aws_lc_rs::rsa::{KeyPair, KeySize};
use aws_lc_rs::signature::KeyPair as _;
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::claims::Claims;
use super::verified_tokens::{self, Verified, VerifiedTokens};

/// Keys published at once, the newest among them; what an older one signed is refused.
const PUBLISHED_MAX: usize = 4;

/// How the signing key is replaced.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum KeyRotation {
    /// As in ordinary operation: the keys before stay published, and what they signed stays good.
    #[default]
    Planned,
    /// As after a leak: the keys before are gone at once, and so is whatever they signed.
    Emergency,
}

/// No key could be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct NoKey;

/// Why a token cannot be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Unreadable {
    /// It is no token, or its signature is not that of the key it names.
    Malformed,
    /// It names a key that is not published, or not any more.
    UnknownKey(String),
}

/// The keys of one simulator.
#[derive(Default)]
pub(crate) struct KeyRing {
    /// The newest first; that one signs. Empty until a key is needed.
    keys: Mutex<VecDeque<Arc<SigningKey>>>,
    verified: Mutex<VerifiedTokens>,
}

impl KeyRing {
    /// Signs claims as a JWT with the newest key.
    pub(crate) fn sign(&self, claims: &impl Serialize) -> Result<String, NoKey> {
        let keys = self.published()?;
        keys.first().ok_or(NoKey)?.sign(claims)
    }

    /// The claims of a token that a published key signed. Times and audience are left to the caller: they are judged by
    /// the simulator's clock.
    pub(crate) fn read(&self, token: &str) -> Result<Arc<Claims>, Unreadable> {
        let keys = self.published().map_err(|NoKey| Unreadable::Malformed)?;
        let digest = verified_tokens::digest(token);
        let known = locked(&self.verified)
            .find(&digest)
            .filter(|known| keys.iter().any(|key| key.key_id == known.key_id))
            .map(|known| Arc::clone(&known.claims));
        if let Some(claims) = known {
            return Ok(claims);
        }
        let header = jsonwebtoken::decode_header(token).map_err(|_| Unreadable::Malformed)?;
        let key_id = header.kid.unwrap_or_default();
        let key = keys.iter().find(|key| key.key_id == key_id);
        let Some(key) = key else {
            return Err(Unreadable::UnknownKey(key_id));
        };
        let claims = Arc::new(key.read(token).ok_or(Unreadable::Malformed)?);
        let verified = Verified {
            key_id,
            claims: Arc::clone(&claims),
        };
        locked(&self.verified).add(digest, verified);
        Ok(claims)
    }

    /// The published key set. <https://datatracker.ietf.org/doc/html/rfc7517>
    pub(crate) fn json_web_keys(&self) -> Result<Value, NoKey> {
        let keys: Vec<Value> = self
            .published()?
            .iter()
            .map(|key| key.published())
            .collect();
        Ok(json!({ "keys": keys }))
    }

    /// Signs with a new key from now on, whose id is given back.
    pub(crate) fn rotate(&self, rotation: KeyRotation) -> Result<String, NoKey> {
        let mut keys = self.published()?;
        let made = Arc::new(SigningKey::generate().ok_or(NoKey)?);
        let key_id = made.key_id.clone();
        match rotation {
            KeyRotation::Planned => keys.truncate(PUBLISHED_MAX - 1),
            KeyRotation::Emergency => keys.clear(),
        }
        keys.insert(0, made);
        *locked(&self.keys) = keys.into();
        Ok(key_id)
    }

    fn published(&self) -> Result<Vec<Arc<SigningKey>>, NoKey> {
        let mut keys = locked(&self.keys);
        if keys.is_empty() {
            keys.push_back(SigningKey::of_this_process()?);
        }
        Ok(keys.iter().cloned().collect())
    }
}

fn locked<T>(state: &Mutex<T>) -> MutexGuard<'_, T> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}

/// An RSA key in the forms needed to sign, to check and to publish.
struct SigningKey {
    key_id: String,
    modulus: String,
    exponent: String,
    encoding: EncodingKey,
    decoding: DecodingKey,
}

impl SigningKey {
    /// The key all simulators of this process begin with, made when first asked for.
    fn of_this_process() -> Result<Arc<Self>, NoKey> {
        static FIRST: Mutex<Option<Arc<SigningKey>>> = Mutex::new(None);
        let mut first = locked(&FIRST);
        if let Some(key) = &*first {
            return Ok(Arc::clone(key));
        }
        let made = Arc::new(Self::generate().ok_or(NoKey)?);
        *first = Some(Arc::clone(&made));
        Ok(made)
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

    fn sign(&self, claims: &impl Serialize) -> Result<String, NoKey> {
        let mut header = Header::new(Algorithm::RS256);
        header.kid = Some(self.key_id.clone());
        jsonwebtoken::encode(&header, claims, &self.encoding).map_err(|_| NoKey)
    }

    fn read(&self, token: &str) -> Option<Claims> {
        let mut validation = Validation::new(Algorithm::RS256);
        validation.validate_exp = false;
        validation.validate_nbf = false;
        validation.validate_aud = false;
        validation.required_spec_claims.clear();
        jsonwebtoken::decode::<Claims>(token, &self.decoding, &validation)
            .ok()
            .map(|token| token.claims)
    }

    fn published(&self) -> Value {
        json!({
            "kty": "RSA", "use": "sig", "alg": "RS256", "kid": self.key_id, "x5t": self.key_id,
            "n": self.modulus, "e": self.exponent,
        })
    }
}
