//! Work promised to the calendar system: written in the transaction of the fact it promises.

use booking::ReservationId;
use booking::person::PersonId;
use booking::time::Instant;
use uuid::Uuid;

use crate::pool::{Durability, Tx};
use crate::row::Row;
use crate::sql::Sql;
use crate::{Store, StoreError};

/// A job's id.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct JobId(pub Uuid);

/// What the calendar system shall be told.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum JobKind {
    /// Write the reservation's event.
    CreateEvent,
    /// Cancel it.
    CancelEvent,
    /// Give it the reservation's time and room.
    ChangeEvent,
    /// Take the room out of it, and let it stand.
    ReleaseRoom,
    /// Write the events of the series that the reservation is a date of.
    WriteSeries,
    /// Tell its owner by a letter, once.
    WriteLetter,
}

impl JobKind {
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::CreateEvent => "create_event",
            Self::CancelEvent => "cancel_event",
            Self::ChangeEvent => "change_event",
            Self::ReleaseRoom => "release_room",
            Self::WriteSeries => "write_series",
            Self::WriteLetter => "write_letter",
        }
    }

    fn from_word(word: &str) -> Option<Self> {
        [
            Self::CreateEvent,
            Self::CancelEvent,
            Self::ChangeEvent,
            Self::ReleaseRoom,
            Self::WriteSeries,
            Self::WriteLetter,
        ]
        .into_iter()
        .find(|kind| kind.word() == word)
    }
}

/// A job to be kept.
#[derive(Clone, PartialEq, Debug)]
pub struct NewJob {
    /// Its id.
    pub id: JobId,
    /// What is to be done.
    pub kind: JobKind,
    /// What the job needs beyond the reservation, such as the subject; forgotten with the job.
    pub payload: serde_json::Value,
    /// Not before then.
    pub due_at: Instant,
}

/// A job that was leased.
#[derive(Clone, PartialEq, Debug)]
pub struct Job {
    /// Its id.
    pub id: JobId,
    /// The reservation it is about.
    pub reservation: ReservationId,
    /// What is to be done.
    pub kind: JobKind,
    /// What the job needs beyond the reservation.
    pub payload: serde_json::Value,
    /// When it was due.
    pub due_at: Instant,
    /// How often it was leased, this time included.
    pub attempts: u32,
    /// Until then nobody else gets it.
    pub lease_until: Instant,
    /// What went wrong last time. `None`: nothing yet.
    pub last_error: Option<String>,
    /// When it was given up. `None`: it was not.
    pub given_up_at: Option<Instant>,
    /// When the one attempt of a [`JobKind::WriteLetter`] was begun. `None`: it may still be made.
    pub begun_at: Option<Instant>,
}

/// How much work to take, and for how long.
#[derive(Clone, Copy, Debug)]
pub struct Lease<'a> {
    /// Now.
    pub now: Instant,
    /// For so many milliseconds; then another may take over.
    pub lease_ms: i64,
    /// At most so many.
    pub limit: u32,
    /// Who takes it, for those who look into the table.
    pub owner: &'a str,
}

/// The columns [`read`] wants. Never `*`: a column that a newer version adds would make the
/// prepared statements of an older process fail.
macro_rules! columns {
    () => {
        "id, reservation_id, kind, payload, due_at, attempts, lease_until, last_error, given_up_at, \
         begun_at"
    };
}

/// The kinds that this version knows; those of a newer one are left to it.
macro_rules! known_kinds {
    () => {
        "kind IN ('create_event', 'cancel_event', 'change_event', 'release_room', 'write_series', \
         'write_letter')"
    };
}

macro_rules! lease_text {
    ($lock:literal) => {
        concat!(
            "UPDATE outbox SET lease_until = $2, lease_owner = $3, attempts = attempts + 1 \
             WHERE id IN (SELECT id FROM outbox \
                WHERE given_up_at IS NULL AND due_at <= $1 AND lease_until <= $1 AND ",
            known_kinds!(),
            " ORDER BY due_at, id LIMIT $4",
            $lock,
            ") RETURNING ",
            columns!()
        )
    };
}

// Several processes share PostgreSQL, and must not wait for each other's jobs nor take them;
// SQLite has one writer at a time and no such words.
const LEASE_SQLITE: &str = lease_text!("");
const LEASE_POSTGRES: &str = lease_text!(" FOR UPDATE SKIP LOCKED");

const INSERT: &str = "INSERT INTO outbox (id, reservation_id, kind, payload, due_at) \
    VALUES ($1, $2, $3, $4, $5)";

impl Store {
    /// Takes jobs that are due and leased to nobody, earliest first.
    ///
    /// # Errors
    /// [`StoreError::Driver`].
    pub async fn lease_jobs(&self, lease: &Lease<'_>) -> Result<Vec<Job>, StoreError> {
        let text = self.pool.by_dialect(LEASE_SQLITE, LEASE_POSTGRES);
        let sql = Sql::new(text)
            .bind(lease.now)
            .bind(lease.now.plus_ms(lease.lease_ms))
            .bind(lease.owner)
            .bind(lease.limit);
        let rows = self.pool.write_returning(Durability::Promise, sql).await?;
        let mut jobs = rows.iter().map(read).collect::<Result<Vec<_>, _>>()?;
        jobs.sort_by_key(|job| (job.due_at, job.id));
        Ok(jobs)
    }

    /// The jobs of a reservation, given up or not, earliest first.
    ///
    /// # Errors
    /// [`StoreError::Driver`].
    pub async fn jobs_of(&self, reservation: ReservationId) -> Result<Vec<Job>, StoreError> {
        const TEXT: &str = concat!(
            "SELECT ",
            columns!(),
            " FROM outbox WHERE reservation_id = $1 AND ",
            known_kinds!(),
            " ORDER BY due_at, id"
        );
        let rows = self
            .pool
            .fetch_all(Sql::new(TEXT).bind(reservation))
            .await?;
        rows.iter().map(read).collect()
    }

