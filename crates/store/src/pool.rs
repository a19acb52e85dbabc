//! Two typed pools behind one face: the rest of the crate does not know which database it is on.
//!
//! sqlx's own `Any` driver was rejected: it hides the databases' types instead of sharing ours.
//! SQLite takes one writer at a time, so writers queue here, fairly, instead of in its busy
//! handler, which lets them starve; readers go past them (write-ahead log).

use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

use futures::stream::{self, BoxStream, StreamExt as _};
use sqlx::postgres::{PgConnectOptions, PgPool, PgPoolOptions};
use sqlx::sqlite::{
    SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous,
};
use sqlx::{Connection as _, Postgres, Sqlite};
use tokio::sync::Mutex;

use crate::StoreError;
use crate::row::Row;
use crate::sql::Sql;
use crate::watch::Watch;

pub(crate) use transaction::Tx;

const SQLITE_READERS: u32 = 4;
/// Connections for questions that must not wait for any of the others.
const ASIDE: u32 = 2;
/// Rows that SQLite's thread may read ahead of who asked for them.
const SQLITE_ROWS_AHEAD: usize = 512;
const POSTGRES_CONNECTIONS: u32 = 16;
const BUSY_TIMEOUT: Duration = Duration::from_secs(10);
/// A connection that lay idle for longer is tried before it is used.
const IDLE_TRUSTED: Duration = Duration::from_secs(5);

/// What a commit must survive.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Durability {
    /// A promise: once committed it survives a power failure.
    Promise,
    /// A copy of what the calendar system says: the last commits may be lost in a power failure,
    /// cursor and busy times together, and are simply read again.
    Mirror,
}

/// A pool of either kind.
#[derive(Clone)]
pub(crate) struct Pool {
    /// Which, and its connections.
    pub(crate) kind: Kind,
    aside: Aside,
    pub(crate) watch: Watch,
}

/// The two kinds.
#[derive(Clone)]
pub(crate) enum Kind {
    /// SQLite.
    Sqlite(SqlitePools),
    /// PostgreSQL.
    Postgres(PgPool),
}

/// Further connections, which only read; nobody waits for them to be made.
#[derive(Clone)]
enum Aside {
    Sqlite(SqlitePool),
    Postgres(PgPool),
}

/// SQLite's connections: several that read, and two that take turns to write because how much a
/// commit survives (`PRAGMA synchronous`) belongs to a connection.
#[derive(Clone)]
pub(crate) struct SqlitePools {
    readers: SqlitePool,
    promises: SqlitePool,
    mirror: SqlitePool,
    turn: Arc<Mutex<()>>,
}

/// Runs one statement on an executor of its driver, with the values as that driver wants them.
macro_rules! run {
    ($sql:expr, $database:ident, $arguments:ident, $executor:expr, $method:ident) => {{
        let sql = $sql;
        let text = sql.text;
        match sql.$arguments() {
            Ok(arguments) => {
                sqlx::query_with::<$database, _>(text, arguments)
                    .$method($executor)
                    .await
            }
            Err(error) => Err(sqlx::Error::Encode(error)),
        }
        .map_err(|source| driver(text, source))
    }};
}

/// The same for rows that are read one by one.
macro_rules! stream {
    ($sql:expr, $database:ident, $arguments:ident, $executor:expr) => {{
        let sql = $sql;
        let text = sql.text;
        match sql.$arguments() {
            Ok(arguments) => sqlx::query_with::<$database, _>(text, arguments)
                .fetch($executor)
                .map(move |row| match row {
                    Ok(row) => Ok(Row::$database(row)),
                    Err(source) => Err(driver(text, source)),
                })
                .boxed(),
            Err(error) => {
                let error = driver(text, sqlx::Error::Encode(error));
                stream::once(async { Err(error) }).boxed()
            }
        }
    }};
}

// Below the macros, which it uses.
mod transaction;

pub(crate) const fn driver(statement: &'static str, source: sqlx::Error) -> StoreError {
    StoreError::Driver { statement, source }
}

impl Pool {
    /// Connects. A SQLite file is made where there is none; its folder must be there.
    pub(crate) async fn open(url: &str) -> Result<Self, StoreError> {
        let scheme = url.split(':').next().unwrap_or_default();
        let connecting = |source| driver("connect", source);
        match scheme {
            "sqlite" if !url.contains(":memory:") => {
                let options = SqliteConnectOptions::from_str(url).map_err(connecting)?;
                let options = shared_options(options);
                let pools = SqlitePools::open(options.clone()).await;
                let aside = options.pragma("query_only", "ON");
                let aside = sqlite_pool(ASIDE).connect_lazy_with(aside);
                Ok(Self::of(
                    Kind::Sqlite(pools.map_err(connecting)?),
                    Aside::Sqlite(aside),
                ))
            }
            "postgres" | "postgresql" => {
                let options = PgConnectOptions::from_str(url).map_err(connecting)?;
                let aside = postgres_pool(ASIDE).min_connections(1);
                let aside = aside.connect_lazy_with(options.clone());
                let pool = postgres_pool(POSTGRES_CONNECTIONS).connect_with(options);
                Ok(Self::of(
                    Kind::Postgres(pool.await.map_err(connecting)?),
                    Aside::Postgres(aside),
                ))
            }
            _ => Err(StoreError::Url {
                scheme: scheme.chars().take(40).collect(),
            }),
        }
    }

