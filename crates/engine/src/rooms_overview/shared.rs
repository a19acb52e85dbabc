//! One reading of all rooms for everybody who looks at their table.
//!
//! Every page of it tells totals, and with them how long changes took, so it takes every room's row, whatever page is
//! on screen. Filtering and paging in the database was rejected for that reason, and because how a room stands is not
//! all written there: what its calendar system can do and which settings are in force is known to the process. So a
//! process reads all rooms once for all who look at about the same time, and says how old that is. Each process keeps
//! its own; what another one changes shows as soon as the reading is old, and that all rooms are being read at once.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use booking::time::{Clock, Instant, SECOND_MS};
use tokio::sync::Mutex;

use super::RoomsRead;

/// A reading is shown for so long, in milliseconds.
const SHOWN_MS: i64 = SECOND_MS;
/// One that took long is shown for so many times as long, so that open tables take a tenth of the database's time at
/// most, however many there are.
const SHOWN_TIMES: i64 = 10;
/// None is shown for longer, in milliseconds.
const SHOWN_MS_MAX: i64 = 10 * SECOND_MS;

/// The last reading of all rooms.
#[derive(Default)]
pub(crate) struct SharedReading {
    /// Whoever reads anew has it locked, so that the others wait for what comes of that.
    kept: Mutex<Option<Kept>>,
    /// Changes of this process that have to be seen at once.
    changes: AtomicU64,
}

struct Kept {
    read: Arc<RoomsRead>,
    shown_until: Instant,
    /// How many changes there were when it began.
    changes: u64,
}

impl SharedReading {
    /// What was read is shown to nobody any more.
    pub(crate) fn outdate(&self) {
        self.changes.fetch_add(1, Ordering::AcqRel);
    }

    /// The last reading, where it may still be shown and knows that all rooms were asked for then; or another by `read`,
    /// which is not begun otherwise.
    ///
    /// # Errors
    /// Those of `read`. Nothing of it is kept then.
    pub(super) async fn since<E>(
        &self,
        asked_at: Option<Instant>,
        clock: &dyn Clock,
        read: impl Future<Output = Result<RoomsRead, E>>,
    ) -> Result<Arc<RoomsRead>, E> {
        let mut kept = self.kept.lock().await;
        let began = clock.now();
        let changes = self.changes.load(Ordering::Acquire);
        if let Some(kept) = kept.as_ref() {
            let knows_all = kept.read.frame.run.map(|run| run.started_at) >= asked_at;
            if kept.changes == changes && kept.is_shown(began) && knows_all {
                return Ok(Arc::clone(&kept.read));
            }
        }
        let read = Arc::new(read.await?);
        let took_ms = clock.now().since_ms(began);
        let shown_ms = took_ms
            .saturating_mul(SHOWN_TIMES)
            .clamp(SHOWN_MS, SHOWN_MS_MAX);
        *kept = Some(Kept {
            shown_until: began.plus_ms(shown_ms),
            changes,
            read: Arc::clone(&read),
        });
        Ok(read)
    }

    /// Lets go of a reading that is too old to be shown.
    pub(crate) fn drop_old(&self, now: Instant) {
        // Whoever has it is about to read another.
        if let Ok(mut kept) = self.kept.try_lock() {
            kept.take_if(|kept| !kept.is_shown(now));
        }
    }
}

impl Kept {
    /// A clock that was put back makes no reading younger.
    fn is_shown(&self, now: Instant) -> bool {
        (self.read.at..self.shown_until).contains(&now)
    }
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;
    use std::sync::atomic::AtomicU32;

    use booking::mirror::SyncRun;
    use booking::rooms_overview::RoomsOverview;
    use booking::time::MockClock;
    use futures::future::join_all;

    use super::*;

    const START: Instant = Instant(1_800_000_000_000);

    struct Table {
        shared: SharedReading,
        clock: MockClock,
        readings: AtomicU32,
        run: Option<SyncRun>,
        took_ms: i64,
    }

    impl Table {
        fn new() -> Self {
            Self {
                shared: SharedReading::default(),
                clock: MockClock::at(START),
                readings: AtomicU32::new(0),
                run: None,
                took_ms: 0,
            }
        }

