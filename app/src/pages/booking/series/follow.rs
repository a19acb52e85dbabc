//! How the page follows what becomes of a series that was booked.

use booking::series::PlacedSeries;
use leptos::prelude::*;

/// Reads the series again when any room moves, and every few seconds while it is being written or a date waits for a room.
#[cfg(feature = "hydrate")]
pub(super) fn follow(placed: RwSignal<Option<PlacedSeries>>) {
    use std::time::Duration;

    use leptos::task::spawn_local;
    use send_wrapper::SendWrapper;

    use super::outcome::counted;
    use crate::api::{live, series::mine};

    /// Moves that come together are one question.
    const GATHER: Duration = Duration::from_millis(200);
    /// Being sent to Exchange is no move of a room.
    const WHILE_WRITTEN: Duration = Duration::from_secs(2);
    /// Nor is it that a room was found for a date that has none: that is asked every so many turns.
    const WATCHED_TURNS: u32 = 5;

    Effect::new(move |_| {
        let Some(id) = placed.with_untracked(|placed| placed.as_ref().map(|placed| placed.id))
        else {
            return;
        };
        let waiting = StoredValue::new(false);
        let read_again = move || {
            if waiting.try_set_value(false).is_none() {
                spawn_local(async move {
                    // Without an answer the page stays as it is; the next move or turn asks again.
                    let Ok(all) = mine().await else { return };
                    if let Some(fresh) = all.into_iter().find(|one| one.id == id) {
                        placed.try_set(Some(fresh));
                    }
                });
            }
        };
        let gather = move || {
            if waiting.try_get_value() == Some(false) {
                waiting.set_value(true);
                set_timeout(read_again, GATHER);
            }
        };
        let following = SendWrapper::new(live::follow(None, move |_| gather(), |_| {}));
        let turns = StoredValue::new(0_u32);
        let timer = set_interval_with_handle(
            move || {
                let turn = turns.try_update_value(|turns| {
                    *turns = turns.wrapping_add(1);
                    *turns
                });
                let is_slow = turn.is_some_and(|turn| turn % WATCHED_TURNS == 0);
                let is_awaited = placed.try_with_untracked(|placed| {
                    let progress = placed.as_ref().map(counted);
                    progress.is_some_and(|of| of.is_under_way() || is_slow && of.watched > 0)
                });
                if is_awaited == Some(true) && !document().hidden() {
                    gather();
                }
            },
            WHILE_WRITTEN,
        );
        on_cleanup(move || {
            drop(following);
            if let Ok(timer) = timer {
                timer.clear();
            }
        });
    });
}

#[cfg(not(feature = "hydrate"))]
pub(super) const fn follow(_placed: RwSignal<Option<PlacedSeries>>) {}
