//! A series that was placed, as its person is shown how it is getting on.

use serde::{Deserialize, Serialize};

use super::way::Way;
use crate::ids::{BuildingId, ReservationId, RoomId, SeriesId};
use crate::recurrence::Series;
use crate::reservation::{ReservationState, StateNote};
use crate::time::{Instant, TimeRange, ZoneName};

/// A series and how far it is.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct PlacedSeries {
    /// The series.
    pub id: SeriesId,
    /// Its building. What it was about is in the person's calendar alone.
    pub building: BuildingId,
    /// The zone on whose walls the pattern is told.
    pub zone: ZoneName,
    /// When it repeats.
    pub pattern: Series,
    /// How it is written.
    pub way: Way,
    /// Whether everything is written that there is to write; otherwise it is still being done.
    pub is_written: bool,
    /// Every date, in order of their numbers.
    pub dates: Vec<PlacedDate>,
    /// When it was placed.
    pub created_at: Instant,
}

/// One date of a series that was placed.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct PlacedDate {
    /// Which date, counted from 1.
    pub number: u32,
    /// When the pattern has it start.
    pub original_start: Instant,
    /// When it takes place.
    pub range: TimeRange,
    /// Minutes by which the building's clock is ahead of UTC when it starts.
    pub utc_offset_minutes: i32,
    /// What it has. `None`: it was left out, and is not in the person's calendar.
    pub reserved: Option<DateReserved>,
    /// Whether a room is looked for: it was left out because none was free, or its room said no.
    pub is_watched: bool,
    /// A room that is free for it by now and fits. `None`: there is none, or the date is not watched.
    pub offered: Option<OfferedRoom>,
}

/// The reservation of one date.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct DateReserved {
    /// The reservation.
    pub id: ReservationId,
    /// Its room.
    pub room: RoomId,
    /// What the room's door says; empty where it is no longer there.
    pub room_number: String,
    /// Where in its life it is. Only Confirmed means that the room said yes.
    pub state: ReservationState,
    /// Why it ended as it did, or what it waits for. `None`: there is nothing to say.
    pub note: Option<StateNote>,
}

/// A room that has become free for a date that has none.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct OfferedRoom {
    /// The room.
    pub room: RoomId,
    /// What its door says.
    pub number: String,
    /// Since when it is known to be free.
    pub since: Instant,
}
