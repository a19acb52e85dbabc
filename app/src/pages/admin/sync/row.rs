//! One room of the table.

use booking::ids::RoomId;
use booking::mirror::RoomHealth;
use leptos::prelude::*;

use super::overview::{Outcome, Overview};
use crate::components::Button;
use crate::text::admin::sync as words;
use crate::text::room;

/// What a row shows changes in place, so that its button keeps the focus.
#[component]
pub(super) fn Row(overview: Overview, id: RoomId) -> impl IntoView {
    // A row whose room has just left the page is about to go.
    let health = Memo::new(move |before: Option<&Option<RoomHealth>>| {
        overview.room(id).or_else(|| before.cloned().flatten())
    });
    let first = health.get_untracked()?;
    let told = move |tell: fn(&RoomHealth, booking::Instant) -> String| {
        let now = overview.now;
        Memo::new(move |_| {
            let now = now.get();
            health.with(|health| {
                health
                    .as_ref()
                    .map(|health| tell(health, now))
                    .unwrap_or_default()
            })
        })
    };
    let building = overview.shown.with_untracked(|shown| {
        let mut all = shown.buildings.iter();
        all.find(|one| one.id == first.building)
            .map(|one| one.name.clone())
            .unwrap_or_default()
    });
    let name = if first.name == first.number {
        building
    } else {
        format!("{} · {building}", first.name)
    };
    let state = Memo::new(move |_| {
        health.with(|health| {
            health
                .as_ref()
                .map_or("waiting", |health| words::state_key(health.state))
        })
    });
    let state_word = told(|health, _| words::state(health.state).to_owned());
    let why = told(|health, _| words::why(health));
    let age = told(words::as_of);
    let lag = told(|health, _| words::lag(&health.lag));
    let watch = told(|health, now| words::watch(&health.watch, now));
    let heard = told(words::heard);
    let check = told(|health, now| words::check(&health.checks, now));
    let found = told(|health, now| words::found(&health.checks, now));
    let cell = |label: &'static str, main: Memo<String>, note: Memo<String>| {
        view! {
            <td role="cell" data-label=label>
                <p>{move || main.get()}</p>
                <p class="sync-note" hidden=move || note.with(String::is_empty)>{move || note.get()}</p>
            </td>
        }
        .into_any()
    };
    let none = Memo::new(|_| String::new());
    let number = first.number.clone();
    Some(view! {
        <tr role="row" data-room-number=number data-state=move || state.get()>
            <th role="rowheader" scope="row">
                <p>{room::name(&first.number)}</p>
                <p class="sync-note">{name}</p>
                <p class="sync-note">{first.mailbox.to_string()}</p>
            </th>
            <td role="cell" data-label=words::STATE>
                <p><span class="sync-state">{move || state_word.get()}</span></p>
                <p class="sync-note" hidden=move || why.with(String::is_empty)>{move || why.get()}</p>
            </td>
            {cell(words::AGE, age, none)}
            {cell(words::LAG, lag, none)}
            {cell(words::WATCH, watch, heard)}
            {cell(words::CHECK, check, found)}
            <td role="cell"><SyncButton overview health /></td>
        </tr>
    })
}

#[component]
fn SyncButton(overview: Overview, health: Memo<Option<RoomHealth>>) -> impl IntoView {
    let outcome = Memo::new(move |_| {
        health.with(|health| {
            health
                .as_ref()
                .map_or(Outcome::NotAsked, |health| overview.outcome(health))
        })
    });
    let busy = Signal::derive(move || outcome.get() == Outcome::UnderWay);
    let label = Signal::derive(move || {
        health.with(|health| {
            health
                .as_ref()
                .map(|it| words::sync_room(&it.number))
                .unwrap_or_default()
        })
    });
    let press = move |()| {
        if let Some(room) = health.with_untracked(|health| health.as_ref().map(|it| it.room)) {
            overview.sync(room);
        }
    };
    let result = move || match outcome.get() {
        Outcome::NotAsked => "",
        Outcome::UnderWay => words::READING,
        Outcome::Read => words::READ,
        Outcome::Failed => words::NOT_READ,
    };
    view! {
        <Button busy=busy label=label on_press=press>{words::SYNC}</Button>
        <p class="sync-note" role="status">{result}</p>
    }
    .into_any()
}
