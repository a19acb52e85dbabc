//! Which rooms are listed.

use booking::rooms_overview::{Only, Order};
use leptos::prelude::*;

use super::overview::Overview;
use crate::components::{Field, Tag};
use crate::text::admin::sync as words;
use crate::text::command;

/// Text, building, how rooms stand; and the order, where no columns' heads stand to press.
#[component]
pub(super) fn Filters(overview: Overview) -> impl IntoView {
    let text = Signal::derive(move || overview.query.with(|query| query.text.clone()));
    let tags = Only::ALL.map(|only| view! { <OnlyTag overview only /> });
    view! {
        <search class="admin-filters">
            <Field
                id="sync-text"
                label=words::SEARCH
                value=text
                on_change=move |text: String| overview.change(|query| query.text = text.trim().to_owned())
            />
            <BuildingField overview />
            <OrderField overview />
            <ul class="tag-list" aria-label=words::STATES>{tags}</ul>
        </search>
    }
    .into_any()
}

/// Rooms that stand in one way; not there where it says nothing: it would leave no room, or all.
#[component]
fn OnlyTag(overview: Overview, only: Only) -> impl IntoView {
    let pressed = Memo::new(move |_| overview.query.with(|query| query.only == Some(only)));
    let count = Memo::new(move |_| overview.shown.with(|shown| only.count(&shown.totals)));
    let is_told = move || pressed.get() || count.get() > 0;
    let press = move |()| {
        overview.change(|query| query.only = Some(only).filter(|only| query.only != Some(*only)));
    };
    view! {
        <Show when=is_told>
            <Tag
                text=words::only(only)
                pressed=pressed
                count=Signal::derive(move || Some(count.get()))
                on_press=press
            />
        </Show>
    }
    .into_any()
}

/// Nothing where there is only one building.
#[component]
fn BuildingField(overview: Overview) -> impl IntoView {
    let buildings = Memo::new(move |_| overview.shown.with(|shown| shown.buildings.clone()));
    let options = move || {
        let chosen = overview.query.with(|query| query.building);
        buildings
            .get()
            .into_iter()
            .map(|one| {
                view! {
                    <option value=one.id.to_string() selected=chosen == Some(one.id)>
                        {one.name}
                    </option>
                }
            })
            .collect_view()
    };
    let choose = move |event: leptos::ev::Event| {
        let chosen = event_target_value(&event).parse().ok();
        overview.change(|query| query.building = chosen);
    };
    let is_none = move || overview.query.with(|query| query.building.is_none());
    view! {
        <Show when=move || buildings.with(|all| all.len() > 1)>
            <div class="field">
                <label for="sync-building">{command::BUILDING}</label>
                <select class="field-input" id="sync-building" on:change=choose>
                    <option value="" selected=is_none>{words::ALL_BUILDINGS}</option>
                    {options}
                </select>
            </div>
        </Show>
    }
    .into_any()
}

/// For narrow screens, where the table has no heads.
#[component]
fn OrderField(overview: Overview) -> impl IntoView {
    let options = Order::ALL.map(|order| {
        let chosen = move || overview.query.with(|query| query.order == order);
        view! { <option value=order.word() selected=chosen>{words::order(order)}</option> }
    });
    let choose = move |event: leptos::ev::Event| {
        let word = event_target_value(&event);
        let chosen = Order::ALL.into_iter().find(|order| order.word() == word);
        overview.change(|query| {
            query.order = chosen.unwrap_or_default();
            query.reversed = false;
        });
    };
    view! {
        <div class="field admin-order">
            <label for="sync-order">{words::ORDER}</label>
            <select class="field-input" id="sync-order" on:change=choose>{options}</select>
        </div>
    }
    .into_any()
}
