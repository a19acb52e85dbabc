//! Zoom and pan as arithmetic: which part of the plan is on the screen, and how large.

use booking::ids::ShapeId;
use booking::plan::labels::legible_from;
use booking::plan::{Plan, Point};

use super::{Framing, ScreenSize};

/// Smallest zoom, in multiples of the fit.
const ZOOM_MIN: f64 = 0.5;
/// Largest zoom, in multiples of the fit.
const ZOOM_MAX: f64 = 16.0;
/// Kept free around the rooms when they are fitted, in pixels.
const MARGIN_PX: f64 = 16.0;
/// Kept free at the right for floor switch and zoom buttons, and on a wide plan at the bottom for
/// the legend, in pixels.
const FURNITURE_PX: f64 = 52.0;
/// From this width on the legend stands below the plan, in pixels.
const WIDE_PX: f64 = 600.0;
/// How near the edge a chosen room may lie before the view moves, in pixels.
const EDGE_PX: f64 = 48.0;
/// How much nearer than just legible the pane opens.
const CLOSER: f64 = 1.15;
/// And at least so near that the numbers of ordinary rooms around can be read, in pixels per
/// centimetre: a room of 3.5 m is 40 px wide.
const NEAR_PX_PER_CM: f64 = 0.115;

/// What of a plan is on the screen.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Viewport {
    /// Plan coordinates of the middle of the screen, in centimetres.
    center: (f64, f64),
    px_per_cm: f64,
    /// The scale at which all rooms just fit; zoom 1.
    fit_px_per_cm: f64,
    fit_center: (f64, f64),
    /// Extent of all rooms, in centimetres.
    extent: (f64, f64),
    size: ScreenSize,
    /// Whether the person has moved or zoomed it: then it is theirs.
    touched: bool,
}

impl Viewport {
    /// The view a plan opens with.
    pub fn opening(
        plan: &Plan,
        size: ScreenSize,
        framing: Framing,
        selected: Option<ShapeId>,
    ) -> Self {
        let fitted = Self::fitted(plan, size);
        let shape = selected.and_then(|id| plan.shape(id));
        match (framing, shape) {
            (Framing::Selected, Some(shape)) => {
                let number = shape.number.as_deref().unwrap_or("0000");
                let legible = f64::from(legible_from(shape, number)) * CLOSER;
                let mut near = fitted;
                near.px_per_cm = near.clamped(legible.max(NEAR_PX_PER_CM).max(fitted.px_per_cm));
                near.center = (
                    f64::from(shape.label.center.x),
                    f64::from(shape.label.center.y),
                );
                near
            }
            _ => fitted,
        }
    }

    /// The view in which all rooms just fit.
    pub fn fitted(plan: &Plan, size: ScreenSize) -> Self {
        let (min, max) = extent(plan);
        let extent = ((max.0 - min.0).max(1.0), (max.1 - min.1).max(1.0));
        let fit = fit_scale(extent, size);
        let (right, bottom) = furniture(size);
        // The middle of what the furniture leaves free, not of the screen.
        let center = (
            (min.0 + max.0) / 2.0 + (right - MARGIN_PX) / 2.0 / fit,
            (min.1 + max.1) / 2.0 + (bottom - MARGIN_PX) / 2.0 / fit,
        );
        Self {
            center,
            px_per_cm: fit,
            fit_px_per_cm: fit,
            fit_center: center,
            extent,
            size,
            touched: false,
        }
    }

    /// The SVG attribute.
    pub fn view_box(&self) -> String {
        let (left, top) = self.top_left();
        let (width, height) = (
            self.size.width_px / self.px_per_cm,
            self.size.height_px / self.px_per_cm,
        );
        format!("{left:.1} {top:.1} {width:.1} {height:.1}")
    }

    /// Pixels on the screen for a centimetre of plan.
    pub const fn px_per_cm(&self) -> f64 {
        self.px_per_cm
    }

    /// The size on the screen.
    pub const fn size(&self) -> ScreenSize {
        self.size
    }

    /// Whether the person has moved or zoomed it.
    pub const fn is_touched(&self) -> bool {
        self.touched
    }

