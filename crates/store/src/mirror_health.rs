//! How the mirror of each room stands, for those who want to see why it can be trusted.

use booking::ids::{BuildingId, ConnectionId, MailboxAddress, RoomId};
use booking::mirror::{AskedReading, Checks, Lag, PushProblem, PushTrust, Reading};
use booking::time::Instant;

use crate::pool::Durability;
use crate::row::Row;
use crate::sql::Sql;
use crate::sync_runs::{outcome, read_outcome};
use crate::sync_state::{read_source, read_trust};
use crate::{Store, StoreError};

/// What is kept about the mirror of one linked room.
#[derive(Clone, PartialEq, Debug)]
pub struct KeptHealth {
    /// The room.
    pub room: RoomId,
    /// Where it stands.
    pub building: BuildingId,
    /// Its number on the door.
    pub number: String,
    /// Its name.
    pub name: String,
    /// The mailbox whose calendar is mirrored.
    pub mailbox: MailboxAddress,
    /// Who reaches it.
    pub connection: ConnectionId,
    /// When it was last read to the end. `None`: never.
    pub synced_at: Option<Instant>,
    /// When it was marked to be read, if nobody has read it since. `None`: it is not marked.
    pub dirty_since: Option<Instant>,
    /// When it is looked at, whatever is notified.
    pub poll_at: Instant,
    /// What went wrong the last time. `None`: nothing.
    pub last_error: Option<String>,
    /// When that was, the last time. `None`: never.
    pub failed_at: Option<Instant>,
    /// What of it can be read.
    pub reading: Reading,
    /// Until when its calendar notifies us. `None`: it does not.
    pub pushed_until: Option<Instant>,
    /// Why it does not. `None`: that is not known.
    pub push_problem: Option<PushProblem>,
    /// How far its notifications can be relied upon.
    pub trust: PushTrust,
    /// When a notification of it came last. `None`: never.
    pub notified_at: Option<Instant>,
    /// How long changes took.
    pub lag: Lag,
    /// What comparisons have found.
    pub checks: Checks,
    /// What became of the last time that somebody wanted this one room read. `None`: nobody ever did.
    pub asked: Option<AskedReading>,
    /// Until when its calendar asked us to wait. `None`: it does not.
    pub held_until: Option<Instant>,
}

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT rooms.id AS id, building_id, number, name, mailbox, connection_id, synced_at, \
                CASE WHEN room_sync.dirty_count > clean_count THEN dirty_since END AS marked_at, poll_at, \
                last_error, failed_at, source, push_problem, push_trust, push_missed, \
                notified_at, lag, checked_at, fingerprint, checks, found, repaired, found_at, \
                CASE WHEN held_until > $1 THEN held_until END AS held_until, \
                run.started_at AS asked_at, ",
            outcome!(),
            " AS outcome, \
                (SELECT MAX(expires_at) FROM subscriptions \
                    WHERE subscriptions.room_id = rooms.id AND NOT unwanted AND expires_at > $1) \
                    AS pushed_until \
             FROM rooms JOIN room_sync ON room_sync.room_id = rooms.id \
             LEFT JOIN sync_runs AS run ON run.scope = rooms.id \
             LEFT JOIN sync_run_rooms AS asked \
                ON asked.scope = rooms.id AND asked.room_id = rooms.id \
             WHERE mailbox IS NOT NULL ",
            $rest
        )
    };
}

impl Store {
    /// How the mirror of every linked room stands, by number within its floor.
    ///
    /// # Errors
    /// [`StoreError::Driver`], [`StoreError::Inconsistent`].
    pub async fn rooms_health(&self, now: Instant) -> Result<Vec<KeptHealth>, StoreError> {
        const TEXT: &str = select!("ORDER BY building_id, floor_id, number, rooms.id");
        let rows = self.pool.fetch_all(Sql::new(TEXT).bind(now)).await?;
        rows.iter().map(read).collect()
    }

    /// How the mirror of a room stands. `None`: there is no such, or it is not linked.
    ///
    /// # Errors
    /// [`StoreError::Driver`], [`StoreError::Inconsistent`].
    pub async fn room_health(
        &self,
        room: RoomId,
        now: Instant,
    ) -> Result<Option<KeptHealth>, StoreError> {
        const TEXT: &str = select!("AND rooms.id = $2");
        let sql = Sql::new(TEXT).bind(now).bind(room);
        let row = self.pool.fetch_optional(sql).await?;
        row.as_ref().map(read).transpose()
    }

    /// Keeps why a room's calendar does not notify us. `None`: it does.
    ///
    /// # Errors
    /// [`StoreError::Driver`]; [`StoreError::Inconsistent`] when it cannot be written down.
    pub async fn note_push_problem(
        &self,
        room: RoomId,
        problem: Option<&PushProblem>,
    ) -> Result<(), StoreError> {
        const TEXT: &str = "UPDATE room_sync SET push_problem = $2 WHERE room_id = $1 \
            AND push_problem IS DISTINCT FROM $2";
        let written = problem.map(serde_json::to_string).transpose();
        let written = written.map_err(|_| StoreError::Inconsistent {
            table: "room_sync",
            column: "push_problem",
            row: room.to_string(),
        })?;
        let sql = Sql::new(TEXT).bind(room).bind(written);
        self.pool.write(Durability::Mirror, sql).await?;
        Ok(())
    }
}

fn read(row: &Row) -> Result<KeptHealth, StoreError> {
    let fields = row.of("rooms", "id");
    Ok(KeptHealth {
        room: fields.parse("id")?,
        building: fields.parse("building_id")?,
        number: fields.get("number")?,
        name: fields.get("name")?,
        mailbox: fields.parse("mailbox")?,
        connection: fields.parse("connection_id")?,
        synced_at: fields.instant_optional("synced_at")?,
        dirty_since: fields.instant_optional("marked_at")?,
        poll_at: fields.instant("poll_at")?,
        last_error: fields.get("last_error")?,
        failed_at: fields.instant_optional("failed_at")?,
        reading: read_source(&fields)?,
        pushed_until: fields.instant_optional("pushed_until")?,
        push_problem: fields.json_optional("push_problem")?,
        trust: read_trust(&fields)?,
        notified_at: fields.instant_optional("notified_at")?,
        lag: fields.parse("lag")?,
        checks: Checks {
            at: fields.instant_optional("checked_at")?,
            fingerprint: fields.parse_optional("fingerprint")?,
            count: fields.int("checks")?,
            found: fields.int("found")?,
            repaired: fields.int("repaired")?,
            found_at: fields.instant_optional("found_at")?,
        },
        asked: read_outcome(&fields)?,
        held_until: fields.instant_optional("held_until")?,
    })
}
