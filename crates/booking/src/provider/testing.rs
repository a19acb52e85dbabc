//! A provider in memory, for tests of the engine: no sockets, and nothing happens until told.

mod calendars;
mod editing;
mod hostile_day;
mod series;
mod world;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use secrecy::SecretString;

use super::{Letter, ProviderError, ProviderRoom, RoomResponse, SubscriptionId};
use crate::ids::{MailboxAddress, ReservationId, SeriesId};
use crate::person::PersonId;
use crate::time::{Clock, Instant, TimeRange};
use hostile_day::HostileDay;
use world::World;

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
    /// The room is no longer invited, though the meeting stands.
    pub released: bool,
    /// What the location line says.
    pub location: String,
    /// The series that it is a date of, and when the pattern has it start. `None`: of none.
    pub series: Option<(SeriesId, Instant)>,
    /// Whether its room was asked about all dates at once, and answers all alike.
    pub is_asked_whole: bool,
}

/// A method of the provider, for faults and counts.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[expect(missing_docs, reason = "each is named after the method it stands for")]
pub enum Call {
    Rooms,
    Changes,
    WholeCalendar,
    BusyTimes,
    Preflight,
    CreateEvent,
    RoomAnswer,
    FindEvent,
    OwnEvent,
    EditEvent,
    CancelEvent,
    CreateSeries,
    FindSeries,
    SeriesDates,
    DeleteEvent,
    SendLetter,
    DeclineAsRoom,
    Subscribe,
    Renew,
    Unsubscribe,
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

    /// From now on it is a bad day: of all calls 10 % are throttled and told when to ask again, 5 % fail, and 2 % lose
    /// their connection, half of them when what they asked for is done. The seed decides which.
    pub fn begin_hostile_day(&self, seed: u64, clock: Arc<dyn Clock>) {
        self.world().hostile_day = Some(HostileDay::new(seed, clock));
    }

    /// Nothing strikes by chance any more.
    pub fn end_hostile_day(&self) {
        self.world().hostile_day = None;
    }

    /// From now on the list of rooms does not end: so many links lead on, and then the first again.
    pub fn set_endless_rooms(&self, links: u32) {
        self.world().rooms_links = Some(links);
    }

    /// The next reading of the room tells that something in its calendar cannot be read.
    pub fn set_unclear(&self, room: &MailboxAddress, words: &str) {
        self.world().unclear.insert(room.clone(), words.to_owned());
    }

    /// From now on changes of events are taken and do not show, as where one mailbox server is behind another; or they show.
    pub fn set_forgetful(&self, forgetful: bool) {
        self.world().forgetful = forgetful;
    }

    /// From now on events that repeat are written and do not show, as just after that; or they show.
    pub fn set_slow_to_show(&self, slow: bool) {
        self.world().slow_to_show = slow;
    }

    /// From now on nobody can read when an event is.
    pub fn make_illegible(&self, number: u64) {
        self.world().illegible.insert(number);
    }

    /// How many calls a hostile day has struck.
    pub fn struck(&self) -> usize {
        self.world().struck
    }

    /// How often a method was called. What a hostile day has struck does not count.
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
    pub fn subscribed(&self) -> BTreeSet<MailboxAddress> {
        let world = self.world();
        let promised = world.subscriptions.iter();
        promised.map(|(_, room, _)| room.clone()).collect()
    }

    /// What a genuine notification about the room carries: the subscription, and what only the calendar system was told.
    /// Of several the newest counts: those before it are of calls whose answer was lost. `None`: it promised none.
    pub fn notification_of(&self, room: &MailboxAddress) -> Option<(SubscriptionId, SecretString)> {
        let world = self.world();
        let mut promised = world.subscriptions.iter().rev();
        let (id, _, state) = promised.find(|(_, of, _)| of == room)?;
        Some((id.clone(), state.clone()))
    }

    /// A promise to notify ends without a word.
    pub fn lose_subscription(&self, id: &SubscriptionId) {
        self.world().subscriptions.retain(|(one, ..)| one != id);
    }

    /// Makes a room's schedule unreadable, or readable again.
    pub fn set_unreadable(&self, room: &MailboxAddress, unreadable: bool) {
        let mut world = self.world();
        world.unreadable.retain(|one| one != room);
        if unreadable {
            world.unreadable.push(room.clone());
        }
    }

    /// Moves a room's mailbox out of the cloud, where only free and busy can be read, or back.
    pub fn set_on_premises(&self, room: &MailboxAddress, on_premises: bool) {
        let mut world = self.world();
        world.on_premises.retain(|one| one != room);
        if on_premises {
            world.on_premises.push(room.clone());
        }
    }

    /// The last change of an event is never told to who resumes; only who reads everything sees what came of it.
    pub fn keep_silent_about(&self, number: u64) {
        if let Some(event) = self.world().events.get_mut(&number) {
            event.changed = 0;
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

    /// Its organizer moves an event in Outlook: the room has to answer anew.
    pub fn move_to(&self, number: u64, range: TimeRange) {
        self.world().reschedule(number, range);
    }

    /// Its organizer invites another room in its place.
    pub fn move_to_room(&self, number: u64, room: &MailboxAddress) {
        let room = super::Invited::room(room, "");
        self.world().invite(number, &[room]);
    }

    /// Its room answers so, whatever it has answered before.
    pub fn answer(&self, number: u64, response: RoomResponse) {
        self.world()
            .touch(number, |event| event.response = response);
    }

    /// The number of the one event that stands at exactly that time. `None`: there is none.
    pub fn number_at(&self, range: TimeRange) -> Option<u64> {
        let world = self.world();
        let mut there = world.events.iter();
        let found = there.find(|(_, event)| !event.gone && event.range == range);
        found.map(|(number, _)| *number)
    }

    /// An event vanishes, as when somebody deletes it in Outlook.
    pub fn remove(&self, number: u64) {
        self.world().remove(number);
    }

    /// Every event at exactly that time vanishes.
    pub fn remove_between(&self, range: TimeRange) {
        let mut world = self.world();
        let at = |event: &FakeEvent| event.range == range && !event.gone;
        let there = world.events.iter().filter(|(_, event)| at(event));
        let numbers: Vec<u64> = there.map(|(number, _)| *number).collect();
        for number in numbers {
            world.remove(number);
        }
    }

    /// What vanished at exactly that time stands again, as where a change of a series brings its dates back.
    pub fn bring_back(&self, range: TimeRange) {
        let mut world = self.world();
        for event in world.events.values_mut() {
            event.gone &= event.range != range;
        }
    }

    /// Every room answers what it was asked, in the order of asking.
    pub fn attend(&self) {
        let mut world = self.world();
        let open: Vec<u64> = world
            .events
            .iter()
            .filter(|(_, event)| {
                !event.gone && !event.released && event.response == RoomResponse::None
            })
            .map(|(number, _)| *number)
            .collect();
        for number in open {
            world.attend(number);
        }
    }

    /// The next letter is taken, and nobody hears of it.
    pub fn lose_answer_to_next_letter(&self) {
        self.world().unheard_letters += 1;
    }

    /// The letters that were taken.
    pub fn letters(&self) -> Vec<Letter> {
        self.world().letters.clone()
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
