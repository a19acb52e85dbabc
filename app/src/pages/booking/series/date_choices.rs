//! What can be chosen for one date: leaving it out, another room, another time, and back again.

use std::sync::Arc;

use booking::ids::RoomId;
use booking::series::{Assigned, PlannedDate};
use leptos::html;
use leptos::prelude::*;

use super::asked::DateChoice;
use super::move_date::MoveDate;
use super::other_rooms::OtherRooms;
use super::planned::Planned;
use super::planner::Planner;
use super::strip::titled;
use crate::components::series_strip::element_id;
use crate::components::{Button, ButtonKind, Select};
use crate::text::{room, series as words};

/// The value of “whatever suits the series”.
const ANY: &str = "";

/// The choices of the date that is open; nothing where none is.
#[component]
pub(super) fn DateChoices(planner: Planner) -> impl IntoView {
    let open = Memo::new(move |_| {
        let open = planner.open.get()?;
        let is_there = planner.planned.with(|planned| {
            let planned = planned.as_ref()?;
            planned.date(&open).map(drop)
        });
        is_there.map(|()| open)
    });
    move || open.get().map(|day| view! { <Choices planner day /> })
}

/// The date as it stands now, with the plan it is part of.
pub(super) fn shown(planner: Planner, day: &str) -> Option<(Arc<Planned>, PlannedDate)> {
    let planned = planner.planned.get()?;
    let date = planned.date(day)?.clone();
    Some((planned, date))
}

#[component]
fn Choices(planner: Planner, day: String) -> impl IntoView {
    let heading = NodeRef::<html::H3>::new();
    focus_when_there(heading);
    let day = StoredValue::new(day);
    let numbers = planner.numbers();
    let told = Memo::new(move |_| {
        let (planned, date) = day.with_value(|day| shown(planner, day))?;
        Some(numbers.with(|numbers| titled(&planned, &date, numbers)))
    });
    let title = move || told.get().map(|(when, _)| when).unwrap_or_default();
    let standing = move || told.get().map(|(_, standing)| standing).unwrap_or_default();
    let choice = Memo::new(move |_| day.with_value(|day| planner.choice(day)));
    let is_left_out = Memo::new(move |_| choice.get() == Some(DateChoice::LeftOut));
    let is_otherwise =
        Memo::new(move |_| matches!(choice.get(), Some(DateChoice::Otherwise { .. })));
    // The button that was pressed is gone: a keyboard goes on at the heading.
    let choose = move |choice: Option<DateChoice>| {
        day.with_value(|day| planner.choose(day, choice));
        if let Some(heading) = heading.get_untracked() {
            // It fails only for what cannot have the focus.
            let _focused = heading.focus();
        }
    };
    let leave_out = move |()| choose(Some(DateChoice::LeftOut));
    let undo = move |()| choose(None);
    let close = move || {
        planner.open.set(None);
        day.with_value(|day| focus_date(day));
    };
    view! {
        <section
            class="series-choice"
            aria-labelledby="series-choice-heading"
            on:keydown=move |event| if event.key() == "Escape" { close() }
        >
            <h3 id="series-choice-heading" tabindex="-1" node_ref=heading>{title}</h3>
            <p aria-live="polite">{standing}</p>
            <div class="series-choice-actions">
                <Show
                    when=move || is_left_out.get()
                    fallback=move || view! {
                        <Button on_press=leave_out>{words::LEAVE_OUT}</Button>
                    }
                >
                    <Button on_press=undo>{words::TAKE_BACK_IN}</Button>
                </Show>
                <Show when=move || is_otherwise.get()>
                    <Button on_press=undo>{words::UNDO}</Button>
                </Show>
                <Button kind=ButtonKind::Primary on_press=move |()| close()>{words::CLOSE}</Button>
            </div>
            <Show when=move || !is_left_out.get()>
                <RoomField planner day />
                <MoveDate planner day />
                <OtherRooms planner day />
            </Show>
        </section>
    }
    .into_any()
}

/// The rooms that are free then: the one it has, and the others, the nearest first.
#[component]
fn RoomField(planner: Planner, day: StoredValue<String>) -> impl IntoView {
    let name = move |id: RoomId| {
        let room = planner.room(id)?;
        let floor = planner.floor_label(room.floor);
        let told = words::room_choice(&room.number, &room::seats(room.seats), &floor);
        Some((id.to_string(), told))
    };
    let choices = Memo::new(move |_| {
        let mut choices = vec![(ANY.to_owned(), words::ANY_ROOM.to_owned())];
        let Some((_, date)) = day.with_value(|day| shown(planner, day)) else {
            return choices;
        };
        let has = match date.assigned {
            Assigned::Room(room) | Assigned::ChosenTaken(room) => Some(room),
            Assigned::Skipped | Assigned::NoneFree => None,
        };
        choices.extend(has.into_iter().chain(date.others).filter_map(name));
        choices
    });
    let chosen = Signal::derive(move || {
        let choice = day.with_value(|day| planner.choice(day));
        let room = choice.and_then(|choice| choice.room());
        room.map_or_else(|| ANY.to_owned(), |room| room.to_string())
    });
    let choose = move |value: String| {
        let room = value.parse().ok();
        day.with_value(|day| choose_room(planner, day, room));
    };
    view! { <Select id="series-choice-room" label=words::ROOM choices value=chosen on_change=choose /> }
}

/// This room for the date, at the time that it has.
pub(super) fn choose_room(planner: Planner, day: &str, room: Option<RoomId>) {
    let before = untrack(|| planner.choice(day));
    let times = before.and_then(|choice| choice.times().cloned());
    planner.choose(day, DateChoice::of(room, times));
}

/// What was opened has the focus, so that a keyboard goes on there and a screen reader says it.
fn focus_when_there(heading: NodeRef<html::H3>) {
    Effect::new(move |_| {
        if let Some(heading) = heading.get() {
            // It fails only for what cannot have the focus.
            let _focused = heading.focus();
        }
    });
}

/// The date in the strip has the focus again.
#[cfg(feature = "hydrate")]
fn focus_date(day: &str) {
    use wasm_bindgen::JsCast;

    let date = document()
        .get_element_by_id(&element_id(day))
        .and_then(|date| date.dyn_into::<web_sys::HtmlElement>().ok());
    if let Some(date) = date {
        // It fails only for what cannot have the focus.
        let _focused = date.focus();
    }
}

#[cfg(not(feature = "hydrate"))]
fn focus_date(day: &str) {
    let _id = element_id(day);
}
