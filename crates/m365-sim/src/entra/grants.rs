//! Authorization codes and refresh tokens that were handed out, and whose sign-ins were revoked.

use std::collections::{BTreeMap, VecDeque};

use jiff::{Timestamp, ToSpan};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::expiring::{Bad, Expiring};
use super::pkce::Challenge;
use crate::random::{Random, derived_id};
use crate::scenario::Platform;

/// Microsoft's codes are good for about ten minutes.
const CODE_MINUTES: i64 = 10;
/// A refresh token that nobody used for so long is dead.
const REFRESH_TOKEN_DAYS: i64 = 90;
/// After so long a page has to send the person to the sign-in again, however often it used its refresh tokens.
/// <https://learn.microsoft.com/entra/identity-platform/refresh-tokens#token-lifetime>
const REFRESH_TOKEN_OF_PAGES_HOURS: i64 = 24;
/// Older ones of a person are unknown, which ends them just as well.
const ENDED_SESSIONS_MAX: usize = 100;

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
    /// Where the person signed in; it is good at no other tenant's endpoint.
    pub(crate) tenant: Uuid,
    pub(crate) client_id: Uuid,
    pub(crate) redirect_uri: String,
    /// The kind of that address.
    pub(crate) platform: Platform,
    /// The address of the person who signed in.
    pub(crate) person: String,
    pub(crate) scope: String,
    pub(crate) nonce: Option<String>,
    /// The PKCE challenge; `None` when the client sent none.
    pub(crate) challenge: Option<Challenge>,
}

/// What a refresh token stands for.
#[derive(Debug, Clone)]
pub(crate) struct RefreshGrant {
    /// Where the person signed in; it is good at no other tenant's endpoint.
    pub(crate) tenant: Uuid,
    pub(crate) client_id: Uuid,
    pub(crate) person: String,
    pub(crate) scope: String,
    pub(crate) issued: Timestamp,
    /// The kind of address the sign-in led to.
    pub(crate) platform: Platform,
    /// When it stops working.
    pub(crate) ends: Timestamp,
    /// When it was revoked; `None` while it was not.
    pub(crate) revoked: Option<Timestamp>,
}

/// A revocation that a token is older than.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Revoked {
    pub(crate) at: Timestamp,
    pub(crate) revocation: Revocation,
}

/// A person's sessions; each revocation ends those there are and begins another.
#[derive(Debug, Clone)]
struct Sessions {
    /// The one that new tokens belong to is the last. Others are of a time that a restored snapshot took back.
    open: Vec<Uuid>,
    /// The newest last.
    ended: VecDeque<(Uuid, Revoked)>,
}

impl Sessions {
    fn end(&mut self, revoked: Revoked) {
        if revoked.revocation == Revocation::Everything {
            let milder = self.ended.iter_mut().map(|(_, before)| before);
            milder
                .filter(|before| before.revocation == Revocation::RefreshTokens)
                .for_each(|before| *before = revoked);
        }
        let next = Random::unrepeatable().uuid();
        let ending = std::mem::replace(&mut self.open, vec![next]);
        self.ended
            .extend(ending.into_iter().map(|session| (session, revoked)));
        let surplus = self.ended.len().saturating_sub(ENDED_SESSIONS_MAX);
        self.ended.drain(..surplus);
    }

    fn revoked(&self, session: Uuid) -> Option<Revoked> {
        if self.open.contains(&session) {
            return None;
        }
        let known = self.ended.iter().find(|(ended, _)| *ended == session);
        let last = self.ended.back().map(|(_, revoked)| revoked.at);
        Some(known.map_or_else(
            || Revoked {
                at: last.unwrap_or(Timestamp::UNIX_EPOCH),
                revocation: Revocation::Everything,
            },
            |(_, revoked)| *revoked,
        ))
    }

    /// Lets the sessions go on that are open in another course of things and unknown here.
    fn adopt(&mut self, other: &Self) {
        let is_new = |session: &Uuid| {
            !self.open.contains(session) && self.ended.iter().all(|(ended, _)| ended != session)
        };
        let new: Vec<Uuid> = other.open.iter().copied().filter(is_new).collect();
        self.open.splice(0..0, new);
    }
}

