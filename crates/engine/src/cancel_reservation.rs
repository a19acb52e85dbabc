//! Taking a reservation back.

use booking::BookingError;
use booking::ids::ReservationId;
use booking::person::Person;
use booking::reservation::{Cancelling, Origin, Reservation, ReservationState, StateNote, WhyNot};
use store::StoreError;
use store::outbox::JobKind;

use crate::place_reservation::can_cancel;
use crate::{Engine, Error};

impl Engine {
    /// Cancels a reservation of the person's own. One whose cancellation failed is cancelled once more.
    ///
    /// # Errors
    /// [`BookingError::NotFound`], [`BookingError::NotYours`], or [`BookingError::Transition`]
    /// when it is over already, or a draft only holds the room.
    pub async fn cancel_reservation(
        &self,
        person: &Person,
        id: ReservationId,
        what: Cancelling,
    ) -> Result<Reservation, Error> {
        let reservation = self.my_reservation(person, id).await?;
        let can_cancel = can_cancel(&reservation, self.clock.now());
        if reservation.state == ReservationState::Cancelled {
            return if can_cancel {
                self.cancel_again(reservation, what).await
            } else {
                Ok(reservation)
            };
        }
        if !can_cancel {
            return Err(BookingError::Transition {
                from: reservation.state,
                to: ReservationState::Cancelled,
            }
            .into());
        }
        // Exchange may know an event even if we have not heard its id yet: the job looks for it.
        let job = self.job(job_for(&reservation, what), serde_json::Value::Null);
        let cancelled = self.to(ReservationState::Cancelled).by(person.id);
        let mut change = cancelled.with_job(job);
        if what == Cancelling::RoomOnly {
            // While it goes from one room to another the event may invite either.
            // And before a date of a series is written, the room alone cannot be taken out of it.
            if reservation.moving.is_some() || self.is_unwritten_date(&reservation).await? {
                return Err(BookingError::CannotChange(WhyNot::OnItsWay).into());
            }
            change = change.decided_on(&reservation);
        }
        let cancelled = match self.advance(id, &change).await {
            // Its room declined, or another window cancelled it, between our reading and writing.
            Err(Error::Store(StoreError::Transition { from, to, .. })) => {
                return match self.store.reservation(id).await? {
                    Some(now) if now.state == ReservationState::Cancelled => Ok(now),
                    _ => Err(BookingError::Transition { from, to }.into()),
                };
            }
            other => other?,
        };
        // What writes the event may wait for a permission: it learns of this at once.
        self.store.hasten_jobs(person.id, self.clock.now()).await?;
        self.nudges.outbox.notify_one();
        Ok(cancelled)
    }

    async fn is_unwritten_date(&self, reservation: &Reservation) -> Result<bool, Error> {
        let is_written = reservation.event.is_some();
        Ok(!is_written && self.store.series_with(reservation.id).await?.is_some())
    }

    async fn cancel_again(
        &self,
        reservation: Reservation,
        what: Cancelling,
    ) -> Result<Reservation, Error> {
        let Some(StateNote::CancellationFailed { fault, .. }) = reservation.note else {
            return Ok(reservation);
        };
        let note = StateNote::CancellationWaiting { fault };
        let job = self.job(job_for(&reservation, what), serde_json::Value::Null);
        let now = self.clock.now();
        let promised = self
            .store
            .promise_again(&reservation, &note, now, &job)
            .await?;
        if !promised {
            // Somebody else was quicker: what is kept now is all that can be told.
            let kept = self.store.reservation(reservation.id).await?;
            return Ok(kept.unwrap_or(reservation));
        }
        self.nudges.outbox.notify_one();
        Ok(Reservation {
            note: Some(note),
            changed_at: now,
            ..reservation
        })
    }
}

/// What the calendar system is told. Before our event stands there is no meeting that could stay without its room.
fn job_for(reservation: &Reservation, what: Cancelling) -> JobKind {
    let stands = reservation.event.is_some() || reservation.origin != Origin::Portal;
    match what {
        Cancelling::RoomOnly if stands => JobKind::ReleaseRoom,
        Cancelling::RoomOnly | Cancelling::Whole => JobKind::CancelEvent,
    }
}
