//! Tokens whose signature was found good. Looking at a signature costs more than serving a small request, and a client
//! sends the same token for an hour.

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;

use sha2::{Digest, Sha256};

use super::claims::Claims;

/// The oldest are forgotten beyond this.
const TOKENS_MAX: usize = 1_000;

/// A token whose signature is good as long as its key is published. What its claims are worth is not said by that:
/// times, sign-ins and permissions are judged at every request.
#[derive(Debug)]
pub(super) struct Verified {
    /// The key that signed it.
    pub(super) key_id: String,
    pub(super) claims: Arc<Claims>,
}

/// The digest of a token's text.
pub(super) type TokenDigest = [u8; 32];

/// Those remembered.
#[derive(Debug, Default)]
pub(super) struct VerifiedTokens {
    tokens: HashMap<TokenDigest, Verified>,
    /// The oldest first.
    order: VecDeque<TokenDigest>,
}

impl VerifiedTokens {
    pub(super) fn find(&self, digest: &TokenDigest) -> Option<&Verified> {
        self.tokens.get(digest)
    }

    pub(super) fn add(&mut self, digest: TokenDigest, verified: Verified) {
        if self.tokens.insert(digest, verified).is_none() {
            self.order.push_back(digest);
        }
        if self.order.len() > TOKENS_MAX
            && let Some(oldest) = self.order.pop_front()
        {
            self.tokens.remove(&oldest);
        }
    }
}

pub(super) fn digest(token: &str) -> TokenDigest {
    Sha256::digest(token).into()
}
