//! The seam to the systems that keep the calendars.
//!
//! One trait, one vocabulary. Graph and Exchange Web Services each implement it in one file;
//! differences between them are data ([`Capabilities`]), never branches on which one it is.

mod error;
mod letter;
mod own_event;
mod own_series;
#[cfg(any(test, feature = "testing"))]
pub mod testing;

use std::collections::BTreeSet;
use std::time::Duration;

use async_trait::async_trait;
use secrecy::SecretString;
use serde::{Deserialize, Serialize};

use crate::event::{BusyTime, EventRef};
use crate::ids::{MailboxAddress, SeriesId};
use crate::person::PersonId;
use crate::room::EquipmentSet;
use crate::time::{Instant, TimeRange};

pub use self::error::{MailboxFault, MailboxRole, ProviderError};
pub use self::letter::{Letter, Posted};
pub use self::own_event::{
    EventDraft, EventEdit, EventVersion, Invited, InvitedAs, LocationLine, OrganizerCopy, OwnEvent,
    Which,
};
pub use self::own_series::{OwnDate, SeriesDraft};

/// A way into one tenant's calendars.
#[async_trait]
pub trait CalendarProvider: Send + Sync {
    /// What this provider can and cannot do.
    fn capabilities(&self) -> Capabilities;

    /// The name under which the calendar system's administrators know us, for what they have to run. `None`: it has no such
    /// names.
    fn application(&self) -> Option<String> {
        None
    }

    /// For how long yet the calendar system has asked us to leave this mailbox alone. `None`: it has not.
    fn asked_to_wait(&self, mailbox: &MailboxAddress) -> Option<Duration> {
        let _one_that_never_asks = mailbox;
        None
    }

    /// The tenant's rooms, a page at a time. `page`: `None` for the first.
    async fn rooms(&self, page: Option<PageToken>) -> Result<RoomPage, ProviderError>;

    /// What changed in a room's calendar since the cursor; without one, everything in the window.
    ///
    /// Call again with [`ChangePage::next`] until it is [`Next::Done`]. The window is fixed by the
    /// first call of a round where [`Capabilities::cursor_window_fixed`].
    async fn changes(
        &self,
        room: &MailboxAddress,
        window: TimeRange,
        since: Option<&SyncCursor>,
    ) -> Result<ChangePage, ProviderError>;

    /// The meetings of these series of a room within the window, or that a series is gone. Asked once in a round of changes,
    /// after its last page, for what its pages named in [`ChangePage::series`]. A calendar system that tells series in full
    /// is never asked.
    async fn series(
        &self,
        room: &MailboxAddress,
        window: TimeRange,
        ids: &[String],
    ) -> Result<SeriesRead, ProviderError>;

    /// Everything that takes a room within the window, read without a cursor and by another way than
    /// [`CalendarProvider::changes`]: what the mirror is compared with. What the room declined is left out.
    async fn whole_calendar(
        &self,
        room: &MailboxAddress,
        window: TimeRange,
    ) -> Result<WholeCalendar, ProviderError>;

    /// When the rooms are taken, by the calendar system's own word. At most
    /// [`Capabilities::rooms_per_schedule`] rooms; the answers come in the order of the question.
    async fn busy_times(
        &self,
        rooms: &[MailboxAddress],
        window: TimeRange,
    ) -> Result<Vec<RoomBusyTimes>, ProviderError>;

    /// Whether we may act as the actor now, as far as can be said without touching a calendar.
    async fn knows(&self, actor: &Actor) -> Result<(), ProviderError>;

    /// Whether events could be written as the actor now: that we may act as them, that their calendar is there, and that it
    /// may be written. Writes nothing.
    async fn preflight(&self, actor: &Actor) -> Result<(), ProviderError>;

    /// Writes an event with the room invited. Doing it twice for one
    /// [`EventDraft::reservation`] makes one event.
    async fn create_event(
        &self,
        actor: &Actor,
        draft: &EventDraft,
    ) -> Result<EventRef, ProviderError>;

