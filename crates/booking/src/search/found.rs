//! What a search gives back, as the browser receives it.

use serde::{Deserialize, Serialize};

use super::RoomAnswer;
use super::index::Facets;
use super::near_miss::NearMiss;
use super::rank::Hit;
use crate::ids::{BuildingId, FloorId, RoomId};
use crate::time::{Instant, TimeRange, ZoneName};

/// Most hits that one search returns.
pub const HITS_MAX: usize = 20;

/// Most rooms that one question to the calendar system may name.
pub const CHECKED_MAX: usize = 20;

/// Most rooms whose reasons one question may ask for.
pub const EXPLAINED_MAX: usize = 100;

/// The answer painted at once, out of memory.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct FoundRooms {
    /// The building that was searched.
    pub building: BuildingId,
    /// Its zone.
    pub zone: ZoneName,
    /// The ranges that were meant, in order of time.
    pub ranges: Vec<TimeRange>,
    /// How many rooms are free and fit.
    pub free: u32,
    /// The best of them, best first; at most [`HITS_MAX`].
    pub hits: Vec<Hit>,
    /// Rooms that would do with a small change; filled when there are few hits.
    pub near_misses: Vec<NearMiss>,
    /// How many free rooms each further filter would leave.
    pub facets: Facets,
    /// The floor whose states follow.
    pub floor: FloorId,
    /// One [`RoomState`](super::RoomState) byte for each room of that floor, in the catalogue's order.
    pub states: String,
    /// When the oldest of the mirrored calendars that were used was last read. `None`: some never was.
    pub as_of: Option<Instant>,
    /// The server's clock, so that ages do not depend on the browser's.
    pub now: Instant,
    /// The revision this answer shows; live updates go on from here.
    pub revision: i64,
}

/// Who says so.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(tag = "by", rename_all = "snake_case")]
pub enum Source {
    /// The calendar system itself, asked at that instant.
    Exchange {
        /// When it answered.
        at: Instant,
    },
    /// Our mirror of it, because it did not answer in time.
    Mirror {
        /// When the mirror last read this room. `None`: never.
        as_of: Option<Instant>,
    },
}

/// One room, as the calendar system says it stands.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct CheckedRoom {
    /// The answer.
    pub answer: RoomAnswer,
    /// Who says so.
    pub source: Source,
    /// When the room's calendar was last read, where that is longer ago than it should be: at other times than those
    /// asked for the room may stand otherwise than it looks. `None`: it is not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub heard_at: Option<Instant>,
}

/// What the calendar system says of the rooms on screen.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct CheckedRooms {
    /// One for each room asked about, in the same order; rooms that do not exist are left out.
    pub rooms: Vec<CheckedRoom>,
    /// The server's clock.
    pub now: Instant,
}

/// Which rooms moved; what live updates carry.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct RoomsMoved {
    /// The revision after the move.
    pub revision: i64,
    /// The rooms; empty: too many to name, or some were missed: ask again for everything.
    pub rooms: Vec<RoomId>,
}
