//! What was asked of Etage and what it answered: nothing of that may be lost, and nothing else may be there.

use std::collections::{BTreeMap, BTreeSet};

use booking::ids::{DraftKey, ReservationId, RoomId};
use booking::reservation::{Origin, Reservation, ReservationState};
use booking::time::TimeRange;

use crate::judge::all_reservations;
use crate::world::World;

/// A draft somebody has open.
#[derive(Clone, Copy, Debug)]
pub(super) struct Draft {
    pub(super) key: DraftKey,
    pub(super) person: usize,
    pub(super) room: RoomId,
    pub(super) range: TimeRange,
}

#[derive(Default)]
pub(super) struct Memory {
    asked: BTreeSet<ReservationId>,
    promised: BTreeSet<ReservationId>,
    pub(super) drafts: Vec<Draft>,
    /// The UIDs of events that somebody changed in Outlook.
    pub(super) touched: BTreeSet<String>,
    /// How each stood when the judge looked last.
    seen: BTreeMap<ReservationId, ReservationState>,
}

impl Memory {
    pub(super) fn asked(&mut self, id: ReservationId) {
        self.asked.insert(id);
    }

    pub(super) fn promised(&mut self, id: ReservationId) {
        self.promised.insert(id);
    }

    /// Promises lost, reservations nobody asked for, and states that came back from the dead.
    pub(super) async fn findings(&mut self, world: &World) -> Vec<String> {
        let all = all_reservations(world).await;
        let mut findings = Vec::new();
        for id in &self.promised {
            if !all.iter().any(|one| one.id == *id) {
                findings.push(format!("the promise {id} is lost"));
            }
        }
        for one in &all {
            if !self.was_asked(one) {
                findings.push(format!("nobody asked for {one:?}"));
            }
            let before = self.seen.insert(one.id, one.state);
            if before.is_some_and(|before| !before.is_open() && before != one.state) {
                findings.push(format!("it was {before:?} and is now {one:?}"));
            }
        }
        findings
    }

    fn was_asked(&self, one: &Reservation) -> bool {
        match one.origin {
            Origin::Portal => self.asked.contains(&one.id),
            Origin::Draft { key, .. } => self.drafts.iter().any(|draft| draft.key == key),
        }
    }
}
