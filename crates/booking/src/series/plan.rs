//! What the solver found.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use super::candidate::Candidate;
use crate::ids::RoomId;

/// A room for every date that can have one.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Plan {
    /// What became of each date, in their order.
    pub dates: Vec<Assigned>,
    /// How often the room is another one than on the date with a room before.
    pub changes: u32,
    /// The room of most dates; of several the first in natural order. `None`: no date has a room.
    pub majority: Option<RoomId>,
    /// Dates in another room than [`majority`](Self::majority).
    pub elsewhere: u32,
}

/// What became of one date.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Assigned {
    /// It has this room.
    Room(RoomId),
    /// The person left it out.
    Skipped,
    /// No room that fits is free then.
    NoneFree,
    /// The room that the person chose is not free then. It never gets another one unasked.
    ChosenTaken(RoomId),
}

impl Assigned {
    /// The room that it has. `None`: none.
    pub const fn room(self) -> Option<RoomId> {
        match self {
            Self::Room(room) => Some(room),
            Self::Skipped | Self::NoneFree | Self::ChosenTaken(_) => None,
        }
    }
}

impl Plan {
    /// Counts what is to be told of a series whose dates were assigned so.
    pub(super) fn of(dates: Vec<Assigned>, rooms: &[Candidate]) -> Self {
        let placed: Vec<RoomId> = dates.iter().filter_map(|date| date.room()).collect();
        let changes = placed.windows(2).filter(|pair| pair[0] != pair[1]).count();
        let mut uses: HashMap<RoomId, u32> = HashMap::new();
        for room in &placed {
            *uses.entry(*room).or_default() += 1;
        }
        let order = |candidate: &&Candidate| {
            let uses = uses.get(&candidate.room).copied().unwrap_or_default();
            (std::cmp::Reverse(uses), candidate.order)
        };
        let majority = rooms.iter().min_by_key(order).map(|first| first.room);
        let majority = majority.filter(|room| uses.contains_key(room));
        let elsewhere = placed
            .iter()
            .filter(|room| Some(**room) != majority)
            .count();
        Self {
            dates,
            changes: changes as u32,
            majority,
            elsewhere: elsewhere as u32,
        }
    }
}
