//! The program itself: how much memory it takes, and how soon after its start it answers.

use std::fs::File;
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use crate::http::Connection;
use crate::measure::{Runtimes, median};
use crate::office::{Bookings, NOWHERE, furnish, settings};
use crate::report;
use crate::search::finds;
use crate::served::Place;

/// Starts; the median counts.
const STARTS: usize = 5;
/// Searches before memory is looked at, over all days of the data.
const SEARCHES: usize = 2_000;
const START_MAX: Duration = Duration::from_secs(60);
const LOOK_EVERY: Duration = Duration::from_millis(1);

pub(crate) fn run() -> Result<()> {
    for (rooms, memory_mib_max, start_s_max) in [(1_000, 50.0, 0.3), (10_000, 120.0, 1.5)] {
        let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR"))?;
        let runtimes = Runtimes::new()?;
        let bookings = Bookings::new(rooms);
        runtimes.servers.block_on(async {
            let config = settings(folder.path(), NOWHERE, NOWHERE, &[])?;
            bookings
                .keep(&furnish(&config, &bookings.office.rooms).await?)
                .await
        })?;
        let (memory, starts) = runtimes.client.block_on(watch(folder.path(), &bookings))?;
        report::within(
            format!("memory of etage serve, {rooms} rooms, after {SEARCHES} searches"),
            memory,
            memory_mib_max,
            "MiB",
        );
        report::within(
            format!("cold start to the first answered search, {rooms} rooms"),
            median(starts).as_secs_f64(),
            start_s_max,
            "s",
        );
    }
    Ok(())
}

/// Starts the program some times; its memory in MiB, and how long until it answered.
async fn watch(folder: &Path, bookings: &Bookings) -> Result<(f64, Vec<Duration>)> {
    let mut starts = Vec::new();
    let mut memory = 0.0;
    for turn in 0..STARTS {
        let (mut program, mut connection, took) = Program::answering(folder, bookings).await?;
        starts.push(took);
        if turn + 1 == STARTS {
            let requests = finds(program.address, bookings);
            for number in 0..SEARCHES {
                connection
                    .exchange(&requests[number % requests.len()])
                    .await?;
            }
            memory = program.memory_mib()?;
        }
        program.end()?;
    }
    Ok((memory, starts))
}

/// A running `etage serve`.
pub(crate) struct Program {
    child: Child,
    pub(crate) address: SocketAddr,
}

impl Program {
    /// Starts the program over a prepared data folder and waits for nothing.
    pub(crate) fn start(folder: &Path, further: &[(&str, &str)]) -> Result<Self> {
        // Freed again for the program to take.
        Self::start_at(Place::take()?.address, folder, further)
    }

    /// The same at an address that is free.
    pub(crate) fn start_at(
        address: SocketAddr,
        folder: &Path,
        further: &[(&str, &str)],
    ) -> Result<Self> {
        let log = File::create(folder.join("etage.log"))?;
        let child = Command::new(env!("CARGO_BIN_EXE_etage"))
            .arg("serve")
            .env("ETAGE_DATA_DIR", folder)
            .env("ETAGE_LISTEN", address.to_string())
            .env("ETAGE_ORIGIN", format!("http://{address}"))
            .env("ETAGE_GRAPH_URL", NOWHERE)
            .env("ETAGE_LOGIN_URL", NOWHERE)
            .env("ETAGE_NOTIFICATION_URL", "none")
            .env("ETAGE_POLL_SECONDS", "3600")
            .env("ETAGE_CHECK_HOURS", "0")
            .envs(further.iter().copied())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(log)
            .spawn()
            .context("etage does not start")?;
        Ok(Self { child, address })
    }

    /// Starts it, and asks until the first search is answered.
    async fn answering(folder: &Path, bookings: &Bookings) -> Result<(Self, Connection, Duration)> {
        let start = Instant::now();
        let mut program = Self::start(folder, &[])?;
        let requests = finds(program.address, bookings);
        loop {
            if let Ok(mut connection) = Connection::open(program.address).await {
                connection.exchange(&requests[0]).await?;
                return Ok((program, connection, start.elapsed()));
            }
            program.is_alive(start)?;
            tokio::time::sleep(LOOK_EVERY).await;
        }
    }

    /// Waits until it listens.
    pub(crate) async fn listening(&mut self) -> Result<()> {
        let start = Instant::now();
        while Connection::open(self.address).await.is_err() {
            self.is_alive(start)?;
            tokio::time::sleep(LOOK_EVERY).await;
        }
        Ok(())
    }

    fn is_alive(&mut self, since: Instant) -> Result<()> {
        if let Some(status) = self.child.try_wait()? {
            bail!("etage ended with {status}");
        }
        if since.elapsed() > START_MAX {
            bail!("etage did not answer within {START_MAX:?}");
        }
        Ok(())
    }

    /// Memory that is resident, as Linux tells it.
    pub(crate) fn memory_mib(&self) -> Result<f64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id()))?;
        let kib: f64 = status
            .lines()
            .find_map(|line| line.strip_prefix("VmRSS:"))
            .and_then(|rest| rest.trim().strip_suffix("kB"))
            .context("Linux does not say")?
            .trim()
            .parse()?;
        Ok(kib / 1_024.0)
    }

    pub(crate) fn end(&mut self) -> Result<()> {
        self.child.kill()?;
        self.child.wait()?;
        Ok(())
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        // It may have ended already.
        let _ended = self.end();
    }
}
