//! What is on in a room over one day, as it is shown to whoever opens the room.

use serde::{Deserialize, Serialize};

use crate::mirror::{Reading, RoomMirror};
use crate::time::TimeRange;

/// Most meetings that one day is shown with. Who books a room every few minutes gets no longer list.
pub const MEETINGS_MAX: usize = 100;

/// One day of a room.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct RoomDay {
    /// From midnight to midnight by the clock of the room's building.
    pub day: TimeRange,
    /// What takes the room on that day, by start; at most [`MEETINGS_MAX`].
    pub meetings: Vec<Meeting>,
    /// How true that is. `None`: the room has no calendar.
    pub mirror: Option<RoomMirror>,
    /// What of the room's calendar can be read.
    pub reading: Reading,
}

/// Something that takes a room.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Meeting {
    /// When, also beyond the day.
    pub range: TimeRange,
    /// How firmly.
    pub kind: MeetingKind,
    /// Who called it, in the eyes of whoever asks.
    pub who: Who,
}

/// How firmly a meeting takes the room.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MeetingKind {
    /// The room has accepted it.
    Accepted,
    /// Asked for, not yet decided.
    Tentative,
    /// On its way: its calendar does not show it yet.
    Held,
}

/// Who called a meeting.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Who {
    /// Whoever asks.
    You,
    /// Somebody, by the name that the calendar shows.
    Named(String),
    /// Somebody of whom the calendar does not say who it is: no organizer is named any more, or only free and busy can be
    /// read, or it was put straight into the room's calendar.
    Unknown,
    /// The tenant does not want it told, or only the room's calendar will tell it.
    NotTold,
}
