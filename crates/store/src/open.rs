//! Opening the store.

use std::sync::Arc;

use crate::StoreError;
use crate::events::Gathered;
use crate::migrations;
use crate::pool::{Durability, Kind, Pool};
use crate::revisions::Nudge;
use crate::seal::SealingKey;
use crate::sql::Sql;

/// Everything Etage keeps. Cloning is cheap; clones share their connections.
///
/// Promises (holds, changes of state, jobs, sessions) survive a power failure once their method
/// has returned. What merely mirrors a calendar is committed without waiting for the disk: after
/// a power failure it may be a moment older, cursor and busy times together, and is read again.
#[derive(Clone)]
pub struct Store {
    pub(crate) pool: Pool,
    pub(crate) key: SealingKey,
    pub(crate) nudge: Nudge,
    pub(crate) gathered: Arc<Gathered>,
}

impl Store {
    /// Connects to `sqlite:PATH` (the file is made where there is none, its folder must be there)
    /// or `postgres://…`. Secrets are sealed with the key. Needs a tokio runtime.
    ///
    /// # Errors
    /// [`StoreError::Url`] for another kind of URL or for SQLite in memory, which each connection
    /// would see differently; [`StoreError::Driver`] when the database cannot be reached.
    pub async fn open(url: &str, key: SealingKey) -> Result<Self, StoreError> {
        let pool = Pool::open(url).await?;
        let nudge = Nudge::new(&pool);
        Ok(Self {
            pool,
            key,
            nudge,
            gathered: Arc::default(),
        })
    }

    /// The key that secrets are sealed with, for those that are kept elsewhere.
    pub const fn sealing_key(&self) -> &SealingKey {
        &self.key
    }

    /// Brings the schema up to date. Safe to run from several processes at once on PostgreSQL.
    ///
    /// # Errors
    /// [`StoreError::Migration`] when a migration fails, or the schema is newer than this program.
    pub async fn migrate(&self) -> Result<(), StoreError> {
        match &self.pool.kind {
            Kind::Sqlite(pools) => {
                migrations::sqlite()
                    .run(pools.writer(Durability::Promise))
                    .await?;
            }
            Kind::Postgres(pool) => migrations::postgres().run(pool).await?,
        }
        Ok(())
    }

    /// Whether the database answers.
    ///
    /// # Errors
    /// [`StoreError::Driver`] when it does not.
    pub async fn health(&self) -> Result<(), StoreError> {
        self.pool.fetch_optional(Sql::new("SELECT 1")).await?;
        Ok(())
    }
}

impl std::fmt::Debug for Store {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Store")
            .field("database", &self.pool.by_dialect("SQLite", "PostgreSQL"))
            .finish_non_exhaustive()
    }
}
