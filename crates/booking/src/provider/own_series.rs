//! Events that repeat and that Etage writes, as their organizer has them.

use crate::event::EventRef;
use crate::ids::{MailboxAddress, SeriesId};
use crate::provider::{OwnEvent, RoomResponse};
use crate::recurrence::Series;
use crate::time::{Instant, TimeRange, ZoneName};

/// An event that repeats, to be written.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SeriesDraft {
    /// Ties retries together: one event per series.
    pub series: SeriesId,
    /// Subject; plain text.
    pub subject: String,
    /// When it repeats. It has an end.
    pub pattern: Series,
    /// The zone on whose walls that is told. The event is written in it, never in UTC, which knows no clock changes.
    pub zone: ZoneName,
    /// The same as exact times, in order, for who expands no patterns.
    pub dates: Vec<TimeRange>,
    /// The room that all dates are to be in, and its name. `None`: nobody is invited.
    pub room: Option<(MailboxAddress, String)>,
}

/// One date of an event that repeats.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct OwnDate {
    /// How it is found again.
    pub event: EventRef,
    /// When the pattern has it start, wherever it was moved.
    pub original_start: Instant,
    /// What it says by itself.
    pub own: OwnEvent,
    /// How each of those invited has answered, by address as the event has it.
    pub answers: Vec<(String, RoomResponse)>,
}

impl OwnDate {
    /// How this room has answered. `None`: it is not invited.
    pub fn answer_of(&self, room: &MailboxAddress) -> Option<RoomResponse> {
        let is_room =
            |address: &str| MailboxAddress::parse(address).is_ok_and(|address| address == *room);
        let found = self.answers.iter().find(|(address, _)| is_room(address));
        found.map(|(_, answer)| *answer)
    }
}
