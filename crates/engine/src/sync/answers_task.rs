//! Asks the organizer's copy how the room answered.
//!
//! A room that accepts shows it in its own calendar, which the events task reads. A room that
//! declines does not: its copy is gone, and only the organizer's copy says why. The same reading
//! finds out what became of a draft. Outlook does not say when one was sent. A change in its room's
//! calendar is the first sign, since an invitation that is declined passes through it too; where
//! rooms do not notify us, it is the pane that is kept open no more. And where the room's calendar
//! confirmed a draft before we asked, it finds the event, without which a meeting that is moved
//! would seem gone.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use booking::event::EventRef;
use booking::ids::ReservationId;
use booking::provider::{Actor, ProviderError, RoomResponse};
use booking::reservation::{Origin, Reservation, ReservationState, StateNote};
use booking::time::{HOUR_MS, Instant, MINUTE_MS, TimeRange};
use futures::{StreamExt, stream};
use parking_lot::Mutex;
use store::StoreError;
use store::outbox::JobKind;
use store::reservations::StateChange;

use super::outbox_task::which;
use crate::{Engine, Error};

/// Reservations looked at in one run, to find those whose time to be asked about has come.
const LOOKED_AT_MAX: u32 = 2_000;
/// Reservations asked about in one run.
const BATCH: usize = 64;
/// Questions at the same time.
const AT_ONCE: usize = 8;
/// The shortest and the longest pause between two questions about one reservation.
const PAUSE_MS_MIN: i64 = 400;
const PAUSE_MS_MAX: i64 = 60_000;
/// The longest one about a reservation that is confirmed and only lacks its event.
const EVENT_PAUSE_MS_MAX: i64 = HOUR_MS;
/// How long the calendar system may take to show everywhere an event that it has just written.
pub(super) const APPEARS_WITHIN_MS: i64 = MINUTE_MS;
/// The pause after a question that a change of the room's calendar brought about.
const STIRRED_PAUSE_MS: i64 = 2_000;
/// The pause after a first question that was not answered; each is twice the one before, up to [`PAUSE_MS_MAX`].
const UNANSWERED_PAUSE_MS: i64 = 2_000;

/// When each waiting reservation is asked about again. Only a brake: losing it costs a question.
#[derive(Debug, Default)]
pub(crate) struct Asked(Mutex<Questions>);

#[derive(Debug, Default)]
struct Questions {
    turns: HashMap<ReservationId, Turn>,
    /// Drafts whose room's calendar has just changed. That may have been their invitation.
    stirred: HashSet<ReservationId>,
}

/// When a reservation is asked about again.
#[derive(Clone, Copy, Debug)]
struct Turn {
    /// Not before then.
    due_at: Instant,
    /// How many questions in a row were not answered.
    unanswered: u32,
}

impl Asked {
    /// The calendar of these holds' room has just changed. Whether there is anything to ask.
    pub(super) fn stir(&self, holds: impl Iterator<Item = ReservationId>) -> bool {
        let stirred = &mut self.0.lock().stirred;
        // What is left over belongs to drafts that are held no more.
        if stirred.len() > LOOKED_AT_MAX as usize {
            stirred.clear();
        }
        stirred.extend(holds);
        !stirred.is_empty()
    }

    fn is_stirred(&self, reservation: &Reservation) -> bool {
        self.0.lock().stirred.contains(&reservation.id)
    }

    /// Whether it is time to ask; if so, the next time is noted.
    fn is_due(&self, reservation: &Reservation, now: Instant) -> bool {
        let Questions { turns, stirred } = &mut *self.0.lock();
        if turns.len() > 2 * LOOKED_AT_MAX as usize {
            turns.retain(|_, turn| turn.due_at > now);
        }
        let last = turns.get(&reservation.id).copied();
        if last.is_some_and(|turn| turn.due_at > now) {
            return false;
        }
        // The older the question, the rarer: a quarter of its age. A draft that somebody else's
        // change had us ask about is no older for that.
        let pause_ms = if stirred.remove(&reservation.id) {
            STIRRED_PAUSE_MS
        } else {
            let age_ms = now.since_ms(reservation.changed_at).max(0);
            let longest_ms = match reservation.state {
                ReservationState::Confirmed => EVENT_PAUSE_MS_MAX,
                _ => PAUSE_MS_MAX,
            };
            (age_ms / 4).clamp(PAUSE_MS_MIN, longest_ms)
        };
        let turn = Turn {
            due_at: now.plus_ms(pause_ms),
            unanswered: last.map_or(0, |turn| turn.unanswered),
        };
        turns.insert(reservation.id, turn);
        true
    }

