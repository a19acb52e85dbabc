//! What moves by itself: the rooms, and the clock.

#[cfg(feature = "hydrate")]
pub(super) use browser::{follow_moves, tick};

#[cfg(feature = "hydrate")]
mod browser {
    use std::time::Duration;

    use leptos::prelude::*;
    use send_wrapper::SendWrapper;

    use crate::api::live;
    use crate::pages::finder::Finder;

    /// Moves that come together are answered together.
    const GATHER: Duration = Duration::from_millis(50);
    const SECOND: Duration = Duration::from_secs(1);

    /// Asks again when a room of this building moves.
    pub(crate) fn follow_moves(finder: Finder) {
        Effect::new(move |_| {
            let since = finder.found.with_untracked(|found| found.revision);
            let waiting = StoredValue::new(false);
            let following = live::follow(Some(since), move |moved| {
                let ours = finder
                    .rooms
                    .try_with_untracked(|rooms| {
                        moved.is_empty() || moved.iter().any(|room| rooms.contains_key(room))
                    })
                    .unwrap_or(false);
                if ours && waiting.try_get_value() == Some(false) {
                    waiting.set_value(true);
                    set_timeout(
                        move || {
                            if waiting.try_get_value().is_some() {
                                waiting.set_value(false);
                                finder.forget(&moved);
                                finder.ask_again();
                            }
                        },
                        GATHER,
                    );
                }
            });
            let kept = SendWrapper::new(following);
            on_cleanup(move || drop(kept));
        });
    }

    /// Moves the clock on, so that ages age.
    pub(crate) fn tick(finder: Finder) {
        Effect::new(move |_| {
            let timer = set_interval_with_handle(
                move || {
                    finder
                        .now
                        .try_update(|now| *now = now.plus_ms(SECOND.as_millis() as i64));
                },
                SECOND,
            );
            // Without a timer ages stand still; everything else works.
            if let Ok(timer) = timer {
                on_cleanup(move || timer.clear());
            }
        });
    }
}

#[cfg(not(feature = "hydrate"))]
pub(super) const fn follow_moves(_finder: super::Finder) {}

#[cfg(not(feature = "hydrate"))]
pub(super) const fn tick(_finder: super::Finder) {}