        async fn read(&self) -> Result<RoomsRead, Infallible> {
            let at = self.clock.now();
            self.readings.fetch_add(1, Ordering::Relaxed);
            // Others come meanwhile.
            tokio::task::yield_now().await;
            self.clock.advance_ms(self.took_ms);
            Ok(RoomsRead {
                at,
                frame: RoomsOverview {
                    now: at,
                    read_at: at,
                    totals: Default::default(),
                    run: self.run,
                    buildings: Vec::new(),
                    matching: 0,
                    page: 0,
                    rooms: Vec::new(),
                },
                rooms: Vec::new(),
            })
        }

        /// How old what is shown is, in milliseconds, and how often all was read until then.
        async fn look(&self, asked_at: Option<Instant>) -> (i64, u32) {
            let read = self.shared.since(asked_at, &self.clock, self.read()).await;
            let Ok(read) = read;
            let age_ms = self.clock.now().since_ms(read.at);
            (age_ms, self.readings.load(Ordering::Relaxed))
        }
    }

    #[tokio::test]
    async fn everybody_who_looks_at_about_the_same_time_shares_one_reading_and_its_age() {
        let table = Table::new();
        let looks = join_all((0..50).map(|_| table.look(None))).await;
        assert_eq!(looks, [(0, 1); 50]);
        table.clock.advance_ms(SHOWN_MS - 1);
        assert_eq!(table.look(None).await, (SHOWN_MS - 1, 1));
        table.clock.advance_ms(1);
        assert_eq!(table.look(None).await, (0, 2));
    }

    #[tokio::test]
    async fn a_reading_that_took_long_is_shown_longer_but_not_for_ever() {
        for (took_ms, shown_ms) in [(300, 3_000), (4_000, SHOWN_MS_MAX)] {
            let mut table = Table::new();
            table.took_ms = took_ms;
            assert_eq!(table.look(None).await, (took_ms, 1));
            table.clock.advance_ms(shown_ms - took_ms - 1);
            assert_eq!(table.look(None).await, (shown_ms - 1, 1));
            table.clock.advance_ms(1);
            assert_eq!(table.look(None).await, (took_ms, 2));
        }
    }

    #[tokio::test]
    async fn what_changed_here_or_was_asked_for_elsewhere_is_seen_at_once() {
        let mut table = Table::new();
        table.look(None).await;
        table.shared.outdate();
        assert_eq!(table.look(None).await, (0, 2));
        // Another process was asked to read all rooms.
        table.run = Some(SyncRun {
            room: None,
            started_at: START,
            total: 3,
            done: 0,
            failed: 0,
            held: 0,
            held_until: None,
        });
        assert_eq!(table.look(Some(START)).await, (0, 3));
        assert_eq!(table.look(Some(START)).await, (0, 3));
    }

    #[tokio::test]
    async fn a_change_while_all_is_read_is_not_taken_for_seen() {
        let table = Table::new();
        let (first, ()) = tokio::join!(table.look(None), async { table.shared.outdate() });
        assert_eq!(first, (0, 1));
        assert_eq!(table.look(None).await, (0, 2));
    }

    #[tokio::test]
    async fn nothing_is_kept_of_a_reading_that_failed_was_broken_off_or_is_old() {
        let table = Table::new();
        let failed = async { Err::<RoomsRead, &str>("no database") };
        let outcome = table.shared.since(None, &table.clock, failed).await;
        assert_eq!(outcome.unwrap_err(), "no database");
        let mut broken_off = Box::pin(table.look(None));
        assert!(futures::poll!(&mut broken_off).is_pending());
        drop(broken_off);
        assert_eq!(table.look(None).await, (0, 2));
        table.clock.advance_ms(-5);
        assert_eq!(table.look(None).await, (0, 3));
        table.shared.drop_old(table.clock.now());
        assert!(table.shared.kept.lock().await.is_some());
        table.shared.drop_old(table.clock.now().plus_ms(SHOWN_MS));
        assert!(table.shared.kept.lock().await.is_none());
    }
}