    /// A question was answered, whatever the answer was.
    fn answered(&self, reservation: &Reservation) {
        if let Some(turn) = self.0.lock().turns.get_mut(&reservation.id) {
            turn.unanswered = 0;
        }
    }

    /// A question was not answered: it is asked again soon, however old it is, and as long as there is no answer more
    /// rarely. What had us ask about a draft's hold still does.
    fn unanswered(&self, reservation: &Reservation, now: Instant) {
        let Questions { turns, stirred } = &mut *self.0.lock();
        if reservation.state == ReservationState::Held {
            stirred.insert(reservation.id);
        }
        if let Some(turn) = turns.get_mut(&reservation.id) {
            let pause_ms = UNANSWERED_PAUSE_MS << turn.unanswered.min(20);
            turn.due_at = now.plus_ms(pause_ms.min(PAUSE_MS_MAX));
            turn.unanswered += 1;
        }
    }
}

/// Asks about every reservation that is due.
///
/// # Errors
/// When the store fails.
pub async fn run(engine: &Arc<Engine>) -> Result<(), Error> {
    let now = engine.clock.now();
    let mut waiting = engine.store.awaiting_answer(now, LOOKED_AT_MAX).await?;
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

    async fn ask(&self, reservation: Reservation) -> Result<(), Error> {
        let response = self.response_of(&reservation).await;
        if response.is_ok() {
            self.asked.answered(&reservation);
        }
        match response {
            Ok(Some((event, response))) => self.settle(&reservation, event, response).await,
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

    /// How the room answered; with the event where it had to be looked for. `None`: there is no such
    /// event.
    async fn response_of(
        &self,
        reservation: &Reservation,
    ) -> Result<Option<(Option<EventRef>, RoomResponse)>, Error> {
        const DOING: &str = "reading how the room answered";
        let room = self.room(reservation.room)?;
        let (link, provider) = self.providers.of_room(&room)?;
        let actor = Actor::Person(reservation.person.id);
        if let Some(event) = &reservation.event {
            match provider.room_answer(&actor, event, &link.mailbox).await {
                // Looked for by its time as well: one read that finds nothing ends no promise.
                Err(ProviderError::NotFound { .. }) => {}
                copy => {
                    let copy = copy.map_err(Error::while_doing(DOING))?;
                    if let Some(range) = copy.range {
                        self.follow(reservation, range).await?;
                    }
                    return Ok(Some((None, copy.response)));
                }
            }
        }
        let found = provider
            .find_event(&actor, &link.mailbox, reservation.range, which(reservation))
            .await
            .map_err(Error::while_doing(DOING))?;
        Ok(found.map(|(event, response)| (Some(event), response)))
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
            self.store
                .move_reservation(reservation.id, range, now)
                .await?;
        }
        Ok(())
    }

    async fn settle(
        &self,
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
                self.step(reservation, &to(ReservationState::Confirmed))
                    .await?;
                // Its room's calendar shows it; our mirror of that may be older.
                self.note_changes(&[reservation.room]).await
            }
            RoomResponse::Declined => {
                let mut change =
                    to(ReservationState::Declined).with_note(StateNote::DeclinedByRoom);
                // What we wrote for the room alone must not stay behind without it; what the
                // person sent to others is theirs to decide on.
                if reservation.origin == Origin::Portal {
                    let job = self.job(JobKind::CancelEvent, serde_json::Value::Null);
                    change = change.with_job(job);
                }
                self.step(reservation, &change).await?;
                self.nudges.outbox.notify_one();
                Ok(())
            }
            RoomResponse::None | RoomResponse::Tentative => {
                if reservation.state == ReservationState::Held {
                    self.step(reservation, &to(ReservationState::Submitted))
                        .await?;
                }
                Ok(())
            }
        }
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
    async fn vanished(&self, reservation: &Reservation) -> Result<(), Error> {
        let age_ms = self.clock.now().since_ms(reservation.changed_at);
        if reservation.event.is_none() || age_ms < APPEARS_WITHIN_MS {
            return Ok(());
        }
        let change = self
            .to(ReservationState::Cancelled)
            .with_note(StateNote::GoneFromCalendar);
        self.step(reservation, &change).await
    }

    /// Takes a reservation on, unless another task was faster.
    pub(crate) async fn step(
        &self,
        reservation: &Reservation,
        change: &StateChange,
    ) -> Result<(), Error> {
        match self.advance(reservation.id, change).await {
            Ok(_) | Err(Error::Store(StoreError::Transition { .. })) => Ok(()),
            Err(other) => Err(other),
        }
    }
}

/// When a draft's pane counts as closed: its hold was not kept alive for a third of its life.
fn pane_is_closed(expires_at: Instant, hold_ms: i64, now: Instant) -> bool {
    expires_at.since_ms(now) < hold_ms * 2 / 3
}
