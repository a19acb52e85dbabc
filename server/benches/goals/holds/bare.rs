//! The reference: one statement a hold, through the same driver, into the same schema, as durable.

use std::time::Instant;

use anyhow::{Result, ensure};
use booking::room::Room;
use futures::future::try_join_all;
use sqlx::sqlite::SqliteSynchronous;

use super::Slot;
use crate::database::{Bare, Database};
use crate::measure::CROWD;
use crate::office::adele;

const INSERT: &str = "INSERT INTO reservations (id, room_id, starts_at, ends_at, state, \
        person_tenant, person_object, person_name, person_address, created_at, changed_at) \
    SELECT $1, $2, $3, $4, 'held', $5, $6, $7, $8, $9, $9 \
    WHERE NOT EXISTS (SELECT 1 FROM reservations WHERE room_id = $2 \
        AND state IN ('held', 'submitted', 'confirmed', 'checked_in') \
        AND ends_at > $3 AND starts_at < $4)";

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

/// Connections to a database with these rooms.
pub(super) async fn prepare(database: &Database, rooms: &[Room]) -> Result<Bare> {
    Bare::prepare(database, "bare", rooms, SqliteSynchronous::Full).await
}

/// Inserts all of them from [`CROWD`] tasks; rows a second.
pub(super) async fn insert_all(bare: &Bare, slots: &[Slot]) -> Result<f64> {
    let start = Instant::now();
    let lanes = (0..CROWD).map(|number| {
        let slots: Vec<Slot> = slots.iter().skip(number).step_by(CROWD).cloned().collect();
        let bare = bare.clone();
        tokio::spawn(async move {
            for slot in &slots {
                let rows = match &bare {
                    Bare::Sqlite(pool) => insert!(pool, slot),
                    Bare::Postgres(pool) => insert!(pool, slot),
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
