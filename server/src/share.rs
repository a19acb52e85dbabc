//! Microsoft's limits hold for an application, however many processes of it run. Each says every second that it lives,
//! counts the others, and keeps to its part; what one of them is asked to wait, all of them wait.

use std::num::NonZeroU32;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use booking::ids::ConnectionId;
use booking::random::Random;
use booking::time::{Clock, Instant, SECOND_MS};
use graph::GraphProvider;
use graph::client::AskedWait;
use store::{Store, StoreError, processes};
use tokio::time::{MissedTickBehavior, interval};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use uuid::Uuid;

/// How often a process says that it lives.
const BEAT: Duration = Duration::from_secs(1);
/// One that was not seen for so long has ended.
const SEEN_MS: i64 = 10 * SECOND_MS;
/// So long a process that has just begun waits until all others know of it: by then those that live have said so twice.
const JOIN_BEATS_MAX: u32 = 3;

/// This process among those of the same database.
pub struct Share {
    process: Uuid,
    store: Store,
    clock: Arc<dyn Clock>,
    providers: Vec<(ConnectionId, Arc<GraphProvider>)>,
    /// How many processes there are, this one included.
    counted: AtomicU32,
}

impl Share {
    /// Of a process that has said nothing yet, and takes everything for itself.
    pub fn new(
        store: Store,
        clock: Arc<dyn Clock>,
        random: &dyn Random,
        providers: Vec<(ConnectionId, Arc<GraphProvider>)>,
    ) -> Self {
        Self {
            process: random.uuid(),
            store,
            clock,
            providers,
            counted: AtomicU32::new(1),
        }
    }

    /// Joins the others, and stays among them until the process stops. Comes back when all of them keep to their smaller
    /// parts; at once where there are none.
    pub async fn start(self: &Arc<Self>, stop: &CancellationToken, tasks: &TaskTracker) {
        let mut beats = interval(BEAT);
        beats.set_missed_tick_behavior(MissedTickBehavior::Delay);
        for _ in 0..=JOIN_BEATS_MAX {
            beats.tick().await;
            if self.beat_and_tell().await {
                break;
            }
        }
        let share = Arc::clone(self);
        let stop = stop.clone();
        tasks.spawn(async move {
            while stop.run_until_cancelled(beats.tick()).await.is_some() {
                share.beat_and_tell().await;
            }
            // Otherwise the others find out by themselves.
            let seen_after = share.clock.now().plus_ms(-SEEN_MS);
            let _ended = share.store.process_ends(share.process, seen_after).await;
        });
    }

    /// How many processes there are, this one included, as far as it knows.
    pub fn processes(&self) -> u32 {
        self.counted.load(Ordering::Relaxed)
    }

    /// Whether all others know of this one. Without a database nothing is known, and nothing else works either.
    async fn beat_and_tell(&self) -> bool {
        self.beat().await.unwrap_or_else(|error| {
            tracing::debug!(
                error = &error as &dyn std::error::Error,
                "that this process lives could not be said"
            );
            false
        })
    }

    async fn beat(&self) -> Result<bool, StoreError> {
        let now = self.clock.now();
        let seen_after = now.plus_ms(-SEEN_MS);
        let before = self.processes();
        let others = self
            .store
            .process_lives(self.process, before, now, seen_after)
            .await?;
        let counted = u32::try_from(others.len()).unwrap_or(u32::MAX);
        let counted = NonZeroU32::MIN.saturating_add(counted);
        if counted.get() != before {
            self.take(counted);
            self.store
                .process_lives(self.process, counted.get(), now, seen_after)
                .await?;
        }
        self.share_waits(now).await?;
        Ok(others.iter().all(|known| *known >= counted.get()))
    }

    fn take(&self, processes: NonZeroU32) {
        self.counted.store(processes.get(), Ordering::Relaxed);
        for (_, provider) in &self.providers {
            provider.client().share_among(processes);
        }
        tracing::info!(
            processes,
            "Microsoft's limits are shared among so many processes"
        );
    }

    async fn share_waits(&self, now: Instant) -> Result<(), StoreError> {
        for (connection, provider) in &self.providers {
            for AskedWait { whose, left } in provider.client().take_asked_waits() {
                let wait = processes::AskedWait {
                    connection: *connection,
                    whose,
                    until: now.plus_ms(i64::try_from(left.as_millis()).unwrap_or(i64::MAX)),
                };
                self.store.keep_asked_wait(&wait, now).await?;
            }
        }
        for wait in self.store.asked_waits(now).await? {
            let mut providers = self.providers.iter();
            if let Some((_, provider)) = providers.find(|(id, _)| *id == wait.connection) {
                let left_ms = u64::try_from(wait.until.since_ms(now)).unwrap_or_default();
                provider.client().keep_asked_wait(&AskedWait {
                    whose: wait.whose,
                    left: Duration::from_millis(left_ms),
                });
            }
        }
        Ok(())
    }
}

impl std::fmt::Debug for Share {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Share")
            .field("process", &self.process)
            .field("processes", &self.processes())
            .finish_non_exhaustive()
    }
}
