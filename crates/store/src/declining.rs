//! Whether rooms of a tenant may be made to decline, and what makes that needed.

use booking::ids::ConnectionId;

use crate::pool::Durability;
use crate::sql::Sql;
use crate::{Store, StoreError};

/// A tenant's setting.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Declining {
    /// The connection it is about.
    pub connection: ConnectionId,
    /// What administrators call that.
    pub name: String,
    /// Rooms may be made to decline.
    pub is_allowed: bool,
    /// People from outside reserve there, who cannot take a room out of a meeting otherwise.
    pub has_externals: bool,
}

impl Store {
    /// The setting of every connection, the oldest first.
    ///
    /// # Errors
    /// [`StoreError::Driver`].
    pub async fn declining(&self) -> Result<Vec<Declining>, StoreError> {
        const TEXT: &str = "SELECT id, name, allows_declining, has_externals FROM connections \
            ORDER BY created_at, id";
        let rows = self.pool.fetch_all(Sql::new(TEXT)).await?;
        let read = rows.iter().map(|row| {
            let fields = row.of("connections", "id");
            Ok(Declining {
                connection: fields.parse("id")?,
                name: fields.get("name")?,
                is_allowed: fields.get("allows_declining")?,
                has_externals: fields.get("has_externals")?,
            })
        });
        read.collect()
    }

    /// Keeps a connection's setting. `false`: there is no such connection.
    ///
    /// # Errors
    /// [`StoreError::Driver`].
    pub async fn set_declining(&self, set: &Declining) -> Result<bool, StoreError> {
        const TEXT: &str = "UPDATE connections SET allows_declining = $2, has_externals = $3 \
            WHERE id = $1";
        let sql = Sql::new(TEXT)
            .bind(set.connection)
            .bind(set.is_allowed)
            .bind(set.has_externals);
        Ok(self.pool.write(Durability::Promise, sql).await? == 1)
    }
}
