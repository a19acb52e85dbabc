//! Is a draft's room still to be had, now that it is sent or moved? Asked by Outlook itself, while no pane need be open.
//!
//! The question is the hold made once more: Exchange's live word and the store's guard, and who gets it has the room for as
//! long as the invitation is on its way. So two people of ours who send at once are told apart here and not by the room.
//! Whatever keeps us from an answer is [`DraftCheck::Unknown`]: then the person sends, and the room decides.

use std::sync::Arc;
use std::time::Duration;

use booking::BookingError;
use booking::ids::MailboxAddress;
use booking::mirror::Reading;
use booking::reservation::ReservationState;
use booking::room::Room;
use booking::rules::{self, Refusal};
use booking::search::RoomQuery;
use booking::time::TimeRange;

use crate::place_reservation::wanted_for;
use crate::ticket::Ticket;
use crate::{Engine, Error};

/// Most rooms named to be taken instead.
const INSTEAD_MAX: usize = 2;

/// A draft as Outlook's form shows it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct DraftNow {
    /// When it is; of a series, its first meeting.
    pub range: TimeRange,
    /// The rooms in it.
    pub rooms: Vec<MailboxAddress>,
    /// People who will come, the organizer included.
    pub people: u32,
}

/// What there is to say of a draft's room.
#[derive(Clone, PartialEq, Debug)]
pub enum DraftCheck {
    /// It is free, and held if it may be held.
    Free,
    /// There is nothing to ask: the room is no longer in the draft, is gone, or the rules let nobody have it at that time.
    NothingToAsk,
    /// Nobody said in time whether it is free.
    Unknown,
    /// The room is taken, and its calendar does not say by whom: of a meeting that was sent before, perhaps by itself.
    PerhapsOwn {
        /// The room, for its name and zone.
        room: Box<Room>,
        /// When it is taken; never empty.
        refusals: Vec<Refusal>,
    },
    /// Something is in the way.
    Taken {
        /// The room, for its name and zone.
        room: Box<Room>,
        /// What is in the way; never empty.
        refusals: Vec<Refusal>,
        /// Rooms to take instead, the best first, out of memory. May be empty.
        instead: Vec<Room>,
    },
}

/// When the room is the person's own.
#[derive(Default)]
struct Own {
    /// As its calendar shows it.
    shown: Vec<TimeRange>,
    /// As we have promised it.
    promised: Vec<TimeRange>,
}

impl Own {
    /// Whether this keeps the person from the room. What they hold says nothing of what the calendar shows for the same
    /// time: that may be somebody else's by now.
    fn leaves_in_the_way(&self, refusal: &Refusal) -> bool {
        match refusal {
            Refusal::Taken { range, .. } => !self.shown.contains(range),
            Refusal::Held { range } => !self.promised.contains(range),
            _ => false,
        }
    }
}

