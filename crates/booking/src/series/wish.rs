//! What a person asks for when they want rooms for a series.

use serde::{Deserialize, Serialize};

use crate::ids::{BuildingId, FloorId, RoomId};
use crate::recurrence::Series;
use crate::room::EquipmentSet;
use crate::search::When;

/// A series, and what its rooms have to be like.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct SeriesWish {
    /// Where. `None`: the first building. The pattern is told on the walls of its zone.
    pub building: Option<BuildingId>,
    /// Only this floor. `None`: all floors.
    pub floor: Option<FloorId>,
    /// Where people come from: rooms on floors nearer to it are nearer. `None`: all are as near.
    #[serde(default)]
    pub near: Option<FloorId>,
    /// People who will sit in the room; at least 1.
    pub people: u32,
    /// Everything that must be in the room.
    pub equipment: EquipmentSet,
    /// Whether it must be reachable without steps.
    pub step_free: bool,
    /// When. Its first date must not be over.
    pub pattern: Series,
    /// Dates for which something is wanted that the pattern does not say. At most one a date; of what is said twice the
    /// last counts.
    #[serde(default)]
    pub choices: Vec<DateWish>,
}

/// What is wanted for one date.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct DateWish {
    /// Which date, counted from 1.
    pub number: u32,
    /// What.
    pub wanted: WishedFor,
}

/// As [`Choice`](super::Choice), with times as people tell them.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WishedFor {
    /// Whatever room suits the series.
    Auto,
    /// It does not take place.
    Skip,
    /// This room and no other.
    Room(RoomId),
    /// At another time: one range, on a day between those of the dates before and after.
    Moved {
        /// When.
        when: When,
        /// This room and no other. `None`: whatever room suits the series.
        room: Option<RoomId>,
    },
}

/// Why a series cannot be planned or placed as it was asked for; each says how to mend it.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum BadSeries {
    /// Something about when it repeats.
    #[error(transparent)]
    Pattern(#[from] crate::recurrence::BadPattern),
    /// Its first date has begun.
    #[error("The first date of the series is over or has begun. Choose a later first day or time.")]
    Begun,
    /// It begins further ahead than rooms can be booked.
    #[error(
        "Rooms can be booked {days_max} days ahead, and the series begins later. Choose an earlier first day."
    )]
    TooFarAhead {
        /// The limit in days.
        days_max: u32,
    },
    /// Dates that last into the next one.
    #[error(
        "The dates of the series overlap: each lasts longer than it is to the next. Choose an earlier end for them."
    )]
    Overlaps,
    /// Something is wanted for a date that is not there.
    #[error("The series has no date number {number}. Plan it again to see its dates.")]
    NoSuchDate {
        /// The number asked for.
        number: u32,
    },
    /// Exchange keeps the dates of a series in their order.
    #[error(
        "Date {number} can only be moved to a day between the dates before and after it. Choose another day, or leave the date out and book it by itself."
    )]
    CrossesNeighbour {
        /// Which.
        number: u32,
    },
    /// Calendars know no parts of minutes.
    #[error(
        "Date {number} can only be moved to a time in whole minutes, such as 10:15. Choose such a start and end."
    )]
    BrokenMinute {
        /// Which.
        number: u32,
    },
    /// The plan that was seen is not one of this series.
    #[error(
        "The plan does not fit the series: it has {seen} dates, and the series {dates}. Plan it again."
    )]
    OtherPlan {
        /// Dates in the plan.
        seen: u32,
        /// Dates in the series.
        dates: u32,
    },
    /// The plan that was seen has another room for a date than the one chosen.
    #[error(
        "Date {number} was to have a certain room, and the plan has another. Plan the series again."
    )]
    OtherRoom {
        /// Which.
        number: u32,
    },
    /// Nothing would be placed.
    #[error(
        "No date of the series has a room, so nothing can be booked. Choose another time, or ask for less."
    )]
    NoRooms,
    /// Rooms of two tenants cannot be in one event.
    #[error(
        "The rooms belong to different organisations, and one series cannot be written to both. Choose rooms of one."
    )]
    OtherTenant,
    /// The date is not one that waits for a room.
    #[error(
        "This date does not wait for a room: it has one, or was left out on purpose, or is over. Look at your series again."
    )]
    NotWaiting,
}
