//! The dates of a series in a row that wraps: which room each has, and where it changes.
//!
//! For assistive technology it is a grid of one row; the arrow keys go by what is seen, Home and End to its ends.

use leptos::html;
use leptos::prelude::*;

use crate::text::series as words;

/// Colours there are; a seventh room has that of the first, and its number all the same.
pub const TONES: u8 = 6;

/// How a date stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum StripState {
    /// It has a room.
    Room,
    /// It has none.
    #[default]
    NoRoom,
    /// It does not take place.
    LeftOut,
}

impl StripState {
    const fn word(self) -> &'static str {
        match self {
            Self::Room => "room",
            Self::NoRoom => "no_room",
            Self::LeftOut => "left_out",
        }
    }
}

/// One date, ready to be drawn.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct StripDate {
    /// Names it; no two dates have the same.
    pub key: String,
    /// `Tue 24 Nov`.
    pub day: String,
    /// The number at the door; nothing where it has no room.
    pub room: String,
    /// The colour of its room, below [`TONES`].
    pub tone: u8,
    /// How it stands.
    pub state: StripState,
    /// Its time, where that is not the time of the others. Empty: it is.
    pub moved: String,
    /// Its room is another one than that of the date before.
    pub is_change: bool,
    /// The person chose something for it.
    pub is_chosen: bool,
    /// The room that it had until somebody took that, in a word or two. Empty: it has lost none.
    pub lost: String,
    /// All of it, for screen readers.
    pub spoken: String,
}

/// The strip. Pressing a date opens its choices, which stand elsewhere on the page.
#[component]
pub fn SeriesStrip(
    /// The dates, in their order.
    #[prop(into)]
    dates: Signal<Vec<StripDate>>,
    /// The key of the date whose choices are open.
    #[prop(into)]
    open: Signal<Option<String>>,
    /// Told the key of the date that was pressed.
    #[prop(into)]
    on_open: Callback<String>,
    /// An answer is on its way that may change the dates.
    #[prop(optional, into)]
    busy: Signal<bool>,
    /// The id of what says how to go about it. Empty: nothing does.
    #[prop(optional)]
    described_by: &'static str,
) -> impl IntoView {
    let row = NodeRef::<html::Div>::new();
    // Which date Tab reaches: the one that had the focus last.
    let at = RwSignal::new(None::<String>);
    let reached = Memo::new(move |_| {
        let at = at.get();
        dates.with(|dates| {
            let mut keys = dates.iter().map(|date| &date.key);
            let kept = at.filter(|at| keys.clone().any(|key| key == at));
            kept.or_else(|| keys.next().cloned())
        })
    });
    let press = move |event: leptos::ev::KeyboardEvent| {
        let key = event.key();
        if key == "Enter" || key == " " {
            event.prevent_default();
            if let Some(reached) = reached.get_untracked() {
                on_open.run(reached);
            }
        } else if walk(row, &key) {
            event.prevent_default();
        }
    };
    let keys = move || {
        dates.with(|dates| {
            dates
                .iter()
                .map(|date| date.key.clone())
                .collect::<Vec<_>>()
        })
    };
    view! {
        <div
            class="series-strip"
            role="grid"
            aria-label=words::STRIP
            aria-describedby=(!described_by.is_empty()).then_some(described_by)
            aria-busy=move || busy.get().then_some("true")
            on:keydown=press
        >
            <div role="row" class="series-row" node_ref=row>
                <For
                    each=keys
                    key=Clone::clone
                    children=move |key| cell(dates, key, open, reached, at, on_open)
                />
            </div>
        </div>
    }
    .into_any()
}

/// One date. It stays the same element while what it shows changes, so that it keeps the focus.
fn cell(
    dates: Signal<Vec<StripDate>>,
    key: String,
    open: Signal<Option<String>>,
    reached: Memo<Option<String>>,
    at: RwSignal<Option<String>>,
    on_open: Callback<String>,
) -> AnyView {
    let key = StoredValue::new(key);
    let is = move |other: &Option<String>| {
        key.with_value(|key| other.as_ref().is_some_and(|other| other == key))
    };
    let date = Memo::new(move |_| {
        let found = |dates: &Vec<StripDate>| {
            let mut dates = dates.iter();
            key.with_value(|key| dates.find(|date| date.key == *key).cloned())
        };
        dates.with(found).unwrap_or_default()
    });
    let flag = move |read: fn(&StripDate) -> bool| move || date.with(read).then_some("true");
    view! {
        <div
            role="gridcell"
            class="series-date"
            id=move || key.with_value(|key| element_id(key))
            tabindex=move || if reached.with(is) { "0" } else { "-1" }
            aria-selected=move || if open.with(is) { "true" } else { "false" }
            aria-label=move || date.with(|date| date.spoken.clone())
            data-day=key.get_value()
            data-state=move || date.with(|date| date.state.word())
            data-tone=move || date.with(|date| date.tone)
            data-change=flag(|date| date.is_change)
            data-chosen=flag(|date| date.is_chosen)
            data-lost=flag(|date| !date.lost.is_empty())
            on:focus=move |_| at.set(Some(key.get_value()))
            on:click=move |_| on_open.run(key.get_value())
        >
            <span class="series-date-day">{move || date.with(|date| date.day.clone())}</span>
            <span class="series-date-room">{move || date.with(room_told)}</span>
            {move || date.with(marks)}
        </div>
    }
    .into_any()
}

