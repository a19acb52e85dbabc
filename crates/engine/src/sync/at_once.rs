//! Works off what is due, several pieces at the same time.

use std::time::Duration;

use tokio::sync::Notify;
use tokio::task::JoinSet;

use crate::Error;

/// How often it is looked for further work while some is under way: another process may have let go of a lease.
const LOOK_AGAIN: Duration = Duration::from_millis(500);

/// Leases work and does it, `max` pieces at the same time, until nothing is due. `lease` gives at most so many pieces;
/// `nudge` says that there may be more.
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
        match lease(max - running.len()).await {
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
            Some(done) = running.join_next() => outcome = outcome.and(done.unwrap_or(Ok(()))),
            () = nudge.notified() => {}
            () = tokio::time::sleep(LOOK_AGAIN) => {}
        }
    }
}
