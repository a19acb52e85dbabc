//! Confirmed reservations that their room's calendar shows no more.
//!
//! A room that declines after all takes its copy away; so does whoever cancels the meeting, moves it out of sight or
//! invites another room. Only the organizer's copy says which it was. That a reservation is in doubt is kept nowhere:
//! each reading of its room finds it again.

use std::sync::Arc;

use booking::provider::{ProviderError, RoomResponse};
use booking::reservation::{Reservation, ReservationState};
use booking::time::Instant;
use store::reservations::StateChange;

use super::APPEARS_WITHIN_MS;
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
    pub(super) async fn settle_doubted(
        self: &Arc<Self>,
        reservation: &Reservation,
    ) -> Result<(), Error> {
        let copy = self.organizers_copy(reservation).await;
        let given_back = self.was_made_to_decline(reservation).await?;
        let is_news = |(_, since): &(StateChange, Instant)| {
            self.clock.now().since_ms(*since) < APPEARS_WITHIN_MS
        };
        let change = match copy {
            Ok(Some((_, copy))) => match (copy.response, copy.range, given_back) {
                (RoomResponse::Declined, _, Some((given_back, _))) => given_back,
                // What the person has sent to others since is theirs to decide on: the event stays.
                (RoomResponse::Declined, _, None) => {
                    self.asked.believe(reservation.id);
                    match self.without_room(reservation).await? {
                        None => return Ok(()),
                        Some(note) => {
                            let declined = self.to(ReservationState::Declined).with_note(note);
                            self.with_letter(reservation, declined, true)
                        }
                    }
                }
                (_, Some(range), _) if range != reservation.range => {
                    self.asked.believe(reservation.id);
                    return self.follow(reservation, range).await;
                }
                // The room's copy is gone already; the organizer's says why in a moment.
                (_, _, Some(given_back)) if is_news(&given_back) => {
                    self.asked.unanswered(reservation, self.clock.now());
                    return Ok(());
                }
                _ => return self.ask_the_room(reservation).await,
            },
            Ok(None) => self.gone(),
            Err(Error::Provider { source, .. }) if is_passing(&source) => {
                self.asked.unanswered(reservation, self.clock.now());
                return Ok(());
            }
            // Nobody may look there any more.
            Err(Error::Provider { .. }) => return self.ask_the_room(reservation).await,
            Err(other) => return Err(other),
        };
        self.step(reservation, &change).await?;
        self.asked.believe(reservation.id);
        Ok(())
    }

    /// Where the organizer's copy still stands, or cannot be read: a room that Exchange says is taken, though by nothing that
    /// the mirror knows, has its mirror compared at once, and the promise stands.
    async fn ask_the_room(&self, reservation: &Reservation) -> Result<(), Error> {
        let (room, range) = (self.room(reservation.room)?, reservation.range);
        let (link, provider) = self.providers.of_room(&room)?;
        let rooms = std::slice::from_ref(&link.mailbox);
        let told = match provider.busy_times(rooms, range).await {
            Ok(told) => told.into_iter().next().and_then(|one| one.schedule.ok()),
            Err(_) => None,
        };
        let Some(schedule) = told else {
            self.asked.unanswered(reservation, self.clock.now());
            return Ok(());
        };
        let is_taken = schedule.iter().any(|one| one.range.overlaps(range));
        let by_others = self.store.busy_times_of(room.id, range).await?;
        if is_taken && by_others.is_empty() {
            tracing::warn!(room = %room.id, reservation = %reservation.id, "a mirror lacks what its room's calendar has");
            self.store.put_check_off(room.id, self.clock.now()).await?;
        } else {
            self.step(reservation, &self.gone()).await?;
        }
        self.asked.believe(reservation.id);
        Ok(())
    }
}

/// Whether asking again soon may help.
const fn is_passing(error: &ProviderError) -> bool {
    matches!(
        error,
        ProviderError::Retry { .. } | ProviderError::Bug { .. }
    )
}
