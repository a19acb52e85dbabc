//! The table of all rooms that administrators look at: what a look costs, beside reading all rooms for each.

use std::time::{Duration, Instant};

use anyhow::Result;
use booking::rooms_overview::{Order, OverviewQuery};
use server::clock::{SystemClock, SystemRandom};
use server::wire;

use crate::database::Database;
use crate::measure::{Runtimes, median};
use crate::office::{Bookings, adele, furnish, settings};
use crate::report;

const ROOMS: usize = 10_000;
const LOOKS: usize = 40;
/// Looks of which each has all rooms read.
const READINGS: usize = 8;
/// A look may take so large a part of reading all rooms.
const PART_MAX: f64 = 0.05;
/// Nobody asks for it, and nobody is asked.
const NOWHERE: &str = "http://127.0.0.1:9";

pub(crate) fn run() -> Result<()> {
    on(&Database::sqlite()?)?;
    match std::env::var("TEST_POSTGRES_URL") {
        Ok(server) => on(&Database::postgres(&server)?)?,
        Err(_) => eprintln!("TEST_POSTGRES_URL is not set: PostgreSQL was not looked at"),
    }
    Ok(())
}

fn on(database: &Database) -> Result<()> {
    let runtimes = Runtimes::new()?;
    let (looks, readings) = runtimes.servers.block_on(measured(database))?;
    report::at_most_times(
        format!("page of the table of {ROOMS} rooms, {}", database.name),
        looks,
        "reading all rooms",
        readings,
        PART_MAX,
    );
    Ok(())
}

/// The median of a look at what was read already, and of reading all rooms.
async fn measured(database: &Database) -> Result<(Duration, Duration)> {
    let bookings = Bookings::new(ROOMS);
    let url = database.fresh("table").await?;
    let further = [("ETAGE_DATABASE_URL", url.as_str())];
    let config = settings(database.folder.path(), NOWHERE, NOWHERE, &further)?;
    let store = furnish(&config, &bookings.office.rooms).await?;
    bookings.keep(&store).await?;
    let clock = std::sync::Arc::new(SystemClock);
    let engine = wire::engine(&config, store, clock, std::sync::Arc::new(SystemRandom)).await?;
    let admin = adele();
    let link = engine.make_admin_link().await?;
    engine.use_admin_link(&admin, &link.secret).await?;
    let (mut looks, mut readings) = (Vec::new(), Vec::new());
    for turn in 0..LOOKS {
        let query = OverviewQuery {
            text: format!("room {}", turn % 10),
            order: Order::ALL[turn % Order::ALL.len()],
            ..OverviewQuery::default()
        };
        if turn % (LOOKS / READINGS) == 0 {
            let start = Instant::now();
            engine.rooms_health().await?;
            readings.push(start.elapsed());
        }
        // One that is not counted has them read where it is time for that.
        engine.rooms_overview(&admin, &query).await?;
        let start = Instant::now();
        engine.rooms_overview(&admin, &query).await?;
        looks.push(start.elapsed());
    }
    Ok((median(looks), median(readings)))
}
