//! What the page shows, and how it keeps it true.

use std::collections::HashMap;
use std::sync::Arc;

use booking::ids::RoomId;
use booking::mirror::{AskedOutcome, RoomHealth, SyncRun};
use booking::rooms_overview::{OverviewQuery, RoomsOverview};
use booking::time::Instant;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::api::ApiError;
use crate::api::admin::{load_overview, sync_rooms};
use crate::api::live::Liveness;

/// The list, and what is asked of it. Copies share the same.
#[derive(Clone, Copy)]
pub(super) struct Overview {
    /// Which rooms are asked for.
    pub(super) query: RwSignal<OverviewQuery>,
    /// The page on screen.
    pub(super) shown: RwSignal<Arc<RoomsOverview>>,
    /// What went wrong with the last question.
    pub(super) problem: RwSignal<Option<ApiError>>,
    /// A question is under way that a person is waiting for.
    pub(super) searching: RwSignal<bool>,
    /// Whether changes reach the page as they happen; it asks again by itself where they do not.
    pub(super) live: RwSignal<Liveness>,
    /// The server's clock, moved on every second.
    pub(super) now: RwSignal<Instant>,
    /// Somebody on this page just asked for all rooms to be read, and the server has not answered.
    pub(super) starting: RwSignal<bool>,
    /// Rooms that somebody on this page wanted read, and since when; `None`: the server has not answered.
    asked: RwSignal<HashMap<RoomId, Option<Instant>>>,
    turn: StoredValue<u32>,
}

/// What became of a room that was to be read.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Outcome {
    /// Nobody on this page asked.
    NotAsked,
    /// It is under way.
    UnderWay,
    /// It was read.
    Read,
    /// It could not be read.
    Failed,
    /// It is left alone for now, because the calendar system asked for it.
    Held,
}

impl Overview {
    /// A list that shows its first page.
    pub(super) fn new(query: OverviewQuery, first: RoomsOverview) -> Self {
        Self {
            query: RwSignal::new(query),
            problem: RwSignal::new(None),
            searching: RwSignal::new(false),
            live: RwSignal::default(),
            now: RwSignal::new(first.now),
            shown: RwSignal::new(Arc::new(first)),
            starting: RwSignal::new(false),
            asked: RwSignal::default(),
            turn: StoredValue::new(0),
        }
    }

    /// Starts the browser's part: asks when the question changes and when rooms move. Does nothing on the server.
    pub(super) fn start(self) {
        Effect::new(move |asked: Option<OverviewQuery>| {
            let query = self.query.get();
            if asked.is_some_and(|asked| asked != query) {
                self.searching.set(true);
                self.ask();
            }
            query
        });
        #[cfg(feature = "hydrate")]
        follow::follow(self);
    }

    /// Asks for what is on screen; a later question overtakes it.
    pub(super) fn ask(self) {
        self.turn.update_value(|turn| *turn = turn.wrapping_add(1));
        let turn = self.turn.get_value();
        let query = self.query.get_untracked();
        spawn_local(async move {
            let answer = load_overview(query).await;
            if self.turn.try_get_value() != Some(turn) {
                return;
            }
            self.searching.set(false);
            match answer {
                Ok(overview) => {
                    self.problem.set(None);
                    self.now.set(overview.now);
                    self.shown.set(Arc::new(overview));
                }
                Err(problem) => self.problem.set(Some(problem)),
            }
        });
    }

    /// Changes what is asked for, from its first page on.
    pub(super) fn change(self, change: impl FnOnce(&mut OverviewQuery)) {
        self.query.update(|query| {
            query.page = 0;
            change(query);
        });
    }

    /// Takes every filter off.
    pub(super) fn show_all(self) {
        self.change(|query| {
            query.text.clear();
            query.only = None;
            query.building = None;
        });
    }

    /// Has one room read now.
    pub(super) fn sync(self, room: RoomId) {
        self.asked.update(|asked| {
            asked.insert(room, None);
        });
        spawn_local(async move {
            let begun = sync_rooms(Some(room)).await;
            self.asked.try_update(|asked| match &begun {
                Ok(run) => asked.insert(room, Some(run.started_at)),
                Err(_) => asked.remove(&room),
            });
            self.after(begun);
        });
    }

