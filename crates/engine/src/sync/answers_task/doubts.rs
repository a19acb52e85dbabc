//! Confirmed reservations that their room's calendar shows no more.
//!
//! A room that declines after all takes its copy away; so does whoever cancels the meeting, moves it out of sight or
//! invites another room. Only the organizer's copy says which it was. That a reservation is in doubt is kept nowhere:
//! each reading of its room finds it again.

use booking::provider::{ProviderError, RoomResponse};
use booking::reservation::{Reservation, ReservationState, StateNote};

use crate::{Engine, Error};

impl Engine {
    /// Those in doubt that still stand.
    pub(super) async fn doubted(&self) -> Result<Vec<Reservation>, Error> {
        let mut doubted = Vec::new();
        for id in self.asked.doubted() {
            match self.store.reservation(id).await? {
                Some(one) if one.state == ReservationState::Confirmed => doubted.push(one),
                _ => self.asked.believe(id),
            }
        }
        Ok(doubted)
    }

    /// Asks the organizer's copy what became of it.
    pub(super) async fn settle_doubted(&self, reservation: &Reservation) -> Result<(), Error> {
        let change = match self.organizers_copy(reservation).await {
            Ok(Some((_, copy))) => match (copy.response, copy.range) {
                // What the person has sent to others since is theirs to decide on: the event stays.
                (RoomResponse::Declined, _) => self
                    .to(ReservationState::Declined)
                    .with_note(StateNote::DeclinedByRoom),
                (_, Some(range)) if range != reservation.range => {
                    self.asked.believe(reservation.id);
                    return self.follow(reservation, range).await;
                }
                _ => self.gone(),
            },
            Ok(None) => self.gone(),
            Err(Error::Provider {
                source: ProviderError::Retry { .. },
                ..
            }) => {
                self.asked.unanswered(reservation, self.clock.now());
                return Ok(());
            }
            // Nobody may look any more, and the room is free.
            Err(Error::Provider { .. }) => self.gone(),
            Err(other) => return Err(other),
        };
        self.step(reservation, &change).await?;
        self.asked.believe(reservation.id);
        Ok(())
    }
}
