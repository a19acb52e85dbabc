//! Giving a reservation another time or room: one row all the way, so that one promise never becomes two.

use booking::ids::{DraftKey, RoomId};
use booking::reservation::{Moving, MovingStep, Reservation, StateNote, Swap};
use booking::time::{Instant, TimeRange};

use super::hold::{Conflict, conflict};
use super::{moving_text, note_text, read, swap_text};
use crate::audit::{self, Deed};
use crate::outbox::NewJob;
use crate::pool::{Durability, Tx};
use crate::sql::Sql;
use crate::{Store, StoreError};

/// Where a reservation shall go.
#[derive(Clone, PartialEq, Debug)]
pub struct Move {
    /// The room.
    pub room: RoomId,
    /// When.
    pub range: TimeRange,
    /// Now.
    pub now: Instant,
    /// When the calendar was asked whether the room is free: what we confirmed since then it may not have shown yet.
    pub asked_at: Instant,
    /// What the calendar system shall be told.
    pub job: NewJob,
    /// Why. A swap may follow upon another that its room has declined; whoever asks for a change has to wait.
    pub why: MoveWhy,
}

/// Why a reservation shall go somewhere else.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum MoveWhy {
    /// Its person wants it to.
    Asked,
    /// Its room said no, and this is what its person wanted for that; with what has been tried, and what they are told.
    Swap(Swap, StateNote),
}

/// What became of an attempt to move a reservation.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum MoveOutcome {
    /// It is promised there, and Submitted until the room has answered.
    Moved(Box<Reservation>),
    /// Something of ours is in the way; nothing was changed.
    Refused(Conflict),
    /// It is not what it was known as any more; nothing was changed.
    Meanwhile,
}

/// Where a reservation that is being moved stands from now on.
#[derive(Clone, PartialEq, Debug)]
pub struct Placed {
    /// The room.
    pub room: RoomId,
    /// When.
    pub range: TimeRange,
    /// What the calendar has not answered yet. `None`: nothing is being changed any more.
    pub moving: Option<Moving>,
    /// What there is to say.
    pub note: Option<StateNote>,
    /// Now.
    pub at: Instant,
    /// A job this promises.
    pub job: Option<NewJob>,
}

/// The parameters that [`in_the_way`] reads are where it wants them.
macro_rules! in_the_way_of_another {
    () => {
        concat!("id <> $1 AND ", in_the_way!())
    };
}

const PROMISE: &str = concat!(
    "UPDATE reservations SET room_id = $2, starts_at = $3, ends_at = $4, state = 'submitted', \
        moving = $6, note = $14, swap = $15, changed_at = $11 \
     WHERE id = $1 AND room_id = $7 AND starts_at = $8 AND ends_at = $9 AND state = $10 \
     AND (state <> 'submitted' OR moving IS NOT DISTINCT FROM $13) AND event_id IS NOT NULL \
     AND NOT EXISTS (SELECT 1 FROM reservations WHERE ",
    in_the_way_of_another!(),
    ") RETURNING ",
    columns!()
);

const CONFLICT: &str = concat!(
    "SELECT id, state, starts_at, ends_at, person_tenant, person_object FROM reservations WHERE ",
    in_the_way_of_another!(),
    " ORDER BY starts_at, id LIMIT 1"
);

