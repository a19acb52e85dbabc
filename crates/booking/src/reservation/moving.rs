//! Reservations that are given another time or room, or given back in part.
//!
//! A reservation stays one promise all the way: it is at its new place from the moment that is promised, and this says where
//! it came from until the room has answered.

use serde::{Deserialize, Serialize};

use crate::ids::RoomId;
use crate::room::EquipmentSet;
use crate::time::TimeRange;

/// A change that the calendar has not answered yet.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Moving {
    /// The room at the other end of the change; it may be the same.
    pub room: RoomId,
    /// The time there; it may be the same.
    pub range: TimeRange,
    /// How far it is.
    pub step: MovingStep,
}

/// How far a change is.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MovingStep {
    /// Promised here. The event is still at the other end.
    Promised,
    /// The event is here; the room has not answered. The other end is where it goes back to if the room says no.
    Written,
    /// The room said no. The reservation is back; the event is still at the other end.
    TakenBack,
}

/// Why a reservation stands where it was, though somebody asked for another time or room.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NotMoved {
    /// The room declined.
    Declined,
    /// The calendar system did not take the change.
    Refused,
    /// Somebody changed the event in Outlook meanwhile, and that counts.
    ChangedInOutlook,
}

/// What another room has to be like that is taken by itself if the first says no.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Swap {
    /// People who will sit in it; at least 1.
    pub people: u32,
    /// Everything that must be in it.
    pub equipment: EquipmentSet,
    /// Whether it must be reachable without steps.
    pub step_free: bool,
    /// The rooms that have been asked, from the first that said no on. Empty: none has said no yet.
    #[serde(default)]
    pub asked: Vec<RoomId>,
}

impl Swap {
    /// The same wish before any room has said no.
    #[must_use]
    pub fn afresh(&self) -> Self {
        Self {
            asked: Vec::new(),
            ..self.clone()
        }
    }
}

/// How much of a reservation is cancelled.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Default, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cancelling {
    /// The meeting, and the room with it; what pages mean that do not say.
    #[default]
    Whole,
    /// The room alone: the meeting stays in its people's calendars.
    RoomOnly,
}

/// Why somebody may not change a reservation of their own here, by what they can do instead.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(tag = "why", rename_all = "snake_case")]
pub enum WhyNot {
    /// The person made the meeting in Outlook, with whatever belongs to it there.
    MadeInOutlook {
        /// Where it is opened in Outlook.
        link: String,
    },
    /// It is on its way to the calendar, or a change of it is: in a moment it can be changed.
    OnItsWay,
    /// It has begun, or is over.
    Begun,
    /// The other room belongs to another tenant: one event cannot change over.
    OtherTenant,
}

impl WhyNot {
    /// What the person is told: what is, then what to do.
    pub const fn sentence(&self) -> &'static str {
        match self {
            Self::MadeInOutlook { .. } => {
                "You made this meeting in Outlook. Change its time or room there; it shows here by itself."
            }
            Self::OnItsWay => {
                "Exchange has not answered yet. Wait a moment; it can be changed then."
            }
            Self::Begun => "What has begun, or is over, cannot be changed any more.",
            Self::OtherTenant => {
                "That room belongs to another organisation. Book it anew, then cancel this one."
            }
        }
    }
}
