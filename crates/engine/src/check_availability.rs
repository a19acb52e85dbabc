//! Exchange's own word for the rooms on screen.
//!
//! The mirror paints first; this answer replaces it. Answers are kept for a few seconds per room
//! and stretch of time, and one question to Exchange serves everybody who asks meanwhile (single
//! flight), so a crowd looking at one floor costs what one person does.

mod answers;
mod windows;

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use booking::error::{BadRequest, BookingError};
use booking::ids::{ConnectionId, MailboxAddress, RoomId};
use booking::person::Person;
use booking::provider::{ProviderError, RoomBusyTimes, ScheduleItem};
use booking::room::Room;
use booking::rules::Refusal;
use booking::search::found::{CHECKED_MAX, CheckedRoom, CheckedRooms, Source};
use booking::search::judge::judge;
use booking::search::{Occupancy, OccupancyKind, RoomQuery, RoomState, Wanted};
use booking::time::{Instant, TimeRange};
use parking_lot::Mutex;
use tokio::sync::watch;

use self::answers::{Answer, Answers, Flight, Turn};
use self::windows::windows;
use crate::{Engine, Error, when};

/// Most such stretches that one question may need; together they reach past the horizon.
const WINDOWS_MAX: usize = 9;

/// Answers kept for a few seconds, and questions on their way.
#[derive(Debug)]
pub struct Availability {
    state: Mutex<Answers>,
}

impl Availability {
    pub(crate) fn new() -> Self {
        Self {
            state: Mutex::default(),
        }
    }

    /// Forgets what was said of a room, and what will be said to questions that were asked already,
    /// because its calendar changed.
    pub(crate) fn forget(&self, room: RoomId) {
        self.state.lock().forget(room);
    }

    /// Whether the mirror of a room was shown where Exchange's word was wanted, since this was asked last.
    pub(crate) fn end_stand_in(&self, room: RoomId) -> bool {
        self.state.lock().stand_ins.remove(&room)
    }
}

/// How fresh an answer must be.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Freshness {
    /// One that is a few seconds old will do.
    Kept,
    /// Ask now.
    AskNow,
}

impl Engine {
    /// How these rooms stand by Exchange's own word; by the mirror's where it does not answer in time.
    ///
    /// # Errors
    /// [`BookingError::BadRequest`] for more than [`CHECKED_MAX`] rooms or times that make no sense.
    pub async fn check_availability(
        self: &Arc<Self>,
        person: &Person,
        query: &RoomQuery,
        rooms: &[RoomId],
    ) -> Result<CheckedRooms, Error> {
        if rooms.len() > CHECKED_MAX {
            let max = CHECKED_MAX as u32;
            return Err(BookingError::BadRequest(BadRequest::TooManyRooms { max }).into());
        }
        let (known, wanted) = self.resolve_rooms(query, rooms)?;
        if windows(&wanted.ranges).len() > WINDOWS_MAX {
            return Err(BookingError::BadRequest(BadRequest::TooWide).into());
        }
        let patience = Duration::from_millis(self.settings.patience_ms);
        // The flight has said in the log what went wrong; where it did, the mirror answers.
        let _mirror_answers = self
            .ask_exchange(&known, &wanted, Freshness::Kept, patience)
            .await;
        Ok(CheckedRooms {
            rooms: known
                .iter()
                .filter_map(|room| self.checked(room.id, &wanted, person))
                .collect(),
            now: self.clock.now(),
        })
    }

    /// What Exchange has against a room at that time, asked now and not out of any memory.
    /// Our own reservations are not looked at: the store's guard decides on those.
    ///
    /// # Errors
    /// Why it did not say; [`ProviderError::Retry`] when it did not say in time.
    pub(crate) async fn refusals_now(
        self: &Arc<Self>,
        room: &Room,
        wanted: &Wanted,
    ) -> Result<Vec<Refusal>, ProviderError> {
        let asked_at = self.clock.now();
        let patience = Duration::from_millis(self.settings.patience_placing_ms);
        let rooms = std::slice::from_ref(room);
        self.ask_exchange(rooms, wanted, Freshness::AskNow, patience)
            .await?;
        let now = self.clock.now();
        // Somebody's earlier question may have landed instead of ours. What changed while it was on
        // its way is for the store's guard, and for the room itself.
        let (items, _) = self
            .said(room.id, &wanted.ranges, now, Freshness::AskNow)?
            .filter(|(_, at)| *at >= asked_at)
            .ok_or_else(late)?;
        let occupancies: Vec<Occupancy> = items.iter().map(occupancy).collect();
        let mut refusals = judge(room, &occupancies, wanted, now).refusals;
        refusals.retain(Refusal::forbids);
        Ok(refusals)
    }