    /// How a room answered an event of ours, and when that is now, read from the organizer's copy.
    async fn room_answer(
        &self,
        actor: &Actor,
        event: &EventRef,
        room: &MailboxAddress,
    ) -> Result<OrganizerCopy, ProviderError>;

    /// An event of the actor's own at exactly that time that invites the room. `None`: there is none.
    async fn find_event(
        &self,
        actor: &Actor,
        room: &MailboxAddress,
        range: TimeRange,
        which: Which,
    ) -> Result<Option<(EventRef, RoomResponse)>, ProviderError>;

    /// An event of the actor's own as it is now. `None`: it is gone, or cancelled.
    async fn own_event(
        &self,
        actor: &Actor,
        event: &EventRef,
    ) -> Result<Option<OwnEvent>, ProviderError>;

    /// Changes an event of the actor's own, as long as it is of that version: [`ProviderError::Conflict`] where
    /// somebody changed it meanwhile, [`ProviderError::NotFound`] where it is gone.
    async fn edit_event(
        &self,
        actor: &Actor,
        event: &EventRef,
        version: &EventVersion,
        edit: &EventEdit,
    ) -> Result<(), ProviderError>;

    /// Cancels an event of ours. An event that is gone already is a success.
    async fn cancel_event(
        &self,
        actor: &Actor,
        event: &EventRef,
        note: &str,
    ) -> Result<(), ProviderError>;

    /// Writes an event that repeats. Doing it twice for one [`SeriesDraft::series`] makes one.
    async fn create_series(
        &self,
        _actor: &Actor,
        _draft: &SeriesDraft,
    ) -> Result<EventRef, ProviderError> {
        Err(NO_SERIES)
    }

    /// The event that was written for a series and has dates within the window. `None`: there is none.
    async fn find_series(
        &self,
        _actor: &Actor,
        _series: SeriesId,
        _window: TimeRange,
    ) -> Result<Option<EventRef>, ProviderError> {
        Err(NO_SERIES)
    }

    /// The dates within the window of an event of the actor's own that repeats, in no order. `None`: it is gone.
    async fn series_dates(
        &self,
        _actor: &Actor,
        _series: &EventRef,
        _window: TimeRange,
    ) -> Result<Option<Vec<OwnDate>>, ProviderError> {
        Err(NO_SERIES)
    }

    /// Deletes an event of the actor's own, or one date of it; who is invited is told without a word. One that is gone
    /// already is a success.
    async fn delete_event(&self, _actor: &Actor, _event: &EventRef) -> Result<(), ProviderError> {
        Err(NO_SERIES)
    }

    /// Makes a room decline an event it was invited to; the organizer's copy stays, and says so. One that has declined
    /// already is a success; [`ProviderError::NotFound`] where its calendar does not show the event.
    async fn decline_as_room(
        &self,
        _room: &MailboxAddress,
        _event: &EventRef,
        _range: TimeRange,
    ) -> Result<(), ProviderError> {
        Err(ProviderError::Unsupported {
            context: "making a room decline",
        })
    }

    /// Asks to be told of changes in a room's calendar.
    async fn subscribe(
        &self,
        room: &MailboxAddress,
        target: &NotificationTarget,
    ) -> Result<Subscription, ProviderError>;

    /// Prolongs a subscription.
    async fn renew(
        &self,
        id: &SubscriptionId,
        until: Instant,
    ) -> Result<Subscription, ProviderError>;

    /// Prolongs many, in as few requests as the calendar system allows; what became of each, in their order.
    async fn renew_all(
        &self,
        ids: &[SubscriptionId],
        until: Instant,
    ) -> Vec<Result<Subscription, ProviderError>> {
        let mut renewed = Vec::with_capacity(ids.len());
        for id in ids {
            renewed.push(self.renew(id, until).await);
        }
        renewed
    }

