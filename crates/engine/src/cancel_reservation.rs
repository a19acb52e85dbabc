//! Taking a reservation back.

use booking::BookingError;
use booking::ids::ReservationId;
use booking::person::Person;
use booking::reservation::{Origin, Reservation, ReservationState};
use store::StoreError;
use store::outbox::JobKind;

use crate::place_reservation::can_cancel;
use crate::{Engine, Error};

impl Engine {
    /// Cancels a reservation of the person's own; the event goes from both calendars.
    ///
    /// # Errors
    /// [`BookingError::NotFound`], [`BookingError::NotYours`], or [`BookingError::Transition`]
    /// when it is over already.
    pub async fn cancel_reservation(
        &self,
        person: &Person,
        id: ReservationId,
    ) -> Result<Reservation, Error> {
        let reservation = self
            .store
            .reservation(id)
            .await?
            .ok_or(BookingError::NotFound {
                what: "reservation",
            })?;
        if reservation.person.id != person.id {
            return Err(BookingError::NotYours.into());
        }
        if reservation.state == ReservationState::Cancelled {
            return Ok(reservation);
        }
        if !can_cancel(&reservation, self.clock.now()) {
            return Err(BookingError::Transition {
                from: reservation.state,
                to: ReservationState::Cancelled,
            }
            .into());
        }
        // A draft that was never sent has no event; for anything else Exchange may know one even
        // if we have not heard its id yet, and the job looks for it.
        let only_held = matches!(reservation.origin, Origin::Draft { .. })
            && reservation.state == ReservationState::Held;
        let mut change = self.to(ReservationState::Cancelled);
        if !only_held {
            change = change.with_job(self.job(JobKind::CancelEvent, serde_json::Value::Null));
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
        self.nudges.outbox.notify_one();
        Ok(cancelled)
    }
}