/// All of them, by their secret.
#[derive(Debug, Clone)]
pub(crate) struct Grants {
    codes: Expiring<CodeGrant>,
    refresh_tokens: Expiring<RefreshGrant>,
    /// Of this simulator alone; the sessions that nobody revoked yet are told apart by it.
    start: Uuid,
    /// Of those whose sign-ins were revoked before, by lower-case address.
    sessions: BTreeMap<String, Sessions>,
}

impl Default for Grants {
    fn default() -> Self {
        Self {
            codes: Expiring::default(),
            refresh_tokens: Expiring::default(),
            start: Random::unrepeatable().uuid(),
            sessions: BTreeMap::new(),
        }
    }
}

impl Grants {
    pub(crate) fn add_code(&mut self, code: String, grant: CodeGrant, now: Timestamp) {
        let ends = now.checked_add(CODE_MINUTES.minutes());
        self.codes
            .add(code, grant, ends.unwrap_or(Timestamp::MAX), now);
    }

    /// A code can be used once, also when the use fails.
    pub(crate) fn take_code(
        &mut self,
        code: &str,
        now: Timestamp,
    ) -> Result<CodeGrant, Bad<CodeGrant>> {
        self.codes.take(code, now)
    }

    pub(crate) fn add_refresh_token(&mut self, token: String, grant: RefreshGrant, now: Timestamp) {
        let ends = grant.ends;
        self.refresh_tokens.add(token, grant, ends, now);
    }

    /// Refresh tokens stay good after use, as Entra's do.
    pub(crate) fn refresh_token(
        &mut self,
        token: &str,
        now: Timestamp,
    ) -> Result<&RefreshGrant, Bad<RefreshGrant>> {
        self.refresh_tokens.get(token, now)
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
            .retain(|grant| !grant.person.eq_ignore_ascii_case(person));
        let tokens = self.refresh_tokens.values_mut();
        for grant in tokens.filter(|grant| grant.person.eq_ignore_ascii_case(person)) {
            grant.revoked.get_or_insert(now);
        }
        let mut sessions = self.sessions_of(person);
        sessions.end(Revoked {
            at: now,
            revocation,
        });
        self.sessions.insert(person.to_lowercase(), sessions);
    }

    /// Comes from a course of things that is left behind: the sign-ins there are go on until they are revoked.
    pub(crate) fn branch_from(&mut self, left: &Self) {
        for (person, there) in &left.sessions {
            let mut here = self.sessions_of(person);
            here.adopt(there);
            self.sessions.insert(person.clone(), here);
        }
    }

    /// The session that tokens for this person belong to from now on; a revocation begins another.
    pub(crate) fn session(&self, person: &str) -> Uuid {
        let sessions = self.sessions_of(person);
        sessions.open.last().copied().unwrap_or(self.start)
    }

    /// What ended the session; `None` when it goes on.
    pub(crate) fn revoked(&self, person: &str, session: Uuid) -> Option<Revoked> {
        self.sessions_of(person).revoked(session)
    }

    fn sessions_of(&self, person: &str) -> Sessions {
        let person = person.to_lowercase();
        let known = self.sessions.get(&person).cloned();
        known.unwrap_or_else(|| Sessions {
            open: vec![derived_id(0, &self.start.to_string(), &person)],
            ended: VecDeque::new(),
        })
    }
}

/// When a refresh token handed out now stops working. `before`: the end of the one it was got with, which those of
/// pages hand on.
pub(crate) fn refresh_token_end(
    platform: Platform,
    before: Option<Timestamp>,
    now: Timestamp,
) -> Timestamp {
    let life = match platform {
        Platform::SinglePage => REFRESH_TOKEN_OF_PAGES_HOURS.hours(),
        _ => (REFRESH_TOKEN_DAYS * 24).hours(),
    };
    let full = now.checked_add(life).unwrap_or(Timestamp::MAX);
    before
        .filter(|_| platform == Platform::SinglePage)
        .unwrap_or(full)
}
