//! Calendar systems' promises to notify us.
//!
//! One that nobody wants any more is not forgotten but marked: it is forgotten once the calendar
//! system was told, or when it has ended by itself.

use booking::ids::{ConnectionId, RoomId};
use booking::provider::SubscriptionId;
use booking::random::Random;
use booking::time::Instant;
use secrecy::SecretString;

use crate::pool::Durability;
use crate::row::Row;
use crate::sql::Sql;
use crate::{Store, StoreError};

/// The columns [`Store::read_subscription`] wants.
macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT id, room_id, connection_id, expires_at, renew_at, client_state \
             FROM subscriptions ",
            $rest
        )
    };
}

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

impl Store {
    /// Keeps a subscription, or its new end.
    ///
    /// # Errors
    /// [`StoreError::Seal`]; [`StoreError::Driver`], also when there is no such room.
    pub async fn keep_subscription(
        &self,
        subscription: &KeptSubscription,
        random: &dyn Random,
    ) -> Result<(), StoreError> {
        // What became unwanted while it was prolonged stays so.
        const TEXT: &str = "INSERT INTO subscriptions \
                (id, room_id, connection_id, expires_at, renew_at, client_state) \
            VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (id) DO UPDATE SET \
            expires_at = excluded.expires_at, client_state = excluded.client_state, \
            renew_at = CASE WHEN subscriptions.unwanted THEN 0 ELSE excluded.renew_at END";
        let purpose = purpose(&subscription.id);
        let sealed = self
            .key
            .seal(&subscription.client_state, &purpose, random)?;
        let sql = Sql::new(TEXT)
            .bind(&subscription.id.0)
            .bind(subscription.room)
            .bind(subscription.connection)
            .bind(subscription.expires_at)
            .bind(subscription.renew_at)
            .bind(sealed);
        self.pool.write(Durability::Promise, sql).await?;
        Ok(())
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

    /// Wanted subscriptions that are to be prolonged by now, those that end soonest first.
    ///
    /// # Errors
    /// [`StoreError::Driver`], [`StoreError::Seal`].
    pub async fn subscriptions_due(
        &self,
        now: Instant,
        limit: u32,
    ) -> Result<Vec<KeptSubscription>, StoreError> {
        const TEXT: &str = select!(
            "WHERE (renew_at <= $1 OR expires_at <= $1) AND NOT unwanted \
             ORDER BY expires_at, id LIMIT $2"
        );
        self.read_subscriptions(Sql::new(TEXT).bind(now).bind(limit))
            .await
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

    /// Has a subscription prolonged, or its end tried, at that time. One that is gone is a success.
    ///
    /// # Errors
    /// [`StoreError::Driver`].
    pub async fn put_subscription_off(
        &self,
        id: &SubscriptionId,
        renew_at: Instant,
    ) -> Result<(), StoreError> {
        const TEXT: &str = "UPDATE subscriptions SET renew_at = $2 WHERE id = $1";
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
