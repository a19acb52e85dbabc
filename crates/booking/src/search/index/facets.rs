//! How many rooms each further filter would leave.

use serde::{Deserialize, Serialize};

use super::SearchIndex;
use crate::ids::FloorId;
use crate::room::{Equipment, EquipmentSet};
use crate::search::Wanted;
use crate::search::bits::RoomSet;
use crate::time::Instant;

/// Counts of free and fitting rooms, with one filter changed and all others as asked.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Facets {
    /// With the filters as asked.
    pub free: u32,
    /// With this equipment asked for as well; every kind, in display order.
    pub equipment: Vec<(Equipment, u32)>,
    /// With step-free access asked for as well.
    pub step_free: u32,
    /// With this floor asked for instead; every floor that has rooms, also where none is left.
    pub floors: Vec<(FloorId, u32)>,
}

impl SearchIndex {
    /// Counts what each further filter would leave of the rooms free for the question.
    pub fn facets(&self, wanted: &Wanted, now: Instant) -> Facets {
        let mut anywhere = RoomSet::default();
        self.free_on_into(wanted, None, now, &mut anywhere);
        let mut there = RoomSet::default();
        let free = match wanted.floor {
            None => &anywhere,
            Some(floor) => {
                if let Some(floor) = self.facts.floor(floor) {
                    there.copy_from(&anywhere);
                    there.keep_shared(&floor.set);
                }
                &there
            }
        };
        let equipped = |kind: Equipment| {
            let kind_set = EquipmentSet::EMPTY.with(kind);
            (kind, self.facts.count_equipped(kind_set, free) as u32)
        };
        Facets {
            free: free.count() as u32,
            equipment: Equipment::ALL.map(equipped).to_vec(),
            step_free: self.facts.step_free.count_shared(free) as u32,
            floors: self
                .facts
                .floors
                .iter()
                .map(|one| (one.floor, one.count_in(&anywhere) as u32))
                .collect(),
        }
    }
}
