//! The keys a tenant signs its tokens with, fetched when needed and kept.
//!
//! See <https://learn.microsoft.com/entra/identity-platform/signing-key-rollover>.

use std::collections::HashMap;
use std::sync::Arc;

use booking::time::{Clock, HOUR_MS, Instant, MINUTE_MS};
use jsonwebtoken::DecodingKey;
use jsonwebtoken::jwk::JwkSet;
use tokio::sync::Mutex;
use url::Url;
use uuid::Uuid;

/// Keys older than this are fetched again.
const KEPT_MS: i64 = 24 * HOUR_MS;
/// An unknown key id makes us fetch anew, but no oftener than this: anybody can make up key ids.
const REFETCH_MS_MIN: i64 = 5 * MINUTE_MS;

/// The signing keys of every tenant seen.
pub(super) struct SigningKeys {
    login_url: Url,
    http: reqwest::Client,
    clock: Arc<dyn Clock>,
    kept: Mutex<HashMap<Uuid, Kept>>,
}

struct Kept {
    keys: JwkSet,
    at: Instant,
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
        }
    }

    /// The key with this id.
    pub(super) async fn key(&self, tenant: Uuid, key_id: &str) -> Result<DecodingKey, KeysError> {
        let now = self.clock.now();
        let mut kept = self.kept.lock().await;
        let known = kept.get(&tenant);
        let age_ms = known.map_or(i64::MAX, |kept| now.since_ms(kept.at));
        let is_known = known.is_some_and(|kept| kept.keys.find(key_id).is_some());
        if age_ms > KEPT_MS || (!is_known && age_ms > REFETCH_MS_MIN) {
            let keys = self.fetch(tenant).await?;
            kept.insert(tenant, Kept { keys, at: now });
        }
        let key = kept
            .get(&tenant)
            .and_then(|kept| kept.keys.find(key_id))
            .ok_or(KeysError::Unknown)?;
        Ok(DecodingKey::from_jwk(key)?)
    }

    async fn fetch(&self, tenant: Uuid) -> Result<JwkSet, KeysError> {
        let base = self.login_url.as_str().trim_end_matches('/');
        let url = format!("{base}/{tenant}/discovery/v2.0/keys");
        let answer = self.http.get(url).send().await?.error_for_status()?;
        Ok(answer.json().await?)
    }
}
