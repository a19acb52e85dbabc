//! The lasting permissions of people, kept sealed in the store.

use std::sync::Arc;

use async_trait::async_trait;
use booking::person::PersonId;
use booking::provider::{GrantKeeper, ProviderError};
use booking::random::Random;
use booking::time::Clock;
use secrecy::SecretString;
use store::{Store, StoreError};

/// Keeps refresh tokens in the store.
pub struct StoredGrants {
    store: Store,
    clock: Arc<dyn Clock>,
    random: Arc<dyn Random>,
}

impl StoredGrants {
    /// Keeps them there.
    pub fn new(store: Store, clock: Arc<dyn Clock>, random: Arc<dyn Random>) -> Self {
        Self {
            store,
            clock,
            random,
        }
    }
}

impl std::fmt::Debug for StoredGrants {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("StoredGrants")
    }
}

#[async_trait]
impl GrantKeeper for StoredGrants {
    async fn grant(&self, person: &PersonId) -> Result<Option<SecretString>, ProviderError> {
        self.store.grant(*person).await.map_err(store_failed)
    }

    async fn keep(
        &self,
        person: &PersonId,
        refresh_token: &SecretString,
    ) -> Result<(), ProviderError> {
        let now = self.clock.now();
        self.store
            .put_grant(*person, refresh_token, now, self.random.as_ref())
            .await
            .map_err(store_failed)
    }

    async fn forget(&self, person: &PersonId) -> Result<(), ProviderError> {
        self.store.delete_grant(*person).await.map_err(store_failed)
    }
}

fn store_failed(source: StoreError) -> ProviderError {
    ProviderError::Bug {
        context: "a person's permission could not be read or kept".to_owned(),
        source: Some(Arc::new(source)),
    }
}