/// The id of a date's element, to give the focus back to.
pub fn element_id(key: &str) -> String {
    format!("series-date-{key}")
}

fn room_told(date: &StripDate) -> String {
    match date.state {
        StripState::Room => date.room.clone(),
        StripState::NoRoom => words::NO_ROOM.to_owned(),
        StripState::LeftOut => words::LEFT_OUT.to_owned(),
    }
}

/// What is particular about a date, in a word each: colour is never alone.
fn marks(date: &StripDate) -> AnyView {
    let mark = |kind: &'static str, text: String| {
        view! { <span class="series-mark" data-kind=kind>{text}</span> }.into_any()
    };
    let mut marks = Vec::new();
    if !date.lost.is_empty() {
        marks.push(mark("lost", date.lost.clone()));
    }
    if date.is_change {
        marks.push(mark("change", words::MARK_CHANGE.to_owned()));
    }
    if !date.moved.is_empty() {
        marks.push(mark("moved", date.moved.clone()));
    } else if date.is_chosen && date.state == StripState::Room {
        marks.push(mark("chosen", words::MARK_CHOSEN.to_owned()));
    }
    marks.into_any()
}

/// Moves the focus within the row; `false` where the key means nothing here.
#[cfg(feature = "hydrate")]
fn walk(row: NodeRef<html::Div>, key: &str) -> bool {
    use wasm_bindgen::JsCast;

    let mut cells: Vec<web_sys::HtmlElement> = Vec::new();
    let mut next = row
        .get_untracked()
        .and_then(|row| row.first_element_child());
    while let Some(cell) = next {
        next = cell.next_element_sibling();
        cells.extend(cell.dyn_into());
    }
    let focused = document().active_element();
    let from = cells
        .iter()
        .position(|cell| focused.as_ref().is_some_and(|focused| **cell == *focused));
    let places: Vec<Place> = cells
        .iter()
        .map(|cell| Place {
            top: cell.offset_top(),
            left: cell.offset_left(),
        })
        .collect();
    let target = from.and_then(|from| target(&places, from, key));
    if let Some(cell) = target.and_then(|target| cells.get(target)) {
        // It fails only for what cannot have the focus.
        let _focused = cell.focus();
    }
    matches!(
        key,
        "ArrowLeft" | "ArrowRight" | "ArrowUp" | "ArrowDown" | "Home" | "End"
    )
}

#[cfg(not(feature = "hydrate"))]
const fn walk(_row: NodeRef<html::Div>, _key: &str) -> bool {
    false
}

/// Where a date stands on the screen, in pixels.
#[cfg(any(feature = "hydrate", test))]
#[derive(Clone, Copy)]
struct Place {
    top: i32,
    left: i32,
}

/// Where a key leads to. `None`: nowhere; up and down lead to the nearest date of the next line.
#[cfg(any(feature = "hydrate", test))]
fn target(places: &[Place], from: usize, key: &str) -> Option<usize> {
    let here = places.get(from)?;
    let nearest = |top: Option<i32>| {
        let top = top?;
        let line = places.iter().enumerate().filter(|(_, one)| one.top == top);
        line.min_by_key(|(_, one)| one.left.abs_diff(here.left))
            .map(|(at, _)| at)
    };
    let tops = || places.iter().map(|one| one.top);
    match key {
        "ArrowLeft" => from.checked_sub(1),
        "ArrowRight" => Some(from + 1).filter(|next| *next < places.len()),
        "ArrowUp" => nearest(tops().filter(|top| *top < here.top).max()),
        "ArrowDown" => nearest(tops().filter(|top| *top > here.top).min()),
        "Home" => Some(0),
        "End" => places.len().checked_sub(1),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{Place, target};

    /// Three lines of four dates, and a last one of two.
    fn places() -> Vec<Place> {
        let place = |at: i32| Place {
            top: at / 4 * 70,
            left: at % 4 * 90,
        };
        (0..14).map(place).collect()
    }

    #[test]
    fn arrows_go_along_the_row_and_from_line_to_line() {
        let from = |at: usize, key: &str| target(&places(), at, key);
        assert_eq!(from(3, "ArrowRight"), Some(4));
        assert_eq!(from(4, "ArrowLeft"), Some(3));
        assert_eq!(from(5, "ArrowUp"), Some(1));
        assert_eq!(from(5, "ArrowDown"), Some(9));
        // The last line is shorter: the nearest date is its last.
        assert_eq!(from(11, "ArrowDown"), Some(13));
    }

    #[test]
    fn the_row_has_two_ends() {
        let from = |at: usize, key: &str| target(&places(), at, key);
        assert_eq!(from(7, "Home"), Some(0));
        assert_eq!(from(7, "End"), Some(13));
        assert_eq!(from(0, "ArrowLeft"), None);
        assert_eq!(from(13, "ArrowRight"), None);
        assert_eq!(from(0, "ArrowUp"), None);
        assert_eq!(from(13, "ArrowDown"), None);
        assert_eq!(from(3, "a"), None);
    }
}
