//! A search over HTTP by somebody signed in, against an axum server that says hello.

use std::net::SocketAddr;
use std::sync::Arc;

use anyhow::{Result, ensure};
use booking::search::RoomQuery;
use booking::search::found::{FoundRooms, HITS_MAX};
use serde_json::json;
use server::clock::{SystemClock, SystemRandom};
use server::{router, wire};
use tokio_util::sync::CancellationToken;

use crate::http::{self, Connection};
use crate::measure::{Asked, CROWD, Runtimes, latencies, rates};
use crate::office::{Bookings, NOWHERE, furnish, settings, signed_in};
use crate::report;
use crate::served::{Place, hello};

const ROOMS: usize = 1_000;

pub(crate) fn run() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let bookings = Bookings::new(ROOMS);
    let runtimes = Runtimes::new()?;
    let (ours, hello) = runtimes
        .servers
        .block_on(async { anyhow::Ok((serve(folder.path(), &bookings).await?, hello()?)) })?;
    let ours = Asked {
        address: ours,
        requests: finds(ours, &bookings),
    };
    let hello = Asked {
        address: hello,
        requests: vec![http::get(hello)],
    };
    runtimes.client.block_on(async {
        look_at(&ours).await?;
        let (one, other) = latencies(&ours, &hello).await?;
        let name = format!("search over HTTP, {ROOMS} rooms, signed in, p50 at c=1");
        report::at_most_times(name, one, "axum hello", other, 5.0);
        let (one, other) = rates(&ours, &hello).await?;
        let name = format!("search over HTTP, {ROOMS} rooms, signed in, c={CROWD}");
        report::at_least_part(name, one, "axum hello", other, 0.3);
        Ok(())
    })
}

async fn serve(folder: &std::path::Path, bookings: &Bookings) -> Result<SocketAddr> {
    let place = Place::take()?;
    let config = settings(folder, &place.origin(), NOWHERE, &[])?;
    let store = furnish(&config, &bookings.office.rooms).await?;
    bookings.keep(&store).await?;
    let state = wire::app_state(
        config,
        Arc::new(SystemClock),
        Arc::new(SystemRandom),
        CancellationToken::new(),
    )
    .await?;
    place.serve(router::router(state))
}

/// The questions, each with a floor on screen.
pub(crate) fn finds(address: SocketAddr, bookings: &Bookings) -> Vec<Vec<u8>> {
    let headers = signed_in(&format!("http://{address}"));
    let rooms = &bookings.office.rooms;
    let ask = |(at, query): (usize, &RoomQuery)| {
        let floor = rooms[at * 101 % rooms.len()].floor;
        let body = json!({ "query": query, "floor": floor });
        http::post(address, "/api/rooms/find", &headers, &body)
    };
    bookings.queries().iter().enumerate().map(ask).collect()
}

/// What is measured must be whole answers.
async fn look_at(asked: &Asked) -> Result<()> {
    let mut connection = Connection::open(asked.address).await?;
    for request in &asked.requests {
        let found: FoundRooms = serde_json::from_slice(connection.exchange(request).await?)?;
        ensure!(found.states.len() == 100, "the floor is not told of");
        ensure!(found.hits.len() == HITS_MAX, "there are too few hits");
        ensure!(found.as_of.is_some(), "the mirror was never read");
    }
    Ok(())
}
