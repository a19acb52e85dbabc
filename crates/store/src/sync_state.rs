//! How far each room's calendar has been read, and which must be read again.
//!
//! A dirty mark is a count that goes up; reading answers the count it saw. A mark that comes
//! while a room is being read therefore outlives that reading.

use booking::ids::RoomId;
use booking::mirror::{Lag, PushTrust, Reading};
use booking::provider::SyncCursor;
use booking::time::{Instant, TimeRange};

use crate::outbox::Lease;
use crate::pool::Durability;
use crate::row::{Fields, Row};
use crate::sql::{Sql, among_postgres, among_sqlite};
use crate::{Store, StoreError};

/// The columns [`read_sync`] wants.
macro_rules! columns {
    () => {
        "room_id, cursor, window_start, window_end, synced_at, last_error, dirty_count, \
         clean_count, due_at, lease_until, source, notified_at, suspect_since, push_trust, push_missed, \
         changed_at_seen, lag"
    };
}

pub mod checks;

/// How far a room's calendar has been read.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RoomSync {
    /// The room.
    pub room: RoomId,
    /// Where to resume. `None`: read everything.
    pub cursor: Option<SyncCursor>,
    /// The window of the last full round. `None`: there was none.
    pub window: Option<TimeRange>,
    /// When it was last read to the end. `None`: never.
    pub synced_at: Option<Instant>,
    /// What went wrong the last time, or could not be read. `None`: nothing.
    pub last_error: Option<String>,
    /// The dirty count; hand it back as [`crate::events::RoomCommit::dirty_seen`].
    pub dirty_seen: i64,
    /// Whether it must be read again.
    pub dirty: bool,
    /// Not before then, after a failure.
    pub due_at: Instant,
    /// Until when somebody reads it, and the proof of that; long ago: nobody does.
    pub lease_until: Instant,
    /// When a notification of it came last. `None`: never.
    pub notified_at: Option<Instant>,
    /// What was learnt of it while reading.
    pub standing: Standing,
}

/// When a room that could not be read is due again.
enum Due {
    /// As we chose.
    Chosen(Instant),
    /// As its calendar asked us.
    Named(Instant),
}

/// What was learnt of a room's calendar while reading it.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Standing {
    /// What of it can be read.
    pub reading: Reading,
    /// When a change was found that nothing had announced, and may be announced yet. `None`: there is none.
    pub suspect_since: Option<Instant>,
    /// How far its notifications can be relied upon.
    pub trust: PushTrust,
    /// The latest change whose lag was counted. `None`: none was.
    pub changed_at_seen: Option<Instant>,
    /// How long changes took.
    pub lag: Lag,
}

macro_rules! mark_text {
    ($which:expr) => {
        concat!(
            "UPDATE room_sync SET \
                dirty_since = CASE WHEN dirty_count > clean_count THEN dirty_since ELSE $2 END, \
                dirty_count = dirty_count + 1, notified_at = COALESCE($3, notified_at) WHERE ",
            $which
        )
    };
}

macro_rules! mark_due_text {
    ($lock:literal) => {
        // Rooms that were linked just now are marked without a time.
        concat!(
            "UPDATE room_sync SET dirty_since = $1, \
                dirty_count = CASE WHEN dirty_count > clean_count THEN dirty_count \
                    ELSE dirty_count + 1 END \
                WHERE room_id IN (SELECT room_id FROM room_sync \
                    WHERE ((dirty_count <= clean_count AND poll_at <= $1) \
                        OR (dirty_count > clean_count AND dirty_since = 0)) \
                    AND EXISTS (SELECT 1 FROM rooms \
                        WHERE rooms.id = room_sync.room_id AND mailbox IS NOT NULL)",
            $lock,
            ")"
        )
    };
}

// Rooms that somebody is busy with are marked the next time; who waited for them in another order could wait for ever.
const MARK_DUE_SQLITE: &str = mark_due_text!("");
const MARK_DUE_POSTGRES: &str = mark_due_text!(" FOR UPDATE SKIP LOCKED");