    /// Makes a person's waiting jobs due now, because what they waited for is there: their
    /// permission. How many.
    ///
    /// # Errors
    /// [`StoreError::Driver`].
    pub async fn hasten_jobs(&self, person: PersonId, now: Instant) -> Result<u64, StoreError> {
        const TEXT: &str = "UPDATE outbox SET due_at = $1 \
            WHERE given_up_at IS NULL AND due_at > $1 AND reservation_id IN \
            (SELECT id FROM reservations WHERE person_tenant = $2 AND person_object = $3)";
        let sql = Sql::new(TEXT)
            .bind(now)
            .bind(person.tenant)
            .bind(person.object);
        self.pool.write(Durability::Promise, sql).await
    }

    /// The job is done and forgotten. `false`: somebody else finished it already.
    ///
    /// # Errors
    /// [`StoreError::Driver`].
    pub async fn finish_job(&self, id: JobId) -> Result<bool, StoreError> {
        let touched = self.pool.write(Durability::Promise, finish(id)).await?;
        Ok(touched == 1)
    }

    /// Has a job that takes long keep its lease until then. `false`: its lease is another's by now, or the job is gone.
    ///
    /// # Errors
    /// [`StoreError::Driver`].
    pub async fn prolong_job(&self, job: &Job, until: Instant) -> Result<bool, StoreError> {
        const TEXT: &str = "UPDATE outbox SET lease_until = $3 \
            WHERE id = $1 AND lease_until = $2 AND given_up_at IS NULL";
        let sql = Sql::new(TEXT).bind(job.id.0).bind(job.lease_until);
        let sql = sql.bind(until);
        Ok(self.pool.write(Durability::Promise, sql).await? == 1)
    }

    /// Has a job keep this from now on for its next attempt. One that is gone or given up is a success.
    ///
    /// # Errors
    /// [`StoreError::Driver`].
    pub async fn note_in_job(
        &self,
        id: JobId,
        payload: &serde_json::Value,
    ) -> Result<(), StoreError> {
        let sql = keep(id, payload);
        self.pool.write(Durability::Promise, sql).await.map(drop)
    }

    /// Tries the job again from `due_at` on, by whoever comes first. `error` is what went wrong,
    /// without addresses or tokens. `false`: the job is gone, or its lease is another's by now.
    ///
    /// # Errors
    /// [`StoreError::Driver`].
    pub async fn retry_job(
        &self,
        job: &Job,
        due_at: Instant,
        error: &str,
    ) -> Result<bool, StoreError> {
        const TEXT: &str = "UPDATE outbox SET due_at = $2, lease_until = 0, lease_owner = NULL, \
            last_error = $3 WHERE id = $1 AND lease_until = $4 AND given_up_at IS NULL";
        let sql = Sql::new(TEXT).bind(job.id.0).bind(due_at).bind(error);
        let sql = sql.bind(job.lease_until);
        Ok(self.pool.write(Durability::Promise, sql).await? == 1)
    }

    /// Never tries the job again; it stays for a person to see, without its payload. `false`: the
    /// job is gone.
    ///
    /// # Errors
    /// [`StoreError::Driver`].
    pub async fn give_up_job(
        &self,
        id: JobId,
        now: Instant,
        error: &str,
    ) -> Result<bool, StoreError> {
        let touched = self
            .pool
            .write(Durability::Promise, give_up(id, now, error))
            .await?;
        Ok(touched == 1)
    }

    /// Writes a job within the transaction of what it promises.
    pub(crate) async fn put_job(
        &self,
        tx: &mut Tx,
        reservation: ReservationId,
        job: &NewJob,
    ) -> Result<(), StoreError> {
        tx.execute_one(insert(reservation, job)).await
    }
}

fn insert(reservation: ReservationId, job: &NewJob) -> Sql {
    Sql::new(INSERT)
        .bind(job.id.0)
        .bind(reservation)
        .bind(job.kind.word())
        .bind(job.payload.to_string())
        .bind(job.due_at)
}

pub(crate) fn keep(id: JobId, payload: &serde_json::Value) -> Sql {
    const TEXT: &str = "UPDATE outbox SET payload = $2 WHERE id = $1 AND given_up_at IS NULL";
    Sql::new(TEXT).bind(id.0).bind(payload.to_string())
}

fn finish(id: JobId) -> Sql {
    Sql::new("DELETE FROM outbox WHERE id = $1").bind(id.0)
}

pub(crate) fn give_up(id: JobId, now: Instant, error: &str) -> Sql {
    const TEXT: &str = "UPDATE outbox SET given_up_at = $2, last_error = $3, payload = '{}', \
        lease_until = 0, lease_owner = NULL WHERE id = $1 AND given_up_at IS NULL";
    Sql::new(TEXT).bind(id.0).bind(now).bind(error)
}

fn read(row: &Row) -> Result<Job, StoreError> {
    let fields = row.of("outbox", "id");
    let kind: String = fields.get("kind")?;
    Ok(Job {
        id: fields.parse("id").map(JobId)?,
        reservation: fields.parse("reservation_id")?,
        kind: JobKind::from_word(&kind).ok_or_else(|| fields.broken("kind"))?,
        payload: fields.json("payload")?,
        due_at: fields.instant("due_at")?,
        attempts: fields.int("attempts")?,
        lease_until: fields.instant("lease_until")?,
        last_error: fields.get("last_error")?,
        given_up_at: fields.instant_optional("given_up_at")?,
        begun_at: fields.instant_optional("begun_at")?,
    })
}
