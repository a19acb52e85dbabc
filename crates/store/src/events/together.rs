//! One transaction that takes in the rounds of several rooms.

use std::collections::{BTreeMap, HashMap};
use std::sync::atomic::{AtomicBool, Ordering};

use booking::event::BusyTime;
use booking::ids::RoomId;
use booking::time::{Instant, TimeRange};
use serde::Serialize;

use super::commit::{Committed, Difference, Learnt, Round, Taken};
use super::{OF_ROOMS_POSTGRES, OF_ROOMS_SQLITE, read, rows};
use crate::pool::{Durability, Tx};
use crate::revisions::Revision;
use crate::sql::{Sql, among_sqlite};
use crate::sync_state::source_word;
use crate::{Store, StoreError};

// A promise to notify that is about to end, or was asked to be renewed at once, is none to rely upon.
macro_rules! pushed_until {
    ($least:literal) => {
        concat!(
            ", (SELECT MAX(",
            $least,
            "(renew_at, expires_at)) FROM subscriptions \
                WHERE subscriptions.room_id = room_revisions.room_id AND NOT unwanted) AS pushed_until"
        )
    };
}

// As one room is stamped; rows are locked in order of the rooms' ids, as everywhere.
const STAMP_SQLITE: &str = concat!(
    "UPDATE room_revisions SET revision = (SELECT MAX(revision) FROM room_revisions) + 1 WHERE ",
    among_sqlite!("room_id", "$1"),
    " RETURNING room_id, revision",
    pushed_until!("MIN")
);
const STAMP_POSTGRES: &str = concat!(
    "UPDATE room_revisions SET revision = pg_current_xact_id()::text::bigint WHERE room_id IN \
        (SELECT room_id FROM room_revisions WHERE room_id = ANY($1) ORDER BY room_id FOR UPDATE) \
        RETURNING room_id, revision",
    pushed_until!("LEAST")
);

// Rows are locked in order, as marks are set; SQLite has one writer.
const LOCK_SYNC_POSTGRES: &str =
    "SELECT 1 FROM room_sync WHERE room_id = ANY($1) ORDER BY room_id FOR UPDATE";

macro_rules! synced_text {
    ($told:literal) => {
        concat!(
            "UPDATE room_sync SET cursor = told.cursor, \
                window_start = COALESCE(told.window_start, room_sync.window_start), \
                window_end = COALESCE(told.window_end, room_sync.window_end), \
                synced_at = told.synced_at, due_at = 0, lease_until = 0, \
                clean_count = CASE WHEN room_sync.clean_count < told.dirty_seen \
                    THEN told.dirty_seen ELSE room_sync.clean_count END, \
                last_error = told.last_error, poll_at = told.poll_at, source = told.source, \
                suspect_since = told.suspect_since, push_trust = told.push_trust, \
                push_missed = told.push_missed, changed_at_seen = told.changed_at_seen, lag = told.lag \
                FROM ",
            $told,
            " WHERE room_sync.room_id = told.room_id AND room_sync.lease_until = told.lease \
                RETURNING room_sync.room_id AS room_id, EXISTS (SELECT 1 FROM reservations \
                    WHERE reservations.room_id = room_sync.room_id \
                    AND state IN ('held', 'submitted', 'confirmed', 'checked_in')) AS has_reservations"
        )
    };
}

const SYNCED_SQLITE: &str = synced_text!(
    "(SELECT value ->> 'room_id' AS room_id, value ->> 'cursor' AS cursor, \
        value ->> 'window_start' AS window_start, value ->> 'window_end' AS window_end, \
        value ->> 'synced_at' AS synced_at, value ->> 'dirty_seen' AS dirty_seen, \
        value ->> 'last_error' AS last_error, value ->> 'poll_at' AS poll_at, \
        value ->> 'source' AS source, value ->> 'suspect_since' AS suspect_since, \
        value ->> 'push_trust' AS push_trust, value ->> 'push_missed' AS push_missed, \
        value ->> 'changed_at_seen' AS changed_at_seen, value ->> 'lag' AS lag, \
        value ->> 'lease' AS lease FROM json_each($1)) AS told"
);
const SYNCED_POSTGRES: &str = synced_text!(
    "json_to_recordset($1::json) AS told (room_id text, cursor text, window_start bigint, \
        window_end bigint, synced_at bigint, dirty_seen bigint, last_error text, poll_at bigint, \
        source text, suspect_since bigint, push_trust bigint, push_missed bigint, \
        changed_at_seen bigint, lag text, lease bigint)"
);

