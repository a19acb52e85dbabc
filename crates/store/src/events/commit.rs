//! What a round of reading a room's calendar brought, to be taken in.

use std::collections::{BTreeMap, HashSet};

use booking::event::BusyTime;
use booking::ids::RoomId;
use booking::provider::SyncCursor;
use booking::time::{Instant, TimeRange};

use crate::revisions::Revision;
use crate::sync_state::Standing;
use crate::{Store, StoreError};

/// One change of a room's busy times.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum BusyChange {
    /// The room is taken then; new or changed. Whatever the event was before, it is no series now.
    Busy(BusyTime),
    /// The event takes the room no longer; of a series master, neither do its occurrences.
    Gone {
        /// Id of the room's own copy.
        event_id: String,
    },
    /// The occurrences of a series are these and no others.
    Series {
        /// Id of the master in the room's mailbox.
        series_id: String,
        /// Every occurrence in the window.
        occurrences: Vec<BusyTime>,
    },
}

/// What a complete round of reading a room's calendar brought.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RoomCommit {
    /// The room.
    pub room: RoomId,
    /// The changes in the order they came; of two about the same event the later one counts.
    pub changes: Vec<BusyChange>,
    /// The window, when the round read everything in it: whatever is not among `changes` is gone.
    /// `None`: the round brought only what changed.
    pub full: Option<TimeRange>,
    /// Where the next round resumes. `None`: the next round reads everything.
    pub cursor: Option<SyncCursor>,
    /// When the round was read.
    pub synced_at: Instant,
    /// The room's dirty count before the round began; later marks stay.
    pub dirty_seen: i64,
    /// Until when the room was leased for this reading, from [`crate::sync_state::RoomSync::lease_until`]: a round that has
    /// lost its lease is taken in no more.
    pub lease: Instant,
}

/// What a round does to a room's mirror: what is learnt of the room follows from it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Taken {
    /// Busy times that are new, different or gone.
    pub changed: u32,
    /// Whether the room's calendar notifies us.
    pub is_pushed: bool,
}

/// What is learnt of a room from a round, and kept with it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Learnt {
    /// What is known of its calendar.
    pub standing: Standing,
    /// When it is looked at again, whatever is notified.
    pub look_at: Instant,
    /// What could not be read, without addresses or tokens. `None`: all was.
    pub last_error: Option<String>,
    /// Whether its promise to notify has to be proven now, because something was not told.
    pub is_promise_doubted: bool,
}

/// What came of a round.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Committed {
    /// The revision of the change.
    pub revision: Revision,
    /// What was learnt of the room.
    pub learnt: Learnt,
    /// Whether anybody has an open reservation of the room, at whatever time.
    pub has_reservations: bool,
}

/// The changes, boiled down: first everything of `cleared` goes, then `put` is written.
#[derive(Default)]
pub(super) struct Boiled {
    cleared: HashSet<String>,
    put: BTreeMap<String, BusyTime>,
    /// The series among `put`.
    series: HashSet<String>,
}

/// What a round does to what is kept of its room.
#[derive(Default)]
pub(super) struct Difference<'a> {
    /// Ids of what goes.
    pub(super) gone: Vec<String>,
    /// What is written.
    pub(super) put: Vec<&'a BusyTime>,
}

impl Difference<'_> {
    /// Busy times that are new, different or gone.
    pub(super) fn changed(&self) -> u32 {
        u32::try_from(self.gone.len() + self.put.len()).unwrap_or(u32::MAX)
    }
}

/// What is learnt of a room from what a round does to it.
pub(super) type Learn = Box<dyn Fn(Taken) -> Learnt + Send + Sync>;

/// A round that waits to be taken in.
pub(super) struct Round {
    pub(super) commit: RoomCommit,
    /// The changes of `commit`. `None`: there is nothing to compare.
    pub(super) told: Option<Boiled>,
    pub(super) learn: Learn,
}

impl Store {
    /// Takes in a round: busy times, cursor, what is learnt of the room, and the end of the dirty mark unless the room
    /// was marked again meanwhile; all or nothing. `None`: nothing, because the room was unlinked, or is being read by
    /// somebody else since. `learn` is asked in the middle of it, perhaps again, and should not take long.
    ///
    /// Rounds that come while others are being taken in share the next transaction, so that it and its statements are
    /// paid once for several rooms. One that fails is tried again alone, and takes none of the others with it.
    ///
    /// # Errors
    /// [`StoreError::Driver`]; [`StoreError::RowsAffected`] when there is no such room.
    pub async fn commit_room_changes(
        &self,
        mut commit: RoomCommit,
        learn: impl Fn(Taken) -> Learnt + Send + Sync + 'static,
    ) -> Result<Option<Committed>, StoreError> {
        let changes = std::mem::take(&mut commit.changes);
        let is_compared = commit.full.is_some() || !changes.is_empty();
        self.take_in(Round {
            commit,
            told: is_compared.then(|| boil(changes)),
            learn: Box::new(learn),
        })
        .await
    }
}

fn boil(changes: Vec<BusyChange>) -> Boiled {
    let mut boiled = Boiled::default();
    for change in changes {
        match change {
            BusyChange::Busy(busy) => boiled.put_single(busy),
            BusyChange::Gone { event_id } => boiled.clear(event_id),
            BusyChange::Series {
                series_id,
                occurrences,
            } => {
                boiled.clear(series_id.clone());
                boiled.series.insert(series_id);
                for busy in occurrences {
                    boiled.put.insert(busy.event_id.clone(), busy);
                }
            }
        }
    }
    boiled
}

impl Boiled {
    /// What is a single event now may have been a series of the same id before.
    fn put_single(&mut self, busy: BusyTime) {
        let id = busy.event_id.clone();
        if self.series.contains(&id) {
            self.clear(id.clone());
        } else {
            self.cleared.insert(id.clone());
        }
        self.put.insert(id, busy);
    }

    fn clear(&mut self, id: String) {
        self.series.remove(&id);
        self.put
            .retain(|event, busy| *event != id && busy.series_id.as_ref() != Some(&id));
        self.cleared.insert(id);
    }

    fn clears(&self, stored: &BusyTime) -> bool {
        self.cleared.contains(&stored.event_id)
            || (stored.series_id.as_ref()).is_some_and(|series| self.cleared.contains(series))
    }

    /// What has to go and what has to be written where `stored` is kept; `is_whole`: nothing else is there. A full round
    /// over a quiet calendar, as every night brings one, or a change that is told twice, then writes next to nothing.
    pub(super) fn against(&self, stored: Vec<BusyTime>, is_whole: bool) -> Difference<'_> {
        let mut gone = Vec::new();
        let mut same = HashSet::new();
        for stored in stored {
            match self.put.get(&stored.event_id) {
                None if is_whole || self.clears(&stored) => gone.push(stored.event_id),
                Some(told) if *told == stored => {
                    same.insert(told.event_id.as_str());
                }
                _ => {}
            }
        }
        let put = self.put.values();
        let put = put.filter(|told| !same.contains(told.event_id.as_str()));
        Difference {
            gone,
            put: put.collect(),
        }
    }

    /// How many busy times are told.
    pub(super) fn len(&self) -> usize {
        self.put.len()
    }
}
