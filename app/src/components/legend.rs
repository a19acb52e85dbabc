//! What the patterns on the plan mean.

use booking::search::RoomState;
use leptos::prelude::*;

use crate::text::{plan, room};

/// Each state with its swatch and its word.
#[component]
pub fn Legend(
    /// Which states to explain.
    #[prop(into)]
    states: Signal<Vec<RoomState>>,
) -> impl IntoView {
    view! {
        <ul class="legend" aria-label=plan::LEGEND>
            {move || states.get().into_iter().map(item).collect::<Vec<_>>()}
        </ul>
    }
    .into_any()
}

fn item(state: RoomState) -> impl IntoView {
    view! {
        <li>
            <span class="legend-swatch" data-state=room::state_key(state) aria-hidden="true">
                {(state == RoomState::Yours).then_some("✓")}
            </span>
            {room::state(state)}
        </li>
    }
}
