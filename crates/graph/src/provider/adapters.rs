//! The product's clock, randomness and keeper of grants, as the rest of this crate wants them.

use std::sync::Arc;

use async_trait::async_trait;
use booking::person::PersonId;
use booking::provider::{GrantKeeper, ProviderError};
use booking::random::Random;
use booking::time::{Clock, Instant};
use jiff::Timestamp;
use secrecy::SecretString;
use uuid::Uuid;

use super::convert::timestamp;
use crate::access::{PersonKey, RefreshTokens};
use crate::ambient::Ambient;
use crate::error::GraphError;

/// Clock and randomness.
pub(super) struct Surroundings {
    clock: Arc<dyn Clock>,
    random: Arc<dyn Random>,
}

impl Surroundings {
    pub(super) fn new(clock: Arc<dyn Clock>, random: Arc<dyn Random>) -> Self {
        Self { clock, random }
    }

    pub(super) fn instant(&self) -> Instant {
        self.clock.now()
    }
}

impl std::fmt::Debug for Surroundings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Surroundings").finish_non_exhaustive()
    }
}

impl Ambient for Surroundings {
    fn now(&self) -> Timestamp {
        timestamp(self.clock.now())
    }

    fn uuid(&self) -> Uuid {
        self.random.uuid()
    }
}

/// The keeper of grants.
pub(super) struct Keeper(pub(super) Arc<dyn GrantKeeper>);

#[async_trait]
impl RefreshTokens for Keeper {
    async fn load(&self, person: PersonKey) -> Result<Option<SecretString>, GraphError> {
        let grant = self.0.grant(&person_id(person)).await;
        grant.map_err(keeper_failed)
    }

    async fn keep(&self, person: PersonKey, token: &SecretString) -> Result<(), GraphError> {
        let kept = self.0.keep(&person_id(person), token).await;
        kept.map_err(keeper_failed)
    }

    async fn forget(&self, person: PersonKey) -> Result<(), GraphError> {
        let forgotten = self.0.forget(&person_id(person)).await;
        forgotten.map_err(keeper_failed)
    }
}

pub(super) fn person_key(person: &PersonId) -> PersonKey {
    PersonKey {
        tenant: person.tenant,
        object: person.object,
    }
}

fn person_id(person: PersonKey) -> PersonId {
    PersonId {
        tenant: person.tenant,
        object: person.object,
    }
}

fn keeper_failed(error: ProviderError) -> GraphError {
    GraphError::Keeper(Box::new(error))
}
