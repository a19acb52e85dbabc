//! Draws imported floors as SVG, to be looked at: `target/tmp/plan-*.svg`.
#![cfg(feature = "import")]

#[path = "plan_support/surveys.rs"]
mod surveys;

use std::fmt::Write as _;

use booking::plan::import::{ImportedBuilding, import};
use booking::plan::labels::{LabelLayout, fit_px_per_cm, label_at};
use booking::plan::outline::{door_gaps_data, path_data, paths_data, view_box};
use booking::plan::{Plan, PlanShape, ShapeKind};

/// The part of a portal's window that shows the plan, in pixels.
const VIEW_PX: (f32, f32) = (1_400.0, 1_000.0);

#[test]
fn every_floor_can_be_drawn_with_slab_walls_doors_and_labels() {
    if let Some(office) = surveys::office() {
        draw(&office, "office");
    }
    if let Some(hall) = surveys::shared("plans/osm_grenoble_caserne/caserne.geojson") {
        draw(&import(&hall).expect("the survey is sound"), "hall");
    }
    let demo = include_bytes!("../../../end2end/demo/harbour-house.plan.json");
    draw(&import(demo).expect("our own drawing is sound"), "harbour");
}

fn draw(building: &ImportedBuilding, name: &str) {
    for floor in &building.floors {
        let svg = svg(&floor.plan);
        assert!(svg.matches("<path").count() > floor.plan.shapes.len());
        let file = format!(
            "{}/plan-{name}-{}.svg",
            env!("CARGO_TARGET_TMPDIR"),
            floor.level
        );
        std::fs::write(file, svg).expect("the folder for temporary files can be written");
    }
}

fn svg(plan: &Plan) -> String {
    let scale = fit_px_per_cm(plan, VIEW_PX.0, VIEW_PX.1);
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"{}\" width=\"{}\" height=\"{}\" \
         font-family=\"Noto Sans, sans-serif\"><rect width=\"100%\" height=\"100%\" \
         fill=\"#edebe9\"/><path d=\"{}\" fill=\"#fff\" fill-rule=\"evenodd\" stroke=\"#8a8886\" \
         stroke-width=\"14\"/>",
        view_box(plan),
        plan.width_cm as f32 * scale,
        plan.height_cm as f32 * scale,
        paths_data(&plan.slab),
    );
    for shape in &plan.shapes {
        let (fill, stroke) = match shape.kind {
            ShapeKind::Room => ("#dff6dd", "#8a8886"),
            ShapeKind::Utility => ("#f3f2f1", "#b3b0ad"),
            ShapeKind::Corridor => ("none", "none"),
            _ => ("#faf9f8", "#c8c6c4"),
        };
        let _ = write!(
            svg,
            "<path d=\"{}\" fill=\"{fill}\" stroke=\"{stroke}\" stroke-width=\"6\" \
             fill-rule=\"evenodd\"/>",
            path_data(&shape.polygon)
        );
    }
    let _ = write!(
        svg,
        "<path d=\"{}\" stroke=\"#fff\" stroke-width=\"12\"/>",
        door_gaps_data(&plan.doors)
    );
    for shape in &plan.shapes {
        push_label(&mut svg, shape, scale);
    }
    svg.push_str("</svg>");
    svg
}

fn push_label(svg: &mut String, shape: &PlanShape, scale: f32) {
    let number = match shape.kind {
        ShapeKind::Toilet => "WC".to_owned(),
        ShapeKind::Lift => "Lift".to_owned(),
        ShapeKind::Stairs => "Stairs".to_owned(),
        _ => (shape.number.clone().or(shape.name.clone())).unwrap_or_default(),
    };
    let seats = shape.seats.map(|seats| format!("{} seats", seats.count));
    let lines: Vec<&str> = std::iter::once(number.as_str())
        .chain(seats.as_deref())
        .collect();
    let layout = label_at(shape, scale, &lines);
    let space = shape.label;
    if shape.kind.is_room() {
        let _ = write!(
            svg,
            "<rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" fill=\"none\" stroke=\"#0f6cbd\" \
             stroke-width=\"3\" stroke-dasharray=\"20 20\"/>",
            space.center.x - space.width_cm / 2,
            space.center.y - space.height_cm / 2,
            space.width_cm,
            space.height_cm
        );
    }
    let turn = if layout.is_rotated() { -90 } else { 0 };
    let _ = write!(
        svg,
        "<g transform=\"translate({} {}) scale({}) rotate({turn})\" text-anchor=\"middle\">",
        space.center.x,
        space.center.y,
        1.0 / scale
    );
    if layout == LabelLayout::Dot {
        svg.push_str("<circle r=\"2\" fill=\"#605e5c\"/>");
    }
    for line in layout.lines() {
        let _ = write!(
            svg,
            "<text y=\"{}\" font-size=\"{}\">{}</text>",
            line.below_center_px + line.font_px * 0.36,
            line.font_px,
            lines[line.line as usize].replace('&', "&amp;")
        );
    }
    svg.push_str("</g>");
}
