//! What the browser remembers for us between leaving for the identity provider and coming back.
//!
//! It is sealed: what comes back was begun here, not long ago. Otherwise anybody could have us
//! carry a code of their making, with our secret, to the identity provider.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use booking::random::Random;
use booking::time::{Instant, MINUTE_MS};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use store::{SealError, SealingKey};

/// How long a sign-in may take.
pub const SIGN_IN_MS_MAX: i64 = 10 * MINUTE_MS;

/// Nothing else that is sealed here opens as this.
const PURPOSE: &str = "sign-in";

/// A sign-in that was begun.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Remembered {
    pub(super) state: String,
    pub(super) nonce: String,
    pub(super) verifier: String,
    pub(super) begun_at: Instant,
    /// The path to show afterwards.
    pub return_to: String,
}

impl Remembered {
    pub(super) fn seal(&self, key: &SealingKey, random: &dyn Random) -> Result<String, SealError> {
        let text = serde_json::to_string(self).unwrap_or_default();
        let sealed = key.seal(&SecretString::from(text), PURPOSE, random)?;
        Ok(URL_SAFE_NO_PAD.encode(sealed))
    }

    /// `None`: it was not sealed here, or too long ago.
    pub(super) fn unseal(cookie: &str, key: &SealingKey, now: Instant) -> Option<Self> {
        let sealed = String::from_utf8(URL_SAFE_NO_PAD.decode(cookie).ok()?).ok()?;
        let text = key.unseal(&sealed, PURPOSE).ok()?;
        let remembered: Self = serde_json::from_str(text.expose_secret()).ok()?;
        (now.since_ms(remembered.begun_at) <= SIGN_IN_MS_MAX).then_some(remembered)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use booking::random::SeededRandom;

    #[test]
    fn a_sign_in_is_remembered_only_by_who_began_it_and_not_for_long() {
        let key = SealingKey::new(&[1; 32]);
        let begun_at = Instant(1_800_000_000_000);
        let remembered = Remembered {
            state: "s".to_owned(),
            nonce: "n".to_owned(),
            verifier: "v".to_owned(),
            begun_at,
            return_to: "/reservations".to_owned(),
        };
        let cookie = remembered.seal(&key, &SeededRandom::new(7)).unwrap();
        let after = |ms| Remembered::unseal(&cookie, &key, begun_at.plus_ms(ms));
        assert_eq!(after(SIGN_IN_MS_MAX).unwrap().return_to, "/reservations");
        assert!(after(SIGN_IN_MS_MAX + 1).is_none());
        let other = SealingKey::new(&[2; 32]);
        assert!(Remembered::unseal(&cookie, &other, begun_at).is_none());
        let plain = URL_SAFE_NO_PAD.encode(serde_json::to_vec(&remembered).unwrap());
        assert!(Remembered::unseal(&plain, &key, begun_at).is_none());
    }
}
