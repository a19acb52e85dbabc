//! Proof Key for Code Exchange: who redeems a code has to know what was hashed when it was asked for.
//! <https://learn.microsoft.com/entra/identity-platform/v2-oauth2-auth-code-flow#request-an-authorization-code>

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};

use super::error::EntraError;
use super::visit::Parameters;

/// How long a challenge may be, in characters. <https://www.rfc-editor.org/rfc/rfc7636#section-4.2>
const LENGTHS: std::ops::RangeInclusive<usize> = 43..=128;

/// What a client said beforehand of its verifier.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Challenge {
    /// The verifier itself.
    Plain(String),
    /// Its SHA-256, base64url.
    S256(String),
}

impl Challenge {
    /// Out of an authorization request; `None` where it has none.
    pub(super) fn read(parameters: &Parameters) -> Result<Option<Self>, EntraError> {
        let method = parameters.get("code_challenge_method");
        let Some(challenge) = parameters.get("code_challenge") else {
            // A method without a challenge.
            let size = method.map(|_| EntraError::BadChallengeSize);
            return size.map_or(Ok(None), Err);
        };
        if !LENGTHS.contains(&challenge.len()) {
            return Err(EntraError::BadChallengeSize);
        }
        let challenge = challenge.to_owned();
        match method {
            // Without a method it is taken as it is.
            None | Some("plain") => Ok(Some(Self::Plain(challenge))),
            Some("S256") => Ok(Some(Self::S256(challenge))),
            Some(_) => Err(EntraError::BadChallengeMethod),
        }
    }

    fn is_answered_by(&self, verifier: &str) -> bool {
        match self {
            Self::Plain(challenge) => challenge == verifier,
            Self::S256(challenge) => URL_SAFE_NO_PAD.encode(Sha256::digest(verifier)) == *challenge,
        }
    }
}

/// Refuses a verifier that does not answer the challenge: another one, none, or one that nobody was told of.
pub(super) fn check(
    challenge: Option<&Challenge>,
    verifier: Option<&str>,
) -> Result<(), EntraError> {
    let is_good = match (challenge, verifier) {
        (Some(challenge), Some(verifier)) => challenge.is_answered_by(verifier),
        (None, None) => true,
        _ => false,
    };
    if is_good {
        Ok(())
    } else {
        Err(EntraError::BadVerifier)
    }
}
