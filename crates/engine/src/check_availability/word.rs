//! Exchange's word for a handful of rooms at many times, for plans of series.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use booking::ids::RoomId;
use booking::provider::ScheduleItem;
use booking::room::{EquipmentSet, Room};
use booking::search::Wanted;
use booking::search::found::CHECKED_MAX;
use booking::time::{Instant, TimeRange};
use futures::future::join_all;

use super::Freshness;
use crate::Engine;

/// What Exchange says of one room.
#[derive(Clone, Debug)]
pub(crate) struct Word {
    /// When it is taken, at the times that were asked about and around them.
    pub(crate) items: Vec<ScheduleItem>,
    /// When that was asked, at the earliest.
    pub(crate) at: Instant,
}

impl Engine {
    /// What Exchange says of these rooms at all of these times, which are in order. Rooms of which it says nothing in time
    /// are left out.
    pub(crate) async fn word_of(
        self: &Arc<Self>,
        rooms: &[Room],
        ranges: &[TimeRange],
        freshness: Freshness,
        patience: Duration,
    ) -> HashMap<RoomId, Word> {
        let began = self.clock.now();
        let wanted = Wanted {
            floor: None,
            ranges: ranges.to_vec(),
            people: 1,
            equipment: EquipmentSet::EMPTY,
            step_free: false,
        };
        // What went wrong with a question is in the log; its rooms are left out.
        let questions = rooms
            .chunks(CHECKED_MAX)
            .map(|rooms| self.ask_exchange(rooms, &wanted, freshness, patience));
        join_all(questions).await;
        let now = self.clock.now();
        let said = rooms.iter().filter_map(|room| {
            let said = self.said(room.id, ranges, now, freshness).ok().flatten();
            let (items, at) = said?;
            let is_new = freshness == Freshness::Kept || at >= began;
            is_new.then_some((room.id, Word { items, at }))
        });
        said.collect()
    }
}

impl Word {
    /// What of it lies within that time.
    pub(crate) fn within(&self, range: TimeRange) -> impl Iterator<Item = &ScheduleItem> {
        self.items
            .iter()
            .filter(move |one| one.range.overlaps(range))
    }
}
