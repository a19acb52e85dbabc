//! PostgreSQL's short cut for holding a slot: one trip instead of five.
//!
//! The trips, not the disk, are what a hold costs there. One statement sees one snapshot, so it
//! cannot lock the room and then look at what others committed while it waited. Instead it takes
//! the room only if nobody stamped it since the snapshot: when PostgreSQL finds the row changed it
//! compares the new stamp with the one seen, and lets go. Whoever comes away with nothing, be it
//! for that or because something is in the way, goes the long way and learns why.
//!
//! SQLite has no writing statements within statements, and no trips either.

use booking::reservation::{Origin, Reservation};

use super::hold::{NewReservation, with_values};
use super::read;
use crate::pool::{Durability, Pool};
use crate::{Store, StoreError};

const HOLD_POSTGRES: &str = concat!(
    "WITH seen AS MATERIALIZED (SELECT revision FROM room_revisions WHERE room_id = $2), \
     taken AS (UPDATE room_revisions SET revision = pg_current_xact_id()::text::bigint FROM seen \
         WHERE room_id = $2 AND room_revisions.revision = seen.revision \
         AND NOT EXISTS (SELECT 1 FROM reservations WHERE ",
    in_the_way!(),
    ") RETURNING room_id), \
     held AS (INSERT INTO reservations (id, room_id, starts_at, ends_at, state, draft_key, \
             expires_at, person_tenant, person_object, person_name, person_address, created_at, \
             changed_at) \
         SELECT $1, room_id, $3, $4, 'held', $5, $6, $7, $8, $9, $10, $11, $11 FROM taken \
         RETURNING ",
    columns!(),
    "), \
     promised AS (INSERT INTO outbox (id, reservation_id, kind, payload, due_at) \
         SELECT $13, id, $14, $15, $16 FROM held WHERE $13 IS NOT NULL) \
     SELECT ",
    columns!(),
    " FROM held"
);

impl Store {
    /// `None`: not held, for whatever reason; nothing was kept. Only for the portal's
    /// reservations: a draft's may have to leave another room.
    pub(super) async fn hold_at_once(
        &self,
        new: &NewReservation,
    ) -> Result<Option<Reservation>, StoreError> {
        if !matches!(
            (&self.pool, new.origin),
            (Pool::Postgres(_), Origin::Portal)
        ) {
            return Ok(None);
        }
        let job = new.job.as_ref();
        let sql = with_values(HOLD_POSTGRES, new)
            .bind(job.map(|job| job.id.0.to_string()))
            .bind(job.map(|job| job.kind.word().to_owned()))
            .bind(job.map(|job| job.payload.to_string()))
            .bind(job.map(|job| job.due_at));
        let rows = self.pool.write_returning(Durability::Promise, sql).await?;
        rows.first().map(read).transpose()
    }
}
