//! Runs every task on a period or when nudged, until told to stop.

use std::sync::Arc;
use std::time::Duration;

use futures::StreamExt;
use store::revisions::RoomChanges;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::{
    answers_task, events_task, holds_task, notices, outbox_task, subscriptions_task, sweep_task,
    upkeep_task, watch_task,
};
use crate::{Engine, Error};

/// How long to wait before a change that the index could not take over is read again.
const TAKE_OVER_AGAIN: Duration = Duration::from_secs(1);

/// Starts the tasks; they end after `stop` is cancelled and `tracker` can be waited for.
pub fn start(engine: &Arc<Engine>, stop: &CancellationToken, tracker: &TaskTracker) {
    macro_rules! task {
        ($name:literal, $nudge:ident, $period_ms:literal, $task:path) => {
            let engine = Arc::clone(engine);
            let stop = stop.clone();
            tracker.spawn(async move {
                let period = Duration::from_millis($period_ms);
                while wait(&engine.nudges.$nudge, period, &stop).await {
                    report($name, $task(&engine).await);
                }
            });
        };
    }
    follow_notices(engine, stop, tracker);
    task!("events", events, 1_000, events_task::run);
    task!("outbox", outbox, 1_000, outbox_task::run);
    task!("answers", answers, 500, answers_task::run);
    task!("holds", holds, 5_000, holds_task::run);
    task!(
        "subscriptions",
        subscriptions,
        60_000,
        subscriptions_task::run
    );
    task!("sweep", sweep, 3_000, sweep_task::run);
    task!("watch", watch, 30_000, watch_task::run);
    task!("upkeep", upkeep, 3_600_000, upkeep_task::run);
    follow_changes(engine, stop, tracker);
    engine.nudges.events.notify_one();
    engine.nudges.outbox.notify_one();
    engine.nudges.subscriptions.notify_one();
}

/// Runs every task once, in an order in which each finds what the one before it wrote; for tests.
///
/// # Errors
/// The first error of any task.
pub async fn run_all_once(engine: &Arc<Engine>) -> Result<(), Error> {
    notices::run(engine).await?;
    subscriptions_task::run(engine).await?;
    outbox_task::run(engine).await?;
    events_task::run(engine).await?;
    answers_task::run(engine).await?;
    // An answer may have brought forth a cancellation.
    outbox_task::run(engine).await?;
    events_task::run(engine).await?;
    holds_task::run(engine).await?;
    upkeep_task::run(engine).await?;
    sweep_task::run(engine).await?;
    engine.catch_up().await?;
    watch_task::run(engine).await
}

/// Rooms that were announced are marked, also those that were while the server was already stopping.
fn follow_notices(engine: &Arc<Engine>, stop: &CancellationToken, tracker: &TaskTracker) {
    let engine = Arc::clone(engine);
    let stop = stop.clone();
    tracker.spawn(async move {
        let period = Duration::from_secs(1);
        while wait(&engine.nudges.announced, period, &stop).await {
            report("announced", notices::run(&engine).await);
        }
        report("announced", notices::run(&engine).await);
    });
}

/// The one way into the index: what any process commits shows here.
fn follow_changes(engine: &Arc<Engine>, stop: &CancellationToken, tracker: &TaskTracker) {
    let engine = Arc::clone(engine);
    let stop = stop.clone();
    tracker.spawn(async move {
        let since = engine.index.read().revision;
        let mut changes = engine.store.changes(since);
        loop {
            let changed = tokio::select! {
                () = stop.cancelled() => return,
                changed = changes.next() => changed,
            };
            match changed {
                Some(Ok(changed)) => take_over(&engine, changed, &stop).await,
                Some(Err(error)) => report("changes", Err(error.into())),
                None => return,
            }
        }
    });
}

/// The stream of changes names each only once: one that could not be taken over is read again from
/// where the index stands, until it is or it is time to stop.
async fn take_over(engine: &Engine, changed: RoomChanges, stop: &CancellationToken) {
    let mut taken = engine.take_over(changed).await;
    while let Err(error) = taken {
        report("changes", Err(error));
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(TAKE_OVER_AGAIN) => {}
        }
        taken = engine.catch_up().await;
    }
}

/// Waits for the next turn. `false`: it is time to stop.
async fn wait(nudge: &Notify, period: Duration, stop: &CancellationToken) -> bool {
    tokio::select! {
        biased;
        () = stop.cancelled() => false,
        () = nudge.notified() => true,
        () = tokio::time::sleep(period) => true,
    }
}

fn report(task: &'static str, done: Result<(), Error>) {
    if let Err(error) = done {
        tracing::error!(
            task,
            incident = crate::error::incident(),
            error = &error as &dyn std::error::Error,
            "a background task failed; it runs again at its next turn"
        );
    }
}
