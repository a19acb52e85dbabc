//! Who did what, for whoever has to answer for it. Written in the transaction of what was done.

use booking::ids::{MailboxAddress, ReservationId, RoomId};
use booking::person::PersonId;
use booking::reservation::Reservation;
use booking::time::Instant;

use crate::pool::Tx;
use crate::sql::Sql;
use crate::{Store, StoreError};

/// Something that was done with a reservation.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Deed {
    /// It was placed.
    Placed,
    /// It was given another time or room.
    Changed,
    /// It was taken back, or its event vanished from the calendar.
    Cancelled,
    /// Its room, or the calendar system, said no.
    Declined,
    /// Another room was taken in place of one that said no.
    Swapped,
}

impl Deed {
    const ALL: [Self; 5] = [
        Self::Placed,
        Self::Changed,
        Self::Cancelled,
        Self::Declined,
        Self::Swapped,
    ];

    /// The word used in the database.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Placed => "placed",
            Self::Changed => "changed",
            Self::Cancelled => "cancelled",
            Self::Declined => "declined",
            Self::Swapped => "swapped",
        }
    }
}

/// One line of the audit.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct AuditLine {
    /// When.
    pub at: Instant,
    /// Who did it. `None`: Etage by itself, as when a room says no.
    pub who: Option<PersonId>,
    /// For whom, where that is somebody else. `None`: for themself.
    pub for_whom: Option<MailboxAddress>,
    /// What was done.
    pub deed: Deed,
    /// With which room.
    pub room: RoomId,
}

impl Store {
    /// All that was done with a reservation, in order.
    ///
    /// # Errors
    /// [`StoreError::Driver`], [`StoreError::Inconsistent`].
    pub async fn audit_of(&self, id: ReservationId) -> Result<Vec<AuditLine>, StoreError> {
        const TEXT: &str = "SELECT reservation_id, at, who_tenant, who_object, what, room_id, for_whom \
            FROM audit WHERE reservation_id = $1 ORDER BY id";
        let rows = self.pool.fetch_all(Sql::new(TEXT).bind(id)).await?;
        let mut lines = Vec::with_capacity(rows.len());
        for row in &rows {
            let fields = row.of("audit", "reservation_id");
            let word: String = fields.get("what")?;
            let deed = Deed::ALL.into_iter().find(|deed| deed.word() == word);
            let tenant = fields.parse_optional("who_tenant")?;
            let object = fields.parse_optional("who_object")?;
            lines.push(AuditLine {
                at: fields.instant("at")?,
                who: tenant
                    .zip(object)
                    .map(|(tenant, object)| PersonId { tenant, object }),
                for_whom: fields.parse_optional("for_whom")?,
                deed: deed.ok_or_else(|| fields.broken("what"))?,
                room: fields.parse("room_id")?,
            });
        }
        Ok(lines)
    }
}

/// Notes what is done with this reservation.
pub(crate) async fn put(
    tx: &mut Tx,
    reservation: &Reservation,
    deed: Deed,
    who: Option<PersonId>,
    at: Instant,
) -> Result<(), StoreError> {
    const TEXT: &str = "INSERT INTO audit (at, who_tenant, who_object, what, reservation_id, room_id, for_whom) \
        VALUES ($1, $2, $3, $4, $5, $6, $7)";
    let sql = Sql::new(TEXT)
        .bind(at)
        .bind(who.map(|who| who.tenant))
        .bind(who.map(|who| who.object))
        .bind(deed.word())
        .bind(reservation.id)
        .bind(reservation.room)
        .bind(reservation.on_behalf_of.as_ref());
    tx.execute(sql).await?;
    Ok(())
}
