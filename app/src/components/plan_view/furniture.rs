//! What floats over the drawing: compass, zoom buttons, the source of the data.

use leptos::prelude::*;

use super::PlanScene;
use super::gestures::ZOOM_STEP;
use crate::text::plan as words;

/// Where north is.
#[component]
pub(crate) fn Compass(north_degrees: f32) -> impl IntoView {
    let (sin, cos) = north_degrees.to_radians().sin_cos();
    // The letter stands upright at the tip of the needle.
    let letter = (14.0 + 9.0 * sin, 14.0 - 9.0 * cos + 3.0);
    view! {
        <svg class="plan-compass" viewBox="0 0 28 28" role="img" aria-label=words::north(north_degrees)>
            <path
                class="plan-compass-needle"
                d="M14 8.500 17 20 14 18 11 20Z"
                transform=format!("rotate({north_degrees} 14 14)")
            />
            <text x=format!("{:.1}", letter.0) y=format!("{:.1}", letter.1)>
                {words::NORTH_LETTER}
            </text>
        </svg>
    }
}

/// Larger, smaller, everything.
#[component]
pub(crate) fn ZoomButtons(scene: PlanScene) -> impl IntoView {
    let zoom = move |factor: f64| {
        scene
            .viewport
            .update(|viewport| *viewport = viewport.zoomed_middle(factor));
    };
    view! {
        <div class="plan-zoom">
            <button type="button" aria-label=words::ZOOM_IN on:click=move |_| zoom(ZOOM_STEP)>
                "+"
            </button>
            <button type="button" aria-label=words::ZOOM_OUT on:click=move |_| zoom(1.0 / ZOOM_STEP)>
                "−"
            </button>
            <button
                type="button"
                aria-label=words::ZOOM_FIT
                on:click=move |_| scene.viewport.update(|viewport| *viewport = viewport.reset())
            >
                "⤢"
            </button>
        </div>
    }
}

/// Whom to name for the data; nothing for our own.
#[component]
pub(crate) fn Attribution(source: Option<String>) -> impl IntoView {
    source.map(|source| view! { <p class="plan-attribution">{words::attribution(&source)}</p> })
}
