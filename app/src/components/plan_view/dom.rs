//! The few things only a browser can do; on the server they do nothing.

#[cfg(feature = "hydrate")]
pub(super) use browser::*;
#[cfg(not(feature = "hydrate"))]
pub(super) use server::*;

#[cfg(feature = "hydrate")]
mod browser {
    use booking::ids::ShapeId;
    use leptos::prelude::*;
    use leptos::{ev, svg};
    use send_wrapper::SendWrapper;
    use wasm_bindgen::JsCast;
    use wasm_bindgen::prelude::Closure;
    use web_sys::{Element, Event, HtmlElement, MouseEvent, ResizeObserver, SvgElement};

    use super::super::ScreenSize;

    type Canvas = NodeRef<svg::Svg>;

    /// Set on a room while it fades in.
    const MOVED: &str = "data-moved";

    /// Where the pointer is, from the top left corner of the canvas.
    pub(crate) fn position(canvas: Canvas, event: &MouseEvent) -> (f64, f64) {
        canvas.get_untracked().map_or((0.0, 0.0), |canvas| {
            let rect = canvas.get_bounding_client_rect();
            (
                f64::from(event.client_x()) - rect.left(),
                f64::from(event.client_y()) - rect.top(),
            )
        })
    }

    /// The room an event is about. `None`: it is about none.
    pub(crate) fn shape_under(event: &Event) -> Option<ShapeId> {
        let target: Element = event.target()?.dyn_into().ok()?;
        target.get_attribute("data-shape")?.parse().ok()
    }

    /// Whether the focus came by keyboard.
    pub(crate) fn focus_is_visible(event: &Event) -> bool {
        event
            .target()
            .and_then(|target| target.dyn_into::<Element>().ok())
            .is_some_and(|target| target.matches(":focus-visible").unwrap_or(false))
    }

    /// Keeps a drag when the pointer leaves the canvas.
    pub(crate) fn capture(canvas: Canvas, pointer: i32) {
        if let Some(canvas) = canvas.get_untracked() {
            // It fails only for a pointer that is up again.
            let _captured = canvas.set_pointer_capture(pointer);
        }
    }

    /// Puts the keyboard focus on a room.
    pub(crate) fn focus_shape(canvas: Canvas, id: ShapeId) {
        if let Some(element) = element_of(canvas, id) {
            // It fails only for an element that is no longer on the page.
            let _focused = element.focus();
        }
    }

    /// Puts the keyboard focus on the act of the card that opens, once it is there.
    pub(crate) fn focus_card(canvas: Canvas) {
        request_animation_frame(move || {
            let act = canvas
                .try_get_untracked()
                .flatten()
                .and_then(|canvas| canvas.parent_element())
                .and_then(|around| around.query_selector(".plan-card button").ok().flatten())
                .and_then(|act| act.dyn_into::<HtmlElement>().ok());
            if let Some(act) = act {
                // It fails only for an element that is no longer on the page.
                let _focused = act.focus();
            }
        });
    }

    /// Starts the fade of rooms that changed by themselves.
    pub(crate) fn mark_moved(canvas: Canvas, moved: &[ShapeId]) {
        for id in moved {
            if let Some(element) = element_of(canvas, *id) {
                // It fails only for names that are no attribute names.
                let _marked = element.set_attribute(MOVED, "");
            }
        }
    }

    /// Ends a fade.
    pub(crate) fn forget_moved(event: &ev::AnimationEvent) {
        let target = event
            .target()
            .and_then(|target| target.dyn_into::<Element>().ok());
        if let Some(target) = target {
            let _removed = target.remove_attribute(MOVED);
        }
    }

    /// Tells the size of the canvas now and whenever it changes, until the owner is gone.
    pub(crate) fn watch_size(canvas: Canvas, tell: impl Fn(ScreenSize) + Clone + 'static) {
        Effect::new(move |_| {
            let Some(element) = canvas.get() else { return };
            let tell = tell.clone();
            let watched = element.clone();
            let measure = Closure::<dyn Fn()>::new(move || {
                let rect = watched.get_bounding_client_rect();
                if rect.width() > 0.0 && rect.height() > 0.0 {
                    tell(ScreenSize {
                        width_px: rect.width(),
                        height_px: rect.height(),
                    });
                }
            });
            // Every browser that can run the page has it; without it the first guess stays.
            let Ok(observer) = ResizeObserver::new(measure.as_ref().unchecked_ref()) else {
                return;
            };
            observer.observe(&element);
            let kept = SendWrapper::new((observer, measure));
            on_cleanup(move || kept.0.disconnect());
        });
    }

    fn element_of(canvas: Canvas, id: ShapeId) -> Option<SvgElement> {
        let selector = format!("[data-shape=\"{id}\"]");
        canvas
            .get_untracked()?
            .query_selector(&selector)
            .ok()??
            .dyn_into()
            .ok()
    }
}

#[cfg(not(feature = "hydrate"))]
mod server {
    use booking::ids::ShapeId;
    use leptos::prelude::*;
    use leptos::{ev, svg};

    use super::super::ScreenSize;

    pub(crate) const fn position(
        _canvas: NodeRef<svg::Svg>,
        _event: &ev::MouseEvent,
    ) -> (f64, f64) {
        (0.0, 0.0)
    }

    pub(crate) const fn shape_under<E>(_event: &E) -> Option<ShapeId> {
        None
    }

    pub(crate) const fn focus_is_visible(_event: &ev::FocusEvent) -> bool {
        false
    }

    pub(crate) const fn capture(_canvas: NodeRef<svg::Svg>, _pointer: i32) {}

    pub(crate) const fn focus_shape(_canvas: NodeRef<svg::Svg>, _id: ShapeId) {}

    pub(crate) const fn focus_card(_canvas: NodeRef<svg::Svg>) {}

    pub(crate) const fn mark_moved(_canvas: NodeRef<svg::Svg>, _moved: &[ShapeId]) {}

    pub(crate) const fn forget_moved(_event: &ev::AnimationEvent) {}

    pub(crate) const fn watch_size(
        _canvas: NodeRef<svg::Svg>,
        _tell: impl Fn(ScreenSize) + Copy + 'static,
    ) {
    }
}
