//! Rooms, what is in them, and the mailboxes whose calendars say when they are taken.

use booking::ids::{MailboxAddress, RoomId};
use booking::room::{EquipmentSet, Room, RoomLink, Seats};
use booking::time::ZoneName;

use crate::pool::{Durability, Tx};
use crate::row::Row;
use crate::sql::{Sql, among_postgres, among_sqlite};
use crate::{Store, StoreError};

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT id, building_id, floor_id, number, name, seats, seats_guessed, equipment, \
             step_free, connection_id, mailbox, shape_id, zone FROM rooms ",
            $rest
        )
    };
}

/// What a room's calendar promised is wanted no more.
const SILENCE: &str = "UPDATE subscriptions SET unwanted = TRUE, renew_at = 0 WHERE room_id = $1";

impl Store {
    /// Keeps rooms as they are described, all or none. A room whose mailbox changes starts over:
    /// what its former calendar said is forgotten.
    ///
    /// # Errors
    /// [`StoreError::MailboxTaken`]; [`StoreError::Driver`], also for an unknown floor.
    pub async fn upsert_rooms(&self, rooms: &[Room]) -> Result<(), StoreError> {
        self.upsert_places(&[], rooms).await
    }

    /// Every room, by number within its floor.
    ///
    /// # Errors
    /// [`StoreError::Driver`], [`StoreError::Inconsistent`].
    pub async fn rooms(&self) -> Result<Vec<Room>, StoreError> {
        const TEXT: &str = select!("ORDER BY floor_id, number, id");
        let rows = self.pool.fetch_all(Sql::new(TEXT)).await?;
        rows.iter().map(read).collect()
    }

    /// A room. `None`: there is no such.
    ///
    /// # Errors
    /// [`StoreError::Driver`], [`StoreError::Inconsistent`].
    pub async fn room(&self, id: RoomId) -> Result<Option<Room>, StoreError> {
        const TEXT: &str = select!("WHERE id = $1");
        let row = self.pool.fetch_optional(Sql::new(TEXT).bind(id)).await?;
        row.as_ref().map(read).transpose()
    }

    /// Those of these rooms that are there, in no particular order.
    ///
    /// # Errors
    /// [`StoreError::Driver`], [`StoreError::Inconsistent`].
    pub async fn rooms_among(&self, ids: &[RoomId]) -> Result<Vec<Room>, StoreError> {
        const SQLITE: &str = concat!(select!("WHERE "), among_sqlite!("id", "$1"));
        const POSTGRES: &str = concat!(select!("WHERE "), among_postgres!("id", "$1"));
        let text = self.pool.by_dialect(SQLITE, POSTGRES);
        let rows = self.pool.fetch_all(Sql::new(text).bind(ids)).await?;
        rows.iter().map(read).collect()
    }

    /// Hands a room's mailbox to another room, with everything that is reserved there and the
    /// promise to notify us: it stands in the same calendar. `from` is unlinked after that.
    ///
    /// # Errors
    /// [`StoreError::RowsAffected`] when either room is not there; [`StoreError::Driver`].
    pub async fn hand_over(&self, from: RoomId, to: RoomId) -> Result<(), StoreError> {
        const LINK: &str = "SELECT id, connection_id, mailbox FROM rooms WHERE id = $1";
        const RESERVED: &str = "UPDATE reservations SET room_id = $2 WHERE room_id = $1";
        const NOTIFIED: &str =
            "UPDATE subscriptions SET room_id = $2 WHERE room_id = $1 AND NOT unwanted";
        let mut tx = self.pool.begin(Durability::Promise).await?;
        // In order of their ids, as everybody locks rooms.
        for room in [from.min(to), from.max(to)] {
            self.stamp(&mut tx, room).await?;
        }
        let row = tx.fetch_optional(Sql::new(LINK).bind(from)).await?;
        let link = row.as_ref().map(read_link).transpose()?.flatten();
        self.change_link(&mut tx, from, None).await?;
        self.set_link(&mut tx, to, link.as_ref()).await?;
        tx.execute(Sql::new(SILENCE).bind(to)).await?;
        tx.execute(Sql::new(RESERVED).bind(from).bind(to)).await?;
        tx.execute(Sql::new(NOTIFIED).bind(from).bind(to)).await?;
        tx.commit().await?;
        self.nudge.committed();
        Ok(())
    }

    /// Keeps rooms within a transaction.
    pub(crate) async fn put_rooms(&self, tx: &mut Tx, rooms: &[Room]) -> Result<(), StoreError> {
        // In order of their ids, as everybody locks rooms.
        let mut ordered: Vec<&Room> = rooms.iter().collect();
        ordered.sort_by_key(|room| room.id);
        for room in ordered {
            self.upsert_room(tx, room).await?;
            self.set_link(tx, room.id, room.link.as_ref()).await?;
        }
        Ok(())
    }

