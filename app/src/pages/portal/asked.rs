//! What is asked for: when, how many, and the filters.

use booking::room::{Equipment, EquipmentSet};
use leptos::ev::SubmitEvent;
use leptos::html;
use leptos::prelude::*;

use super::address::{Address, times_of, turned, when};
use crate::components::{Field, FieldKind, Tag, TimeRangePicker, ZoneNote};
use crate::pages::finder::Finder;
use crate::pages::finder::building::BuildingPicker;
use crate::text::{command, page, room, series as words};

/// The form on top of the results. Every change asks at once: there is no button to press, and Enter leads on to the rooms
/// found.
#[component]
pub(super) fn Asked(
    /// What is asked.
    finder: Finder,
    /// Where the rooms found are listed.
    rooms: NodeRef<html::Div>,
) -> impl IntoView {
    let times = Memo::new(move |_| finder.query.with(|query| times_of(&query.when)));
    let set_people = move |people: String| {
        if let Ok(people @ 1..=999) = people.parse::<u32>() {
            finder.query.update(|query| query.people = people);
        }
    };
    let lead_on = move |event: SubmitEvent| {
        event.prevent_default();
        if let Some(rooms) = rooms.get_untracked() {
            // It fails only for what cannot have the focus.
            let _focused = rooms.focus();
        }
    };
    // A module of its own: no router leads there.
    let series = move || {
        let asked = Address {
            query: finder.query.get(),
            floor: None,
            room: None,
        };
        format!("/series{}", asked.write())
    };
    view! {
        <form class="portal-asked" on:submit=lead_on>
            <BuildingPicker id="asked-building" finder />
            <TimeRangePicker
                id="asked"
                value=times
                on_change=move |next| finder.query.update(|query| query.when = when(next))
            />
            <ZoneNote at=Signal::derive(move || finder.time()) />
            <Field
                id="asked-people"
                label=command::PEOPLE
                kind=FieldKind::Count
                value=Signal::derive(move || finder.query.with(|query| query.people.to_string()))
                on_change=set_people
            />
            <Filters finder />
            <a href=series rel="external">{words::REPEATS}</a>
        </form>
    }
    .into_any()
}

#[component]
fn Filters(finder: Finder) -> impl IntoView {
    let kinds = move || {
        // Kinds that no room of the building has are not offered.
        let anywhere: EquipmentSet = finder.catalogue.with(|it| {
            it.rooms
                .iter()
                .flat_map(|room| room.equipment.iter())
                .collect()
        });
        anywhere.iter().collect::<Vec<_>>()
    };
    let step_free = move || finder.query.with(|query| query.step_free);
    let only_floor = move || finder.query.with(|query| query.floor.is_some());
    let floor_count = move || {
        let floor = finder.floor.get();
        finder.found.with(|found| {
            found
                .facets
                .floors
                .iter()
                .find(|(id, _)| *id == floor)
                .map(|(_, count)| *count)
        })
    };
    let turn_floor = move |()| {
        let floor = finder.floor.get_untracked();
        finder.query.update(|query| {
            query.floor = if query.floor.is_some() {
                None
            } else {
                Some(floor)
            };
        });
    };
    follow_floor(finder);
    view! {
        <ul class="tag-list" aria-label=page::FILTERS>
            <For each=kinds key=|kind| *kind children=move |kind| equipment_tag(finder, kind) />
            <Tag
                text=command::STEP_FREE
                pressed=Signal::derive(step_free)
                count=Signal::derive(move || finder.found.with(|found| Some(found.facets.step_free)))
                on_press=move |()| finder.query.update(|query| query.step_free = !query.step_free)
            />
            <Tag
                text=Signal::derive(move || command::floor(&finder.floor_label(finder.floor.get())))
                pressed=Signal::derive(only_floor)
                count=Signal::derive(floor_count)
                on_press=turn_floor
            />
        </ul>
    }
    .into_any()
}

fn equipment_tag(finder: Finder, kind: Equipment) -> impl IntoView {
    let count = move || {
        finder.found.with(|found| {
            found
                .facets
                .equipment
                .iter()
                .find(|(one, _)| *one == kind)
                .map(|(_, count)| *count)
        })
    };
    view! {
        <Tag
            text=room::equipment(kind)
            pressed=Signal::derive(move || finder.query.with(|query| query.equipment.has(kind)))
            count=Signal::derive(count)
            on_press=move |()| {
                finder.query.update(|query| query.equipment = turned(query.equipment, kind));
            }
        />
    }
}

/// “Only this floor” means the one on screen, also after that has changed.
fn follow_floor(finder: Finder) {
    Effect::new(move |_| {
        let floor = finder.floor.get();
        let asked = finder.query.with_untracked(|query| query.floor);
        if asked.is_some_and(|asked| asked != floor) {
            finder.query.update(|query| query.floor = Some(floor));
        }
    });
}
