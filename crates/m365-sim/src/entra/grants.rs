//! Authorization codes and refresh tokens that were handed out, and whose sign-ins were revoked.

use std::collections::{BTreeMap, VecDeque};

use jiff::{Timestamp, ToSpan};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::random::derived_id;

/// Microsoft's codes are good for about ten minutes.
const CODE_MINUTES: i64 = 10;
/// A refresh token that nobody used for so long is dead.
const REFRESH_TOKEN_DAYS: i64 = 90;
/// Older ones are simply unknown.
const REDEEMED_CODES_MAX: usize = 1_000;

/// How much of a person's sign-ins is revoked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Revocation {
    /// Refresh tokens and access tokens stop at once.
    #[default]
    Everything,
    /// Refresh tokens stop, and access tokens of clients that take challenges where access is evaluated continuously;
    /// the others are good to their end, as they are in the service.
    RefreshTokens,
}

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
    pub(crate) issued: Timestamp,
    /// When it was revoked; `None` while it was not.
    pub(crate) revoked: Option<Timestamp>,
}

impl RefreshGrant {
    /// Whether it lay unused for too long.
    pub(crate) fn is_inactive(&self, now: Timestamp) -> bool {
        let until = self
            .issued
            .checked_add((REFRESH_TOKEN_DAYS * 24).hours())
            .unwrap_or(Timestamp::MAX);
        until <= now
    }
}

/// Why a code is not good.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum BadCode {
    Unknown,
    Redeemed,
}

/// The last revocation of a person's sign-ins.
#[derive(Debug, Clone, Copy)]
struct SignOut {
    /// How many there were.
    count: u32,
    at: Timestamp,
    revocation: Revocation,
}

/// A revocation that a token is older than.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Revoked {
    pub(crate) at: Timestamp,
    pub(crate) revocation: Revocation,
}

/// All of them, by their secret.
#[derive(Debug, Clone, Default)]
pub(crate) struct Grants {
    codes: BTreeMap<String, CodeGrant>,
    /// The newest last.
    redeemed_codes: VecDeque<String>,
    refresh_tokens: BTreeMap<String, RefreshGrant>,
    /// By lower-case address.
    sign_outs: BTreeMap<String, SignOut>,
}

impl Grants {
    pub(crate) fn add_code(&mut self, code: String, grant: CodeGrant) {
        self.codes.insert(code, grant);
    }

    /// A code can be used once, also when the use fails.
    pub(crate) fn take_code(&mut self, code: &str) -> Result<CodeGrant, BadCode> {
        if let Some(grant) = self.codes.remove(code) {
            self.redeemed_codes.push_back(code.to_owned());
            if self.redeemed_codes.len() > REDEEMED_CODES_MAX {
                self.redeemed_codes.pop_front();
            }
            return Ok(grant);
        }
        let is_redeemed = self.redeemed_codes.iter().any(|known| known == code);
        Err(if is_redeemed {
            BadCode::Redeemed
        } else {
            BadCode::Unknown
        })
    }

    pub(crate) fn add_refresh_token(&mut self, token: String, grant: RefreshGrant) {
        self.refresh_tokens.insert(token, grant);
    }

    /// Refresh tokens stay good after use, as Entra's do.
    pub(crate) fn refresh_token(&self, token: &str) -> Option<&RefreshGrant> {
        self.refresh_tokens.get(token)
    }

    /// Makes everybody sign in again.
    pub(crate) fn revoke_refresh_tokens(&mut self, now: Timestamp) {
        for grant in self.refresh_tokens.values_mut() {
            grant.revoked.get_or_insert(now);
        }
    }

    /// Ends the sign-ins of one person.
    pub(crate) fn revoke(&mut self, person: &str, revocation: Revocation, now: Timestamp) {
        self.codes
            .retain(|_, grant| !grant.person.eq_ignore_ascii_case(person));
        let tokens = self.refresh_tokens.values_mut();
        for grant in tokens.filter(|grant| grant.person.eq_ignore_ascii_case(person)) {
            grant.revoked.get_or_insert(now);
        }
        let count = self.sign_out(person).map_or(0, |before| before.count) + 1;
        self.sign_outs.insert(
            person.to_lowercase(),
            SignOut {
                count,
                at: now,
                revocation,
            },
        );
    }

    /// The session that tokens for this person belong to from now on; a revocation begins another.
    pub(crate) fn session(&self, person: &str) -> Uuid {
        let count = self.sign_out(person).map_or(0, |sign_out| sign_out.count);
        derived_id(0, "session", &format!("{person} {count}"))
    }

    /// What ended the session; `None` when it goes on.
    pub(crate) fn revoked(&self, person: &str, session: Uuid) -> Option<Revoked> {
        let sign_out = self.sign_out(person)?;
        (self.session(person) != session).then_some(Revoked {
            at: sign_out.at,
            revocation: sign_out.revocation,
        })
    }

    fn sign_out(&self, person: &str) -> Option<&SignOut> {
        self.sign_outs.get(&person.to_lowercase())
    }
}

/// When a code handed out now stops working.
pub(crate) fn code_expiry(now: Timestamp) -> Timestamp {
    now.checked_add(CODE_MINUTES.minutes())
        .unwrap_or(Timestamp::MAX)
}
