//! Letters on the plan. They keep their size on the screen: each label is scaled back by the zoom,
//! and what is written is laid out anew when the zoom has moved by a step.

use std::sync::Arc;

use booking::plan::labels::{DOT_RADIUS_PX, LabelLayout, label_at};
use booking::plan::{Plan, PlanShape};
use leptos::prelude::*;

use super::PlanScene;
use super::rooms::look_of;
use super::viewport::Viewport;
use crate::text::plan as words;
use crate::text::room::state_key;

/// Layouts are made for steps of a twelfth of a doubling, always for the smaller scale, so that
/// nothing written can leave its room between two steps.
const STEPS_PER_DOUBLING: f64 = 12.0;

/// From the middle of a line to its baseline, in letter sizes.
const BASELINE: f32 = 0.35;

/// The labels of rooms, and of stairs, lifts and toilets.
#[component]
pub(crate) fn Labels(scene: PlanScene, plan: Arc<Plan>) -> impl IntoView {
    let scale = Memo::new(move |_| scene.viewport.with(Viewport::px_per_cm));
    let step = Memo::new(move |_| stepped(scale.get()));
    let labels: Vec<AnyView> = plan
        .shapes
        .iter()
        .filter_map(|shape| {
            let shape = Arc::new(shape.clone());
            if shape.kind.is_bookable() {
                Some(room_label(scene, &shape, scale, step).into_any())
            } else {
                let word = words::scenery(shape.kind).map(str::to_owned);
                word.or_else(|| shape.number.clone())
                    .map(|word| scenery_label(&shape, word, scale, step).into_any())
            }
        })
        .collect();
    view! { <g aria-hidden="true">{labels}</g> }
}

fn room_label(
    scene: PlanScene,
    shape: &Arc<PlanShape>,
    scale: Memo<f64>,
    step: Memo<f32>,
) -> impl IntoView + use<> {
    let look = look_of(scene, shape);
    let written = {
        let shape = shape.clone();
        Memo::new(move |_| {
            let lines = look.with(super::RoomLook::lines);
            let layout = laid_out(&shape, step.get(), &lines);
            (layout, lines)
        })
    };
    let at = shape.label.center;
    view! {
        <g
            class="plan-label"
            data-state=move || look.with(|look| state_key(look.state))
            transform=move || placed(at, scale.get(), written.with(|(layout, _)| layout.is_rotated()))
        >
            {move || written.with(|(layout, lines)| letters(*layout, lines))}
        </g>
    }
}

fn scenery_label(
    shape: &Arc<PlanShape>,
    word: String,
    scale: Memo<f64>,
    step: Memo<f32>,
) -> impl IntoView + use<> {
    let lines = vec![word];
    let written = {
        let (shape, lines) = (shape.clone(), lines.clone());
        // Scenery needs no dot: there is nothing to choose.
        Memo::new(move |_| Some(laid_out(&shape, step.get(), &lines)).filter(|it| it.is_legible()))
    };
    let at = shape.label.center;
    view! {
        <g
            class="plan-label plan-scenery-label"
            transform=move || placed(at, scale.get(), written.get().is_some_and(LabelLayout::is_rotated))
        >
            {move || letters(written.get().unwrap_or(LabelLayout::Hidden), &lines)}
        </g>
    }
}

fn laid_out(shape: &PlanShape, px_per_cm: f32, lines: &[String]) -> LabelLayout {
    let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
    label_at(shape, px_per_cm, &lines)
}

fn letters(layout: LabelLayout, lines: &[String]) -> AnyView {
    if layout == LabelLayout::Dot {
        return view! { <circle r=DOT_RADIUS_PX /> }.into_any();
    }
    layout
        .lines()
        .filter_map(|line| {
            let text = lines.get(line.line as usize)?.clone();
            let class = if line.line == 0 {
                "plan-label-number"
            } else {
                "plan-label-small"
            };
            let y = format!("{:.1}", line.below_center_px + line.font_px * BASELINE);
            Some(view! { <text class=class y=y>{text}</text> })
        })
        .collect::<Vec<_>>()
        .into_any()
}

fn placed(at: booking::plan::Point, px_per_cm: f64, rotated: bool) -> String {
    let cm_per_px = 1.0 / px_per_cm;
    let turn = if rotated { " rotate(-90)" } else { "" };
    format!("translate({} {}) scale({cm_per_px:.3}){turn}", at.x, at.y)
}

/// The largest step that is not above the scale.
fn stepped(px_per_cm: f64) -> f32 {
    let step = (px_per_cm.log2() * STEPS_PER_DOUBLING).floor();
    (step / STEPS_PER_DOUBLING).exp2() as f32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_are_laid_out_for_no_more_room_than_there_is() {
        for scale in [0.03, 0.0731, 0.1, 1.7] {
            let step = f64::from(stepped(scale));
            assert!(step <= scale * 1.000_001 && step > scale * 0.94);
        }
    }

    #[test]
    fn a_label_is_scaled_back_by_the_zoom() {
        let at = booking::plan::Point { x: 100, y: 200 };
        assert_eq!(
            placed(at, 0.1, true),
            "translate(100 200) scale(10.000) rotate(-90)"
        );
    }
}
