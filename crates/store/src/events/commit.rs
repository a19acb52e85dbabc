//! Taking in what a round of reading a room's calendar brought, in one transaction.

use std::collections::{BTreeMap, HashSet};
use std::sync::LazyLock;

use booking::event::BusyTime;
use booking::ids::RoomId;
use booking::provider::SyncCursor;
use booking::time::{Instant, TimeRange};

use super::{OF_ROOM, read, word};
use crate::pool::{Durability, Kind, Tx};
use crate::revisions::Revision;
use crate::sql::Sql;
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
    /// When to look again.
    pub next_look: NextLook,
    /// Until when the room was leased for this reading, from [`crate::sync_state::RoomSync::lease_until`]: a round that has
    /// lost its lease is taken in no more.
    pub lease: Instant,
}

/// When a room is looked at again, whatever is notified.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct NextLook {
    /// Where its calendar notifies us.
    pub pushed: Instant,
    /// Where it does not.
    pub polled: Instant,
}

/// What came of a round.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Committed {
    /// The revision of the change.
    pub revision: Revision,
    /// Busy times that are new, different or gone.
    pub changed: u32,
    /// Whether the room's calendar notifies us.
    pub is_pushed: bool,
}

/// The changes, boiled down: first everything of `cleared` goes, then `put` is written.
#[derive(Default)]
struct Boiled {
    cleared: HashSet<String>,
    put: BTreeMap<String, BusyTime>,
    /// The series among `put`.
    series: HashSet<String>,
}

const COLUMNS: usize = 9;
/// Rows per statement, largest first; few sizes, so that each stays prepared.
const CHUNKS: [usize; 4] = [128, 32, 8, 1];
/// SQLite finds a parameter by walking over those before it, so wide statements slow it down;
/// PostgreSQL is the quicker the fewer trips there are.
const SQLITE_CHUNK_MAX: usize = 8;
const POSTGRES_CHUNK_MAX: usize = 128;

/// A promise to notify that is about to end, or was asked to be renewed at once, is none to rely upon.
macro_rules! is_pushed {
    () => {
        "EXISTS (SELECT 1 FROM subscriptions \
            WHERE subscriptions.room_id = $1 AND NOT unwanted AND renew_at > $5 AND expires_at > $5)"
    };
}

const SYNCED: &str = concat!(
    "UPDATE room_sync SET cursor = $2, \
        window_start = COALESCE($3, window_start), window_end = COALESCE($4, window_end), \
        synced_at = $5, last_error = NULL, due_at = 0, lease_until = 0, \
        clean_count = CASE WHEN clean_count < $6 THEN $6 ELSE clean_count END, \
        poll_at = CASE WHEN ",
    is_pushed!(),
    " THEN $7 ELSE $8 END WHERE room_id = $1 AND lease_until = $9 RETURNING ",
    is_pushed!(),
    " AS is_pushed"
);

static UPSERTS: LazyLock<[String; 4]> = LazyLock::new(|| CHUNKS.map(upsert_text));

impl Store {
    /// Takes in a round: busy times, cursor, and the end of the dirty mark unless the room was
    /// marked again meanwhile; all or nothing. `None`: nothing, because the room was unlinked, or is being read by
    /// somebody else since.
    ///
    /// # Errors
    /// [`StoreError::Driver`].
    pub async fn commit_room_changes(
        &self,
        commit: RoomCommit,
    ) -> Result<Option<Committed>, StoreError> {
        let room = commit.room;
        let mut tx = self.pool.begin(Durability::Mirror).await?;
        let revision = self.stamp(&mut tx, room).await?;
        let mut changed = 0;
        if commit.full.is_some() || !commit.changes.is_empty() {
            let boiled = boil(commit.changes);
            let (gone, put) = difference(&mut tx, room, boiled, commit.full.is_some()).await?;
            changed = u32::try_from(gone.len() + put.len()).unwrap_or(u32::MAX);
            delete(&mut tx, room, gone).await?;
            let chunk_max = match self.pool.kind {
                Kind::Sqlite(_) => SQLITE_CHUNK_MAX,
                Kind::Postgres(_) => POSTGRES_CHUNK_MAX,
            };
            upsert(&mut tx, room, put, chunk_max).await?;
        }
        let (cursor, full) = (commit.cursor, commit.full);
        let synced = Sql::new(SYNCED)
            .bind(room)
            .bind(cursor.map(|cursor| cursor.0))
            .bind(full.map(TimeRange::start))
            .bind(full.map(TimeRange::end))
            .bind(commit.synced_at)
            .bind(commit.dirty_seen)
            .bind(commit.next_look.pushed)
            .bind(commit.next_look.polled)
            .bind(commit.lease);
        let Some(row) = tx.fetch_optional(synced).await? else {
            return Ok(None);
        };
        let is_pushed = row.of("room_sync", "is_pushed").get("is_pushed")?;
        tx.commit().await?;
        self.nudge.committed();
        Ok(Some(Committed {
            revision,
            changed,
            is_pushed,
        }))
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

async fn delete(tx: &mut Tx, room: RoomId, events: Vec<String>) -> Result<(), StoreError> {
    const TEXT: &str = "DELETE FROM busy_times WHERE room_id = $1 AND event_id = $2";
    for event in events {
        tx.execute_one(Sql::new(TEXT).bind(room).bind(event))
            .await?;
    }
    Ok(())
}

async fn upsert(
    tx: &mut Tx,
    room: RoomId,
    busy_times: Vec<BusyTime>,
    chunk_max: usize,
) -> Result<(), StoreError> {
    let room = room.to_string();
    let mut rest = busy_times.into_iter();
    while rest.len() > 0 {
        let left = rest.len().min(chunk_max);
        let at = CHUNKS
            .iter()
            .position(|size| *size <= left)
            .unwrap_or(CHUNKS.len() - 1);
        let mut sql = Sql::new(UPSERTS[at].as_str());
        for busy in rest.by_ref().take(CHUNKS[at]) {
            sql = bind(sql, &room, busy);
        }
        tx.execute(sql).await?;
    }
    Ok(())
}

fn bind(sql: Sql, room: &String, busy: BusyTime) -> Sql {
    let (name, address) = match busy.organizer {
        None => (None, None),
        Some(organizer) => (
            Some(organizer.display_name),
            organizer.address.map(String::from),
        ),
    };
    sql.bind(room)
        .bind(busy.event_id)
        .bind(busy.ical_uid)
        .bind(busy.series_id)
        .bind(busy.range.start())
        .bind(busy.range.end())
        .bind(word(busy.kind))
        .bind(name)
        .bind(address)
}

fn upsert_text(rows: usize) -> String {
    let tuples: Vec<String> = (0..rows)
        .map(|row| {
            let parameters: Vec<String> = (1..=COLUMNS)
                .map(|column| format!("${}", row * COLUMNS + column))
                .collect();
            format!("({})", parameters.join(", "))
        })
        .collect();
    format!(
        "INSERT INTO busy_times ({}) VALUES {} ON CONFLICT (room_id, event_id) DO UPDATE SET \
         ical_uid = excluded.ical_uid, series_id = excluded.series_id, \
         starts_at = excluded.starts_at, ends_at = excluded.ends_at, kind = excluded.kind, \
         organizer_name = excluded.organizer_name, \
         organizer_address = excluded.organizer_address",
        columns!(),
        tuples.join(", ")
    )
}