impl Store {
    /// Promises the reservation another time or room, unless a reservation of ours that the calendar may not show yet is in
    /// the way there, as for [`Store::hold_slot`]; its own old place is not. The job is kept in the same transaction.
    ///
    /// # Errors
    /// [`StoreError::RowsAffected`] when there is no such room; [`StoreError::Driver`].
    pub async fn move_promised(
        &self,
        known: &Reservation,
        to: &Move,
    ) -> Result<MoveOutcome, StoreError> {
        let (swap, note) = match &to.why {
            MoveWhy::Asked if known.moving.is_some() => return Ok(MoveOutcome::Meanwhile),
            // From here on another room would take the place of this one.
            MoveWhy::Asked => (known.swap.as_ref().map(Swap::afresh), None),
            MoveWhy::Swap(swap, note) => (Some(swap.clone()), Some(note)),
        };
        if !known.state.may_be_moved() {
            return Ok(MoveOutcome::Meanwhile);
        }
        let mut tx = self.pool.begin(Durability::Promise).await?;
        self.stamp_both(&mut tx, known.room, to.room).await?;
        let from = Moving {
            room: known.room,
            range: known.range,
            step: MovingStep::Promised,
        };
        let promise = guarded(PROMISE, known, to)
            .bind(moving_text(Some(&from))?)
            .bind(known.room)
            .bind(known.range.start())
            .bind(known.range.end())
            .bind(known.state.word())
            .bind(to.now)
            .bind(to.asked_at)
            .bind(moving_text(known.moving.as_ref())?)
            .bind(note_text(note)?)
            .bind(swap_text(swap.as_ref())?);
        let Some(row) = tx.fetch_optional(promise).await? else {
            // What the text does not use has a type all the same.
            let unused = || None::<String>;
            let look = guarded(CONFLICT, known, to)
                .bind(unused())
                .bind(unused())
                .bind(unused())
                .bind(unused())
                .bind(unused())
                .bind(to.now)
                .bind(to.asked_at);
            let row = tx.fetch_optional(look).await?;
            return row.map_or(Ok(MoveOutcome::Meanwhile), |row| {
                conflict(&row, known.person.id).map(MoveOutcome::Refused)
            });
        };
        let moved = read(&row)?;
        self.put_job(&mut tx, known.id, &to.job).await?;
        let (deed, who) = match &to.why {
            MoveWhy::Asked => (Deed::Changed, Some(known.person.id)),
            MoveWhy::Swap(..) => (Deed::Swapped, None),
        };
        audit::put(&mut tx, &moved, deed, who, to.now).await?;
        tx.commit().await?;
        self.nudge.committed();
        Ok(MoveOutcome::Moved(Box::new(moved)))
    }

    /// Notes how far a reservation that is being moved is, or that it is not any more. Gives it as it is now; `None`: it is
    /// not what it was known as any more, and nothing was changed.
    ///
    /// # Errors
    /// [`StoreError::Json`], [`StoreError::RowsAffected`] when there is no such room, [`StoreError::Driver`].
    pub async fn place_moving(
        &self,
        known: &Reservation,
        placed: &Placed,
    ) -> Result<Option<Reservation>, StoreError> {
        const TEXT: &str = concat!(
            "UPDATE reservations SET room_id = $2, starts_at = $3, ends_at = $4, moving = $5, note = $6, changed_at = $7 \
             WHERE id = $1 AND room_id = $8 AND state = 'submitted' AND moving IS NOT DISTINCT FROM $9 RETURNING ",
            columns!()
        );
        let mut tx = self.pool.begin(Durability::Promise).await?;
        self.stamp_both(&mut tx, known.room, placed.room).await?;
        let sql = Sql::new(TEXT)
            .bind(known.id)
            .bind(placed.room)
            .bind(placed.range.start())
            .bind(placed.range.end())
            .bind(moving_text(placed.moving.as_ref())?)
            .bind(note_text(placed.note.as_ref())?)
            .bind(placed.at)
            .bind(known.room)
            .bind(moving_text(known.moving.as_ref())?);
        let Some(row) = tx.fetch_optional(sql).await? else {
            return Ok(None);
        };
        let moved = read(&row)?;
        if let Some(job) = &placed.job {
            self.put_job(&mut tx, known.id, job).await?;
        }
        tx.commit().await?;
        self.nudge.committed();
        Ok(Some(moved))
    }

    /// In order, so that two that change places do not wait for each other for ever.
    async fn stamp_both(&self, tx: &mut Tx, one: RoomId, other: RoomId) -> Result<(), StoreError> {
        self.stamp(tx, one.min(other)).await?;
        if one != other {
            self.stamp(tx, one.max(other)).await?;
        }
        Ok(())
    }
}

/// The parameters up to `$5`, as the guard wants them: no draft is meant.
fn guarded(text: &'static str, known: &Reservation, to: &Move) -> Sql {
    Sql::new(text)
        .bind(known.id)
        .bind(to.room)
        .bind(to.range.start())
        .bind(to.range.end())
        .bind(None::<DraftKey>)
}
