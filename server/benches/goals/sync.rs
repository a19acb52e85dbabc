//! Keeping the mirror: what Graph tells is taken in, its notifications are answered meanwhile, and a
//! whole tenant is read for the first time.

mod bare;
mod calendars;
mod import;
mod ingest;
mod memory;
mod told;
mod webhook;

use anyhow::Result;

use crate::database::Database;

pub(crate) fn run() -> Result<()> {
    on(&Database::sqlite()?)?;
    match std::env::var("TEST_POSTGRES_URL") {
        Ok(server) => on(&Database::postgres(&server)?)?,
        Err(_) => {
            eprintln!("TEST_POSTGRES_URL is not set: the mirror was not measured on PostgreSQL");
        }
    }
    import::run()?;
    memory::run()
}

fn on(database: &Database) -> Result<()> {
    ingest::run(database)?;
    webhook::run(database)
}
