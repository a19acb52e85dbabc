//! Having one room, or all, read because somebody asks for it, and how far that is.
//!
//! How far it is follows from each room's marks and failures, compared with those it had when it was asked for: no
//! process's clock is held against another's.

use booking::ids::RoomId;
use booking::mirror::{AskedOutcome, AskedReading, SyncRun};
use booking::time::Instant;

use crate::pool::Durability;
use crate::row::Fields;
use crate::sql::Sql;
use crate::{Store, StoreError};

/// What became of a room of `sync_run_rooms AS asked`, at $1. Read: the marks it had are answered. A calendar that asked
/// us to wait is left alone until then.
macro_rules! outcome {
    () => {
        "CASE WHEN clean_count >= asked.dirty_count THEN 'read' \
            WHEN held_until > $1 THEN 'held' \
            WHEN room_sync.failures > asked.failures THEN 'failed' ELSE 'under_way' END"
    };
}
pub(crate) use outcome;

impl Store {
    /// Begins to have one room, or all linked ones, read now. `false`: that was last done after `unless_after`, and
    /// nothing is done.
    ///
    /// # Errors
    /// [`StoreError::Driver`].
    pub async fn begin_sync_run(
        &self,
        room: Option<RoomId>,
        now: Instant,
        unless_after: Instant,
    ) -> Result<bool, StoreError> {
        const BEGIN: &str = "INSERT INTO sync_runs (scope, started_at) VALUES ($1, $2) \
            ON CONFLICT (scope) DO UPDATE SET started_at = excluded.started_at \
            WHERE sync_runs.started_at <= $3";
        // One that failed is tried again at once: whoever asks may have mended what was wrong. What the calendar system
        // asked us to wait is not theirs to mend.
        macro_rules! mark_text {
            ($lock:literal) => {
                concat!(
                    "UPDATE room_sync SET \
                        dirty_since = CASE WHEN dirty_count > clean_count THEN dirty_since ELSE $1 END, \
                        dirty_count = dirty_count + 1, \
                        due_at = CASE WHEN held_until > $1 THEN due_at ELSE 0 END \
                        WHERE room_id IN (SELECT room_id FROM room_sync \
                            WHERE ($2 = 'all' OR room_id = $2) AND EXISTS (SELECT 1 FROM rooms \
                                WHERE rooms.id = room_sync.room_id AND mailbox IS NOT NULL)",
                    $lock,
                    ")"
                )
            };
        }
        const MARK_SQLITE: &str = mark_text!("");
        // In order, as other marks are set.
        const MARK_POSTGRES: &str = mark_text!(" ORDER BY room_id FOR UPDATE");
        // The rooms first, as whoever links rooms locks them: what is noted refers to them.
        const ROOMS_POSTGRES: &str =
            "SELECT 1 FROM rooms WHERE $1 = 'all' OR id = $1 ORDER BY id FOR KEY SHARE";
        const FORGET: &str = "DELETE FROM sync_run_rooms WHERE scope = $1";
        const NOTE: &str = "INSERT INTO sync_run_rooms (scope, room_id, dirty_count, failures) \
            SELECT $1, room_id, dirty_count, failures \
            FROM room_sync JOIN rooms ON rooms.id = room_id AND mailbox IS NOT NULL \
            WHERE $1 = 'all' OR room_id = $1";
        let scope = scope(room);
        let mut tx = self.pool.begin(Durability::Mirror).await?;
        let begin = Sql::new(BEGIN).bind(&scope).bind(now).bind(unless_after);
        if tx.execute(begin).await? == 0 {
            return Ok(false);
        }
        if self.pool.is_postgres() {
            tx.execute(Sql::new(ROOMS_POSTGRES).bind(&scope)).await?;
        }
        let mark = self.pool.by_dialect(MARK_SQLITE, MARK_POSTGRES);
        tx.execute(Sql::new(mark).bind(now).bind(&scope)).await?;
        tx.execute(Sql::new(FORGET).bind(&scope)).await?;
        tx.execute(Sql::new(NOTE).bind(&scope)).await?;
        tx.commit().await?;
        Ok(true)
    }

    /// When somebody last asked for one room, or all, to be read. `None`: nobody ever did.
    ///
    /// # Errors
    /// [`StoreError::Driver`], [`StoreError::Inconsistent`].
    pub async fn sync_asked_at(&self, room: Option<RoomId>) -> Result<Option<Instant>, StoreError> {
        const TEXT: &str = "SELECT scope, started_at FROM sync_runs WHERE scope = $1";
        let sql = Sql::new(TEXT).bind(scope(room));
        let row = self.pool.fetch_optional(sql).await?;
        row.map(|row| row.of("sync_runs", "scope").instant("started_at"))
            .transpose()
    }

    /// How far the last such reading is. `None`: nobody ever asked.
    ///
    /// # Errors
    /// [`StoreError::Driver`], [`StoreError::Inconsistent`].
    pub async fn sync_run(
        &self,
        room: Option<RoomId>,
        now: Instant,
    ) -> Result<Option<SyncRun>, StoreError> {
        const TEXT: &str = concat!(
            "SELECT sync_runs.scope AS scope, started_at, COUNT(outcome) AS total, \
                COUNT(CASE WHEN outcome = 'read' THEN 1 END) AS done, \
                COUNT(CASE WHEN outcome = 'failed' THEN 1 END) AS failed, \
                COUNT(CASE WHEN outcome = 'held' THEN 1 END) AS held, \
                MAX(CASE WHEN outcome = 'held' THEN held_until END) AS held_until \
            FROM sync_runs LEFT JOIN (SELECT asked.scope AS scope, held_until, ",
            outcome!(),
            " AS outcome FROM sync_run_rooms AS asked \
                JOIN rooms ON rooms.id = asked.room_id AND mailbox IS NOT NULL \
                JOIN room_sync ON room_sync.room_id = rooms.id) AS wanted \
                ON wanted.scope = sync_runs.scope \
            WHERE sync_runs.scope = $2 GROUP BY sync_runs.scope, started_at"
        );
        let sql = Sql::new(TEXT).bind(now).bind(scope(room));
        let Some(row) = self.pool.fetch_optional(sql).await? else {
            return Ok(None);
        };
        let fields = row.of("sync_runs", "scope");
        Ok(Some(SyncRun {
            room,
            started_at: fields.instant("started_at")?,
            total: fields.int("total")?,
            done: fields.int("done")?,
            failed: fields.int("failed")?,
            held: fields.int("held")?,
            held_until: fields.instant_optional("held_until")?,
        }))
    }
}

fn scope(room: Option<RoomId>) -> String {
    room.map_or_else(|| "all".to_owned(), |room| room.to_string())
}

/// Out of `asked_at` and `outcome`.
pub(crate) fn read_outcome(fields: &Fields<'_>) -> Result<Option<AskedReading>, StoreError> {
    let Some(at) = fields.instant_optional("asked_at")? else {
        return Ok(None);
    };
    let word: String = fields.get("outcome")?;
    let outcome = match word.as_str() {
        "read" => AskedOutcome::Read,
        "failed" => AskedOutcome::Failed,
        "held" => AskedOutcome::Held,
        _ => AskedOutcome::UnderWay,
    };
    Ok(Some(AskedReading { at, outcome }))
}
