//! Calendar systems' promises to notify us.
//!
//! One that nobody wants any more is not forgotten but marked: it is forgotten once the calendar
//! system was told, or when it has ended by itself.

use booking::ids::{ConnectionId, RoomId};
use booking::provider::SubscriptionId;
use booking::random::Random;
use booking::time::Instant;
use secrecy::SecretString;

use crate::outbox::Lease;
use crate::pool::Durability;
use crate::row::Row;
use crate::sql::{Sql, among_postgres, among_sqlite};
use crate::{Store, StoreError};

/// The columns [`Store::read_subscription`] wants.
macro_rules! columns {
    () => {
        "id, room_id, connection_id, expires_at, renew_at, client_state"
    };
}

macro_rules! select {
    ($rest:literal) => {
        concat!("SELECT ", columns!(), " FROM subscriptions ", $rest)
    };
}

macro_rules! lease_rooms_text {
    ($lock:literal) => {
        concat!(
            "UPDATE room_sync SET subscribe_at = $2 WHERE room_id IN (\
                SELECT room_id FROM room_sync WHERE subscribe_at <= $1 \
                AND EXISTS (SELECT 1 FROM rooms \
                    WHERE rooms.id = room_sync.room_id AND mailbox IS NOT NULL) \
                AND NOT EXISTS (SELECT 1 FROM subscriptions \
                    WHERE subscriptions.room_id = room_sync.room_id AND NOT unwanted) \
                ORDER BY subscribe_at, room_id LIMIT $3",
            $lock,
            ") RETURNING room_id, subscribe_failures"
        )
    };
}

macro_rules! lease_renewals_text {
    ($lock:literal) => {
        concat!(
            "UPDATE subscriptions SET due_at = $2 WHERE id IN (\
                SELECT id FROM subscriptions \
                WHERE renew_at <= $1 AND due_at <= $1 AND NOT unwanted \
                ORDER BY due_at, expires_at, id LIMIT $3",
            $lock,
            ") RETURNING failures, ",
            columns!()
        )
    };
}

// As with dirty rooms.
const LEASE_ROOMS_SQLITE: &str = lease_rooms_text!("");
const LEASE_ROOMS_POSTGRES: &str = lease_rooms_text!(" FOR UPDATE SKIP LOCKED");
const LEASE_RENEWALS_SQLITE: &str = lease_renewals_text!("");
const LEASE_RENEWALS_POSTGRES: &str = lease_renewals_text!(" FOR UPDATE SKIP LOCKED");

/// A calendar system's promise to notify us about a room.
#[derive(Clone, Debug)]
pub struct KeptSubscription {
    /// Its id.
    pub id: SubscriptionId,
    /// The room.
    pub room: RoomId,
    /// Whom it was asked of. `None`: that was not kept.
    pub connection: Option<ConnectionId>,
    /// When it ends.
    pub expires_at: Instant,
    /// When it is to be prolonged; of one that nobody wants, when ending it is tried.
    pub renew_at: Instant,
    /// What genuine notifications carry; sealed in the database.
    pub client_state: SecretString,
}

/// What a lease gave: it is to be tried now, by nobody else.
#[derive(Clone, Copy, Debug)]
pub struct Due<T> {
    /// What.
    pub what: T,
    /// How often that has failed since it worked last.
    pub failures: u32,
}

