//! The first reading of a whole tenant from the simulator, with subscriptions to every room, against
//! somebody who fetches the same pages and keeps nothing.

use std::cell::Cell;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use booking::room::Room;
use booking::time::{Clock as _, DAY_MS};
use futures::future::try_join_all;
use m365_sim::Sim;
use serde::Deserialize;
use serde::de::IgnoredAny;
use server::clock::SystemClock;
use server::router;

use crate::data::DAYS;
use crate::http::Connection;
use crate::measure::{CROWD, Runtimes};
use crate::office::{Bookings, furnish, settings};
use crate::reading::Reading;
use crate::report::{self, Line, Verdict, duration};
use crate::served::Place;
use crate::tenant;

const ROOMS: usize = 1_000;
/// As many requests as the simulator remembers.
const REMEMBERED: usize = 10_000;
const THROTTLED: u16 = 429;
const LOOK_EVERY: Duration = Duration::from_millis(20);

pub(super) fn run() -> Result<()> {
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR"))?;
    let bookings = Bookings::new(ROOMS);
    let runtimes = Runtimes::new()?;
    let place = Place::take()?;
    let origin = place.origin();
    let started = tenant::start(&bookings.office.rooms, Some(&bookings), &origin);
    let sim = runtimes.servers.block_on(started)?;
    let read = read_all(folder.path(), place, &bookings, &sim);
    let read = runtimes.servers.block_on(read)?;
    let fetch = fetch_all(&sim, &bookings);
    let fetched = runtimes.client.block_on(fetch)?;
    read.print(fetched);
    Ok(())
}

/// What came of it.
struct Read {
    took: Duration,
    /// Until every room would notify us too.
    subscribed: Duration,
    events: usize,
    requests: usize,
    throttled: usize,
}

impl Read {
    fn print(&self, fetched: Duration) {
        let events = self.events as f64 / self.took.as_secs_f64();
        Line {
            name: format!(
                "cold import of {ROOMS} rooms, {} events, from the simulator",
                self.events
            ),
            ours: format!("{} ({events:.0} events/s)", duration(self.took)),
            reference: format!(
                "the same pages fetched by {CROWD} and dropped {}",
                duration(fetched)
            ),
            ratio: Some(self.took.as_secs_f64() / fetched.as_secs_f64()),
            goal: "none yet".to_owned(),
            verdict: Verdict::NoGoal,
        }
        .print();
        report::own(
            "cold import, until every room notifies us",
            duration(self.subscribed),
        );
        report::own(
            "cold import, requests to Microsoft",
            self.requests.to_string(),
        );
        Line {
            name: "cold import, requests that were answered 429".to_owned(),
            ours: self.throttled.to_string(),
            reference: format!("requests {}", self.requests),
            ratio: None,
            goal: "= 0".to_owned(),
            verdict: Verdict::of(self.throttled == 0),
        }
        .print();
    }
}

async fn read_all(
    folder: &std::path::Path,
    place: Place,
    bookings: &Bookings,
    sim: &Sim,
) -> Result<Read> {
    let origin = place.origin();
    let further = [("ETAGE_NOTIFICATION_URL", origin.as_str())];
    let config = settings(folder, &origin, sim.url(), &further)?;
    furnish(&config, &bookings.office.rooms).await?;
    let reading = Reading::prepare(config).await?;
    place.serve(router::router(reading.state.clone()))?;
    let start = Instant::now();
    reading.start();
    reading.until_all_is_read().await?;
    let took = start.elapsed();
    let store = reading.state.engine.store();
    let is_silent = async || store.rooms_without_subscription(SystemClock.now(), 1).await;
    while !is_silent().await?.is_empty() {
        tokio::time::sleep(LOOK_EVERY).await;
    }
    let subscribed = start.elapsed();
    let requests = sim.requests();
    ensure!(
        requests.len() < REMEMBERED,
        "the simulator has forgotten requests"
    );
    let events = reading.events(bookings).await?;
    let there: usize = bookings.office.occupancies.iter().map(Vec::len).sum();
    ensure!(events == there, "{events} of {there} events were taken in");
    reading.finish().await;
    Ok(Read {
        took,
        subscribed,
        events,
        requests: requests.len(),
        throttled: requests
            .iter()
            .filter(|one| one.status == THROTTLED)
            .count(),
    })
}

/// A page of a round of changes, as far as it leads on.
#[derive(Deserialize)]
struct Page {
    #[serde(rename = "@odata.nextLink")]
    next: Option<String>,
    #[serde(rename = "@odata.deltaLink")]
    last: Option<IgnoredAny>,
}

/// Fetches whole rounds of changes of every room.
async fn fetch_all(sim: &Sim, bookings: &Bookings) -> Result<Duration> {
    let address = tenant::address(sim)?;
    let token = tenant::application_token(sim).await?;
    let rooms = &bookings.office.rooms;
    let (from, to) = (bookings.start(), bookings.start().plus_ms(DAYS * DAY_MS));
    let moment = |at: booking::time::Instant| jiff::Timestamp::from_millisecond(at.0);
    let window = format!(
        "startDateTime={}&endDateTime={}",
        moment(from)?,
        moment(to)?
    );
    let next = Cell::new(0);
    let start = Instant::now();
    let lane = async |mut connection: Connection| -> Result<()> {
        while let Some(room) = rooms.get(next.replace(next.get() + 1)) {
            let mut path = Some(format!(
                "/v1.0/users/{}/calendarView/delta?{window}",
                mailbox(room)?
            ));
            while let Some(wanted) = path.take() {
                let request = get(address, &wanted, &token);
                let page: Page = serde_json::from_slice(connection.exchange(&request).await?)?;
                ensure!(
                    page.next.is_some() != page.last.is_some(),
                    "a page leads nowhere"
                );
                path = page.next.map(|link| link.replacen(sim.url(), "", 1));
            }
        }
        Ok(())
    };
    let mut connections = Vec::new();
    for _ in 0..CROWD {
        connections.push(Connection::open(address).await?);
    }
    try_join_all(connections.into_iter().map(lane)).await?;
    Ok(start.elapsed())
}

fn mailbox(room: &Room) -> Result<String> {
    let link = room.link.as_ref().context("the room has no mailbox")?;
    Ok(link.mailbox.to_string())
}

fn get(address: SocketAddr, path: &str, token: &str) -> Vec<u8> {
    format!(
        "GET {path} HTTP/1.1\r\nhost: {address}\r\nauthorization: Bearer {token}\r\n\
         prefer: outlook.timezone=\"UTC\", odata.maxpagesize=200\r\n\r\n"
    )
    .into_bytes()
}