    /// Ends a subscription. One that is gone already is a success.
    async fn unsubscribe(&self, id: &SubscriptionId) -> Result<(), ProviderError>;

    /// Sends a letter from the booking mailbox. An error says that it certainly did not go.
    async fn send_letter(&self, _letter: &Letter) -> Result<Posted, ProviderError> {
        Err(ProviderError::Unsupported {
            context: "sending letters",
        })
    }

    /// Whether letters could be sent from the booking mailbox, tried without sending one.
    async fn check_letters(&self) -> Result<(), ProviderError> {
        Err(ProviderError::Unsupported {
            context: "sending letters",
        })
    }

    /// Turns the token the Outlook pane showed us into a lasting permission to act as that person
    /// (on-behalf-of), and keeps it with the [`GrantKeeper`].
    async fn adopt_assertion(
        &self,
        person: &PersonId,
        assertion: &SecretString,
    ) -> Result<(), ProviderError>;
}

/// What a provider says that writes no series.
const NO_SERIES: ProviderError = ProviderError::Unsupported {
    context: "writing a series",
};

/// What a provider can do.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Capabilities {
    /// Tells of changes by itself. Without it, rooms are polled.
    pub push: bool,
    /// Knows buildings and floors.
    pub place_hierarchy: bool,
    /// The window of a cursor cannot be moved; a new round is needed to roll it.
    pub cursor_window_fixed: bool,
    /// Events can be read, not only free and busy.
    pub events_readable: bool,
    /// Rooms that one [`CalendarProvider::busy_times`] may ask about.
    pub rooms_per_schedule: u32,
}

/// In whose name a write is made.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Actor {
    /// The person, with the permission they gave us.
    Person(PersonId),
    /// The person, in the calendar of somebody who lets them write there.
    OnBehalf {
        /// Who writes.
        caller: PersonId,
        /// Whose calendar it is.
        owner: MailboxAddress,
    },
    /// The booking mailbox, in the application's name or as an account of its own, by the connection's settings.
    BookingMailbox,
}

/// Where the lasting permissions of people are kept (sealed).
#[async_trait]
pub trait GrantKeeper: Send + Sync {
    /// The person's refresh token. `None`: they never signed in, or must again.
    async fn grant(&self, person: &PersonId) -> Result<Option<SecretString>, ProviderError>;

    /// Keeps a newer one.
    async fn keep(
        &self,
        person: &PersonId,
        refresh_token: &SecretString,
    ) -> Result<(), ProviderError>;

    /// Forgets it, because the identity provider refused it for good.
    async fn forget(&self, person: &PersonId) -> Result<(), ProviderError>;
}

/// Where to go on reading a list of rooms. Opaque.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PageToken(pub String);

/// Some of the tenant's rooms.
#[derive(Clone, PartialEq, Debug)]
pub struct RoomPage {
    /// The rooms.
    pub rooms: Vec<ProviderRoom>,
    /// Where to go on. `None`: that was all.
    pub next: Option<PageToken>,
}

/// A room as the tenant describes it.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct ProviderRoom {
    /// Its resource mailbox.
    pub mailbox: MailboxAddress,
    /// Its name in the address book.
    pub display_name: String,
    /// Building, as free text.
    pub building: Option<String>,
    /// Floor number as the tenant counts.
    pub floor_number: Option<i32>,
    /// Floor, as free text.
    pub floor_label: Option<String>,
    /// A short label such as a room number.
    pub label: Option<String>,
    /// Seats.
    pub capacity: Option<u32>,
    /// What is in it, as far as the tenant's words are understood.
    pub equipment: EquipmentSet,
    /// Reachable in a wheelchair.
    pub step_free: Option<bool>,
}

/// An opaque resume point: Graph's delta link, EWS's SyncState.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SyncCursor(pub String);