impl Store {
    /// Keeps a subscription, or its new end. `false`: the room has another one that is wanted; this one is kept
    /// as one that nobody wants, to be ended.
    ///
    /// # Errors
    /// [`StoreError::Seal`]; [`StoreError::Driver`], also when there is no such room.
    pub async fn keep_subscription(
        &self,
        subscription: &KeptSubscription,
        random: &dyn Random,
    ) -> Result<bool, StoreError> {
        const HAD: &str = "UPDATE room_sync SET subscribe_at = 0, subscribe_failures = 0 \
            WHERE room_id = $1";
        // What became unwanted while it was prolonged stays so.
        const PROLONG: &str = "UPDATE subscriptions SET expires_at = $2, client_state = $4, \
            renew_at = CASE WHEN unwanted THEN 0 ELSE CAST($3 AS BIGINT) END, \
            due_at = 0, failures = 0 WHERE id = $1";
        const ADD: &str = "INSERT INTO subscriptions \
                (id, room_id, connection_id, expires_at, renew_at, client_state) \
            VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING";
        const ADD_UNWANTED: &str = "INSERT INTO subscriptions \
                (id, room_id, connection_id, expires_at, renew_at, client_state, unwanted) \
            VALUES ($1, $2, $3, $4, $5, $6, TRUE)";
        let purpose = purpose(&subscription.id);
        let sealed = self
            .key
            .seal(&subscription.client_state, &purpose, random)?;
        let prolong = Sql::new(PROLONG)
            .bind(&subscription.id.0)
            .bind(subscription.expires_at)
            .bind(subscription.renew_at)
            .bind(&sealed);
        let add = |text, renew_at: Instant| {
            Sql::new(text)
                .bind(&subscription.id.0)
                .bind(subscription.room)
                .bind(subscription.connection)
                .bind(subscription.expires_at)
                .bind(renew_at)
                .bind(&sealed)
        };
        let mut tx = self.pool.begin(Durability::Promise).await?;
        // The room first, as whoever links rooms locks them: a subscription refers to it.
        if self.pool.is_postgres() {
            const ROOM: &str = "SELECT 1 FROM rooms WHERE id = $1 FOR KEY SHARE";
            tx.execute(Sql::new(ROOM).bind(subscription.room)).await?;
        }
        tx.execute(Sql::new(HAD).bind(subscription.room)).await?;
        let is_wanted = tx.execute(prolong).await? == 1
            || tx.execute(add(ADD, subscription.renew_at)).await? == 1;
        if !is_wanted {
            tx.execute_one(add(ADD_UNWANTED, Instant(0))).await?;
        }
        tx.commit().await?;
        Ok(is_wanted)
    }

    /// Those of these subscriptions that are ours and wanted, in no particular order. Waits for nobody who reads or writes
    /// anything else.
    ///
    /// # Errors
    /// [`StoreError::Driver`], [`StoreError::Seal`].
    pub async fn subscriptions_among(
        &self,
        ids: Vec<String>,
    ) -> Result<Vec<KeptSubscription>, StoreError> {
        const SQLITE: &str = concat!(
            select!("WHERE NOT unwanted AND "),
            among_sqlite!("id", "$1")
        );
        const POSTGRES: &str = concat!(
            select!("WHERE NOT unwanted AND "),
            among_postgres!("id", "$1")
        );
        let text = self.pool.by_dialect(SQLITE, POSTGRES);
        let rows = self.pool.fetch_all_aside(Sql::new(text).bind(ids)).await?;
        rows.iter().map(|row| self.read_subscription(row)).collect()
    }

    /// A subscription that is wanted. `None`: not one of ours.
    ///
    /// # Errors
    /// [`StoreError::Driver`], [`StoreError::Seal`].
    pub async fn subscription(
        &self,
        id: &SubscriptionId,
    ) -> Result<Option<KeptSubscription>, StoreError> {
        const TEXT: &str = select!("WHERE id = $1 AND NOT unwanted");
        let row = self.pool.fetch_optional(Sql::new(TEXT).bind(&id.0)).await?;
        row.map(|row| self.read_subscription(&row)).transpose()
    }

