//! The memory of the program itself after it has read a whole tenant: what taking it in left behind
//! counts too.

use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use booking::search::found::FoundRooms;

use super::calendars::{EVENTS, calendars};
use super::told::Told;
use crate::http::Connection;
use crate::measure::Runtimes;
use crate::office::{Bookings, furnish, settings};
use crate::process::Program;
use crate::report;
use crate::search::finds;

const LOOK_EVERY: Duration = Duration::from_millis(200);
const READ_WITHIN: Duration = Duration::from_secs(900);
/// Nobody asks for it.
const ORIGIN: &str = "http://127.0.0.1:9";

pub(super) fn run() -> Result<()> {
    for (rooms, memory_mib_max) in [(1_000, 50.0), (10_000, 120.0)] {
        let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR"))?;
        let runtimes = Runtimes::new()?;
        let bookings = Bookings::new(rooms);
        let graph = Told::start(&calendars(&bookings))?;
        runtimes.servers.block_on(async {
            let config = settings(folder.path(), ORIGIN, &graph.origin(), &[])?;
            furnish(&config, &bookings.office.rooms).await
        })?;
        let origin = graph.origin();
        let further = [
            ("ETAGE_GRAPH_URL", origin.as_str()),
            ("ETAGE_LOGIN_URL", origin.as_str()),
        ];
        let mut program = Program::start(folder.path(), &further)?;
        let took = runtimes
            .client
            .block_on(until_all_is_read(&mut program, &bookings))?;
        let events = rooms * EVENTS;
        let rate = events as f64 / took.as_secs_f64();
        report::own(
            format!("etage serve reads {rooms} rooms x {EVENTS} events"),
            format!("{} ({rate:.0} events/s)", report::duration(took)),
        );
        report::within(
            format!("memory of etage serve, {rooms} rooms, after it has read {events} events"),
            program.memory_mib()?,
            memory_mib_max,
            "MiB",
        );
        program.end()?;
    }
    Ok(())
}

async fn until_all_is_read(program: &mut Program, bookings: &Bookings) -> Result<Duration> {
    let start = Instant::now();
    program.listening().await?;
    let mut connection = Connection::open(program.address).await?;
    let requests = finds(program.address, bookings);
    loop {
        let answer = connection.exchange(&requests[0]).await?;
        let found: FoundRooms = serde_json::from_slice(answer)?;
        if found.as_of.is_some() {
            return Ok(start.elapsed());
        }
        ensure!(
            start.elapsed() < READ_WITHIN,
            "the rooms were not read in time"
        );
        tokio::time::sleep(LOOK_EVERY).await;
    }
}
