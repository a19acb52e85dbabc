//! A courtesy hold for a draft open in Outlook.
//!
//! Exchange never sees it, and it is never called reserved. It keeps other users of Etage off the
//! room while somebody writes an invitation; the person sends it, not we.

use std::sync::Arc;
use std::time::Duration;

use booking::BookingError;
use booking::ids::{DraftKey, ReservationId, RoomId};
use booking::person::Person;
use booking::reservation::{Origin, Reservation};
use booking::rules::{self, HOLD_HOURS_MAX};
use booking::time::{Instant, TimeRange};
use store::reservations::{FirstSteps, NewReservation};

use crate::place_reservation::wanted_for;
use crate::{Engine, Error};

impl Engine {
    /// Asks Exchange, then holds the room for the draft; a hold the draft has already is moved.
    /// Says when it lapses.
    ///
    /// # Errors
    /// [`BookingError::Refused`] with every reason; [`BookingError::HeldTooLong`] and
    /// [`BookingError::TooManyHolds`]; [`Error::Provider`] when Exchange does not say
    /// whether the room is free, because a room must not be added on the mirror's word alone.
    pub async fn hold(
        self: &Arc<Self>,
        person: &Person,
        draft: DraftKey,
        room: RoomId,
        range: TimeRange,
    ) -> Result<Instant, Error> {
        let patience = self.settings.patience_placing();
        self.hold_within(person, draft, room, range, patience).await
    }

    /// As [`Engine::hold`], with another patience for Exchange's answer.
    pub(crate) async fn hold_within(
        self: &Arc<Self>,
        person: &Person,
        draft: DraftKey,
        room: RoomId,
        range: TimeRange,
        patience: Duration,
    ) -> Result<Instant, Error> {
        self.own_hold(person, draft).await?;
        let room = self.offered_room(room)?;
        self.obey_rules(&room, range)?;
        let asked_at = self.clock.now();
        let since = self.held_since(person, draft, room.id, range).await?;
        if since.is_some_and(|since| !rules::may_keep_hold(range, since, asked_at)) {
            let hours_max = HOLD_HOURS_MAX;
            return Err(BookingError::HeldTooLong { hours_max }.into());
        }
        let asked = self.refusals_now(&room, &wanted_for(range), patience).await;
        let refusals = match asked.map_err(Error::while_doing("asking whether the room is free")) {
            Ok(refusals) => refusals,
            Err(error) => return Err(self.told_to(person, &room, error).await),
        };
        if !refusals.is_empty() {
            return Err(BookingError::Refused(refusals).into());
        }
        let expires_at = self.clock.now().plus_ms(self.settings.hold_ms);
        self.hold_slot(NewReservation {
            id: ReservationId::random(self.random.as_ref()),
            room: room.id,
            range,
            origin: Origin::Draft {
                key: draft,
                expires_at,
            },
            person: person.clone(),
            created_at: asked_at,
            job: None,
            swap: None,
            on_behalf_of: None,
            steps: FirstSteps::default(),
            asked_at,
        })
        .await?;
        Ok(expires_at)
    }

    /// Prolongs a draft's hold. `None`: it has lapsed or was never made, its time has begun, or it is
    /// as old as a hold may become; [`rules::may_keep_hold`] says which.
    ///
    /// # Errors
    /// [`BookingError::NotYours`].
    pub async fn keep_hold(
        &self,
        person: &Person,
        draft: DraftKey,
    ) -> Result<Option<Instant>, Error> {
        let Some(hold) = self.own_hold(person, draft).await? else {
            return Ok(None);
        };
        let since = self
            .held_since(person, draft, hold.room, hold.range)
            .await?;
        let now = self.clock.now();
        if !rules::may_keep_hold(hold.range, since.unwrap_or(hold.created_at), now) {
            return Ok(None);
        }
        let expires_at = now.plus_ms(self.settings.hold_ms);
        let kept = self.store.keep_alive(draft, now, expires_at).await?;
        Ok(kept.then_some(expires_at))
    }

    /// Gives up a draft's hold; there may be none.
    ///
    /// # Errors
    /// [`BookingError::NotYours`].
    pub async fn drop_hold(&self, person: &Person, draft: DraftKey) -> Result<(), Error> {
        self.own_hold(person, draft).await?;
        self.store.release_draft(draft, self.clock.now()).await?;
        Ok(())
    }

    /// The draft's hold. `None`: it has none.
    async fn own_hold(
        &self,
        person: &Person,
        draft: DraftKey,
    ) -> Result<Option<Reservation>, Error> {
        match self.store.draft_hold(draft).await? {
            Some(hold) if hold.person.id != person.id => Err(BookingError::NotYours.into()),
            other => Ok(other),
        }
    }

    /// Since when the draft has held this room for this time. `None`: it does not yet.
    async fn held_since(
        &self,
        person: &Person,
        draft: DraftKey,
        room: RoomId,
        range: TimeRange,
    ) -> Result<Option<Instant>, Error> {
        let since = self.store.draft_held_since(draft, person.id, room, range);
        Ok(since.await?)
    }
}