    /// Takes wanted subscriptions that are to be prolonged and that nobody else prolongs: those that never failed first,
    /// among them those that end soonest. [`Store::keep_subscription`] and [`Store::renewal_failed`] end the lease.
    ///
    /// # Errors
    /// [`StoreError::Driver`], [`StoreError::Seal`].
    pub async fn lease_renewals(
        &self,
        lease: &Lease<'_>,
    ) -> Result<Vec<Due<KeptSubscription>>, StoreError> {
        let text = (self.pool).by_dialect(LEASE_RENEWALS_SQLITE, LEASE_RENEWALS_POSTGRES);
        let rows = self.lease_rows(text, lease).await?;
        rows.iter()
            .map(|row| {
                Ok(Due {
                    failures: row.of("subscriptions", "id").int("failures")?,
                    what: self.read_subscription(row)?,
                })
            })
            .collect()
    }

    /// Takes linked rooms that no wanted subscription covers and that nobody else is subscribing: those that were never
    /// refused first, then those whose pause was over first. [`Store::keep_subscription`] and
    /// [`Store::subscribing_failed`] end the lease.
    ///
    /// # Errors
    /// [`StoreError::Driver`], [`StoreError::Inconsistent`].
    pub async fn lease_rooms_to_subscribe(
        &self,
        lease: &Lease<'_>,
    ) -> Result<Vec<Due<RoomId>>, StoreError> {
        let text = (self.pool).by_dialect(LEASE_ROOMS_SQLITE, LEASE_ROOMS_POSTGRES);
        let rows = self.lease_rows(text, lease).await?;
        rows.iter()
            .map(|row| {
                let fields = row.of("room_sync", "room_id");
                Ok(Due {
                    what: fields.parse("room_id")?,
                    failures: fields.int("subscribe_failures")?,
                })
            })
            .collect()
    }

    async fn lease_rows(
        &self,
        text: &'static str,
        lease: &Lease<'_>,
    ) -> Result<Vec<Row>, StoreError> {
        let sql = Sql::new(text)
            .bind(lease.now)
            .bind(lease.now.plus_ms(lease.lease_ms))
            .bind(lease.limit);
        self.pool.write_returning(Durability::Mirror, sql).await
    }

    /// Has a room subscribed then, because that failed now. One that is gone is a success.
    ///
    /// # Errors
    /// [`StoreError::Driver`].
    pub async fn subscribing_failed(
        &self,
        room: RoomId,
        due_at: Instant,
    ) -> Result<(), StoreError> {
        const TEXT: &str = "UPDATE room_sync SET subscribe_at = $2, \
            subscribe_failures = subscribe_failures + 1 WHERE room_id = $1";
        let sql = Sql::new(TEXT).bind(room).bind(due_at);
        self.pool.write(Durability::Mirror, sql).await?;
        Ok(())
    }

    /// Has a subscription prolonged then, because that failed now. One that is gone is a success.
    ///
    /// # Errors
    /// [`StoreError::Driver`].
    pub async fn renewal_failed(
        &self,
        id: &SubscriptionId,
        due_at: Instant,
    ) -> Result<(), StoreError> {
        const TEXT: &str =
            "UPDATE subscriptions SET due_at = $2, failures = failures + 1 WHERE id = $1";
        let sql = Sql::new(TEXT).bind(&id.0).bind(due_at);
        self.pool.write(Durability::Mirror, sql).await?;
        Ok(())
    }