    fn of(kind: Kind, aside: Aside) -> Self {
        Self {
            kind,
            aside,
            watch: Watch::default(),
        }
    }

    /// Whether this is PostgreSQL.
    pub(crate) const fn is_postgres(&self) -> bool {
        matches!(self.kind, Kind::Postgres(_))
    }

    /// The text for the database this is. Only for what the two cannot say alike.
    pub(crate) const fn by_dialect(
        &self,
        sqlite: &'static str,
        postgres: &'static str,
    ) -> &'static str {
        match self.kind {
            Kind::Sqlite(_) => sqlite,
            Kind::Postgres(_) => postgres,
        }
    }

    /// Reads rows.
    pub(crate) async fn fetch_all(&self, sql: Sql) -> Result<Vec<Row>, StoreError> {
        self.watch.statement().await;
        match &self.kind {
            Kind::Sqlite(pools) => run!(sql, Sqlite, sqlite, &pools.readers, fetch_all)
                .map(|rows| rows.into_iter().map(Row::Sqlite).collect()),
            Kind::Postgres(pool) => run!(sql, Postgres, postgres, pool, fetch_all)
                .map(|rows| rows.into_iter().map(Row::Postgres).collect()),
        }
    }

    /// Reads rows past everybody who uses the other connections. For questions that are few and short.
    pub(crate) async fn fetch_all_aside(&self, sql: Sql) -> Result<Vec<Row>, StoreError> {
        self.watch.statement().await;
        match &self.aside {
            Aside::Sqlite(pool) => run!(sql, Sqlite, sqlite, pool, fetch_all)
                .map(|rows| rows.into_iter().map(Row::Sqlite).collect()),
            Aside::Postgres(pool) => run!(sql, Postgres, postgres, pool, fetch_all)
                .map(|rows| rows.into_iter().map(Row::Postgres).collect()),
        }
    }

    /// Reads at most one row.
    pub(crate) async fn fetch_optional(&self, sql: Sql) -> Result<Option<Row>, StoreError> {
        self.watch.statement().await;
        match &self.kind {
            Kind::Sqlite(pools) => run!(sql, Sqlite, sqlite, &pools.readers, fetch_optional)
                .map(|row| row.map(Row::Sqlite)),
            Kind::Postgres(pool) => run!(sql, Postgres, postgres, pool, fetch_optional)
                .map(|row| row.map(Row::Postgres)),
        }
    }

    /// Reads rows as they come, for results too large to hold.
    pub(crate) fn fetch(&self, sql: Sql) -> BoxStream<'_, Result<Row, StoreError>> {
        match &self.kind {
            Kind::Sqlite(pools) => stream!(sql, Sqlite, sqlite, &pools.readers),
            Kind::Postgres(pool) => stream!(sql, Postgres, postgres, pool),
        }
    }

    /// A single writing statement, and the rows it returns.
    pub(crate) async fn write_returning(
        &self,
        durability: Durability,
        sql: Sql,
    ) -> Result<Vec<Row>, StoreError> {
        match &self.kind {
            Kind::Sqlite(pools) => {
                self.watch.statement().await;
                let _turn = pools.turn.lock().await;
                run!(sql, Sqlite, sqlite, pools.writer(durability), fetch_all)
                    .map(|rows| rows.into_iter().map(Row::Sqlite).collect())
            }
            Kind::Postgres(_) => self.fetch_all(sql).await,
        }
    }

    /// A whole transaction in one text, and the rows it returns: one statement on PostgreSQL; on
    /// SQLite several, from `BEGIN` to `COMMIT`, that share their values. It runs to its end also
    /// when nobody waits for it any more, because a transaction must not stay open.
    pub(crate) async fn write_at_once(
        &self,
        durability: Durability,
        sql: Sql,
    ) -> Result<Vec<Row>, StoreError> {
        let Kind::Sqlite(pools) = &self.kind else {
            return self.fetch_all(sql).await;
        };
        self.watch.statement().await;
        let pools = pools.clone();
        let whole = tokio::spawn(async move {
            let _turn = pools.turn.lock().await;
            let text = sql.text;
            let mut connection = pools
                .writer(durability)
                .acquire()
                .await
                .map_err(|source| driver(text, source))?;
            let rows = run!(sql, Sqlite, sqlite, &mut *connection, fetch_all);
            if rows.is_err()
                && sqlx::query("ROLLBACK")
                    .execute(&mut *connection)
                    .await
                    .is_err()
            {
                // Whatever state it is in, nobody else shall have it.
                connection.close_on_drop();
            }
            rows
        });
        let rows = whole.await.map_err(|source| {
            driver(
                "BEGIN IMMEDIATE",
                sqlx::Error::Io(std::io::Error::other(source)),
            )
        })??;
        Ok(rows.into_iter().map(Row::Sqlite).collect())
    }

    /// A single writing statement; the number of rows it touched.
    pub(crate) async fn write(&self, durability: Durability, sql: Sql) -> Result<u64, StoreError> {
        self.watch.statement().await;
        match &self.kind {
            Kind::Sqlite(pools) => {
                let _turn = pools.turn.lock().await;
                run!(sql, Sqlite, sqlite, pools.writer(durability), execute)
                    .map(|done| done.rows_affected())
            }
            Kind::Postgres(pool) => {
                run!(sql, Postgres, postgres, pool, execute).map(|done| done.rows_affected())
            }
        }
    }

    /// Begins a transaction that will write.
    pub(crate) async fn begin(&self, durability: Durability) -> Result<Tx, StoreError> {
        self.watch.statement().await;
        match &self.kind {
            Kind::Sqlite(pools) => {
                let turn = pools.turn.clone().lock_owned().await;
                // A deferred transaction that begins with a read could not become a writer after
                // another process wrote, and would fail at once instead of waiting.
                let tx = pools
                    .writer(durability)
                    .begin_with("BEGIN IMMEDIATE")
                    .await
                    .map_err(|source| driver("BEGIN IMMEDIATE", source))?;
                Ok(Tx::sqlite(tx, turn, self.watch.clone()))
            }
            Kind::Postgres(pool) => {
                let text = match durability {
                    Durability::Promise => "BEGIN",
                    // Rooms that another process does not let go of must not keep all others waiting for long.
                    Durability::Mirror => {
                        "BEGIN; SET LOCAL synchronous_commit = off; SET LOCAL lock_timeout = '5s'"
                    }
                };
                // In a task of its own, which goes on when nobody waits any more: sqlx 0.9.0 gives a connection whose BEGIN
                // is broken off to the next one who asks, in a transaction that nobody ends, with all its locks. See
                // https://github.com/launchbadge/sqlx/issues/4393.
                let pool = pool.clone();
                let begun = tokio::spawn(async move { pool.begin_with(text).await });
                let tx = begun
                    .await
                    .unwrap_or(Err(sqlx::Error::WorkerCrashed))
                    .map_err(|source| driver(text, source))?;
                Ok(Tx::postgres(tx, self.watch.clone()))
            }
        }
    }
}

