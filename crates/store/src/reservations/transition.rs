//! Changes of state, as the transition table allows them and no other.

use booking::event::EventRef;
use booking::ids::{ReservationId, RoomId};
use booking::person::PersonId;
use booking::reservation::{Moving, Reservation, ReservationState, StateNote};
use booking::time::Instant;

use super::steps::put_later;
use super::{BY_ID, moving_text, note_text, read};
use crate::audit::{self, Deed};
use crate::outbox::{self, JobId, NewJob};
use crate::pool::{Durability, Tx};
use crate::sql::Sql;
use crate::{Store, StoreError};

/// How often a change is tried anew when somebody else's came between reading and writing.
const ATTEMPTS_MAX: u32 = 8;

/// The guard on room, state and what is being changed makes it a compare-and-set: of two processes one wins.
const CHANGE: &str = concat!(
    "UPDATE reservations SET state = $4, changed_at = $5, note = $6, \
        event_mailbox = COALESCE(event_mailbox, $7), event_id = COALESCE(event_id, $8), \
        event_ical_uid = COALESCE(event_ical_uid, $9), \
        moving = CASE WHEN state = $4 THEN moving ELSE NULL END \
    WHERE id = $1 AND room_id = $2 AND state = $3 \
    AND (state <> 'submitted' OR moving IS NOT DISTINCT FROM $10) RETURNING ",
    columns!()
);

/// A change of state, and what is kept or done with in the same transaction.
#[derive(Clone, PartialEq, Debug)]
pub struct StateChange {
    /// The new state.
    pub to: ReservationState,
    /// Now.
    pub at: Instant,
    /// The event, now that one stands. `None`: as before. One that is noted already stays.
    pub event: Option<EventRef>,
    /// Why, for states that end a reservation.
    pub note: Option<StateNote>,
    /// What this change promises. Not kept when the reservation is in the new state already.
    pub jobs: Vec<NewJob>,
    /// What the reservation was when this was decided: its room, and what was being changed. Otherwise it is no more than
    /// somebody else was faster. `None`: this holds whatever has been changed.
    pub decided_on: Option<(RoomId, Option<Moving>)>,
    /// The job that is tried no more after this change, and what went wrong; it stays for a person
    /// to see.
    pub gives_up: Option<(JobId, &'static str)>,
    /// Who wants it, for the audit. `None`: Etage by itself, by what the calendar says.
    pub by: Option<PersonId>,
}

impl StateChange {
    /// A plain change.
    pub const fn new(to: ReservationState, at: Instant) -> Self {
        Self {
            to,
            at,
            event: None,
            note: None,
            jobs: Vec::new(),
            decided_on: None,
            gives_up: None,
            by: None,
        }
    }

    /// Because this person wants it.
    #[must_use]
    pub const fn by(mut self, person: PersonId) -> Self {
        self.by = Some(person);
        self
    }

    /// With the event that stands now.
    #[must_use]
    pub fn with_event(mut self, event: EventRef) -> Self {
        self.event = Some(event);
        self
    }

    /// With the reason.
    #[must_use]
    pub fn with_note(mut self, note: StateNote) -> Self {
        self.note = Some(note);
        self
    }

    /// With one more job, kept in the same transaction.
    #[must_use]
    pub fn with_job(mut self, job: NewJob) -> Self {
        self.jobs.push(job);
        self
    }

    /// Only while the reservation is in this room, and the same is being changed of it.
    #[must_use]
    pub const fn decided_on(mut self, known: &Reservation) -> Self {
        self.decided_on = Some((known.room, known.moving));
        self
    }

    /// With the job that is thereby given up. `error` is what went wrong, without addresses or
    /// tokens.
    #[must_use]
    pub const fn giving_up(mut self, job: JobId, error: &'static str) -> Self {
        self.gives_up = Some((job, error));
        self
    }
}

impl Store {
    /// Changes the state and gives the reservation as it is now. In that state already: nothing is
    /// changed, save that a missing event is noted.
    ///
    /// # Errors
    /// [`StoreError::Transition`] for a change the table does not know, or that was decided on something else;
    /// [`StoreError::RowsAffected`] when there is no such reservation; [`StoreError::Contended`];
    /// [`StoreError::Driver`].
    pub async fn transition(
        &self,
        id: ReservationId,
        change: &StateChange,
    ) -> Result<Reservation, StoreError> {
        for _ in 0..ATTEMPTS_MAX {
            if let Some(reservation) = self.try_transition(id, change).await? {
                return Ok(reservation);
            }
        }
        Err(StoreError::Contended { id })
    }

    /// `None`: somebody else changed it between our reading and our locking of the room.
    async fn try_transition(
        &self,
        id: ReservationId,
        change: &StateChange,
    ) -> Result<Option<Reservation>, StoreError> {
        let mut tx = self.pool.begin(Durability::Promise).await?;
        let found = tx.fetch_optional(Sql::new(BY_ID).bind(id)).await?;
        let before = found
            .as_ref()
            .map(read)
            .transpose()?
            .ok_or(StoreError::RowsAffected {
                statement: BY_ID,
                expected: 1,
                actual: 0,
            })?;
        let same = before.state == change.to;
        let is_decided = change
            .decided_on
            .is_none_or(|(room, moving)| (room, moving) == (before.room, before.moving));
        if !is_decided || (!same && !before.state.may_become(change.to)) {
            return Err(StoreError::Transition {
                id,
                from: before.state,
                to: change.to,
            });
        }
        let quiet = same && (before.event.is_some() || change.event.is_none());
        let after = if quiet {
            before
        } else {
            self.stamp(&mut tx, before.room).await?;
            let Some(after) = write(&mut tx, &before, change).await? else {
                return Ok(None);
            };
            after
        };
        if !same {
            put_later(&mut tx, id, change.to, change.at).await?;
            let deed = match change.to {
                ReservationState::Cancelled => Some(Deed::Cancelled),
                ReservationState::Declined => Some(Deed::Declined),
                _ => None,
            };
            if let Some(deed) = deed {
                audit::put(&mut tx, &after, deed, change.by, change.at).await?;
            }
        }
        for job in change.jobs.iter().filter(|_| !same) {
            self.put_job(&mut tx, id, job).await?;
        }
        if let Some((job, error)) = change.gives_up {
            tx.execute(outbox::give_up(job, change.at, error)).await?;
        }
        tx.commit().await?;
        if !quiet {
            self.nudge.committed();
        }
        Ok(Some(after))
    }
}

async fn write(
    tx: &mut Tx,
    before: &Reservation,
    change: &StateChange,
) -> Result<Option<Reservation>, StoreError> {
    let same = before.state == change.to;
    let (changed_at, note) = if same {
        (before.changed_at, before.note.as_ref())
    } else {
        (change.at, change.note.as_ref())
    };
    let event = change.event.as_ref();
    let sql = Sql::new(CHANGE)
        .bind(before.id)
        .bind(before.room)
        .bind(before.state.word())
        .bind(change.to.word())
        .bind(changed_at)
        .bind(note_text(note)?)
        .bind(event.map(|event| event.mailbox.to_string()))
        .bind(event.map(|event| event.event_id.clone()))
        .bind(event.map(|event| event.ical_uid.clone()))
        .bind(moving_text(before.moving.as_ref())?);
    let row = tx.fetch_optional(sql).await?;
    row.as_ref().map(read).transpose()
}
