//! The plan of a floor: the answer to a search, drawn.
//!
//! The drawing is inline SVG in centimetres, so the server's first paint already is the plan.
//! Zoom and pan change nothing but the `viewBox`; lines and letters keep their size on the screen,
//! lines through `non-scaling-stroke`, letters by being scaled back by the same factor and laid
//! out anew when the zoom has moved far enough for another line to fit ([`labels`]).
//!
//! A room's look is fill + pattern + word. Each room reads its own look from one signal, so a
//! scrub over a day touches only attributes that change; no path is made again.
//!
//! | to learn about | open |
//! |---|---|
//! | what a room looks like | [`look`] |
//! | zoom and pan as arithmetic | [`viewport`] |
//! | what never changes: slab, scenery, doors, patterns | [`ground`] |
//! | rooms as buttons | [`rooms`] |
//! | letters | [`labels`] |
//! | pointers, wheel, keys | [`gestures`] |
//! | the card beside a room | [`card`] |
//! | compass, zoom buttons, source of the data | [`furniture`] |
//!
//! Deliberately absent: any idea of time, search or reservations.

pub mod look;
pub mod viewport;

mod card;
mod dom;
mod furniture;
mod gestures;
mod ground;
mod labels;
mod rooms;

use std::sync::Arc;

use booking::ids::ShapeId;
use booking::plan::{Plan, neighbours};
use leptos::prelude::*;
use leptos::svg;

pub use card::PlanCard;
use card::{CardOver, CardState};
use furniture::{Attribution, Compass, ZoomButtons};
use gestures::Gestures;
use ground::{Doors, Ground, Patterns};
use labels::Labels;
pub use look::{PlanLooks, RoomLook};
use rooms::{Rooms, StateLines, Walls};
use viewport::Viewport;

use crate::text::plan as words;

/// Which part of the floor a plan shows when it opens.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Framing {
    /// All rooms of the floor.
    #[default]
    Floor,
    /// The selected room and its surroundings, near enough to read numbers; for narrow panes.
    Selected,
}

/// A size on the screen, in pixels.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct ScreenSize {
    /// Across.
    pub width_px: f64,
    /// Down.
    pub height_px: f64,
}

/// What the parts of one plan share.
#[derive(Clone, Copy)]
pub(crate) struct PlanScene {
    plan: StoredValue<Arc<Plan>>,
    canvas: NodeRef<svg::Svg>,
    viewport: RwSignal<Viewport>,
    looks: Signal<Arc<PlanLooks>>,
    selected: Signal<Option<ShapeId>>,
    /// The room that Tab reaches and arrows start from.
    active: RwSignal<Option<ShapeId>>,
    card: CardState,
    on_select: Callback<Option<ShapeId>>,
    on_activate: Callback<ShapeId>,
}

/// The plan of one floor. Make a new one for another floor or revision.
#[component]
pub fn PlanView(
    /// The drawing.
    plan: Arc<Plan>,
    /// What the drawing is of, for screen readers: the floor's label.
    #[prop(into)]
    floor: String,
    /// How each room looks now. Rooms that are missing look not bookable.
    #[prop(into)]
    looks: Signal<Arc<PlanLooks>>,
    /// The room that is chosen.
    #[prop(into)]
    selected: Signal<Option<ShapeId>>,
    /// Told which room is chosen; `None` when the choice is taken back.
    #[prop(into)]
    on_select: Callback<Option<ShapeId>>,
    /// Told when a room is chosen to be acted on, by Enter.
    #[prop(into)]
    on_activate: Callback<ShapeId>,
    /// Which part of the floor to show first.
    #[prop(optional)]
    framing: Framing,
    /// A guess of the size on the screen, for the first paint.
    #[prop(default = ScreenSize { width_px: 1_030.0, height_px: 720.0 })]
    first_size: ScreenSize,
    /// Draws the card beside a room. `None`: no card.
    #[prop(default = None)]
    card: Option<PlanCard>,
    /// Further things to float in the corners, such as the floor switch.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let start = Viewport::opening(&plan, first_size, framing, selected.get_untracked());
    let scene = PlanScene {
        canvas: NodeRef::new(),
        viewport: RwSignal::new(start),
        looks,
        selected,
        active: RwSignal::new(selected.get_untracked().or_else(|| first_room(&plan))),
        card: CardState::new(),
        on_select,
        on_activate,
        plan: StoredValue::new(plan.clone()),
    };
    follow_size(scene, framing);
    follow_selection(scene, framing);
    rooms::fade_moved(scene);
    view! {
        <div class="plan-view">
            {canvas(scene, plan.clone(), &floor)}
            <div class="plan-corner" data-corner="bottom-right">
                <Compass north_degrees=plan.north_degrees />
                <ZoomButtons scene />
                <Attribution source=plan.attribution.clone() />
            </div>
            {children.map(|children| children())}
            {card.map(|card| view! { <CardOver scene card /> })}
        </div>
    }
    .into_any()
}

