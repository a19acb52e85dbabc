//! Which rooms' mirrors are compared with their calendars, and what that has found.

use booking::ids::RoomId;
use booking::mirror::Fingerprint;
use booking::time::Instant;

use super::{RoomSync, read_sync};
use crate::outbox::Lease;
use crate::pool::Durability;
use crate::sql::Sql;
use crate::{Store, StoreError};

/// What a comparison came to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Checked {
    /// When.
    pub at: Instant,
    /// Of what mirror and calendar have in common now.
    pub fingerprint: Fingerprint,
    /// Busy times that differed.
    pub found: u32,
    /// How many of them are as in the calendar again.
    pub repaired: u32,
    /// When the room is compared next.
    pub next_at: Instant,
}

macro_rules! lease_text {
    ($lock:literal) => {
        concat!(
            "UPDATE room_sync SET check_lease_until = $2 WHERE room_id IN (\
                SELECT room_id FROM room_sync WHERE check_due_at <= $1 \
                AND check_lease_until <= $1 AND dirty_count <= clean_count \
                AND lease_until <= $1 AND due_at <= $1 AND source = 'events' \
                AND window_start IS NOT NULL \
                AND EXISTS (SELECT 1 FROM rooms \
                    WHERE rooms.id = room_sync.room_id AND mailbox IS NOT NULL) \
                ORDER BY check_due_at, room_id LIMIT $3",
            $lock,
            ") RETURNING ",
            columns!()
        )
    };
}

// As with dirty rooms.
const LEASE_SQLITE: &str = lease_text!("");
const LEASE_POSTGRES: &str = lease_text!(" FOR UPDATE SKIP LOCKED");

impl Store {
    /// Takes rooms that are to be compared, that are quiet, and that nobody else compares.
    ///
    /// # Errors
    /// [`StoreError::Driver`], [`StoreError::Inconsistent`].
    pub async fn lease_checks(&self, lease: &Lease<'_>) -> Result<Vec<RoomSync>, StoreError> {
        let sql = Sql::new(self.pool.by_dialect(LEASE_SQLITE, LEASE_POSTGRES))
            .bind(lease.now)
            .bind(lease.now.plus_ms(lease.lease_ms))
            .bind(lease.limit);
        let rows = self.pool.write_returning(Durability::Mirror, sql).await?;
        rows.iter().map(read_sync).collect()
    }

    /// Keeps what a comparison came to.
    ///
    /// # Errors
    /// [`StoreError::RowsAffected`] when there is no such room; [`StoreError::Driver`].
    pub async fn finish_check(&self, room: RoomId, checked: &Checked) -> Result<(), StoreError> {
        const TEXT: &str = "UPDATE room_sync SET checked_at = $2, fingerprint = $3, \
            checks = checks + 1, found = found + $4, repaired = repaired + $5, \
            found_at = CASE WHEN $4 > 0 THEN $2 ELSE found_at END, \
            check_due_at = $6, check_lease_until = 0 WHERE room_id = $1";
        let sql = Sql::new(TEXT)
            .bind(room)
            .bind(checked.at)
            .bind(checked.fingerprint.to_string())
            .bind(checked.found)
            .bind(checked.repaired)
            .bind(checked.next_at);
        self.write_one(TEXT, sql).await
    }

    /// Has a room compared then instead; the lease ends.
    ///
    /// # Errors
    /// [`StoreError::RowsAffected`] when there is no such room; [`StoreError::Driver`].
    pub async fn put_check_off(&self, room: RoomId, until: Instant) -> Result<(), StoreError> {
        const TEXT: &str =
            "UPDATE room_sync SET check_due_at = $2, check_lease_until = 0 WHERE room_id = $1";
        let sql = Sql::new(TEXT).bind(room).bind(until);
        self.write_one(TEXT, sql).await
    }
}
