//! Another time, length or room.

use booking::ids::RoomId;
use booking::room::Room;
use booking::search::{RoomQuery, When};
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::{Shown, zone_of};
use crate::api::reservations::{ChangeRequest, ReservationView, change};
use crate::api::rooms::find_rooms;
use crate::components::time_range_picker::DayTimes;
use crate::components::{Button, ButtonKind, MessageBar, TimeRangePicker};
use crate::pages::portal::address::{day_times, when};
use crate::text::{command, reservation as words, room as room_words};

/// The form. What is more than a day long has no fields that could hold it.
#[component]
pub(super) fn ChangeForm(shown: Shown, rooms: StoredValue<Vec<Room>>) -> impl IntoView {
    let first = shown.view.with_untracked(times_of);
    match first {
        Some(times) => view! { <Fields shown rooms times /> }.into_any(),
        None => view! { <MessageBar text=words::SEVERAL_DAYS /> }.into_any(),
    }
}

fn times_of(view: &ReservationView) -> Option<DayTimes> {
    day_times(view.reservation.range, &zone_of(view))
}

#[component]
fn Fields(shown: Shown, rooms: StoredValue<Vec<Room>>, times: DayTimes) -> impl IntoView {
    let own = shown.view.with_untracked(|view| view.reservation.room);
    let times = RwSignal::new(times);
    let chosen = RwSignal::new(own);
    let busy = RwSignal::new(false);
    let free = free_rooms(shown, times);
    let submit = move || {
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        let request = ChangeRequest {
            id: shown.view.with_untracked(|view| view.reservation.id),
            room: chosen.get_untracked(),
            when: when(times.get_untracked()),
        };
        spawn_local(async move {
            let answer = change(request).await;
            busy.try_set(false);
            shown.answered(answer);
        });
    };
    view! {
        <form
            class="reservation-change"
            on:submit=move |event| {
                event.prevent_default();
                submit();
            }
        >
            <TimeRangePicker id="change" value=times on_change=move |next| times.set(next) />
            <RoomPicker own rooms free chosen />
            <div class="dialog-actions">
                <Button
                    kind=ButtonKind::Primary
                    submits=true
                    busy=busy
                    disabled=Signal::derive(move || !times.with(DayTimes::in_order))
                >
                    {move || if busy.get() { words::CHANGING } else { words::CHANGE }}
                </Button>
            </div>
        </form>
    }
    .into_any()
}

/// The room it has, and those that are free at the chosen time, the best first.
#[component]
fn RoomPicker(
    own: RoomId,
    rooms: StoredValue<Vec<Room>>,
    free: RwSignal<Vec<RoomId>>,
    chosen: RwSignal<RoomId>,
) -> impl IntoView {
    let choose = move |event: leptos::ev::Event| {
        if let Ok(room) = event_target_value(&event).parse() {
            chosen.set(room);
        }
    };
    let options = move || {
        let free = free.get();
        let picked = chosen.get_untracked();
        let mut offered = vec![own];
        // One that was chosen stays, and Exchange says what is against it.
        for room in free.into_iter().chain([picked]) {
            if !offered.contains(&room) {
                offered.push(room);
            }
        }
        let named = offered.into_iter().filter_map(|id| {
            let name = rooms.with_value(|rooms| {
                let room = rooms.iter().find(|room| room.id == id)?;
                Some(format!(
                    "{}, {}",
                    room.number,
                    room_words::seats(room.seats)
                ))
            })?;
            Some((id, name))
        });
        named
            .map(|(id, name)| {
                view! { <option value=id.to_string() selected=id == picked>{name}</option> }
            })
            .collect_view()
    };
    view! {
        <div class="field">
            <label for="change-room">{command::ROOM}</label>
            <select class="field-input" id="change-room" on:change=choose>
                {options}
            </select>
        </div>
    }
    .into_any()
}

/// Which rooms of the building are free at the chosen time, asked for anew with every other one.
fn free_rooms(shown: Shown, times: RwSignal<DayTimes>) -> RwSignal<Vec<RoomId>> {
    let free = RwSignal::new(Vec::new());
    Effect::new(move |_| {
        let wanted = times.get();
        let room = shown.view.with_untracked(|view| view.room.clone());
        let Some(room) = room.filter(|_| wanted.in_order()) else {
            return;
        };
        let asked: When = when(wanted.clone());
        let range = shown.view.with_untracked(|view| view.reservation.range);
        let query = RoomQuery {
            building: Some(room.building),
            when: asked,
            ..RoomQuery::any_room(range)
        };
        spawn_local(async move {
            let found = find_rooms(query, Some(room.floor)).await;
            // Where it fails the room it has is still offered, and an answer to another question is none.
            let is_current = times.try_with_untracked(|times| *times == wanted) == Some(true);
            if let (Ok(found), true) = (found, is_current) {
                free.try_set(found.hits.iter().map(|hit| hit.room).collect());
            }
        });
    });
    free
}
