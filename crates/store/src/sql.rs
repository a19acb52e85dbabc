//! One statement with its values, for either driver.

use booking::ids::{
    BuildingId, ConnectionId, DraftKey, FloorId, MailboxAddress, ReservationId, RoomId, SectionId,
    SeriesId, ShapeId,
};
use booking::time::Instant;
use sqlx::error::BoxDynError;
use sqlx::postgres::PgArguments;
use sqlx::sqlite::SqliteArguments;
use uuid::Uuid;

/// That a column is one of a list that is bound, as SQLite says it, which has no arrays.
macro_rules! among_sqlite {
    ($column:literal, $list:literal) => {
        concat!($column, " IN (SELECT value FROM json_each(", $list, "))")
    };
}
/// The same as PostgreSQL says it.
macro_rules! among_postgres {
    ($column:literal, $list:literal) => {
        concat!($column, " = ANY(", $list, ")")
    };
}
pub(crate) use {among_postgres, among_sqlite};

/// A statement's text, with `$1`-style parameters that both databases read, and its values.
#[derive(Clone, Debug)]
pub(crate) struct Sql {
    /// The text; static, so that no value can ever get into it.
    pub(crate) text: &'static str,
    values: Vec<Value>,
}

/// A value in one of the three column types of our schema, or a list of such. `None` is NULL of that type, which
/// PostgreSQL wants to know.
///
/// A list is an array on PostgreSQL, and on SQLite, which has none, the text of a JSON array for `json_each`.
#[derive(Clone, Debug)]
pub(crate) enum Value {
    /// `TEXT`.
    Text(Option<String>),
    /// `BIGINT`.
    Int(Option<i64>),
    /// `BOOLEAN`.
    Bool(Option<bool>),
    /// Several `TEXT`.
    Texts(Vec<Option<String>>),
    /// Several `BIGINT`.
    Ints(Vec<i64>),
}

impl Sql {
    /// A statement without values as yet.
    pub(crate) const fn new(text: &'static str) -> Self {
        Self {
            text,
            values: Vec::new(),
        }
    }

    /// The next parameter, counted from `$1`.
    #[must_use]
    pub(crate) fn bind(mut self, value: impl Into<Value>) -> Self {
        self.values.push(value.into());
        self
    }

    /// The values for SQLite.
    pub(crate) fn sqlite(self) -> Result<SqliteArguments, BoxDynError> {
        use sqlx::Arguments as _;
        let mut arguments = SqliteArguments::default();
        arguments.reserve(self.values.len(), 0);
        for value in self.values {
            match value {
                Value::Text(text) => arguments.add(text)?,
                Value::Int(int) => arguments.add(int)?,
                Value::Bool(bool) => arguments.add(bool)?,
                Value::Texts(texts) => arguments.add(serde_json::to_string(&texts)?)?,
                Value::Ints(ints) => arguments.add(serde_json::to_string(&ints)?)?,
            }
        }
        Ok(arguments)
    }

    /// The values for PostgreSQL.
    pub(crate) fn postgres(self) -> Result<PgArguments, BoxDynError> {
        use sqlx::Arguments as _;
        let mut arguments = PgArguments::default();
        arguments.reserve(self.values.len(), 0);
        for value in self.values {
            match value {
                Value::Text(text) => arguments.add(text)?,
                Value::Int(int) => arguments.add(int)?,
                Value::Bool(bool) => arguments.add(bool)?,
                Value::Texts(texts) => arguments.add(texts)?,
                Value::Ints(ints) => arguments.add(ints)?,
            }
        }
        Ok(arguments)
    }
}

macro_rules! text {
    ($($id:ty),+) => {$(
        impl From<$id> for Value {
            fn from(id: $id) -> Self {
                Self::Text(Some(id.to_string()))
            }
        }

        impl From<Option<$id>> for Value {
            fn from(id: Option<$id>) -> Self {
                Self::Text(id.map(|id| id.to_string()))
            }
        }
    )+};
}

text!(
    BuildingId,
    ConnectionId,
    DraftKey,
    FloorId,
    ReservationId,
    RoomId,
    SectionId,
    SeriesId,
    ShapeId,
    Uuid,
    &str,
    &String,
    &MailboxAddress
);

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Text(Some(text))
    }
}

impl From<Option<String>> for Value {
    fn from(text: Option<String>) -> Self {
        Self::Text(text)
    }
}

impl From<Vec<String>> for Value {
    fn from(texts: Vec<String>) -> Self {
        Self::Texts(texts.into_iter().map(Some).collect())
    }
}

impl From<Vec<Option<String>>> for Value {
    fn from(texts: Vec<Option<String>>) -> Self {
        Self::Texts(texts)
    }
}

impl From<Vec<i64>> for Value {
    fn from(ints: Vec<i64>) -> Self {
        Self::Ints(ints)
    }
}

impl From<&[RoomId]> for Value {
    fn from(rooms: &[RoomId]) -> Self {
        Self::Texts(rooms.iter().map(|room| Some(room.to_string())).collect())
    }
}

impl From<i64> for Value {
    fn from(int: i64) -> Self {
        Self::Int(Some(int))
    }
}

impl From<u32> for Value {
    fn from(int: u32) -> Self {
        Self::Int(Some(i64::from(int)))
    }
}

impl From<i32> for Value {
    fn from(int: i32) -> Self {
        Self::Int(Some(i64::from(int)))
    }
}

impl From<Option<i64>> for Value {
    fn from(int: Option<i64>) -> Self {
        Self::Int(int)
    }
}

impl From<Instant> for Value {
    fn from(instant: Instant) -> Self {
        Self::Int(Some(instant.0))
    }
}

impl From<Option<Instant>> for Value {
    fn from(instant: Option<Instant>) -> Self {
        Self::Int(instant.map(|instant| instant.0))
    }
}

impl From<bool> for Value {
    fn from(bool: bool) -> Self {
        Self::Bool(Some(bool))
    }
}

impl From<Option<bool>> for Value {
    fn from(bool: Option<bool>) -> Self {
        Self::Bool(bool)
    }
}
