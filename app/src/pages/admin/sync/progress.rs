//! How all rooms stand together, and how far reading them all is.

use booking::mirror::SyncRun;
use leptos::prelude::*;

use super::overview::Overview;
use crate::components::{Button, ButtonKind};
use crate::text::admin::sync as words;

/// One line about all rooms.
#[component]
pub(super) fn Summary(overview: Overview) -> impl IntoView {
    let line = Memo::new(move |_| {
        let now = overview.now.get();
        overview
            .shown
            .with(|shown| words::summary(&shown.totals, now))
    });
    let found = Memo::new(move |_| overview.shown.with(|shown| words::checks(&shown.totals)));
    view! {
        <p class="admin-summary">{move || line.get()}</p>
        <p class="admin-summary">{move || found.get()}</p>
    }
    .into_any()
}

/// The button that reads all rooms, how far that is, and what came of it.
#[component]
pub(super) fn Progress(overview: Overview) -> impl IntoView {
    let run = Memo::new(move |_| overview.shown.with(|shown| shown.run));
    let is_running = Memo::new(move |_| {
        run.get().is_some_and(|run| run.is_running()) || overview.starting.get()
    });
    let sentence = move || {
        let now = overview.now.get();
        run.get()
            .map(|run| words::run(&run, now))
            .unwrap_or_default()
    };
    // Read out at its turns only: every step would be too much to listen to.
    let turn = Memo::new(move |_| match run.get() {
        Some(run) if is_running.get() => words::reading_all(run.total),
        Some(run) => words::result(&run),
        None => String::new(),
    });
    let first = turn.get_untracked();
    let said = Memo::new(move |_| {
        Some(turn.get())
            .filter(|turn| *turn != first)
            .unwrap_or_default()
    });
    let bar = move || {
        run.get().filter(SyncRun::is_running).map(|run| {
            view! {
                <progress
                    class="admin-bar"
                    aria-label=words::SYNC_ALL
                    max=run.total.to_string()
                    value=(run.done + run.failed).to_string()
                />
            }
        })
    };
    view! {
        <div class="admin-progress">
            <Button kind=ButtonKind::Primary busy=is_running on_press=move |()| overview.sync_all()>
                {move || if is_running.get() { words::SYNCING_ALL } else { words::SYNC_ALL }}
            </Button>
            {bar}
            <p class="admin-run">{sentence}</p>
            <p class="visually-hidden" role="status">{move || said.get()}</p>
        </div>
    }
    .into_any()
}
