//! A row of either driver, read into the words of the business.

use std::str::FromStr;

use booking::event::EventRef;
use booking::ids::MailboxAddress;
use booking::time::{Instant, TimeRange};
use serde::de::DeserializeOwned;
use sqlx::postgres::PgRow;
use sqlx::sqlite::SqliteRow;
use sqlx::{Decode, Postgres, Sqlite, Type};

use crate::StoreError;

/// A row as its driver gave it.
pub(crate) enum Row {
    /// From SQLite.
    Sqlite(SqliteRow),
    /// From PostgreSQL.
    Postgres(PgRow),
}

/// A row of a table: whatever cannot be read is reported with table, column and key.
pub(crate) struct Fields<'r> {
    row: &'r Row,
    table: &'static str,
    key: &'static str,
}

/// A type that both drivers read from a column.
pub(crate) trait Column:
    for<'r> Decode<'r, Sqlite> + Type<Sqlite> + for<'r> Decode<'r, Postgres> + Type<Postgres>
{
}

impl<T> Column for T where
    T: for<'r> Decode<'r, Sqlite> + Type<Sqlite> + for<'r> Decode<'r, Postgres> + Type<Postgres>
{
}

impl Row {
    /// The row as one of `table`, known by its `key` column.
    pub(crate) const fn of(&self, table: &'static str, key: &'static str) -> Fields<'_> {
        Fields {
            row: self,
            table,
            key,
        }
    }

    fn get<T: Column>(&self, column: &str) -> Result<T, sqlx::Error> {
        use sqlx::Row as _;
        match self {
            Self::Sqlite(row) => row.try_get(column),
            Self::Postgres(row) => row.try_get(column),
        }
    }
}

impl Fields<'_> {
    /// A column as it is.
    pub(crate) fn get<T: Column>(&self, column: &'static str) -> Result<T, StoreError> {
        self.row.get(column).map_err(|_| self.broken(column))
    }

    /// A text column that stands for something, such as an id.
    pub(crate) fn parse<T: FromStr>(&self, column: &'static str) -> Result<T, StoreError> {
        let text: String = self.get(column)?;
        text.parse().map_err(|_| self.broken(column))
    }

    /// The same for a column that may be NULL.
    pub(crate) fn parse_optional<T: FromStr>(
        &self,
        column: &'static str,
    ) -> Result<Option<T>, StoreError> {
        let text: Option<String> = self.get(column)?;
        text.map(|text| text.parse().map_err(|_| self.broken(column)))
            .transpose()
    }

    /// A whole number that must fit the type.
    pub(crate) fn int<T: TryFrom<i64>>(&self, column: &'static str) -> Result<T, StoreError> {
        let int: i64 = self.get(column)?;
        int.try_into().map_err(|_| self.broken(column))
    }

    /// An instant.
    pub(crate) fn instant(&self, column: &'static str) -> Result<Instant, StoreError> {
        self.get(column).map(Instant)
    }

    /// An instant that may be NULL.
    pub(crate) fn instant_optional(
        &self,
        column: &'static str,
    ) -> Result<Option<Instant>, StoreError> {
        let instant: Option<i64> = self.get(column)?;
        Ok(instant.map(Instant))
    }

    /// The columns `starts_at` and `ends_at`.
    pub(crate) fn range(&self) -> Result<TimeRange, StoreError> {
        TimeRange::new(self.instant("starts_at")?, self.instant("ends_at")?)
            .map_err(|_| self.broken("ends_at"))
    }

    /// A JSON column that may be NULL.
    pub(crate) fn json_optional<T: DeserializeOwned>(
        &self,
        column: &'static str,
    ) -> Result<Option<T>, StoreError> {
        let text: Option<String> = self.get(column)?;
        text.map(|text| serde_json::from_str(&text).map_err(|_| self.broken(column)))
            .transpose()
    }

    /// A JSON column.
    pub(crate) fn json<T: DeserializeOwned>(&self, column: &'static str) -> Result<T, StoreError> {
        self.json_optional(column)?
            .ok_or_else(|| self.broken(column))
    }

    /// The columns `event_mailbox`, `event_id` and `event_ical_uid`.
    pub(crate) fn event(&self) -> Result<Option<EventRef>, StoreError> {
        let mailbox: Option<MailboxAddress> = self.parse_optional("event_mailbox")?;
        mailbox
            .map(|mailbox| {
                Ok(EventRef {
                    mailbox,
                    event_id: self.get("event_id")?,
                    ical_uid: self.get("event_ical_uid")?,
                })
            })
            .transpose()
    }

    /// The error that names this row and the column.
    pub(crate) fn broken(&self, column: &'static str) -> StoreError {
        StoreError::Inconsistent {
            table: self.table,
            column,
            row: self.row.get(self.key).unwrap_or_else(|_| "?".to_owned()),
        }
    }
}
