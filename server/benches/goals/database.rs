//! Databases of one's own, of either kind.

use std::str::FromStr;

use anyhow::Result;
use booking::room::Room;
use sqlx::Connection as _;
use sqlx::postgres::{PgConnectOptions, PgPool, PgPoolOptions};
use sqlx::sqlite::{
    SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous,
};

use crate::measure::CROWD;
use crate::office::{NOWHERE, furnish, settings};

/// A kind of database, and where new ones are made.
pub(crate) struct Database {
    pub(crate) name: &'static str,
    pub(crate) folder: tempfile::TempDir,
    /// `None`: SQLite, in the folder.
    server: Option<String>,
}

impl Database {
    pub(crate) fn sqlite() -> Result<Self> {
        Ok(Self {
            name: "SQLite",
            // Not in the folder for temporary files, which may lie in memory: what is kept must reach a disk.
            folder: tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR"))?,
            server: None,
        })
    }

    pub(crate) fn postgres(server: &str) -> Result<Self> {
        Ok(Self {
            name: "PostgreSQL",
            folder: tempfile::tempdir()?,
            server: Some(server.to_owned()),
        })
    }

    /// The address of an empty one.
    pub(crate) async fn fresh(&self, name: &str) -> Result<String> {
        let Some(server) = &self.server else {
            return Ok(format!("sqlite:{}/{name}.db", self.folder.path().display()));
        };
        let schema = format!("etage_bench_{}_{name}", std::process::id());
        let mut connection = sqlx::PgConnection::connect(server).await?;
        for statement in ["DROP SCHEMA IF EXISTS %s CASCADE", "CREATE SCHEMA %s"] {
            let statement = statement.replace("%s", &schema);
            sqlx::raw_sql(sqlx::AssertSqlSafe(statement))
                .execute(&mut connection)
                .await?;
        }
        let joint = if server.contains('?') { '&' } else { '?' };
        Ok(format!("{server}{joint}options[search_path]={schema}"))
    }
}

/// Connections for the references: they do nothing but what is measured.
#[derive(Clone)]
pub(crate) enum Bare {
    /// One: SQLite has one writer.
    Sqlite(SqlitePool),
    Postgres(PgPool),
}

impl Bare {
    /// To a fresh database with our schema and these rooms.
    pub(crate) async fn prepare(
        database: &Database,
        name: &str,
        rooms: &[Room],
        durable: SqliteSynchronous,
    ) -> Result<Self> {
        let url = database.fresh(name).await?;
        let further = [("ETAGE_DATABASE_URL", url.as_str())];
        let config = settings(database.folder.path(), NOWHERE, NOWHERE, &further)?;
        furnish(&config, rooms).await?;
        if url.starts_with("sqlite") {
            let options = SqliteConnectOptions::from_str(&url)?
                .journal_mode(SqliteJournalMode::Wal)
                .foreign_keys(true)
                .synchronous(durable);
            let pool = SqlitePoolOptions::new()
                .max_connections(1)
                .test_before_acquire(false);
            return Ok(Self::Sqlite(pool.connect_with(options).await?));
        }
        let pool = PgPoolOptions::new()
            .max_connections(CROWD as u32)
            .test_before_acquire(false);
        let options = PgConnectOptions::from_str(&url)?;
        Ok(Self::Postgres(pool.connect_with(options).await?))
    }
}