macro_rules! lease_text {
    ($lock:literal) => {
        // Who looks at a room, and whom a notification announced, goes before those that became due some minutes
        // earlier, and not before all others: nobody waits for ever. One that failed waits from when it is due again, or
        // those that always fail would go before everybody.
        concat!(
            "UPDATE room_sync SET lease_until = $2 WHERE room_id IN (\
                SELECT room_id FROM room_sync WHERE dirty_count > clean_count \
                AND due_at <= $1 AND lease_until <= $1 \
                AND EXISTS (SELECT 1 FROM rooms \
                    WHERE rooms.id = room_sync.room_id AND mailbox IS NOT NULL) \
                ORDER BY CASE WHEN due_at > dirty_since THEN due_at ELSE dirty_since END \
                    - CASE WHEN looked_at_until > $1 THEN 1200000 ELSE 0 END \
                    - CASE WHEN notified_at >= COALESCE(synced_at, 0) THEN 600000 ELSE 0 END, \
                    COALESCE(synced_at, 0), room_id LIMIT $3",
            $lock,
            ") RETURNING ",
            columns!()
        )
    };
}

// As with the outbox: processes on PostgreSQL pass over each other's rooms; SQLite has one writer.
const LEASE_SQLITE: &str = lease_text!("");
const LEASE_POSTGRES: &str = lease_text!(" FOR UPDATE SKIP LOCKED");

impl Store {
    /// Says that these rooms' calendars must be read again. Unknown rooms are passed over.
    ///
    /// # Errors
    /// [`StoreError::Driver`].
    pub async fn mark_rooms_dirty(&self, rooms: &[RoomId], now: Instant) -> Result<(), StoreError> {
        self.mark(rooms, now, None).await
    }

    /// The same, because their calendars told us so.
    ///
    /// # Errors
    /// [`StoreError::Driver`].
    pub async fn mark_rooms_notified(
        &self,
        rooms: &[RoomId],
        now: Instant,
    ) -> Result<(), StoreError> {
        self.mark(rooms, now, Some(now)).await
    }

    async fn mark(
        &self,
        rooms: &[RoomId],
        now: Instant,
        notified_at: Option<Instant>,
    ) -> Result<(), StoreError> {
        // In order of their ids, so that two such calls do not wait for each other for ever; SQLite has one writer.
        const SQLITE: &str = mark_text!(among_sqlite!("room_id", "$1"));
        const POSTGRES: &str = mark_text!(
            "room_id IN (SELECT room_id FROM room_sync WHERE room_id = ANY($1) \
                ORDER BY room_id FOR UPDATE)"
        );
        let sql = Sql::new(self.pool.by_dialect(SQLITE, POSTGRES))
            .bind(rooms)
            .bind(now)
            .bind(notified_at);
        self.pool.write(Durability::Mirror, sql).await?;
        Ok(())
    }

    /// Marks every linked room that is to be looked at by now and is not marked yet; how many. For calendars that do not
    /// tell of changes, and against lost notifications.
    ///
    /// # Errors
    /// [`StoreError::Driver`].
    pub async fn mark_due_rooms_dirty(&self, now: Instant) -> Result<u64, StoreError> {
        let text = self.pool.by_dialect(MARK_DUE_SQLITE, MARK_DUE_POSTGRES);
        let sql = Sql::new(text).bind(now);
        self.pool.write(Durability::Mirror, sql).await
    }

    /// Notes that somebody has these rooms on screen, until then. Unknown rooms are passed over.
    ///
    /// # Errors
    /// [`StoreError::Driver`].
    pub async fn note_looked_at(&self, rooms: &[RoomId], until: Instant) -> Result<(), StoreError> {
        const SQLITE: &str = concat!(
            "UPDATE room_sync SET looked_at_until = $2 WHERE looked_at_until < $2 AND ",
            among_sqlite!("room_id", "$1")
        );
        // In order, as marks are set.
        const POSTGRES: &str = "UPDATE room_sync SET looked_at_until = $2 WHERE looked_at_until < $2 \
            AND room_id IN (SELECT room_id FROM room_sync WHERE room_id = ANY($1) \
                ORDER BY room_id FOR UPDATE)";
        let sql = Sql::new(self.pool.by_dialect(SQLITE, POSTGRES))
            .bind(rooms)
            .bind(until);
        self.pool.write(Durability::Mirror, sql).await?;
        Ok(())
    }

