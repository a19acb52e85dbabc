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