/// What is kept of a room beside its busy times; fields are named as columns.
#[derive(Serialize)]
struct Synced<'a> {
    room_id: RoomId,
    cursor: Option<&'a str>,
    window_start: Option<Instant>,
    window_end: Option<Instant>,
    synced_at: Instant,
    dirty_seen: i64,
    last_error: Option<&'a str>,
    poll_at: Instant,
    source: &'static str,
    suspect_since: Option<Instant>,
    push_trust: u32,
    push_missed: u32,
    changed_at_seen: Option<Instant>,
    lag: String,
    lease: Instant,
}

/// What is known of a room when its round begins.
struct Begun {
    revision: Revision,
    pushed_until: Option<Instant>,
}

/// A round, and what it comes to.
struct Outcome<'a> {
    round: &'a Round,
    revision: Revision,
    difference: Difference<'a>,
    learnt: Learnt,
    has_reservations: bool,
}

impl Store {
    /// Takes in these rounds, all or nothing, but for those of which the lease is over: of these nothing is kept, only their
    /// rooms are stamped. Each is of another room. What came of each, in the same order. `is_committing` is set when
    /// breaking off leaves it open what came of them.
    ///
    /// # Errors
    /// [`StoreError::Driver`], [`StoreError::Inconsistent`]; then nothing was kept.
    pub(super) async fn commit_together(
        &self,
        rounds: &[&Round],
        is_committing: &AtomicBool,
    ) -> Result<Vec<Result<Option<Committed>, StoreError>>, StoreError> {
        let mut tx = self.pool.begin(Durability::Mirror).await?;
        let begun = self.begin_rounds(&mut tx, rounds).await?;
        let mut stored = self.stored_of(&mut tx, rounds).await?;
        let mut outcomes = BTreeMap::new();
        for round in rounds {
            let room = round.commit.room;
            if let Some(begun) = begun.get(&room) {
                let stored = stored.remove(&room).unwrap_or_default();
                outcomes.insert(room, outcome(round, begun, stored));
            }
        }
        self.note_synced(&mut tx, &mut outcomes).await?;
        self.write(&mut tx, &mut outcomes).await?;
        is_committing.store(true, Ordering::Relaxed);
        tx.commit().await?;
        self.nudge.committed();
        let statement = self.pool.by_dialect(STAMP_SQLITE, STAMP_POSTGRES);
        let answer = |round: &&Round| {
            let room = round.commit.room;
            if !begun.contains_key(&room) {
                return Err(StoreError::RowsAffected {
                    statement,
                    expected: 1,
                    actual: 0,
                });
            }
            let outcome = outcomes.remove(&room);
            Ok(outcome.map(|outcome| Committed {
                revision: outcome.revision,
                learnt: outcome.learnt,
                has_reservations: outcome.has_reservations,
            }))
        };
        Ok(rounds.iter().map(answer).collect())
    }

    /// Stamps the rooms; those that are not there are left out.
    async fn begin_rounds(
        &self,
        tx: &mut Tx,
        rounds: &[&Round],
    ) -> Result<HashMap<RoomId, Begun>, StoreError> {
        let rooms: Vec<RoomId> = rounds.iter().map(|round| round.commit.room).collect();
        let statement = self.pool.by_dialect(STAMP_SQLITE, STAMP_POSTGRES);
        let rows = tx
            .fetch_all(Sql::new(statement).bind(rooms.as_slice()))
            .await?;
        if self.pool.is_postgres() {
            tx.execute(Sql::new(LOCK_SYNC_POSTGRES).bind(rooms.as_slice()))
                .await?;
        }
        rows.iter()
            .map(|row| {
                let fields = row.of("room_revisions", "room_id");
                let begun = Begun {
                    revision: fields.get("revision").map(Revision)?,
                    pushed_until: fields.instant_optional("pushed_until")?,
                };
                Ok((fields.parse("room_id")?, begun))
            })
            .collect()
    }

    /// What is kept of the rooms that are compared.
    async fn stored_of(
        &self,
        tx: &mut Tx,
        rounds: &[&Round],
    ) -> Result<HashMap<RoomId, Vec<BusyTime>>, StoreError> {
        let compared = rounds.iter().filter(|round| round.told.is_some());
        let rooms: Vec<RoomId> = compared.map(|round| round.commit.room).collect();
        let mut stored: HashMap<RoomId, Vec<BusyTime>> = HashMap::new();
        if rooms.is_empty() {
            return Ok(stored);
        }
        let statement = self.pool.by_dialect(OF_ROOMS_SQLITE, OF_ROOMS_POSTGRES);
        let sql = Sql::new(statement).bind(rooms.as_slice());
        for row in tx.fetch_all(sql).await? {
            let room = row.of("busy_times", "event_id").parse("room_id")?;
            stored.entry(room).or_default().push(read(&row)?);
        }
        Ok(stored)
    }

