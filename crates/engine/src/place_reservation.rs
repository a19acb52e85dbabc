//! A reservation placed in the portal: written down here first, then in the person's calendar.
//!
//! The order is what keeps a room from being taken twice: rules, Exchange's own word, the store's
//! guard against our own unsent promises, and the promise itself in one transaction with the job
//! that tells Exchange. Whatever fails after that is the outbox's to retry.

use std::sync::Arc;
use std::time::Duration;

use booking::BookingError;
use booking::error::BadRequest;
use booking::ids::{MailboxAddress, ReservationId, RoomId};
use booking::person::Person;
use booking::plan::import::archive::archives;
use booking::reservation::{Origin, Reservation, ReservationState, StateNote, Swap};
use booking::room::{EquipmentSet, Room};
use booking::rules::{self, HOLDS_MAX, Refusal};
use booking::search::found::RoomsMoved;
use booking::search::{Wanted, When};
use booking::time::{Instant, TimeRange};
use store::outbox::{JobId, JobKind, NewJob};
use store::reservations::{FirstSteps, HoldOutcome, NewReservation, StateChange};
use tokio::sync::broadcast;

use crate::error::incident;
use crate::on_behalf::actor;
use crate::steps::{trace_first, trace_later};
use crate::sync::outbox_task::CreateEvent;
use crate::{Engine, Error, when};

/// Longest subject in characters; Exchange cuts at 255.
pub(crate) const SUBJECT_CHARS_MAX: usize = 200;
/// What a person says of a reservation beyond its room and time.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Wish {
    /// The event's subject; empty for a plain one.
    pub subject: String,
    /// What is to be taken by itself if the room says no. `None`: the person is asked.
    pub swap: Option<Swap>,
    /// In whose calendar the event shall stand. `None`: in the person's own.
    pub on_behalf: Option<MailboxAddress>,
}

impl From<&str> for Wish {
    fn from(subject: &str) -> Self {
        Self {
            subject: subject.to_owned(),
            swap: None,
            on_behalf: None,
        }
    }
}

/// Before anything was ever confirmed.
pub(crate) const LONG_AGO: Instant = Instant(0);

impl Engine {
    /// Places a reservation as the person, and waits a little for the room's answer.
    ///
    /// `key` ties retries together: a second call with the same key gives the first reservation.
    ///
    /// # Errors
    /// [`BookingError::Refused`] with every reason; [`BookingError::NotFound`] for an unknown room;
    /// [`BookingError::NotYours`] when the key is somebody else's.
    pub async fn place_reservation(
        self: &Arc<Self>,
        person: &Person,
        key: ReservationId,
        room: RoomId,
        when: &When,
        wish: impl Into<Wish>,
    ) -> Result<Reservation, Error> {
        // Before the promise: its answer may come at once.
        let moves = self.index.listen();
        let placed = match self.promise(person, key, room, when, wish.into()).await {
            Ok(placed) => placed,
            // Perhaps because it is placed already. Looking first would cost every placement a trip to
            // the database; the key itself keeps a second one from being written.
            Err(error) => match self.store.reservation(key).await? {
                Some(first) if first.person.id == person.id => first,
                Some(_) => return Err(BookingError::NotYours.into()),
                None => return Err(error),
            },
        };
        self.wait_for_answer(placed, moves).await
    }

    /// Writes the reservation down, if nothing is against it.
    async fn promise(
        self: &Arc<Self>,
        person: &Person,
        key: ReservationId,
        room: RoomId,
        when: &When,
        wish: Wish,
    ) -> Result<Reservation, Error> {
        let new = self.to_be_held(person, key, room, when, wish).await?;
        let steps = new.steps;
        let held = self.hold_slot(new).await?;
        trace_first(held.id, steps);
        self.nudges.outbox.notify_one();
        Ok(held)
    }

