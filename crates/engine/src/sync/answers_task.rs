//! Asks the organizer's copy how the room answered.
//!
//! A room that accepts shows it in its own calendar, which the events task reads. A room that
//! declines does not: its copy is gone, and only the organizer's copy says why. The same reading
//! finds out what became of a draft. Outlook does not say when one was sent. A change in its room's
//! calendar is the first sign, since an invitation that is declined passes through it too; where
//! rooms do not notify us, it is the pane that is kept open no more. And where the room's calendar
//! confirmed a draft before we asked, it finds the event, without which a meeting that is moved
//! would seem gone.

mod asked;
mod doubts;

use std::collections::HashSet;
use std::sync::Arc;

use booking::event::EventRef;
use booking::ids::ReservationId;
use booking::provider::{OrganizerCopy, ProviderError, RoomResponse};
use booking::reservation::{
    MovingStep, NotMoved, Origin, Reservation, ReservationState, StateNote,
};
use booking::time::{Instant, MINUTE_MS, TimeRange};
use futures::{StreamExt, stream};
use store::StoreError;
use store::outbox::JobKind;
use store::reservations::StateChange;

pub(crate) use self::asked::Asked;
use super::outbox_task::which;
use crate::on_behalf::actor_of;
use crate::swap::{Swapped, is_swap};
use crate::{Engine, Error};

/// Reservations looked at in one run, to find those whose time to be asked about has come.
const LOOKED_AT_MAX: u32 = 2_000;
/// Reservations asked about in one run.
const BATCH: usize = 64;
/// Questions at the same time.
const AT_ONCE: usize = 8;
/// How long the calendar system may take to show everywhere an event that it has just written.
pub(super) const APPEARS_WITHIN_MS: i64 = MINUTE_MS;

/// Asks about every reservation that is due.
///
/// # Errors
/// When the store fails.
pub async fn run(engine: &Arc<Engine>) -> Result<(), Error> {
    let now = engine.clock.now();
    let mut waiting = engine.doubted().await?;
    let known: HashSet<ReservationId> = waiting.iter().map(|one| one.id).collect();
    let others = engine.store.awaiting_answer(now, LOOKED_AT_MAX).await?;
    waiting.extend(others.into_iter().filter(|one| !known.contains(&one.id)));
    waiting.retain(|reservation| engine.may_be_answered(reservation, now));
    waiting.retain(|reservation| engine.asked.is_due(reservation, now));
    waiting.truncate(BATCH);
    let done: Vec<Result<(), Error>> = stream::iter(waiting)
        .map(|reservation| engine.ask(reservation))
        .buffer_unordered(AT_ONCE)
        .collect()
        .await;
    done.into_iter().collect()
}

impl Engine {
    /// A draft is not asked about while its pane is open, for the person has not sent it yet; unless
    /// its room's calendar has changed, for then they may have.
    fn may_be_answered(&self, reservation: &Reservation, now: Instant) -> bool {
        match reservation.origin {
            Origin::Draft { expires_at, .. } if reservation.state == ReservationState::Held => {
                pane_is_closed(expires_at, self.settings.hold_ms, now)
                    || self.asked.is_stirred(reservation)
            }
            _ => true,
        }
    }

    async fn ask(self: &Arc<Self>, reservation: Reservation) -> Result<(), Error> {
        if self.asked.is_doubted(&reservation) {
            return self.settle_doubted(&reservation).await;
        }
        if is_being_written(&reservation) {
            return Ok(());
        }
        let copy = self.organizers_copy(&reservation).await;
        if copy.is_ok() {
            self.asked.answered(&reservation);
        }
        match copy {
            Ok(Some((event, copy))) => {
                if let Some(range) = copy.range {
                    self.follow(&reservation, range).await?;
                }
                self.settle(&reservation, event, copy.response).await
            }
            Ok(None) => self.vanished(&reservation).await,
            Err(Error::Provider { source, .. }) => {
                self.asked.unanswered(&reservation, self.clock.now());
                tracing::debug!(
                    reservation = %reservation.id,
                    error = &source as &dyn std::error::Error,
                    "a room's answer could not be read; it is asked for again"
                );
                Ok(())
            }
            Err(other) => Err(other),
        }
    }

    /// What the organizer's copy says; with the event where it had to be looked for. `None`: there is no such event.
    async fn organizers_copy(
        &self,
        reservation: &Reservation,
    ) -> Result<Option<(Option<EventRef>, OrganizerCopy)>, Error> {
        const DOING: &str = "reading how the room answered";
        let room = self.room(reservation.room)?;
        let (link, provider) = self.providers.of_room(&room)?;
        let actor = actor_of(reservation);
        if let Some(event) = &reservation.event {
            match provider.room_answer(&actor, event, &link.mailbox).await {
                // Looked for by its time as well: one read that finds nothing ends no promise.
                Err(ProviderError::NotFound { .. }) => {}
                copy => return Ok(Some((None, copy.map_err(Error::while_doing(DOING))?))),
            }
        }
        let found = provider
            .find_event(&actor, &link.mailbox, reservation.range, which(reservation))
            .await
            .map_err(Error::while_doing(DOING))?;
        Ok(found.map(|(event, response)| {
            let range = Some(reservation.range);
            (Some(event), OrganizerCopy { response, range })
        }))
    }

    /// Takes a reservation to where its organizer has moved the event: the room's calendar may show neither the old time nor
    /// the new one.
    pub(super) async fn follow(
        &self,
        reservation: &Reservation,
        range: TimeRange,
    ) -> Result<(), Error> {
        if range != reservation.range {
            let now = self.clock.now();
            self.store.move_reservation(reservation, range, now).await?;
        }
        Ok(())
    }

