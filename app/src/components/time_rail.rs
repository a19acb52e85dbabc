//! The day as a strip: how many rooms are free when, and the asked time as a window on it that
//! can be dragged, stretched at its ends and moved by keys.

use leptos::ev;
use leptos::prelude::*;
use leptos::svg;

use crate::text::{clock, plan};

/// First minute of the day that is shown.
const DAY_START: u16 = 7 * 60;
/// Last minute of the day that is shown.
const DAY_END: u16 = 19 * 60;
/// What keys and drags snap to, in minutes.
const STEP: u16 = 15;
/// How near to an end of the window a drag stretches it, in minutes.
const GRIP: f64 = 10.0;
/// Height of the strip in its own units; its width is minutes.
const HEIGHT: f64 = 40.0;

/// A window of the day in minutes since midnight.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct MinuteSpan {
    /// Start.
    pub from: u16,
    /// End; after the start.
    pub to: u16,
}

/// What of the window a drag holds.
#[derive(Clone, Copy, PartialEq, Debug)]
enum Grip {
    /// Its start.
    Start,
    /// Its end.
    End,
    /// The whole, this many minutes after its start.
    Whole(f64),
}

impl MinuteSpan {
    fn moved(self, minutes: i32) -> Self {
        let length = self.to - self.from;
        let latest = i32::from((24 * 60 - 1u16).saturating_sub(length));
        let from = (i32::from(self.from) + minutes).clamp(0, latest) as u16;
        Self {
            from,
            to: from + length,
        }
    }

    fn stretched(self, minutes: i32) -> Self {
        let shortest = i32::from(self.from + STEP);
        let to = (i32::from(self.to) + minutes).clamp(shortest, 24 * 60 - 1) as u16;
        Self {
            from: self.from,
            to,
        }
    }

    fn grip_at(self, minute: f64) -> Grip {
        let (from, to) = (f64::from(self.from), f64::from(self.to));
        if (minute - from).abs() <= GRIP {
            Grip::Start
        } else if (minute - to).abs() <= GRIP {
            Grip::End
        } else if (from..to).contains(&minute) {
            Grip::Whole(minute - from)
        } else {
            Grip::Whole((to - from) / 2.0)
        }
    }

    /// `None`: the key does nothing here.
    fn after_key(self, key: &str, has_shift: bool) -> Option<Self> {
        let step = i32::from(STEP);
        Some(match (key, has_shift) {
            ("ArrowRight" | "ArrowUp", false) => self.moved(step),
            ("ArrowLeft" | "ArrowDown", false) => self.moved(-step),
            ("ArrowRight" | "ArrowUp", true) => self.stretched(step),
            ("ArrowLeft" | "ArrowDown", true) => self.stretched(-step),
            ("PageUp", _) => self.moved(60),
            ("PageDown", _) => self.moved(-60),
            _ => return None,
        })
    }

    fn dragged(self, grip: Grip, minute: f64) -> Self {
        let snap = |minute: f64| (minute / f64::from(STEP)).round() as i32 * i32::from(STEP);
        match grip {
            Grip::Whole(held) => self.moved(snap(minute - held) - i32::from(self.from)),
            Grip::End => self.stretched(snap(minute) - i32::from(self.to)),
            Grip::Start => {
                let from = snap(minute).clamp(0, i32::from(self.to - STEP.min(self.to)));
                Self {
                    from: from as u16,
                    to: self.to,
                }
            }
        }
    }
}

/// The strip. Dragging and keys tell every step, so that the plan can follow at once.
#[component]
pub fn TimeRail(
    /// Free rooms in each quarter of an hour from 7:00 to 19:00; empty: not known.
    #[prop(optional, into)]
    free: Signal<Vec<u32>>,
    /// The asked time.
    #[prop(into)]
    window: Signal<MinuteSpan>,
    /// Told at every step of a drag or key.
    #[prop(into)]
    on_move: Callback<MinuteSpan>,
) -> impl IntoView {
    let strip = NodeRef::<svg::Svg>::new();
    let grip = RwSignal::new(None::<Grip>);
    let tell = move |next: MinuteSpan| {
        if next != window.get_untracked() {
            on_move.run(next);
        }
    };
    let down = move |event: ev::PointerEvent| {
        if let Some(minute) = minute_under(strip, &event) {
            capture(strip, event.pointer_id());
            let held = window.get_untracked().grip_at(minute);
            grip.set(Some(held));
            tell(window.get_untracked().dragged(held, minute));
        }
    };
    let drag = move |event: ev::PointerEvent| {
        if let Some((held, minute)) = grip.get_untracked().zip(minute_under(strip, &event)) {
            tell(window.get_untracked().dragged(held, minute));
        }
    };
    let key = move |event: ev::KeyboardEvent| {
        let now = window.get_untracked();
        if let Some(next) = now.after_key(&event.key(), event.shift_key()) {
            event.prevent_default();
            tell(next);
        }
    };
    let hours: Vec<_> = (DAY_START..=DAY_END)
        .step_by(60)
        .map(|minute| view! { <span>{format!("{}:00", minute / 60)}</span> })
        .collect();
    view! {
        <div class="time-rail" data-dragging=move || if grip.get().is_some() { "true" } else { "false" }>
            <svg
                node_ref=strip
                viewBox=format!("{DAY_START} 0 {} {HEIGHT}", DAY_END - DAY_START)
                preserveAspectRatio="none"
                on:pointerdown=down
                on:pointermove=drag
                on:pointerup=move |_| grip.set(None)
                on:pointercancel=move |_| grip.set(None)
            >
                <rect
                    class="time-rail-ground"
                    x=DAY_START
                    y="0"
                    width=DAY_END - DAY_START
                    height=HEIGHT
                />
                <path class="time-rail-bar" d=move || free.with(|free| bars(free)) />
                <path class="time-rail-tick" d=ticks() />
                {slider(window, key)}
            </svg>
            <div class="time-rail-hours" aria-hidden="true">{hours}</div>
        </div>
    }
    .into_any()
}

