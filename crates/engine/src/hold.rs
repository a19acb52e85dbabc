//! A courtesy hold for a draft open in Outlook.
//!
//! Exchange never sees it, and it is never called reserved. It keeps other users of Etage off the
//! room while somebody writes an invitation; the person sends it, not we.

use std::sync::Arc;

use booking::BookingError;
use booking::ids::{DraftKey, ReservationId, RoomId};
use booking::person::Person;
use booking::provider::ProviderError;
use booking::reservation::Origin;
use booking::time::{Instant, TimeRange};
use store::reservations::NewReservation;

use crate::place_reservation::wanted_for;
use crate::{Engine, Error};

impl Engine {
    /// Asks Exchange, then holds the room for the draft; a hold the draft has already is moved.
    /// Says when it lapses.
    ///
    /// # Errors
    /// [`BookingError::Refused`] with every reason; [`Error::Provider`] when Exchange does not say
    /// whether the room is free, because a room must not be added on the mirror's word alone.
    pub async fn hold(
        self: &Arc<Self>,
        person: &Person,
        draft: DraftKey,
        room: RoomId,
        range: TimeRange,
    ) -> Result<Instant, Error> {
        self.require_own(person, draft).await?;
        let room = self.room(room)?;
        self.obey_rules(&room, range)?;
        let asked_at = self.clock.now();
        let refusals = self
            .refusals_now(&room, &wanted_for(range))
            .await
            .ok_or_else(|| Error::Provider {
                doing: "asking whether the room is free",
                source: ProviderError::Retry {
                    after: None,
                    context: "no answer in time".to_owned(),
                },
            })?;
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
            asked_at,
        })
        .await?;
        Ok(expires_at)
    }

    /// Prolongs a draft's hold. `None`: it has lapsed or was never made.
    ///
    /// # Errors
    /// [`BookingError::NotYours`].
    pub async fn keep_hold(
        &self,
        person: &Person,
        draft: DraftKey,
    ) -> Result<Option<Instant>, Error> {
        self.require_own(person, draft).await?;
        let now = self.clock.now();
        let expires_at = now.plus_ms(self.settings.hold_ms);
        let kept = self.store.keep_alive(draft, now, expires_at).await?;
        Ok(kept.then_some(expires_at))
    }

    /// Gives up a draft's hold; there may be none.
    ///
    /// # Errors
    /// [`BookingError::NotYours`].
    pub async fn drop_hold(&self, person: &Person, draft: DraftKey) -> Result<(), Error> {
        self.require_own(person, draft).await?;
        self.store.release_draft(draft, self.clock.now()).await?;
        Ok(())
    }

    async fn require_own(&self, person: &Person, draft: DraftKey) -> Result<(), Error> {
        match self.store.draft_hold(draft).await? {
            Some(hold) if hold.person.id != person.id => Err(BookingError::NotYours.into()),
            _ => Ok(()),
        }
    }
}
