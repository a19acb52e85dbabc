//! Authorization codes and refresh tokens that were handed out.

use std::collections::BTreeMap;

use jiff::{Timestamp, ToSpan};
use uuid::Uuid;

/// Microsoft's codes are good for about ten minutes.
const CODE_MINUTES: i64 = 10;

/// What a code stands for.
#[derive(Debug, Clone)]
pub(crate) struct CodeGrant {
    pub(crate) client_id: Uuid,
    pub(crate) redirect_uri: String,
    /// The address of the person who signed in.
    pub(crate) person: String,
    pub(crate) scope: String,
    pub(crate) nonce: Option<String>,
    /// The PKCE challenge (S256); `None` when the client sent none.
    pub(crate) challenge: Option<String>,
    pub(crate) expires: Timestamp,
}

/// What a refresh token stands for.
#[derive(Debug, Clone)]
pub(crate) struct RefreshGrant {
    pub(crate) client_id: Uuid,
    pub(crate) person: String,
    pub(crate) scope: String,
}

/// All of them, by their secret.
#[derive(Debug, Default)]
pub(crate) struct Grants {
    codes: BTreeMap<String, CodeGrant>,
    refresh_tokens: BTreeMap<String, RefreshGrant>,
}

impl Grants {
    pub(crate) fn add_code(&mut self, code: String, grant: CodeGrant) {
        self.codes.insert(code, grant);
    }

    /// A code can be used once, also when the use fails.
    pub(crate) fn take_code(&mut self, code: &str) -> Option<CodeGrant> {
        self.codes.remove(code)
    }

    pub(crate) fn add_refresh_token(&mut self, token: String, grant: RefreshGrant) {
        self.refresh_tokens.insert(token, grant);
    }

    /// Refresh tokens stay good after use, as Entra's do.
    pub(crate) fn refresh_token(&self, token: &str) -> Option<&RefreshGrant> {
        self.refresh_tokens.get(token)
    }

    /// Makes people sign in again.
    pub(crate) fn revoke_refresh_tokens(&mut self) {
        self.refresh_tokens.clear();
    }
}

/// When a code handed out now stops working.
pub(crate) fn code_expiry(now: Timestamp) -> Timestamp {
    now.checked_add(CODE_MINUTES.minutes())
        .unwrap_or(Timestamp::MAX)
}
