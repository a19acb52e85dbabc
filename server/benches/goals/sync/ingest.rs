//! A tenant's calendars taken in: asked for, parsed, stored and shown by the index, against the bare
//! upsert of the same rows.

use std::time::Instant;

use anyhow::{Result, ensure};

use super::bare::{self, WIDTHS};
use super::calendars::{EVENTS, calendars};
use super::told::Told;
use crate::database::Database;
use crate::measure::{Runtimes, upper_quartile};
use crate::office::{Bookings, furnish, settings};
use crate::reading::Reading;
use crate::report;
use crate::served::Place;

const ROOMS: usize = 1_000;
/// Turns of each side.
const TURNS: usize = 4;
/// The part of the bare upsert's rate that ours has to reach.
const PART_MIN: f64 = 0.6;

pub(super) fn run(database: &Database) -> Result<()> {
    let runtimes = Runtimes::new()?;
    let bookings = Bookings::new(ROOMS);
    let calendars = calendars(&bookings);
    let graph = Told::start(&calendars)?;
    let rooms = &bookings.office.rooms;
    let mut ours = Vec::new();
    let mut references = WIDTHS.map(|_| Vec::new());
    for turn in 0..TURNS {
        let name = format!("ingest{turn}");
        let read = read_all(database, &name, &bookings, &graph);
        ours.push(runtimes.servers.block_on(read)?);
        for (width, rates) in WIDTHS.into_iter().zip(&mut references) {
            let name = format!("upsert{turn}_{width}");
            let upsert = bare::upsert_all(database, &name, rooms, &calendars, width);
            rates.push(runtimes.servers.block_on(upsert)?);
        }
    }
    let best = references.map(upper_quartile).into_iter().zip(WIDTHS);
    let (reference, width) = best
        .max_by(|one, other| one.0.total_cmp(&other.0))
        .unwrap_or_default();
    report::at_least_part(
        format!(
            "ingest of {ROOMS} rooms x {EVENTS} events, events, {}",
            database.name
        ),
        upper_quartile(ours),
        &format!("bare upsert, {width} rows a statement"),
        reference,
        PART_MIN,
    );
    Ok(())
}

/// Events a second.
async fn read_all(
    database: &Database,
    name: &str,
    bookings: &Bookings,
    graph: &Told,
) -> Result<f64> {
    let url = database.fresh(name).await?;
    let further = [
        ("ETAGE_DATABASE_URL", url.as_str()),
        ("ETAGE_NOTIFICATION_URL", "none"),
    ];
    let origin = Place::take()?.origin();
    let config = settings(database.folder.path(), &origin, &graph.origin(), &further)?;
    furnish(&config, &bookings.office.rooms).await?;
    let reading = Reading::prepare(config).await?;
    let start = Instant::now();
    reading.start();
    reading.until_all_is_read().await?;
    let took = start.elapsed();
    let events = reading.events(bookings).await?;
    ensure!(events == ROOMS * EVENTS, "{events} events were taken in");
    reading.finish().await;
    Ok(events as f64 / took.as_secs_f64())
}
