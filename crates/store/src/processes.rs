//! The processes that run beside each other, and what Microsoft has asked any of them to wait.

use booking::ids::ConnectionId;
use booking::time::Instant;
use uuid::Uuid;

use crate::pool::Durability;
use crate::row::Row;
use crate::sql::Sql;
use crate::{Store, StoreError};

/// A wait that a calendar system asked one of our processes for.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct AskedWait {
    /// Of which connection.
    pub connection: ConnectionId,
    /// Whose requests wait, in the provider's words; empty: all of the connection.
    pub whose: String,
    /// Until then.
    pub until: Instant,
}

impl Store {
    /// Says that a process lives and knows of so many, itself included. How many each of the others knows of that were
    /// seen after `seen_after`.
    ///
    /// # Errors
    /// [`StoreError::Driver`], [`StoreError::Inconsistent`].
    pub async fn process_lives(
        &self,
        process: Uuid,
        counted: u32,
        now: Instant,
        seen_after: Instant,
    ) -> Result<Vec<u32>, StoreError> {
        const LIVES: &str = "INSERT INTO processes (id, seen_at, counted) VALUES ($1, $2, $3) \
            ON CONFLICT (id) DO UPDATE SET seen_at = excluded.seen_at, counted = excluded.counted";
        const OTHERS: &str =
            "SELECT id, counted FROM processes WHERE id <> $1 AND seen_at > $2 ORDER BY id";
        let id = process.to_string();
        let lives = Sql::new(LIVES).bind(&id).bind(now).bind(counted);
        self.pool.write(Durability::Mirror, lives).await?;
        let others = Sql::new(OTHERS).bind(&id).bind(seen_after);
        let rows = self.pool.fetch_all(others).await?;
        rows.iter()
            .map(|row| row.of("processes", "id").int("counted"))
            .collect()
    }

    /// Says that a process is about to end; those that were not seen after `seen_after` are forgotten with it.
    ///
    /// # Errors
    /// [`StoreError::Driver`].
    pub async fn process_ends(&self, process: Uuid, seen_after: Instant) -> Result<(), StoreError> {
        const TEXT: &str = "DELETE FROM processes WHERE id = $1 OR seen_at <= $2";
        let sql = Sql::new(TEXT).bind(process.to_string()).bind(seen_after);
        self.pool.write(Durability::Mirror, sql).await?;
        Ok(())
    }

    /// Keeps a wait for every process, unless a longer one is kept; those that are over are forgotten.
    ///
    /// # Errors
    /// [`StoreError::Driver`].
    pub async fn keep_asked_wait(&self, wait: &AskedWait, now: Instant) -> Result<(), StoreError> {
        const FORGET: &str = "DELETE FROM asked_waits WHERE until <= $1";
        const KEEP: &str = "INSERT INTO asked_waits (connection_id, whose, until) \
            VALUES ($1, $2, $3) ON CONFLICT (connection_id, whose) \
            DO UPDATE SET until = excluded.until WHERE asked_waits.until < excluded.until";
        let mut tx = self.pool.begin(Durability::Mirror).await?;
        tx.execute(Sql::new(FORGET).bind(now)).await?;
        let keep = Sql::new(KEEP).bind(wait.connection).bind(&wait.whose);
        tx.execute(keep.bind(wait.until)).await?;
        tx.commit().await
    }

    /// What has to be waited for yet.
    ///
    /// # Errors
    /// [`StoreError::Driver`], [`StoreError::Inconsistent`].
    pub async fn asked_waits(&self, now: Instant) -> Result<Vec<AskedWait>, StoreError> {
        const TEXT: &str = "SELECT connection_id, whose, until FROM asked_waits WHERE until > $1 \
            ORDER BY connection_id, whose";
        let rows = self.pool.fetch_all(Sql::new(TEXT).bind(now)).await?;
        rows.iter().map(read).collect()
    }
}

fn read(row: &Row) -> Result<AskedWait, StoreError> {
    let fields = row.of("asked_waits", "connection_id");
    Ok(AskedWait {
        connection: fields.parse("connection_id")?,
        whose: fields.get("whose")?,
        until: fields.instant("until")?,
    })
}
