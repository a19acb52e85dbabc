//! The reference: one statement a hold, through the same driver, into the same schema, as durable.

use std::str::FromStr;
use std::time::Instant;

use anyhow::{Result, ensure};
use booking::room::Room;
use futures::future::try_join_all;
use sqlx::postgres::{PgConnectOptions, PgPool, PgPoolOptions};
use sqlx::sqlite::{
    SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous,
};

use super::Slot;
use crate::database::Database;
use crate::measure::CROWD;
use crate::office::{adele, furnish, settings};

const INSERT: &str = "INSERT INTO reservations (id, room_id, starts_at, ends_at, state, \
        person_tenant, person_object, person_name, person_address, created_at, changed_at) \
    SELECT $1, $2, $3, $4, 'held', $5, $6, $7, $8, $9, $9 \
    WHERE NOT EXISTS (SELECT 1 FROM reservations WHERE room_id = $2 \
        AND state IN ('held', 'submitted', 'confirmed', 'checked_in') \
        AND ends_at > $3 AND starts_at < $4)";

/// Connections that do nothing but insert.
#[derive(Clone)]
pub(super) enum Bare {
    /// One: SQLite has one writer.
    Sqlite(SqlitePool),
    Postgres(PgPool),
}

/// Runs the statement on either pool; the two have no type in common.
macro_rules! insert {
    ($pool:expr, $slot:expr) => {{
        let (slot, person) = ($slot, adele());
        sqlx::query(INSERT)
            .bind(slot.id.to_string())
            .bind(slot.room.id.to_string())
            .bind(slot.range.start().0)
            .bind(slot.range.end().0)
            .bind(person.id.tenant.to_string())
            .bind(person.id.object.to_string())
            .bind(person.display_name)
            .bind(person.address.to_string())
            .bind(0_i64)
            .execute($pool)
            .await?
            .rows_affected()
    }};
}

impl Bare {
    pub(super) async fn prepare(database: &Database, rooms: &[Room]) -> Result<Self> {
        let url = database.fresh("bare").await?;
        let further = [("ETAGE_DATABASE_URL", url.as_str())];
        let folder = database.folder.path();
        let config = settings(folder, super::NOWHERE, super::NOWHERE, &further)?;
        furnish(&config, rooms).await?;
        if url.starts_with("sqlite") {
            let options = SqliteConnectOptions::from_str(&url)?
                .journal_mode(SqliteJournalMode::Wal)
                .foreign_keys(true)
                .synchronous(SqliteSynchronous::Full);
            let pool = SqlitePoolOptions::new()
                .max_connections(1)
                .test_before_acquire(false);
            return Ok(Self::Sqlite(pool.connect_with(options).await?));
        }
        let pool = PgPoolOptions::new()
            .max_connections(CROWD as u32)
            .test_before_acquire(false);
        let options = PgConnectOptions::from_str(&url)?;
        Ok(Self::Postgres(pool.connect_with(options).await?))
    }

    /// Inserts all of them from [`CROWD`] tasks; rows a second.
    pub(super) async fn insert_all(&self, slots: &[Slot]) -> Result<f64> {
        let start = Instant::now();
        let lanes = (0..CROWD).map(|number| {
            let slots: Vec<Slot> = slots.iter().skip(number).step_by(CROWD).cloned().collect();
            let bare = self.clone();
            tokio::spawn(async move {
                for slot in &slots {
                    let rows = match &bare {
                        Self::Sqlite(pool) => insert!(pool, slot),
                        Self::Postgres(pool) => insert!(pool, slot),
                    };
                    ensure!(rows == 1, "a free slot was refused");
                }
                Ok(())
            })
        });
        for done in try_join_all(lanes).await? {
            done?;
        }
        Ok(slots.len() as f64 / start.elapsed().as_secs_f64())
    }
}
