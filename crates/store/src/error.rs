//! What can go wrong with what is kept.

use booking::reservation::ReservationState;
use booking::{ReservationId, RoomId};

/// The store could not do what was asked. "Not there" is no error: lookups say `Ok(None)`.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The database URL is of no kind this server knows. Mend the configuration.
    #[error(
        "the database URL must begin with sqlite: (then the path of a file) or postgres://, not “{scheme}”"
    )]
    Url {
        /// What stands before the first colon; never more, because a URL may hold a password.
        scheme: String,
    },
    /// The database could not be reached or refused a statement. May pass by itself.
    #[error("the database failed at “{statement}”")]
    Driver {
        /// The statement's text; values are never part of it.
        statement: &'static str,
        /// The driver's own account.
        #[source]
        source: sqlx::Error,
    },
    /// A row holds what it must not. Needs a person to look.
    #[error("{table}.{column} of row {row} cannot be understood")]
    Inconsistent {
        /// The table.
        table: &'static str,
        /// The column.
        column: &'static str,
        /// The row's key, as far as it can be read.
        row: String,
    },
    /// A write touched another number of rows than it must; nothing was kept of it.
    #[error("“{statement}” touched {actual} rows instead of {expected}")]
    RowsAffected {
        /// The statement's text.
        statement: &'static str,
        /// Rows it should have touched.
        expected: u64,
        /// Rows it did touch.
        actual: u64,
    },
    /// A change of state that the transition table does not know; nothing was kept of it.
    #[error("reservation {id} is {from} and cannot become {to}")]
    Transition {
        /// The reservation.
        id: ReservationId,
        /// Where it is.
        from: ReservationState,
        /// Where it should have gone.
        to: ReservationState,
    },
    /// Others changed the same row again and again. Try later.
    #[error("reservation {id} is being changed by others all the time")]
    Contended {
        /// The reservation.
        id: ReservationId,
    },
    /// The mailbox is linked to another room; unlink that one first.
    #[error("the mailbox is linked to room {room} already")]
    MailboxTaken {
        /// The room that has it.
        room: RoomId,
    },
    /// The schema could not be brought up to date.
    #[error("the database schema could not be brought up to date")]
    Migration(#[from] sqlx::migrate::MigrateError),
    /// A secret could not be sealed or unsealed.
    #[error(transparent)]
    Seal(#[from] crate::seal::SealError),
    /// A value could not be written as JSON.
    #[error("a value for {table}.{column} could not be written as JSON")]
    Json {
        /// The table.
        table: &'static str,
        /// The column.
        column: &'static str,
        /// Why.
        #[source]
        source: serde_json::Error,
    },
}