    /// Has all rooms read now.
    pub(super) fn sync_all(self) {
        self.starting.set(true);
        spawn_local(async move {
            let begun = sync_rooms(None).await;
            self.starting.try_set(false);
            self.after(begun);
        });
    }

    fn after(self, begun: Result<SyncRun, ApiError>) {
        match begun {
            Ok(_) if self.turn.try_get_value().is_some() => self.ask(),
            Ok(_) => {}
            Err(problem) => {
                self.problem.try_set(Some(problem));
            }
        }
    }

    /// A room of the page on screen.
    pub(super) fn room(self, id: RoomId) -> Option<RoomHealth> {
        self.shown
            .with(|shown| shown.rooms.iter().find(|room| room.room == id).cloned())
    }

    /// What became of a room that was to be read.
    pub(super) fn outcome(self, room: &RoomHealth) -> Outcome {
        let since = self.asked.with(|asked| asked.get(&room.room).copied());
        match (since, room.asked) {
            (None, _) => Outcome::NotAsked,
            (Some(Some(since)), Some(asked)) if asked.at >= since => match asked.outcome {
                AskedOutcome::UnderWay => Outcome::UnderWay,
                AskedOutcome::Read => Outcome::Read,
                AskedOutcome::Failed => Outcome::Failed,
                AskedOutcome::Held => Outcome::Held,
            },
            // What is shown was read before.
            (Some(_), _) => Outcome::UnderWay,
        }
    }

    /// Whether something is under way that the page tells the progress of.
    #[cfg(feature = "hydrate")]
    fn is_working(self) -> bool {
        self.shown.with_untracked(|shown| {
            let is_being_read = |room: &RoomHealth| self.outcome(room) == Outcome::UnderWay;
            shown.run.is_some_and(|run| run.is_running())
                || untrack(|| shown.rooms.iter().any(is_being_read))
        })
    }
}

#[cfg(feature = "hydrate")]
mod follow {
    use std::time::Duration;

    use leptos::prelude::*;
    use send_wrapper::SendWrapper;

    use super::Overview;
    use crate::api::live;
    use crate::pages::elapsed::Elapsed;

    const SECOND: Duration = Duration::from_secs(1);
    /// Rooms move all the time: what is shown is never older than this once one has, in seconds.
    const MOVED_ASK_SECONDS: u32 = 2;
    /// A room that was read and had not changed does not move, but is younger, in seconds.
    const IDLE_ASK_SECONDS: u32 = 15;

    /// Moves the clock on, and asks again: soon when a room moved, every second while somebody waits for a room to be
    /// read, now and then otherwise, and not at all while nobody looks.
    pub(super) fn follow(overview: Overview) {
        Effect::new(move |_| {
            let moved = StoredValue::new(false);
            let on_move = move |_| {
                moved.try_set_value(true);
            };
            let following = live::follow(None, on_move, move |live| {
                overview.live.try_set(live);
            });
            let kept = SendWrapper::new(following);
            on_cleanup(move || drop(kept));
            let seconds = StoredValue::new(0_u32);
            let elapsed = Elapsed::begin();
            let tick = move || {
                let ms = elapsed.since_last_ms();
                let moved_on = overview.now.try_update(|now| *now = now.plus_ms(ms));
                if moved_on.is_none() {
                    return;
                }
                seconds.update_value(|seconds| *seconds += 1);
                let waited = seconds.get_value();
                let is_due = overview.is_working()
                    || waited >= IDLE_ASK_SECONDS
                    || (moved.get_value() && waited >= MOVED_ASK_SECONDS);
                if is_due && !document().hidden() {
                    seconds.set_value(0);
                    moved.set_value(false);
                    overview.ask();
                }
            };
            // Without a timer the page stands still until somebody acts.
            if let Ok(timer) = set_interval_with_handle(tick, SECOND) {
                on_cleanup(move || timer.clear());
            }
        });
    }
}
