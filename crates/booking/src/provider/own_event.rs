//! Events that people and Etage write, as their organizer has them.

use crate::ids::{MailboxAddress, ReservationId};
use crate::provider::RoomResponse;
use crate::time::{TimeRange, ZoneName};

/// An event to be written.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct EventDraft {
    /// Ties retries together: one event per reservation.
    pub reservation: ReservationId,
    /// Subject; plain text.
    pub subject: String,
    /// When.
    pub range: TimeRange,
    /// The zone the event is written in, so that Outlook shows it in the building's time.
    pub zone: ZoneName,
    /// The room to invite.
    pub room: MailboxAddress,
    /// Its name, for the location line.
    pub room_name: String,
    /// Further people to invite.
    pub attendees: Vec<MailboxAddress>,
}

/// Which event is looked for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Which {
    /// Only the one we wrote for this reservation, and can prove it.
    WrittenFor(ReservationId),
    /// The one the person sent themself.
    SentByPerson,
}

/// What the organizer's copy of an event says.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct OrganizerCopy {
    /// How the room answered.
    pub response: RoomResponse,
    /// When the event is. `None`: that cannot be read.
    pub range: Option<TimeRange>,
}
