//! A server of ours over an empty mirror, and when it has read everything.

use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use booking::search::RoomQuery;
use booking::time::{DAY_MS, HOUR_MS, TimeRange};
use futures::TryStreamExt as _;
use server::clock::{SystemClock, SystemRandom};
use server::config::Config;
use server::lifecycle::Lifecycle;
use server::state::AppState;
use server::wire;

use crate::data::DAYS;
use crate::office::{Bookings, adele};

const LOOK_EVERY: Duration = Duration::from_millis(5);
const READ_WITHIN: Duration = Duration::from_secs(600);

/// Whoever reads.
pub(crate) struct Reading {
    pub(crate) state: AppState,
    lifecycle: Lifecycle,
}

impl Reading {
    /// Over a furnished store; reads nothing yet.
    pub(crate) async fn prepare(config: Config) -> Result<Self> {
        let lifecycle = Lifecycle::default();
        let state = wire::app_state(
            config,
            Arc::new(SystemClock),
            Arc::new(SystemRandom),
            lifecycle.stop.clone(),
        )
        .await?;
        Ok(Self { state, lifecycle })
    }

    pub(crate) fn start(&self) {
        let Lifecycle { stop, tasks } = &self.lifecycle;
        engine::sync::driver::start(&self.state.engine, stop, tasks);
    }

    /// Waits until every room was read, and the index shows it.
    pub(crate) async fn until_all_is_read(&self) -> Result<()> {
        let start = Instant::now();
        let tomorrow = self.state.engine.clock().now().plus_ms(DAY_MS);
        let query = RoomQuery::any_room(TimeRange::new(tomorrow, tomorrow.plus_ms(HOUR_MS))?);
        let is_read = || {
            let found = self.state.engine.find_rooms(&adele(), &query, None)?;
            anyhow::Ok(found.as_of.is_some())
        };
        while !is_read()? {
            ensure!(
                start.elapsed() < READ_WITHIN,
                "the rooms were not read in time"
            );
            tokio::time::sleep(LOOK_EVERY).await;
        }
        Ok(())
    }

    /// How many events of the bench data are kept.
    pub(crate) async fn events(&self, bookings: &Bookings) -> Result<usize> {
        let window = TimeRange::new(bookings.start(), bookings.start().plus_ms(DAYS * DAY_MS))?;
        let of_rooms = self.state.engine.store().occupancies(window);
        let counts = of_rooms.map_ok(|(_, taken)| taken.len());
        Ok(counts.try_fold(0, async |sum, one| Ok(sum + one)).await?)
    }

    pub(crate) async fn finish(self) {
        self.lifecycle.finish().await;
    }
}
