//! Taking in what a round of reading a room's calendar brought, in one transaction.

use std::collections::BTreeMap;
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
    /// The room is taken then; new or changed.
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
}

/// The changes, boiled down: first everything of `cleared` goes, then `put` is written.
#[derive(Default)]
struct Boiled {
    cleared: Vec<String>,
    put: BTreeMap<String, BusyTime>,
}

const COLUMNS: usize = 9;
/// Rows per statement, largest first; few sizes, so that each stays prepared.
const CHUNKS: [usize; 4] = [128, 32, 8, 1];
/// SQLite finds a parameter by walking over those before it, so wide statements slow it down;
/// PostgreSQL is the quicker the fewer trips there are.
const SQLITE_CHUNK_MAX: usize = 8;
const POSTGRES_CHUNK_MAX: usize = 128;

static UPSERTS: LazyLock<[String; 4]> = LazyLock::new(|| CHUNKS.map(upsert_text));

impl Store {
    /// Takes in a round: busy times, cursor, and the end of the dirty mark unless the room was
    /// marked again meanwhile; all or nothing. The revision is that of the change.
    ///
    /// # Errors
    /// [`StoreError::RowsAffected`] when there is no such room; [`StoreError::Driver`].
    pub async fn commit_room_changes(&self, commit: RoomCommit) -> Result<Revision, StoreError> {
        let RoomCommit {
            room,
            changes,
            full,
            cursor,
            synced_at,
            dirty_seen,
        } = commit;
        let mut boiled = boil(changes);
        let mut tx = self.pool.begin(Durability::Mirror).await?;
        let revision = self.stamp(&mut tx, room).await?;
        if full.is_some() {
            boiled = difference(&mut tx, room, boiled.put).await?;
        }
        clear(&mut tx, room, boiled.cleared).await?;
        let chunk_max = match self.pool.kind {
            Kind::Sqlite(_) => SQLITE_CHUNK_MAX,
            Kind::Postgres(_) => POSTGRES_CHUNK_MAX,
        };
        upsert(&mut tx, room, boiled.put.into_values().collect(), chunk_max).await?;
        tx.execute_one(synced(room, full, cursor, synced_at, dirty_seen))
            .await?;
        tx.commit().await?;
        self.nudge.committed();
        Ok(revision)
    }
}

fn boil(changes: Vec<BusyChange>) -> Boiled {
    let mut boiled = Boiled::default();
    for change in changes {
        match change {
            BusyChange::Busy(busy) => {
                boiled.put.insert(busy.event_id.clone(), busy);
            }
            BusyChange::Gone { event_id } => boiled.clear(event_id),
            BusyChange::Series {
                series_id,
                occurrences,
            } => {
                boiled.clear(series_id);
                for busy in occurrences {
                    boiled.put.insert(busy.event_id.clone(), busy);
                }
            }
        }
    }
    boiled
}

impl Boiled {
    fn clear(&mut self, id: String) {
        self.put
            .retain(|event, busy| *event != id && busy.series_id.as_ref() != Some(&id));
        self.cleared.push(id);
    }
}

/// What turns the stored busy times into `whole`: a full round over a quiet calendar, as every
/// night brings one, then writes next to nothing.
async fn difference(
    tx: &mut Tx,
    room: RoomId,
    whole: BTreeMap<String, BusyTime>,
) -> Result<Boiled, StoreError> {
    let mut put = whole;
    let mut gone = Vec::new();
    for row in tx.fetch_all(Sql::new(OF_ROOM).bind(room)).await? {
        let stored = read(&row)?;
        match put.get(&stored.event_id) {
            None => gone.push(stored.event_id),
            Some(same) if *same == stored => {
                put.remove(&stored.event_id);
            }
            Some(_) => {}
        }
    }
    for event in gone {
        const TEXT: &str = "DELETE FROM busy_times WHERE room_id = $1 AND event_id = $2";
        tx.execute_one(Sql::new(TEXT).bind(room).bind(event))
            .await?;
    }
    Ok(Boiled {
        cleared: Vec::new(),
        put,
    })
}

async fn clear(tx: &mut Tx, room: RoomId, cleared: Vec<String>) -> Result<(), StoreError> {
    const TEXT: &str =
        "DELETE FROM busy_times WHERE room_id = $1 AND (event_id = $2 OR series_id = $2)";
    for id in cleared {
        tx.execute(Sql::new(TEXT).bind(room).bind(id)).await?;
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

fn synced(
    room: RoomId,
    full: Option<TimeRange>,
    cursor: Option<SyncCursor>,
    synced_at: Instant,
    dirty_seen: i64,
) -> Sql {
    const TEXT: &str = "UPDATE room_sync SET cursor = $2, \
            window_start = COALESCE($3, window_start), window_end = COALESCE($4, window_end), \
            synced_at = $5, last_error = NULL, due_at = 0, lease_until = 0, \
            clean_count = CASE WHEN clean_count < $6 THEN $6 ELSE clean_count END \
        WHERE room_id = $1";
    Sql::new(TEXT)
        .bind(room)
        .bind(cursor.map(|cursor| cursor.0))
        .bind(full.map(TimeRange::start))
        .bind(full.map(TimeRange::end))
        .bind(synced_at)
        .bind(dirty_seen)
}