    /// Keeps what was learnt, and lets go of the rooms of which the lease is over.
    async fn note_synced(
        &self,
        tx: &mut Tx,
        outcomes: &mut BTreeMap<RoomId, Outcome<'_>>,
    ) -> Result<(), StoreError> {
        let told: Vec<Synced<'_>> = outcomes.values().map(Outcome::synced).collect();
        let statement = self.pool.by_dialect(SYNCED_SQLITE, SYNCED_POSTGRES);
        let told = serde_json::to_string(&told).map_err(|error| StoreError::Driver {
            statement,
            source: sqlx::Error::Encode(error.into()),
        })?;
        let rows = tx.fetch_all(Sql::new(statement).bind(told)).await?;
        let mut synced: HashMap<RoomId, bool> = HashMap::new();
        for row in &rows {
            let fields = row.of("room_sync", "room_id");
            let has_reservations: bool = fields.get("has_reservations")?;
            synced.insert(fields.parse("room_id")?, has_reservations);
        }
        outcomes.retain(|room, outcome| {
            let has_reservations = synced.get(room);
            outcome.has_reservations = has_reservations.copied().unwrap_or_default();
            has_reservations.is_some()
        });
        Ok(())
    }

    async fn write(
        &self,
        tx: &mut Tx,
        outcomes: &mut BTreeMap<RoomId, Outcome<'_>>,
    ) -> Result<(), StoreError> {
        for (room, outcome) in outcomes.iter_mut() {
            let gone = std::mem::take(&mut outcome.difference.gone);
            rows::delete(&self.pool, tx, *room, gone).await?;
        }
        let put: Vec<(RoomId, &BusyTime)> = outcomes
            .iter()
            .flat_map(|(room, outcome)| outcome.difference.put.iter().map(|busy| (*room, *busy)))
            .collect();
        rows::upsert(&self.pool, tx, &put).await?;
        for (room, outcome) in outcomes.iter() {
            if outcome.learnt.is_promise_doubted {
                doubt_promise(tx, *room, outcome.round.commit.synced_at).await?;
            }
        }
        Ok(())
    }
}

fn outcome<'a>(round: &'a Round, begun: &Begun, stored: Vec<BusyTime>) -> Outcome<'a> {
    let commit = &round.commit;
    let difference = (round.told.as_ref())
        .map(|told| told.against(stored, commit.full.is_some()))
        .unwrap_or_default();
    let learnt = (round.learn)(Taken {
        changed: difference.changed(),
        is_pushed: begun.pushed_until > Some(commit.synced_at),
    });
    Outcome {
        round,
        revision: begun.revision,
        difference,
        learnt,
        has_reservations: false,
    }
}

impl Outcome<'_> {
    fn synced(&self) -> Synced<'_> {
        let (commit, standing) = (&self.round.commit, &self.learnt.standing);
        Synced {
            room_id: commit.room,
            cursor: commit.cursor.as_ref().map(|cursor| cursor.0.as_str()),
            window_start: commit.full.map(TimeRange::start),
            window_end: commit.full.map(TimeRange::end),
            synced_at: commit.synced_at,
            dirty_seen: commit.dirty_seen,
            last_error: self.learnt.last_error.as_deref(),
            poll_at: self.learnt.look_at,
            source: source_word(standing.reading),
            suspect_since: standing.suspect_since,
            push_trust: standing.trust.level,
            push_missed: standing.trust.missed,
            changed_at_seen: standing.changed_at_seen,
            lag: standing.lag.to_string(),
            lease: commit.lease,
        }
    }
}

/// Has the subscription of a room prolonged now, whatever failed before. Where there is none, nothing is done.
async fn doubt_promise(tx: &mut Tx, room: RoomId, now: Instant) -> Result<(), StoreError> {
    const TEXT: &str = "UPDATE subscriptions SET renew_at = $2, due_at = 0, failures = 0 \
        WHERE room_id = $1 AND NOT unwanted";
    tx.execute(Sql::new(TEXT).bind(room).bind(now)).await?;
    Ok(())
}
