//! Who did what. Written, read, never changed.

use booking::ids::{ReservationId, RoomId};
use booking::person::PersonId;
use booking::time::Instant;

use crate::pool::Durability;
use crate::row::Row;
use crate::sql::Sql;
use crate::{Store, StoreError};

/// One act.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct AuditEntry {
    /// When.
    pub at: Instant,
    /// Who. `None`: the server by itself.
    pub who: Option<PersonId>,
    /// What, as the verb of the glossary with its object, such as `cancel reservation`.
    pub what: String,
    /// The reservation it was done to. `None`: none.
    pub reservation: Option<ReservationId>,
    /// The room it was done to. `None`: none.
    pub room: Option<RoomId>,
}

impl Store {
    /// Appends an act.
    ///
    /// # Errors
    /// [`StoreError::Driver`].
    pub async fn append_audit(&self, entry: &AuditEntry) -> Result<(), StoreError> {
        const TEXT: &str = "INSERT INTO audit \
            (at, who_tenant, who_object, what, reservation_id, room_id) \
            VALUES ($1, $2, $3, $4, $5, $6)";
        let sql = Sql::new(TEXT)
            .bind(entry.at)
            .bind(entry.who.map(|who| who.tenant.to_string()))
            .bind(entry.who.map(|who| who.object.to_string()))
            .bind(&entry.what)
            .bind(entry.reservation)
            .bind(entry.room);
        self.pool.write(Durability::Promise, sql).await?;
        Ok(())
    }

    /// What was done to a reservation, in the order it was written.
    ///
    /// # Errors
    /// [`StoreError::Driver`], [`StoreError::Inconsistent`].
    pub async fn audit_of(
        &self,
        reservation: ReservationId,
    ) -> Result<Vec<AuditEntry>, StoreError> {
        const TEXT: &str = "SELECT what, at, who_tenant, who_object, reservation_id, room_id \
            FROM audit WHERE reservation_id = $1 ORDER BY id";
        let rows = self
            .pool
            .fetch_all(Sql::new(TEXT).bind(reservation))
            .await?;
        rows.iter().map(read).collect()
    }

    /// The latest acts, newest first, at most `limit`.
    ///
    /// # Errors
    /// [`StoreError::Driver`], [`StoreError::Inconsistent`].
    pub async fn latest_audit(&self, limit: u32) -> Result<Vec<AuditEntry>, StoreError> {
        const TEXT: &str = "SELECT what, at, who_tenant, who_object, reservation_id, room_id \
            FROM audit ORDER BY id DESC LIMIT $1";
        let rows = self.pool.fetch_all(Sql::new(TEXT).bind(limit)).await?;
        rows.iter().map(read).collect()
    }
}

fn read(row: &Row) -> Result<AuditEntry, StoreError> {
    let fields = row.of("audit", "what");
    let who = match fields.parse_optional("who_tenant")? {
        None => None,
        Some(tenant) => Some(PersonId {
            tenant,
            object: fields.parse("who_object")?,
        }),
    };
    Ok(AuditEntry {
        at: fields.instant("at")?,
        who,
        what: fields.get("what")?,
        reservation: fields.parse_optional("reservation_id")?,
        room: fields.parse_optional("room_id")?,
    })
}
