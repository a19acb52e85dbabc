//! Pointers, wheel and keys on the plan.
//!
//! One set of listeners on the canvas serves all rooms: hundreds of listeners would have to be
//! attached while the page comes alive.

use std::iter::successors;

use booking::plan::neighbours::{Direction, neighbour};
use leptos::ev;
use leptos::prelude::*;

use super::{PlanScene, dom};

/// What one press of `+` does.
pub(crate) const ZOOM_STEP: f64 = 1.5;
/// What a double click does.
const DOUBLE_CLICK_ZOOM: f64 = 2.0;
/// How far a pointer moves before it drags instead of clicking, in pixels.
const DRAG_FROM_PX: f64 = 4.0;
/// Wheel pixels for a doubling.
const WHEEL_PX_PER_DOUBLING: f64 = 300.0;

/// A finger, a pen or the mouse, while it is down.
#[derive(Clone, Copy, Debug)]
struct Pointer {
    id: i32,
    at: (f64, f64),
    start: (f64, f64),
}

/// The pointers that are down, and what they have become.
#[derive(Clone, Copy)]
pub(crate) struct Gestures {
    scene: PlanScene,
    pointers: StoredValue<Vec<Pointer>>,
    dragging: RwSignal<bool>,
    /// The drag that just ended also ends in a click, which then chooses nothing.
    swallow_click: StoredValue<bool>,
}

impl Gestures {
    pub(crate) fn new(scene: PlanScene) -> Self {
        Self {
            scene,
            pointers: StoredValue::new(Vec::new()),
            dragging: RwSignal::new(false),
            swallow_click: StoredValue::new(false),
        }
    }

    pub(crate) fn dragging(self) -> bool {
        self.dragging.get()
    }

    pub(crate) fn pointer_down(self, event: &ev::PointerEvent) {
        if event.button() > 0 {
            return;
        }
        let at = dom::position(self.scene.canvas, event);
        self.swallow_click.set_value(false);
        self.pointers.update_value(|pointers| {
            pointers.retain(|known| known.id != event.pointer_id());
            pointers.push(Pointer {
                id: event.pointer_id(),
                at,
                start: at,
            });
        });
    }

    pub(crate) fn pointer_move(self, event: &ev::PointerEvent) {
        let before = self.pointers.get_value();
        let Some(index) = before
            .iter()
            .position(|known| known.id == event.pointer_id())
        else {
            return;
        };
        let at = dom::position(self.scene.canvas, event);
        let mut after = before.clone();
        after[index].at = at;
        if !self.dragging.get_untracked() {
            if distance(after[index].start, at) < DRAG_FROM_PX && before.len() < 2 {
                return;
            }
            self.dragging.set(true);
            self.scene.card.close();
            dom::capture(self.scene.canvas, event.pointer_id());
        }
        self.apply(&before, &after);
        self.pointers.set_value(after);
    }

    pub(crate) fn pointer_up(self, event: &ev::PointerEvent) {
        self.pointers
            .update_value(|pointers| pointers.retain(|known| known.id != event.pointer_id()));
        if self.dragging.get_untracked() {
            self.swallow_click.set_value(true);
            if self.pointers.with_value(Vec::is_empty) {
                self.dragging.set(false);
            }
        }
    }

    pub(crate) fn pointer_over(self, event: &ev::PointerEvent) {
        // A finger does not hover: it chooses.
        if event.pointer_type() != "touch"
            && !self.dragging.get_untracked()
            && let Some(id) = dom::shape_under(event)
        {
            self.scene.card.hover(id);
        }
    }

    pub(crate) fn pointer_out(self, event: &ev::PointerEvent) {
        if event.pointer_type() != "touch" {
            self.scene.card.forget_soon();
        }
    }

    pub(crate) fn click(self, event: &ev::MouseEvent) {
        if self.swallow_click.get_value() {
            self.swallow_click.set_value(false);
            return;
        }
        let chosen = dom::shape_under(event);
        self.scene.card.pin(chosen);
        self.scene.on_select.run(chosen);
    }

    pub(crate) fn double_click(self, event: &ev::MouseEvent) {
        event.prevent_default();
        let at = dom::position(self.scene.canvas, event);
        let factor = if event.shift_key() {
            1.0 / DOUBLE_CLICK_ZOOM
        } else {
            DOUBLE_CLICK_ZOOM
        };
        self.scene
            .viewport
            .update(|viewport| *viewport = viewport.zoomed(factor, at));
    }

