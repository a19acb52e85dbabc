//! What time and calendars do to reservations that stand.

use booking::reservation::Reservation;
use booking::time::{Instant, TimeRange};

use super::{moving_text, read};
use crate::pool::Durability;
use crate::sql::Sql;
use crate::{Store, StoreError};

/// Most reservations that one look for ended ones gives.
const OVER_MAX: u32 = 500;

impl Store {
    /// Reservations that stood to the end of their time, which was between `from` and `now`, by end; a
    /// bounded number.
    ///
    /// # Errors
    /// [`StoreError::Driver`], [`StoreError::Inconsistent`].
    pub async fn over_reservations(
        &self,
        from: Instant,
        now: Instant,
    ) -> Result<Vec<Reservation>, StoreError> {
        const TEXT: &str = concat!(
            "SELECT ",
            columns!(),
            " FROM reservations WHERE state IN ('submitted', 'confirmed', 'checked_in') \
            AND ends_at > $1 AND ends_at <= $2 ORDER BY ends_at, id LIMIT $3"
        );
        let sql = Sql::new(TEXT).bind(from).bind(now).bind(OVER_MAX);
        let rows = self.pool.fetch_all(sql).await?;
        rows.iter().map(read).collect()
    }

    /// Follows an event that was moved in the calendar; what was being changed here is settled by that. Gives the reservation
    /// as it is now; `None`: it is not there or no longer open, or what is being changed of it is not what `known` says.
    ///
    /// # Errors
    /// [`StoreError::Driver`], [`StoreError::Inconsistent`].
    pub async fn move_reservation(
        &self,
        known: &Reservation,
        range: TimeRange,
        now: Instant,
    ) -> Result<Option<Reservation>, StoreError> {
        const TEXT: &str = concat!(
            "UPDATE reservations SET starts_at = $2, ends_at = $3, changed_at = $4, moving = NULL \
            WHERE id = $1 AND (state <> 'submitted' OR moving IS NOT DISTINCT FROM $5) \
            AND state IN ('held', 'submitted', 'confirmed', 'checked_in') RETURNING ",
            columns!()
        );
        let mut tx = self.pool.begin(Durability::Promise).await?;
        self.stamp(&mut tx, known.room).await?;
        let sql = Sql::new(TEXT)
            .bind(known.id)
            .bind(range.start())
            .bind(range.end())
            .bind(now)
            .bind(moving_text(known.moving.as_ref())?);
        let row = tx.fetch_optional(sql).await?;
        tx.commit().await?;
        self.nudge.committed();
        row.as_ref().map(read).transpose()
    }
}
