//! Timing two things against each other on a machine that is not quiet: they take turns, so that
//! whatever disturbs the machine disturbs both.

use std::cell::Cell;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use anyhow::Result;
use futures::future::try_join_all;
use tokio::runtime::Runtime;

use crate::http::Connection;

/// Connections of a crowd.
pub(crate) const CROWD: usize = 16;

/// Turns of each side, and requests a turn, when one person asks after the other.
const TURNS: usize = 60;
const EACH: usize = 50;
/// Turns of a crowd, and how long each lasts.
const CROWD_TURNS: usize = 16;
const CROWD_TURN: Duration = Duration::from_millis(250);

/// Servers with all cores, and the one thread that the client has; as two processes would be.
pub(crate) struct Runtimes {
    pub(crate) servers: Runtime,
    pub(crate) client: Runtime,
}

impl Runtimes {
    pub(crate) fn new() -> Result<Self> {
        Ok(Self {
            servers: tokio::runtime::Builder::new_multi_thread()
                .enable_all()
                .build()?,
            client: tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()?,
        })
    }
}

/// Requests to one server, asked for in turn.
pub(crate) struct Asked {
    pub(crate) address: SocketAddr,
    pub(crate) requests: Vec<Vec<u8>>,
}

/// The median of what one request takes: ours and the reference's.
pub(crate) async fn latencies(ours: &Asked, reference: &Asked) -> Result<(Duration, Duration)> {
    let mut sides = [
        (ours, Connection::open(ours.address).await?, Vec::new()),
        (
            reference,
            Connection::open(reference.address).await?,
            Vec::new(),
        ),
    ];
    // The first turn warms everything up, and does not count.
    for turn in 0..=TURNS {
        for (asked, connection, taken) in &mut sides {
            for at in 0..EACH {
                let request = &asked.requests[(turn * EACH + at) % asked.requests.len()];
                let start = Instant::now();
                connection.exchange(request).await?;
                if turn > 0 {
                    taken.push(start.elapsed());
                }
            }
        }
    }
    let [ours, reference] = sides.map(|(_, _, taken)| median(taken));
    Ok((ours, reference))
}

/// Requests a second that [`CROWD`] connections get answered: ours and the reference's.
pub(crate) async fn rates(ours: &Asked, reference: &Asked) -> Result<(f64, f64)> {
    let mut rates = [Vec::new(), Vec::new()];
    for turn in 0..=CROWD_TURNS {
        for (rates, asked) in rates.iter_mut().zip([ours, reference]) {
            let rate = rate(asked).await?;
            if turn > 0 {
                rates.push(rate);
            }
        }
    }
    let [ours, reference] = rates.map(upper_quartile);
    Ok((ours, reference))
}

async fn rate(asked: &Asked) -> Result<f64> {
    let mut connections = Vec::with_capacity(CROWD);
    for _ in 0..CROWD {
        connections.push(Connection::open(asked.address).await?);
    }
    let (done, next) = (Cell::new(0_u32), Cell::new(0_usize));
    let start = Instant::now();
    let ask = async |mut connection: Connection| -> Result<()> {
        while start.elapsed() < CROWD_TURN {
            let at = next.replace(next.get() + 1);
            let request = &asked.requests[at % asked.requests.len()];
            connection.exchange(request).await?;
            done.set(done.get() + 1);
        }
        Ok(())
    };
    try_join_all(connections.into_iter().map(ask)).await?;
    Ok(f64::from(done.get()) / start.elapsed().as_secs_f64())
}

pub(crate) fn median(mut taken: Vec<Duration>) -> Duration {
    taken.sort_unstable();
    taken.get(taken.len() / 2).copied().unwrap_or_default()
}

/// What so many of a hundred stay below.
pub(crate) fn percentile(taken: &mut [Duration], percent: usize) -> Duration {
    taken.sort_unstable();
    taken
        .get(taken.len() * percent / 100)
        .copied()
        .unwrap_or_default()
}

/// Of rates: neighbours on the machine only ever take away.
pub(crate) fn upper_quartile(mut rates: Vec<f64>) -> f64 {
    rates.sort_by(f64::total_cmp);
    rates.get(rates.len() * 3 / 4).copied().unwrap_or_default()
}
