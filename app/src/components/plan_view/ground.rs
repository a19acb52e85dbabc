//! What of a plan never changes while it is on screen: slab, scenery, doors, patterns. Each layer is one path, however many
//! shapes it holds: the browser paints and hydrates few elements.

use std::sync::Arc;

use booking::plan::outline::{door_gaps_data, paths_data};
use booking::plan::{Plan, PlanShape, Polygon, ShapeKind};
use leptos::prelude::*;

use super::viewport::Viewport;

/// The patterns of the states. Their grain keeps its size on the screen.
#[component]
pub(crate) fn Patterns(viewport: RwSignal<Viewport>) -> impl IntoView {
    let turned = move |degrees: i32| {
        move || {
            let cm_per_px = 1.0 / viewport.with(Viewport::px_per_cm);
            format!("rotate({degrees}) scale({cm_per_px:.3})")
        }
    };
    view! {
        <defs>
            <pattern id="plan-pattern-busy" width="7" height="7" patternUnits="userSpaceOnUse" patternTransform=turned(45)>
                <rect class="plan-pattern-ground-busy" width="7" height="7" />
                <path class="plan-pattern-ink-busy" d="M0 0V7" stroke-width="2" />
            </pattern>
            <pattern id="plan-pattern-tentative" width="12" height="12" patternUnits="userSpaceOnUse" patternTransform=turned(45)>
                <rect class="plan-pattern-ground-tentative" width="12" height="12" />
                <path class="plan-pattern-ink-tentative" d="M0 0V12" stroke-width="2.4" />
            </pattern>
            <pattern id="plan-pattern-held" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform=turned(0)>
                <rect class="plan-pattern-ground-held" width="6" height="6" />
                <circle class="plan-pattern-ink-held" cx="1.5" cy="1.5" r="0.9" />
                <circle class="plan-pattern-ink-held" cx="4.5" cy="4.5" r="0.9" />
            </pattern>
            <pattern id="plan-pattern-unknown" width="12" height="12" patternUnits="userSpaceOnUse" patternTransform=turned(0)>
                <rect class="plan-pattern-ground-unknown" width="12" height="12" />
                <path class="plan-pattern-ink-unknown" d="M0 0h6v6h-6zM6 6h6v6h-6z" />
            </pattern>
        </defs>
    }
}

/// Slab, corridors, scenery.
#[component]
pub(crate) fn Ground(plan: Arc<Plan>) -> impl IntoView {
    view! {
        <path class="plan-slab" fill-rule="evenodd" d=paths_data(&plan.slab) />
        <path class="plan-corridor" fill-rule="evenodd" d=outlines(&plan, |kind| kind == ShapeKind::Corridor) />
        <path
            class="plan-scenery"
            fill-rule="evenodd"
            d=outlines(&plan, |kind| kind != ShapeKind::Corridor && !kind.is_bookable())
        />
    }
}

/// Doors: gaps in the walls.
#[component]
pub(crate) fn Doors(plan: Arc<Plan>) -> impl IntoView {
    view! { <path class="plan-door" d=door_gaps_data(&plan.doors) /> }
}

fn outlines(plan: &Plan, wanted: impl Fn(ShapeKind) -> bool) -> String {
    outlines_of(plan, |shape| wanted(shape.kind))
}

/// One path for the outlines of the shapes that are wanted.
pub(crate) fn outlines_of(plan: &Plan, wanted: impl Fn(&PlanShape) -> bool) -> String {
    let polygons: Vec<Polygon> = plan
        .shapes
        .iter()
        .filter(|shape| wanted(shape))
        .map(|shape| shape.polygon.clone())
        .collect();
    paths_data(&polygons)
}
