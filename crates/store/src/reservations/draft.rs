//! The courtesy holds of drafts in Outlook: kept alive by the open pane, or lapsing.

use booking::ids::{DraftKey, RoomId};
use booking::person::PersonId;
use booking::reservation::{Reservation, ReservationState, StateNote};
use booking::time::{Instant, TimeRange};

use super::transition::StateChange;
use super::{note_text, read};
use crate::pool::Durability;
use crate::sql::Sql;
use crate::{Store, StoreError};

/// Most holds that one call of [`Store::expire_holds`] lets lapse.
const EXPIRED_MAX: u32 = 500;

impl Store {
    /// The hold of a draft. `None`: it has none.
    ///
    /// # Errors
    /// [`StoreError::Driver`], [`StoreError::Inconsistent`].
    pub async fn draft_hold(&self, key: DraftKey) -> Result<Option<Reservation>, StoreError> {
        const TEXT: &str = concat!(
            "SELECT ",
            columns!(),
            " FROM reservations WHERE draft_key = $1 AND state = 'held'"
        );
        self.one(Sql::new(TEXT).bind(key)).await
    }

    /// Since when the draft has held this room for this time, holds that lapsed included. `None`: it
    /// never did, or gave it up.
    ///
    /// # Errors
    /// [`StoreError::Driver`].
    pub async fn draft_held_since(
        &self,
        key: DraftKey,
        person: PersonId,
        room: RoomId,
        range: TimeRange,
    ) -> Result<Option<Instant>, StoreError> {
        // Person and end come first for the index `reservations_person`.
        const TEXT: &str = "SELECT MIN(created_at) AS since FROM reservations \
            WHERE person_tenant = $1 AND person_object = $2 AND ends_at = $3 AND starts_at = $4 \
            AND room_id = $5 AND draft_key = $6 AND state IN ('held', 'expired')";
        let sql = Sql::new(TEXT)
            .bind(person.tenant)
            .bind(person.object)
            .bind(range.end())
            .bind(range.start())
            .bind(room)
            .bind(key);
        match self.pool.fetch_optional(sql).await? {
            Some(row) => row.of("reservations", "id").instant_optional("since"),
            None => Ok(None),
        }
    }

    /// Gives up the hold of a draft: it becomes Cancelled. `None`: the draft had none.
    ///
    /// # Errors
    /// [`StoreError::Driver`].
    pub async fn release_draft(
        &self,
        key: DraftKey,
        now: Instant,
    ) -> Result<Option<Reservation>, StoreError> {
        let Some(hold) = self.draft_hold(key).await? else {
            return Ok(None);
        };
        let change = StateChange::new(ReservationState::Cancelled, now);
        settled(self.transition(hold.id, &change).await)
    }

    /// Prolongs the hold of a draft. `false`: it has none, or it lapsed already and the slot may
    /// be somebody else's by now; hold it anew.
    ///
    /// # Errors
    /// [`StoreError::Driver`].
    pub async fn keep_alive(
        &self,
        key: DraftKey,
        now: Instant,
        expires_at: Instant,
    ) -> Result<bool, StoreError> {
        const TEXT: &str = "UPDATE reservations SET expires_at = $3 \
            WHERE draft_key = $1 AND state = 'held' AND expires_at > $2";
        let Some(hold) = self.draft_hold(key).await? else {
            return Ok(false);
        };
        let mut tx = self.pool.begin(Durability::Promise).await?;
        // Who looks at the room must see that the hold goes on.
        self.stamp(&mut tx, hold.room).await?;
        let sql = Sql::new(TEXT).bind(key).bind(now).bind(expires_at);
        let kept = tx.execute(sql).await? == 1;
        tx.commit().await?;
        self.nudge.committed();
        Ok(kept)
    }

    /// Lets the draft holds lapse whose time has come, and gives them; a bounded number per call.
    ///
    /// # Errors
    /// [`StoreError::Driver`].
    pub async fn expire_holds(&self, now: Instant) -> Result<Vec<Reservation>, StoreError> {
        const TEXT: &str = concat!(
            "SELECT ",
            columns!(),
            " FROM reservations WHERE state IN ('held', 'submitted') \
            AND state = 'held' AND expires_at <= $1 ORDER BY expires_at, id LIMIT $2"
        );
        let lapsed = self
            .many(Sql::new(TEXT).bind(now).bind(EXPIRED_MAX))
            .await?;
        let mut expired = Vec::with_capacity(lapsed.len());
        // One transaction each: a transaction over many rooms could meet another in a deadlock.
        for hold in lapsed {
            expired.extend(self.expire(&hold, now).await?);
        }
        Ok(expired)
    }

    /// `None`: since it was found it was kept alive, moved, or became something else.
    async fn expire(
        &self,
        hold: &Reservation,
        now: Instant,
    ) -> Result<Option<Reservation>, StoreError> {
        const TEXT: &str = concat!(
            "UPDATE reservations SET state = $3, changed_at = $4, note = $5 WHERE id = $1 \
            AND room_id = $2 AND state = 'held' AND expires_at <= $4 RETURNING ",
            columns!()
        );
        let mut tx = self.pool.begin(Durability::Promise).await?;
        self.stamp(&mut tx, hold.room).await?;
        let sql = Sql::new(TEXT)
            .bind(hold.id)
            .bind(hold.room)
            .bind(ReservationState::Expired.word())
            .bind(now)
            .bind(note_text(Some(&StateNote::HoldLapsed))?);
        let Some(row) = tx.fetch_optional(sql).await? else {
            return Ok(None);
        };
        let expired = read(&row)?;
        tx.commit().await?;
        self.nudge.committed();
        Ok(Some(expired))
    }
}

/// A hold that became something else in the meantime is no longer ours to end.
fn settled(outcome: Result<Reservation, StoreError>) -> Result<Option<Reservation>, StoreError> {
    match outcome {
        Ok(reservation) => Ok(Some(reservation)),
        Err(StoreError::Transition { .. }) => Ok(None),
        Err(error) => Err(error),
    }
}