    /// Takes dirty rooms that are due and being read by nobody: those on somebody's screen and those
    /// that were announced first, then the longest waiting. The lease ends with
    /// [`Store::commit_room_changes`], [`Store::sync_failed`] or by itself.
    ///
    /// # Errors
    /// [`StoreError::Driver`], [`StoreError::Inconsistent`].
    pub async fn lease_dirty_rooms(&self, lease: &Lease<'_>) -> Result<Vec<RoomSync>, StoreError> {
        let sql = Sql::new(self.pool.by_dialect(LEASE_SQLITE, LEASE_POSTGRES))
            .bind(lease.now)
            .bind(lease.now.plus_ms(lease.lease_ms))
            .bind(lease.limit);
        let rows = self.pool.write_returning(Durability::Mirror, sql).await?;
        let mut rooms = rows.iter().map(read_sync).collect::<Result<Vec<_>, _>>()?;
        rooms.sort_by_key(|sync| (sync.synced_at, sync.room));
        Ok(rooms)
    }

    /// Takes one room, dirty or not, unless somebody else is reading it or it is not due. `None`: so it is.
    ///
    /// # Errors
    /// [`StoreError::Driver`], [`StoreError::Inconsistent`].
    pub async fn lease_room(
        &self,
        room: RoomId,
        lease: &Lease<'_>,
    ) -> Result<Option<RoomSync>, StoreError> {
        const TEXT: &str = concat!(
            "UPDATE room_sync SET lease_until = $2 \
             WHERE room_id = $3 AND due_at <= $1 AND lease_until <= $1 RETURNING ",
            columns!()
        );
        let sql = Sql::new(TEXT)
            .bind(lease.now)
            .bind(lease.now.plus_ms(lease.lease_ms))
            .bind(room);
        let rows = self.pool.write_returning(Durability::Mirror, sql).await?;
        rows.first().map(read_sync).transpose()
    }

    /// How far a room's calendar has been read. `None`: there is no such room.
    ///
    /// # Errors
    /// [`StoreError::Driver`], [`StoreError::Inconsistent`].
    pub async fn room_sync(&self, room: RoomId) -> Result<Option<RoomSync>, StoreError> {
        const TEXT: &str = concat!("SELECT ", columns!(), " FROM room_sync WHERE room_id = $1");
        let row = self.pool.fetch_optional(Sql::new(TEXT).bind(room)).await?;
        row.as_ref().map(read_sync).transpose()
    }

    /// When the calendars of these rooms were read to the end. Rooms that are not there are left out.
    ///
    /// # Errors
    /// [`StoreError::Driver`], [`StoreError::Inconsistent`].
    pub async fn synced_at_among(
        &self,
        rooms: &[RoomId],
    ) -> Result<Vec<(RoomId, Option<Instant>)>, StoreError> {
        const SQLITE: &str = concat!(
            "SELECT room_id, synced_at FROM room_sync WHERE ",
            among_sqlite!("room_id", "$1")
        );
        const POSTGRES: &str = concat!(
            "SELECT room_id, synced_at FROM room_sync WHERE ",
            among_postgres!("room_id", "$1")
        );
        let text = self.pool.by_dialect(SQLITE, POSTGRES);
        let rows = self.pool.fetch_all(Sql::new(text).bind(rooms)).await?;
        rows.iter()
            .map(|row| {
                let fields = row.of("room_sync", "room_id");
                Ok((
                    fields.parse("room_id")?,
                    fields.instant_optional("synced_at")?,
                ))
            })
            .collect()
    }

    /// How far every room's calendar has been read.
    ///
    /// # Errors
    /// [`StoreError::Driver`], [`StoreError::Inconsistent`].
    pub async fn room_syncs(&self) -> Result<Vec<RoomSync>, StoreError> {
        const TEXT: &str = concat!("SELECT ", columns!(), " FROM room_sync ORDER BY room_id");
        let rows = self.pool.fetch_all(Sql::new(TEXT)).await?;
        rows.iter().map(read_sync).collect()
    }

    /// Notes that a reading of a room's calendar, begun with this lease, failed, and when to try again; it stays dirty.
    /// `error` carries no addresses or tokens. Whether the lease was still good; otherwise nothing is noted.
    ///
    /// # Errors
    /// [`StoreError::Driver`].
    pub async fn sync_failed(
        &self,
        room: RoomId,
        lease: Instant,
        error: &str,
        now: Instant,
        due_at: Instant,
    ) -> Result<bool, StoreError> {
        let due = Due::Chosen(due_at);
        self.failed(room, lease, error, now, due).await
    }