/// The drawing itself, and every gesture on it.
fn canvas(scene: PlanScene, plan: Arc<Plan>, floor: &str) -> impl IntoView + use<> {
    let gestures = Gestures::new(scene);
    view! {
        <svg
            class="plan-canvas"
            node_ref=scene.canvas
            viewBox=move || scene.viewport.with(Viewport::view_box)
            role="group"
            aria-label=words::of_floor(floor)
            aria-description=words::KEYS
            data-dragging=move || if gestures.dragging() { "true" } else { "false" }
            on:pointerdown=move |event| gestures.pointer_down(&event)
            on:pointermove=move |event| gestures.pointer_move(&event)
            on:pointerup=move |event| gestures.pointer_up(&event)
            on:pointercancel=move |event| gestures.pointer_up(&event)
            on:pointerover=move |event| gestures.pointer_over(&event)
            on:pointerout=move |event| gestures.pointer_out(&event)
            on:click=move |event| gestures.click(&event)
            on:dblclick=move |event| gestures.double_click(&event)
            on:wheel=move |event| gestures.wheel(&event)
            on:keydown=move |event| gestures.key_down(&event)
            on:focusin=move |event| gestures.focus_in(&event)
            on:focusout=move |_| scene.card.forget_soon()
            on:animationend=move |event| dom::forget_moved(&event)
        >
            <Patterns viewport=scene.viewport />
            <Ground plan=plan.clone() />
            <Rooms scene plan=plan.clone() />
            <Walls scene />
            <StateLines scene plan=plan.clone() />
            <Doors plan=plan.clone() />
            <Labels scene plan />
            {rooms::marks(scene)}
        </svg>
    }
}

/// Where the keyboard enters: the room nearest the upper left corner that can be booked.
fn first_room(plan: &Plan) -> Option<ShapeId> {
    let bookable = |id: &ShapeId| {
        plan.shape(*id)
            .is_some_and(|shape| shape.kind.is_bookable())
    };
    neighbours::first(plan).filter(bookable).or_else(|| {
        plan.shapes
            .iter()
            .find(|shape| shape.kind.is_bookable())
            .map(|shape| shape.id)
    })
}

/// Fits the drawing to the real size once it is known, and again whenever that changes.
fn follow_size(scene: PlanScene, framing: Framing) {
    dom::watch_size(scene.canvas, move |size| {
        let plan = scene.plan.get_value();
        let selected = scene.selected.get_untracked();
        scene.viewport.update(|viewport| {
            *viewport = if viewport.is_touched() {
                viewport.resized(size)
            } else {
                Viewport::opening(&plan, size, framing, selected)
            };
        });
    });
}

/// Brings a room that was chosen elsewhere into view.
fn follow_selection(scene: PlanScene, framing: Framing) {
    Effect::new(move |earlier: Option<Option<ShapeId>>| {
        let selected = scene.selected.get();
        if let (Some(id), true) = (selected, earlier != Some(selected)) {
            scene.active.set(Some(id));
            let plan = scene.plan.get_value();
            let Some(shape) = plan.shape(id) else {
                return selected;
            };
            let viewport = scene.viewport.get_untracked();
            let next = match framing {
                Framing::Selected if !viewport.is_touched() => {
                    Viewport::opening(&plan, viewport.size(), framing, selected)
                }
                _ => viewport.showing(shape.label.center),
            };
            if next != viewport {
                scene.viewport.set(next);
            }
        }
        selected
    });
}
