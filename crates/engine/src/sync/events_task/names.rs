//! What is kept of who has a room.
//!
//! Where people are not told that, nobody's name is kept, so that no backup holds what was forbidden, and addresses only
//! of people who signed in here: their own meetings and drafts are known by them.

use std::collections::BTreeSet;

use booking::event::{BusyTime, Organizer};
use booking::provider::EventChange;
use store::events::BusyChange;

use super::round::kept;
use crate::{Engine, Error};

impl Engine {
    /// What is kept of changes, without the names that nobody is told.
    pub(super) async fn kept(&self, changes: Vec<EventChange>) -> Result<Vec<BusyChange>, Error> {
        let mut changes: Vec<BusyChange> = changes.into_iter().map(kept).collect();
        if self.settings.tell_organizers {
            return Ok(changes);
        }
        let organizers: BTreeSet<_> = busy_times(&mut changes)
            .filter_map(|busy| busy.organizer.as_ref()?.address.clone())
            .collect();
        let known = self.store.addresses_of_people(&organizers).await?;
        for busy in busy_times(&mut changes) {
            let address = busy.organizer.take().and_then(|one| one.address);
            busy.organizer = address
                .filter(|address| known.contains(address))
                .map(|address| Organizer {
                    display_name: String::new(),
                    address: Some(address),
                });
        }
        Ok(changes)
    }
}

fn busy_times(changes: &mut [BusyChange]) -> impl Iterator<Item = &mut BusyTime> {
    changes.iter_mut().flat_map(|change| match change {
        BusyChange::Busy(busy) => std::slice::from_mut(busy),
        BusyChange::Gone { .. } => &mut [],
        BusyChange::Series { occurrences, .. } => occurrences.as_mut_slice(),
    })
}