impl Engine {
    /// Asks for a draft that is being sent.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn check_draft(
        self: &Arc<Self>,
        ticket: &Ticket,
        draft: &DraftNow,
    ) -> Result<DraftCheck, Error> {
        let Ok(room) = self.offered_room(ticket.room) else {
            return Ok(DraftCheck::NothingToAsk);
        };
        let mailbox = room.link.as_ref().map(|link| &link.mailbox);
        let is_invited = mailbox.is_some_and(|mailbox| draft.rooms.contains(mailbox));
        let refused_by_rules = rules::time_refusals(draft.range, self.clock.now());
        if !is_invited || !refused_by_rules.is_empty() {
            return Ok(DraftCheck::NothingToAsk);
        }
        let Some(against) = self.against(ticket, &room, draft.range).await? else {
            return Ok(DraftCheck::Unknown);
        };
        let own = self.own(ticket, &room, draft.range).await?;
        let mut refusals = against;
        refusals.retain(|refusal| own.leaves_in_the_way(refusal));
        if refusals.is_empty() {
            return Ok(DraftCheck::Free);
        }
        if self.may_be_own(&room, &refusals).await? {
            let room = Box::new(room);
            return Ok(DraftCheck::PerhapsOwn { room, refusals });
        }
        Ok(DraftCheck::Taken {
            instead: self.instead_of(&room, ticket, draft),
            room: Box::new(room),
            refusals,
        })
    }

    /// Asks for a draft whose time was changed. Its hold goes with it, or is given up where the room is taken then.
    ///
    /// # Errors
    /// As [`Engine::check_draft`].
    pub async fn move_draft(
        self: &Arc<Self>,
        ticket: &Ticket,
        draft: &DraftNow,
    ) -> Result<DraftCheck, Error> {
        let told = self.check_draft(ticket, draft).await?;
        if matches!(told, DraftCheck::Taken { .. }) {
            self.drop_hold(&ticket.person, ticket.draft).await?;
        }
        Ok(told)
    }

    /// What is against having the room then. `None`: nobody said in time.
    async fn against(
        self: &Arc<Self>,
        ticket: &Ticket,
        room: &Room,
        range: TimeRange,
    ) -> Result<Option<Vec<Refusal>>, Error> {
        let patience = Duration::from_millis(self.settings.patience_sending_ms);
        let held = self.hold_within(&ticket.person, ticket.draft, room.id, range, patience);
        let refusals = match held.await {
            Ok(_) => Vec::new(),
            Err(Error::Booking(BookingError::Refused(refusals))) => refusals,
            // It may not be held, which says nothing of its calendar.
            Err(Error::Booking(
                BookingError::HeldTooLong { .. } | BookingError::TooManyHolds { .. },
            )) => match self.refusals_now(room, &wanted_for(range), patience).await {
                Ok(refusals) => refusals,
                Err(_unanswered) => return Ok(None),
            },
            Err(Error::Provider { .. }) => return Ok(None),
            Err(error) => return Err(error),
        };
        let is_unreadable = refusals.contains(&Refusal::ScheduleUnreadable);
        Ok((!is_unreadable).then_some(refusals))
    }

    /// When the room is the person's own already, around that time: a meeting that was sent before is not in its own way.
    async fn own(&self, ticket: &Ticket, room: &Room, range: TimeRange) -> Result<Own, Error> {
        let mut own = self.own_reservations(ticket, room);
        for busy in self.store.busy_times_of(room.id, range).await? {
            let organizer = busy.organizer.and_then(|organizer| organizer.address);
            if organizer.as_ref() == Some(&ticket.person.address) {
                own.shown.push(busy.range);
            }
        }
        Ok(own)
    }

    /// Whether this is told by a calendar that names nobody.
    async fn may_be_own(&self, room: &Room, refusals: &[Refusal]) -> Result<bool, Error> {
        let is_told = |refusal: &Refusal| matches!(refusal, Refusal::Taken { .. });
        if !refusals.iter().all(is_told) {
            return Ok(false);
        }
        let sync = self.store.room_sync(room.id).await?;
        Ok(sync.is_some_and(|sync| sync.standing.reading == Reading::FreeBusyOnly))
    }

    fn own_reservations(&self, ticket: &Ticket, room: &Room) -> Own {
        let now = self.clock.now();
        let world = self.index.read();
        let ours = world
            .room(room.id)
            .map(|(building, _)| building.ours(room.id));
        let mut own = Own::default();
        for one in ours.unwrap_or_default() {
            if one.person != ticket.person.id {
                continue;
            }
            if one.state == ReservationState::Confirmed {
                own.shown.push(one.range);
            }
            // A hold that has lapsed may be followed by somebody else's for the very same time.
            if one.expires_at.is_none_or(|expires_at| expires_at > now) {
                own.promised.push(one.range);
            }
        }
        own
    }

    fn instead_of(&self, room: &Room, ticket: &Ticket, draft: &DraftNow) -> Vec<Room> {
        let query = RoomQuery {
            building: Some(room.building),
            people: draft.people,
            ..RoomQuery::any_room(draft.range)
        };
        // Without any the person still knows that the room is taken.
        let Ok(found) = self.find_rooms(&ticket.person, &query, Some(room.floor)) else {
            return Vec::new();
        };
        let others = found.hits.iter().filter(|hit| hit.room != room.id);
        others
            .filter_map(|hit| self.room(hit.room).ok())
            .take(INSTEAD_MAX)
            .collect()
    }
}