    pub(super) async fn settle(
        self: &Arc<Self>,
        reservation: &Reservation,
        event: Option<EventRef>,
        response: RoomResponse,
    ) -> Result<(), Error> {
        if reservation.state == ReservationState::Confirmed {
            return self.note_event(reservation, event, response).await;
        }
        let to = |state| {
            let change = self.to(state);
            match event.clone() {
                Some(event) => change.with_event(event),
                None => change,
            }
        };
        match response {
            RoomResponse::Accepted => {
                let change = match event.clone() {
                    Some(event) => self.confirmed(reservation).with_event(event),
                    None => self.confirmed(reservation),
                };
                self.step(reservation, &change).await?;
                self.nudges.outbox.notify_one();
                // Its room's calendar shows it; our mirror of that may be older.
                self.note_changes(&[reservation.room]).await
            }
            RoomResponse::Declined => self.declined(reservation, event).await,
            RoomResponse::None | RoomResponse::Tentative => {
                if reservation.state == ReservationState::Held {
                    self.step(reservation, &to(ReservationState::Submitted))
                        .await?;
                }
                Ok(())
            }
        }
    }

    async fn declined(
        self: &Arc<Self>,
        reservation: &Reservation,
        event: Option<EventRef>,
    ) -> Result<(), Error> {
        if let Some((given_back, _)) = self.was_made_to_decline(reservation).await? {
            let given_back = event.into_iter().fold(given_back, StateChange::with_event);
            return self.step(reservation, &given_back).await;
        }
        if let Some(moving) = reservation.moving
            && !is_swap(reservation)
        {
            return self
                .take_back(reservation, moving, NotMoved::Declined)
                .await;
        }
        if reservation.swap.is_some() && reservation.state == ReservationState::Held {
            // Its event is noted first: what cannot be found again is not changed.
            let submitted = self.to(ReservationState::Submitted);
            let submitted = event.into_iter().fold(submitted, StateChange::with_event);
            return self.step(reservation, &submitted).await;
        }
        let Some(note) = self.without_room(reservation).await? else {
            return Ok(());
        };
        let declined = self.to(ReservationState::Declined).with_note(note);
        let mut change = event.into_iter().fold(declined, StateChange::with_event);
        // What we wrote for the room alone must not stay behind without it; what the
        // person sent to others is theirs to decide on.
        let is_ours = reservation.origin == Origin::Portal;
        if is_ours {
            let job = self.job(JobKind::CancelEvent, serde_json::Value::Null);
            change = change.with_job(job);
        }
        let change = self.with_letter(reservation, change, !is_ours);
        self.step(reservation, &change).await?;
        self.nudges.outbox.notify_one();
        Ok(())
    }

    /// What there is to say of a reservation whose room has declined. `None`: nothing yet, for another room was asked or
    /// will be.
    async fn without_room(
        self: &Arc<Self>,
        reservation: &Reservation,
    ) -> Result<Option<StateNote>, Error> {
        let Some(wanted) = &reservation.swap else {
            return Ok(Some(self.why_declined(reservation)));
        };
        Ok(match self.swap(reservation, wanted).await? {
            Swapped::Done => None,
            Swapped::Later => {
                self.asked.unanswered(reservation, self.clock.now());
                None
            }
            Swapped::NoRoom { asked } => Some(StateNote::NoneInstead { asked }),
        })
    }

    /// Its room's calendar has confirmed the reservation already; an event that the room declined is
    /// another.
    async fn note_event(
        &self,
        reservation: &Reservation,
        event: Option<EventRef>,
        response: RoomResponse,
    ) -> Result<(), Error> {
        if let Some(event) = event
            && response != RoomResponse::Declined
        {
            self.store.attach_event(reservation.id, &event).await?;
        }
        Ok(())
    }

    /// The event we wrote is nowhere: somebody took it back in Outlook, unless it was written too
    /// short a time ago to be seen everywhere.
    pub(super) async fn vanished(&self, reservation: &Reservation) -> Result<(), Error> {
        let age_ms = self.clock.now().since_ms(reservation.changed_at);
        if reservation.event.is_none() || age_ms < APPEARS_WITHIN_MS {
            return Ok(());
        }
        self.step(reservation, &self.gone()).await
    }

    /// What becomes of a reservation whose event is in its room's calendar no more.
    pub(super) fn gone(&self) -> StateChange {
        self.to(ReservationState::Cancelled)
            .with_note(StateNote::GoneFromCalendar)
    }

    /// Takes a reservation on, unless another task was faster.
    pub(crate) async fn step(
        &self,
        reservation: &Reservation,
        change: &StateChange,
    ) -> Result<(), Error> {
        let change = change.clone().decided_on(reservation);
        match self.advance(reservation.id, &change).await {
            Ok(_) | Err(Error::Store(StoreError::Transition { .. })) => Ok(()),
            Err(other) => Err(other),
        }
    }
}

/// Whether a change is promised that its event does not show yet: what the calendar says until then is about the other end.
pub(super) fn is_being_written(reservation: &Reservation) -> bool {
    let step = reservation.moving.map(|moving| moving.step);
    step.is_some_and(|step| step != MovingStep::Written)
}

/// When a draft's pane counts as closed: its hold was not kept alive for a third of its life.
fn pane_is_closed(expires_at: Instant, hold_ms: i64, now: Instant) -> bool {
    expires_at.since_ms(now) < hold_ms * 2 / 3
}
