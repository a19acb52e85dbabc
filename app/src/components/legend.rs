//! What the patterns on the plan mean.

use booking::search::RoomState;
use leptos::prelude::*;

use crate::text::{plan, room};

/// Every state with its swatch and its word.
#[component]
pub fn Legend(
    /// Which states to explain.
    #[prop(default = &RoomState::ALL)]
    states: &'static [RoomState],
) -> impl IntoView {
    let items: Vec<_> = states
        .iter()
        .map(|state| {
            view! {
                <li>
                    <span class="legend-swatch" data-state=room::state_key(*state) aria-hidden="true">
                        {(*state == RoomState::Yours).then_some("✓")}
                    </span>
                    {room::state(*state)}
                </li>
            }
        })
        .collect();
    view! {
        <ul class="legend" aria-label=plan::LEGEND>
            {items}
        </ul>
    }
    .into_any()
}