    /// The same part of the plan on a screen of another size.
    #[must_use]
    pub fn resized(mut self, size: ScreenSize) -> Self {
        self.size = size;
        self.fit_px_per_cm = fit_scale(self.extent, size);
        self.px_per_cm = self.clamped(self.px_per_cm);
        self
    }

    /// All rooms again, and nobody's view.
    #[must_use]
    pub const fn reset(mut self) -> Self {
        self.center = self.fit_center;
        self.px_per_cm = self.fit_px_per_cm;
        self.touched = false;
        self
    }

    /// Larger by `factor`, with what is under `at_px` staying there.
    #[must_use]
    pub fn zoomed(mut self, factor: f64, at_px: (f64, f64)) -> Self {
        let anchor = self.to_plan(at_px);
        self.px_per_cm = self.clamped(self.px_per_cm * factor);
        let off = self.off_middle(at_px);
        self.center = (
            anchor.0 - off.0 / self.px_per_cm,
            anchor.1 - off.1 / self.px_per_cm,
        );
        self.touched = true;
        self.kept_near()
    }

    /// Larger by `factor`, with a point of the plan staying where it is; first brought into view.
    #[must_use]
    pub fn zoomed_at(self, factor: f64, point: Point) -> Self {
        let shown = self.showing(point);
        let at = shown.to_screen((f64::from(point.x), f64::from(point.y)));
        shown.zoomed(factor, at)
    }

    /// Larger by `factor` around the middle of the screen.
    #[must_use]
    pub fn zoomed_middle(self, factor: f64) -> Self {
        self.zoomed(
            factor,
            (self.size.width_px / 2.0, self.size.height_px / 2.0),
        )
    }

    /// Moved so that the drawing follows a finger by so many pixels.
    #[must_use]
    pub fn panned(mut self, by_px: (f64, f64)) -> Self {
        self.center.0 -= by_px.0 / self.px_per_cm;
        self.center.1 -= by_px.1 / self.px_per_cm;
        self.touched = true;
        self.kept_near()
    }

    /// Moved, if need be, so that the point is well on the screen.
    #[must_use]
    pub fn showing(mut self, point: Point) -> Self {
        let (x, y) = self.to_screen((f64::from(point.x), f64::from(point.y)));
        let inside = (EDGE_PX..=self.size.width_px - EDGE_PX).contains(&x)
            && (EDGE_PX..=self.size.height_px - EDGE_PX).contains(&y);
        if !inside {
            self.center = (f64::from(point.x), f64::from(point.y));
        }
        self
    }

    /// Where a point of the plan lies on the screen, from the top left corner.
    pub fn to_screen(&self, (x, y): (f64, f64)) -> (f64, f64) {
        let (left, top) = self.top_left();
        ((x - left) * self.px_per_cm, (y - top) * self.px_per_cm)
    }

    fn to_plan(self, (x, y): (f64, f64)) -> (f64, f64) {
        let (left, top) = self.top_left();
        (left + x / self.px_per_cm, top + y / self.px_per_cm)
    }

    fn top_left(&self) -> (f64, f64) {
        (
            self.center.0 - self.size.width_px / 2.0 / self.px_per_cm,
            self.center.1 - self.size.height_px / 2.0 / self.px_per_cm,
        )
    }

    fn off_middle(&self, (x, y): (f64, f64)) -> (f64, f64) {
        (x - self.size.width_px / 2.0, y - self.size.height_px / 2.0)
    }

    fn clamped(&self, px_per_cm: f64) -> f64 {
        px_per_cm.clamp(self.fit_px_per_cm * ZOOM_MIN, self.fit_px_per_cm * ZOOM_MAX)
    }

    /// The building cannot be lost: its rooms keep the middle of the screen over their extent.
    fn kept_near(mut self) -> Self {
        let (half_x, half_y) = (self.extent.0 / 2.0, self.extent.1 / 2.0);
        self.center.0 = self
            .center
            .0
            .clamp(self.fit_center.0 - half_x, self.fit_center.0 + half_x);
        self.center.1 = self
            .center
            .1
            .clamp(self.fit_center.1 - half_y, self.fit_center.1 + half_y);
        self
    }
}

