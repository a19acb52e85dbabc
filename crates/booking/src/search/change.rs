//! One thing that would have to be different for a room to be had.

use serde::{Deserialize, Serialize};

use super::Wanted;
use crate::room::EquipmentSet;
use crate::time::{Instant, TimeRange};

/// A change: of the question, or of the room.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(tag = "as", rename_all = "snake_case")]
pub enum Change {
    /// Another start of the same length; a series moves as a whole.
    FreeAt {
        /// Where the first range would start.
        start: Instant,
    },
    /// Only a part of the time; of a series the same part of each.
    Shorter {
        /// That part of the first range.
        range: TimeRange,
    },
    /// The same time for fewer people.
    ForFewer {
        /// How many could sit.
        people: u32,
    },
    /// Without something that was asked for.
    Without {
        /// What the room does not have.
        equipment: EquipmentSet,
    },
    /// Without asking that it be reached without steps.
    WithSteps,
    /// An administrator links the room to a mailbox.
    Linked,
    /// Its calendar can be read again; that is tried without anybody asking.
    ReadAgain,
}

impl Change {
    /// Whether the person asking can make it, by asking otherwise.
    pub const fn is_of_question(self) -> bool {
        !matches!(self, Self::Linked | Self::ReadAgain)
    }

    /// The question with the change made; a change of the room leaves it as it is.
    #[must_use]
    pub fn applied(self, wanted: &Wanted) -> Wanted {
        let mut changed = wanted.clone();
        match self {
            Self::FreeAt { start } => {
                let asked = wanted.ranges.first().map_or(start, |range| range.start());
                let shift_ms = start.since_ms(asked);
                for range in &mut changed.ranges {
                    *range = range.shifted_ms(shift_ms);
                }
            }
            Self::Shorter { range } => changed.ranges = parts(&wanted.ranges, range),
            Self::ForFewer { people } => changed.people = people,
            Self::Without { equipment } => {
                changed.equipment = EquipmentSet(wanted.equipment.0 & !equipment.0);
            }
            Self::WithSteps => changed.step_free = false,
            Self::Linked | Self::ReadAgain => {}
        }
        changed
    }
}

/// Of each range what `part` is of the first one; what would be empty stays as it is.
fn parts(ranges: &[TimeRange], part: TimeRange) -> Vec<TimeRange> {
    let Some(first) = ranges.first() else {
        return Vec::new();
    };
    let later_ms = part.start().since_ms(first.start());
    let sooner_ms = part.end().since_ms(first.end());
    ranges
        .iter()
        .map(|range| {
            let (start, end) = (
                range.start().plus_ms(later_ms),
                range.end().plus_ms(sooner_ms),
            );
            TimeRange::new(start, end).unwrap_or(*range)
        })
        .collect()
}
