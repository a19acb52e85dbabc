//! How far each room's calendar has been read, which must be read again, and who tells us so.
//!
//! A dirty mark is a count that goes up; reading answers the count it saw. A mark that comes
//! while a room is being read therefore outlives that reading.

use booking::ids::RoomId;
use booking::provider::{SubscriptionId, SyncCursor};
use booking::random::Random;
use booking::time::{Instant, TimeRange};
use secrecy::SecretString;

use crate::outbox::Lease;
use crate::pool::Durability;
use crate::row::Row;
use crate::sql::Sql;
use crate::{Store, StoreError};

/// The columns [`read_sync`] wants.
macro_rules! columns {
    () => {
        "room_id, cursor, window_start, window_end, synced_at, last_error, dirty_count, \
         clean_count, due_at"
    };
}

/// The columns [`Store::read_subscription`] wants.
macro_rules! subscription_columns {
    () => {
        "id, room_id, expires_at, client_state"
    };
}

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
}

/// A calendar system's promise to notify us about a room.
#[derive(Clone, Debug)]
pub struct KeptSubscription {
    /// Its id.
    pub id: SubscriptionId,
    /// The room.
    pub room: RoomId,
    /// When it ends.
    pub expires_at: Instant,
    /// What genuine notifications carry; sealed in the database.
    pub client_state: SecretString,
}

