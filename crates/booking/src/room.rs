//! Rooms and what is in them.

use serde::{Deserialize, Serialize};

use crate::ids::{BuildingId, ConnectionId, FloorId, MailboxAddress, RoomId, ShapeId};
use crate::time::ZoneName;

/// A place that can be reserved.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Room {
    /// Its id.
    pub id: RoomId,
    /// The building it stands in.
    pub building: BuildingId,
    /// The floor it lies on.
    pub floor: FloorId,
    /// What the door says, such as `1066`; short, shown on the plan.
    pub number: String,
    /// What people call it; equal to the number where it has no other name.
    pub name: String,
    /// How many people it seats. `None`: nobody said.
    pub seats: Option<Seats>,
    /// What is in it.
    pub equipment: EquipmentSet,
    /// Whether it can be reached and used in a wheelchair. `None`: nobody said.
    pub step_free: Option<bool>,
    /// The mailbox whose calendar says when it is taken. `None`: not linked, so not bookable.
    pub link: Option<RoomLink>,
    /// Its outline on the floor's plan. `None`: not drawn.
    pub shape: Option<ShapeId>,
    /// The zone its door clock shows.
    pub zone: ZoneName,
}

/// A room's tie to its resource mailbox.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct RoomLink {
    /// The way into the tenant.
    pub connection: ConnectionId,
    /// The room's resource mailbox.
    pub mailbox: MailboxAddress,
}

/// A number of seats and how it is known.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Seats {
    /// How many.
    pub count: u32,
    /// Guessed from the room's area, not told by anyone.
    pub guessed: bool,
}

/// Something a room may have.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[repr(u8)]
pub enum Equipment {
    /// A camera and microphone for remote attendees.
    Video = 0,
    /// A speaker phone.
    Audio = 1,
    /// A screen or projector.
    Screen = 2,
    /// A board to write on.
    Whiteboard = 3,
    /// An induction loop.
    HearingLoop = 4,
    /// A window.
    Daylight = 5,
}

impl Equipment {
    /// Every kind, in the order they are shown.
    pub const ALL: [Self; 6] = [
        Self::Video,
        Self::Audio,
        Self::Screen,
        Self::Whiteboard,
        Self::HearingLoop,
        Self::Daylight,
    ];
}

/// A set of [`Equipment`], one bit each.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct EquipmentSet(pub u32);

impl EquipmentSet {
    /// Nothing.
    pub const EMPTY: Self = Self(0);

    /// The set with one more in it.
    #[must_use]
    pub const fn with(self, equipment: Equipment) -> Self {
        Self(self.0 | (1 << equipment as u8))
    }

    /// The set with one less in it.
    #[must_use]
    pub const fn without(self, equipment: Equipment) -> Self {
        Self(self.0 & !(1 << equipment as u8))
    }

    /// Whether it is in the set.
    pub const fn has(self, equipment: Equipment) -> bool {
        self.0 & (1 << equipment as u8) != 0
    }

    /// What of `wanted` is not in the set.
    #[must_use]
    pub const fn missing(self, wanted: Self) -> Self {
        Self(wanted.0 & !self.0)
    }

    /// The members in display order.
    pub fn iter(self) -> impl Iterator<Item = Equipment> {
        Equipment::ALL.into_iter().filter(move |one| self.has(*one))
    }
}

impl FromIterator<Equipment> for EquipmentSet {
    fn from_iter<I: IntoIterator<Item = Equipment>>(members: I) -> Self {
        members.into_iter().fold(Self::EMPTY, Self::with)
    }
}
