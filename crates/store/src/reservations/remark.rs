//! What is noted of a reservation while its state stays: how its promise to the calendar is getting on.

use booking::reservation::{Reservation, StateNote};
use booking::time::Instant;

use super::note_text;
use crate::outbox::NewJob;
use crate::pool::{Durability, Tx};
use crate::sql::Sql;
use crate::{Store, StoreError};

impl Store {
    /// Notes this in the place of what was noted before. `false`: the reservation is in another state
    /// than `known` by now, and nothing was kept.
    ///
    /// # Errors
    /// [`StoreError::Json`], [`StoreError::RowsAffected`] when there is no such room,
    /// [`StoreError::Driver`].
    pub async fn remark(
        &self,
        known: &Reservation,
        note: Option<&StateNote>,
    ) -> Result<bool, StoreError> {
        let mut tx = self.pool.begin(Durability::Promise).await?;
        // Its owner's open list reads itself again when the room moves.
        self.stamp(&mut tx, known.room).await?;
        let kept = write(&mut tx, known, note, None).await?;
        tx.commit().await?;
        self.nudge.committed();
        Ok(kept)
    }

    /// Promises once more what the calendar system did not do: notes it, as of now, with the job.
    /// `false`: the reservation is in another state than `known` by now, and nothing was kept.
    ///
    /// # Errors
    /// As [`Store::remark`].
    pub async fn promise_again(
        &self,
        known: &Reservation,
        note: &StateNote,
        now: Instant,
        job: &NewJob,
    ) -> Result<bool, StoreError> {
        let mut tx = self.pool.begin(Durability::Promise).await?;
        self.stamp(&mut tx, known.room).await?;
        if !write(&mut tx, known, Some(note), Some(now)).await? {
            return Ok(false);
        }
        self.put_job(&mut tx, known.id, job).await?;
        tx.commit().await?;
        self.nudge.committed();
        Ok(true)
    }
}

async fn write(
    tx: &mut Tx,
    known: &Reservation,
    note: Option<&StateNote>,
    changed_at: Option<Instant>,
) -> Result<bool, StoreError> {
    const TEXT: &str = "UPDATE reservations SET note = $4, changed_at = COALESCE($5, changed_at) \
        WHERE id = $1 AND room_id = $2 AND state = $3";
    let sql = Sql::new(TEXT)
        .bind(known.id)
        .bind(known.room)
        .bind(known.state.word())
        .bind(note_text(note)?)
        .bind(changed_at);
    Ok(tx.execute(sql).await? == 1)
}
