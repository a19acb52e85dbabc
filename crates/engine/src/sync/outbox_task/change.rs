//! Giving an event its reservation's time and room.
//!
//! Level, not edge: each run reads the event as it is and writes what is still lacking, so that a run that died, or whose
//! answer was lost, is only gone over again. What somebody wrote in Outlook meanwhile is never written over.

use booking::event::EventRef;
use booking::ids::RoomId;
use booking::provider::{EventEdit, LocationLine, OwnEvent, ProviderError};
use booking::reservation::{
    Moving, MovingStep, NotMoved, Reservation, ReservationState, StateNote,
};
use booking::room::{Room, RoomLink};
use booking::time::TimeRange;
use serde::{Deserialize, Serialize};
use store::outbox::{Job, JobKind};
use store::reservations::{Placed, StateChange};

use crate::on_behalf::actor_of;
use crate::swap::is_swap;
use crate::{Engine, Error};

const DOING: &str = "changing the event";

/// What a [`JobKind::ChangeEvent`] of a confirmed reservation needs: the one word that everybody is told once the room that
/// took the other's place has accepted.
#[derive(Debug, Serialize, Deserialize)]
struct NameRoom {
    /// What the location line said while the other room was invited; where it says anything else by now, it stays.
    instead_of: String,
}

impl Engine {
    /// Does whatever the event lacks of what its reservation says.
    pub(super) async fn change(&self, job: &Job, reservation: &Reservation) -> Result<(), Error> {
        let Some(event) = &reservation.event else {
            return Ok(());
        };
        match (reservation.state, reservation.moving) {
            (ReservationState::Submitted, Some(moving)) if moving.step != MovingStep::Written => {
                self.write_change(reservation, event, moving).await
            }
            (ReservationState::Confirmed, _) => {
                match serde_json::from_value::<NameRoom>(job.payload.clone()) {
                    Ok(name) => self.name_room(reservation, event, &name.instead_of).await,
                    Err(_) => Ok(()),
                }
            }
            // Done by an earlier run, or nobody wants it any more.
            _ => Ok(()),
        }
    }

    async fn write_change(
        &self,
        reservation: &Reservation,
        event: &EventRef,
        moving: Moving,
    ) -> Result<(), Error> {
        let (to, from) = (self.room(reservation.room)?, self.room(moving.room)?);
        let (link, provider) = self.providers.of_room(&to)?;
        let actor = actor_of(reservation);
        let own = provider.own_event(&actor, event).await;
        let Some(own) = own.map_err(Error::while_doing(DOING))? else {
            return self.step(reservation, &self.gone()).await;
        };
        if own.is_series {
            let source = ProviderError::Unsupported {
                context: "moving a whole series",
            };
            return Err(Error::while_doing(DOING)(source));
        }
        let is_here = own.invites(&link.mailbox);
        let is_there = from
            .link
            .as_ref()
            .is_some_and(|from| own.invites(&from.mailbox));
        let range = own.range.unwrap_or(moving.range);
        if ![reservation.range, moving.range].contains(&range) || !(is_here || is_there) {
            // Somebody has given it a third time or room meanwhile, knowing nothing of ours. That counts.
            let room = if is_here {
                reservation.room
            } else {
                moving.room
            };
            let because = NotMoved::ChangedInOutlook;
            return self.end_moving(reservation, room, range, because).await;
        }
        let edit = lacking(reservation, &own, (&to, link), &from);
        if !edit.is_empty() {
            let edited = provider.edit_event(&actor, event, &own.version, &edit);
            edited.await.map_err(Error::while_doing(DOING))?;
        }
        self.written(reservation, moving).await
    }

    /// Notes that the event is where the reservation is: now the room decides.
    async fn written(&self, reservation: &Reservation, moving: Moving) -> Result<(), Error> {
        let is_promise = moving.step == MovingStep::Promised;
        let placed = Placed {
            room: reservation.room,
            range: reservation.range,
            moving: is_promise.then_some(Moving {
                step: MovingStep::Written,
                ..moving
            }),
            note: reservation
                .note
                .clone()
                .filter(|note| !is_promise || matches!(note, StateNote::Swapped { .. })),
            at: self.clock.now(),
            job: None,
        };
        self.store.place_moving(reservation, &placed).await?;
        self.nudges.answers.notify_one();
        self.note_changes(&[reservation.room, moving.room]).await
    }