    pub(crate) fn wheel(self, event: &ev::WheelEvent) {
        event.prevent_default();
        let at = dom::position(self.scene.canvas, event);
        let (across, down) = (event.delta_x(), event.delta_y());
        // A trackpad pans with two fingers in small or slanted steps; a pinch arrives with Ctrl.
        let pans = !event.ctrl_key()
            && event.delta_mode() == 0
            && (across != 0.0 || down.abs() < 40.0 || down.fract() != 0.0);
        self.scene.viewport.update(|viewport| {
            *viewport = if pans {
                viewport.panned((-across, -down))
            } else {
                let px = if event.delta_mode() == 0 {
                    down
                } else {
                    down * 40.0
                };
                let finer = if event.ctrl_key() { 3.0 } else { 1.0 };
                viewport.zoomed((-px * finer / WHEEL_PX_PER_DOUBLING).exp2(), at)
            };
        });
    }

    pub(crate) fn key_down(self, event: &ev::KeyboardEvent) {
        if event.ctrl_key() || event.alt_key() || event.meta_key() {
            return;
        }
        if self.act_on(&event.key()) {
            event.prevent_default();
            event.stop_propagation();
        }
    }

    pub(crate) fn focus_in(self, event: &ev::FocusEvent) {
        if let Some(id) = dom::shape_under(event) {
            self.scene.active.set(Some(id));
            if dom::focus_is_visible(event) {
                self.scene.card.focus(id);
            }
        }
    }

    /// Does what a key says. Returns whether it means anything here.
    fn act_on(self, key: &str) -> bool {
        let scene = self.scene;
        let zoom = |factor| self.zoom_around_active(factor);
        match key {
            "+" | "=" => zoom(ZOOM_STEP),
            "-" | "_" => zoom(1.0 / ZOOM_STEP),
            "0" => scene
                .viewport
                .update(|viewport| *viewport = viewport.reset()),
            "ArrowLeft" => self.step(Direction::Left),
            "ArrowRight" => self.step(Direction::Right),
            "ArrowUp" => self.step(Direction::Up),
            "ArrowDown" => self.step(Direction::Down),
            "Enter" | " " => {
                let Some(id) = scene.active.get_untracked() else {
                    return false;
                };
                scene.on_select.run(Some(id));
                scene.card.pin(Some(id));
                if key == "Enter" {
                    scene.on_activate.run(id);
                    dom::focus_card(scene.canvas);
                }
            }
            "Escape" => {
                let closed = scene.card.close();
                let chosen = scene.selected.get_untracked().is_some();
                if chosen {
                    scene.on_select.run(None);
                }
                return closed || chosen;
            }
            _ => return false,
        }
        true
    }

    /// Zooms with the room in focus staying where it is, as a pointer's room does.
    fn zoom_around_active(self, factor: f64) {
        let scene = self.scene;
        let plan = scene.plan.get_value();
        let active = scene.active.get_untracked().and_then(|id| plan.shape(id));
        scene.viewport.update(|viewport| {
            *viewport = match active {
                Some(shape) => viewport.zoomed_at(factor, shape.label.center),
                None => viewport.zoomed_middle(factor),
            };
        });
    }

    /// Moves the focus to the neighbour and brings it into view.
    fn step(self, direction: Direction) {
        let scene = self.scene;
        let plan = scene.plan.get_value();
        // Store rooms and the like lie on the way, but nobody can go there.
        let next = successors(scene.active.get_untracked(), |id| {
            neighbour(&plan, *id, direction)
        })
        .skip(1)
        .take(plan.shapes.len())
        .find(|id| {
            plan.shape(*id)
                .is_some_and(|shape| shape.kind.is_bookable())
        });
        let Some(shape) = next.and_then(|id| plan.shape(id)) else {
            return;
        };
        scene.active.set(Some(shape.id));
        let seen = scene.viewport.get_untracked();
        let showing = seen.showing(shape.label.center);
        if showing != seen {
            scene.viewport.set(showing);
        }
        dom::focus_shape(scene.canvas, shape.id);
    }

    fn apply(self, before: &[Pointer], after: &[Pointer]) {
        let viewport = self.scene.viewport.get_untracked();
        let next = match (before, after) {
            ([a0, b0, ..], [a1, b1, ..]) => {
                let (old, new) = (middle(a0.at, b0.at), middle(a1.at, b1.at));
                let factor = distance(a1.at, b1.at) / distance(a0.at, b0.at).max(1.0);
                viewport
                    .panned((new.0 - old.0, new.1 - old.1))
                    .zoomed(factor, new)
            }
            ([a0], [a1]) => viewport.panned((a1.at.0 - a0.at.0, a1.at.1 - a0.at.1)),
            _ => viewport,
        };
        self.scene.viewport.set(next);
    }
}

fn distance(a: (f64, f64), b: (f64, f64)) -> f64 {
    (a.0 - b.0).hypot(a.1 - b.1)
}

fn middle(a: (f64, f64), b: (f64, f64)) -> (f64, f64) {
    ((a.0 + b.0) / 2.0, (a.1 + b.1) / 2.0)
}
