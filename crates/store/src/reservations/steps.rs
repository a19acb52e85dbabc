//! The steps of a reservation, each written in the transaction of the fact it tells of.

use booking::ids::ReservationId;
use booking::reservation::{ReservationState, Step};
use booking::time::Instant;

use crate::pool::Tx;
use crate::sql::Sql;
use crate::{Store, StoreError};

/// What was known of a reservation when it was asked for.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct FirstSteps {
    /// When the tenant was known to let us act for the person. `None`: it was not known then.
    pub person_known_at: Option<Instant>,
    /// When the calendar system said that the room is free. `None`: it did not say.
    pub room_free_at: Option<Instant>,
}

impl Store {
    /// The steps that a reservation has taken, in their order, and when. Holds for drafts take none.
    ///
    /// # Errors
    /// [`StoreError::Driver`], [`StoreError::Inconsistent`].
    pub async fn steps_of(&self, id: ReservationId) -> Result<Vec<(Step, Instant)>, StoreError> {
        const TEXT: &str = "SELECT reservation_id AS id, step, at FROM reservation_steps WHERE reservation_id = $1";
        let rows = self.pool.fetch_all(Sql::new(TEXT).bind(id)).await?;
        let mut steps = Vec::with_capacity(rows.len());
        for row in &rows {
            let fields = row.of("reservation_steps", "id");
            let word: String = fields.get("step")?;
            // A step that only a newer version takes is none of ours.
            if let Some(step) = Step::from_word(&word) {
                steps.push((step, fields.instant("at")?));
            }
        }
        steps.sort();
        Ok(steps)
    }
}

/// Notes what is known of a reservation that has just been written down.
pub(super) async fn put_first(
    tx: &mut Tx,
    id: ReservationId,
    requested_at: Instant,
    known: FirstSteps,
) -> Result<(), StoreError> {
    const TEXT: &str = "INSERT INTO reservation_steps (reservation_id, step, at) \
        SELECT $1, first.step, first.at FROM (SELECT 'requested' AS step, $2 AS at \
            UNION ALL SELECT 'person_known', $3 UNION ALL SELECT 'room_free', $4) AS first \
        WHERE first.at IS NOT NULL";
    let sql = Sql::new(TEXT)
        .bind(id)
        .bind(requested_at)
        .bind(known.person_known_at)
        .bind(known.room_free_at);
    tx.execute(sql).await?;
    Ok(())
}

/// Notes what a change of state tells of the steps. Where the event stands, the person was known; where the room has
/// accepted, the event stands.
pub(super) async fn put_later(
    tx: &mut Tx,
    id: ReservationId,
    to: ReservationState,
    at: Instant,
) -> Result<(), StoreError> {
    const TEXT: &str = "INSERT INTO reservation_steps (reservation_id, step, at) \
        SELECT $1, later.step, $2 FROM (SELECT 'person_known' AS step \
            UNION ALL SELECT 'in_person_calendar' UNION ALL SELECT 'in_room_calendar' WHERE $3) AS later \
        WHERE EXISTS (SELECT 1 FROM reservation_steps AS first WHERE first.reservation_id = $1) \
        ON CONFLICT (reservation_id, step) DO NOTHING";
    let has_room = match to {
        ReservationState::Submitted => false,
        ReservationState::Confirmed => true,
        _ => return Ok(()),
    };
    let sql = Sql::new(TEXT).bind(id).bind(at).bind(has_room);
    tx.execute(sql).await?;
    Ok(())
}
