//! Which rooms are free, and why are the others not?
//!
//! [`RoomQuery`] is what a person asks; the server resolves its local times to a [`Wanted`].
//! [`judge`](judge::judge) answers for one room out of its intervals and is the definition of the
//! truth; [`index`] answers for all rooms at once and must agree with it. [`rank`] orders hits, and [`remedy`] finds the
//! smallest change for a room that is none.

pub mod bits;
pub mod change;
pub mod found;
pub mod index;
pub mod judge;
pub mod near_miss;
pub mod rank;
pub mod remedy;

use serde::{Deserialize, Serialize};

use self::change::Change;
use crate::event::BusyKind;
use crate::ids::{BuildingId, FloorId, RoomId};
use crate::room::EquipmentSet;
use crate::rules::Refusal;
use crate::time::{Instant, TimeRange};

/// Most occurrences of a series that one question may name.
pub const OCCURRENCES_MAX: usize = 400;

/// What a person asks for.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct RoomQuery {
    /// Where. `None`: the building the person was in last, else the first one.
    pub building: Option<BuildingId>,
    /// Only this floor. `None`: all floors.
    pub floor: Option<FloorId>,
    /// When.
    pub when: When,
    /// People who will sit in the room; remote ones do not count. At least 1.
    pub people: u32,
    /// Everything that must be in the room.
    pub equipment: EquipmentSet,
    /// Whether it must be reachable without steps.
    pub step_free: bool,
}

impl RoomQuery {
    /// Any room in any building for one person over all of `range`.
    pub fn any_room(range: TimeRange) -> Self {
        Self {
            building: None,
            floor: None,
            when: When::Exact {
                ranges: vec![range],
            },
            people: 1,
            equipment: EquipmentSet::EMPTY,
            step_free: false,
        }
    }
}

/// When, as a person or Outlook says it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(tag = "as", rename_all = "snake_case")]
pub enum When {
    /// The clock on the building's wall; what the portal's fields hold.
    Local {
        /// `2026-11-24`.
        date: String,
        /// `10:00`.
        from: String,
        /// `11:00`; must be after `from`.
        to: String,
    },
    /// One or more exact ranges; what Outlook tells. More than one: the occurrences of a series.
    Exact {
        /// In order of time, at least one, at most [`OCCURRENCES_MAX`].
        ranges: Vec<TimeRange>,
    },
}

/// A question with all its times resolved.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Wanted {
    /// Only this floor. `None`: all floors of the index.
    pub floor: Option<FloorId>,
    /// Every range must be free; in order of time, never empty.
    pub ranges: Vec<TimeRange>,
    /// Seats needed.
    pub people: u32,
    /// Everything that must be in the room.
    pub equipment: EquipmentSet,
    /// Whether it must be reachable without steps.
    pub step_free: bool,
}

/// An interval during which a room is taken, as the index and the judge see it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub struct Occupancy {
    /// When.
    pub range: TimeRange,
    /// How.
    pub kind: OccupancyKind,
}

/// How a room is taken.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OccupancyKind {
    /// By its calendar.
    Calendar(BusyKind),
    /// By a reservation of ours that the calendar does not show yet.
    Held,
}

/// How a room stands at the asked time: one byte on the wire, one look on the plan.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[repr(u8)]
pub enum RoomState {
    /// Free and fitting.
    Free = b'f',
    /// Free, but too small or without something asked for.
    FreeNotFitting = b'n',
    /// Taken.
    Busy = b'b',
    /// Being placed or held by somebody now.
    Held = b'h',
    /// Asked for, not decided.
    Tentative = b't',
    /// Reserved by the person asking.
    Yours = b'y',
    /// Has no mailbox, or the rules say no.
    NotBookable = b'x',
    /// Nobody can say at present.
    Unknown = b'u',
}

impl RoomState {
    /// Every state, in the order of the legend.
    pub const ALL: [Self; 8] = [
        Self::Free,
        Self::FreeNotFitting,
        Self::Busy,
        Self::Tentative,
        Self::Held,
        Self::Yours,
        Self::NotBookable,
        Self::Unknown,
    ];

    /// The byte that stands for it on the wire.
    pub const fn byte(self) -> u8 {
        self as u8
    }

    /// The state a byte stands for; a byte from a newer server reads as [`RoomState::Unknown`].
    pub fn from_byte(byte: u8) -> Self {
        Self::ALL
            .into_iter()
            .find(|state| state.byte() == byte)
            .unwrap_or(Self::Unknown)
    }

    /// Whether the room can be taken by the person asking.
    pub const fn is_open(self) -> bool {
        matches!(self, Self::Free | Self::FreeNotFitting)
    }
}

/// The answer for one room.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct RoomAnswer {
    /// The room.
    pub room: RoomId,
    /// How it stands.
    pub state: RoomState,
    /// First instant after the asked time at which it is taken again. `None`: not within the horizon, or not free.
    pub free_until: Option<Instant>,
    /// Every reason against it; empty exactly when `state` is [`RoomState::Free`] (or `Yours`).
    pub refusals: Vec<Refusal>,
    /// The smallest changes which together would have it free and fit, where they were looked for
    /// ([`remedy`](remedy::remedy)). Empty: they were not, nothing is against it, or nothing would help.
    #[serde(default)]
    pub remedy: Vec<Change>,
}
