//! The dates of a series, and what the person wants for each.

use serde::{Deserialize, Serialize};

use crate::ids::RoomId;
use crate::time::{Instant, TimeRange};

/// One date of a series.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct SeriesDate {
    /// Which date of the series, counted from 1; those that were skipped are counted too.
    pub number: u32,
    /// When the pattern has it start. It goes on naming the date after that was moved.
    pub original_start: Instant,
    /// When it takes place, unless [`Choice::Moved`] says otherwise: as the pattern has it, or, for an exception of a
    /// series that is there already, as the calendar has it.
    pub range: TimeRange,
    /// What the person wants for it.
    pub choice: Choice,
}

impl SeriesDate {
    /// When it takes place.
    pub const fn takes_place(&self) -> TimeRange {
        match self.choice {
            Choice::Moved { range, .. } => range,
            Choice::Auto | Choice::Skip | Choice::Room(_) => self.range,
        }
    }

    /// The room that the person chose for it. `None`: any that suits the series, or none at all.
    pub const fn chosen_room(&self) -> Option<RoomId> {
        match self.choice {
            Choice::Room(room) => Some(room),
            Choice::Moved { room, .. } => room,
            Choice::Auto | Choice::Skip => None,
        }
    }
}

/// What a person wants for one date.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Choice {
    /// Whatever room suits the series.
    #[default]
    Auto,
    /// It does not take place.
    Skip,
    /// This room and no other.
    Room(RoomId),
    /// At another time.
    Moved {
        /// When.
        range: TimeRange,
        /// This room and no other. `None`: whatever room suits the series.
        room: Option<RoomId>,
    },
}
