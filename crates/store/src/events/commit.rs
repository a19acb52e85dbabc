//! Taking in what a round of reading a room's calendar brought, in one transaction.

use std::collections::{BTreeMap, HashSet};

use booking::event::BusyTime;
use booking::ids::RoomId;
use booking::provider::SyncCursor;
use booking::time::{Instant, TimeRange};

use super::{OF_ROOM, read, rows};
use crate::pool::{Durability, Tx};
use crate::revisions::{Revision, stamp_postgres, stamp_sqlite};
use crate::row::Row;
use crate::sql::Sql;
use crate::sync_state::{Standing, source_word};
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
}

/// The changes, boiled down: first everything of `cleared` goes, then `put` is written.
#[derive(Default)]
struct Boiled {
    cleared: HashSet<String>,
    put: BTreeMap<String, BusyTime>,
    /// The series among `put`.
    series: HashSet<String>,
}

// A promise to notify that is about to end, or was asked to be renewed at once, is none to rely upon.
macro_rules! and_is_pushed {
    () => {
        ", EXISTS (SELECT 1 FROM subscriptions WHERE subscriptions.room_id = $1 \
            AND NOT unwanted AND renew_at > $2 AND expires_at > $2) AS is_pushed"
    };
}

// The databases stamp differently.
const BEGUN_SQLITE: &str = concat!(stamp_sqlite!(), and_is_pushed!());
const BEGUN_POSTGRES: &str = concat!(stamp_postgres!(), and_is_pushed!());

const SYNCED: &str = "UPDATE room_sync SET cursor = $2, \
    window_start = COALESCE($3, window_start), window_end = COALESCE($4, window_end), \
    synced_at = $5, due_at = 0, lease_until = 0, \
    clean_count = CASE WHEN clean_count < $6 THEN $6 ELSE clean_count END, \
    last_error = $7, poll_at = $8, source = $9, suspect_since = $10, push_trust = $11, \
    push_missed = $12, changed_at_seen = $13, lag = $14 \
    WHERE room_id = $1 AND lease_until = $15";

impl Store {
    /// Takes in a round: busy times, cursor, what is learnt of the room, and the end of the dirty mark unless the room
    /// was marked again meanwhile; all or nothing. `None`: nothing, because the room was unlinked, or is being read by
    /// somebody else since. `learn` is asked in the middle of it, and should not take long.
    ///
    /// # Errors
    /// [`StoreError::Driver`].
    pub async fn commit_room_changes(
        &self,
        commit: RoomCommit,
        learn: impl FnOnce(Taken) -> Learnt + Send,
    ) -> Result<Option<Committed>, StoreError> {
        let room = commit.room;
        let mut tx = self.pool.begin(Durability::Mirror).await?;
        let begun = self.begin_round(&mut tx, room, commit.synced_at).await?;
        let begun = begun.of("room_revisions", "room_id");
        let revision = begun.get("revision").map(Revision)?;
        let mut taken = Taken {
            changed: 0,
            is_pushed: begun.get("is_pushed")?,
        };
        if commit.full.is_some() || !commit.changes.is_empty() {
            let boiled = boil(commit.changes);
            let (gone, put) = difference(&mut tx, room, boiled, commit.full.is_some()).await?;
            taken.changed = u32::try_from(gone.len() + put.len()).unwrap_or(u32::MAX);
            rows::delete(&self.pool, &mut tx, room, gone).await?;
            rows::upsert(&self.pool, &mut tx, room, put).await?;
        }
        let learnt = learn(taken);
        let (cursor, full, standing) = (commit.cursor, commit.full, &learnt.standing);
        let synced = Sql::new(SYNCED)
            .bind(room)
            .bind(cursor.map(|cursor| cursor.0))
            .bind(full.map(TimeRange::start))
            .bind(full.map(TimeRange::end))
            .bind(commit.synced_at)
            .bind(commit.dirty_seen)
            .bind(learnt.last_error.clone())
            .bind(learnt.look_at)
            .bind(source_word(standing.reading))
            .bind(standing.suspect_since)
            .bind(standing.trust.level)
            .bind(standing.trust.missed)
            .bind(standing.changed_at_seen)
            .bind(standing.lag.to_string())
            .bind(commit.lease);
        if tx.execute(synced).await? == 0 {
            return Ok(None);
        }
        if learnt.is_promise_doubted {
            doubt_promise(&mut tx, room, commit.synced_at).await?;
        }
        tx.commit().await?;
        self.nudge.committed();
        Ok(Some(Committed { revision, learnt }))
    }

    async fn begin_round(
        &self,
        tx: &mut Tx,
        room: RoomId,
        now: Instant,
    ) -> Result<Row, StoreError> {
        let statement = self.pool.by_dialect(BEGUN_SQLITE, BEGUN_POSTGRES);
        let sql = Sql::new(statement).bind(room).bind(now);
        (tx.fetch_optional(sql).await?).ok_or(StoreError::RowsAffected {
            statement,
            expected: 1,
            actual: 0,
        })
    }
}

/// Has the subscription of a room prolonged now, whatever failed before. Where there is none, nothing is done.
async fn doubt_promise(tx: &mut Tx, room: RoomId, now: Instant) -> Result<(), StoreError> {
    const TEXT: &str = "UPDATE subscriptions SET renew_at = $2, due_at = 0, failures = 0 \
        WHERE room_id = $1 AND NOT unwanted";
    tx.execute(Sql::new(TEXT).bind(room).bind(now)).await?;
    Ok(())
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
}

/// What has to go and what has to be written: a full round over a quiet calendar, as every night
/// brings one, or a change that is told twice, then writes next to nothing.
async fn difference(
    tx: &mut Tx,
    room: RoomId,
    mut told: Boiled,
    is_whole: bool,
) -> Result<(Vec<String>, Vec<BusyTime>), StoreError> {
    let mut gone = Vec::new();
    for row in tx.fetch_all(Sql::new(OF_ROOM).bind(room)).await? {
        let stored = read(&row)?;
        match told.put.get(&stored.event_id) {
            None if is_whole || told.clears(&stored) => gone.push(stored.event_id),
            Some(same) if *same == stored => {
                told.put.remove(&stored.event_id);
            }
            _ => {}
        }
    }
    Ok((gone, told.put.into_values().collect()))
}