    /// The same, where the calendar system itself named when to come again: nobody who asks for the room has it read sooner.
    ///
    /// # Errors
    /// [`StoreError::Driver`].
    pub async fn sync_held(
        &self,
        room: RoomId,
        lease: Instant,
        error: &str,
        now: Instant,
        until: Instant,
    ) -> Result<bool, StoreError> {
        let due = Due::Named(until);
        self.failed(room, lease, error, now, due).await
    }

    async fn failed(
        &self,
        room: RoomId,
        lease: Instant,
        error: &str,
        now: Instant,
        due: Due,
    ) -> Result<bool, StoreError> {
        const TEXT: &str = "UPDATE room_sync SET last_error = $3, failed_at = $4, due_at = $5, \
            held_until = $6, failures = failures + 1, lease_until = 0 \
            WHERE room_id = $1 AND lease_until = $2";
        let (due_at, held_until) = match due {
            Due::Chosen(at) => (at, Instant(0)),
            Due::Named(at) => (at, at),
        };
        let sql = Sql::new(TEXT).bind(room).bind(lease).bind(error);
        let sql = sql.bind(now).bind(due_at).bind(held_until);
        Ok(self.pool.write(Durability::Mirror, sql).await? == 1)
    }

    /// Has a reading that takes long keep its room until then. Whether its lease was still good.
    ///
    /// # Errors
    /// [`StoreError::Driver`].
    pub async fn prolong_lease(
        &self,
        room: RoomId,
        lease: Instant,
        until: Instant,
    ) -> Result<bool, StoreError> {
        const TEXT: &str =
            "UPDATE room_sync SET lease_until = $3 WHERE room_id = $1 AND lease_until = $2";
        let sql = Sql::new(TEXT).bind(room).bind(lease).bind(until);
        Ok(self.pool.write(Durability::Mirror, sql).await? == 1)
    }

    /// A statement about one room's mirror that must find it.
    pub(crate) async fn write_one(
        &self,
        statement: &'static str,
        sql: Sql,
    ) -> Result<(), StoreError> {
        match self.pool.write(Durability::Mirror, sql).await? {
            1 => Ok(()),
            actual => Err(StoreError::RowsAffected {
                statement,
                expected: 1,
                actual,
            }),
        }
    }
}

/// The column `source`.
pub(crate) const fn source_word(reading: Reading) -> &'static str {
    match reading {
        Reading::Events => "events",
        Reading::FreeBusyOnly => "free_busy",
    }
}

/// What of a calendar can be read, from the column `source`.
pub(crate) fn read_source(fields: &Fields<'_>) -> Result<Reading, StoreError> {
    let source: String = fields.get("source")?;
    match source.as_str() {
        "events" => Ok(Reading::Events),
        "free_busy" => Ok(Reading::FreeBusyOnly),
        _ => Err(fields.broken("source")),
    }
}

/// The columns `push_trust` and `push_missed`.
pub(crate) fn read_trust(fields: &Fields<'_>) -> Result<PushTrust, StoreError> {
    Ok(PushTrust {
        level: fields.int("push_trust")?,
        missed: fields.int("push_missed")?,
    })
}

fn read_sync(row: &Row) -> Result<RoomSync, StoreError> {
    let fields = row.of("room_sync", "room_id");
    let window = match (
        fields.instant_optional("window_start")?,
        fields.instant_optional("window_end")?,
    ) {
        (Some(start), Some(end)) => {
            Some(TimeRange::new(start, end).map_err(|_| fields.broken("window_end"))?)
        }
        _ => None,
    };
    let dirty_seen: i64 = fields.get("dirty_count")?;
    let clean: i64 = fields.get("clean_count")?;
    Ok(RoomSync {
        room: fields.parse("room_id")?,
        cursor: fields.get::<Option<String>>("cursor")?.map(SyncCursor),
        window,
        synced_at: fields.instant_optional("synced_at")?,
        last_error: fields.get("last_error")?,
        dirty_seen,
        dirty: dirty_seen > clean,
        due_at: fields.instant("due_at")?,
        lease_until: fields.instant("lease_until")?,
        notified_at: fields.instant_optional("notified_at")?,
        standing: Standing {
            reading: read_source(&fields)?,
            suspect_since: fields.instant_optional("suspect_since")?,
            trust: read_trust(&fields)?,
            changed_at_seen: fields.instant_optional("changed_at_seen")?,
            lag: fields.parse("lag")?,
        },
    })
}