    /// The reservation is at rest there, for the room to say how it stands.
    pub(in crate::sync) async fn end_moving(
        &self,
        reservation: &Reservation,
        room: RoomId,
        range: TimeRange,
        because: NotMoved,
    ) -> Result<(), Error> {
        let placed = Placed {
            room,
            range,
            moving: None,
            note: Some(StateNote::NotMoved { because }),
            at: self.clock.now(),
            job: None,
        };
        self.store.place_moving(reservation, &placed).await?;
        self.nudges.answers.notify_one();
        Ok(())
    }

    /// Puts a reservation whose new place is not to be had back where it was, and promises that the event follows.
    pub(in crate::sync) async fn take_back(
        &self,
        reservation: &Reservation,
        moving: Moving,
        because: NotMoved,
    ) -> Result<(), Error> {
        let placed = Placed {
            room: moving.room,
            range: moving.range,
            moving: Some(Moving {
                room: reservation.room,
                range: reservation.range,
                step: MovingStep::TakenBack,
            }),
            note: Some(StateNote::NotMoved { because }),
            at: self.clock.now(),
            job: Some(self.job(JobKind::ChangeEvent, serde_json::Value::Null)),
        };
        self.store.place_moving(reservation, &placed).await?;
        self.nudges.outbox.notify_one();
        Ok(())
    }

    /// The room has accepted. What is still to be told of a change that failed stays said, and
    /// that the room is being made to decline; a room that took the place of
    /// another is named in the event now, since that tells everybody and should tell them once.
    pub(in crate::sync) fn confirmed(&self, reservation: &Reservation) -> StateChange {
        let mut change = self.to(ReservationState::Confirmed);
        if let Some(
            note @ (StateNote::NotMoved { .. }
            | StateNote::Swapped { .. }
            | StateNote::Declining { .. }),
        ) = &reservation.note
        {
            change = change.with_note(note.clone());
        }
        let other = reservation
            .moving
            .filter(|moving| moving.room != reservation.room && moving.range == reservation.range);
        // Of several that said no, the first is the one that the event still names.
        let named = other.map(|moving| match &reservation.swap {
            Some(swap) if is_swap(reservation) => *swap.asked.first().unwrap_or(&moving.room),
            _ => moving.room,
        });
        if let Some(other) = named.and_then(|room| self.room(room).ok()) {
            let payload = serde_json::json!({ "instead_of": other.name });
            change = change.with_job(self.job(JobKind::ChangeEvent, payload));
        }
        change
    }

    async fn name_room(
        &self,
        reservation: &Reservation,
        event: &EventRef,
        instead_of: &str,
    ) -> Result<(), Error> {
        let room = self.room(reservation.room)?;
        let (link, provider) = self.providers.of_room(&room)?;
        let actor = actor_of(reservation);
        let own = provider.own_event(&actor, event).await;
        let own = own.map_err(Error::while_doing(DOING))?;
        let Some(own) = own.filter(|own| own.location == instead_of) else {
            return Ok(());
        };
        let edit = EventEdit {
            location: Some(line(&room, link)),
            ..EventEdit::default()
        };
        let edited = provider.edit_event(&actor, event, &own.version, &edit);
        edited.await.map_err(Error::while_doing(DOING))
    }
}

/// What the event still lacks. The list of those invited is written only where a room comes or goes; the location line
/// only together with the time, of which everybody is told anyway, and only where it named the room that leaves.
fn lacking(
    reservation: &Reservation,
    own: &OwnEvent,
    (to, link): (&Room, &RoomLink),
    from: &Room,
) -> EventEdit {
    let is_late = own.range != Some(reservation.range);
    let leaves = from.link.as_ref().filter(|_| from.id != to.id);
    let is_exchanged =
        own.invites(&link.mailbox) && leaves.is_none_or(|leaves| !own.invites(&leaves.mailbox));
    let leaving = leaves.map_or(&link.mailbox, |leaves| &leaves.mailbox);
    let comes = Some((&link.mailbox, to.name.as_str()));
    EventEdit {
        times: is_late.then(|| (reservation.range, to.zone.clone())),
        invited: (!is_exchanged).then(|| own.with_rooms_exchanged(leaving, comes)),
        location: (is_late && from.id != to.id && own.location == from.name)
            .then(|| line(to, link)),
    }
}

fn line(room: &Room, link: &RoomLink) -> LocationLine {
    LocationLine::Room {
        name: room.name.clone(),
        mailbox: link.mailbox.clone(),
    }
}
