//! People's permissions, shared by all processes as a database would.

use std::collections::BTreeMap;

use async_trait::async_trait;
use booking::person::PersonId;
use booking::provider::{GrantKeeper, ProviderError};
use parking_lot::Mutex;
use secrecy::{ExposeSecret, SecretString};

/// Refresh tokens in memory.
#[derive(Default)]
pub(crate) struct MemoryKeeper(Mutex<BTreeMap<PersonId, String>>);

#[async_trait]
impl GrantKeeper for MemoryKeeper {
    async fn grant(&self, person: &PersonId) -> Result<Option<SecretString>, ProviderError> {
        Ok(self.0.lock().get(person).cloned().map(SecretString::from))
    }

    async fn keep(
        &self,
        person: &PersonId,
        refresh_token: &SecretString,
    ) -> Result<(), ProviderError> {
        let token = refresh_token.expose_secret().to_owned();
        self.0.lock().insert(*person, token);
        Ok(())
    }

    async fn forget(&self, person: &PersonId) -> Result<(), ProviderError> {
        self.0.lock().remove(person);
        Ok(())
    }
}
