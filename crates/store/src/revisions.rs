//! Which rooms changed, here or in another process.
//!
//! Whoever changes anything about a room first stamps the room's row in `room_revisions`. That
//! row lock is what serialises two holds of one room on PostgreSQL, and the stamp is what other
//! processes look for. A counter would not do as a stamp there: transactions commit in another
//! order than they draw numbers, so a reader could pass over a smaller number that commits late.
//! The stamp is therefore the transaction's own id, and a reader resumes at the oldest
//! transaction still running: it may see a room twice, never not at all. SQLite has one writer at
//! a time, so there a counter is enough.
//!
//! The announcement (`NOTIFY`) is a nudge without data and is sent after the commit, many at
//! once: inside the transaction it would make PostgreSQL commit one after the other. One that is
//! lost with its process is made up for by a slow poll.

use std::sync::Arc;
use std::time::Duration;

use booking::RoomId;
use futures::stream::{self, BoxStream, StreamExt as _};
use sqlx::postgres::{PgListener, PgPool};
use tokio::sync::watch;

use crate::pool::{Kind, Pool, Tx};
use crate::sql::Sql;
use crate::{Store, StoreError};

const CHANNEL: &str = "etage_changed";
/// Commits that come closer together are announced together: each announcement is a transaction of its own, and reaches
/// the disk like any other.
const ANNOUNCE_EVERY: Duration = Duration::from_millis(10);
/// How long a lost announcement can go unnoticed.
const POLL_EVERY: Duration = Duration::from_secs(5);

// SQLite has no transaction ids; PostgreSQL's largest number could be overtaken (see above).
const STAMP_SQLITE: &str = "UPDATE room_revisions \
    SET revision = (SELECT MAX(revision) FROM room_revisions) + 1 WHERE room_id = $1 \
    RETURNING revision";
const STAMP_POSTGRES: &str = "UPDATE room_revisions \
    SET revision = pg_current_xact_id()::text::bigint WHERE room_id = $1 RETURNING revision";
const NOW_SQLITE: &str = "SELECT COALESCE(MAX(revision), 0) + 1 AS revision FROM room_revisions";
const NOW_POSTGRES: &str =
    "SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint AS revision";

/// A point to resume from; only to be compared and handed back.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Revision(pub i64);

/// Rooms that changed, and where to resume.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RoomChanges {
    /// The rooms, each once. A room may be named again later without another change.
    pub rooms: Vec<RoomId>,
    /// Resume here.
    pub revision: Revision,
}

/// Wakes those who wait for changes, in this process and in others.
#[derive(Clone)]
pub(crate) struct Nudge {
    /// Moved by every commit of this process.
    ours: Arc<watch::Sender<u64>>,
    /// Moved by every commit that was heard of, ours included.
    heard: Arc<watch::Sender<u64>>,
}

impl Nudge {
    /// Starts announcing our commits to other processes, where there can be any.
    pub(crate) fn new(pool: &Pool) -> Self {
        let ours = Arc::new(watch::Sender::new(0));
        if let Kind::Postgres(pool) = &pool.kind {
            tokio::spawn(announce(pool.clone(), ours.subscribe()));
        }
        Self {
            ours,
            heard: Arc::new(watch::Sender::new(0)),
        }
    }

    /// Says that a commit changed rooms.
    pub(crate) fn committed(&self) {
        self.ours
            .send_modify(|count| *count = count.wrapping_add(1));
        self.heard
            .send_modify(|count| *count = count.wrapping_add(1));
    }
}

/// Runs until the last clone of the store is gone.
async fn announce(pool: PgPool, mut ours: watch::Receiver<u64>) {
    while ours.changed().await.is_ok() {
        // NOTIFY exists on PostgreSQL only. A failure needs no care here: others poll.
        let _ = sqlx::query("SELECT pg_notify($1, '')")
            .bind(CHANNEL)
            .execute(&pool)
            .await;
        tokio::time::sleep(ANNOUNCE_EVERY).await;
    }
}