impl SqlitePools {
    async fn open(options: SqliteConnectOptions) -> Result<Self, sqlx::Error> {
        let pool = |connections, options| sqlite_pool(connections).connect_with(options);
        // In write-ahead mode only FULL flushes the log at each commit; NORMAL leaves that to the
        // next checkpoint or the next FULL commit.
        let promises = pool(1, options.clone().synchronous(SqliteSynchronous::Full)).await?;
        let mirror = pool(1, options.clone().synchronous(SqliteSynchronous::Normal)).await?;
        let readers = options.pragma("query_only", "ON");
        Ok(Self {
            readers: pool(SQLITE_READERS, readers).await?,
            promises,
            mirror,
            turn: Arc::new(Mutex::new(())),
        })
    }

    /// The connection that writes with this durability.
    pub(crate) const fn writer(&self, durability: Durability) -> &SqlitePool {
        match durability {
            Durability::Promise => &self.promises,
            Durability::Mirror => &self.mirror,
        }
    }
}

fn shared_options(options: SqliteConnectOptions) -> SqliteConnectOptions {
    options
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .foreign_keys(true)
        .busy_timeout(BUSY_TIMEOUT)
        .row_buffer_size(SQLITE_ROWS_AHEAD)
}

fn sqlite_pool(connections: u32) -> SqlitePoolOptions {
    SqlitePoolOptions::new()
        .max_connections(connections)
        .min_connections(1)
        .test_before_acquire(false)
        .idle_timeout(None)
        .max_lifetime(None)
}

fn postgres_pool(connections: u32) -> PgPoolOptions {
    PgPoolOptions::new()
        .max_connections(connections)
        // A test before every use would cost each statement a round trip.
        .test_before_acquire(false)
        .before_acquire(|connection, meta| {
            Box::pin(async move {
                if meta.idle_for > IDLE_TRUSTED {
                    connection.ping().await?;
                }
                Ok(true)
            })
        })
}
