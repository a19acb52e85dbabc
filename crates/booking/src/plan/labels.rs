//! What is written in a shape at a zoom.
//!
//! Letters keep their size on the screen while the plan grows and shrinks under them, so what
//! fits changes with the zoom. A label is drawn only where its text, with a margin, fits inside
//! the shape's [`LabelBox`]; boxes lie inside their shapes, so labels can neither overlap nor
//! leave their room. Widths are estimates on the safe side: the server has no fonts, and the
//! same answer is wanted on both sides.

use super::{LabelBox, Plan, PlanShape, ShapeKind};

/// Letter size of the first line, in pixels on the screen.
pub const NUMBER_PX: f32 = 12.0;
/// Letter size of the lines below it.
pub const DETAIL_PX: f32 = 10.0;
/// Height of a line in multiples of its letter size.
const LINE_HEIGHT: f32 = 1.2;
/// Kept free on each side, in pixels.
pub const MARGIN_PX: f32 = 1.5;
/// Radius of the dot that stands for a number without room.
pub const DOT_RADIUS_PX: f32 = 2.0;

/// What is drawn for one shape.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum LabelLayout {
    /// Nothing.
    Hidden,
    /// A dot of [`DOT_RADIUS_PX`] says that there is more to see closer by.
    Dot,
    /// The first line alone.
    Number {
        /// Turned by 90° to run upwards, because the room is narrow.
        rotated: bool,
    },
    /// The first two lines.
    NumberAndSeats,
    /// All three lines.
    NumberSeatsAndUntil,
}

/// One line of a label, to be drawn centred.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct LabelLine {
    /// Which of the lines passed to [`label_at`].
    pub line: u32,
    /// Letter size in pixels on the screen.
    pub font_px: f32,
    /// The middle of the line below the middle of the label, in pixels on the screen.
    pub below_center_px: f32,
}

impl LabelLayout {
    /// How many of the lines are drawn.
    pub const fn line_count(self) -> u32 {
        match self {
            Self::Hidden | Self::Dot => 0,
            Self::Number { .. } => 1,
            Self::NumberAndSeats => 2,
            Self::NumberSeatsAndUntil => 3,
        }
    }

    /// Whether the number can be read.
    pub const fn is_legible(self) -> bool {
        self.line_count() > 0
    }

    /// Whether the text runs upwards.
    pub const fn is_rotated(self) -> bool {
        matches!(self, Self::Number { rotated: true })
    }

    /// The lines to draw, from the top.
    pub fn lines(self) -> impl Iterator<Item = LabelLine> {
        let count = self.line_count();
        let mut top = -block_height_px(count) / 2.0;
        (0..count).map(move |line| {
            let height = line_height_px(line);
            top += height;
            LabelLine {
                line,
                font_px: font_px(line),
                below_center_px: top - height / 2.0,
            }
        })
    }

    /// Width and height on the screen of what is drawn, in pixels, without the margin.
    pub fn size_px(self, lines: &[&str]) -> (f32, f32) {
        match self {
            Self::Hidden => (0.0, 0.0),
            Self::Dot => (2.0 * DOT_RADIUS_PX, 2.0 * DOT_RADIUS_PX),
            _ => {
                let (width, height) = block_size_px(lines, self.line_count());
                if self.is_rotated() {
                    (height, width)
                } else {
                    (width, height)
                }
            }
        }
    }
}

/// What is drawn of `lines` (number, then seats, then until when it is free; later ones may be
/// missing) in a shape, at so many screen pixels per centimetre of plan.
///
/// More lines are drawn before fewer; a number that fits no way gives way to a dot, and that to
/// nothing. Corridors are never labelled.
pub fn label_at(shape: &PlanShape, px_per_cm: f32, lines: &[&str]) -> LabelLayout {
    let blank = lines.first().is_none_or(|number| number.is_empty());
    if blank || shape.kind == ShapeKind::Corridor || !px_per_cm.is_finite() {
        return LabelLayout::Hidden;
    }
    let candidates = [
        (3, LabelLayout::NumberSeatsAndUntil),
        (2, LabelLayout::NumberAndSeats),
        (1, LabelLayout::Number { rotated: false }),
        (1, LabelLayout::Number { rotated: true }),
        (0, LabelLayout::Dot),
    ];
    candidates
        .into_iter()
        .filter(|(needed, _)| lines.len() >= *needed)
        .map(|(_, layout)| layout)
        .find(|layout| fits_from(shape.label, layout.size_px(lines)) <= px_per_cm)
        .unwrap_or(LabelLayout::Hidden)
}

/// From how many pixels per centimetre on the number can be read, upright or turned; infinite
/// where the shape has no inside.
pub fn legible_from(shape: &PlanShape, number: &str) -> f32 {
    [false, true]
        .map(|rotated| {
            fits_from(
                shape.label,
                LabelLayout::Number { rotated }.size_px(&[number]),
            )
        })
        .into_iter()
        .fold(f32::INFINITY, f32::min)
}

/// Pixels per centimetre at which the whole plan just fits a view; zoom 1.
pub fn fit_px_per_cm(plan: &Plan, view_width_px: f32, view_height_px: f32) -> f32 {
    let across = view_width_px / plan.width_cm.max(1) as f32;
    let down = view_height_px / plan.height_cm.max(1) as f32;
    across.min(down)
}