macro_rules! lease_text {
    ($lock:literal) => {
        concat!(
            "UPDATE room_sync SET lease_until = $2 WHERE room_id IN (\
                SELECT room_id FROM room_sync WHERE dirty_count > clean_count \
                AND due_at <= $1 AND lease_until <= $1 \
                AND EXISTS (SELECT 1 FROM rooms \
                    WHERE rooms.id = room_sync.room_id AND mailbox IS NOT NULL) \
                ORDER BY synced_at NULLS FIRST, room_id LIMIT $3",
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
    pub async fn mark_rooms_dirty(&self, rooms: &[RoomId]) -> Result<(), StoreError> {
        const TEXT: &str = "UPDATE room_sync SET dirty_count = dirty_count + 1 WHERE room_id = $1";
        if let [room] = rooms {
            let sql = Sql::new(TEXT).bind(*room);
            self.pool.write(Durability::Mirror, sql).await?;
            return Ok(());
        }
        // In order of their ids, so that two such calls do not wait for each other for ever.
        let mut ordered = rooms.to_vec();
        ordered.sort_unstable();
        ordered.dedup();
        let mut tx = self.pool.begin(Durability::Mirror).await?;
        for room in ordered {
            tx.execute(Sql::new(TEXT).bind(room)).await?;
        }
        tx.commit().await
    }

    /// Marks every linked room that was last read before then, or never, and is not marked yet;
    /// how many. For calendars that do not tell of changes, and against lost notifications.
    ///
    /// # Errors
    /// [`StoreError::Driver`].
    pub async fn mark_stale_rooms_dirty(&self, read_before: Instant) -> Result<u64, StoreError> {
        const TEXT: &str = "UPDATE room_sync SET dirty_count = dirty_count + 1 \
            WHERE dirty_count <= clean_count AND (synced_at IS NULL OR synced_at < $1) \
            AND EXISTS (SELECT 1 FROM rooms \
                WHERE rooms.id = room_sync.room_id AND mailbox IS NOT NULL)";
        let sql = Sql::new(TEXT).bind(read_before);
        self.pool.write(Durability::Mirror, sql).await
    }

    /// Takes dirty rooms that are due and being read by nobody, the longest unread first. The
    /// lease ends with [`Store::commit_room_changes`], [`Store::sync_failed`] or by itself.
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

    /// How far a room's calendar has been read. `None`: there is no such room.
    ///
    /// # Errors
    /// [`StoreError::Driver`], [`StoreError::Inconsistent`].
    pub async fn room_sync(&self, room: RoomId) -> Result<Option<RoomSync>, StoreError> {
        const TEXT: &str = concat!("SELECT ", columns!(), " FROM room_sync WHERE room_id = $1");
        let row = self.pool.fetch_optional(Sql::new(TEXT).bind(room)).await?;
        row.as_ref().map(read_sync).transpose()
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

    /// Notes that reading a room's calendar failed, and when to try again; it stays dirty.
    /// `error` carries no addresses or tokens.
    ///
    /// # Errors
    /// [`StoreError::RowsAffected`] when there is no such room; [`StoreError::Driver`].
    pub async fn sync_failed(
        &self,
        room: RoomId,
        error: &str,
        due_at: Instant,
    ) -> Result<(), StoreError> {
        const TEXT: &str = "UPDATE room_sync SET last_error = $2, due_at = $3, lease_until = 0 \
            WHERE room_id = $1";
        let sql = Sql::new(TEXT).bind(room).bind(error).bind(due_at);
        match self.pool.write(Durability::Mirror, sql).await? {
            1 => Ok(()),
            actual => Err(StoreError::RowsAffected {
                statement: TEXT,
                expected: 1,
                actual,
            }),
        }
    }

    /// Notes that a room's calendar was read, but for what `words` say; no addresses or tokens are among them.
    ///
    /// # Errors
    /// [`StoreError::Driver`].
    pub async fn sync_in_part(&self, room: RoomId, words: &str) -> Result<(), StoreError> {
        const TEXT: &str = "UPDATE room_sync SET last_error = $2 WHERE room_id = $1";
        let sql = Sql::new(TEXT).bind(room).bind(words);
        self.pool.write(Durability::Mirror, sql).await?;
        Ok(())
    }

    /// Keeps a subscription, or its new end.
    ///
    /// # Errors
    /// [`StoreError::Seal`]; [`StoreError::Driver`], also when there is no such room.
    pub async fn keep_subscription(
        &self,
        subscription: &KeptSubscription,
        random: &dyn Random,
    ) -> Result<(), StoreError> {
        const TEXT: &str = "INSERT INTO subscriptions (id, room_id, expires_at, client_state) \
            VALUES ($1, $2, $3, $4) ON CONFLICT (id) DO UPDATE SET room_id = excluded.room_id, \
            expires_at = excluded.expires_at, client_state = excluded.client_state";
        let purpose = purpose(&subscription.id);
        let sealed = self
            .key
            .seal(&subscription.client_state, &purpose, random)?;
        let sql = Sql::new(TEXT)
            .bind(&subscription.id.0)
            .bind(subscription.room)
            .bind(subscription.expires_at)
            .bind(sealed);
        self.pool.write(Durability::Promise, sql).await?;
        Ok(())
    }

    /// A subscription. `None`: not one of ours.
    ///
    /// # Errors
    /// [`StoreError::Driver`], [`StoreError::Seal`].
    pub async fn subscription(
        &self,
        id: &SubscriptionId,
    ) -> Result<Option<KeptSubscription>, StoreError> {
        const TEXT: &str = concat!(
            "SELECT ",
            subscription_columns!(),
            " FROM subscriptions WHERE id = $1"
        );
        let row = self.pool.fetch_optional(Sql::new(TEXT).bind(&id.0)).await?;
        row.map(|row| self.read_subscription(&row)).transpose()
    }

    /// Subscriptions that end before then, soonest first.
    ///
    /// # Errors
    /// [`StoreError::Driver`], [`StoreError::Seal`].
    pub async fn subscriptions_ending(
        &self,
        before: Instant,
        limit: u32,
    ) -> Result<Vec<KeptSubscription>, StoreError> {
        const TEXT: &str = concat!(
            "SELECT ",
            subscription_columns!(),
            " FROM subscriptions WHERE expires_at < $1 ORDER BY expires_at, id LIMIT $2"
        );
        let sql = Sql::new(TEXT).bind(before).bind(limit);
        let rows = self.pool.fetch_all(sql).await?;
        rows.iter().map(|row| self.read_subscription(row)).collect()
    }

    /// Linked rooms that no subscription running beyond `now` covers.
    ///
    /// # Errors
    /// [`StoreError::Driver`], [`StoreError::Inconsistent`].
    pub async fn rooms_without_subscription(
        &self,
        now: Instant,
        limit: u32,
    ) -> Result<Vec<RoomId>, StoreError> {
        const TEXT: &str = "SELECT id FROM rooms WHERE mailbox IS NOT NULL AND NOT EXISTS (\
                SELECT 1 FROM subscriptions WHERE room_id = rooms.id AND expires_at > $1) \
            ORDER BY id LIMIT $2";
        let sql = Sql::new(TEXT).bind(now).bind(limit);
        let rows = self.pool.fetch_all(sql).await?;
        rows.iter()
            .map(|row| row.of("rooms", "id").parse("id"))
            .collect()
    }

    /// Forgets a subscription. One that is gone already is a success.
    ///
    /// # Errors
    /// [`StoreError::Driver`].
    pub async fn remove_subscription(&self, id: &SubscriptionId) -> Result<(), StoreError> {
        let sql = Sql::new("DELETE FROM subscriptions WHERE id = $1").bind(&id.0);
        self.pool.write(Durability::Promise, sql).await?;
        Ok(())
    }

    fn read_subscription(&self, row: &Row) -> Result<KeptSubscription, StoreError> {
        let fields = row.of("subscriptions", "id");
        let id = fields.get("id").map(SubscriptionId)?;
        let sealed: String = fields.get("client_state")?;
        Ok(KeptSubscription {
            client_state: self.key.unseal(&sealed, &purpose(&id))?,
            id,
            room: fields.parse("room_id")?,
            expires_at: fields.instant("expires_at")?,
        })
    }
}

fn purpose(id: &SubscriptionId) -> String {
    format!("subscription:{}", id.0)
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
    })
}
