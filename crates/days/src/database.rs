//! A fresh database of either kind, which all processes of a world share.

use std::path::Path;
use std::sync::atomic::{AtomicU32, Ordering};

use secrecy::SecretString;
use sqlx::Connection as _;
use store::{SealingKey, Store};
use tempfile::TempDir;
use tokio::sync::OnceCell;

/// Where tests look for a PostgreSQL server.
const POSTGRES_URL: &str = "TEST_POSTGRES_URL";
/// The key of every world: 32 bytes of no secret.
pub(crate) const SEALING_KEY: &str = "BQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQU=";
/// Memory that looks like a folder, where there is such: nothing here outlives its test.
const MEMORY: &str = "/dev/shm";

/// Which database.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Database {
    /// A file of its own.
    Sqlite,
    /// A schema of its own on the server that `TEST_POSTGRES_URL` names.
    Postgres,
}

impl Database {
    /// SQLite always, and PostgreSQL where there is a server.
    pub fn at_hand() -> Vec<Self> {
        let mut at_hand = vec![Self::Sqlite];
        if std::env::var_os(POSTGRES_URL).is_some() {
            at_hand.push(Self::Postgres);
        }
        at_hand
    }
}

/// A database with the newest schema and nothing in it.
#[derive(Debug)]
pub(crate) struct Fresh {
    url: String,
    _folder: Option<TempDir>,
    schema: Option<Schema>,
}

#[derive(Debug)]
struct Schema {
    server: String,
    name: String,
}

impl Fresh {
    pub(crate) async fn make(kind: Database) -> Self {
        match kind {
            Database::Sqlite => Self::file().await,
            Database::Postgres => Self::schema().await,
        }
    }

    /// A copy of a file that was migrated once in this program.
    async fn file() -> Self {
        static MIGRATED: OnceCell<Vec<u8>> = OnceCell::const_new();
        let migrated = MIGRATED
            .get_or_init(|| async {
                let folder = folder();
                let file = folder.path().join("migrated.db");
                let store = Store::open(&sqlite(&file), sealing_key()).await.unwrap();
                store.migrate().await.unwrap();
                // One file, whatever still stands in the write-ahead log.
                let copy = folder.path().join("copy.db");
                let text = format!("VACUUM INTO '{}'", copy.display());
                let mut connection = sqlx::SqliteConnection::connect(&sqlite(&file))
                    .await
                    .unwrap();
                sqlx::raw_sql(sqlx::AssertSqlSafe(text))
                    .execute(&mut connection)
                    .await
                    .unwrap();
                std::fs::read(copy).unwrap()
            })
            .await;
        let folder = folder();
        let file = folder.path().join("etage.db");
        std::fs::write(&file, migrated).unwrap();
        Self {
            url: sqlite(&file),
            _folder: Some(folder),
            schema: None,
        }
    }

    async fn schema() -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let server = std::env::var(POSTGRES_URL).expect("TEST_POSTGRES_URL names a server");
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let name = format!("etage_days_{}_{count}", std::process::id());
        execute(&server, format!("DROP SCHEMA IF EXISTS {name} CASCADE")).await;
        execute(&server, format!("CREATE SCHEMA {name}")).await;
        let joint = if server.contains('?') { '&' } else { '?' };
        let url = format!("{server}{joint}options[search_path]={name}");
        let store = Store::open(&url, sealing_key()).await.unwrap();
        store.migrate().await.unwrap();
        Self {
            url,
            _folder: None,
            schema: Some(Schema { server, name }),
        }
    }

    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// What one more process opens.
    pub(crate) async fn open(&self) -> Store {
        Store::open(&self.url, sealing_key()).await.unwrap()
    }

    /// Clears up on the server; one that is not ended leaves its schema behind, to be looked into.
    pub(crate) async fn end(self) {
        if let Some(schema) = self.schema {
            let name = schema.name;
            execute(&schema.server, format!("DROP SCHEMA {name} CASCADE")).await;
        }
    }
}

fn folder() -> TempDir {
    if Path::new(MEMORY).is_dir() {
        tempfile::tempdir_in(MEMORY).unwrap()
    } else {
        tempfile::tempdir().unwrap()
    }
}

fn sqlite(file: &Path) -> String {
    format!("sqlite:{}", file.display())
}

fn sealing_key() -> SealingKey {
    SealingKey::parse(&SecretString::from(SEALING_KEY)).unwrap()
}

async fn execute(server: &str, statement: String) {
    let mut connection = sqlx::PgConnection::connect(server).await.unwrap();
    sqlx::raw_sql(sqlx::AssertSqlSafe(statement))
        .execute(&mut connection)
        .await
        .unwrap();
    connection.close().await.unwrap();
}