/// The asked time, as what keys move.
fn slider(
    window: Signal<MinuteSpan>,
    on_key: impl FnMut(ev::KeyboardEvent) + 'static,
) -> impl IntoView {
    view! {
        <rect
            class="time-rail-window"
            x=move || window.get().from
            y="0"
            width=move || window.get().to - window.get().from
            height=HEIGHT
            rx="2"
            role="slider"
            tabindex="0"
            aria-label=plan::TIME_RAIL
            aria-valuemin="0"
            aria-valuemax=24 * 60 - 1
            aria-valuenow=move || window.get().from
            aria-valuetext=move || {
                let MinuteSpan { from, to } = window.get();
                plan::rail_value(&clock::time_of_minute(from), &clock::time_of_minute(to))
            }
            on:keydown=on_key
        />
    }
}

/// One path for all bars, so that a new count repaints one element.
fn bars(free: &[u32]) -> String {
    let most = free.iter().copied().max().unwrap_or(0).max(1);
    (DAY_START..)
        .step_by(usize::from(STEP))
        .zip(free)
        .filter(|(_, count)| **count > 0)
        .map(|(minute, count)| {
            let height = f64::from(*count) / f64::from(most) * (HEIGHT - 4.0);
            format!("M{minute} {HEIGHT}v-{height:.1}h{}v{height:.1}z", STEP - 1)
        })
        .collect()
}

fn ticks() -> String {
    (DAY_START + 60..DAY_END)
        .step_by(60)
        .map(|minute| format!("M{minute} 0v{HEIGHT}"))
        .collect()
}

/// The minute of the day under the pointer. `None`: the strip is not on screen.
#[cfg(feature = "hydrate")]
fn minute_under(strip: NodeRef<svg::Svg>, event: &ev::PointerEvent) -> Option<f64> {
    let rect = strip.get_untracked()?.get_bounding_client_rect();
    let share = (f64::from(event.client_x()) - rect.left()) / rect.width().max(1.0);
    Some(f64::from(DAY_START) + share.clamp(0.0, 1.0) * f64::from(DAY_END - DAY_START))
}

#[cfg(not(feature = "hydrate"))]
fn minute_under(_strip: NodeRef<svg::Svg>, _event: &ev::PointerEvent) -> Option<f64> {
    None
}

/// Keeps the drag when the pointer leaves the strip.
#[cfg(feature = "hydrate")]
fn capture(strip: NodeRef<svg::Svg>, pointer: i32) {
    if let Some(strip) = strip.get_untracked() {
        // It fails only for a pointer that is up again.
        let _captured = strip.set_pointer_capture(pointer);
    }
}

#[cfg(not(feature = "hydrate"))]
const fn capture(_strip: NodeRef<svg::Svg>, _pointer: i32) {}

#[cfg(test)]
mod tests {
    use super::*;

    const TEN_TO_ELEVEN: MinuteSpan = MinuteSpan { from: 600, to: 660 };

    #[test]
    fn the_window_keeps_its_length_while_moving_and_stays_in_the_day() {
        assert_eq!(TEN_TO_ELEVEN.moved(15), MinuteSpan { from: 615, to: 675 });
        assert_eq!(TEN_TO_ELEVEN.moved(-9_999), MinuteSpan { from: 0, to: 60 });
        assert_eq!(TEN_TO_ELEVEN.moved(9_999).to, 24 * 60 - 1);
    }

    #[test]
    fn dragging_snaps_to_quarters_and_never_turns_the_window_over() {
        assert_eq!(TEN_TO_ELEVEN.dragged(Grip::End, 701.0).to, 705);
        assert_eq!(TEN_TO_ELEVEN.dragged(Grip::End, 0.0).to, 615);
        assert_eq!(TEN_TO_ELEVEN.dragged(Grip::Start, 900.0).from, 645);
        assert_eq!(
            TEN_TO_ELEVEN.dragged(Grip::Whole(30.0), 700.0),
            MinuteSpan { from: 675, to: 735 }
        );
    }

    #[test]
    fn the_ends_are_stretched_and_the_middle_is_moved() {
        assert_eq!(TEN_TO_ELEVEN.grip_at(604.0), Grip::Start);
        assert_eq!(TEN_TO_ELEVEN.grip_at(655.0), Grip::End);
        assert_eq!(TEN_TO_ELEVEN.grip_at(630.0), Grip::Whole(30.0));
        assert_eq!(TEN_TO_ELEVEN.grip_at(900.0), Grip::Whole(30.0));
    }
}
