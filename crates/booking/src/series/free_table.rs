//! Which rooms are free on which date.

use super::date::SeriesDate;
use crate::room::EquipmentSet;
use crate::search::Wanted;
use crate::search::bits::RoomSet;
use crate::search::index::SearchIndex;
use crate::time::{Instant, TimeRange};

/// For each date of a series the rooms that are free then.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct FreeTable {
    free: Vec<RoomSet>,
}

impl FreeTable {
    /// A table of sets made elsewhere, one for each date.
    pub const fn new(free: Vec<RoomSet>) -> Self {
        Self { free }
    }

    /// Asks the index about each date at the time at which it takes place. Of `wanted` everything counts but its times.
    /// Where the person chose a room, that one alone is asked about, and need not fit.
    pub fn ask(index: &SearchIndex, dates: &[SeriesDate], wanted: &Wanted, now: Instant) -> Self {
        let anything = Wanted {
            floor: None,
            ranges: Vec::new(),
            people: 1,
            equipment: EquipmentSet::EMPTY,
            step_free: false,
        };
        let ask = |question: &Wanted, range: TimeRange| {
            let question = Wanted {
                ranges: vec![range],
                ..question.clone()
            };
            index.free(&question, now)
        };
        let on = |date: &SeriesDate| match date.chosen_room() {
            None => ask(wanted, date.takes_place()),
            Some(_) => ask(&anything, date.takes_place()),
        };
        Self::new(dates.iter().map(on).collect())
    }

    /// Takes a room out of one date, because somebody who knows better says that it is taken then. `date` and
    /// `position` count from 0; where there are none, nothing changes.
    pub fn strike(&mut self, date: usize, position: usize) {
        if let Some(free) = self.free.get_mut(date)
            && free.contains(position)
        {
            free.remove(position);
        }
    }

    /// The rooms that are free on that date. `None`: the table does not know the date.
    pub(super) fn on(&self, date: usize) -> Option<&RoomSet> {
        self.free.get(date)
    }
}
