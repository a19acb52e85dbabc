//! Making a room decline what it was reserved for: for tenants that allow it. The meeting stays with its organizer, who may
//! be somebody that could not take the room out of it.
//!
//! That it is wanted is noted first, for the room's decline may be heard before Exchange has answered us, or by another
//! process than one that died: nobody then takes it for the room's own and cancels the meeting, or asks another room. The
//! reservation itself ends only when Exchange has done it: what it refuses has not happened, and nothing waits.

use booking::BookingError;
use booking::ids::{ConnectionId, ReservationId};
use booking::person::Person;
use booking::provider::ProviderError;
use booking::reservation::{Reservation, ReservationState, StateNote, WhyNoDecline};
use booking::time::{DAY_MS, Instant};
use store::StoreError;
use store::declining::Declining;
use store::reservations::StateChange;

use crate::roles::Act;
use crate::{Engine, Error, incident};

const DOING: &str = "making a room decline";
/// A decline that is heard longer than this after it was asked for here is the room's own.
const HEARD_MS_MAX: i64 = DAY_MS;

impl Engine {
    /// Makes the room of a reservation decline. Its owner may, and administrators.
    ///
    /// # Errors
    /// [`BookingError::NotFound`]; [`BookingError::NotYours`]; [`BookingError::CannotDecline`]; when Exchange or the store
    /// fail.
    pub async fn decline_room(
        &self,
        person: &Person,
        id: ReservationId,
    ) -> Result<Reservation, Error> {
        let found = self.store.reservation(id).await?;
        let reservation = found.ok_or(BookingError::NotFound {
            what: "reservation",
        })?;
        let by_admin = reservation.person.id != person.id;
        if by_admin && !self.may(person, Act::DeclineForOthers).await? {
            return Err(BookingError::NotYours.into());
        }
        if let Some(why) = self.why_no_decline(&reservation).await? {
            return Err(BookingError::CannotDecline(why).into());
        }
        let since = self.clock.now();
        let wanted = StateNote::Declining { by_admin, since };
        if !self.store.remark(&reservation, Some(&wanted)).await? {
            return Err(BookingError::CannotDecline(WhyNoDecline::OnItsWay).into());
        }
        match self.decline_in_exchange(&reservation).await {
            Ok(()) => self.declined_here(&reservation, by_admin, person).await,
            Err(refused @ Error::Booking(BookingError::CannotDecline(_))) => {
                self.not_declining(&reservation, &wanted).await?;
                Err(refused)
            }
            // It may have been done unheard: the note stays.
            Err(other) => Err(other),
        }
    }

    /// Whether a room that is heard to decline was made to, and since when; with who wanted it. To be asked after it was
    /// heard: what was known before may be older than the wish.
    pub(crate) async fn was_made_to_decline(
        &self,
        reservation: &Reservation,
    ) -> Result<Option<(StateChange, Instant)>, Error> {
        let kept = self.store.reservation(reservation.id).await?;
        let Some(StateNote::Declining { by_admin, since }) = kept.and_then(|kept| kept.note) else {
            return Ok(None);
        };
        let is_ours = self.clock.now().since_ms(since) < HEARD_MS_MAX;
        Ok(is_ours.then(|| (self.given_back(reservation, by_admin), since)))
    }

