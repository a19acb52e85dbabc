//! Works off what is due, several pieces at the same time.

use std::time::Duration;

use store::outbox::Lease;
use tokio::sync::Notify;
use tokio::task::JoinSet;

use crate::{Engine, Error};

/// How often it is looked for further work while some is under way: another process may have let go of a lease.
const LOOK_AGAIN: Duration = Duration::from_millis(500);

/// How long a piece that is done waits for others, so that a single lease brings as many new ones: each goes over all that
/// is due.
const TOGETHER: Duration = Duration::from_millis(20);

/// Leases work and does it, `max` pieces at the same time, until nothing is due. `lease` is asked for so many pieces at
/// most, and never for none; `nudge` says that there may be more.
///
/// # Errors
/// The first one, but only at the end: leaving at once would break off everything else that is under way. A piece that
/// panicked has said so already; its lease runs out and it is tried again.
pub(super) async fn work_off<T, L, P>(
    max: usize,
    nudge: &Notify,
    lease: impl Fn(usize) -> L,
    piece: impl Fn(T) -> P,
) -> Result<(), Error>
where
    L: Future<Output = Result<Vec<T>, Error>>,
    P: Future<Output = Result<(), Error>> + Send + 'static,
{
    // Tasks of their own, because one that waits may hold the store's only writer.
    let mut running = JoinSet::new();
    let mut outcome: Result<(), Error> = Ok(());
    loop {
        // Filled up piece by piece: one slow mailbox must not keep the others waiting.
        let free = max - running.len();
        let leased = if free == 0 {
            Ok(Vec::new())
        } else {
            lease(free).await
        };
        match leased {
            Ok(due) => {
                for one in due {
                    running.spawn(piece(one));
                }
            }
            Err(error) => outcome = outcome.and(Err(error)),
        }
        if running.is_empty() {
            return outcome;
        }
        tokio::select! {
            Some(done) = running.join_next() => {
                outcome = outcome.and(done.unwrap_or(Ok(())));
                outcome = outcome.and(join_together(max, &mut running).await);
            }
            () = nudge.notified() => {}
            () = tokio::time::sleep(LOOK_AGAIN) => {}
        }
    }
}

/// Waits a moment for more pieces to be done, unless enough are.
async fn join_together(max: usize, running: &mut JoinSet<Result<(), Error>>) -> Result<(), Error> {
    let mut outcome = Ok(());
    let together = tokio::time::sleep(TOGETHER);
    tokio::pin!(together);
    while running.len() > max - max.div_ceil(2) {
        tokio::select! {
            Some(done) = running.join_next() => outcome = outcome.and(done.unwrap_or(Ok(()))),
            () = &mut together => break,
        }
    }
    outcome
}

impl Engine {
    /// A claim on so many pieces of work from now on; a process that died loses them when it runs out.
    pub(super) fn lease(
        &self,
        owner: &'static str,
        lease_ms: i64,
        pieces: usize,
    ) -> Lease<'static> {
        Lease {
            now: self.clock.now(),
            lease_ms,
            limit: u32::try_from(pieces).unwrap_or(u32::MAX),
            owner,
        }
    }
}