    async fn upsert_room(&self, tx: &mut Tx, room: &Room) -> Result<(), StoreError> {
        const ROOM: &str = "INSERT INTO rooms (id, building_id, floor_id, number, name, seats, \
                seats_guessed, equipment, step_free, shape_id, zone) \
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) \
            ON CONFLICT (id) DO UPDATE SET building_id = excluded.building_id, \
                floor_id = excluded.floor_id, number = excluded.number, name = excluded.name, \
                seats = excluded.seats, seats_guessed = excluded.seats_guessed, \
                equipment = excluded.equipment, step_free = excluded.step_free, \
                shape_id = excluded.shape_id, zone = excluded.zone";
        const REVISION: &str = "INSERT INTO room_revisions (room_id, revision) VALUES ($1, 0) \
            ON CONFLICT (room_id) DO NOTHING";
        const SYNC: &str =
            "INSERT INTO room_sync (room_id) VALUES ($1) ON CONFLICT (room_id) DO NOTHING";
        let sql = Sql::new(ROOM)
            .bind(room.id)
            .bind(room.building)
            .bind(room.floor)
            .bind(&room.number)
            .bind(&room.name)
            .bind(room.seats.map(|seats| i64::from(seats.count)))
            .bind(room.seats.is_some_and(|seats| seats.guessed))
            .bind(room.equipment.0)
            .bind(room.step_free)
            .bind(room.shape)
            .bind(&room.zone.0);
        tx.execute_one(sql).await?;
        tx.execute(Sql::new(REVISION).bind(room.id)).await?;
        tx.execute(Sql::new(SYNC).bind(room.id)).await?;
        self.stamp(tx, room.id).await?;
        Ok(())
    }

    /// Sets the link if it differs, and then forgets what the former calendar said, and wants it to
    /// tell us nothing more.
    async fn set_link(
        &self,
        tx: &mut Tx,
        id: RoomId,
        link: Option<&RoomLink>,
    ) -> Result<(), StoreError> {
        if self.change_link(tx, id, link).await? {
            tx.execute(Sql::new(SILENCE).bind(id)).await?;
        }
        Ok(())
    }

    /// Sets the link and forgets what the former calendar said. `false`: it was that link already.
    async fn change_link(
        &self,
        tx: &mut Tx,
        id: RoomId,
        link: Option<&RoomLink>,
    ) -> Result<bool, StoreError> {
        const LINK: &str = "UPDATE rooms SET connection_id = $2, mailbox = $3 WHERE id = $1 \
            AND (connection_id IS DISTINCT FROM $2 OR mailbox IS DISTINCT FROM $3)";
        const START_OVER: &str = "UPDATE room_sync SET cursor = NULL, window_start = NULL, \
            window_end = NULL, synced_at = NULL, last_error = NULL, failed_at = NULL, \
            dirty_count = dirty_count + 1, dirty_since = 0, due_at = 0, held_until = 0, \
            lease_until = 0, \
            source = 'events', poll_at = 0, notified_at = NULL, suspect_since = NULL, \
            push_trust = 0, push_missed = 0, push_problem = NULL, changed_at_seen = NULL, \
            lag = '', check_due_at = 0, check_lease_until = 0, checked_at = NULL, \
            fingerprint = NULL, checks = 0, found = 0, repaired = 0, found_at = NULL, \
            subscribe_at = 0, subscribe_failures = 0 WHERE room_id = $1";
        const FORGET: &str = "DELETE FROM busy_times WHERE room_id = $1";
        if let Some(link) = link {
            refuse_taken(tx, id, &link.mailbox).await?;
        }
        let sql = Sql::new(LINK)
            .bind(id)
            .bind(link.map(|link| link.connection))
            .bind(link.map(|link| link.mailbox.to_string()));
        let differs = tx.execute(sql).await? == 1;
        if differs {
            tx.execute_one(Sql::new(START_OVER).bind(id)).await?;
            tx.execute(Sql::new(FORGET).bind(id)).await?;
        }
        Ok(differs)
    }
}

async fn refuse_taken(tx: &mut Tx, id: RoomId, mailbox: &MailboxAddress) -> Result<(), StoreError> {
    const TEXT: &str = "SELECT id FROM rooms WHERE mailbox = $1 AND id <> $2";
    match tx
        .fetch_optional(Sql::new(TEXT).bind(mailbox).bind(id))
        .await?
    {
        None => Ok(()),
        Some(row) => Err(StoreError::MailboxTaken {
            room: row.of("rooms", "id").parse("id")?,
        }),
    }
}

fn read(row: &Row) -> Result<Room, StoreError> {
    let fields = row.of("rooms", "id");
    let guessed = fields.get("seats_guessed")?;
    let seats = fields
        .get::<Option<i64>>("seats")?
        .map(|count| {
            let count = u32::try_from(count).map_err(|_| fields.broken("seats"))?;
            Ok::<_, StoreError>(Seats { count, guessed })
        })
        .transpose()?;
    Ok(Room {
        id: fields.parse("id")?,
        building: fields.parse("building_id")?,
        floor: fields.parse("floor_id")?,
        number: fields.get("number")?,
        name: fields.get("name")?,
        seats,
        equipment: fields.int("equipment").map(EquipmentSet)?,
        step_free: fields.get("step_free")?,
        link: read_link(row)?,
        shape: fields.parse_optional("shape_id")?,
        zone: fields.get("zone").map(ZoneName)?,
    })
}

fn read_link(row: &Row) -> Result<Option<RoomLink>, StoreError> {
    let fields = row.of("rooms", "id");
    let connection = fields.parse_optional("connection_id")?;
    connection
        .map(|connection| {
            Ok(RoomLink {
                connection,
                mailbox: fields.parse("mailbox")?,
            })
        })
        .transpose()
}
