//! Questions to Exchange on their way, and what comes of them.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use booking::ids::{ConnectionId, MailboxAddress, RoomId};
use booking::provider::{MailboxRole, ProviderError, RoomBusyTimes, ScheduleItem};
use booking::room::Room;
use booking::search::{Occupancy, OccupancyKind, Wanted};
use booking::time::TimeRange;
use tokio::sync::watch;

use super::answers::{Answer, Flight, Turn};
use super::windows::windows;
use super::{Freshness, late, occupancy};
use crate::Engine;

impl Engine {
    /// Sees to it that an answer is kept for each linked room.
    ///
    /// # Errors
    /// Why there is none, for some of the rooms; [`ProviderError::Retry`] when patience has run out.
    pub(crate) async fn ask_exchange(
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
            .unwrap_or_else(|_| Err(self.late_of(rooms)))
    }

    /// No answer in time; with how long that lasts, where a calendar system has asked us to wait.
    fn late_of(&self, rooms: &[Room]) -> ProviderError {
        let providers = rooms
            .iter()
            .filter_map(|room| self.providers.of_room(room).ok());
        let waits = providers.filter_map(|(link, provider)| provider.asked_to_wait(&link.mailbox));
        match waits.max() {
            Some(after) => ProviderError::Retry {
                after: Some(after),
                context: "no answer in time, for the calendar system asked us to wait".to_owned(),
            },
            None => late(),
        }
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
        match self.store.mark_rooms_dirty(&rooms, self.clock.now()).await {
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
        Err(error) => Err(match error.fault {
            Some(fault) => ProviderError::Mailbox {
                whose: MailboxRole::Room,
                fault,
                context: format!("asking for schedules: {}", error.code),
            },
            None => unreadable(&error.to_string()),
        }),
    }
}