/// Some of what changed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ChangePage {
    /// The changes; the same event may come twice, the last word counts.
    pub changes: Vec<EventChange>,
    /// Series that changed in a way that the page does not tell: [`CalendarProvider::series`] does.
    pub series: Vec<String>,
    /// Of what is gone by `changes`: what may only have been touched outside the window. A series that does so may have
    /// meetings within all the same, which [`CalendarProvider::series`] tells.
    pub removed: Vec<String>,
    /// What of the page cannot be read, or only in part, in words that name the request and nobody's event; the rest was
    /// read. Of an event whose time is known in part, all that it may take is among the changes.
    pub unclear: Vec<String>,
    /// When each of them was made, as far as the calendar system says so; in no order.
    pub changed_at: Vec<Instant>,
    /// How to go on.
    pub next: Next,
}

/// Series of a room, read for a window.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct SeriesRead {
    /// Of each, its meetings or that it is gone.
    pub changes: Vec<EventChange>,
    /// What of them cannot be read, or only in part, as in [`ChangePage::unclear`].
    pub unclear: Vec<String>,
}

/// A room's calendar between two instants.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct WholeCalendar {
    /// What takes the room, occurrences of series one by one.
    pub busy: Vec<BusyTime>,
    /// Ids of the room's copies whose times cannot be read, or only in part. Nothing is known by comparing them.
    pub unclear: BTreeSet<String>,
    /// Whether there are further ones, whose ids cannot be read either.
    pub has_nameless: bool,
}

/// How a round of changes goes on.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Next {
    /// Ask again with this; the round is not complete.
    More(SyncCursor),
    /// The round is complete; keep this for the next one.
    Done(SyncCursor),
}

/// One change in a room's calendar.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum EventChange {
    /// The room is taken then; new or changed. The room's answer rides along.
    Busy(BusyTime, RoomResponse),
    /// The event no longer takes the room: deleted, cancelled or shown as free.
    Gone {
        /// Id of the room's own copy; of a series master, every occurrence goes with it.
        event_id: String,
    },
    /// A series changed: its occurrences in the window must all be taken from this list.
    Series {
        /// Id of the master in the room's mailbox.
        series_id: String,
        /// Every occurrence in the window; those not listed are gone.
        occurrences: Vec<(BusyTime, RoomResponse)>,
    },
}

/// How a room answered.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RoomResponse {
    /// Not yet.
    None,
    /// A person still has to decide.
    Tentative,
    /// Yes.
    Accepted,
    /// No.
    Declined,
}

/// What the calendar system says of one room.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RoomBusyTimes {
    /// The room.
    pub room: MailboxAddress,
    /// When it is taken, or why that could not be read for this room.
    pub schedule: Result<Vec<ScheduleItem>, ScheduleError>,
}

/// An interval of a schedule; carries no event id.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct ScheduleItem {
    /// When.
    pub range: TimeRange,
    /// How firmly.
    pub kind: crate::event::BusyKind,
}

/// Why one room's schedule could not be read, while others could.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("the calendar system could not read this room's schedule ({code}): {message}")]
pub struct ScheduleError {
    /// Its code.
    pub code: String,
    /// Its sentence.
    pub message: String,
    /// What that says of the mailbox. `None`: nothing that lasts.
    pub fault: Option<MailboxFault>,
}

/// Where notifications shall go.
#[derive(Clone, Debug)]
pub struct NotificationTarget {
    /// Absolute URL for change notifications.
    pub url: String,
    /// Absolute URL for lifecycle notifications.
    pub lifecycle_url: String,
    /// Comes back in every notification, so that forged ones are known.
    pub client_state: SecretString,
    /// When the subscription shall end unless renewed.
    pub until: Instant,
}

/// A subscription's id.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SubscriptionId(pub String);

/// A promise to notify us until a time.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Subscription {
    /// Its id.
    pub id: SubscriptionId,
    /// When it ends; may be earlier than asked for.
    pub until: Instant,
}