    /// Why the room of a reservation cannot be made to decline. `None`: it can.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn why_no_decline(
        &self,
        reservation: &Reservation,
    ) -> Result<Option<WhyNoDecline>, Error> {
        let is_written = reservation.event.is_some() && reservation.moving.is_none();
        if !reservation.state.is_open() || reservation.range.end() <= self.clock.now() {
            return Ok(Some(WhyNoDecline::Over));
        }
        let room = self.room(reservation.room)?;
        let connection = room.link.as_ref().map(|link| link.connection);
        if !self.allows_declining(connection).await? {
            return Ok(Some(WhyNoDecline::SwitchedOff));
        }
        Ok((!is_written).then_some(WhyNoDecline::OnItsWay))
    }

    /// How declining stands for each tenant.
    ///
    /// # Errors
    /// [`BookingError::AdminNeeded`]; when the store cannot be read.
    pub async fn declining(&self, person: &Person) -> Result<Vec<Declining>, Error> {
        self.authorize(person, Act::SeeSettings).await?;
        Ok(self.store.declining().await?)
    }

    async fn allows_declining(&self, connection: Option<ConnectionId>) -> Result<bool, Error> {
        let all = self.store.declining().await?;
        let allowed = all.iter().filter(|one| one.is_allowed);
        let mut allowed = allowed.map(|one| Some(one.connection));
        Ok(allowed.any(|one| one == connection))
    }

    async fn decline_in_exchange(&self, reservation: &Reservation) -> Result<(), Error> {
        let room = self.room(reservation.room)?;
        let (link, provider) = self.providers.of_room(&room)?;
        let Some(event) = &reservation.event else {
            return Err(BookingError::CannotDecline(WhyNoDecline::OnItsWay).into());
        };
        let declined = provider.decline_as_room(&link.mailbox, event, reservation.range);
        let why = match declined.await {
            Ok(()) => return Ok(()),
            Err(ProviderError::NotFound { .. }) => WhyNoDecline::NotShown,
            Err(error) if is_denial(&error) => {
                tracing::warn!(
                    reservation = %reservation.id,
                    incident = incident(),
                    error = &error as &dyn std::error::Error,
                    "Exchange does not let a room be made to decline"
                );
                WhyNoDecline::NotPermitted
            }
            Err(error) => return Err(Error::while_doing(DOING)(error)),
        };
        Err(BookingError::CannotDecline(why).into())
    }

    /// Its room has declined because somebody here wanted that. Its person is written to where it was somebody else.
    fn given_back(&self, reservation: &Reservation, by_admin: bool) -> StateChange {
        let declined = self.to(ReservationState::Declined);
        let declined = declined.with_note(StateNote::DeclinedHere { by_admin });
        if by_admin {
            self.with_letter(reservation, declined, true)
        } else {
            declined.by(reservation.person.id)
        }
    }

    /// Takes back the note that the room is being made to decline; what was said before is said again.
    async fn not_declining(
        &self,
        reservation: &Reservation,
        wanted: &StateNote,
    ) -> Result<(), Error> {
        let kept = self.store.reservation(reservation.id).await?;
        if let Some(kept) = kept.filter(|kept| kept.note.as_ref() == Some(wanted)) {
            self.store.remark(&kept, reservation.note.as_ref()).await?;
        }
        Ok(())
    }

    /// Notes what has happened; whoever was quicker in seeing it in the calendars is told why.
    async fn declined_here(
        &self,
        reservation: &Reservation,
        by_admin: bool,
        by: &Person,
    ) -> Result<Reservation, Error> {
        let declined = self.given_back(reservation, by_admin).by(by.id);
        let note = StateNote::DeclinedHere { by_admin };
        match self.advance(reservation.id, &declined).await {
            Ok(_) | Err(Error::Store(StoreError::Transition { .. })) => {}
            Err(other) => return Err(other),
        }
        let kept = self.store.reservation(reservation.id).await?;
        let mut kept = kept.ok_or(BookingError::NotFound {
            what: "reservation",
        })?;
        if kept.state == ReservationState::Declined && kept.note.as_ref() != Some(&note) {
            self.store.remark(&kept, Some(&note)).await?;
            kept.note = Some(note);
        }
        self.note_changes(&[kept.room]).await?;
        Ok(kept)
    }
}

/// Whether somebody has to let the application in, or do more there.
fn is_denial(error: &ProviderError) -> bool {
    match error.mailbox_fault() {
        Some((_, fault)) => fault.is_denial(),
        None => matches!(error, ProviderError::Denied { .. }),
    }
}
