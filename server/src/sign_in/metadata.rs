//! What the identity provider says of itself: where it signs people in, and its keys.
//!
//! Anybody may begin a sign-in, so it is asked rarely, and by one at a time.
//! See <https://learn.microsoft.com/entra/identity-platform/v2-protocols-oidc>.

use std::collections::HashMap;
use std::sync::Arc;

use booking::time::{Clock, HOUR_MS, Instant, MINUTE_MS, SECOND_MS};
use openidconnect::core::CoreProviderMetadata;
use openidconnect::{DiscoveryError, IssuerUrl};
use parking_lot::Mutex;
use uuid::Uuid;

use super::oidc::{OidcError, numbers, provider, refused, send};

/// For this long it is taken as it was told.
pub(super) const KEPT_MS: i64 = HOUR_MS;
/// A signature with a key that it did not name has it asked anew, but no oftener than this.
pub(super) const KEPT_MS_FOR_NEW_KEY: i64 = 5 * MINUTE_MS;
/// After it did not answer it is left in peace for this long.
const RETRY_MS_MIN: i64 = 10 * SECOND_MS;

/// What was told of each tenant.
pub(super) struct ProviderMetadata {
    http: reqwest::Client,
    clock: Arc<dyn Clock>,
    told: Mutex<HashMap<Uuid, (CoreProviderMetadata, Instant)>>,
    /// One question at a time, and how the last one failed; whoever finds an answer kept does not
    /// wait for it.
    asking: tokio::sync::Mutex<HashMap<Uuid, (String, Instant)>>,
}

impl ProviderMetadata {
    pub(super) fn new(http: reqwest::Client, clock: Arc<dyn Clock>) -> Self {
        Self {
            http,
            clock,
            told: Mutex::default(),
            asking: tokio::sync::Mutex::default(),
        }
    }

    /// What the tenant's identity provider said, no longer than `kept_ms` ago.
    pub(super) async fn of(
        &self,
        tenant: Uuid,
        issuer: &str,
        kept_ms: i64,
    ) -> Result<CoreProviderMetadata, OidcError> {
        let now = self.clock.now();
        if let Some(told) = self.kept(tenant, now, kept_ms) {
            return Ok(told);
        }
        let mut failures = self.asking.lock().await;
        if let Some(told) = self.kept(tenant, now, kept_ms) {
            return Ok(told);
        }
        if let Some((context, at)) = failures.get(&tenant)
            && now.since_ms(*at) < RETRY_MS_MIN
        {
            return Err(failure(context.clone()));
        }
        match self.ask(issuer).await {
            Ok(told) => {
                failures.remove(&tenant);
                self.told.lock().insert(tenant, (told.clone(), now));
                Ok(told)
            }
            Err(error) => {
                failures.insert(tenant, (error.to_string(), self.clock.now()));
                Err(error)
            }
        }
    }

    fn kept(&self, tenant: Uuid, now: Instant, kept_ms: i64) -> Option<CoreProviderMetadata> {
        let told = self.told.lock();
        let (metadata, at) = told.get(&tenant)?;
        (now.since_ms(*at) <= kept_ms).then(|| metadata.clone())
    }

    async fn ask(&self, issuer: &str) -> Result<CoreProviderMetadata, OidcError> {
        let issuer = IssuerUrl::new(issuer.to_owned()).map_err(|error| provider(&error))?;
        let http = |request| send(self.http.clone(), request);
        let told = CoreProviderMetadata::discover_async(issuer, &http).await;
        told.map_err(|error| match &error {
            // Its own words are the numbers alone: the rest of them may name somebody.
            DiscoveryError::Response(_, body, _) => {
                let numbers = numbers(&String::from_utf8_lossy(body));
                failure(format!("{error} ({numbers})"))
            }
            _ => provider(&error),
        })
    }
}

/// A failure of which this is known.
fn failure(context: String) -> OidcError {
    match refused(context) {
        OidcError::Refused { context } => OidcError::Provider { context },
        gone => gone,
    }
}
