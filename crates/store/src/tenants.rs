//! Our ways into the tenants' calendars, with sealed credentials.

use booking::ids::{ConnectionId, MailboxAddress};
use booking::random::Random;
use booking::time::Instant;
use secrecy::SecretString;
use uuid::Uuid;

use crate::pool::Durability;
use crate::row::Row;
use crate::sql::Sql;
use crate::{Store, StoreError};

/// A way into one tenant's calendars.
#[derive(Clone, Debug)]
pub struct Connection {
    /// Its id.
    pub id: ConnectionId,
    /// The directory (tenant) id.
    pub tenant: Uuid,
    /// What administrators call it.
    pub name: String,
    /// The app registration's client id.
    pub client_id: String,
    /// The app registration's credential; sealed in the database.
    pub credential: SecretString,
    /// The mailbox that books where no person does.
    pub booking_mailbox: MailboxAddress,
    /// The object id of the account that the booking mailbox books as, by that account's own permission. `None`: by
    /// the application's.
    pub service_account: Option<Uuid>,
    /// When it was added first.
    pub created_at: Instant,
}

/// How much hangs on a connection.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Hanging {
    /// Rooms that are linked through it.
    pub rooms: u32,
    /// Times at which their mirror shows them as taken.
    pub busy_times: u32,
    /// Promises to notify us that have not ended, those that nobody wants any more included.
    pub subscriptions: u32,
    /// Our reservations of those rooms that the rooms accepted and that are not over.
    pub accepted: u32,
    /// The same of those that the rooms have not answered.
    pub on_their_way: u32,
}

const ALL: &str = "SELECT id, tenant, client_id, name, credential, booking_mailbox, service_account, \
    created_at FROM connections ORDER BY created_at, id";

impl Store {
    /// Adds a connection. One of the same tenant and client id is brought up to date instead and
    /// keeps its id and its birthday; the id it is kept under is given back.
    ///
    /// # Errors
    /// [`StoreError::Driver`], [`StoreError::Seal`].
    pub async fn add_connection(
        &self,
        connection: &Connection,
        random: &dyn Random,
    ) -> Result<ConnectionId, StoreError> {
        const TEXT: &str = "INSERT INTO connections \
                (id, tenant, client_id, name, credential, booking_mailbox, service_account, created_at) \
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8) \
            ON CONFLICT (tenant, client_id) DO UPDATE SET name = excluded.name, \
                credential = excluded.credential, booking_mailbox = excluded.booking_mailbox, \
                service_account = excluded.service_account \
            RETURNING id";
        let purpose = purpose(connection.tenant, &connection.client_id);
        let credential = self.key.seal(&connection.credential, &purpose, random)?;
        let sql = Sql::new(TEXT)
            .bind(connection.id)
            .bind(connection.tenant)
            .bind(&connection.client_id)
            .bind(&connection.name)
            .bind(credential)
            .bind(&connection.booking_mailbox)
            .bind(connection.service_account)
            .bind(connection.created_at);
        let rows = self.pool.write_returning(Durability::Promise, sql).await?;
        match rows.first() {
            Some(row) => row.of("connections", "id").parse("id"),
            None => Err(StoreError::RowsAffected {
                statement: TEXT,
                expected: 1,
                actual: 0,
            }),
        }
    }

    /// Every connection, oldest first.
    ///
    /// # Errors
    /// [`StoreError::Driver`]; [`StoreError::Seal`] when the sealing key is not the one they were
    /// sealed with.
    pub async fn connections(&self) -> Result<Vec<Connection>, StoreError> {
        let rows = self.pool.fetch_all(Sql::new(ALL)).await?;
        rows.iter().map(|row| self.read_connection(row)).collect()
    }

    /// A connection. `None`: there is no such.
    ///
    /// # Errors
    /// As [`Store::connections`].
    pub async fn connection(&self, id: ConnectionId) -> Result<Option<Connection>, StoreError> {
        const TEXT: &str = "SELECT id, tenant, client_id, name, credential, booking_mailbox, \
            service_account, created_at FROM connections WHERE id = $1";
        let row = self.pool.fetch_optional(Sql::new(TEXT).bind(id)).await?;
        row.map(|row| self.read_connection(&row)).transpose()
    }

    /// How much hangs on a connection.
    ///
    /// # Errors
    /// [`StoreError::Driver`], [`StoreError::Inconsistent`].
    pub async fn hanging_on(
        &self,
        connection: ConnectionId,
        now: Instant,
    ) -> Result<Hanging, StoreError> {
        const TEXT: &str = "WITH linked AS (SELECT id FROM rooms WHERE connection_id = $1), \
                open AS (SELECT state FROM reservations WHERE ends_at > $2 \
                    AND state IN ('held', 'submitted', 'confirmed', 'checked_in') \
                    AND room_id IN (SELECT id FROM linked)) \
            SELECT $1 AS id, \
                (SELECT COUNT(*) FROM linked) AS rooms, \
                (SELECT COUNT(*) FROM busy_times \
                    WHERE room_id IN (SELECT id FROM linked)) AS busy_times, \
                (SELECT COUNT(*) FROM subscriptions WHERE expires_at > $2 \
                    AND (room_id IN (SELECT id FROM linked) \
                        OR (unwanted AND connection_id = $1))) AS subscriptions, \
                (SELECT COUNT(*) FROM open \
                    WHERE state IN ('confirmed', 'checked_in')) AS accepted, \
                (SELECT COUNT(*) FROM open \
                    WHERE state IN ('held', 'submitted')) AS on_their_way";
        let sql = Sql::new(TEXT).bind(connection).bind(now);
        let Some(row) = self.pool.fetch_optional(sql).await? else {
            return Ok(Hanging::default());
        };
        let fields = row.of("connections", "id");
        Ok(Hanging {
            rooms: fields.int("rooms")?,
            busy_times: fields.int("busy_times")?,
            subscriptions: fields.int("subscriptions")?,
            accepted: fields.int("accepted")?,
            on_their_way: fields.int("on_their_way")?,
        })
    }

    fn read_connection(&self, row: &Row) -> Result<Connection, StoreError> {
        let fields = row.of("connections", "id");
        let tenant = fields.parse("tenant")?;
        let client_id: String = fields.get("client_id")?;
        let sealed: String = fields.get("credential")?;
        Ok(Connection {
            id: fields.parse("id")?,
            tenant,
            name: fields.get("name")?,
            credential: self.key.unseal(&sealed, &purpose(tenant, &client_id))?,
            client_id,
            booking_mailbox: fields.parse("booking_mailbox")?,
            service_account: fields.parse_optional("service_account")?,
            created_at: fields.instant("created_at")?,
        })
    }
}

fn purpose(tenant: Uuid, client_id: &str) -> String {
    format!("connection:{tenant}:{client_id}")
}
