//! A reservation is given another time, length or room.
//!
//! As placing does: rules, Exchange's own word, the store's guard, and the promise in one transaction with the job that
//! tells Exchange. The reservation is Submitted again until the room has accepted its new place; a room that says no has it
//! put back where it was.

use std::sync::Arc;

use booking::BookingError;
use booking::ids::{ReservationId, RoomId};
use booking::person::Person;
use booking::reservation::{Origin, Reservation, ReservationState, WhyNot};
use booking::rules::Refusal;
use booking::search::When;
use booking::time::Instant;
use store::outbox::JobKind;
use store::reservations::{Move, MoveOutcome, MoveWhy};

use crate::place_reservation::one_range;
use crate::{Engine, Error};

/// Outlook on the web, and its way to one event.
const OUTLOOK: &str = "https://outlook.office.com/calendar/";

impl Engine {
    /// Gives a reservation of the person's own this room and time, and waits a little for the room's answer. One that is
    /// there already is left alone.
    ///
    /// # Errors
    /// [`BookingError::NotFound`], [`BookingError::NotYours`]; [`BookingError::CannotChange`] with the reason;
    /// [`BookingError::Refused`] with everything against the new place.
    pub async fn change_reservation(
        self: &Arc<Self>,
        person: &Person,
        id: ReservationId,
        room: RoomId,
        when: &When,
    ) -> Result<Reservation, Error> {
        let known = self.my_reservation(person, id).await?;
        let to = self.offered_room(room)?;
        let range = one_range(when, &to)?;
        if (known.room, known.range) == (room, range) && known.state.is_open() {
            return Ok(known);
        }
        if let Some(why) = why_not(&known, self.clock.now()) {
            return Err(BookingError::CannotChange(why).into());
        }
        let from = self.room(known.room)?;
        let connection =
            |room: &booking::room::Room| room.link.as_ref().map(|link| link.connection);
        if to.link.is_some() && connection(&from) != connection(&to) {
            return Err(BookingError::CannotChange(WhyNot::OtherTenant).into());
        }
        self.obey_rules(&to, range)?;
        let own = (known.room == room).then_some(known.range);
        let asked_at = self.ask_before_promising(&to, range, own).await?;
        let to = Move {
            room,
            range,
            now: self.clock.now(),
            asked_at,
            job: self.job(JobKind::ChangeEvent, serde_json::Value::Null),
            why: MoveWhy::Asked,
        };
        // Before the promise: its answer may come at once.
        let moves = self.index.listen();
        let moved = match self.store.move_promised(&known, &to).await? {
            MoveOutcome::Moved(moved) => *moved,
            MoveOutcome::Refused(conflict) => {
                let range = conflict.range;
                return Err(BookingError::Refused(vec![Refusal::Held { range }]).into());
            }
            // Its room answered, or another window was faster: what is against it now is for the next attempt to say.
            MoveOutcome::Meanwhile => {
                return Err(BookingError::CannotChange(WhyNot::OnItsWay).into());
            }
        };
        self.availability.forget(known.room);
        self.availability.forget(room);
        self.nudges.outbox.notify_one();
        self.wait_for_answer(moved, moves).await
    }

    /// A reservation of the person's own.
    ///
    /// # Errors
    /// [`BookingError::NotFound`], [`BookingError::NotYours`].
    pub async fn my_reservation(
        &self,
        person: &Person,
        id: ReservationId,
    ) -> Result<Reservation, Error> {
        let known = self.store.reservation(id).await?;
        let known = known.ok_or(BookingError::NotFound {
            what: "reservation",
        })?;
        if known.person.id != person.id {
            return Err(BookingError::NotYours.into());
        }
        Ok(known)
    }
}

/// Why its owner may not give a reservation another time or room. `None`: they may.
pub(crate) fn why_not(reservation: &Reservation, now: Instant) -> Option<WhyNot> {
    let is_open = reservation.state.is_open();
    if !is_open
        || reservation.range.start() <= now
        || reservation.state == ReservationState::CheckedIn
    {
        return Some(WhyNot::Begun);
    }
    if matches!(reservation.origin, Origin::Draft { .. }) {
        let link = outlook_link(reservation);
        return Some(WhyNot::MadeInOutlook { link });
    }
    let is_written = reservation.state.may_be_moved() && reservation.event.is_some();
    if !is_written || reservation.moving.is_some() {
        return Some(WhyNot::OnItsWay);
    }
    None
}

/// Where Outlook on the web shows the event; its calendar, where the event is not known.
fn outlook_link(reservation: &Reservation) -> String {
    let Some(event) = &reservation.event else {
        return OUTLOOK.to_owned();
    };
    let escaped = event.event_id.bytes().map(|byte| {
        if byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte) {
            char::from(byte).to_string()
        } else {
            format!("%{byte:02X}")
        }
    });
    format!("{OUTLOOK}item/{}", escaped.collect::<String>())
}
