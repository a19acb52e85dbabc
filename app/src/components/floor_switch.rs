//! Which floor is on screen.

use booking::ids::FloorId;
use booking::place::Floor;
use leptos::prelude::*;

use crate::text::{plan, room};

/// The floors of a building, the highest on top as on a lift's panel.
#[component]
pub fn FloorSwitch(
    /// The floors, lowest first.
    #[prop(into)]
    floors: Signal<Vec<Floor>>,
    /// The one on screen.
    #[prop(into)]
    shown: Signal<Option<FloorId>>,
    /// Told which one to show.
    #[prop(into)]
    on_choose: Callback<FloorId>,
) -> impl IntoView {
    let buttons = move || {
        floors.with(|floors| {
            floors
                .iter()
                .rev()
                .map(|floor| {
                    let id = floor.id;
                    let pressed = move || {
                        if shown.get() == Some(id) {
                            "true"
                        } else {
                            "false"
                        }
                    };
                    view! {
                        <button
                            type="button"
                            aria-pressed=pressed
                            aria-label=room::floor(&floor.label)
                            on:click=move |_| on_choose.run(id)
                        >
                            {floor.label.clone()}
                        </button>
                    }
                })
                .collect::<Vec<_>>()
        })
    };
    view! {
        <div class="floor-switch" role="group" aria-label=plan::FLOORS>
            {buttons}
        </div>
    }
    .into_any()
}