    /// What is to be written down, if neither rules nor Exchange have anything against it.
    pub(crate) async fn to_be_held(
        self: &Arc<Self>,
        person: &Person,
        key: ReservationId,
        room: RoomId,
        when: &When,
        wish: Wish,
    ) -> Result<NewReservation, Error> {
        let room = self.offered_room(room)?;
        let range = one_range(when, &room)?;
        self.obey_rules(&room, range)?;
        let now = self.clock.now();
        let own = &person.address;
        let owner = wish.on_behalf.clone().filter(|owner| owner != own);
        if owner.is_some() {
            let (_, provider) = self.providers.of_room(&room)?;
            self.may_write_for(provider, person, owner.as_ref()).await?;
        }
        let actor = actor(person.id, owner.clone());
        let (is_known, asked_at) = tokio::join!(
            self.is_known(&actor, &room),
            self.ask_before_promising(&room, range, None)
        );
        let asked_at = asked_at?;
        let known_at = self.clock.now();
        let steps = FirstSteps {
            person_known_at: is_known.then_some(known_at),
            room_free_at: (asked_at != LONG_AGO).then_some(known_at),
        };
        Ok(NewReservation {
            id: key,
            room: room.id,
            range,
            origin: Origin::Portal,
            person: person.clone(),
            created_at: now,
            job: Some(
                self.job(
                    JobKind::CreateEvent,
                    CreateEvent {
                        subject: wish
                            .subject
                            .trim()
                            .chars()
                            .take(SUBJECT_CHARS_MAX)
                            .collect(),
                    }
                    .payload(),
                ),
            ),
            asked_at,
            swap: wish.swap.as_ref().map(Swap::afresh),
            on_behalf_of: owner,
            steps,
        })
    }

    /// Asks Exchange whether a room is free, but for what the reservation has of it already; gives when that was asked, for
    /// the store's guard.
    pub(crate) async fn ask_before_promising(
        self: &Arc<Self>,
        room: &Room,
        range: TimeRange,
        own: Option<TimeRange>,
    ) -> Result<Instant, Error> {
        let asked_at = self.clock.now();
        let patience = self.settings.patience_placing();
        let wanted = wanted_for(range);
        match self.refusals_beside(room, &wanted, own, patience).await {
            Ok(refusals) if refusals.is_empty() => Ok(asked_at),
            Ok(refusals) => Err(BookingError::Refused(refusals).into()),
            // Exchange has shown us nothing, so whatever we confirmed ever is in the way.
            Err(error) => {
                tracing::warn!(
                    incident = incident(),
                    room = %room.id,
                    error = &error as &dyn std::error::Error,
                    "Exchange did not tell whether a room is free; the room's own answer decides"
                );
                Ok(LONG_AGO)
            }
        }
    }

    /// The room with this id.
    pub(crate) fn room(&self, id: RoomId) -> Result<Room, BookingError> {
        let world = self.index.read();
        world
            .room(id)
            .map(|(_, room)| room.clone())
            .ok_or(BookingError::NotFound { what: "room" })
    }

    /// The room with this id, if its building's plan still has it: a page opened earlier may not know.
    pub(crate) fn offered_room(&self, id: RoomId) -> Result<Room, BookingError> {
        let room = self.room(id)?;
        let world = self.index.read();
        let archives = archives(world.buildings.iter().map(|one| &one.building));
        if archives.contains_key(&room.building) {
            return Err(BookingError::NotFound { what: "room" });
        }
        Ok(room)
    }

    pub(crate) fn obey_rules(&self, room: &Room, range: TimeRange) -> Result<(), BookingError> {
        let refusals = rules::refusals(room, range, self.clock.now());
        if refusals.is_empty() {
            Ok(())
        } else {
            Err(BookingError::Refused(refusals))
        }
    }

    /// Writes the promise down, unless one of our own is in the way.
    pub(crate) async fn hold_slot(&self, new: NewReservation) -> Result<Reservation, Error> {
        match self.store.hold_slot(&new).await? {
            HoldOutcome::Held(reservation) => Ok(*reservation),
            HoldOutcome::Refused(conflict) => {
                let range = conflict.range;
                Err(BookingError::Refused(vec![Refusal::Held { range }]).into())
            }
            HoldOutcome::TooMany => Err(BookingError::TooManyHolds { max: HOLDS_MAX }.into()),
            HoldOutcome::NotYours => Err(BookingError::NotYours.into()),
        }
    }

