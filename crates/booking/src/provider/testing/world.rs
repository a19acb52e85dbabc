//! What the fake calendar system holds.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::fmt::Display;

use super::hostile_day::{Answer, HostileDay};
use super::series::FakeSeries;
use super::{Call, FakeEvent};
use crate::event::{BusyKind, BusyTime, EventRef, Organizer};
use crate::ids::{MailboxAddress, ReservationId, SeriesId};
use crate::person::PersonId;
use crate::provider::{
    Actor, Letter, NotificationTarget, PageToken, ProviderError, ProviderRoom, RoomResponse,
    Subscription, SubscriptionId,
};
use crate::time::TimeRange;
use secrecy::SecretString;

#[derive(Debug, Default)]
pub(super) struct World {
    pub(super) rooms: Vec<ProviderRoom>,
    pub(super) events: BTreeMap<u64, FakeEvent>,
    pub(super) change: u64,
    /// Events that repeat, their dates apart.
    pub(super) series: BTreeMap<SeriesId, FakeSeries>,
    /// Events that left a room for another one: the room, the event's number, and that of the change.
    pub(super) left: Vec<(MailboxAddress, u64, u64)>,
    pub(super) faults: VecDeque<(Call, ProviderError)>,
    /// `None`: nothing strikes by chance.
    pub(super) hostile_day: Option<HostileDay>,
    /// Calls that a hostile day has struck.
    pub(super) struck: usize,
    pub(super) unreadable: Vec<MailboxAddress>,
    /// Mailboxes that are not in the cloud: only their free and busy can be read.
    pub(super) on_premises: Vec<MailboxAddress>,
    /// Told with the next reading of these rooms.
    pub(super) unclear: BTreeMap<MailboxAddress, String>,
    /// Events whose times nobody can read.
    pub(super) illegible: BTreeSet<u64>,
    /// How many links lead on in the list of rooms before they repeat. `None`: it has one page.
    pub(super) rooms_links: Option<u32>,
    /// Changes of events are taken and do not show.
    pub(super) forgetful: bool,
    /// Events that repeat are written and do not show.
    pub(super) slow_to_show: bool,
    pub(super) calls: Vec<Call>,
    pub(super) people: BTreeMap<PersonId, MailboxAddress>,
    /// Letters that were taken.
    pub(super) letters: Vec<Letter>,
    /// So many answers to letters that come next are lost.
    pub(super) unheard_letters: u32,
    pub(super) push: bool,
    /// Promises to notify of a room with what only it was told, the newest last.
    pub(super) subscriptions: Vec<(SubscriptionId, MailboxAddress, SecretString)>,
}

impl World {
    pub(super) fn add(
        &mut self,
        reservation: Option<ReservationId>,
        organizer: MailboxAddress,
        room: MailboxAddress,
        range: TimeRange,
        response: RoomResponse,
    ) -> u64 {
        self.change += 1;
        let number = self.change;
        self.events.insert(
            number,
            FakeEvent {
                reservation,
                organizer,
                room,
                range,
                response,
                changed: number,
                gone: false,
                released: false,
                location: String::new(),
                series: None,
                is_asked_whole: false,
            },
        );
        number
    }

    pub(super) fn attend(&mut self, number: u64) {
        self.change += 1;
        let change = self.change;
        let Some(asked) = self.events.get(&number).cloned() else {
            return;
        };
        let wanted = self.asked_with(&asked);
        let taken = self.events.iter().any(|(other, event)| {
            *other != number
                && !(asked.is_asked_whole && is_of_one_series(event, &asked))
                && event.invites(&asked.room)
                && event.response == RoomResponse::Accepted
                && wanted.iter().any(|wanted| event.range.overlaps(*wanted))
        });
        if let Some(event) = self.events.get_mut(&number) {
            event.changed = change;
            event.response = if taken {
                RoomResponse::Declined
            } else {
                RoomResponse::Accepted
            };
        }
    }

