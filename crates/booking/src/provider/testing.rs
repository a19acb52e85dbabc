//! A provider in memory, for tests of the engine: no sockets, and nothing happens until told.

mod world;

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use secrecy::SecretString;

use super::{
    Actor, CalendarProvider, Capabilities, ChangePage, EventChange, EventDraft, Next,
    NotificationTarget, PageToken, ProviderError, ProviderRoom, RoomBusyTimes, RoomPage,
    RoomResponse, ScheduleError, ScheduleItem, Subscription, SubscriptionId, SyncCursor, Which,
};
use crate::event::{BusyTime, EventRef, Organizer};
use crate::ids::{MailboxAddress, ReservationId};
use crate::person::PersonId;
use crate::time::{Instant, TimeRange};
use world::{World, blocks, event_ref, kind, number_of};

/// A calendar system in memory. Rooms answer only when [`FakeProvider::attend`] is called.
#[derive(Debug, Default)]
pub struct FakeProvider {
    world: Mutex<World>,
}

/// An event as the fake keeps it: one for all copies.
#[derive(Clone, Debug)]
pub struct FakeEvent {
    /// The reservation it was written for. `None`: it came from outside.
    pub reservation: Option<ReservationId>,
    /// Who called the meeting.
    pub organizer: MailboxAddress,
    /// The room invited.
    pub room: MailboxAddress,
    /// When.
    pub range: TimeRange,
    /// How the room answered.
    pub response: RoomResponse,
    /// Number of the change that made it what it is.
    pub changed: u64,
    /// Deleted or cancelled.
    pub gone: bool,
}

/// A method of the provider, for faults and counts.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[expect(missing_docs, reason = "each is named after the method it stands for")]
pub enum Call {
    Rooms,
    Changes,
    BusyTimes,
    CreateEvent,
    RoomAnswer,
    FindEvent,
    CancelEvent,
    Subscribe,
    Renew,
}

impl FakeProvider {
    /// A tenant with these rooms and people.
    pub fn new(rooms: Vec<ProviderRoom>, people: BTreeMap<PersonId, MailboxAddress>) -> Self {
        Self {
            world: Mutex::new(World {
                rooms,
                people,
                ..World::default()
            }),
        }
    }

    fn world(&self) -> MutexGuard<'_, World> {
        self.world.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The next time `call` is made it fails with this error.
    pub fn fail_next(&self, call: Call, error: ProviderError) {
        self.world().faults.push_back((call, error));
    }

    /// How often a method was called.
    pub fn calls(&self, call: Call) -> usize {
        self.world()
            .calls
            .iter()
            .filter(|one| **one == call)
            .count()
    }

    /// From now on rooms promise to notify, until the time they are asked to.
    pub fn set_push(&self) {
        self.world().push = true;
    }

    /// The rooms that promise to notify.
    pub fn subscribed(&self) -> Vec<MailboxAddress> {
        self.world().subscriptions.values().cloned().collect()
    }

    /// Makes a room's schedule unreadable, or readable again.
    pub fn set_unreadable(&self, room: &MailboxAddress, unreadable: bool) {
        let mut world = self.world();
        world.unreadable.retain(|one| one != room);
        if unreadable {
            world.unreadable.push(room.clone());
        }
    }

    /// Somebody puts an accepted meeting into a room's calendar by other ways; its number comes back.
    pub fn add_outside(
        &self,
        organizer: &MailboxAddress,
        room: &MailboxAddress,
        range: TimeRange,
    ) -> u64 {
        self.world().add(
            None,
            organizer.clone(),
            room.clone(),
            range,
            RoomResponse::None,
        )
    }

    /// An event vanishes, as when somebody deletes it in Outlook.
    pub fn remove(&self, number: u64) {
        let mut world = self.world();
        world.change += 1;
        let change = world.change;
        if let Some(event) = world.events.get_mut(&number) {
            event.gone = true;
            event.changed = change;
        }
    }

    /// Every room answers what it was asked, in the order of asking.
    pub fn attend(&self) {
        let mut world = self.world();
        let open: Vec<u64> = world
            .events
            .iter()
            .filter(|(_, event)| !event.gone && event.response == RoomResponse::None)
            .map(|(number, _)| *number)
            .collect();
        for number in open {
            world.attend(number);
        }
    }

    /// Every event that still stands.
    pub fn events(&self) -> Vec<FakeEvent> {
        let world = self.world();
        world
            .events
            .values()
            .filter(|event| !event.gone)
            .cloned()
            .collect()
    }
}

#[async_trait]
impl CalendarProvider for FakeProvider {
    fn capabilities(&self) -> Capabilities {
        Capabilities {
            push: self.world().push,
            place_hierarchy: false,
            cursor_window_fixed: false,
            events_readable: true,
            rooms_per_schedule: 20,
        }
    }

    async fn rooms(&self, _page: Option<PageToken>) -> Result<RoomPage, ProviderError> {
        let mut world = self.world();
        world.begin(Call::Rooms)?;
        Ok(RoomPage {
            rooms: world.rooms.clone(),
            next: None,
        })
    }