fn fit_scale(extent: (f64, f64), size: ScreenSize) -> f64 {
    let (right, bottom) = furniture(size);
    let across = (size.width_px - MARGIN_PX - right).max(1.0) / extent.0;
    let down = (size.height_px - MARGIN_PX - bottom).max(1.0) / extent.1;
    across.min(down)
}

/// What is kept free at the right and at the bottom, in pixels.
fn furniture(size: ScreenSize) -> (f64, f64) {
    let bottom = if size.width_px >= WIDE_PX {
        FURNITURE_PX
    } else {
        MARGIN_PX
    };
    (FURNITURE_PX, bottom)
}

/// The corners of the smallest rectangle around all rooms; of the sheet where there are none.
fn extent(plan: &Plan) -> ((f64, f64), (f64, f64)) {
    let rooms = plan.shapes.iter().filter(|shape| shape.kind.is_room());
    let bounds = rooms
        .map(|shape| shape.polygon.bounds())
        .reduce(|all, one| {
            let mut all = all;
            all.min.x = all.min.x.min(one.min.x);
            all.min.y = all.min.y.min(one.min.y);
            all.max.x = all.max.x.max(one.max.x);
            all.max.y = all.max.y.max(one.max.y);
            all
        });
    bounds.map_or_else(
        || {
            (
                (0.0, 0.0),
                (f64::from(plan.width_cm), f64::from(plan.height_cm)),
            )
        },
        |bounds| {
            (
                (f64::from(bounds.min.x), f64::from(bounds.min.y)),
                (f64::from(bounds.max.x), f64::from(bounds.max.y)),
            )
        },
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use booking::ids::FloorId;
    use uuid::Uuid;

    fn plan() -> Plan {
        Plan {
            floor: FloorId(Uuid::nil()),
            revision: 1,
            width_cm: 8_000,
            height_cm: 4_000,
            north_degrees: 0.0,
            slab: Vec::new(),
            shapes: Vec::new(),
            doors: Vec::new(),
            attribution: None,
        }
    }

    fn opening() -> Viewport {
        let size = ScreenSize {
            width_px: 868.0,
            height_px: 640.0,
        };
        Viewport::fitted(&plan(), size)
    }

    #[test]
    fn a_floor_opens_with_all_of_it_in_view() {
        let view = opening();
        assert!((view.px_per_cm() - 0.1).abs() < 1e-9);
        let (left, _) = view.to_screen((0.0, 2_000.0));
        let (right, _) = view.to_screen((8_000.0, 2_000.0));
        assert!((left - 16.0).abs() < 1e-6 && (right - 816.0).abs() < 1e-6);
        assert_eq!(view.view_box(), "-160.0 -1020.0 8680.0 6400.0");
    }

    #[test]
    fn what_is_under_the_pointer_stays_there_while_zooming() {
        let at = (300.0, 200.0);
        let view = opening();
        let under = view.to_plan(at);
        let (x, y) = view.zoomed(2.0, at).to_screen(under);
        assert!((x - at.0).abs() < 1e-6 && (y - at.1).abs() < 1e-6);
    }

    #[test]
    fn zoom_ends_at_half_and_at_sixteen_times_the_fit() {
        let view = opening();
        let zoom = |factor| view.zoomed_middle(factor).px_per_cm() / view.px_per_cm();
        assert!((zoom(1_000.0) - 16.0).abs() < 1e-9);
        assert!((zoom(0.001) - 0.5).abs() < 1e-9);
    }

    #[test]
    fn the_building_cannot_be_dragged_off_the_screen() {
        let view = opening().panned((1e7, 1e7));
        let (x, y) = view.to_screen((0.0, 0.0));
        assert!((0.0..=868.0).contains(&x) && (0.0..=640.0).contains(&y));
        assert!(view.is_touched() && !view.reset().is_touched());
    }

    #[test]
    fn a_room_chosen_elsewhere_is_brought_into_view_only_when_it_is_not() {
        let view = opening();
        let visible = Point { x: 4_000, y: 2_000 };
        assert_eq!(view.showing(visible), view);
        let near = view.zoomed_middle(8.0);
        let corner = Point { x: 100, y: 100 };
        let (x, y) = near.showing(corner).to_screen((100.0, 100.0));
        assert!((x - 434.0).abs() < 1e-6 && (y - 320.0).abs() < 1e-6);
    }
}