    /// What happens to a call about something, before anything comes of it.
    pub(super) fn begin(
        &mut self,
        call: Call,
        about: &dyn Display,
    ) -> Result<Answer, ProviderError> {
        let met = match &mut self.hostile_day {
            Some(day) => day.meet(call, about),
            None => Ok(Answer::Arrives),
        };
        if !matches!(met, Ok(Answer::Arrives)) {
            self.struck += 1;
            return met;
        }
        self.calls.push(call);
        let scripted = self.faults.iter().position(|(wanted, _)| *wanted == call);
        match scripted.and_then(|at| self.faults.remove(at)) {
            Some((_, error)) => Err(error),
            None => met,
        }
    }

    /// Events of a room that stand, and whose times nobody can read.
    pub(super) fn illegible_in(&self, room: &MailboxAddress) -> impl Iterator<Item = u64> {
        let illegible = self.illegible.iter().copied();
        illegible.filter(|number| {
            let event = self.events.get(number);
            event.is_some_and(|event| event.room == *room && !event.gone)
        })
    }

    pub(super) fn link_after(&self, page: Option<&PageToken>) -> Option<PageToken> {
        let read: u32 = page.map_or(0, |PageToken(link)| link.parse().unwrap_or(0));
        let links = self.rooms_links?.max(1);
        Some(PageToken(((read + 1) % links).to_string()))
    }

    pub(super) fn remove(&mut self, number: u64) {
        self.change += 1;
        if let Some(event) = self.events.get_mut(&number) {
            event.gone = true;
            event.changed = self.change;
        }
    }

    pub(super) fn subscribe(
        &mut self,
        room: &MailboxAddress,
        target: &NotificationTarget,
    ) -> Subscription {
        self.change += 1;
        let id = SubscriptionId(format!("subscription-{}", self.change));
        let promised = (id.clone(), room.clone(), target.client_state.clone());
        self.subscriptions.push(promised);
        let until = target.until;
        Subscription { id, until }
    }

    pub(super) fn in_cloud(&self, room: &MailboxAddress) -> Result<(), ProviderError> {
        if self.on_premises.contains(room) {
            return Err(ProviderError::NotFound {
                context: "the mailbox is hosted on-premise".to_owned(),
            });
        }
        Ok(())
    }

    pub(super) fn organizer(&self, actor: &Actor) -> Result<MailboxAddress, ProviderError> {
        let known = match actor {
            Actor::Person(id) => self.people.get(id).cloned(),
            Actor::OnBehalf { caller, owner } => self.people.get(caller).map(|_| owner.clone()),
            Actor::BookingMailbox => MailboxAddress::parse("booking@contoso.com").ok(),
        };
        known.ok_or_else(|| ProviderError::SignInBroken {
            context: "no such person".to_owned(),
        })
    }
}

fn is_of_one_series(one: &FakeEvent, other: &FakeEvent) -> bool {
    one.series.map(|(series, _)| series) == other.series.map(|(series, _)| series)
}

pub(super) fn event_ref(number: u64, event: &FakeEvent) -> EventRef {
    EventRef {
        mailbox: event.organizer.clone(),
        event_id: format!("own-{number}"),
        ical_uid: format!("uid-{number}"),
    }
}

pub(super) fn number_of(event: &EventRef) -> Option<u64> {
    event.ical_uid.strip_prefix("uid-")?.parse().ok()
}

/// The room's copy of an event.
pub(super) fn busy_time(number: u64, event: &FakeEvent) -> BusyTime {
    BusyTime {
        event_id: event_id(number),
        ical_uid: Some(format!("uid-{number}")),
        series_id: None,
        range: event.range,
        kind: kind(event),
        organizer: Some(Organizer {
            display_name: event.organizer.to_string(),
            address: Some(event.organizer.clone()),
        }),
    }
}

/// Id of the room's copy.
pub(super) fn event_id(number: u64) -> String {
    format!("room-{number}")
}

pub(super) fn blocks(event: &FakeEvent) -> bool {
    !event.gone && !event.released && event.response != RoomResponse::Declined
}

pub(super) fn kind(event: &FakeEvent) -> BusyKind {
    if event.response == RoomResponse::Accepted {
        BusyKind::Busy
    } else {
        BusyKind::Tentative
    }
}
