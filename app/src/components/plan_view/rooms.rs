//! Rooms as buttons, the lines of their states, and what marks the chosen one.

use std::collections::HashSet;
use std::sync::Arc;

use booking::ids::ShapeId;
use booking::plan::outline::path_data;
use booking::plan::{Plan, PlanShape};
use booking::search::RoomState;
use leptos::prelude::*;

use super::ground::outlines_of;
use super::look::RoomLook;
use super::{PlanScene, dom};
use crate::text::room::state_key;

/// Above this share of the rooms a change is the person's own (another time, another floor): a
/// scrub must not flicker.
const MOVED_SHARE_MAX: usize = 4;

/// How one room looks; told only when it changes.
pub(crate) fn look_of(scene: PlanScene, shape: &PlanShape) -> Memo<RoomLook> {
    let id = shape.id;
    let unknown = RoomLook::not_bookable(shape);
    // While another floor comes in, its looks may be here before its drawing: until then nothing
    // is told of this room, and it stays as it was.
    Memo::new(move |earlier: Option<&RoomLook>| {
        scene.looks.with(|looks| {
            let known = looks.get(&id).or(earlier);
            known.unwrap_or(&unknown).clone()
        })
    })
}

/// The rooms, filled by state.
#[component]
pub(crate) fn Rooms(scene: PlanScene, plan: Arc<Plan>) -> impl IntoView {
    plan.shapes
        .iter()
        .filter(|shape| shape.kind.is_bookable())
        .map(|shape| {
            let id = shape.id;
            let look = look_of(scene, shape);
            view! {
                <path
                    class="plan-room"
                    d=path_data(&shape.polygon)
                    fill-rule="evenodd"
                    role="button"
                    data-shape=id.to_string()
                    data-room-number=shape.number.clone()
                    data-state=move || look.with(|look| state_key(look.state))
                    aria-label=move || look.with(RoomLook::spoken)
                    aria-pressed=move || if scene.selected.get() == Some(id) { "true" } else { "false" }
                    // One stop for Tab; arrows do the rest.
                    tabindex=move || if scene.active.get() == Some(id) { "0" } else { "-1" }
                />
            }
        })
        .collect::<Vec<_>>()
}

/// The walls of all rooms but those that cannot be booked: their outline is dashed.
#[component]
pub(crate) fn Walls(scene: PlanScene) -> impl IntoView {
    let open = Memo::new(move |earlier: Option<&HashSet<ShapeId>>| {
        let plan = scene.plan.get_value();
        let rooms = plan.shapes.iter().filter(|shape| shape.kind.is_bookable());
        scene.looks.with(|looks| {
            if let Some(earlier) =
                earlier.filter(|_| !plan.shapes.iter().any(|it| looks.contains_key(&it.id)))
            {
                return earlier.clone();
            }
            let state = |id: &ShapeId| {
                looks
                    .get(id)
                    .map_or(RoomState::NotBookable, |look| look.state)
            };
            rooms
                .map(|shape| shape.id)
                .filter(|id| state(id) != RoomState::NotBookable)
                .collect()
        })
    });
    let walls = move || {
        open.with(|open| outlines_of(&scene.plan.get_value(), |shape| open.contains(&shape.id)))
    };
    view! { <path class="plan-wall" d=walls /> }
}

/// The outlines that belong to a state, above the walls: a free room's edge is whole even where
/// its neighbour was drawn later.
#[component]
pub(crate) fn StateLines(scene: PlanScene, plan: Arc<Plan>) -> impl IntoView {
    plan.shapes
        .iter()
        .filter(|shape| shape.kind.is_bookable())
        .map(|shape| {
            let look = look_of(scene, shape);
            view! {
                <path
                    class="plan-line"
                    d=path_data(&shape.polygon)
                    data-state=move || look.with(|look| state_key(look.state))
                />
            }
        })
        .collect::<Vec<_>>()
}

/// Halo and outline of the chosen room, and the ring of the focused one.
pub(crate) fn marks(scene: PlanScene) -> impl IntoView {
    let outline = move |id: Option<ShapeId>| {
        let plan = scene.plan.get_value();
        id.and_then(|id| plan.shape(id))
            .map(|shape| path_data(&shape.polygon))
            .unwrap_or_default()
    };
    let selected = Memo::new(move |_| outline(scene.selected.get()));
    view! {
        <path class="plan-halo" d=move || selected.get() />
        <path class="plan-selected" d=move || selected.get() />
        <path class="plan-focus" d=move || outline(scene.active.get()) />
    }
}

/// Lets rooms that changed by themselves fade in rather than jump.
pub(crate) fn fade_moved(scene: PlanScene) {
    Effect::new(move |earlier: Option<Arc<super::PlanLooks>>| {
        let looks = scene.looks.get();
        if let Some(earlier) = earlier {
            let state = |id: &ShapeId| earlier.get(id).map(|look| look.state);
            let moved: Vec<ShapeId> = looks
                .iter()
                .filter(|(id, look)| state(id).is_some_and(|state| state != look.state))
                .map(|(id, _)| *id)
                .collect();
            if moved.len() * MOVED_SHARE_MAX <= looks.len() {
                dom::mark_moved(scene.canvas, &moved);
            }
        }
        looks
    });
}
