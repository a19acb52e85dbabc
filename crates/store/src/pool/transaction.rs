//! A transaction that writes.

use sqlx::{Postgres, Sqlite, Transaction};
use tokio::sync::OwnedMutexGuard;

use super::driver;
use crate::StoreError;
use crate::row::Row;
use crate::sql::Sql;
use crate::watch::Watch;

/// An open transaction; dropped without [`Tx::commit`] it leaves no trace.
pub(crate) struct Tx {
    // Dropped in this order: the rollback is queued before the next writer gets its turn.
    inner: TxInner,
    _turn: Option<OwnedMutexGuard<()>>,
    watch: Watch,
}

enum TxInner {
    Sqlite(Transaction<'static, Sqlite>),
    Postgres(Transaction<'static, Postgres>),
}

impl Tx {
    pub(super) const fn sqlite(
        tx: Transaction<'static, Sqlite>,
        turn: OwnedMutexGuard<()>,
        watch: Watch,
    ) -> Self {
        Self {
            inner: TxInner::Sqlite(tx),
            _turn: Some(turn),
            watch,
        }
    }

    pub(super) const fn postgres(tx: Transaction<'static, Postgres>, watch: Watch) -> Self {
        Self {
            inner: TxInner::Postgres(tx),
            _turn: None,
            watch,
        }
    }

    /// Runs a statement; the number of rows it touched.
    pub(crate) async fn execute(&mut self, sql: Sql) -> Result<u64, StoreError> {
        self.watch.statement().await;
        match &mut self.inner {
            TxInner::Sqlite(tx) => {
                run!(sql, Sqlite, sqlite, &mut **tx, execute).map(|done| done.rows_affected())
            }
            TxInner::Postgres(tx) => {
                run!(sql, Postgres, postgres, &mut **tx, execute).map(|done| done.rows_affected())
            }
        }
    }

    /// Runs a statement that must touch exactly one row.
    pub(crate) async fn execute_one(&mut self, sql: Sql) -> Result<(), StoreError> {
        let statement = sql.text;
        match self.execute(sql).await? {
            1 => Ok(()),
            actual => Err(StoreError::RowsAffected {
                statement,
                expected: 1,
                actual,
            }),
        }
    }

    /// Reads rows within the transaction.
    pub(crate) async fn fetch_all(&mut self, sql: Sql) -> Result<Vec<Row>, StoreError> {
        self.watch.statement().await;
        match &mut self.inner {
            TxInner::Sqlite(tx) => run!(sql, Sqlite, sqlite, &mut **tx, fetch_all)
                .map(|rows| rows.into_iter().map(Row::Sqlite).collect()),
            TxInner::Postgres(tx) => run!(sql, Postgres, postgres, &mut **tx, fetch_all)
                .map(|rows| rows.into_iter().map(Row::Postgres).collect()),
        }
    }

    /// Reads at most one row within the transaction.
    pub(crate) async fn fetch_optional(&mut self, sql: Sql) -> Result<Option<Row>, StoreError> {
        self.watch.statement().await;
        match &mut self.inner {
            TxInner::Sqlite(tx) => {
                run!(sql, Sqlite, sqlite, &mut **tx, fetch_optional).map(|row| row.map(Row::Sqlite))
            }
            TxInner::Postgres(tx) => run!(sql, Postgres, postgres, &mut **tx, fetch_optional)
                .map(|row| row.map(Row::Postgres)),
        }
    }

    /// Keeps what was done.
    pub(crate) async fn commit(self) -> Result<(), StoreError> {
        self.watch.statement().await;
        match self.inner {
            TxInner::Sqlite(tx) => tx.commit().await,
            TxInner::Postgres(tx) => tx.commit().await,
        }
        .map_err(|source| driver("COMMIT", source))
    }
}
