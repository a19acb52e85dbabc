//! Letters that are owed to people: jobs whose one attempt is noted before it is made, because nothing can take it back
//! and nothing tells whether it was made.

use booking::ReservationId;
use booking::person::PersonId;
use booking::time::Instant;

use crate::outbox::{JobId, JobKind};
use crate::pool::Durability;
use crate::sql::Sql;
use crate::{Store, StoreError};

/// Of how many reservations one letter tells at most; the rest is for the next one.
pub const OF_ONE_LETTER_MAX: u32 = 50;

/// What somebody is to be told of one of their reservations.
#[derive(Clone, PartialEq, Debug)]
pub struct OwedLetter {
    /// The job that promises it.
    pub job: JobId,
    /// The reservation.
    pub reservation: ReservationId,
    /// What the job needs beyond the reservation.
    pub payload: serde_json::Value,
}

impl Store {
    /// Begins the one attempt at everything that a person is owed a letter of and that nobody has begun: whoever comes later
    /// finds nothing. What was begun stays so until it is finished, or taken back by [`Store::take_letters_back`].
    ///
    /// # Errors
    /// [`StoreError::Driver`], [`StoreError::Json`].
    pub async fn begin_letters(
        &self,
        person: PersonId,
        now: Instant,
    ) -> Result<Vec<OwedLetter>, StoreError> {
        const TEXT: &str = "UPDATE outbox SET begun_at = $1 WHERE begun_at IS NULL AND id IN \
                (SELECT outbox.id FROM outbox \
                    JOIN reservations ON reservations.id = outbox.reservation_id \
                    WHERE kind = $2 AND given_up_at IS NULL AND begun_at IS NULL \
                    AND person_tenant = $3 AND person_object = $4 ORDER BY due_at, outbox.id LIMIT $5) \
            RETURNING id, reservation_id, payload";
        let sql = Sql::new(TEXT)
            .bind(now)
            .bind(JobKind::WriteLetter.word())
            .bind(person.tenant)
            .bind(person.object)
            .bind(OF_ONE_LETTER_MAX);
        let rows = self.pool.write_returning(Durability::Promise, sql).await?;
        let owed = rows.iter().map(|row| {
            let fields = row.of("outbox", "id");
            Ok(OwedLetter {
                job: fields.parse("id").map(JobId)?,
                reservation: fields.parse("reservation_id")?,
                payload: fields.json("payload")?,
            })
        });
        owed.collect()
    }

    /// The attempt was refused for certain: what it was to tell may be told from `due_at` on. `error` is what went wrong,
    /// without addresses or tokens.
    ///
    /// # Errors
    /// [`StoreError::Driver`].
    pub async fn take_letters_back(
        &self,
        jobs: &[JobId],
        due_at: Instant,
        error: &str,
    ) -> Result<(), StoreError> {
        const TEXT: &str = "UPDATE outbox SET begun_at = NULL, due_at = $2, lease_until = 0, \
            lease_owner = NULL, last_error = $3 WHERE id = $1 AND given_up_at IS NULL";
        let mut tx = self.pool.begin(Durability::Promise).await?;
        for job in jobs {
            tx.execute(Sql::new(TEXT).bind(job.0).bind(due_at).bind(error))
                .await?;
        }
        tx.commit().await
    }

    /// The letter has gone: nothing of it is owed any more.
    ///
    /// # Errors
    /// [`StoreError::Driver`].
    pub async fn finish_letters(&self, jobs: &[JobId]) -> Result<(), StoreError> {
        let mut tx = self.pool.begin(Durability::Promise).await?;
        for job in jobs {
            tx.execute(Sql::new("DELETE FROM outbox WHERE id = $1").bind(job.0))
                .await?;
        }
        tx.commit().await
    }
}
