//! Rooms planned for a series, as a person is shown them before anything is booked.

use serde::{Deserialize, Serialize};

use super::{Assigned, Choice};
use crate::ids::{BuildingId, FloorId, RoomId};
use crate::rules::Refusal;
use crate::search::found::Source;
use crate::time::{Instant, TimeRange, ZoneName};

/// Most rooms that are named for one date besides the one it has.
pub const OTHERS_MAX: usize = 6;

/// How far ahead Exchange lets a room be booked unless somebody set it otherwise, in days.
///
/// See <https://learn.microsoft.com/powershell/module/exchangepowershell/set-calendarprocessing>, `BookingWindowInDays`.
pub const WINDOW_DAYS_ASSUMED: u32 = 180;

/// A room for every date that can have one, and what there is to say of it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct PlannedSeries {
    /// The building that was looked through.
    pub building: BuildingId,
    /// Its zone.
    pub zone: ZoneName,
    /// Every date, in order of their numbers.
    pub dates: Vec<PlannedDate>,
    /// How often the room is another one than on the date with a room before.
    pub changes: u32,
    /// The room of most dates. `None`: no date has a room.
    pub majority: Option<RoomId>,
    /// Dates in another room than that.
    pub elsewhere: u32,
    /// The rooms that the plan uses, in natural order of their numbers.
    pub rooms: Vec<UsedRoom>,
    /// What should be known before it is placed.
    pub warnings: Vec<SeriesWarning>,
    /// When the oldest of the mirrored calendars that were used was last read. `None`: some never was.
    pub as_of: Option<Instant>,
    /// The server's clock.
    pub now: Instant,
}

/// One date of a plan.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct PlannedDate {
    /// Which date, counted from 1.
    pub number: u32,
    /// When the pattern has it.
    pub original: TimeRange,
    /// When it takes place: as the pattern has it, or where it was moved.
    pub range: TimeRange,
    /// Minutes by which the building's clock is ahead of UTC when it starts.
    pub utc_offset_minutes: i32,
    /// What the person wants for it.
    pub choice: Choice,
    /// What became of it.
    pub assigned: Assigned,
    /// Why it has no room: what is against the room that was chosen, or against any room then. Empty: it has one, was
    /// left out, or all rooms that fit are taken.
    pub against: Vec<Refusal>,
    /// How many rooms are free then and fit, the assigned one included.
    pub free: u32,
    /// Of these the nearest besides the assigned one; at most [`OTHERS_MAX`].
    pub others: Vec<RoomId>,
    /// Who says that its room is free. `None`: it has none.
    pub source: Option<Source>,
}

/// A room that a plan uses.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct UsedRoom {
    /// The room.
    pub room: RoomId,
    /// What its door says.
    pub number: String,
    /// What people call it.
    pub name: String,
    /// The floor it lies on.
    pub floor: FloorId,
    /// How many dates are in it.
    pub dates: u32,
}

/// What should be known of a series before it is placed.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(tag = "about", rename_all = "snake_case")]
pub enum SeriesWarning {
    /// The pattern goes on, but rooms can be booked so far ahead only: the series would end with this date.
    EndsEarly {
        /// Start of its last date.
        last: Instant,
        /// How far ahead rooms can be booked, in days.
        days_max: u32,
    },
    /// Dates so far ahead that their rooms will probably say no.
    BeyondWindow {
        /// How far ahead the rooms let themselves be booked, in days.
        days: u32,
        /// Nobody told that of the rooms: it is Exchange's default.
        is_assumed: bool,
        /// The first such date.
        first: u32,
        /// How many.
        dates: u32,
    },
    /// Exchange did not answer in time: whether rooms are free is what the mirror knew last.
    NotAsked,
}

/// Why one date of a series cannot have the room it was seen with.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct RefusedDate {
    /// Which date, counted from 1.
    pub number: u32,
    /// When.
    pub range: TimeRange,
    /// The room.
    pub room: RoomId,
    /// Everything against it.
    pub refusals: Vec<Refusal>,
}
