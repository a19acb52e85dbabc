//! How the page follows what becomes of its reservation.

use super::Shown;

/// Reads the reservation again when any room moves: a room's answer is such a move.
#[cfg(feature = "hydrate")]
pub(super) fn follow_answer(shown: Shown) {
    use std::time::Duration;

    use leptos::prelude::*;
    use leptos::task::spawn_local;
    use send_wrapper::SendWrapper;

    use crate::api::live::follow;
    use crate::api::reservations::one;

    /// Moves that come together are one question.
    const GATHER: Duration = Duration::from_millis(200);

    Effect::new(move |_| {
        let id = shown.view.with_untracked(|view| view.reservation.id);
        let waiting = StoredValue::new(false);
        let read_again = move || {
            if waiting.try_set_value(false).is_none() {
                spawn_local(async move {
                    if let Ok(fresh) = one(id).await {
                        shown.view.try_set(fresh);
                    }
                });
            }
        };
        // The room may have answered while the page was on its way.
        let on_move = move |_| {
            if waiting.try_get_value() == Some(false) {
                waiting.set_value(true);
                set_timeout(read_again, GATHER);
            }
        };
        let kept = SendWrapper::new(follow(None, on_move, |_| {}));
        on_cleanup(move || drop(kept));
    });
}

#[cfg(not(feature = "hydrate"))]
pub(super) const fn follow_answer(_shown: Shown) {}
