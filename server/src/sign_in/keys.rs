//! The keys a tenant signs its tokens with, fetched when needed and kept.
//!
//! See <https://learn.microsoft.com/entra/identity-platform/signing-key-rollover>.

use std::collections::HashMap;
use std::sync::Arc;

use booking::time::{Clock, HOUR_MS, Instant, MINUTE_MS, SECOND_MS};
use jsonwebtoken::DecodingKey;
use jsonwebtoken::jwk::{Jwk, JwkSet};
use parking_lot::Mutex;
use url::Url;
use uuid::Uuid;

/// Keys older than this are fetched again.
const KEPT_MS: i64 = 24 * HOUR_MS;
/// Keys older than this are not believed any more, even if no newer ones can be had.
const BELIEVED_MS_MAX: i64 = 72 * HOUR_MS;
/// An unknown key id makes us fetch anew, but no oftener than this: anybody can make up key ids.
const REFETCH_MS_MIN: i64 = 5 * MINUTE_MS;
/// A fetch that failed is tried again, but no oftener than this.
const RETRY_MS_MIN: i64 = 10 * SECOND_MS;

/// The signing keys of every tenant seen.
pub(super) struct SigningKeys {
    login_url: Url,
    http: reqwest::Client,
    clock: Arc<dyn Clock>,
    kept: Mutex<HashMap<Uuid, Kept>>,
    /// One fetch at a time; whoever finds their key kept does not wait for it.
    fetching: tokio::sync::Mutex<()>,
}

#[derive(Default)]
struct Kept {
    keys: Option<JwkSet>,
    /// When the keys were fetched, and when that was last tried.
    at: Option<Instant>,
    tried_at: Option<Instant>,
}

impl Kept {
    fn key(&self, key_id: &str, now: Instant, age_ms_max: i64) -> Option<&Jwk> {
        let is_believed = self.at.is_some_and(|at| now.since_ms(at) <= age_ms_max);
        self.keys.as_ref().filter(|_| is_believed)?.find(key_id)
    }

    fn may_be_fetched(&self, now: Instant) -> bool {
        let is_past = |at: Option<Instant>, ms| at.is_none_or(|at| now.since_ms(at) > ms);
        is_past(self.at, REFETCH_MS_MIN) && is_past(self.tried_at, RETRY_MS_MIN)
    }
}

/// The keys could not be had.
#[derive(Debug, thiserror::Error)]
pub enum KeysError {
    /// The identity provider does not answer with keys.
    #[error("the signing keys could not be fetched")]
    Fetch(#[from] reqwest::Error),
    /// It has no such key.
    #[error("no signing key has this id")]
    Unknown,
    /// The key is of a kind we do not take.
    #[error("the signing key cannot be used")]
    Unusable(#[from] jsonwebtoken::errors::Error),
}

impl SigningKeys {
    pub(super) fn new(login_url: Url, http: reqwest::Client, clock: Arc<dyn Clock>) -> Self {
        Self {
            login_url,
            http,
            clock,
            kept: Mutex::default(),
            fetching: tokio::sync::Mutex::default(),
        }
    }

    /// The key with this id. Where the keys are old and no new ones can be had, the old ones do for
    /// a while.
    pub(super) async fn key(&self, tenant: Uuid, key_id: &str) -> Result<DecodingKey, KeysError> {
        let now = self.clock.now();
        if let Some(key) = self.kept_key(tenant, key_id, now, KEPT_MS)? {
            return Ok(key);
        }
        let fetched = self.refresh(tenant, key_id, now).await;
        match self.kept_key(tenant, key_id, now, BELIEVED_MS_MAX)? {
            Some(key) => {
                if let Err(error) = fetched {
                    tracing::warn!(
                        error = &error as &dyn std::error::Error,
                        "new signing keys cannot be had; the old ones are used"
                    );
                }
                Ok(key)
            }
            None => Err(fetched.err().unwrap_or(KeysError::Unknown)),
        }
    }

    fn kept_key(
        &self,
        tenant: Uuid,
        key_id: &str,
        now: Instant,
        age_ms_max: i64,
    ) -> Result<Option<DecodingKey>, KeysError> {
        let kept = self.kept.lock();
        let key = kept
            .get(&tenant)
            .and_then(|kept| kept.key(key_id, now, age_ms_max));
        Ok(key.map(DecodingKey::from_jwk).transpose()?)
    }

    /// Fetches the tenant's keys, unless somebody just did or it was tried a moment ago.
    async fn refresh(&self, tenant: Uuid, key_id: &str, now: Instant) -> Result<(), KeysError> {
        let _alone = self.fetching.lock().await;
        if self.kept_key(tenant, key_id, now, KEPT_MS)?.is_some() {
            return Ok(());
        }
        {
            let mut kept = self.kept.lock();
            let kept = kept.entry(tenant).or_default();
            if !kept.may_be_fetched(now) {
                return Ok(());
            }
            kept.tried_at = Some(now);
        }
        let keys = self.fetch(tenant).await?;
        let mut kept = self.kept.lock();
        let kept = kept.entry(tenant).or_default();
        kept.keys = Some(keys);
        kept.at = Some(now);
        Ok(())
    }

    async fn fetch(&self, tenant: Uuid) -> Result<JwkSet, KeysError> {
        let base = self.login_url.as_str().trim_end_matches('/');
        let url = format!("{base}/{tenant}/discovery/v2.0/keys");
        let answer = self.http.get(url).send().await?.error_for_status()?;
        Ok(answer.json().await?)
    }
}
