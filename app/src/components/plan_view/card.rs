//! The card beside a room: on hover after a moment, on focus and choice at once.

use std::time::Duration;

use booking::ids::ShapeId;
use leptos::prelude::*;

use super::{PlanScene, dom};

/// Draws the card of a room.
pub type PlanCard = Callback<ShapeId, AnyView>;

/// How long the pointer rests before a card opens.
const OPEN_AFTER: Duration = Duration::from_millis(150);
/// How long a card stays when the pointer has left, so that it can be reached.
const CLOSE_AFTER: Duration = Duration::from_millis(250);
/// Width of a card, in pixels; as in its style file.
const WIDTH_PX: f64 = 264.0;
/// Between room and card, in pixels.
const GAP_PX: f64 = 8.0;

/// Which card is open and why.
#[derive(Clone, Copy)]
pub(crate) struct CardState {
    /// Of the room under the pointer or in focus.
    passing: RwSignal<Option<ShapeId>>,
    /// Of the chosen room, until it is closed.
    pinned: RwSignal<Option<ShapeId>>,
    /// Counts wishes, so that a late timer does not undo a newer one.
    turn: StoredValue<u32>,
}

impl CardState {
    pub(crate) fn new() -> Self {
        Self {
            passing: RwSignal::new(None),
            pinned: RwSignal::new(None),
            turn: StoredValue::new(0),
        }
    }

    /// The pointer came over a room.
    pub(crate) fn hover(self, id: ShapeId) {
        let delay = if self.passing.get_untracked().is_some() {
            Duration::ZERO
        } else {
            OPEN_AFTER
        };
        self.later(delay, move |state| state.passing.set(Some(id)));
    }

    /// A room got the focus by keyboard.
    pub(crate) fn focus(self, id: ShapeId) {
        self.next_turn();
        self.passing.set(Some(id));
    }

    /// Keeps the card that is open, because the pointer is on it.
    pub(crate) fn keep(self) {
        self.next_turn();
    }

    /// Pointer or focus went away.
    pub(crate) fn forget_soon(self) {
        self.later(CLOSE_AFTER, |state| state.passing.set(None));
    }

    /// The room was chosen, here or elsewhere; `None`: no longer.
    pub(crate) fn pin(self, id: Option<ShapeId>) {
        self.next_turn();
        self.pinned.set(id);
        self.passing.set(None);
    }

    /// Closes the card. Returns whether one was open.
    pub(crate) fn close(self) -> bool {
        let open = self.shown().is_some();
        self.pin(None);
        open
    }

    fn shown(self) -> Option<ShapeId> {
        self.passing.get().or_else(|| self.pinned.get())
    }

    fn next_turn(self) -> u32 {
        self.turn.update_value(|turn| *turn = turn.wrapping_add(1));
        self.turn.get_value()
    }

    fn later(self, delay: Duration, act: impl FnOnce(Self) + 'static) {
        let turn = self.next_turn();
        set_timeout(
            move || {
                // The plan may be gone by then.
                if self.turn.try_get_value() == Some(turn) {
                    act(self);
                }
            },
            delay,
        );
    }
}

/// The open card, placed where it hides neither its room nor leaves the plan.
#[component]
pub(crate) fn CardOver(scene: PlanScene, card: PlanCard) -> impl IntoView {
    // Made in the browser only: the server knows no sizes to place it by.
    let ready = RwSignal::new(false);
    Effect::new(move |_| ready.set(true));
    Effect::new(move |_| scene.card.pin(scene.selected.get()));
    let shown = Memo::new(move |_| scene.card.shown().filter(|_| ready.get()));
    move || {
        shown.get().map(|id| {
            let place = Memo::new(move |_| placed(scene, id));
            view! {
                <div
                    class="plan-card"
                    hidden=move || place.get().is_none()
                    style:left=move || format!("{}px", place.get().map_or(0, |place| place.left_px))
                    style:top=move || place.get().map(Place::top)
                    style:bottom=move || place.get().map(Place::bottom)
                    on:pointerenter=move |_| scene.card.keep()
                    on:pointerleave=move |_| scene.card.forget_soon()
                    on:focusin=move |_| scene.card.keep()
                    on:keydown=move |event| {
                        if event.key() == "Escape" {
                            event.stop_propagation();
                            // In this order: a room that gets the focus opens its card.
                            dom::focus_shape(scene.canvas, id);
                            scene.card.close();
                        }
                    }
                >
                    {card.run(id)}
                </div>
            }
        })
    }
}

/// Where a card stands, in whole pixels from the edges of the plan.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Place {
    left_px: i64,
    vertical: Vertical,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Vertical {
    FromTop(i64),
    FromBottom(i64),
}

impl Place {
    fn top(self) -> String {
        match self.vertical {
            Vertical::FromTop(px) => format!("{px}px"),
            Vertical::FromBottom(_) => "auto".to_owned(),
        }
    }

    fn bottom(self) -> String {
        match self.vertical {
            Vertical::FromTop(_) => "auto".to_owned(),
            Vertical::FromBottom(px) => format!("{px}px"),
        }
    }
}

fn placed(scene: PlanScene, id: ShapeId) -> Option<Place> {
    let plan = scene.plan.get_value();
    let viewport = scene.viewport.get();
    let bounds = plan.shape(id)?.polygon.bounds();
    let (left, top) = viewport.to_screen((f64::from(bounds.min.x), f64::from(bounds.min.y)));
    let (right, bottom) = viewport.to_screen((f64::from(bounds.max.x), f64::from(bounds.max.y)));
    let size = viewport.size();
    // A room that has left the screen has no card there either.
    if right < 0.0 || bottom < 0.0 || left > size.width_px || top > size.height_px {
        return None;
    }
    let beside = if right + GAP_PX + WIDTH_PX <= size.width_px {
        right + GAP_PX
    } else {
        left - GAP_PX - WIDTH_PX
    };
    let rightmost = (size.width_px - WIDTH_PX - GAP_PX).max(GAP_PX);
    let left_px = beside.clamp(GAP_PX, rightmost) as i64;
    let vertical = if (top + bottom) / 2.0 <= size.height_px / 2.0 {
        Vertical::FromTop(bottom.clamp(GAP_PX, size.height_px / 2.0) as i64)
    } else {
        Vertical::FromBottom((size.height_px - top).clamp(GAP_PX, size.height_px / 2.0) as i64)
    };
    Some(Place { left_px, vertical })
}
