//! Stopping: first no new requests, then the tasks, then for good.

use std::time::Duration;

use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// How long open requests and tasks may take to end.
pub const GRACE: Duration = Duration::from_secs(10);

/// What runs, and how it is told to stop.
#[derive(Clone, Debug, Default)]
pub struct Lifecycle {
    /// Cancelled when it is time to stop.
    pub stop: CancellationToken,
    /// Everything that must end before the process may.
    pub tasks: TaskTracker,
}

impl Lifecycle {
    /// Cancels `stop` at the first interrupt or termination signal.
    pub fn stop_on_signal(&self) {
        let stop = self.stop.clone();
        tokio::spawn(async move {
            signal().await;
            tracing::info!("stopping; open requests may finish");
            stop.cancel();
        });
    }

    /// Waits until every task has ended, or the grace is over.
    pub async fn finish(&self) {
        self.stop.cancel();
        self.tasks.close();
        if tokio::time::timeout(GRACE, self.tasks.wait())
            .await
            .is_err()
        {
            tracing::warn!(
                "some tasks did not end in time; their work is taken up at the next start"
            );
        }
    }
}

#[cfg(unix)]
async fn signal() {
    use tokio::signal::unix::{SignalKind, signal};
    let terminate = async {
        match signal(SignalKind::terminate()) {
            Ok(mut stream) => {
                stream.recv().await;
            }
            Err(_) => std::future::pending().await,
        }
    };
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        () = terminate => {}
    }
}

#[cfg(not(unix))]
async fn signal() {
    let _interrupted = tokio::signal::ctrl_c().await;
}