/// Runs until nobody waits for changes any more.
async fn listen(pool: PgPool, heard: Arc<watch::Sender<u64>>) {
    loop {
        if let Ok(mut listener) = PgListener::connect_with(&pool).await
            && listener.listen(CHANNEL).await.is_ok()
        {
            loop {
                tokio::select! {
                    () = heard.closed() => return,
                    heard_of = listener.recv() => match heard_of {
                        Ok(_) => heard.send_modify(|count| *count = count.wrapping_add(1)),
                        Err(_) => break,
                    }
                }
            }
        }
        tokio::select! {
            () = heard.closed() => return,
            () = tokio::time::sleep(POLL_EVERY) => {}
        }
    }
}

impl Store {
    /// Where to resume when everything kept so far has been read after this call.
    ///
    /// # Errors
    /// [`StoreError::Driver`].
    pub async fn revision(&self) -> Result<Revision, StoreError> {
        let text = self.pool.by_dialect(NOW_SQLITE, NOW_POSTGRES);
        match self.pool.fetch_optional(Sql::new(text)).await? {
            Some(row) => row
                .of("room_revisions", "room_id")
                .get("revision")
                .map(Revision),
            None => Ok(Revision(0)),
        }
    }

    /// Rooms with changes committed since then: the room itself, its busy times or reservations.
    ///
    /// # Errors
    /// [`StoreError::Driver`].
    pub async fn changed_since(&self, since: Revision) -> Result<RoomChanges, StoreError> {
        // Asked first: a commit between the two questions is then told twice instead of never.
        let revision = self.revision().await?;
        let rows = self
            .pool
            .fetch_all(
                Sql::new("SELECT room_id FROM room_revisions WHERE revision >= $1").bind(since.0),
            )
            .await?;
        let rooms = rows
            .iter()
            .map(|row| row.of("room_revisions", "room_id").parse("room_id"))
            .collect::<Result<_, _>>()?;
        Ok(RoomChanges { rooms, revision })
    }

    /// Changed rooms as they change, from `since` on, for as long as the stream is kept; ours and
    /// those of other processes. After an error the stream goes on.
    pub fn changes(&self, since: Revision) -> BoxStream<'static, Result<RoomChanges, StoreError>> {
        let mut heard = self.nudge.heard.subscribe();
        heard.mark_changed();
        if let Kind::Postgres(pool) = &self.pool.kind {
            tokio::spawn(listen(pool.clone(), self.nudge.heard.clone()));
        }
        stream::unfold(
            (self.clone(), heard, since),
            |(store, mut heard, since)| async move {
                loop {
                    // Waiting comes before every question, also after rooms were found: asking again
                    // at once would spin while another transaction holds the resume point back.
                    let _ = tokio::time::timeout(POLL_EVERY, heard.changed()).await;
                    match store.changed_since(since).await {
                        Ok(found) if found.rooms.is_empty() => {}
                        Ok(found) => {
                            let since = found.revision;
                            return Some((Ok(found), (store, heard, since)));
                        }
                        Err(error) => return Some((Err(error), (store, heard, since))),
                    }
                }
            },
        )
        .boxed()
    }

    /// Marks the room as changed by this transaction and locks it until its end. Always the first
    /// write of a transaction, but for the lock on a person who holds rooms; with several rooms, in
    /// order of their ids.
    pub(crate) async fn stamp(&self, tx: &mut Tx, room: RoomId) -> Result<Revision, StoreError> {
        let statement = self.pool.by_dialect(STAMP_SQLITE, STAMP_POSTGRES);
        match tx.fetch_optional(Sql::new(statement).bind(room)).await? {
            Some(row) => row
                .of("room_revisions", "room_id")
                .get("revision")
                .map(Revision),
            None => Err(StoreError::RowsAffected {
                statement,
                expected: 1,
                actual: 0,
            }),
        }
    }
}