    async fn changes(
        &self,
        room: &MailboxAddress,
        window: TimeRange,
        since: Option<&SyncCursor>,
    ) -> Result<ChangePage, ProviderError> {
        let mut world = self.world();
        world.begin(Call::Changes)?;
        let seen: u64 = since.and_then(|cursor| cursor.0.parse().ok()).unwrap_or(0);
        let changes = world
            .events
            .iter()
            .filter(|(_, event)| {
                event.room == *room && event.changed > seen && event.range.overlaps(window)
            })
            .map(|(number, event)| {
                let event_id = format!("room-{number}");
                if !blocks(event) {
                    return EventChange::Gone { event_id };
                }
                let busy = BusyTime {
                    event_id,
                    ical_uid: Some(format!("uid-{number}")),
                    series_id: None,
                    range: event.range,
                    kind: kind(event),
                    organizer: Some(Organizer {
                        display_name: event.organizer.to_string(),
                        address: Some(event.organizer.clone()),
                    }),
                };
                EventChange::Busy(busy, event.response)
            })
            .collect();
        Ok(ChangePage {
            changes,
            next: Next::Done(SyncCursor(world.change.to_string())),
        })
    }

    async fn busy_times(
        &self,
        rooms: &[MailboxAddress],
        window: TimeRange,
    ) -> Result<Vec<RoomBusyTimes>, ProviderError> {
        let mut world = self.world();
        world.begin(Call::BusyTimes)?;
        Ok(rooms
            .iter()
            .map(|room| RoomBusyTimes {
                room: room.clone(),
                schedule: if world.unreadable.contains(room) {
                    Err(ScheduleError {
                        code: "5009".to_owned(),
                        message: "Unable to resolve e-mail address".to_owned(),
                    })
                } else {
                    Ok(world
                        .events
                        .values()
                        .filter(|event| {
                            event.room == *room && blocks(event) && event.range.overlaps(window)
                        })
                        .map(|event| ScheduleItem {
                            range: event.range,
                            kind: kind(event),
                        })
                        .collect())
                },
            })
            .collect())
    }

    async fn create_event(
        &self,
        actor: &Actor,
        draft: &EventDraft,
    ) -> Result<EventRef, ProviderError> {
        let mut world = self.world();
        world.begin(Call::CreateEvent)?;
        let organizer = world.organizer(actor)?;
        let known = world
            .events
            .iter()
            .find(|(_, event)| event.reservation == Some(draft.reservation))
            .map(|(number, _)| *number);
        let number = known.unwrap_or_else(|| {
            world.add(
                Some(draft.reservation),
                organizer,
                draft.room.clone(),
                draft.range,
                RoomResponse::None,
            )
        });
        Ok(event_ref(number, &world.events[&number]))
    }

    async fn room_answer(
        &self,
        _actor: &Actor,
        event: &EventRef,
        _room: &MailboxAddress,
    ) -> Result<RoomResponse, ProviderError> {
        let mut world = self.world();
        world.begin(Call::RoomAnswer)?;
        number_of(event)
            .and_then(|number| world.events.get(&number))
            .filter(|event| !event.gone)
            .map(|event| event.response)
            .ok_or_else(|| ProviderError::NotFound {
                context: "event".to_owned(),
            })
    }

    async fn find_event(
        &self,
        actor: &Actor,
        room: &MailboxAddress,
        range: TimeRange,
        which: Which,
    ) -> Result<Option<(EventRef, RoomResponse)>, ProviderError> {
        let mut world = self.world();
        world.begin(Call::FindEvent)?;
        let organizer = world.organizer(actor)?;
        Ok(world
            .events
            .iter()
            .find(|(_, event)| {
                !event.gone
                    && event.organizer == organizer
                    && event.room == *room
                    && event.range == range
                    && match which {
                        Which::WrittenFor(id) => event.reservation == Some(id),
                        Which::SentByPerson => event.reservation.is_none(),
                    }
            })
            .map(|(number, event)| (event_ref(*number, event), event.response)))
    }

    async fn cancel_event(
        &self,
        _actor: &Actor,
        event: &EventRef,
        _note: &str,
    ) -> Result<(), ProviderError> {
        self.world().begin(Call::CancelEvent)?;
        if let Some(number) = number_of(event) {
            self.remove(number);
        }
        Ok(())
    }

    async fn subscribe(
        &self,
        room: &MailboxAddress,
        target: &NotificationTarget,
    ) -> Result<Subscription, ProviderError> {
        let mut world = self.world();
        world.begin(Call::Subscribe)?;
        if !world.push {
            return Err(ProviderError::Unsupported {
                context: "subscriptions",
            });
        }
        Ok(world.subscribe(room, target.until))
    }

    async fn renew(
        &self,
        id: &SubscriptionId,
        until: Instant,
    ) -> Result<Subscription, ProviderError> {
        let mut world = self.world();
        world.begin(Call::Renew)?;
        if !world.subscriptions.contains_key(&id.0) {
            return Err(ProviderError::NotFound {
                context: "subscription".to_owned(),
            });
        }
        let id = id.clone();
        Ok(Subscription { id, until })
    }

    async fn unsubscribe(&self, id: &SubscriptionId) -> Result<(), ProviderError> {
        self.world().subscriptions.remove(&id.0);
        Ok(())
    }

    async fn adopt_assertion(
        &self,
        _person: &PersonId,
        _assertion: &SecretString,
    ) -> Result<(), ProviderError> {
        Ok(())
    }
}
