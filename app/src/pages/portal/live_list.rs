//! How the list of one's own reservations follows what becomes of them, and what it says where it does not.

use booking::time::ZoneName;
use leptos::prelude::*;
#[cfg(feature = "hydrate")]
use leptos::task::spawn_local;

use super::SignIn;
use super::my_reservations::zone_of;
use crate::api::live::Liveness;
use crate::api::reservations::ReservationView;
#[cfg(feature = "hydrate")]
use crate::api::reservations::mine;
use crate::components::Freshness;
use crate::components::freshness::Shown;
use crate::pages::live_notice::{LiveNotice, is_signed_out};
use crate::text::{clock, reservation};

/// What there is to say where the list does not follow by itself.
#[component]
pub(super) fn Standing(
    all: RwSignal<Vec<ReservationView>>,
    live: RwSignal<Liveness>,
) -> impl IntoView {
    let is_out = is_signed_out(live);
    let down_since = Memo::new(move |_| live.with(|live| live.down_since));
    let line = move || {
        down_since.get().map(|since| {
            let zone = all
                .with(|all| all.first().map(zone_of))
                .or_else(clock::device_zone)
                .unwrap_or_else(ZoneName::utc);
            let shown = Signal::stored(Shown::NotLive { since, zone });
            view! { <Freshness shown=shown now=since /> }
        })
    };
    view! {
        <Show when=move || is_out.get()>
            <SignIn title=reservation::SIGN_IN_NEEDED />
        </Show>
        <LiveNotice live />
        {line}
    }
    .into_any()
}

/// Reads the list again when any room moves: a room's answer is such a move.
#[cfg(feature = "hydrate")]
pub(super) fn follow_moves(all: RwSignal<Vec<ReservationView>>, live: RwSignal<Liveness>) {
    use std::time::Duration;

    use send_wrapper::SendWrapper;

    use crate::api::live::follow;

    /// Moves that come together are one question.
    const GATHER: Duration = Duration::from_millis(200);

    Effect::new(move |_| {
        let waiting = StoredValue::new(false);
        let read_again = move || {
            if waiting.try_set_value(false).is_none() {
                spawn_local(async move {
                    if let Ok(fresh) = mine().await {
                        all.try_set(fresh);
                    }
                });
            }
        };
        // The list tells no revision, and rooms may have answered while the page was on its way.
        let on_move = move |_| {
            if waiting.try_get_value() == Some(false) {
                waiting.set_value(true);
                set_timeout(read_again, GATHER);
            }
        };
        let following = follow(None, on_move, move |told| {
            live.try_set(told);
        });
        let kept = SendWrapper::new(following);
        on_cleanup(move || drop(kept));
    });
}

#[cfg(not(feature = "hydrate"))]
pub(super) const fn follow_moves(_all: RwSignal<Vec<ReservationView>>, _live: RwSignal<Liveness>) {}