/// An estimate, rather too large, of a text's width in pixels in the interface font.
pub fn text_width_px(text: &str, font_px: f32) -> f32 {
    text.chars().map(char_width_em).sum::<f32>() * font_px
}

fn fits_from(space: LabelBox, (width_px, height_px): (f32, f32)) -> f32 {
    if space.width_cm <= 0 || space.height_cm <= 0 {
        return f32::INFINITY;
    }
    let across = (width_px + 2.0 * MARGIN_PX) / space.width_cm as f32;
    let down = (height_px + 2.0 * MARGIN_PX) / space.height_cm as f32;
    across.max(down)
}

const fn font_px(line: u32) -> f32 {
    if line == 0 { NUMBER_PX } else { DETAIL_PX }
}

const fn line_height_px(line: u32) -> f32 {
    font_px(line) * LINE_HEIGHT
}

fn block_height_px(count: u32) -> f32 {
    (0..count).map(line_height_px).sum()
}

fn block_size_px(lines: &[&str], count: u32) -> (f32, f32) {
    let width = (0..count)
        .zip(lines)
        .map(|(line, text)| text_width_px(text, font_px(line)))
        .fold(0.0, f32::max);
    (width, block_height_px(count))
}

/// Advance widths in multiples of the letter size: the widest of Segoe UI Semibold, Noto Sans
/// and Liberation Sans for each group of letters, rounded up.
const fn char_width_em(c: char) -> f32 {
    match c {
        'i' | 'j' | 'l' | 'I' | '.' | ',' | ':' | ';' | '\'' | '|' | '!' | ' ' | '·' => 0.32,
        'f' | 'r' | 't' | '(' | ')' | '[' | ']' | '-' | '/' => 0.42,
        '0'..='9' | 'a'..='h' | 'k' | 'n'..='q' | 's' | 'u'..='v' | 'x'..='z' => 0.60,
        'm' | 'w' | 'M' | 'W' | '@' | '%' | '—' => 0.98,
        'A'..='Z' => 0.74,
        '\u{2E80}'..='\u{FFFF}' => 1.0,
        _ => 0.70,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::ShapeId;
    use crate::plan::{Point, Polygon};

    fn room(kind: ShapeKind, width_cm: i32, height_cm: i32) -> PlanShape {
        let corners = [(0, 0), (width_cm, 0), (width_cm, height_cm), (0, height_cm)];
        let polygon = Polygon::solid(corners.map(|(x, y)| Point { x, y }).to_vec());
        PlanShape {
            id: ShapeId(uuid::Uuid::nil()),
            kind,
            label: super::super::label_box::label_box(&polygon),
            polygon,
            number: Some("1066".to_owned()),
            name: None,
            seats: None,
        }
    }

    const LINES: [&str; 3] = ["1066", "11 seats", "until 14:30"];

    #[test]
    fn lines_are_lost_one_by_one_while_zooming_out_and_the_number_last() {
        let shape = room(ShapeKind::Room, 400, 300);
        let seen: Vec<LabelLayout> = [0.2, 0.12, 0.09, 0.03, 0.001]
            .map(|scale| label_at(&shape, scale, &LINES))
            .to_vec();
        assert_eq!(
            seen,
            [
                LabelLayout::NumberSeatsAndUntil,
                LabelLayout::NumberAndSeats,
                LabelLayout::Number { rotated: false },
                LabelLayout::Dot,
                LabelLayout::Hidden
            ]
        );
    }

    #[test]
    fn a_number_is_turned_upright_in_a_narrow_room() {
        let shape = room(ShapeKind::Room, 180, 500);
        assert_eq!(
            label_at(&shape, 0.1, &LINES),
            LabelLayout::Number { rotated: true }
        );
    }

    #[test]
    fn a_corridor_is_never_labelled() {
        let shape = room(ShapeKind::Corridor, 4_000, 3_000);
        assert_eq!(label_at(&shape, 1.0, &LINES), LabelLayout::Hidden);
        assert_eq!(
            label_at(&room(ShapeKind::Room, 400, 300), 1.0, &[]),
            LabelLayout::Hidden
        );
    }

    #[test]
    fn a_number_is_legible_from_the_scale_that_is_told_and_not_before() {
        for (width, height) in [(400, 300), (120, 700), (90, 90)] {
            let shape = room(ShapeKind::Room, width, height);
            let from = legible_from(&shape, "1066");
            assert!(label_at(&shape, from, &LINES).is_legible());
            assert!(!label_at(&shape, from * 0.99, &LINES).is_legible());
        }
    }

    #[test]
    fn lines_stand_below_each_other_around_the_centre() {
        let lines: Vec<LabelLine> = LabelLayout::NumberAndSeats.lines().collect();
        assert_eq!(lines.len(), 2);
        assert!(lines[0].below_center_px < 0.0 && lines[1].below_center_px > 0.0);
        let gap = lines[1].below_center_px - lines[0].below_center_px;
        assert!(gap >= (NUMBER_PX + DETAIL_PX) / 2.0);
    }
}
