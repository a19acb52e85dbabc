//! Secrets at rest: XChaCha20-Poly1305 under a key that is never in the database.
//!
//! A sealed secret is bound to the place it is kept in (its *purpose*): copied into another row it
//! does not open, so whoever can write to the database still cannot move secrets about.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use booking::random::Random;
use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use secrecy::{ExposeSecret, SecretString};

/// Marks the format, so that a later one can be told apart.
const PREFIX: &str = "x1:";
const NONCE_BYTES: usize = 24;

/// The key that secrets are sealed with: 32 bytes.
#[derive(Clone)]
pub struct SealingKey(XChaCha20Poly1305);

impl std::fmt::Debug for SealingKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SealingKey(…)")
    }
}

/// A secret could not be sealed or unsealed.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum SealError {
    /// The key's text does not stand for 32 bytes. Mend the configuration.
    #[error("the sealing key must be 32 bytes, written as 64 hex digits or as base64")]
    Key,
    /// The secret was sealed with another key, or was tampered with.
    #[error("a kept secret does not open with the configured sealing key")]
    Open,
    /// The secret is too long to be sealed.
    #[error("a secret could not be sealed")]
    Close,
}

impl SealingKey {
    /// The key itself.
    pub fn new(bytes: &[u8; 32]) -> Self {
        Self(XChaCha20Poly1305::new(bytes.into()))
    }

    /// Reads a key from 64 hex digits or base64, ignoring surrounding white space.
    ///
    /// # Errors
    /// [`SealError::Key`] when the text does not stand for exactly 32 bytes.
    pub fn parse(text: &SecretString) -> Result<Self, SealError> {
        let text = text.expose_secret().trim();
        let bytes = hex(text)
            .or_else(|| STANDARD.decode(text).ok())
            .ok_or(SealError::Key)?;
        let bytes: [u8; 32] = bytes.try_into().map_err(|_| SealError::Key)?;
        Ok(Self::new(&bytes))
    }

    /// Seals a secret for one purpose, such as `grant:` with the person's id.
    ///
    /// # Errors
    /// [`SealError::Close`] when the secret is absurdly long.
    pub fn seal(
        &self,
        secret: &SecretString,
        purpose: &str,
        random: &dyn Random,
    ) -> Result<String, SealError> {
        let mut bytes = vec![0; NONCE_BYTES];
        random.fill(&mut bytes);
        let payload = Payload {
            msg: secret.expose_secret().as_bytes(),
            aad: purpose.as_bytes(),
        };
        let sealed = self
            .0
            .encrypt(XNonce::from_slice(&bytes), payload)
            .map_err(|_| SealError::Close)?;
        bytes.extend(sealed);
        Ok(format!("{PREFIX}{}", STANDARD.encode(bytes)))
    }

    /// Opens what [`SealingKey::seal`] made for the same purpose.
    ///
    /// # Errors
    /// [`SealError::Open`] for another key, another purpose or a changed text.
    pub fn unseal(&self, sealed: &str, purpose: &str) -> Result<SecretString, SealError> {
        let bytes = sealed
            .strip_prefix(PREFIX)
            .and_then(|text| STANDARD.decode(text).ok())
            .filter(|bytes| bytes.len() >= NONCE_BYTES)
            .ok_or(SealError::Open)?;
        let (nonce, msg) = bytes.split_at(NONCE_BYTES);
        let payload = Payload {
            msg,
            aad: purpose.as_bytes(),
        };
        let opened = self
            .0
            .decrypt(XNonce::from_slice(nonce), payload)
            .map_err(|_| SealError::Open)?;
        String::from_utf8(opened)
            .map(SecretString::from)
            .map_err(|_| SealError::Open)
    }
}

fn hex(text: &str) -> Option<Vec<u8>> {
    if text.len() != 64 || !text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    (0..text.len())
        .step_by(2)
        .map(|at| u8::from_str_radix(&text[at..at + 2], 16).ok())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use booking::random::SeededRandom;

    fn secret(text: &str) -> SecretString {
        SecretString::from(text.to_owned())
    }

    #[test]
    fn a_secret_opens_only_with_its_key_and_for_its_purpose() {
        let random = SeededRandom::new(7);
        let key = SealingKey::new(&[1; 32]);
        let sealed = key.seal(&secret("hush"), "grant:ada", &random).unwrap();
        assert!(!sealed.contains("hush"));
        let opened = key.unseal(&sealed, "grant:ada").unwrap();
        assert_eq!(opened.expose_secret(), "hush");
        let refused = |key: &SealingKey, purpose| key.unseal(&sealed, purpose).unwrap_err();
        assert_eq!(refused(&key, "grant:bob"), SealError::Open);
        assert_eq!(
            refused(&SealingKey::new(&[2; 32]), "grant:ada"),
            SealError::Open
        );
        assert_eq!(
            key.unseal("x1:AAAA", "grant:ada").unwrap_err(),
            SealError::Open
        );
    }

    #[test]
    fn a_key_is_read_from_hex_and_from_base64_and_nothing_else() {
        let random = SeededRandom::new(7);
        let hex = SealingKey::parse(&secret(&"07".repeat(32))).unwrap();
        let base64 =
            SealingKey::parse(&secret(&format!(" {}\n", STANDARD.encode([7; 32])))).unwrap();
        let sealed = hex.seal(&secret("hush"), "p", &random).unwrap();
        assert_eq!(base64.unseal(&sealed, "p").unwrap().expose_secret(), "hush");
        for text in ["", "0707", &"zz".repeat(32), &STANDARD.encode([7; 31])] {
            assert_eq!(
                SealingKey::parse(&secret(text)).unwrap_err(),
                SealError::Key
            );
        }
    }
}
