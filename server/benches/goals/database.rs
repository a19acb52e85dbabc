//! Databases of one's own, of either kind.

use anyhow::Result;
use sqlx::Connection as _;

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