    fn resolve_rooms(
        &self,
        query: &RoomQuery,
        rooms: &[RoomId],
    ) -> Result<(Vec<Room>, Wanted), Error> {
        let world = self.index.read();
        let building = world
            .building(query.building)
            .ok_or(BookingError::NotFound { what: "building" })?;
        let wanted = when::wanted(query, &building.building.zone)?;
        let known = rooms
            .iter()
            .filter_map(|room| building.rooms.room(*room).cloned())
            .collect();
        Ok((known, wanted))
    }

    /// Sees to it that an answer is kept for each linked room.
    ///
    /// # Errors
    /// Why there is none, for some of the rooms; [`ProviderError::Retry`] when patience has run out.
    async fn ask_exchange(
        self: &Arc<Self>,
        rooms: &[Room],
        wanted: &Wanted,
        freshness: Freshness,
        patience: Duration,
    ) -> Result<(), ProviderError> {
        let mut flights = Vec::new();
        for window in windows(&wanted.ranges) {
            flights.extend(self.take_off(rooms, window, freshness));
        }
        let landed = async {
            let mut outcome = Ok(());
            for mut flight in flights {
                // A flight whose sender is gone has crashed, and is as good as late.
                let landed = flight.wait_for(Option::is_some).await;
                let landed = landed.ok().and_then(|one| one.clone());
                outcome = outcome.and(landed.unwrap_or_else(|| Err(late())));
            }
            outcome
        };
        tokio::time::timeout(patience, landed)
            .await
            .unwrap_or_else(|_| Err(late()))
    }

    /// Joins the questions on their way and sends one per connection for the rest.
    fn take_off(
        self: &Arc<Self>,
        rooms: &[Room],
        window: TimeRange,
        freshness: Freshness,
    ) -> Vec<Flight> {
        let now = self.clock.now();
        let mut flights = Vec::new();
        let mut missing: HashMap<ConnectionId, Vec<(RoomId, MailboxAddress)>> = HashMap::new();
        let mut state = self.availability.state.lock();
        for room in rooms {
            let Some(link) = &room.link else { continue };
            let key = (room.id, window);
            let kept = state.kept(key).is_some_and(|answer| {
                freshness == Freshness::Kept
                    && now.since_ms(answer.at) < self.settings.answer_kept_ms
            });
            if kept {
                continue;
            }
            match state.flight(key) {
                // Asking now must not be served by a question sent before now.
                Some(flight) if freshness == Freshness::Kept => flights.push(flight.clone()),
                _ => missing
                    .entry(link.connection)
                    .or_default()
                    .push((room.id, link.mailbox.clone())),
            }
        }
        for (connection, rooms) in missing {
            let (land, flight) = watch::channel(None);
            let turn = state.next_turn();
            for (room, _) in &rooms {
                state.take_off((*room, window), turn, flight.clone());
            }
            flights.push(flight);
            let engine = Arc::clone(self);
            tokio::spawn(async move {
                let outcome = engine.fly(connection, &rooms, window, turn).await;
                // Who asks now says so themselves: they cannot go on with the mirror's word.
                if let Err(error) = &outcome
                    && freshness == Freshness::Kept
                {
                    tracing::warn!(
                        incident = crate::error::incident(),
                        error = error as &dyn std::error::Error,
                        rooms = rooms.len(),
                        "Exchange did not tell its schedule; the mirror answers"
                    );
                }
                land.send_replace(Some(outcome));
            });
        }
        flights
    }

    /// One question to Exchange, and what comes of it.
    async fn fly(
        &self,
        connection: ConnectionId,
        rooms: &[(RoomId, MailboxAddress)],
        window: TimeRange,
        turn: Turn,
    ) -> Result<(), ProviderError> {
        let asked_at = self.clock.now();
        let mailboxes: Vec<MailboxAddress> = rooms.iter().map(|(_, one)| one.clone()).collect();
        let said = match self.providers.get(connection) {
            Some(provider) => provider.busy_times(&mailboxes, window).await,
            None => Err(ProviderError::Unsupported {
                context: "connection",
            }),
        };
        let mut differing = Vec::new();
        let outcome = match said {
            Ok(schedules) => {
                let mut state = self.availability.state.lock();
                state.make_room(asked_at, self.settings.answer_kept_ms);
                for (room, mailbox) in rooms {
                    let schedule = schedules.iter().find(|one| one.room == *mailbox);
                    let items = readable(schedule);
                    if let Ok(items) = &items
                        && self.differs_from_mirror(*room, items, window)
                    {
                        differing.push(*room);
                    }
                    let answer = Answer {
                        items,
                        at: asked_at,
                        turn,
                    };
                    state.keep((*room, window), answer);
                }
                Ok(())
            }
            Err(error) => Err(error),
        };
        {
            let mut state = self.availability.state.lock();
            for (room, _) in rooms {
                state.land((*room, window), turn);
            }
        }
        self.read_again(differing).await;
        outcome
    }