    /// A job for the outbox, due at once.
    pub(crate) fn job(&self, kind: JobKind, payload: serde_json::Value) -> NewJob {
        NewJob {
            id: JobId(self.random.uuid()),
            kind,
            payload,
            due_at: self.clock.now(),
        }
    }

    /// Waits until the reservation is answered, there is something to tell the person, or they have
    /// waited long enough.
    pub(crate) async fn wait_for_answer(
        &self,
        mut reservation: Reservation,
        mut moves: broadcast::Receiver<RoomsMoved>,
    ) -> Result<Reservation, Error> {
        let patience = Duration::from_millis(self.settings.answer_wait_ms);
        let patience = tokio::time::sleep(patience);
        tokio::pin!(patience);
        while self.settings.answer_wait_ms > 0 && is_waiting(&reservation) {
            tokio::select! {
                () = &mut patience => break,
                () = moved(reservation.room, &mut moves) => {}
            }
            let now = self.store.reservation(reservation.id).await?;
            reservation = now.ok_or(BookingError::NotFound {
                what: "reservation",
            })?;
        }
        Ok(reservation)
    }

    /// Takes a reservation to its next state.
    pub(crate) async fn advance(
        &self,
        id: ReservationId,
        change: &StateChange,
    ) -> Result<Reservation, Error> {
        let reservation = self.store.transition(id, change).await?;
        trace_later(&reservation, change);
        self.availability.forget(reservation.room);
        Ok(reservation)
    }

    /// A change of state as of now.
    pub(crate) fn to(&self, state: ReservationState) -> StateChange {
        StateChange::new(state, self.clock.now())
    }
}

/// The one time that is asked for, by the room's clock.
pub(crate) fn one_range(when: &When, room: &Room) -> Result<TimeRange, BookingError> {
    let ranges = when::resolve(when, &room.zone)?;
    match ranges[..] {
        [range] => Ok(range),
        _ => Err(BookingError::BadRequest(BadRequest::SeveralTimes)),
    }
}

/// Whether the room may answer any moment, and nothing is to be told meanwhile.
const fn is_waiting(reservation: &Reservation) -> bool {
    matches!(
        reservation.state,
        ReservationState::Held | ReservationState::Submitted
    ) && reservation.note.is_none()
}

/// Returns when the room may have moved.
async fn moved(room: RoomId, moves: &mut broadcast::Receiver<RoomsMoved>) {
    // A listener that lags behind is told of no room: any may have moved.
    while let Ok(moved) = moves.recv().await {
        if moved.rooms.is_empty() || moved.rooms.contains(&room) {
            return;
        }
    }
}

/// The question “is it free then?”, with nothing else asked.
pub(crate) fn wanted_for(range: TimeRange) -> Wanted {
    Wanted {
        floor: None,
        ranges: vec![range],
        people: 1,
        equipment: EquipmentSet::EMPTY,
        step_free: false,
    }
}

/// Whether a reservation can still be taken back; one whose event stands though it was cancelled,
/// once more. Not a draft's hold: that is given up where the draft is, in Outlook, and an open pane
/// would only make it again.
pub(crate) fn can_cancel(reservation: &Reservation, now: Instant) -> bool {
    let only_held = reservation.state == ReservationState::Held
        && matches!(reservation.origin, Origin::Draft { .. });
    let stands = reservation.state.is_open() || has_failed(reservation);
    stands && !only_held && reservation.range.end() > now
}

/// Whether it was cancelled, but the calendar system did not take that.
pub(crate) const fn has_failed(reservation: &Reservation) -> bool {
    matches!(reservation.note, Some(StateNote::CancellationFailed { .. }))
}
