//! The steps of a booking, for whoever follows one: rows that the store writes with each fact, and a line in the log.
//!
//! Somebody asks; the tenant knows them; the room is free; the event stands in their calendar; the room has accepted. Where
//! the second or the third is not known at once the booking goes on all the same: it waits for a sign-in, or lets the
//! room decide.

use std::time::Duration;

use booking::ids::{ReservationId, RoomId};
use booking::person::Person;
use booking::provider::Actor;
use booking::reservation::{Reservation, ReservationState, Step};
use booking::room::Room;
use booking::time::HOUR_MS;
use store::reservations::{FirstSteps, StateChange};

use crate::check_availability::Freshness;
use crate::place_reservation::wanted_for;
use crate::{Engine, Error};

impl Engine {
    /// Whether the person could book this room now: that Microsoft lets us act for them, that their calendar can be
    /// written, and that the room's can be read. Nothing is written.
    ///
    /// # Errors
    /// What keeps them from it; [`Error::Provider`] says whose mailbox it is. An Exchange that is slow keeps nobody.
    pub async fn preflight(
        self: &std::sync::Arc<Self>,
        person: &Person,
        room: RoomId,
    ) -> Result<(), Error> {
        let room = self.offered_room(room)?;
        let (_, provider) = self.providers.of_room(&room)?;
        let actor = Actor::Person(person.id);
        let patience = self.settings.patience_placing();
        let soon = self.clock.now();
        let looked = async {
            let own = tokio::time::timeout(patience, provider.preflight(&actor)).await;
            own.unwrap_or(Ok(()))
        };
        let range = booking::TimeRange::new(soon, soon.plus_ms(HOUR_MS));
        let asked = async {
            match &range {
                Ok(range) => {
                    let rooms = std::slice::from_ref(&room);
                    let wanted = wanted_for(*range);
                    self.ask_exchange(rooms, &wanted, Freshness::Kept, patience)
                        .await
                }
                Err(_) => Ok(()),
            }
        };
        let (own, asked) = tokio::join!(looked, asked);
        for outcome in [own, asked] {
            let error =
                match outcome.map_err(Error::while_doing("looking whether a room can be booked")) {
                    Ok(()) => continue,
                    Err(error) => error,
                };
            if !is_passing(&error) {
                return Err(self.told_to(person, &room, error).await);
            }
        }
        Ok(())
    }

    /// Whether the tenant lets us act for the person, as far as it says so in time.
    pub(crate) async fn is_known(&self, actor: &Actor, room: &Room) -> bool {
        let Ok((_, provider)) = self.providers.of_room(room) else {
            return false;
        };
        let patience: Duration = self.settings.patience_placing();
        let known = tokio::time::timeout(patience, provider.knows(actor));
        matches!(known.await, Ok(Ok(())))
    }
}

/// Whether it may be over before anybody presses a button.
const fn is_passing(error: &Error) -> bool {
    use booking::provider::ProviderError;
    matches!(
        error,
        Error::Provider {
            source: ProviderError::Retry { .. } | ProviderError::Bug { .. },
            ..
        }
    )
}

/// Tells the log what is known of a reservation that was just written down.
pub(crate) fn trace_first(id: ReservationId, steps: FirstSteps) {
    trace(id, Step::Requested);
    if steps.person_known_at.is_some() {
        trace(id, Step::PersonKnown);
    }
    if steps.room_free_at.is_some() {
        trace(id, Step::RoomFree);
    }
}

/// Tells the log what a change of state says of the steps, once.
pub(crate) fn trace_later(reservation: &Reservation, change: &StateChange) {
    // One that was in that state already has been told of.
    if reservation.changed_at != change.at {
        return;
    }
    match change.to {
        ReservationState::Submitted => trace(reservation.id, Step::InPersonCalendar),
        ReservationState::Confirmed => trace(reservation.id, Step::InRoomCalendar),
        _ => {}
    }
}

fn trace(id: ReservationId, step: Step) {
    tracing::info!(reservation = %id, step = step.word(), "{}", sentence(step));
}

const fn sentence(step: Step) -> &'static str {
    match step {
        Step::Requested => "a room is asked for",
        Step::PersonKnown => "whoever asks is known to the tenant, and lets us act for them",
        Step::RoomFree => "the room is free, by the calendar system's own word",
        Step::InPersonCalendar => "the event stands in the person's calendar",
        Step::InRoomCalendar => "the event stands in the room's calendar, which has accepted it",
    }
}