    /// Has the mirror of these rooms read again, because Exchange tells otherwise.
    async fn read_again(&self, rooms: Vec<RoomId>) {
        if rooms.is_empty() {
            return;
        }
        match self.store.mark_rooms_dirty(&rooms).await {
            Ok(()) => self.nudges.events.notify_one(),
            Err(error) => tracing::warn!(
                error = &error as &dyn std::error::Error,
                "a room whose mirror differs could not be marked for reading"
            ),
        }
    }

    fn differs_from_mirror(&self, room: RoomId, said: &[ScheduleItem], window: TimeRange) -> bool {
        let world = self.index.read();
        let Some((building, _)) = world.room(room) else {
            return false;
        };
        let mut mirrored: Vec<Occupancy> = building
            .rooms
            .occupancies(room, window)
            .filter(|one| matches!(one.kind, OccupancyKind::Calendar(_)))
            .copied()
            .collect();
        let mut told: Vec<Occupancy> = said.iter().map(occupancy).collect();
        mirrored.sort();
        told.sort();
        mirrored != told
    }

    /// The answer for one room out of what Exchange said, or out of the mirror.
    fn checked(&self, room: RoomId, wanted: &Wanted, person: &Person) -> Option<CheckedRoom> {
        let now = self.clock.now();
        let said = self.said(room, &wanted.ranges, now, Freshness::Kept);
        let said = said.ok().flatten();
        if said.is_none() {
            self.availability.state.lock().stand_ins.insert(room);
        }
        let world = self.index.read();
        let (building, known) = world.room(room)?;
        let Some((items, at)) = said else {
            return Some(CheckedRoom {
                answer: building.answer(room, wanted, person, now)?,
                source: Source::Mirror {
                    as_of: building.synced.get(&room).copied(),
                },
            });
        };
        let mut occupancies: Vec<Occupancy> = items.iter().map(occupancy).collect();
        occupancies.extend(building.unseen_by(person.id, room, &occupancies, now));
        let mut answer = judge(known, &occupancies, wanted, now);
        if building.is_theirs(room, wanted, person, now) {
            answer.state = RoomState::Yours;
            answer.refusals.retain(Refusal::is_misfit);
        }
        Some(CheckedRoom {
            answer,
            source: Source::Exchange { at },
        })
    }

    /// Everything Exchange said for the asked times. `None`: nothing for some of them.
    ///
    /// # Errors
    /// Why it could not read the room's schedule.
    fn said(
        &self,
        room: RoomId,
        ranges: &[TimeRange],
        now: Instant,
        freshness: Freshness,
    ) -> Result<Option<(Vec<ScheduleItem>, Instant)>, ProviderError> {
        let state = self.availability.state.lock();
        let mut items = Vec::new();
        let mut oldest = now;
        for window in windows(ranges) {
            let answer = match freshness {
                Freshness::Kept => state.kept((room, window)),
                Freshness::AskNow => state.latest((room, window)),
            };
            let fresh =
                answer.filter(|answer| now.since_ms(answer.at) <= self.settings.answer_kept_ms);
            let Some(answer) = fresh else {
                return Ok(None);
            };
            oldest = oldest.min(answer.at);
            items.extend(answer.items.clone()?.iter().copied());
        }
        Ok(Some((items, oldest)))
    }
}

/// What Exchange told of one room, or why it could not.
fn readable(told: Option<&RoomBusyTimes>) -> Result<Arc<Vec<ScheduleItem>>, ProviderError> {
    let unreadable = |why: &str| ProviderError::Bug {
        context: format!("the room's schedule cannot be read: {why}"),
        source: None,
    };
    let told = told.ok_or_else(|| unreadable("it is missing from the answer"))?;
    match &told.schedule {
        Ok(items) => Ok(Arc::new(items.clone())),
        Err(error) => Err(unreadable(&error.to_string())),
    }
}

fn late() -> ProviderError {
    ProviderError::Retry {
        after: None,
        context: "no answer in time".to_owned(),
    }
}

fn occupancy(item: &ScheduleItem) -> Occupancy {
    Occupancy {
        range: item.range,
        kind: OccupancyKind::Calendar(item.kind),
    }
}
