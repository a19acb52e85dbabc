//! The short cut for holding a slot: one trip to the database instead of five.
//!
//! The trips are most of what a hold costs: over a socket to PostgreSQL, to SQLite's own thread and
//! back. Whoever comes away with nothing goes the long way and learns why.
//!
//! SQLite has one writer at a time, so there the statements of the long way are sent as one text.
//!
//! On PostgreSQL it is one statement, which sees one snapshot. It cannot lock the room and then look at what others committed while it waited. Instead it takes
//! the room only if nobody stamped it since the snapshot: when PostgreSQL finds the row changed it
//! compares the new stamp with the one seen, and lets go.

use booking::reservation::{Origin, Reservation, ReservationState};

use super::hold::{NewReservation, with_values};
use super::swap_text;
use crate::pool::Durability;
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
             changed_at, swap, on_behalf_of) \
         SELECT $1, room_id, $3, $4, 'held', $5, $6, $7, $8, $9, $10, $11, $11, $17, $18 FROM taken \
         RETURNING id), \
     begun AS (INSERT INTO reservation_steps (reservation_id, step, at) \
         SELECT held.id, first.step, first.at FROM held, (VALUES ('requested', $11::bigint), \
             ('person_known', $19::bigint), ('room_free', $20::bigint)) AS first (step, at) \
         WHERE first.at IS NOT NULL), \
     noted AS (INSERT INTO audit (at, who_tenant, who_object, what, reservation_id, room_id, for_whom) \
         SELECT $11, $7, $8, 'placed', id, $2, $18 FROM held), \
     promised AS (INSERT INTO outbox (id, reservation_id, kind, payload, due_at) \
         SELECT $13, id, $14, $15, $16 FROM held WHERE $13 IS NOT NULL) \
     SELECT id FROM held"
);

/// Each statement writes only if the one before it did: `changes()` counts its rows.
const HOLD_SQLITE: &str = concat!(
    "BEGIN IMMEDIATE; \
     INSERT INTO reservations (id, room_id, starts_at, ends_at, state, draft_key, expires_at, \
         person_tenant, person_object, person_name, person_address, created_at, changed_at, swap, on_behalf_of) \
     SELECT $1, room_id, $3, $4, 'held', $5, $6, $7, $8, $9, $10, $11, $11, $17, $18 \
     FROM room_revisions WHERE room_id = $2 \
     AND NOT EXISTS (SELECT 1 FROM reservations WHERE ",
    in_the_way!(),
    ") RETURNING id; \
     UPDATE room_revisions SET revision = (SELECT MAX(revision) FROM room_revisions) + 1 \
     WHERE room_id = $2 AND changes() = 1; \
     INSERT INTO audit (at, who_tenant, who_object, what, reservation_id, room_id, for_whom) \
     SELECT $11, $7, $8, 'placed', $1, $2, $18 WHERE changes() = 1; \
     INSERT INTO reservation_steps (reservation_id, step, at) \
     SELECT $1, 'requested', $11 WHERE changes() = 1; \
     INSERT INTO outbox (id, reservation_id, kind, payload, due_at) \
     SELECT $13, $1, $14, $15, $16 WHERE changes() = 1 AND $13 IS NOT NULL; \
     INSERT OR IGNORE INTO reservation_steps (reservation_id, step, at) \
     SELECT $1, known.step, known.at FROM (SELECT 'person_known' AS step, $19 AS at \
         UNION ALL SELECT 'room_free', $20) AS known \
     WHERE known.at IS NOT NULL AND EXISTS (SELECT 1 FROM reservations WHERE id = $1 AND created_at = $11 \
         AND state = 'held'); \
     COMMIT"
);

impl Store {
    /// `None`: not held, for whatever reason; nothing was kept. Only for the portal's
    /// reservations: a draft's may have to leave another room.
    pub(super) async fn hold_at_once(
        &self,
        new: &NewReservation,
    ) -> Result<Option<Reservation>, StoreError> {
        if new.origin != Origin::Portal {
            return Ok(None);
        }
        let job = new.job.as_ref();
        let text = self.pool.by_dialect(HOLD_SQLITE, HOLD_POSTGRES);
        let sql = with_values(text, new)
            .bind(job.map(|job| job.id.0.to_string()))
            .bind(job.map(|job| job.kind.word().to_owned()))
            .bind(job.map(|job| job.payload.to_string()))
            .bind(job.map(|job| job.due_at))
            .bind(swap_text(new.swap.as_ref())?)
            .bind(new.on_behalf_of.as_ref())
            .bind(new.steps.person_known_at)
            .bind(new.steps.room_free_at);
        let rows = self.pool.write_at_once(Durability::Promise, sql).await?;
        Ok(rows.first().map(|_| as_written(new)))
    }
}

/// What the database keeps now. Handing all of it over to have it handed back would only cost time.
fn as_written(new: &NewReservation) -> Reservation {
    Reservation {
        id: new.id,
        room: new.room,
        range: new.range,
        state: ReservationState::Held,
        origin: new.origin,
        person: new.person.clone(),
        on_behalf_of: new.on_behalf_of.clone(),
        event: None,
        moving: None,
        swap: new.swap.clone(),
        note: None,
        created_at: new.created_at,
        changed_at: new.created_at,
    }
}