    /// Subscriptions that nobody wants any more and that are to be ended by now.
    ///
    /// # Errors
    /// [`StoreError::Driver`], [`StoreError::Seal`].
    pub async fn subscriptions_unwanted(
        &self,
        now: Instant,
        limit: u32,
    ) -> Result<Vec<KeptSubscription>, StoreError> {
        const TEXT: &str =
            select!("WHERE unwanted AND renew_at <= $1 ORDER BY renew_at, id LIMIT $2");
        self.read_subscriptions(Sql::new(TEXT).bind(now).bind(limit))
            .await
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
                SELECT 1 FROM subscriptions \
                WHERE room_id = rooms.id AND expires_at > $1 AND NOT unwanted) \
            ORDER BY id LIMIT $2";
        let sql = Sql::new(TEXT).bind(now).bind(limit);
        let rows = self.pool.fetch_all(sql).await?;
        rows.iter()
            .map(|row| row.of("rooms", "id").parse("id"))
            .collect()
    }

    /// Has a subscription prolonged, or its end tried, at that time, whatever failed before. One that is gone is a success.
    ///
    /// # Errors
    /// [`StoreError::Driver`].
    pub async fn put_subscription_off(
        &self,
        id: &SubscriptionId,
        renew_at: Instant,
    ) -> Result<(), StoreError> {
        const TEXT: &str =
            "UPDATE subscriptions SET renew_at = $2, due_at = 0, failures = 0 WHERE id = $1";
        let sql = Sql::new(TEXT).bind(&id.0).bind(renew_at);
        self.pool.write(Durability::Promise, sql).await?;
        Ok(())
    }

    /// Says that nobody wants a subscription any more. One that is gone is a success.
    ///
    /// # Errors
    /// [`StoreError::Driver`].
    pub async fn drop_subscription(&self, id: &SubscriptionId) -> Result<(), StoreError> {
        const TEXT: &str = "UPDATE subscriptions SET unwanted = TRUE, renew_at = 0 WHERE id = $1";
        let sql = Sql::new(TEXT).bind(&id.0);
        self.pool.write(Durability::Promise, sql).await?;
        Ok(())
    }

    /// Says that nobody wants any subscription any more.
    ///
    /// # Errors
    /// [`StoreError::Driver`].
    pub async fn drop_all_subscriptions(&self) -> Result<(), StoreError> {
        const TEXT: &str =
            "UPDATE subscriptions SET unwanted = TRUE, renew_at = 0 WHERE NOT unwanted";
        self.pool.write(Durability::Promise, Sql::new(TEXT)).await?;
        Ok(())
    }

    /// Forgets wanted subscriptions that have ended by now: they cannot be prolonged, only be made anew.
    ///
    /// # Errors
    /// [`StoreError::Driver`].
    pub async fn forget_ended_subscriptions(&self, now: Instant) -> Result<(), StoreError> {
        const SQLITE: &str = "DELETE FROM subscriptions WHERE expires_at <= $1 AND NOT unwanted";
        // Those that somebody is busy with are forgotten the next time.
        const POSTGRES: &str = "DELETE FROM subscriptions WHERE id IN (SELECT id FROM subscriptions \
            WHERE expires_at <= $1 AND NOT unwanted FOR UPDATE SKIP LOCKED)";
        let sql = Sql::new(self.pool.by_dialect(SQLITE, POSTGRES)).bind(now);
        self.pool.write(Durability::Promise, sql).await?;
        Ok(())
    }

    /// Forgets a subscription that has ended. One that is gone already is a success.
    ///
    /// # Errors
    /// [`StoreError::Driver`].
    pub async fn remove_subscription(&self, id: &SubscriptionId) -> Result<(), StoreError> {
        let sql = Sql::new("DELETE FROM subscriptions WHERE id = $1").bind(&id.0);
        self.pool.write(Durability::Promise, sql).await?;
        Ok(())
    }

    async fn read_subscriptions(&self, sql: Sql) -> Result<Vec<KeptSubscription>, StoreError> {
        let rows = self.pool.fetch_all(sql).await?;
        rows.iter().map(|row| self.read_subscription(row)).collect()
    }

    fn read_subscription(&self, row: &Row) -> Result<KeptSubscription, StoreError> {
        let fields = row.of("subscriptions", "id");
        let id = fields.get("id").map(SubscriptionId)?;
        let sealed: String = fields.get("client_state")?;
        Ok(KeptSubscription {
            client_state: self.key.unseal(&sealed, &purpose(&id))?,
            id,
            room: fields.parse("room_id")?,
            connection: fields.parse_optional("connection_id")?,
            expires_at: fields.instant("expires_at")?,
            renew_at: fields.instant("renew_at")?,
        })
    }
}

fn purpose(id: &SubscriptionId) -> String {
    format!("subscription:{}", id.0)
}
